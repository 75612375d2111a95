//! The stored form of purchase invoices and payments to suppliers:
//!
//! ```text
//! invoice           {"supplier":"V007","no":"8817","dated":"2026-11-20","due":"2026-12-20",
//!                    "receipts":["1-2"],"lines":[{"sku":"6901…","qty":24000,"net":624000,"tax":81120}],
//!                    "covers":[{"of":"1-2","sku":"6901…","qty":24000,"est":600000}],"accepted":"…"}
//! supplier_payment  {"supplier":"V007","sum":705120,"by":"transfer","ref":"…","invoices":["1-7"]}
//! ```
//!
//! What is nothing, or was not said, is left out.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{FactTextError, amount_error, id_error};
use crate::amount::{Money, Quantity};
use crate::fact::PaymentMethod;
use crate::id::{FactId, InvoiceNo, Sku, SupplierId};
use crate::invoice::{Covered, Invoice, InvoiceLine};
use crate::payable::SupplierPayment;

pub(super) const INVOICE: &str = "invoice";
pub(super) const PAYMENT: &str = "supplier_payment";

#[derive(Serialize, Deserialize)]
pub(super) struct InvoiceRow<'a> {
    #[serde(borrow)]
    supplier: Cow<'a, str>,
    #[serde(borrow)]
    no: Cow<'a, str>,
    #[serde(borrow)]
    dated: Cow<'a, str>,
    #[serde(borrow)]
    due: Cow<'a, str>,
    receipts: Vec<Cow<'a, str>>,
    #[serde(borrow)]
    lines: Vec<LineRow<'a>>,
    #[serde(borrow)]
    covers: Vec<CoveredRow<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    accepted: Option<Cow<'a, str>>,
}

#[derive(Serialize, Deserialize)]
struct LineRow<'a> {
    #[serde(borrow)]
    sku: Cow<'a, str>,
    qty: i64,
    net: i64,
    #[serde(default, skip_serializing_if = "is_zero")]
    tax: i64,
}

#[derive(Serialize, Deserialize)]
struct CoveredRow<'a> {
    #[serde(borrow)]
    of: Cow<'a, str>,
    #[serde(borrow)]
    sku: Cow<'a, str>,
    qty: i64,
    est: i64,
}

#[derive(Serialize, Deserialize)]
pub(super) struct PaymentRow<'a> {
    #[serde(borrow)]
    supplier: Cow<'a, str>,
    sum: i64,
    #[serde(borrow)]
    by: Cow<'a, str>,
    #[serde(borrow, default, rename = "ref", skip_serializing_if = "str::is_empty")]
    reference: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    invoices: Vec<Cow<'a, str>>,
}

impl<'a> InvoiceRow<'a> {
    pub(super) fn of(invoice: &'a Invoice) -> Self {
        let line = |line: &'a InvoiceLine| LineRow {
            sku: line.sku.as_str().into(),
            qty: line.quantity.thousandths(),
            net: line.net.ten_thousandths(),
            tax: line.tax.ten_thousandths(),
        };
        let covered = |covered: &'a Covered| CoveredRow {
            of: covered.receipt.to_string().into(),
            sku: covered.sku.as_str().into(),
            qty: covered.quantity.thousandths(),
            est: covered.estimate.ten_thousandths(),
        };
        Self {
            supplier: invoice.supplier.as_str().into(),
            no: invoice.number.as_str().into(),
            dated: invoice.dated.to_string().into(),
            due: invoice.due.to_string().into(),
            receipts: names(&invoice.receipts),
            lines: invoice.lines.iter().map(line).collect(),
            covers: invoice.covers.iter().map(covered).collect(),
            accepted: invoice.accepted.as_deref().map(Into::into),
        }
    }

    pub(super) fn read(&self) -> Result<Invoice, FactTextError> {
        Ok(Invoice {
            supplier: SupplierId::new(&self.supplier).map_err(id_error("supplier"))?,
            number: InvoiceNo::new(&self.no).map_err(id_error("no"))?,
            dated: self.dated.parse().map_err(id_error("dated"))?,
            due: self.due.parse().map_err(id_error("due"))?,
            receipts: facts(&self.receipts, "receipts")?,
            lines: self.lines.iter().map(LineRow::read).collect::<Result<_, _>>()?,
            covers: self.covers.iter().map(CoveredRow::read).collect::<Result<_, _>>()?,
            accepted: self.accepted.as_deref().map(Into::into),
        })
    }
}

impl LineRow<'_> {
    fn read(&self) -> Result<InvoiceLine, FactTextError> {
        Ok(InvoiceLine {
            sku: Sku::new(&self.sku).map_err(id_error("sku"))?,
            quantity: Quantity::from_thousandths(self.qty).map_err(amount_error("qty"))?,
            net: Money::from_ten_thousandths(self.net).map_err(amount_error("net"))?,
            tax: Money::from_ten_thousandths(self.tax).map_err(amount_error("tax"))?,
        })
    }
}

impl CoveredRow<'_> {
    fn read(&self) -> Result<Covered, FactTextError> {
        Ok(Covered {
            receipt: self.of.parse().map_err(id_error("of"))?,
            sku: Sku::new(&self.sku).map_err(id_error("sku"))?,
            quantity: Quantity::from_thousandths(self.qty).map_err(amount_error("qty"))?,
            estimate: Money::from_ten_thousandths(self.est).map_err(amount_error("est"))?,
        })
    }
}

impl<'a> PaymentRow<'a> {
    pub(super) fn of(payment: &'a SupplierPayment) -> Self {
        Self {
            supplier: payment.supplier.as_str().into(),
            sum: payment.amount.ten_thousandths(),
            by: payment.method.name().into(),
            reference: payment.reference.as_ref().into(),
            invoices: names(&payment.invoices),
        }
    }

    pub(super) fn read(&self) -> Result<SupplierPayment, FactTextError> {
        let found = || FactTextError::Word { field: "by", found: self.by.to_string() };
        Ok(SupplierPayment {
            supplier: SupplierId::new(&self.supplier).map_err(id_error("supplier"))?,
            amount: Money::from_ten_thousandths(self.sum).map_err(amount_error("sum"))?,
            method: PaymentMethod::named(&self.by).ok_or_else(found)?,
            reference: self.reference.as_ref().into(),
            invoices: facts(&self.invoices, "invoices")?,
        })
    }
}

fn names<'a>(facts: &[FactId]) -> Vec<Cow<'a, str>> {
    facts.iter().map(|id| id.to_string().into()).collect()
}

fn facts(names: &[Cow<'_, str>], field: &'static str) -> Result<Vec<FactId>, FactTextError> {
    names.iter().map(|name| name.parse().map_err(id_error(field))).collect()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
const fn is_zero(amount: &i64) -> bool {
    *amount == 0
}

#[cfg(test)]
mod tests;
