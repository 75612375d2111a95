//! What a store is asked to book of bought goods.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use super::booked::{Delivery, Way};
use super::event::ReturnKind;
use crate::amount::{AmountError, Money, Quantity};
use crate::command::Reversed;
use crate::fact::Fact;
use crate::id::{IdError, Lot, Sku};
use crate::transfer::Wanted;

/// Something to book of bought goods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// Take a delivery in.
    Deliver(Delivery),
    /// Send goods back to their supplier.
    SendBack(Box<SendBack>),
    /// Decide on goods in quarantine.
    Clear(Clearing),
}

/// Goods to send back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendBack {
    /// The receipt that they came with.
    pub receipt: Fact,
    /// What was sent back of it before.
    pub earlier: Vec<Fact>,
    /// Whether the receipt was undone.
    pub reversed: Reversed,
    /// Which return of the store for its order this is.
    pub number: NonZeroU32,
    /// Whether others are to come in their place.
    pub kind: ReturnKind,
    /// What goes back, and from where.
    pub lines: Vec<Back>,
    /// What is in quarantine of these goods.
    pub held: Holdings,
    /// What their supplier asks for the goods of the receipt, as far as that is known.
    pub charged: BTreeMap<Sku, Charged>,
    /// Why.
    pub reason: Box<str>,
}

/// What a supplier asks for so many of a product.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Charged {
    /// How many.
    pub quantity: Quantity,
    /// What they cost without tax.
    pub net: Money,
    /// The tax on that.
    pub tax: Money,
}

impl Charged {
    /// Both together.
    pub fn plus(self, other: Self) -> Result<Self, AmountError> {
        Ok(Self {
            quantity: self.quantity.plus(other.quantity)?,
            net: self.net.plus(other.net)?,
            tax: self.tax.plus(other.tax)?,
        })
    }

    /// What is asked for a part of them, tax included, to the coin.
    pub fn of(self, part: Quantity) -> Result<Money, AmountError> {
        Ok(self.net.plus(self.tax)?.share(part, self.quantity)?.to_coins())
    }
}

/// Goods that go back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Back {
    /// What.
    pub sku: Sku,
    /// How much; positive.
    pub quantity: Quantity,
    /// From where.
    pub from: Pile,
}

/// Where goods lie that are to go back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pile {
    /// Among what is for sale.
    #[default]
    Shelf,
    /// In quarantine.
    Quarantine,
}

impl FromStr for Pile {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        match text {
            "shelf" => Ok(Self::Shelf),
            "quarantine" => Ok(Self::Quarantine),
            _ => {
                let what = "place to take goods from: shelf or quarantine";
                Err(IdError::Malformed { what, text: text.to_owned() })
            }
        }
    }
}

impl fmt::Display for Pile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Shelf => "shelf",
            Self::Quarantine => "quarantine",
        })
    }
}

/// Goods in quarantine that leave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clearing {
    /// Which way.
    pub way: Way,
    /// What; of several lots, the one that sorts first goes first.
    pub lines: Vec<Wanted>,
    /// What is in quarantine of these goods.
    pub held: Holdings,
    /// Why.
    pub reason: Box<str>,
}

/// What is in quarantine, by product and lot.
pub type Holdings = BTreeMap<(Sku, Option<Lot>), Held>;

/// Goods in quarantine and what they cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Held {
    /// How much.
    pub quantity: Quantity,
    /// What it cost.
    pub value: Money,
}

impl Task {
    /// The products that it moves.
    pub fn skus(&self) -> BTreeSet<&Sku> {
        match self {
            Self::Deliver(delivery) => delivery.lines.iter().map(|line| &line.sku).collect(),
            Self::SendBack(back) => back.lines.iter().map(|line| &line.sku).collect(),
            Self::Clear(clearing) => clearing.lines.iter().map(|line| &line.sku).collect(),
        }
    }
}
