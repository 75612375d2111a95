//! What the parties of a transfer say.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use crate::amount::Quantity;
use crate::id::{FactId, IdError, Sku, StoreId};
use crate::order::{self, Goods};

/// From where to where goods go: always two stores.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Route {
    from: StoreId,
    to: StoreId,
}

impl Route {
    /// The way between two stores; there is none from a store to itself.
    pub fn new(from: StoreId, to: StoreId) -> Result<Self, IdError> {
        if from == to {
            let text = format!("{from} to {to}");
            return Err(IdError::Malformed { what: "way between two stores", text });
        }
        Ok(Self { from, to })
    }

    /// The source (调出门店).
    pub fn from(&self) -> &StoreId {
        &self.from
    }

    /// The destination (调入门店).
    pub fn to(&self) -> &StoreId {
        &self.to
    }
}

/// One entry of a transfer's order.
pub type Entry = order::Entry<Step>;

/// What a party said of a transfer, and when.
pub type Event = order::Event<Step>;

/// What a party says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Asks for goods (申请).
    Request {
        /// From where to where.
        route: Route,
        /// What and how much.
        lines: Vec<Wanted>,
        /// What else there is to say.
        remark: Option<Box<str>>,
    },
    /// Agrees (审核通过).
    Approve {
        /// To how much; no lines: to all that was asked for.
        lines: Vec<Wanted>,
        /// The rule by which it was agreed to automatically; none if a person agreed.
        rule: Option<Box<str>>,
        /// What else there is to say.
        remark: Option<Box<str>>,
    },
    /// Does not agree (驳回).
    Reject {
        /// Why.
        reason: Box<str>,
    },
    /// Goods have left the source (调出).
    Ship {
        /// Which shipment of the transfer this is.
        shipment: NonZeroU32,
        /// The source's fact.
        fact: FactId,
        /// What left, at the cost at which it left.
        goods: Vec<Goods>,
    },
    /// Goods have reached the destination (调入).
    Receive {
        /// Of which shipment.
        shipment: NonZeroU32,
        /// Which part of it.
        part: NonZeroU32,
        /// The destination's fact.
        fact: FactId,
        /// What arrived in order.
        received: Vec<Goods>,
        /// What arrived and cannot be sold as it is.
        damaged: Vec<Goods>,
    },
    /// What did not arrive, or arrived unasked, is accounted for (结清).
    Settle {
        /// Which settlement of the transfer this is.
        settlement: NonZeroU32,
        /// The fact of the store that settles.
        fact: FactId,
        /// What is gone.
        lost: Vec<Goods>,
        /// What was ruined on the way and thrown away.
        damaged: Vec<Goods>,
        /// What came back to the source.
        returned: Vec<Goods>,
        /// What arrived beyond what was shipped, and stays so.
        surplus: Vec<Goods>,
        /// Who answers for it.
        liable: Liable,
        /// Why.
        reason: Box<str>,
    },
    /// Wants the transfer stopped (取消).
    Cancel {
        /// Why.
        reason: Box<str>,
    },
    /// Takes back what was said about goods (撤回): the fact behind it has left the books, because the
    /// store's history had parted and another fact stands in its place.
    Withdraw {
        /// Which withdrawal of the party this is.
        withdrawal: NonZeroU32,
        /// What does not count any more.
        of: Box<Self>,
    },
}

impl Step {
    /// All goods that it moved, wherever to.
    pub fn goods(&self) -> impl Iterator<Item = &Goods> {
        let lists: [&[Goods]; 3] = match self {
            Self::Ship { goods, .. } => [goods, &[], &[]],
            Self::Receive { received, damaged, .. } => [received, damaged, &[]],
            Self::Settle { lost, damaged, returned, .. } => [lost, damaged, returned],
            Self::Request { .. }
            | Self::Approve { .. }
            | Self::Reject { .. }
            | Self::Cancel { .. }
            | Self::Withdraw { .. } => [&[], &[], &[]],
        };
        lists.into_iter().flatten()
    }
}

/// How much of something is wanted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wanted {
    /// What.
    pub sku: Sku,
    /// How much; not negative.
    pub quantity: Quantity,
}

/// Who answers for a difference (责任方).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Liable {
    /// The store that shipped.
    Source,
    /// The store that received.
    Destination,
    /// Whoever carried the goods.
    Carrier,
}

impl Liable {
    /// Every party that can be liable.
    pub const ALL: [Self; 3] = [Self::Source, Self::Destination, Self::Carrier];

    /// Its name in the stored form and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Destination => "destination",
            Self::Carrier => "carrier",
        }
    }

    /// The party of this name, if there is one.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|party| party.name() == name)
    }
}

impl fmt::Display for Liable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Liable {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let what = "liable party: source, destination or carrier";
        Self::named(text).ok_or_else(|| IdError::Malformed { what, text: text.to_owned() })
    }
}
