//! What orders of every kind (单据) have in common: parties that add entries, each under a name of its
//! own and in any order, and goods that moved by the facts behind some of them.
//!
//! A kind of order says what its [`Step`](OrderStep)s are; see [`transfer`](crate::transfer) and
//! [`purchase`](crate::purchase).

pub(crate) mod text;
mod unsaid;

use std::fmt;
use std::num::NonZeroU32;

use crate::amount::{Money, Quantity};
use crate::fact::Fact;
use crate::id::{FactId, Operator, Sku, StoreId};
use crate::movement::Movement;
use crate::time::Timestamp;

pub use unsaid::unsaid;

/// Who says something about an order.
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

/// One entry of an order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Entry<S> {
    /// Something this version understands.
    Said(Event<S>),
    /// Something it does not. It is shown and changes nothing.
    Unread(Unread),
}

/// What a party said, and when.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event<S> {
    /// Who says so.
    pub by: Party,
    /// When, by that party's clock. For people; nothing depends on clocks agreeing.
    pub at: Timestamp,
    /// The person behind it, if known.
    pub operator: Option<Operator>,
    /// What it says.
    pub step: S,
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

impl From<&Movement> for Goods {
    fn from(movement: &Movement) -> Self {
        let Movement { sku, quantity, value, .. } = movement;
        Self { sku: sku.clone(), quantity: *quantity, value: *value }
    }
}

/// A wish to stop an order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CancelAsked {
    /// Whose.
    pub by: Party,
    /// Why.
    pub reason: Box<str>,
}

/// What a party can say about an order of some kind.
pub trait OrderStep: Clone + Ord {
    /// The order's number.
    type Id: Clone + Ord + Send + 'static;
    /// The name of an entry.
    type Name: Ord + fmt::Display;

    /// The name of the entry that says this.
    fn name(&self) -> Self::Name;

    /// The text of the entry of an event.
    fn text_of(event: &Event<Self>) -> String;

    /// Reads an entry.
    fn read(by: Party, name: &str, text: &str) -> Entry<Self>;

    /// The fact behind it, for steps that moved goods.
    fn fact(&self) -> Option<FactId>;

    /// What the store of a fact tells the other parties about it, and of which order; nothing for
    /// facts that are no part of one.
    fn of_fact(fact: &Fact) -> Option<(&Self::Id, Self)>;

    /// What it takes back.
    fn withdrawn(&self) -> Option<&Self>;

    /// The step that takes another back, under the first number.
    fn taking_back(step: Self) -> Self;

    /// The same about goods, or the same withdrawal, under another number. What has no number stays
    /// as it is.
    fn numbered(&self, number: NonZeroU32) -> Self;

    /// Whether both tell the same of the same fact, under whatever number.
    fn tells_the_same(&self, other: &Self) -> bool {
        self.numbered(NonZeroU32::MIN) == other.numbered(NonZeroU32::MIN)
    }
}

impl<S: OrderStep> Event<S> {
    /// The text of the entry. Only its author writes it, once.
    pub fn to_text(&self) -> String {
        S::text_of(self)
    }
}

impl<S: OrderStep> Entry<S> {
    /// Reads an entry. What cannot be read is kept as [`Unread`]: an order is never refused for one
    /// entry in it.
    pub fn read(by: Party, name: &str, text: &str) -> Self {
        S::read(by, name, text)
    }
}

#[cfg(test)]
mod tests;
