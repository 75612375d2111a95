//! Facts: none is lost, doubled or forged, and each has its place.

use std::collections::BTreeMap;

use ledger::chain::ChainLink;
use ledger::id::{Epoch, FactId, StoreId};
use sync_proto::DocId;

use crate::sim::ending::Ending;

pub(super) fn were_issued(ending: &Ending) -> Result<(), String> {
    for ((store, id), text) in &ending.hub().facts {
        if !ending.shop.deals.contains_key(&(store.clone(), *id, text.clone())) {
            return Err(format!("the hub holds {store} {id}, which nobody wrote: {text}"));
        }
    }
    Ok(())
}

/// What a till was told is booked is at the hub, or set aside for a person because another fact has
/// taken its name; or it was on a disk that is lost.
pub(super) fn acknowledged_are_there(ending: &Ending) -> Result<(), String> {
    for ((store, id, text), deal) in &ending.shop.deals {
        let at_hub = ending.hub().facts.get(&(store.clone(), *id)) == Some(text);
        let aside = || {
            let machine = &ending.machines[deal.care.machine];
            machine.may_part && machine.aside.contains(&(*id, text.clone()))
        };
        if deal.care.is_owed() && !at_hub && !aside() {
            return Err(format!("{store} {id} was acknowledged and is lost"));
        }
    }
    Ok(())
}

pub(super) fn each_is_in_one_change(ending: &Ending) -> Result<(), String> {
    let held = &ending.hub().facts;
    let mut found: BTreeMap<(StoreId, FactId), usize> = BTreeMap::new();
    for (doc, facts) in &ending.hub().changes {
        let DocId::Book { store, .. } = doc else { continue };
        for (id, text) in facts {
            if held.get(&(store.clone(), *id)) != Some(text) {
                return Err(format!("{doc} has another text for {id} than the books"));
            }
            *found.entry((store.clone(), *id)).or_default() += 1;
        }
    }
    if let Some(((store, id), times)) = found.iter().find(|(_, times)| **times != 1) {
        return Err(format!("{store} {id} is in {times} changes"));
    }
    match held.keys().find(|name| !found.contains_key(name)) {
        Some((store, id)) => Err(format!("{store} {id} is in no change")),
        None => Ok(()),
    }
}

pub(super) fn chains_are_whole(ending: &Ending) -> Result<(), String> {
    let mut ends: BTreeMap<(StoreId, Epoch), (u64, ChainLink)> = BTreeMap::new();
    for ((store, id), text) in &ending.hub().facts {
        let genesis = || (0, ChainLink::genesis(store, id.epoch));
        let end = ends.entry((store.clone(), id.epoch)).or_insert_with(genesis);
        if id.seq != end.0 + 1 {
            return Err(format!("{store} {id} does not follow {}", end.0));
        }
        *end = (id.seq, end.1.then(text));
    }
    for ((store, epoch), (seq, link)) in ends {
        let head = ending.hub().heads.get(&(store.clone(), epoch));
        if head.map(|head| (head.seq, head.link)) != Some((seq, link)) {
            return Err(format!("the chain of {store} in epoch {} is broken", epoch.number()));
        }
    }
    Ok(())
}

pub(super) fn none_is_aside(ending: &Ending) -> Result<(), String> {
    if ending.may_part {
        return Ok(());
    }
    match ending.machines.iter().find(|machine| !machine.aside.is_empty()) {
        Some(machine) => Err(format!("{} set facts aside", machine.writer)),
        None => Ok(()),
    }
}
