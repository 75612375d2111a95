//! What is checked of buying in the chain as a whole: purchase orders against the facts of their goods,
//! invoices against what came and against each other.

use std::collections::{BTreeMap, BTreeSet};

use books::Reader;
use ledger::check::invoices::{self, Numbered};
use ledger::check::purchases::{self, Known};
use ledger::check::{Finding, Terms};
use ledger::fact::Fact;
use ledger::id::{FactId, PurchaseId, StoreId};
use ledger::order::Party;
use ledger::purchase::{Entry, Event};
use sync_proto::{DocId, OrderId, OrderKind};

use super::Depth;
use super::chain::Ends;
use super::memory::Memory;
use crate::error::Result;

/// What the stores' books say of buying.
#[derive(Default)]
pub(super) struct Bought {
    /// The facts that moved goods of each order.
    orders: BTreeMap<PurchaseId, BTreeSet<(StoreId, FactId)>>,
    /// The invoices that stand.
    invoices: Vec<(StoreId, Numbered)>,
}

impl Bought {
    /// Takes the next store in.
    pub(super) fn take(
        &mut self,
        store: &StoreId,
        purchases: Vec<(PurchaseId, FactId)>,
        invoices: Vec<Numbered>,
    ) {
        for (order, fact) in purchases {
            self.orders.entry(order).or_default().insert((store.clone(), fact));
        }
        self.invoices.extend(invoices.into_iter().map(|invoice| (store.clone(), invoice)));
    }
}

/// Every purchase order, with the facts that moved its goods, and every invoice beside the others.
///
/// An order with which nothing was wrong is looked at again when something has been added to it.
pub(super) fn check(
    reader: &Reader,
    bought: Bought,
    ends: &Ends,
    terms: &Terms,
    depth: Depth,
    memory: &mut Memory,
) -> Result<Vec<Finding>> {
    let Bought { mut orders, invoices } = bought;
    for id in reader.orders(OrderKind::Purchase)? {
        // A number that no purchase can have is no order that goods could come for.
        if let Ok(id) = PurchaseId::new(id.as_str()) {
            orders.entry(id).or_default();
        }
    }
    let mut found = Vec::new();
    for (id, names) in orders {
        let held = fingerprint(reader, &id)?;
        let key = (held, names.len());
        let was = memory.settled_purchases.remove(&id);
        if depth == Depth::Changed && was == Some(key) {
            memory.settled_purchases.insert(id, key);
            continue;
        }
        let entries = reader.purchase(&id)?;
        let mut named = names;
        named.extend(entries.iter().filter_map(of_entry));
        let facts = facts(reader, &named, &id)?;
        let known = Known { id: &id, entries: &entries, facts: &facts };
        let told = purchases::check(known, |store, id| ends.reach(store, id), terms.limits);
        // What is named and not here yet may turn out never to come.
        if told.is_empty() && facts.len() == named.len() {
            memory.settled_purchases.insert(id, key);
        }
        found.extend(told);
    }
    found.extend(invoices::twice(invoices.iter().map(|(store, invoice)| (store, invoice))));
    Ok(found)
}

/// Invoices of a store that cover more than came.
pub(super) fn invoiced(reader: &Reader, store: &StoreId) -> Result<Vec<Finding>> {
    let doubtful = reader.overinvoiced(store)?;
    let judge = |doubt: &books::read::Overinvoiced| {
        invoices::covered(doubt.id, doubt.receipt.as_ref(), &doubt.invoices)
    };
    Ok(doubtful.iter().filter_map(judge).collect())
}

/// What is held of an order. Goods may have come for a number that no order can have.
fn fingerprint(reader: &Reader, id: &PurchaseId) -> Result<[u8; 32]> {
    Ok(match OrderId::new(id.as_str()) {
        Ok(id) => {
            let doc = DocId::Order { kind: OrderKind::Purchase, id };
            *reader.document_fingerprint(&doc)?.as_bytes()
        }
        Err(_) => [0; 32],
    })
}

/// The fact that an entry names.
fn of_entry(entry: &Entry) -> Option<(StoreId, FactId)> {
    match entry {
        Entry::Said(Event { by: Party::Store(store), step, .. }) => {
            Some((store.clone(), step.fact()?))
        }
        Entry::Said(_) | Entry::Unread(_) => None,
    }
}

/// Those of the facts that are here and about this order.
fn facts(
    reader: &Reader,
    names: &BTreeSet<(StoreId, FactId)>,
    id: &PurchaseId,
) -> Result<Vec<Fact>> {
    let mut facts = Vec::new();
    for (store, fact) in names {
        let stored = reader.fact(store, *fact)?.map(|stored| stored.fact);
        facts.extend(stored.filter(|fact| purchases::purchase_of(fact) == Some(id)));
    }
    Ok(facts)
}
