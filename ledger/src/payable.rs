//! What is owed to suppliers (应付账款): invoices and what was paid of them, as pure functions over the
//! entries of an account.
//!
//! Sums are kept in `i128`, so that adding up never fails.

mod account;
mod statement;

use thiserror::Error;

use crate::amount::Money;
use crate::fact::{Body, Fact, PaymentMethod};
use crate::id::{FactId, InvoiceNo, StoreId, SupplierId};
use crate::movement::{self, Movement};
use crate::purchase::Act;
use crate::time::BusinessDate;

pub use account::{Account, Ageing, OpenInvoice, account};
pub use statement::{Statement, StatementLine, statement};

/// The most invoices that one payment may name: a year of weekly ones.
pub const MAX_INVOICES: usize = 100;

/// Money paid to a supplier (付款).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupplierPayment {
    /// To whom.
    pub supplier: SupplierId,
    /// How much; positive.
    pub amount: Money,
    /// How.
    pub method: PaymentMethod,
    /// What the bank calls it (流水号); perhaps nothing.
    pub reference: Box<str>,
    /// The invoices that it pays; none: the oldest that are due.
    pub invoices: Vec<FactId>,
}

/// A fact that changes what is owed to a supplier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Whose fact.
    pub store: StoreId,
    /// Which.
    pub id: FactId,
    /// The day that it is booked to.
    pub date: BusinessDate,
    /// What it is.
    pub what: What,
    /// The fact that undid it, and its day.
    pub undone: Option<(FactId, BusinessDate)>,
}

/// What an entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The supplier asks for money.
    Invoice {
        /// The supplier's number for it.
        number: InvoiceNo,
        /// When it is to be paid.
        due: BusinessDate,
        /// How much, tax included.
        amount: Money,
    },
    /// Goods went back (采购退货).
    Credit {
        /// What they are worth.
        amount: Money,
    },
    /// Money was paid.
    Payment {
        /// How much.
        amount: Money,
        /// What the bank calls it.
        reference: Box<str>,
        /// The invoices that it names.
        invoices: Vec<FactId>,
    },
}

impl Entry {
    /// What it adds to what is owed, while it stands.
    pub fn change(&self) -> i128 {
        match &self.what {
            What::Invoice { amount, .. } => i128::from(amount.ten_thousandths()),
            What::Credit { amount } | What::Payment { amount, .. } => {
                -i128::from(amount.ten_thousandths())
            }
        }
    }
}

/// What a fact changes of what is owed, and to whom. Nothing where a sum leaves the range of money:
/// such a fact can't be booked.
///
/// Goods that go back from the shelf were invoiced, or will be: what is asked for them, tax included, is a
/// credit; where that was not known, what they had cost. Goods that were never accepted are in no invoice.
pub fn what(fact: &Fact) -> Option<(&SupplierId, What)> {
    match &fact.body {
        Body::Purchase(Act::SentBack(sent)) => {
            let went = |m: &&Movement| {
                m.from == movement::Account::OnHand && m.to == movement::Account::Supplier
            };
            let cost = || Money::sum(fact.movements.iter().filter(went).map(|m| m.value)).ok();
            let amount = sent.credit.or_else(cost)?;
            let supplier = sent.supplier.as_ref().filter(|_| amount.is_positive())?;
            Some((supplier, What::Credit { amount }))
        }
        Body::Invoice(invoice) => {
            let amount = invoice.net().and_then(|net| net.plus(invoice.tax()?)).ok()?;
            let (number, due) = (invoice.number.clone(), invoice.due);
            Some((&invoice.supplier, What::Invoice { number, due, amount }))
        }
        Body::SupplierPayment(payment) => {
            let (reference, invoices) = (payment.reference.clone(), payment.invoices.clone());
            let what = What::Payment { amount: payment.amount, reference, invoices };
            Some((&payment.supplier, what))
        }
        _ => None,
    }
}

/// Why a payment is not booked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PaymentError {
    /// More than [`MAX_INVOICES`].
    #[error("one payment names at most {MAX_INVOICES} invoices")]
    TooManyInvoices,
    /// The invoices that it names are open for less.
    #[error("{amount} is paid, the invoices named have {open} open")]
    TooMuch {
        /// What was given.
        amount: Money,
        /// What is open.
        open: Money,
    },
}

#[cfg(test)]
mod tests;
