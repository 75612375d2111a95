//! How entries of orders are found, changed and added, with all that is read from them.

use sync_proto::order::Event;
use sync_proto::{DocId, OrderKind};

use crate::sim::ending::{Ending, purchases, transfers};
use crate::sim::shop::Care;
use crate::sim::world::HUB;

/// Where some order of a kind has an entry of this name.
pub(super) fn entry_of(ending: &Ending, kind: OrderKind, name: &str) -> Option<(DocId, usize)> {
    let of_kind = |doc: &DocId| matches!(doc, DocId::Order { kind: of, .. } if *of == kind);
    ending.hub().orders.iter().filter(|(doc, _)| of_kind(doc)).find_map(|(doc, events)| {
        let at = events.iter().position(|event| event.name.as_str() == name)?;
        Some((doc.clone(), at))
    })
}

/// The number of an order, by which checks name it.
pub(super) fn number(doc: &DocId) -> String {
    match doc {
        DocId::Order { id, .. } => id.to_string(),
        other => other.to_string(),
    }
}

/// Changes an order everywhere, with what is read from it.
pub(super) fn edit(ending: &mut Ending, doc: &DocId, change: impl Fn(&mut Vec<Event>)) {
    for machine in &mut ending.machines {
        if let Some(events) = machine.orders.get_mut(doc) {
            change(events);
            machine.transfers = transfers(&machine.orders);
            machine.purchases = purchases(&machine.orders);
        }
    }
}

/// Adds an entry everywhere, as if its party had said it.
pub(super) fn say(ending: &mut Ending, doc: &DocId, event: &Event) {
    let word = (doc.clone(), event.by.clone(), event.name.to_string(), event.text.clone());
    ending.shop.words.insert(word, Care { machine: HUB, acked: true, excused: false });
    edit(ending, doc, |events| {
        events.push(event.clone());
        events.sort_unstable();
    });
}
