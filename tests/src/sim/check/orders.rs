//! Orders of every kind: all that people said is in them, and nothing else.

use sync_proto::order::Event;

use crate::sim::ending::Ending;

pub(super) fn entries_were_said(ending: &Ending) -> Result<(), String> {
    for (doc, events) in &ending.hub().orders {
        for event in events {
            let (name, text) = (event.name.to_string(), event.text.clone());
            let word = (doc.clone(), event.by.clone(), name, text);
            if !ending.shop.words.contains_key(&word) {
                let (_, by, name, text) = word;
                return Err(format!("{doc} has {by}/{name}, which nobody said: {text}"));
            }
        }
    }
    Ok(())
}

/// What was acknowledged is in the order. A machine whose history parted may have said under one
/// name what its other history said too, and what it said about goods follows its facts.
pub(super) fn acknowledged_are_there(ending: &Ending) -> Result<(), String> {
    for ((doc, by, name, text), care) in &ending.shop.words {
        let events = ending.hub().orders.get(doc);
        let there = events
            .into_iter()
            .flatten()
            .any(|event| event.by == *by && event.name.as_str() == name && event.text == *text);
        if care.is_owed() && !there && !ending.machines[care.machine].may_part {
            return Err(format!("{by}/{name} in {doc} was acknowledged and is lost"));
        }
    }
    Ok(())
}

/// Whether an order's status is the same when its events come backwards, the second half first, or
/// all of them twice.
pub(super) fn is_one_however_they_come<S: PartialEq>(
    events: &[Event],
    now: &S,
    status: impl Fn(Vec<&Event>) -> S,
) -> bool {
    let (first, second) = events.split_at(events.len() / 2);
    let backwards = events.iter().rev().collect();
    let turned = second.iter().chain(first).collect();
    let twice = events.iter().chain(events).collect();
    [backwards, turned, twice].into_iter().all(|events| status(events) == *now)
}
