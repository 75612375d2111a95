//! The stock equation: for each day and SKU of a store, what was on hand, plus what the day's facts
//! brought, less what they took, is what the books keep for the evening; and what they keep for the
//! last evening is what they say is on hand.
//!
//! *Fails on*: a row of the read model that was lost, doubled or changed.

use std::collections::BTreeMap;

use super::{Check, Evidence, Finding, Observed, Proposal};
use crate::fact::Fact;
use crate::fold::Balance;
use crate::id::{FactId, Sku, StoreId};
use crate::movement::Account;
use crate::time::BusinessDate;

/// What the books keep of a SKU on a day: what came onto the shelf and what left it, both as
/// positive amounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFlow {
    /// Of what.
    pub sku: Sku,
    /// Came in.
    pub inward: Balance,
    /// Went out.
    pub outward: Balance,
}

/// The check of one store.
#[derive(Debug, Clone)]
pub struct StockEquation {
    store: StoreId,
    evenings: BTreeMap<Sku, Evening>,
    today: BTreeMap<Sku, Today>,
}

/// How a SKU stands after the days so far.
#[derive(Debug, Clone, Copy, Default)]
struct Evening {
    /// By what the books keep.
    kept: Balance,
    /// By the facts.
    due: Balance,
}

/// What the facts of the open day did to a SKU.
#[derive(Debug, Clone, Default)]
struct Today {
    sum: Flow,
    /// What each fact did, in their order.
    by: Vec<(FactId, Flow)>,
}

/// What came in and what went out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Flow {
    inward: Balance,
    outward: Balance,
}

impl StockEquation {
    /// Of a store with nothing on hand.
    pub fn new(store: &StoreId) -> Self {
        Self { store: store.clone(), evenings: BTreeMap::new(), today: BTreeMap::new() }
    }

    /// How many SKUs were seen.
    pub(super) fn size(&self) -> usize {
        self.evenings.len()
    }

    /// How much of a SKU is on hand by the facts after the last day that was closed.
    pub(super) fn evening(&self, sku: &Sku) -> i128 {
        self.evenings.get(sku).map_or(0, |evening| evening.due.quantity)
    }

    /// Takes a fact of the open day in.
    pub fn fact(&mut self, fact: &Fact) {
        for movement in &fact.movements {
            for (account, quantity, value) in movement.legs() {
                if *account != Account::OnHand {
                    continue;
                }
                let quantity = i128::from(quantity.thousandths());
                let change = Balance { quantity, value: i128::from(value.ten_thousandths()) };
                let today = self.today.entry(movement.sku.clone()).or_default();
                today.add(fact.id, change);
            }
        }
    }

    /// Ends the open day.
    pub fn close_day(&mut self, date: BusinessDate, kept: &[KeptFlow], found: &mut Vec<Finding>) {
        let mut today = std::mem::take(&mut self.today);
        for kept in kept {
            let facts = today.remove(&kept.sku).unwrap_or_default();
            self.compare(date, kept, &facts, found);
        }
        // What is left moved by facts, and the books keep nothing of it.
        for (sku, facts) in today {
            let (inward, outward) = (Balance::default(), Balance::default());
            self.compare(date, &KeptFlow { sku, inward, outward }, &facts, found);
        }
    }

    /// Ends the store: `on_hand` is what the books say is there now, lot by lot.
    pub fn finish(
        mut self,
        on_hand: impl IntoIterator<Item = (Sku, Balance)>,
        found: &mut Vec<Finding>,
    ) {
        let mut end: BTreeMap<Sku, Balance> = BTreeMap::new();
        for (sku, lot) in on_hand {
            let sum = end.entry(sku).or_default();
            *sum = plus(*sum, lot);
        }
        for (sku, now) in end {
            let evening = self.evenings.remove(&sku).unwrap_or_default();
            self.compare_end(sku, evening, now, found);
        }
        for (sku, evening) in std::mem::take(&mut self.evenings) {
            self.compare_end(sku, evening, Balance::default(), found);
        }
    }

    fn compare(
        &mut self,
        date: BusinessDate,
        kept: &KeptFlow,
        facts: &Today,
        found: &mut Vec<Finding>,
    ) {
        let flow = Flow { inward: kept.inward, outward: kept.outward };
        let standing = self.evenings.entry(kept.sku.clone()).or_default();
        standing.due = minus(plus(standing.due, facts.sum.inward), facts.sum.outward);
        let due = minus(plus(standing.kept, facts.sum.inward), facts.sum.outward);
        let evening = minus(plus(standing.kept, flow.inward), flow.outward);
        standing.kept = evening;
        if flow == facts.sum {
            return;
        }
        // When both directions are wrong by the same, the evening is right and hides it.
        let (expected, seen) =
            if due == evening { (facts.sum.inward, flow.inward) } else { (due, evening) };
        found.push(Finding {
            check: Check::StockEquation,
            store: Some(self.store.clone()),
            sku: Some(kept.sku.clone()),
            date: Some(date),
            first_divergent: facts.culprit(flow),
            subject: None,
            evidence: Evidence::new(Observed::Stock(expected), Observed::Stock(seen)),
            proposal: Proposal::Rebuild,
        });
    }

    fn compare_end(&self, sku: Sku, evening: Evening, now: Balance, found: &mut Vec<Finding>) {
        // What is on hand agrees with the facts, then: the day that is wrong has been told.
        if now == evening.kept || now == evening.due {
            return;
        }
        found.push(Finding {
            check: Check::StockEquation,
            store: Some(self.store.clone()),
            sku: Some(sku),
            date: None,
            first_divergent: None,
            subject: None,
            evidence: Evidence::new(Observed::Stock(evening.kept), Observed::Stock(now)),
            proposal: Proposal::Rebuild,
        });
    }
}

impl Today {
    fn add(&mut self, id: FactId, change: Balance) {
        self.sum.add(change);
        if self.by.last().is_none_or(|(last, _)| *last != id) {
            self.by.push((id, Flow::default()));
        }
        if let Some((_, flow)) = self.by.last_mut() {
            flow.add(change);
        }
    }

    /// The fact that alone explains what is kept instead of the sum, left out or counted twice;
    /// else the first from which on the numbers may be wrong.
    fn culprit(&self, kept: Flow) -> Option<FactId> {
        let (lost, extra) = (self.sum.less(kept), kept.less(self.sum));
        let explains = |(_, flow): &&(FactId, Flow)| *flow == lost || *flow == extra;
        self.by.iter().find(explains).or_else(|| self.by.first()).map(|(id, _)| *id)
    }
}

impl Flow {
    /// Goods decide the direction; value alone goes by its own sign.
    fn add(&mut self, change: Balance) {
        if (change.quantity, change.value) < (0, 0) {
            self.outward = minus(self.outward, change);
        } else {
            self.inward = plus(self.inward, change);
        }
    }

    fn less(self, other: Self) -> Self {
        let inward = minus(self.inward, other.inward);
        Self { inward, outward: minus(self.outward, other.outward) }
    }
}

fn plus(a: Balance, b: Balance) -> Balance {
    Balance { quantity: a.quantity + b.quantity, value: a.value + b.value }
}

fn minus(a: Balance, b: Balance) -> Balance {
    Balance { quantity: a.quantity - b.quantity, value: a.value - b.value }
}
