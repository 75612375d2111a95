//! Receipts on paper (小票): what one says, and how it is laid out for a printer, a screen or a page.
//!
//! A [`Slip`] is what the fact says, in words that need no further look-up. [`rows`] lays it out once; text,
//! ESC/POS bytes and HTML are drawn from the same rows, so that they say the same.

mod escpos;
mod html;
mod rows;
mod text;

use std::fmt;
use std::str::FromStr;

use ledger::amount::{Money, Quantity};
use ledger::fact::PaymentMethod;
use ledger::id::{BillNo, FactId, MemberId, Operator, StoreId};
use ledger::time::BusinessDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use escpos::{Encoding, escpos};
pub use html::html;
pub use rows::{Row, rows};
pub use text::text;

use crate::text as value;

/// What a receipt says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slip {
    /// The store.
    #[serde(with = "value")]
    pub store: StoreId,
    /// What it is called; perhaps nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub shop: String,
    /// What it is of: `sale`, `return`, `reversal`.
    pub kind: String,
    /// The number on paper.
    #[serde(with = "value")]
    pub bill: BillNo,
    /// The fact.
    #[serde(with = "value")]
    pub fact: FactId,
    /// The business day.
    #[serde(with = "value")]
    pub date: BusinessDate,
    /// When, on the clock on the shop's wall.
    pub time: String,
    /// Who served.
    #[serde(default, with = "value::option", skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
    /// The member who bought.
    #[serde(default, with = "value::option", skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// The bill to which it goes back.
    #[serde(default, with = "value::option", skip_serializing_if = "Option::is_none")]
    pub of: Option<BillNo>,
    /// The lines.
    pub lines: Vec<SlipLine>,
    /// What they come to.
    #[serde(with = "value")]
    pub total: Money,
    /// What is contained of each tax rate.
    pub taxes: Vec<SlipTax>,
    /// How it was paid.
    pub payments: Vec<SlipPayment>,
    /// How often it was printed before: none for the original.
    #[serde(default)]
    pub printed: u32,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlipLine {
    /// The name of the goods, or their SKU.
    pub name: String,
    /// How much.
    #[serde(with = "value")]
    pub quantity: Quantity,
    /// In which unit.
    pub unit: String,
    /// The price of one.
    #[serde(with = "value")]
    pub price: Money,
    /// What comes off the line, each part with its cause.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cuts: Vec<SlipCut>,
    /// What the customer pays.
    #[serde(with = "value")]
    pub total: Money,
}

/// A part of a discount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlipCut {
    /// Why.
    pub cause: CutCause,
    /// How much.
    #[serde(with = "value")]
    pub amount: Money,
}

/// Why something comes off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CutCause {
    /// A promotion, by its name or number.
    Promotion(String),
    /// The whole basket was reduced by hand.
    Basket,
    /// Paid in points.
    Points,
    /// By hand on this line.
    Hand,
}

/// What is contained of a tax rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlipTax {
    /// The rate in hundredths of a per cent.
    pub rate: u16,
    /// The totals of the lines to which it applies, tax included.
    #[serde(with = "value")]
    pub gross: Money,
    /// The tax in them.
    #[serde(with = "value")]
    pub tax: Money,
}

/// A payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlipPayment {
    /// The method's stored name.
    pub method: String,
    /// How much was handed over, or paid back.
    #[serde(with = "value")]
    pub handed: Money,
    /// What was given back of it.
    #[serde(with = "value")]
    pub change: Money,
    /// The other side's number.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reference: String,
}

impl SlipPayment {
    /// The method, if this version knows it.
    pub fn known_method(&self) -> Option<PaymentMethod> {
        PaymentMethod::named(&self.method)
    }
}

/// How wide the paper is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Width {
    /// 58 mm: 32 Latin letters, 384 dots.
    Narrow,
    /// 80 mm: 48 Latin letters, 576 dots.
    #[default]
    Wide,
}

impl Width {
    /// How many Latin letters stand in a line; a Chinese one takes the room of two.
    pub const fn columns(self) -> usize {
        match self {
            Self::Narrow => 32,
            Self::Wide => 48,
        }
    }

    /// How many dots a printer has in a line.
    pub const fn dots(self) -> u32 {
        match self {
            Self::Narrow => 384,
            Self::Wide => 576,
        }
    }

    const fn millimetres(self) -> u32 {
        match self {
            Self::Narrow => 58,
            Self::Wide => 80,
        }
    }
}

/// Why a text is no width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("paper is 58 or 80 mm wide")]
pub struct NoWidth;

impl FromStr for Width {
    type Err = NoWidth;

    fn from_str(text: &str) -> Result<Self, NoWidth> {
        match text.trim_end_matches("mm") {
            "58" => Ok(Self::Narrow),
            "80" => Ok(Self::Wide),
            _ => Err(NoWidth),
        }
    }
}

impl fmt::Display for Width {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.millimetres())
    }
}

#[cfg(test)]
mod tests;
