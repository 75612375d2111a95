//! The sum of the accounts: what left one account entered another, so that over the whole chain, in
//! transit included, the balances of a SKU add up to nothing in quantity and in value.
//!
//! *Fails on*: a balance that was lost or changed.

use std::collections::BTreeMap;

use super::{Check, Evidence, Finding, Observed, Proposal};
use crate::fold::Balance;
use crate::id::Sku;

/// The check of a chain, fed with every balance of the books in any order.
#[derive(Debug, Clone, Default)]
pub struct Accounts {
    sums: BTreeMap<Sku, Balance>,
}

impl Accounts {
    /// Takes a balance in, of whatever place and lot.
    pub fn balance(&mut self, sku: Sku, balance: Balance) {
        let sum = self.sums.entry(sku).or_default();
        sum.quantity += balance.quantity;
        sum.value += balance.value;
    }

    /// The SKUs whose accounts don't add up.
    pub fn finish(self) -> Vec<Finding> {
        let wrong = self.sums.into_iter().filter(|(_, sum)| *sum != Balance::default());
        let finding = |(sku, sum)| Finding {
            check: Check::AccountSum,
            store: None,
            sku: Some(sku),
            date: None,
            first_divergent: None,
            subject: None,
            evidence: Evidence::new(Observed::Stock(Balance::default()), Observed::Stock(sum)),
            proposal: Proposal::Rebuild,
        };
        wrong.map(finding).collect()
    }
}
