//! Replicas: every store sees what the hub sees.

use std::collections::BTreeMap;

use ledger::id::TransferId;
use sync_proto::OrderId;

use crate::sim::ending::{Ending, Facts, Holding};

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

pub(super) fn orders_agree(ending: &Ending) -> Result<(), String> {
    for store in ending.stores() {
        if let Some(id) = parted(store, &store.orders, &ending.hub().orders) {
            return Err(format!("{} and the hub hold different entries of {id}", store.writer));
        }
    }
    Ok(())
}

pub(super) fn statuses_agree(ending: &Ending) -> Result<(), String> {
    for store in ending.stores() {
        if let Some(id) = parted(store, &store.transfers, &ending.hub().transfers) {
            return Err(format!("{} sees {id} otherwise than the hub", store.writer));
        }
    }
    Ok(())
}

/// The first transfer of which a store holds something else than it should: what the hub does of
/// those to which it is party, nothing of the others.
fn parted<'a, T: PartialEq>(
    store: &Holding,
    held: &'a BTreeMap<TransferId, T>,
    at_hub: &'a BTreeMap<TransferId, T>,
) -> Option<&'a TransferId> {
    let due = |id: &TransferId| at_hub.get(id).filter(|_| is_party(store, id));
    held.keys().chain(at_hub.keys()).find(|id| held.get(*id) != due(id))
}

fn is_party(store: &Holding, id: &TransferId) -> bool {
    let parties = OrderId::new(id.as_str()).map(|id| id.parties()).unwrap_or_default();
    store.writer.store().is_some_and(|store| parties.contains(store))
}
