//! Receiving: goods of an order come, and are inspected.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use books::Tx;
use console::purchase::PurchaseRefused;
use ledger::amount::{AmountError, Money, Quantity};
use ledger::fact::{Body, Fact};
use ledger::id::{DeliveryNote, Lot, PurchaseId, Sku, SupplierId};
use ledger::purchase::{
    Basis, Delivery, Entry, Event, Freight, Inspected, Purchase, Refusal, Spread, Step, Task,
    receivable, status,
};
use ledger::time::BusinessDate;

use super::{BuyingRefused, Stamp, before, book, lookup, me, refused, repeated};
use crate::book::Refused;
use crate::error::Result;
use crate::node::{Node, When};
use crate::request::About;

/// What came, as a person says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// The goods. Nothing accepted on any line: all that is still to come and not rejected.
    pub lines: Vec<Arrived>,
    /// The supplier's own number for the delivery.
    pub note: Option<DeliveryNote>,
    /// How the prices are known.
    pub basis: Basis,
    /// What it cost to bring the goods here.
    pub freight: Option<Freight>,
}

/// Goods that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// What.
    pub sku: Sku,
    /// What is taken in.
    pub accepted: Quantity,
    /// What is not.
    pub rejected: Quantity,
    /// What a unit costs; none for the order's price.
    pub price: Option<Money>,
    /// From which production lot.
    pub lot: Option<Lot>,
    /// The last day on which it can be sold.
    pub expiry: Option<BusinessDate>,
    /// Why something is not accepted.
    pub reason: Option<Box<str>>,
    /// The name of a file that shows it.
    pub photo: Option<Box<str>>,
}

impl Node {
    /// Takes goods of an order in: what is accepted is on the shelf, what is not in quarantine. When this
    /// returns, it is durable.
    pub fn receive_purchase(
        &self,
        about: About,
        purchase: PurchaseId,
        arrival: Arrival,
    ) -> Result<(Fact, When)> {
        let stamp = self.stamp();
        self.books().write(move |tx| {
            if let Some(fact) = before(tx, &about)? {
                let same = arrival.is(&fact, &purchase).into();
                return repeated(&about, fact, same);
            }
            let entries = tx.purchase(&purchase)?;
            let now = status(&entries);
            receivable(&now).map_err(|refusal| refused(&purchase, refusal))?;
            // A supplier that nobody has named comes with the order, and without one nothing is open.
            let unknown = || refused(&purchase, Refusal::NothingOrdered);
            let supplier = now.supplier.clone().ok_or_else(unknown)?;
            if let Some(note) = &arrival.note {
                first(tx, &supplier, note)?;
            }
            let weights = arrival.weights(tx, &now)?;
            let delivery = Delivery {
                receipt: next_receipt(&entries, &stamp),
                lines: arrival.inspected(&stamp, &purchase, &now, &weights)?,
                order: Some(purchase),
                supplier,
                note: arrival.note,
                basis: arrival.basis,
                freight: arrival.freight,
            };
            Ok((book(tx, &stamp, &about, Task::Deliver(delivery))?, When::Now))
        })
    }
}

/// Refuses a delivery that was taken in before.
fn first(tx: &mut Tx<'_>, supplier: &SupplierId, note: &DeliveryNote) -> Result<()> {
    let Some(id) = tx.delivery(supplier, note)? else { return Ok(()) };
    let bill = lookup::must_have(tx, id)?.bill;
    let (note, supplier) = (note.clone(), supplier.clone());
    Err(BuyingRefused::Delivered { note, supplier, bill }.into())
}

/// The number of the store's next receipt for an order.
fn next_receipt(entries: &[Entry], stamp: &Stamp) -> NonZeroU32 {
    let me = me(stamp);
    let numbers = entries.iter().filter_map(|entry| match entry {
        Entry::Said(Event { by, step: Step::Receive { receipt, .. }, .. }) if *by == me => {
            Some(*receipt)
        }
        _ => None,
    });
    numbers.max().map_or(NonZeroU32::MIN, |last| last.saturating_add(1))
}

impl Arrival {
    fn accepts_nothing(&self) -> bool {
        self.lines.iter().all(|line| line.accepted.is_zero())
    }

    /// What a unit of each product weighs, where the freight goes by that and the catalog says it.
    fn weights(&self, tx: &mut Tx<'_>, now: &Purchase) -> Result<BTreeMap<Sku, Quantity>> {
        let mut weights = BTreeMap::new();
        if self.freight.is_none_or(|freight| freight.by != Spread::Weight) {
            return Ok(weights);
        }
        let ordered = now.lines.keys().map(|(_, sku)| sku);
        for sku in self.lines.iter().map(|line| &line.sku).chain(ordered) {
            if let Some(weight) = tx.unit_weight(sku)? {
                weights.insert(sku.clone(), weight);
            }
        }
        Ok(weights)
    }

    /// The lines with their prices; without any that is accepted, all that is still to come.
    fn inspected(
        &self,
        stamp: &Stamp,
        purchase: &PurchaseId,
        now: &Purchase,
        weights: &BTreeMap<Sku, Quantity>,
    ) -> Result<Vec<Inspected>> {
        let mut lines = self.lines.clone();
        if self.accepts_nothing() {
            lines.extend(self.rest(stamp, now)?);
        }
        if lines.is_empty() {
            return Err(refused(purchase, Refusal::NothingOpen));
        }
        let inspected = |line: Arrived| {
            let Arrived { sku, accepted, rejected, price, lot, expiry, reason, photo } = line;
            let ordered = now.lines.get(&(stamp.store.clone(), sku.clone()));
            let price = price.or(ordered.and_then(|line| line.price));
            let unknown = || PurchaseRefused::NoPrice { item: sku.to_string() };
            let price = price.ok_or_else(unknown)?;
            let weight = weights.get(&sku).copied();
            Ok(Inspected { sku, lot, expiry, accepted, rejected, price, weight, reason, photo })
        };
        lines.into_iter().map(inspected).collect()
    }

    /// What is still to come to this store and was not rejected now.
    fn rest(&self, stamp: &Stamp, now: &Purchase) -> Result<Vec<Arrived>> {
        let mut rest = Vec::new();
        for ((store, sku), line) in &now.lines {
            let rejected = self.lines.iter().filter(|came| came.sku == *sku);
            let rejected: i128 = rejected.map(|came| i128::from(came.rejected.thousandths())).sum();
            let left = line.open - rejected;
            if *store == stamp.store && left > 0 {
                let narrow = i64::try_from(left).map_err(|_| AmountError::OutOfRange);
                let accepted = narrow.and_then(Quantity::from_thousandths);
                let accepted = accepted.map_err(|source| Refused::Amount { line: 0, source })?;
                rest.push(Arrived::of(sku.clone(), accepted));
            }
        }
        Ok(rest)
    }

    /// Whether a fact is this delivery. (What was asked without lines is what was still to come then,
    /// which nobody knows any more: it always asks for the same.)
    fn is(&self, fact: &Fact, purchase: &PurchaseId) -> bool {
        let Body::GoodsReceipt { delivery: Some(booked), .. } = &fact.body else { return false };
        let asked = |of: fn(&Arrived) -> Quantity| sums(self.lines.iter().map(|l| (&l.sku, of(l))));
        let came =
            |of: fn(&Inspected) -> Quantity| sums(booked.lines.iter().map(|l| (&l.sku, of(l))));
        let accepted = self.accepts_nothing() || asked(|l| l.accepted) == came(|l| l.accepted);
        let header = (booked.order.as_ref(), &booked.note, &booked.basis, booked.freight);
        header == (Some(purchase), &self.note, &self.basis, self.freight)
            && accepted
            && asked(|l| l.rejected) == came(|l| l.rejected)
    }
}

impl Arrived {
    /// So much of a product, all in order, at the order's price.
    pub const fn of(sku: Sku, accepted: Quantity) -> Self {
        Self {
            sku,
            accepted,
            rejected: Quantity::ZERO,
            price: None,
            lot: None,
            expiry: None,
            reason: None,
            photo: None,
        }
    }
}

/// How much of each product, none left out.
pub(super) fn sums<'a>(
    lines: impl Iterator<Item = (&'a Sku, Quantity)>,
) -> BTreeMap<&'a Sku, i128> {
    let mut sums = BTreeMap::new();
    for (sku, quantity) in lines.filter(|(_, quantity)| !quantity.is_zero()) {
        *sums.entry(sku).or_insert(0) += i128::from(quantity.thousandths());
    }
    sums
}
