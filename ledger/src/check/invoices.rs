//! Invoices and what is paid of them: a supplier's invoice is booked once in the whole chain, covers
//! no more goods than came, and is not paid with more than it asks for.
//!
//! *Fails on*: one number of one supplier that stands twice, at one store or at two; invoices that
//! cover more of a receipt than it brought; a payment that is more than the invoices that it names
//! had open. What was reversed since passes.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Check, Evidence, Finding, Observed, Proposal};
use crate::fact::{Body, Fact};
use crate::id::{BillNo, FactId, InvoiceNo, Sku, StoreId, SupplierId};
use crate::invoice;
use crate::payable::{What, what};
use crate::time::{BusinessDate, Timestamp};

/// An invoice that stands, as far as others of its number are concerned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbered {
    /// Whose invoice.
    pub supplier: SupplierId,
    /// The supplier's number for it.
    pub number: InvoiceNo,
    /// The fact.
    pub id: FactId,
    /// Its bill.
    pub bill: BillNo,
    /// Its day.
    pub date: BusinessDate,
    /// When it was booked.
    pub at: Timestamp,
}

/// The check of one store.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Invoices {
    store: StoreId,
    invoices: BTreeMap<FactId, (Numbered, i128)>,
    payments: BTreeMap<FactId, Paid>,
    /// Facts without a receipt that were undone, perhaps before they are seen: a clock set back puts a fact
    /// on an earlier day than the one it undoes.
    undone: BTreeSet<FactId>,
}

/// A payment that names what it pays.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Paid {
    date: BusinessDate,
    amount: i128,
    invoices: Vec<FactId>,
}

impl Invoices {
    /// Of a store without invoices.
    pub(super) fn new(store: &StoreId) -> Self {
        let (invoices, payments) = (BTreeMap::new(), BTreeMap::new());
        Self { store: store.clone(), invoices, payments, undone: BTreeSet::new() }
    }

    /// Takes a fact in.
    pub(super) fn fact(&mut self, fact: &Fact) {
        if let Body::Reversal { of, receipt: None, .. } = &fact.body {
            self.undone.insert(*of);
        }
        match what(fact) {
            Some((supplier, What::Invoice { number, amount, .. })) => {
                let (supplier, bill) = (supplier.clone(), fact.bill.clone());
                let (id, date, at) = (fact.id, fact.date, fact.at);
                let numbered = Numbered { supplier, number, id, bill, date, at };
                self.invoices.insert(id, (numbered, amount.ten_thousandths().into()));
            }
            Some((_, What::Payment { amount, invoices, .. })) if !invoices.is_empty() => {
                let amount = amount.ten_thousandths().into();
                self.payments.insert(fact.id, Paid { date: fact.date, amount, invoices });
            }
            Some(_) | None => {}
        }
    }

    /// The invoices that stand, for [`twice`].
    pub(super) fn standing(&self) -> impl Iterator<Item = &Numbered> {
        let stands = |(numbered, _): &&(Numbered, i128)| !self.undone.contains(&numbered.id);
        self.invoices.values().filter(stands).map(|(numbered, _)| numbered)
    }

    /// Ends the store.
    pub(super) fn finish(&self, found: &mut Vec<Finding>) {
        let stands = |id: &&FactId| !self.undone.contains(*id);
        let mut open: BTreeMap<FactId, i128> = BTreeMap::new();
        for (id, (_, amount)) in &self.invoices {
            if stands(&id) {
                open.insert(*id, *amount);
            }
        }
        for (id, paid) in self.payments.iter().filter(|(id, _)| stands(id)) {
            let mut left = paid.amount;
            let named: BTreeSet<&FactId> = paid.invoices.iter().collect();
            for invoice in named {
                if let Some(open) = open.get_mut(invoice) {
                    let pays = left.min(*open);
                    (*open, left) = (*open - pays, left - pays);
                }
            }
            if left > 0 {
                let (due, paid_in_all) = (paid.amount - left, paid.amount);
                found.push(Finding {
                    check: Check::PaidBeyond,
                    store: Some(self.store.clone()),
                    sku: None,
                    date: Some(paid.date),
                    first_divergent: Some(*id),
                    subject: None,
                    evidence: Evidence::new(Observed::Money(due), Observed::Money(paid_in_all)),
                    proposal: Proposal::ReverseAndRebook,
                });
            }
        }
    }
}

/// The invoices of the whole chain of which an earlier one bears the same number.
pub fn twice<'a>(all: impl IntoIterator<Item = (&'a StoreId, &'a Numbered)>) -> Vec<Finding> {
    type Place<'a> = (Timestamp, &'a StoreId, FactId);
    let mut booked: BTreeMap<_, BTreeMap<Place<'_>, &Numbered>> = BTreeMap::new();
    for (store, invoice) in all {
        let of_number = booked.entry((&invoice.supplier, &invoice.number)).or_default();
        of_number.insert((invoice.at, store, invoice.id), invoice);
    }
    let mut found = Vec::new();
    for ((supplier, number), invoices) in booked {
        let mut invoices = invoices.into_iter();
        let Some((_, first)) = invoices.next() else { continue };
        found.extend(invoices.map(|((_, store, id), again)| Finding {
            check: Check::InvoiceTwice,
            store: Some(store.clone()),
            sku: None,
            date: Some(again.date),
            first_divergent: Some(id),
            subject: Some(format!("{supplier} {number}").into()),
            evidence: Evidence::new(
                Observed::Bill(first.bill.clone()),
                Observed::Bill(again.bill.clone()),
            ),
            proposal: Proposal::Reverse,
        }));
    }
    found
}

/// The first invoice with which more of a receipt was covered than it brought. `receipt` is none if it does not
/// stand; the invoices do.
pub fn covered(named: FactId, receipt: Option<&Fact>, invoices: &[Fact]) -> Option<Finding> {
    let mut left: BTreeMap<Sku, i128> = BTreeMap::new();
    for (sku, came) in receipt.map(invoice::received).into_iter().flatten() {
        left.insert(sku, came.quantity.thousandths().into());
    }
    let brought = left.clone();
    let mut facts: Vec<&Fact> = invoices.iter().collect();
    facts.sort_unstable_by_key(|fact| fact.id);
    for fact in facts {
        let Body::Invoice(invoice) = &fact.body else { continue };
        for covered in invoice.covers.iter().filter(|covered| covered.receipt == named) {
            let left = left.entry(covered.sku.clone()).or_default();
            *left -= i128::from(covered.quantity.thousandths());
            if *left < 0 {
                let came = brought.get(&covered.sku).copied().unwrap_or_default();
                let (due, said) = (Observed::Quantity(came), Observed::Quantity(came - *left));
                let (check, proposal) = (Check::InvoiceGoods, Proposal::ReverseAndRebook);
                let finding = Finding::at(check, fact, Evidence::new(due, said), proposal);
                let subject = Some(format!("{} {}", invoice.supplier, invoice.number).into());
                return Some(Finding { sku: Some(covered.sku.clone()), subject, ..finding });
            }
        }
    }
    None
}
