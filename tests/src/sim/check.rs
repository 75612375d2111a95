//! What must be true in the end, whatever the weather was.

use std::collections::BTreeMap;

use ledger::chain::ChainLink;
use ledger::fold::fold;
use ledger::id::{Epoch, FactId, Sku, StoreId};
use sync_proto::replica::Replica;
use sync_proto::{DocId, Writer, day_book};

use super::World;
use super::node::Node;
use super::world::HUB;

/// All of it.
pub(super) fn everything(world: &World) -> Result<(), String> {
    let hub = &world.nodes[HUB];
    let held = hub.replica.facts();
    facts_were_issued(world, &held)?;
    acknowledged_facts_are_there(world, &held)?;
    each_fact_is_in_one_change(hub, &held)?;
    chains_are_whole(hub, &held)?;
    stock_is_as_recounted(world, &held)?;
    for store in &world.nodes[1..=world.plan.stores] {
        books_agree(store, &held)?;
        catalogs_agree(store, hub)?;
    }
    if !world.parting_is_possible() {
        nothing_is_aside(world)?;
    }
    Ok(())
}

/// Why the world has not become calm in time.
pub(super) fn unsettled(world: &World) -> String {
    let hub = &world.nodes[HUB].replica;
    let stores = world.nodes[1..=world.plan.stores].iter().map(|store| {
        let (ours, theirs) = (store.replica.root(&Writer::Hub), hub.root(&store.writer));
        let state = if ours == theirs { "equal" } else { "different" };
        format!("{}: {state}, in sync: {}, up: {}", store.writer, store.is_in_sync(), store.up)
    });
    format!("not calm in time; {}", stores.collect::<Vec<_>>().join("; "))
}

type Facts = BTreeMap<(StoreId, FactId), String>;

fn facts_were_issued(world: &World, held: &Facts) -> Result<(), String> {
    for ((store, id), text) in held {
        if !world.shop.deals.contains_key(&(store.clone(), *id, text.clone())) {
            return Err(format!("the hub holds {store} {id}, which nobody wrote: {text}"));
        }
    }
    Ok(())
}

/// What a till was told is booked is at the hub, or set aside for a person because another fact has
/// taken its name; or it was on a disk that is lost.
fn acknowledged_facts_are_there(world: &World, held: &Facts) -> Result<(), String> {
    for ((store, id, text), deal) in &world.shop.deals {
        let at_hub = held.get(&(store.clone(), *id)) == Some(text);
        let aside = || {
            let node = &world.nodes[deal.machine];
            node.may_part && node.replica.set_aside_facts().contains(&(*id, text.clone()))
        };
        if deal.acked && !deal.excused && !at_hub && !aside() {
            return Err(format!("{store} {id} was acknowledged and is lost"));
        }
    }
    Ok(())
}

fn each_fact_is_in_one_change(hub: &Node, held: &Facts) -> Result<(), String> {
    let mut found: BTreeMap<(StoreId, FactId), usize> = BTreeMap::new();
    for (doc, bytes) in hub.replica.changes() {
        let DocId::Book { store, .. } = &doc else { continue };
        let facts = day_book::facts(&doc, [bytes.as_slice()]).map_err(|error| error.to_string())?;
        for (id, text) in facts {
            if held.get(&(store.clone(), id)) != Some(&text) {
                return Err(format!("{doc} has another text for {id}"));
            }
            *found.entry((store.clone(), id)).or_default() += 1;
        }
    }
    if let Some((name, times)) = found.iter().find(|(_, times)| **times != 1) {
        return Err(format!("{name:?} is in {times} changes"));
    }
    if found.len() != held.len() {
        return Err(format!("{} facts in changes, {} in the books", found.len(), held.len()));
    }
    Ok(())
}

fn chains_are_whole(hub: &Node, held: &Facts) -> Result<(), String> {
    let mut ends: BTreeMap<(StoreId, Epoch), (u64, ChainLink)> = BTreeMap::new();
    for ((store, id), text) in held {
        let genesis = || (0, ChainLink::genesis(store, id.epoch));
        let end = ends.entry((store.clone(), id.epoch)).or_insert_with(genesis);
        if id.seq != end.0 + 1 {
            return Err(format!("{store}: {id} does not follow {}", end.0));
        }
        *end = (id.seq, end.1.then(text));
    }
    for ((store, epoch), (seq, link)) in ends {
        let head = hub.replica.head_of(&store, epoch).map_err(|error| error.to_string())?;
        if head.map(|head| (head.seq, head.link)) != Some((seq, link)) {
            return Err(format!("{store}: the chain of epoch {} is wrong", epoch.number()));
        }
    }
    Ok(())
}

/// The ledger's fold over what the hub holds against a recount of what the tills were asked to do.
fn stock_is_as_recounted(world: &World, held: &Facts) -> Result<(), String> {
    let facts: Result<Vec<_>, _> =
        held.values().map(|text| ledger::json::from_text(text)).collect();
    let facts = facts.map_err(|error| error.to_string())?;
    let folded = fold(&facts);
    let mut recount: BTreeMap<(StoreId, Sku), i128> = BTreeMap::new();
    for ((store, id), text) in held {
        let deal = &world.shop.deals[&(store.clone(), *id, text.clone())];
        for (sku, delta) in &deal.deltas {
            *recount.entry((store.clone(), sku.clone())).or_default() += i128::from(*delta);
        }
    }
    for ((store, sku), quantity) in recount {
        let stock = folded.balances.on_hand(&store, &sku).quantity;
        if stock != quantity {
            return Err(format!("{store} {sku}: the hub has {stock}, recounted {quantity}"));
        }
    }
    Ok(())
}

fn books_agree(store: &Node, held: &Facts) -> Result<(), String> {
    let Some(id) = store.writer.store() else { return Ok(()) };
    let at_hub: Facts = held
        .iter()
        .filter(|((of, _), _)| of == id)
        .map(|(name, text)| (name.clone(), text.clone()))
        .collect();
    if store.replica.facts() != at_hub {
        let (ours, theirs) = (store.replica.facts().len(), at_hub.len());
        return Err(format!("{id} holds {ours} facts, the hub {theirs} of it, and they differ"));
    }
    Ok(())
}

fn catalogs_agree(store: &Node, hub: &Node) -> Result<(), String> {
    for bucket in 0..sync_proto::CATALOG_BUCKETS {
        let products = |node: &Node| {
            let catalog = node.replica.catalog(bucket).map_err(|error| error.to_string())?;
            let conflicts = catalog.conflicts().map_err(|error| error.to_string())?;
            catalog.products().map(|products| (products, conflicts)).map_err(|e| e.to_string())
        };
        if hub.replica.has_catalog(bucket) && products(store)? != products(hub)? {
            return Err(format!("{} has another catalog/{bucket}", store.writer));
        }
    }
    Ok(())
}

fn nothing_is_aside(world: &World) -> Result<(), String> {
    match world.nodes.iter().find(|node| !node.replica.set_aside_facts().is_empty()) {
        Some(node) => Err(format!("{} set facts aside for no reason", node.writer)),
        None => Ok(()),
    }
}
