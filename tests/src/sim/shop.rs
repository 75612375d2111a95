//! What the stores did and said, in the simulator's own words: the naive model that every replica
//! is held against.
//!
//! It shares no code with the ledger's fold or with the status of orders: it remembers for every
//! fact which goods the people meant to move from where to where, and for every entry of an order
//! that somebody wrote it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use ledger::amount::Money;
use ledger::fact::Fact;
use ledger::id::{FactId, PurchaseId, Sku, StoreId, TransferId};
use ledger::purchase::ReturnKind;
use ledger::time::BusinessDate;
use sync_proto::{DocId, Writer};

use super::shelf;
use super::tags::Tags;

/// Where goods can be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Spot {
    /// In an account of a store.
    At(StoreId, String),
    /// Between two stores.
    Way(TransferId),
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(store, account) => write!(f, "{store} {account}"),
            Self::Way(transfer) => write!(f, "on the way in {transfer}"),
        }
    }
}

/// Goods that pass from one spot to another.
#[derive(Debug, Clone)]
pub(super) struct Passing {
    pub(super) from: Spot,
    pub(super) to: Spot,
    pub(super) sku: Sku,
    /// Thousandths.
    pub(super) quantity: i64,
}

/// Goods and what they are worth: thousandths, and ten-thousandths of the currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Heap {
    pub(super) quantity: i128,
    pub(super) value: i128,
}

impl Heap {
    pub(super) fn add(&mut self, sku: &Sku, thousandths: i64) {
        self.quantity += i128::from(thousandths);
        self.value += i128::from(shelf::cost(sku, thousandths));
    }
}

impl fmt::Display for Heap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} worth {}", self.quantity, self.value)
    }
}

/// The name and the text of a fact: after a fork one name stands for two.
pub(super) type FactKey = (StoreId, FactId, String);

/// A fact that some machine wrote.
#[derive(Debug, Clone)]
pub(super) struct Deal {
    /// What the machine wrote.
    pub(super) fact: Fact,
    /// The day on which it happened.
    pub(super) happened: BusinessDate,
    /// The day that was open for it.
    pub(super) date: BusinessDate,
    /// The goods it was meant to move.
    pub(super) goods: Vec<Passing>,
    pub(super) care: Care,
}

/// What a machine had before it when it closed a day.
#[derive(Debug, Clone)]
pub(super) struct Sealed {
    /// The day.
    pub(super) date: BusinessDate,
    /// The facts of the day and of all before it, but for closes.
    pub(super) facts: BTreeMap<BusinessDate, BTreeMap<FactId, String>>,
    /// What each account gained on the day, by its name.
    pub(super) accounts: BTreeMap<String, Heap>,
    /// All that was on hand in the evening.
    pub(super) on_hand: Heap,
}

/// What a fact about bought goods did for an order.
#[derive(Debug, Clone)]
pub(super) struct Bought {
    pub(super) purchase: PurchaseId,
    /// What for, if the goods went back.
    pub(super) back: Option<ReturnKind>,
}

/// What people found of a product in a stocktake, in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    /// On the shelves, over all places.
    pub(super) counted: i64,
    /// In the books, when the last place was counted.
    pub(super) book: i64,
    /// By how much the books moved between the first place and the last.
    pub(super) moved: i64,
}

/// An entry that some machine wrote in an order: where, who, under which name, and its text.
pub(super) type WordKey = (DocId, Writer, String, String);

/// What is owed to the people who were there.
#[derive(Debug, Clone)]
pub(super) struct Care {
    /// The machine.
    pub(super) machine: usize,
    /// They were told that it is booked.
    pub(super) acked: bool,
    /// The disk it was on is gone: it may be lost, unless the hub has it.
    pub(super) excused: bool,
}

impl Care {
    /// Whether it must be somewhere.
    pub(super) const fn is_owed(&self) -> bool {
        self.acked && !self.excused
    }
}

/// Every fact, close, count and entry written, and every price set.
#[derive(Debug, Clone, Default)]
pub(super) struct Shop {
    pub(super) deals: BTreeMap<FactKey, Deal>,
    pub(super) closes: BTreeMap<FactKey, Sealed>,
    pub(super) bought: BTreeMap<FactKey, Bought>,
    pub(super) counts: BTreeMap<FactKey, BTreeMap<Sku, Found>>,
    pub(super) words: BTreeMap<WordKey, Care>,
    /// The prices that head office set beside the products' own, and these.
    pub(super) tags: Tags,
    pub(super) bases: BTreeMap<Sku, Money>,
    /// What head office said and lost with its disk. Stores may have heard it.
    pub(super) forgotten: BTreeSet<WordKey>,
}
