//! Returns at other stores: what came back of a sale, at whichever store, is no more than was sold.
//!
//! *Fails on*: a receipt that is shown at two stores which do not hear of each other; one that nobody wrote.

use std::collections::BTreeMap;

use super::{Check, Evidence, Finding, Observed, Proposal};
use crate::fact::{Body, Elsewhere, Fact, Receipt};
use crate::id::Sku;

/// What is known of a sale of which goods came back at another store.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The sale; none where the books of its store have none of this number, or it was undone.
    pub sale: Option<&'a Fact>,
    /// The returns of it that stand, of all stores.
    pub returns: &'a [Fact],
}

/// The sale of another store from which a fact takes goods back, if any.
pub fn from_elsewhere(fact: &Fact) -> Option<&Elsewhere> {
    match &fact.body {
        Body::SaleReturn { terms, .. } => terms.elsewhere.as_ref(),
        _ => None,
    }
}

/// The first return, by time, with which more came back than was sold, or more was paid back than was paid: for each
/// product one finding.
pub fn check(known: Known<'_>) -> Vec<Finding> {
    let sold = match known.sale.map(|sale| &sale.body) {
        Some(Body::RetailSale(receipt)) => sums(receipt),
        _ => BTreeMap::new(),
    };
    let mut returns: Vec<_> = known.returns.iter().collect();
    returns.sort_by_key(|fact| (fact.at, fact.store.clone(), fact.id));
    let mut back: BTreeMap<&Sku, (i128, i128)> = BTreeMap::new();
    let mut told: BTreeMap<&Sku, Finding> = BTreeMap::new();
    for fact in returns {
        let Body::SaleReturn { receipt, terms, .. } = &fact.body else { continue };
        let bill = terms.elsewhere.as_ref().map(|from| from.bill.as_str());
        for (sku, (quantity, paid)) in sums(receipt) {
            let sum = back.entry(sku).or_default();
            *sum = (sum.0 + quantity, sum.1 + paid);
            let (most, due) = sold.get(sku).copied().unwrap_or_default();
            let evidence = if sum.0 > most {
                Evidence::new(Observed::Quantity(most), Observed::Quantity(sum.0))
            } else if sum.1 > due {
                Evidence::new(Observed::Money(due), Observed::Money(sum.1))
            } else {
                continue;
            };
            let proposal = Proposal::AskStore;
            let finding = Finding::at(Check::ReturnsBeyondSale, fact, evidence, proposal);
            let sale = known.sale.map(|sale| sale.bill.as_str());
            let subject = bill.or(sale).map(Into::into);
            let finding = Finding { sku: Some(sku.clone()), subject, ..finding };
            told.entry(sku).or_insert(finding);
        }
    }
    told.into_values().collect()
}

/// Goods and money of a receipt, by product.
fn sums(receipt: &Receipt) -> BTreeMap<&Sku, (i128, i128)> {
    let mut sums: BTreeMap<&Sku, (i128, i128)> = BTreeMap::new();
    for line in &receipt.lines {
        let sum = sums.entry(&line.sku).or_default();
        sum.0 += i128::from(line.quantity.thousandths());
        sum.1 += i128::from(line.total.ten_thousandths());
    }
    sums
}
