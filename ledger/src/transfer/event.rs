//! What the parties of a transfer say.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use super::name::StepName;
use crate::amount::{Money, Quantity};
use crate::id::{FactId, IdError, Operator, Sku, StoreId};
use crate::time::Timestamp;

/// Who says something about a transfer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    /// Head office (总部).
    HeadOffice,
    /// A store.
    Store(StoreId),
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HeadOffice => f.pad("hub"),
            Self::Store(store) => f.pad(store.as_str()),
        }
    }
}

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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Entry {
    /// Something this version understands.
    Said(Event),
    /// Something it does not. It is shown and changes nothing.
    Unread(Unread),
}

/// What a party said, and when.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    /// Who says so.
    pub by: Party,
    /// When, by that party's clock. For people; nothing depends on clocks agreeing.
    pub at: Timestamp,
    /// The person behind it, if known.
    pub operator: Option<Operator>,
    /// What it says.
    pub step: Step,
}

/// An entry that this version cannot read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unread {
    /// Who wrote it.
    pub by: Party,
    /// Under which name.
    pub name: Box<str>,
    /// What is wrong with it, for people.
    pub why: Box<str>,
}

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
    /// The name of the entry that says this.
    pub fn name(&self) -> StepName {
        match self {
            Self::Request { .. } => StepName::Request,
            Self::Approve { .. } => StepName::Approve,
            Self::Reject { .. } => StepName::Reject,
            Self::Ship { shipment, .. } => StepName::Ship(*shipment),
            Self::Receive { shipment, part, .. } => {
                StepName::Receive { shipment: *shipment, part: *part }
            }
            Self::Settle { settlement, .. } => StepName::Settle(*settlement),
            Self::Cancel { .. } => StepName::Cancel,
            Self::Withdraw { withdrawal, .. } => StepName::Withdraw(*withdrawal),
        }
    }

    /// The fact behind it, for steps that moved goods.
    pub const fn fact(&self) -> Option<FactId> {
        match self {
            Self::Ship { fact, .. } | Self::Receive { fact, .. } | Self::Settle { fact, .. } => {
                Some(*fact)
            }
            Self::Request { .. }
            | Self::Approve { .. }
            | Self::Reject { .. }
            | Self::Cancel { .. }
            | Self::Withdraw { .. } => None,
        }
    }

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

/// Goods that moved, with the cost that moved with them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Goods {
    /// What.
    pub sku: Sku,
    /// How much; positive.
    pub quantity: Quantity,
    /// At what cost in all.
    pub value: Money,
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
