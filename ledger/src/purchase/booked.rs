//! What stores book of bought goods.
//!
//! What a store tells the others about goods is read off its fact, so that the order and the books
//! cannot say different things.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use super::event::ReturnKind;
use crate::amount::{Money, Quantity};
use crate::id::{DeliveryNote, FactId, IdError, Lot, PurchaseId, Sku, SupplierId};
use crate::time::BusinessDate;

/// A delivery that was inspected when it came (采购入库, 验收).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// From whom.
    pub supplier: SupplierId,
    /// For which order, if it was ordered.
    pub order: Option<PurchaseId>,
    /// Which receipt of the store for that order this is.
    pub receipt: NonZeroU32,
    /// The supplier's own number for it.
    pub note: Option<DeliveryNote>,
    /// How the prices are known.
    pub basis: Basis,
    /// What it cost to bring the goods here, beside their prices.
    pub freight: Option<Freight>,
    /// What came.
    pub lines: Vec<Inspected>,
}

/// How prices of a delivery are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Basis {
    /// From the order, before there is an invoice (暂估).
    Estimated,
    /// From this invoice, which came with the goods.
    Invoice(Box<str>),
}

/// What it cost to bring goods here (运费): a part of what they cost (到岸成本).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Freight {
    /// How much.
    pub amount: Money,
    /// What the share of a line goes by.
    pub by: Spread,
}

/// What the share of a line in the freight goes by (分摊方式).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Spread {
    /// What the line costs.
    #[default]
    Value,
    /// How much it is, in whatever units it is sold.
    Quantity,
    /// How heavy it is.
    Weight,
}

/// A line of a delivery, as it was inspected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspected {
    /// What.
    pub sku: Sku,
    /// From which production lot.
    pub lot: Option<Lot>,
    /// The last day on which it can be sold (到期日).
    pub expiry: Option<BusinessDate>,
    /// What is taken in.
    pub accepted: Quantity,
    /// What is not, and waits in quarantine for a decision.
    pub rejected: Quantity,
    /// What a unit costs.
    pub price: Money,
    /// What a unit weighs, in kilograms, where that is known.
    pub weight: Option<Quantity>,
    /// Why something is not accepted.
    pub reason: Option<Box<str>>,
    /// The name of a file that shows it.
    pub photo: Option<Box<str>>,
}

/// What becomes of bought goods that are not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// They went back to their supplier (采购退货).
    SentBack(SentBack),
    /// They have left quarantine (待检处理).
    Cleared {
        /// Which way.
        way: Way,
        /// Why.
        reason: Box<str>,
    },
}

/// Goods that went back to their supplier, at the cost at which they had come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentBack {
    /// The receipt that they came with.
    pub receipt: FactId,
    /// From whom they had come, where that is a supplier that is kept.
    pub supplier: Option<SupplierId>,
    /// For which order they had come.
    pub order: Option<PurchaseId>,
    /// Which return of the store for that order this is.
    pub number: NonZeroU32,
    /// Whether others are to come in their place.
    pub kind: ReturnKind,
    /// What the supplier is to give back for them: what it asks for them, tax included. None where that was
    /// not known, and in facts of older versions.
    pub credit: Option<Money>,
    /// Why.
    pub reason: Box<str>,
}

/// Which way goods leave quarantine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// Onto the shelf: they can be sold after all (放行).
    Release,
    /// Thrown away (报损).
    Scrap,
}

impl Act {
    /// The kind's name in the stored form and in lists.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::SentBack(_) => "purchase_return",
            Self::Cleared { way: Way::Release, .. } => "quarantine_release",
            Self::Cleared { way: Way::Scrap, .. } => "quarantine_scrap",
        }
    }

    /// Why it was done.
    pub const fn reason(&self) -> &str {
        match self {
            Self::SentBack(SentBack { reason, .. }) | Self::Cleared { reason, .. } => reason,
        }
    }
}

impl Spread {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Value, Self::Quantity, Self::Weight];

    /// Its name in the stored form and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Quantity => "quantity",
            Self::Weight => "weight",
        }
    }

    /// The way of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.name() == name)
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Spread {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let what = "way to spread freight: value, quantity or weight";
        Self::named(text).ok_or_else(|| IdError::Malformed { what, text: text.to_owned() })
    }
}
