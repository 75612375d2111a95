//! Replicas: every store sees what the hub sees.

use std::collections::BTreeMap;

use ledger::id::TransferId;
use sync_proto::order::Event;

use crate::sim::ending::{Ending, Facts, Holding, status_of};
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

pub(super) fn statuses_agree(ending: &Ending) -> Result<(), String> {
    for store in ending.stores() {
        let mut seen = store.transfers.clone();
        for (id, events) in &store.orders {
            if events.iter().any(|event| is_forgotten(ending, id, event)) {
                let rest = events.iter().filter(|event| !is_forgotten(ending, id, event));
                seen.insert(id.clone(), status_of(rest));
            }
        }
        let known = without_forgotten(ending, store);
        seen.retain(|id, _| known.contains_key(id));
        if let Some(id) = parted(store, &seen, &ending.hub().transfers) {
            return Err(format!("{} sees {id} otherwise than the hub", store.writer));
        }
    }
    Ok(())
}

fn without_forgotten(ending: &Ending, store: &Holding) -> BTreeMap<TransferId, Vec<Event>> {
    let mut orders = store.orders.clone();
    for (id, events) in &mut orders {
        events.retain(|event| !is_forgotten(ending, id, event));
    }
    orders.retain(|_, events| !events.is_empty());
    orders
}

fn is_forgotten(ending: &Ending, id: &TransferId, event: &Event) -> bool {
    let (by, name, text) = (event.by.clone(), event.name.to_string(), event.text.clone());
    ending.shop.forgotten.contains(&(id.clone(), by, name, text))
}

/// The first transfer of which a store holds something else than it should: what the hub does of
/// those to which it is party, nothing of the others.
fn parted<'a, T: PartialEq>(
    store: &Holding,
    held: &'a BTreeMap<TransferId, T>,
    at_hub: &'a BTreeMap<TransferId, T>,
) -> Option<&'a TransferId> {
    let due = |id: &TransferId| at_hub.get(id).filter(|_| is_party(&store.writer, id));
    held.keys().chain(at_hub.keys()).find(|id| held.get(*id) != due(id))
}
