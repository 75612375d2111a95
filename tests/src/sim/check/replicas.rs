//! Replicas: every store sees what the hub sees.

use std::collections::BTreeMap;
use std::fmt::Display;

use sync_proto::DocId;
use sync_proto::order::Event;

use crate::sim::ending::{Ending, Facts, Holding, Orders, purchases, transfers};
use crate::sim::world::is_party;

pub(super) fn books_agree(ending: &Ending) -> Result<(), String> {
    for store in ending.stores() {
        let Some(id) = store.writer.store() else { continue };
        let at_hub = ending.hub().facts.iter().filter(|((of, _), _)| of == id);
        let at_hub: Facts = at_hub.map(|(name, text)| (name.clone(), text.clone())).collect();
        let names = store.facts.keys().chain(at_hub.keys());
        if let Some((_, fact)) =
            names.into_iter().find(|name| store.facts.get(*name) != at_hub.get(*name))
        {
            return Err(format!("{id} and the hub hold different facts {fact} of it"));
        }
    }
    Ok(())
}

pub(super) fn catalogs_agree(ending: &Ending) -> Result<(), String> {
    for store in ending.stores() {
        for (bucket, held) in &ending.hub().catalog {
            if store.catalog.get(bucket) != Some(held) {
                return Err(format!("{} has another catalog/{bucket}", store.writer));
            }
        }
    }
    Ok(())
}

/// The hub takes what head office said from nobody: what it has lost with its disk, stores may know.
pub(super) fn orders_agree(ending: &Ending) -> Result<(), String> {
    for store in ending.stores() {
        let held = without_forgotten(ending, store);
        if let Some(id) = parted(store, &held, &ending.hub().orders) {
            return Err(format!("{} and the hub hold different entries of {id}", store.writer));
        }
    }
    Ok(())
}

/// The same of what the entries come to: of transfers, and of purchases.
pub(super) fn statuses_agree(ending: &Ending) -> Result<(), String> {
    for store in ending.stores() {
        seen_alike(ending, store, (&store.transfers, &ending.hub().transfers), transfers)?;
        seen_alike(ending, store, (&store.purchases, &ending.hub().purchases), purchases)?;
    }
    Ok(())
}

/// Whether a store sees orders as the hub does, but for what the hub has lost with its disk.
fn seen_alike<Id: Ord + Clone + Display, S: Clone + PartialEq>(
    ending: &Ending,
    store: &Holding,
    (at_store, at_hub): (&BTreeMap<Id, S>, &BTreeMap<Id, S>),
    status: fn(&Orders) -> BTreeMap<Id, S>,
) -> Result<(), String> {
    let held = without_forgotten(ending, store);
    let is_poorer = |doc: &DocId, events: &Vec<Event>| store.orders.get(doc) != Some(events);
    let poorer: Orders = held.clone().into_iter().filter(|(doc, e)| is_poorer(doc, e)).collect();
    let mut seen = at_store.clone();
    let known = status(&held);
    seen.retain(|id, _| known.contains_key(id));
    seen.extend(status(&poorer));
    let due: Orders = ending.hub().orders.clone();
    let due = due.into_iter().filter(|(doc, _)| is_party(&store.writer, doc)).collect();
    let due: BTreeMap<Id, S> = status(&due);
    let differs = |id: &&Id| seen.get(*id) != at_hub.get(*id).filter(|_| due.contains_key(*id));
    match seen.keys().chain(due.keys()).find(differs) {
        Some(id) => Err(format!("{} sees {id} otherwise than the hub", store.writer)),
        None => Ok(()),
    }
}

fn without_forgotten(ending: &Ending, store: &Holding) -> Orders {
    let mut orders = store.orders.clone();
    for (doc, events) in &mut orders {
        events.retain(|event| !is_forgotten(ending, doc, event));
    }
    orders.retain(|_, events| !events.is_empty());
    orders
}

fn is_forgotten(ending: &Ending, doc: &DocId, event: &Event) -> bool {
    let (by, name, text) = (event.by.clone(), event.name.to_string(), event.text.clone());
    ending.shop.forgotten.contains(&(doc.clone(), by, name, text))
}

/// The first order of which a store holds something else than it should: what the hub does of
/// those to which it is party, nothing of the others.
fn parted<'a>(store: &Holding, held: &'a Orders, at_hub: &'a Orders) -> Option<&'a DocId> {
    let due = |doc: &DocId| at_hub.get(doc).filter(|_| is_party(&store.writer, doc));
    held.keys().chain(at_hub.keys()).find(|doc| held.get(*doc) != due(doc))
}
