//! The shelf: in the order of days, no more of a SKU left than came, and when nothing is on hand
//! nothing is worth anything. Told where it holds at the end, with the fact since which.
//!
//! *Fails on*: a sale of what was not booked in, not made good since (negative stock); an issue of
//! the last unit that leaves some of its cost behind (value without quantity).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::skus::{Leg, Number, Skus};
use super::{Check, Evidence, Finding, Observed, Proposal};
use crate::fact::Fact;
use crate::fold::Balance;
use crate::id::{FactId, StoreId};
use crate::time::BusinessDate;

/// The checks of one store.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Shelf {
    store: StoreId,
    /// What is wrong with a SKU, and since when.
    wrong: BTreeMap<Number, (Check, FactId, BusinessDate)>,
}

impl Shelf {
    /// Of a store with nothing on hand.
    pub(super) fn new(store: &StoreId) -> Self {
        Self { store: store.clone(), wrong: BTreeMap::new() }
    }

    /// Takes a fact in: those of earlier days first. `now` is what is on hand when the fact is through, and
    /// not before: a delivery and the correction of its cost belong together.
    pub(super) fn fact(&mut self, fact: &Fact, legs: &[Leg], now: impl Fn(Number) -> Balance) {
        for (sku, _) in legs {
            let wrong = judge(now(*sku));
            let since = self.wrong.get(sku).map(|(check, ..)| *check);
            match wrong {
                Some(check) if since != wrong => {
                    self.wrong.insert(*sku, (check, fact.id, fact.date));
                }
                None if since.is_some() => {
                    self.wrong.remove(sku);
                }
                _ => {}
            }
        }
    }

    /// What is wrong at the end.
    pub(super) fn finish(
        self,
        skus: &Skus,
        now: impl Fn(Number) -> Balance,
        found: &mut Vec<Finding>,
    ) {
        for (sku, number) in skus.iter() {
            let Some((check, id, date)) = self.wrong.get(&number).copied() else { continue };
            let now = now(number);
            let evidence = match check {
                Check::NegativeStock => {
                    Evidence::new(Observed::Quantity(0), Observed::Quantity(now.quantity))
                }
                _ => Evidence::new(Observed::Money(0), Observed::Money(now.value)),
            };
            found.push(Finding {
                check,
                store: Some(self.store.clone()),
                sku: Some(sku.clone()),
                date: Some(date),
                first_divergent: Some(id),
                subject: None,
                evidence,
                proposal: Proposal::Count,
            });
        }
    }
}

fn judge(now: Balance) -> Option<Check> {
    if now.quantity < 0 {
        Some(Check::NegativeStock)
    } else if now.quantity == 0 && now.value != 0 {
        Some(Check::ValueWithoutQuantity)
    } else {
        None
    }
}
