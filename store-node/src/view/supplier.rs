//! Invoices and payments as programs and people see them.

use ledger::amount::{Money, Quantity};
use ledger::fact::PaymentMethod;
use ledger::id::{FactId, Sku};
use ledger::invoice::Invoice;
use ledger::payable::SupplierPayment;
use ledger::time::BusinessDate;
use serde::{Deserialize, Serialize};

use crate::text;

/// What an invoice asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceView {
    /// The supplier's own number for it.
    pub number: String,
    /// The day that it bears.
    #[serde(with = "text")]
    pub dated: BusinessDate,
    /// When it is to be paid.
    #[serde(with = "text")]
    pub due: BusinessDate,
    /// What it comes to without tax.
    #[serde(with = "text")]
    pub net: Money,
    /// The tax on it.
    #[serde(with = "text")]
    pub tax: Money,
    /// What is to be paid.
    #[serde(with = "text")]
    pub amount: Money,
    /// The receipts whose goods it is for.
    pub receipts: Vec<Named>,
    /// Its lines.
    pub lines: Vec<InvoiceLineView>,
}

/// A fact in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Named(#[serde(with = "text")] pub FactId);

/// A line of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceLineView {
    /// What.
    #[serde(with = "text")]
    pub sku: Sku,
    /// How much.
    #[serde(with = "text")]
    pub quantity: Quantity,
    /// What the line costs without tax.
    #[serde(with = "text")]
    pub net: Money,
    /// The tax on it.
    #[serde(with = "text")]
    pub tax: Money,
}

/// Money paid to a supplier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplierPaymentView {
    /// How much.
    #[serde(with = "text")]
    pub amount: Money,
    /// How.
    #[serde(with = "text::method")]
    pub method: PaymentMethod,
    /// What the bank calls it.
    pub reference: String,
    /// The invoices that it names.
    pub invoices: Vec<Named>,
}

impl From<&Invoice> for InvoiceView {
    fn from(invoice: &Invoice) -> Self {
        let line = |line: &ledger::invoice::InvoiceLine| InvoiceLineView {
            sku: line.sku.clone(),
            quantity: line.quantity,
            net: line.net,
            tax: line.tax,
        };
        // An invoice whose sum overflows cannot be booked; one from elsewhere shows no total.
        let (net, tax) = (invoice.net().unwrap_or_default(), invoice.tax().unwrap_or_default());
        Self {
            number: invoice.number.to_string(),
            dated: invoice.dated,
            due: invoice.due,
            net,
            tax,
            amount: net.plus(tax).unwrap_or_default(),
            receipts: invoice.receipts.iter().copied().map(Named).collect(),
            lines: invoice.lines.iter().map(line).collect(),
        }
    }
}

impl From<&SupplierPayment> for SupplierPaymentView {
    fn from(payment: &SupplierPayment) -> Self {
        Self {
            amount: payment.amount,
            method: payment.method,
            reference: payment.reference.to_string(),
            invoices: payment.invoices.iter().copied().map(Named).collect(),
        }
    }
}
