//! The stock equation: for each day and SKU of a store, what was on hand, plus what the day's facts
//! brought, less what they took, is what the books keep for the evening; and what they keep for the
//! last evening is what they say is on hand.
//!
//! *Fails on*: a row of the read model that was lost, doubled or changed.

use serde::{Deserialize, Serialize};

use super::skus::{Leg, Number, Skus, at, on_hand};
use super::{Check, Evidence, Finding, Observed, Proposal};
use crate::fact::Fact;
use crate::fold::Balance;
use crate::id::{FactId, Sku, StoreId};
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
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct StockEquation {
    store: StoreId,
    standing: Vec<Standing>,
    /// What the facts of the open day did, by SKU.
    #[serde(skip)]
    today: Vec<Flow>,
    /// The SKUs that they moved.
    #[serde(skip)]
    moved: Vec<Number>,
}

/// How a SKU stands.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Standing {
    /// By the facts so far.
    now: Balance,
    /// By how much what the books keep lay above that when the last day ended.
    off: Balance,
}

/// What came in and what went out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Flow {
    inward: Balance,
    outward: Balance,
}

impl StockEquation {
    /// Of a store with nothing on hand.
    pub(super) fn new(store: &StoreId) -> Self {
        let (standing, today, moved) = (Vec::new(), Vec::new(), Vec::new());
        Self { store: store.clone(), standing, today, moved }
    }

    /// How much of a SKU is on hand by the facts so far.
    pub(super) fn now(&self, sku: Number) -> Balance {
        self.standing.get(sku).map(|standing| standing.now).unwrap_or_default()
    }

    /// Takes what a fact of the open day did.
    pub(super) fn fact(&mut self, legs: &[Leg]) {
        for (sku, change) in legs {
            let today = at(&mut self.today, *sku);
            if *today == Flow::default() {
                self.moved.push(*sku);
            }
            today.add(*change);
            at(&mut self.standing, *sku).now.add(*change);
        }
    }

    /// Ends the open day, of which the facts are given once more.
    pub(super) fn close_day<'f>(
        &mut self,
        skus: &mut Skus,
        date: BusinessDate,
        kept: &[KeptFlow],
        facts: &(impl Iterator<Item = &'f Fact> + Clone),
        found: &mut Vec<Finding>,
    ) {
        let day = (date, facts);
        for kept in kept {
            let number = skus.number(&kept.sku);
            let sum = std::mem::take(at(&mut self.today, number));
            let flow = Flow { inward: kept.inward, outward: kept.outward };
            found.extend(self.compare(day, (&kept.sku, number), flow, sum));
        }
        // What is left moved by facts, and the books keep nothing of it.
        let moved = std::mem::take(&mut self.moved);
        if moved.iter().any(|number| self.today[*number] != Flow::default()) {
            for sku in skus.iter() {
                let sum = std::mem::take(at(&mut self.today, sku.1));
                if sum != Flow::default() {
                    found.extend(self.compare(day, sku, Flow::default(), sum));
                }
            }
        }
    }

    /// Ends the store: `on_hand` is what the books say is there now, lot by lot.
    pub(super) fn finish(
        &mut self,
        skus: &mut Skus,
        on_hand: impl IntoIterator<Item = (Sku, Balance)>,
        found: &mut Vec<Finding>,
    ) {
        let mut ends: Vec<Option<Balance>> = Vec::new();
        for (sku, lot) in on_hand {
            let sum = at(&mut ends, skus.number(&sku)).get_or_insert_default();
            *sum = plus(*sum, lot);
        }
        let end = |number: Number| ends.get(number).copied().flatten();
        let has_end = |(_, number): &(&Sku, Number)| end(*number).is_some();
        let lacks_end = |sku: &(&Sku, Number)| !has_end(sku);
        for (sku, number) in skus.iter().filter(has_end).chain(skus.iter().filter(lacks_end)) {
            let mut standing = *at(&mut self.standing, number);
            // What the facts of a day did that was not ended is compared with nothing.
            standing.now = minus(standing.now, at(&mut self.today, number).net());
            found.extend(self.compare_end(sku, standing, end(number).unwrap_or_default()));
        }
    }

    fn compare<'f>(
        &mut self,
        (date, facts): (BusinessDate, &(impl Iterator<Item = &'f Fact> + Clone)),
        (sku, number): (&Sku, Number),
        flow: Flow,
        sum: Flow,
    ) -> Option<Finding> {
        if flow == sum {
            return None;
        }
        let standing = at(&mut self.standing, number);
        let due = plus(standing.now, standing.off);
        let evening = plus(due, minus(flow.net(), sum.net()));
        standing.off = minus(evening, standing.now);
        // When both directions are wrong by the same, the evening is right and hides it.
        let (expected, seen) =
            if due == evening { (sum.inward, flow.inward) } else { (due, evening) };
        Some(Finding {
            check: Check::StockEquation,
            store: Some(self.store.clone()),
            sku: Some(sku.clone()),
            date: Some(date),
            first_divergent: culprit(facts.clone(), sku, sum, flow),
            subject: None,
            evidence: Evidence::new(Observed::Stock(expected), Observed::Stock(seen)),
            proposal: Proposal::Rebuild,
        })
    }

    fn compare_end(&self, sku: &Sku, standing: Standing, now: Balance) -> Option<Finding> {
        let kept = plus(standing.now, standing.off);
        // What is on hand agrees with the facts, then: the day that is wrong has been told.
        if now == kept || now == standing.now {
            return None;
        }
        Some(Finding {
            check: Check::StockEquation,
            store: Some(self.store.clone()),
            sku: Some(sku.clone()),
            date: None,
            first_divergent: None,
            subject: None,
            evidence: Evidence::new(Observed::Stock(kept), Observed::Stock(now)),
            proposal: Proposal::Rebuild,
        })
    }
}

/// The fact that alone explains what is kept instead of the sum, left out or counted twice; else the
/// first from which on the numbers may be wrong.
fn culprit<'f>(
    facts: impl Iterator<Item = &'f Fact>,
    sku: &Sku,
    sum: Flow,
    kept: Flow,
) -> Option<FactId> {
    let (lost, extra) = (sum.less(kept), kept.less(sum));
    let mut first = None;
    for fact in facts {
        let mut flow = None::<Flow>;
        for movement in fact.movements.iter().filter(|movement| movement.sku == *sku) {
            for change in movement.legs().into_iter().filter_map(on_hand) {
                flow.get_or_insert_default().add(change);
            }
        }
        let Some(flow) = flow else { continue };
        if flow == lost || flow == extra {
            return Some(fact.id);
        }
        first = first.or(Some(fact.id));
    }
    first
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

    fn net(self) -> Balance {
        minus(self.inward, self.outward)
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
