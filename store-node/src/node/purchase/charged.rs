//! What a supplier asks for the goods of a receipt: what its invoice says; before there is one, the prices of
//! the receipt, with the tax that the products bear.

use std::collections::BTreeMap;

use books::{BooksError, Tx};
use ledger::amount::{AmountError, TaxRate};
use ledger::fact::{Body, Fact};
use ledger::id::Sku;
use ledger::invoice::{self, Invoice};
use ledger::purchase::Charged;

use crate::book::supplier::tax_on;

/// What is asked for each product of a receipt. What is not known, or more than money can be, is left out.
pub(super) fn charged(
    tx: &mut Tx<'_>,
    receipt: &Fact,
    rates: &BTreeMap<Sku, TaxRate>,
) -> Result<BTreeMap<Sku, Charged>, BooksError> {
    let invoice = tx.invoice_of(receipt.id)?.map(|id| tx.fact(id)).transpose()?.flatten();
    let invoiced = match invoice.map(|stored| stored.fact.body) {
        Some(Body::Invoice(invoice)) => by_invoice(&invoice).unwrap_or_default(),
        _ => BTreeMap::new(),
    };
    let mut charged = by_receipt(receipt, rates).unwrap_or_default();
    charged.extend(invoiced);
    Ok(charged)
}

fn by_invoice(invoice: &Invoice) -> Result<BTreeMap<Sku, Charged>, AmountError> {
    let mut charged: BTreeMap<Sku, Charged> = BTreeMap::new();
    for line in &invoice.lines {
        let sum = charged.entry(line.sku.clone()).or_default();
        *sum = sum.plus(Charged { quantity: line.quantity, net: line.net, tax: line.tax })?;
    }
    Ok(charged)
}

fn by_receipt(
    receipt: &Fact,
    rates: &BTreeMap<Sku, TaxRate>,
) -> Result<BTreeMap<Sku, Charged>, AmountError> {
    let received = invoice::received(receipt).into_iter();
    let known = received.filter_map(|(sku, goods)| Some((rates.get(&sku).copied()?, sku, goods)));
    let charged = |(rate, sku, goods): (TaxRate, Sku, invoice::Received)| {
        let tax = tax_on(goods.value, Some(rate.basis_points()))?;
        Ok((sku, Charged { quantity: goods.quantity, net: goods.value, tax }))
    };
    known.map(charged).collect()
}
