//! Purchase invoices (采购发票): what a supplier asks for goods that were received, and what that
//! makes of their cost.
//!
//! Goods come in at an estimated cost (暂估). The invoice says what they really cost; the difference
//! moves value and no goods (成本调整): for what is still on hand it changes what the stock is worth,
//! for what has left it is cost of the period. From receipt and invoice together the supplier's
//! account has given exactly what the invoice comes to.

mod matching;

use std::collections::BTreeMap;

use thiserror::Error;

use crate::amount::{AmountError, Money, Quantity};
use crate::fact::{Body, Fact};
use crate::id::{FactId, InvoiceNo, Sku, SupplierId};
use crate::movement::Account;
use crate::time::BusinessDate;

pub use matching::{Compared, Tolerance, Verdict, compare};

/// The most receipts that one invoice may name: a month of three deliveries a day.
pub const MAX_RECEIPTS: usize = 100;

/// The most goods of receipts that one invoice may cover, so that the longest fits the longest
/// [text](crate::json::MAX_TEXT_LEN) of a fact.
pub const MAX_COVERED: usize = 1_200;

/// A supplier's invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    /// Who asks.
    pub supplier: SupplierId,
    /// The supplier's own number for it (发票号).
    pub number: InvoiceNo,
    /// The day that it bears (开票日期).
    pub dated: BusinessDate,
    /// When it is to be paid (到期日).
    pub due: BusinessDate,
    /// The receipts whose goods it is for.
    pub receipts: Vec<FactId>,
    /// What it asks for.
    pub lines: Vec<InvoiceLine>,
    /// Which goods of which receipt it covers, and at which estimate they came in.
    pub covers: Vec<Covered>,
    /// Why it was taken though it differs from what was ordered or received.
    pub accepted: Option<Box<str>>,
}

/// A line of an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceLine {
    /// What.
    pub sku: Sku,
    /// How much; positive.
    pub quantity: Quantity,
    /// What the line costs without tax (不含税金额).
    pub net: Money,
    /// The tax on it (税额).
    pub tax: Money,
}

/// Goods of a receipt that an invoice is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covered {
    /// The receipt.
    pub receipt: FactId,
    /// What.
    pub sku: Sku,
    /// How much.
    pub quantity: Quantity,
    /// What they came in at.
    pub estimate: Money,
}

impl Invoice {
    /// What it comes to without tax.
    pub fn net(&self) -> Result<Money, AmountError> {
        Money::sum(self.lines.iter().map(|line| line.net))
    }

    /// The tax on it.
    pub fn tax(&self) -> Result<Money, AmountError> {
        Money::sum(self.lines.iter().map(|line| line.tax))
    }
}

/// An invoice as it is handed in, with what the books know of the goods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Who asks.
    pub supplier: SupplierId,
    /// The supplier's own number for it.
    pub number: InvoiceNo,
    /// The day that it bears.
    pub dated: BusinessDate,
    /// When it is to be paid.
    pub due: BusinessDate,
    /// What it asks for.
    pub lines: Vec<InvoiceLine>,
    /// The receipts that it names, the oldest first.
    pub receipts: Vec<OpenReceipt>,
    /// Prices that were ordered at, where they are known.
    pub ordered: BTreeMap<Sku, Money>,
    /// The invoice of this supplier and number that stands already.
    pub known: Option<FactId>,
    /// Why it is taken though it differs.
    pub accept: Option<Box<str>>,
}

/// A receipt with those of its goods that no invoice has covered yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenReceipt {
    /// Which.
    pub id: FactId,
    /// Its goods, by SKU.
    pub goods: BTreeMap<Sku, Received>,
}

/// Goods that came in, and what they were taken to cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Received {
    /// How much.
    pub quantity: Quantity,
    /// The estimate.
    pub value: Money,
}

impl Received {
    /// Both together.
    pub fn plus(self, other: Self) -> Result<Self, AmountError> {
        let quantity = self.quantity.plus(other.quantity)?;
        Ok(Self { quantity, value: self.value.plus(other.value)? })
    }
}

/// Why an invoice is not booked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InvoiceError {
    /// It names no receipt.
    #[error("the invoice names no receipt")]
    NoReceipts,
    /// More than [`MAX_RECEIPTS`], or more than [`MAX_COVERED`] goods in them.
    #[error(
        "the invoice names more than {MAX_RECEIPTS} receipts, or covers more than {MAX_COVERED} lines"
    )]
    TooLong,
    /// All goods of a receipt are invoiced.
    #[error("nothing of receipt {receipt} is left to be invoiced")]
    Settled {
        /// The receipt.
        receipt: FactId,
    },
    /// The same invoice twice.
    #[error("invoice {number} of {supplier} is booked as {first}")]
    Twice {
        /// The supplier.
        supplier: SupplierId,
        /// The number.
        number: InvoiceNo,
        /// The invoice that stands.
        first: FactId,
    },
    /// It differs from order or receipt by more than is tolerated, and nobody has accepted that.
    #[error("the invoice differs from order or receipt in {} lines, the first of {}", lines.len(), lines[0].sku)]
    Differs {
        /// The lines that differ.
        lines: Vec<Compared>,
    },
}

/// What of a receipt's goods was taken over from the supplier, at the supplier's prices: what it cost to
/// bring them is somebody else's invoice. Goods that were rejected are not among them.
pub fn received(receipt: &Fact) -> Vec<(Sku, Received)> {
    let Body::GoodsReceipt { delivery: Some(delivery), .. } = &receipt.body else {
        return inbound(receipt, &Account::OnHand);
    };
    let mut goods: BTreeMap<Sku, Received> = BTreeMap::new();
    for line in delivery.lines.iter().filter(|line| line.accepted.is_positive()) {
        let value = line.price.times(line.accepted).unwrap_or_default();
        let came = Received { quantity: line.accepted, value };
        let sum = goods.entry(line.sku.clone()).or_default();
        *sum = sum.plus(came).unwrap_or(*sum);
    }
    goods.into_iter().collect()
}

/// What of a receipt's goods was rejected and waits to go back.
pub fn rejected(receipt: &Fact) -> Vec<(Sku, Received)> {
    inbound(receipt, &Account::Quarantine)
}

/// The sum over a receipt's lines cannot overflow: a fact's text has room for a few thousand.
fn inbound(receipt: &Fact, to: &Account) -> Vec<(Sku, Received)> {
    let mut goods: BTreeMap<Sku, Received> = BTreeMap::new();
    let came = receipt.movements.iter().filter(|m| m.from == Account::Supplier && m.to == *to);
    for movement in came {
        let line = Received { quantity: movement.quantity, value: movement.value };
        let sum = goods.entry(movement.sku.clone()).or_default();
        *sum = sum.plus(line).unwrap_or(*sum);
    }
    goods.into_iter().collect()
}

/// What the receipts have open, by SKU.
pub fn open_goods(receipts: &[OpenReceipt]) -> Result<BTreeMap<Sku, Received>, AmountError> {
    let mut open: BTreeMap<Sku, Received> = BTreeMap::new();
    for (sku, goods) in receipts.iter().flat_map(|receipt| &receipt.goods) {
        let sum = open.entry(sku.clone()).or_default();
        *sum = sum.plus(*goods)?;
    }
    Ok(open)
}

/// Which goods of which receipt the lines are for: those of the first receipt first. What is beyond
/// all of them is for none.
pub fn cover(lines: &[InvoiceLine], receipts: &[OpenReceipt]) -> Result<Vec<Covered>, AmountError> {
    let mut wanted: BTreeMap<&Sku, Quantity> = BTreeMap::new();
    for line in lines {
        let sum = wanted.entry(&line.sku).or_default();
        *sum = sum.plus(line.quantity)?;
    }
    let mut covers = Vec::new();
    for receipt in receipts {
        for (sku, goods) in &receipt.goods {
            let Some(left) = wanted.get_mut(sku) else { continue };
            let quantity = goods.quantity.min(*left);
            if !quantity.is_positive() {
                continue;
            }
            *left = left.minus(quantity)?;
            // The last of them take what rounding has left.
            let estimate = goods.value.share(quantity, goods.quantity)?;
            covers.push(Covered { receipt: receipt.id, sku: sku.clone(), quantity, estimate });
        }
    }
    Ok(covers)
}

#[cfg(test)]
mod tests;
