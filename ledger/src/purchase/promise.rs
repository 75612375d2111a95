//! By when the goods of an order were to come, and which deliveries came for it.

use std::collections::BTreeSet;

use super::event::{Entry, Event, Step};
use super::status::Purchase;
use crate::id::{FactId, StoreId};
use crate::order::Party;
use crate::time::{BusinessDate, Timestamp};

/// What an order promised, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// The day that was agreed to. A later word on a shipment does not move it: it says how late the goods
    /// will be.
    pub due: Option<BusinessDate>,
    /// The day, by UTC, on which the supplier got the order; where nobody has said so, on which it was agreed
    /// to.
    pub sent: Option<BusinessDate>,
    /// The deliveries, by the facts of those who took them in.
    pub deliveries: BTreeSet<(StoreId, FactId)>,
}

impl Purchase {
    /// What the order promised and what came of it, by the entries that it was read from.
    pub fn promise(&self, entries: &[Entry]) -> Promise {
        let said: Vec<&Event> = entries
            .iter()
            .filter_map(|entry| match entry {
                Entry::Said(event) => Some(event),
                Entry::Unread(_) => None,
            })
            .collect();
        let first = |is: fn(&Step) -> bool| -> Option<Timestamp> {
            said.iter().filter(|event| is(&event.step)).map(|event| event.at).min()
        };
        let sent = first(|step| matches!(step, Step::Send { .. }));
        let sent = sent.or_else(|| first(|step| matches!(step, Step::Approve { .. })));
        let taken_back: BTreeSet<(&Party, &Step)> =
            said.iter().filter_map(|event| Some((&event.by, event.step.withdrawn()?))).collect();
        let delivery = |event: &&Event| match (&event.by, &event.step) {
            (Party::Store(store), step @ Step::Receive { fact, .. })
                if !taken_back.contains(&(&event.by, step)) =>
            {
                Some((store.clone(), *fact))
            }
            _ => None,
        };
        Promise {
            due: self.order.as_ref().and_then(|(_, order)| order.expected),
            sent: sent.map(Timestamp::utc_day),
            deliveries: said.iter().filter_map(delivery).collect(),
        }
    }
}
