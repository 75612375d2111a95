//! Orders of every kind: how they are numbered, how something is said in one, and what a store whose
//! history parted still has to say.

use std::collections::{BTreeMap, BTreeSet};

use ledger::fact::{Body, Fact};
use ledger::id::{PurchaseId, StoreId, TransferId};
use ledger::order::{OrderStep, Party, unsaid};
use ledger::time::{BusinessDate, Timestamp};
use ledger::{purchase, transfer};
use sync_proto::{DocId, Month, OrderId, OrderKind, Writer, order};

use super::{ORDERS, World, desks, purchases};
use crate::sim::shop::Care;

impl World {
    /// The number of the next order of a kind that a machine begins.
    pub(super) fn order_number(
        &self,
        machine: usize,
        kind: OrderKind,
        parties: &[&StoreId],
    ) -> OrderId {
        let node = &self.nodes[machine];
        let name = node.writer.store().map_or("hub", StoreId::as_str);
        // A restored store counts from where its backup stood; its epoch tells the two apart.
        let series = format!("{name}{}n", node.replica.epoch().series());
        let held = node.replica.orders(kind);
        let count = held.iter().filter(|id| id.serial().starts_with(&series)).count() + 1;
        let month = Month::of(node.now(self.ticks).wall.utc_day());
        OrderId::of(parties, month, &format!("{series}{count}")).expect("letters and digits")
    }

    /// Writes an entry, its name and its text, in an order.
    pub(super) fn write(
        &mut self,
        machine: usize,
        (kind, order): (OrderKind, OrderId),
        (name, text): (String, String),
        acked: bool,
    ) {
        let node = &self.nodes[machine];
        let (writer, at) = (node.writer.clone(), node.now(self.ticks).wall);
        let event = name.parse().expect("steps are events");
        if let Err(error) = node.replica.append_order(kind, &order, &event, &text, at) {
            self.wrong = Some(format!("machine {machine} cannot say {name}: {}", error.source));
        }
        self.trace.note(self.ticks, format_args!("{machine} says {name} in {order}"));
        let care = Care { machine, acked, excused: false };
        let doc = DocId::Order { kind, id: order };
        self.shop.words.insert((doc, writer, name, text), care);
    }

    /// Once it holds all that the hub holds, a store whose history parted sets its entries right.
    pub(super) fn say_what_is_unsaid(&mut self, machine: usize) {
        let replica = &self.nodes[machine].replica;
        let Some(store) = self.nodes[machine].writer.store() else { return };
        let mut facts: BTreeMap<DocId, Vec<Fact>> = BTreeMap::new();
        for text in replica.facts().values() {
            let fact = ledger::json::from_text(text).expect("booked facts can be read");
            if let Some(doc) = order_of(&fact) {
                facts.entry(doc).or_default().push(fact);
            }
        }
        let held = ORDERS.into_iter().flat_map(|kind| {
            replica.orders(kind).into_iter().map(move |id| DocId::Order { kind, id })
        });
        let docs: BTreeSet<DocId> = held.chain(facts.keys().cloned()).collect();
        let (mut transfers, mut purchases) = (Vec::new(), Vec::new());
        for doc in docs {
            let own = facts.get(&doc).into_iter().flatten();
            let DocId::Order { kind, id } = doc else { continue };
            if kind == OrderKind::Transfer {
                let steps = unsaid(store, own, &desks::entries(replica, &id));
                let id = TransferId::new(id.as_str()).expect("an order's number");
                transfers.extend(steps.into_iter().map(|step| (id.clone(), step)));
            } else {
                let steps = unsaid(store, own, &purchases::entries(replica, &id));
                let id = PurchaseId::new(id.as_str()).expect("an order's number");
                purchases.extend(steps.into_iter().map(|step| (id.clone(), step)));
            }
        }
        if transfers.is_empty() && purchases.is_empty() {
            return;
        }
        for (id, step) in transfers {
            self.say(machine, &id, step, false);
        }
        for (id, step) in purchases {
            self.tell(machine, &id, step, false);
        }
        self.changed(machine, None);
    }
}

/// The order that tells of a fact.
fn order_of(fact: &Fact) -> Option<DocId> {
    let (kind, number) = match &fact.body {
        Body::Transfer(booked) => (OrderKind::Transfer, booked.transfer.as_str()),
        _ => (OrderKind::Purchase, purchase::Step::of_fact(fact)?.0.as_str()),
    };
    Some(DocId::Order { kind, id: OrderId::new(number).ok()? })
}

/// An entry of an order as one of a transfer.
pub(in crate::sim) fn transfer_entry(event: &order::Event) -> transfer::Entry {
    transfer::Entry::read(party(&event.by), event.name.as_str(), &event.text)
}

/// An entry of an order as one of a purchase.
pub(in crate::sim) fn purchase_entry(event: &order::Event) -> purchase::Entry {
    purchase::Entry::read(party(&event.by), event.name.as_str(), &event.text)
}

pub(super) fn party(writer: &Writer) -> Party {
    writer.store().map_or(Party::HeadOffice, |store| Party::Store(store.clone()))
}

/// Whether a store is party to an order, as its number says.
pub(in crate::sim) fn is_party(store: &Writer, doc: &DocId) -> bool {
    store.store().is_some_and(|store| doc.shared_with(store).is_some())
}

/// The store of a number.
pub(super) fn store_numbered(number: u64) -> StoreId {
    StoreId::new(&format!("S{number}")).expect("a letter and a digit")
}

/// The day of a wall clock's time.
pub(super) fn day_of(at: Timestamp) -> BusinessDate {
    let first: BusinessDate = "1970-01-01".parse().expect("a date");
    let days = at.millis().div_euclid(24 * 60 * 60 * 1_000);
    first.plus_days(i32::try_from(days).unwrap_or(0))
}
