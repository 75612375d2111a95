//! What a check can say: where something differs, what was due, what was found, what to do.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::fact::Fact;
use crate::fold::Balance;
use crate::id::{BillNo, FactId, IdError, Sku, StoreId};
use crate::time::{BusinessDate, Timestamp};

use super::kind::Check;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Can happen in an honest shop; a person should look.
    Warning,
    /// Cannot happen while everything works: the numbers can't be trusted there.
    Error,
}

impl Severity {
    /// Both, the lesser first.
    pub const ALL: [Self; 2] = [Self::Warning, Self::Error];

    /// Its name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The severity of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }
}

/// Something that does not agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Which check says so.
    pub check: Check,
    /// Where; none: in the chain as a whole.
    pub store: Option<StoreId>,
    /// Of what, for checks of stock.
    pub sku: Option<Sku>,
    /// On which day, or since which; none: on no day in particular.
    pub date: Option<BusinessDate>,
    /// The first fact from which on it does not agree, where one can be named.
    pub first_divergent: Option<FactId>,
    /// What it is about where that is neither goods nor a fact: a transfer, a barcode, a document.
    pub subject: Option<Box<str>>,
    /// What was due and what was found.
    pub evidence: Evidence,
    /// What to do about it.
    pub proposal: Proposal,
}

impl Finding {
    /// Something about a fact.
    pub(super) fn at(check: Check, fact: &Fact, evidence: Evidence, proposal: Proposal) -> Self {
        Self {
            check,
            store: Some(fact.store.clone()),
            sku: None,
            date: Some(fact.date),
            first_divergent: Some(fact.id),
            subject: None,
            evidence,
            proposal,
        }
    }

    /// Something about a store as a whole.
    pub(super) fn of_store(
        check: Check,
        store: &StoreId,
        evidence: Evidence,
        proposal: Proposal,
    ) -> Self {
        let (sku, date, first_divergent, subject) = (None, None, None, None);
        let store = Some(store.clone());
        Self { check, store, sku, date, first_divergent, subject, evidence, proposal }
    }

    /// How bad it is.
    pub const fn severity(&self) -> Severity {
        self.check.severity()
    }
}

/// What was due, and what stands in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What was due.
    pub expected: Observed,
    /// What was found.
    pub found: Observed,
    /// On which line of the receipt, from one.
    pub line: Option<usize>,
}

impl Evidence {
    /// Of a whole.
    pub const fn new(expected: Observed, found: Observed) -> Self {
        Self { expected, found, line: None }
    }

    /// Of a line.
    pub const fn on_line(line: usize, expected: Observed, found: Observed) -> Self {
        Self { expected, found, line: Some(line) }
    }
}

/// One side of the evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Observed {
    /// It isn't there.
    Nothing,
    /// Goods and their value: stock, or what came or went.
    Stock(Balance),
    /// Goods, in thousandths of the unit.
    Quantity(i128),
    /// Money, in ten-thousandths of the currency unit.
    Money(i128),
    /// A fact.
    Fact(FactId),
    /// A bill.
    Bill(BillNo),
    /// A number of bills or facts, from the first to the last.
    Numbers(u64, u64),
    /// How many.
    Count(u64),
    /// An instant, at the latest or at the earliest.
    Time(Timestamp),
    /// A day.
    Day(BusinessDate),
    /// So many days.
    Days(i64),
    /// Something that has a name: a product, a kind of anomaly, a reason.
    Word(Box<str>),
}

/// What to do about a finding. A person decides; nothing is corrected by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Proposal {
    /// The facts are right and the numbers kept beside them are not: make those anew.
    Rebuild,
    /// The same, and the numbers are the store's.
    RebuildAtStore,
    /// Count the goods and book the difference.
    Count,
    /// Undo the fact and book it again as it was.
    ReverseAndRebook,
    /// Undo the fact: it is booked elsewhere, too.
    Reverse,
    /// Send back what nobody ordered, or say why it is kept.
    ReturnSurplus,
    /// Have the store connect, which sends what is missing, and look whether it is.
    Reconnect,
    /// Compare with the paper and note what happened.
    ComparePaper,
    /// Set the clock of the store's machine.
    SetClock,
    /// Look at the facts, and have the store close the day again with them.
    CloseAgain,
    /// Ask the parties of the transfer, and settle what does not arrive.
    SettleTransfer,
    /// Correct the catalog.
    CorrectCatalog,
    /// Ask whoever sold why.
    AskStore,
    /// Look at the store's machine: it may have been cloned or restored, or may hold a change that
    /// is refused.
    InspectMachine,
}

impl Proposal {
    /// Every proposal.
    pub const ALL: [Self; 14] = [
        Self::Rebuild,
        Self::RebuildAtStore,
        Self::Count,
        Self::ReverseAndRebook,
        Self::Reverse,
        Self::ReturnSurplus,
        Self::Reconnect,
        Self::ComparePaper,
        Self::SetClock,
        Self::CloseAgain,
        Self::SettleTransfer,
        Self::CorrectCatalog,
        Self::AskStore,
        Self::InspectMachine,
    ];

    /// Its name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rebuild => "rebuild",
            Self::RebuildAtStore => "rebuild-at-store",
            Self::Count => "count",
            Self::ReverseAndRebook => "reverse-and-rebook",
            Self::Reverse => "reverse",
            Self::ReturnSurplus => "return-surplus",
            Self::Reconnect => "reconnect",
            Self::ComparePaper => "compare-paper",
            Self::SetClock => "set-clock",
            Self::CloseAgain => "close-again",
            Self::SettleTransfer => "settle-transfer",
            Self::CorrectCatalog => "correct-catalog",
            Self::AskStore => "ask-store",
            Self::InspectMachine => "inspect-machine",
        }
    }

    /// The proposal of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|proposal| proposal.name() == name)
    }
}

macro_rules! named {
    ($name:ident, $what:literal) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.name())
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let bad = || IdError::Malformed { what: $what, text: text.to_owned() };
                Self::named(text).ok_or_else(bad)
            }
        }
    };
}

named!(Check, "check");
named!(Severity, "severity");
named!(Proposal, "proposal");
