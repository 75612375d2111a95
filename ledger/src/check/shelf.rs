//! The shelf: in the order of days, no more of a SKU left than came, and when nothing is on hand
//! nothing is worth anything. Told where it holds at the end, with the fact since which.
//!
//! *Fails on*: a sale of what was not booked in, not made good since (negative stock); an issue of
//! the last unit that leaves some of its cost behind (value without quantity).

use std::collections::BTreeMap;

use super::{Check, Evidence, Finding, Observed, Proposal};
use crate::fact::Fact;
use crate::fold::Balance;
use crate::id::{FactId, Sku, StoreId};
use crate::movement::Account;
use crate::time::BusinessDate;

/// The checks of one store.
#[derive(Debug, Clone)]
pub struct Shelf {
    store: StoreId,
    standing: BTreeMap<Sku, Standing>,
}

#[derive(Debug, Clone, Default)]
struct Standing {
    now: Balance,
    /// What is wrong with it, and since when.
    wrong: Option<(Check, FactId, BusinessDate)>,
}

impl Shelf {
    /// Of a store with nothing on hand.
    pub fn new(store: &StoreId) -> Self {
        Self { store: store.clone(), standing: BTreeMap::new() }
    }

    /// Takes a fact in: those of earlier days first.
    pub fn fact(&mut self, fact: &Fact) {
        for movement in &fact.movements {
            for (account, quantity, value) in movement.legs() {
                if *account == Account::OnHand {
                    // Almost every movement is of a SKU that is known; only new ones are copied.
                    if !self.standing.contains_key(&movement.sku) {
                        self.standing.insert(movement.sku.clone(), Standing::default());
                    }
                    if let Some(standing) = self.standing.get_mut(&movement.sku) {
                        standing.now.quantity += i128::from(quantity.thousandths());
                        standing.now.value += i128::from(value.ten_thousandths());
                    }
                }
            }
        }
        // Only when the fact is through: a delivery and the correction of its cost belong together.
        for movement in &fact.movements {
            if let Some(standing) = self.standing.get_mut(&movement.sku) {
                standing.judge(fact);
            }
        }
    }

    /// What is wrong at the end.
    pub fn finish(self, found: &mut Vec<Finding>) {
        for (sku, Standing { now, wrong }) in self.standing {
            let Some((check, id, date)) = wrong else { continue };
            let evidence = match check {
                Check::NegativeStock => {
                    Evidence::new(Observed::Quantity(0), Observed::Quantity(now.quantity))
                }
                _ => Evidence::new(Observed::Money(0), Observed::Money(now.value)),
            };
            found.push(Finding {
                check,
                store: Some(self.store.clone()),
                sku: Some(sku),
                date: Some(date),
                first_divergent: Some(id),
                subject: None,
                evidence,
                proposal: Proposal::Count,
            });
        }
    }
}

impl Standing {
    fn judge(&mut self, fact: &Fact) {
        let wrong = if self.now.quantity < 0 {
            Some(Check::NegativeStock)
        } else if self.now.quantity == 0 && self.now.value != 0 {
            Some(Check::ValueWithoutQuantity)
        } else {
            None
        };
        let since = self.wrong.map(|(check, ..)| check);
        if since != wrong {
            self.wrong = wrong.map(|check| (check, fact.id, fact.date));
        }
    }
}
