//! Replicas: every store sees what the hub sees.

use crate::sim::ending::{Ending, Facts};

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
    let hub = &ending.hub().orders;
    for store in ending.stores() {
        let names = store.orders.keys().chain(hub.keys());
        if let Some(id) = names.into_iter().find(|id| store.orders.get(*id) != hub.get(*id)) {
            return Err(format!("{} and the hub hold different entries of {id}", store.writer));
        }
    }
    Ok(())
}

pub(super) fn statuses_agree(ending: &Ending) -> Result<(), String> {
    let hub = &ending.hub().transfers;
    for store in ending.stores() {
        let names = store.transfers.keys().chain(hub.keys());
        if let Some(id) = names.into_iter().find(|id| store.transfers.get(*id) != hub.get(*id)) {
            return Err(format!("{} sees {id} otherwise than the hub", store.writer));
        }
    }
    Ok(())
}
