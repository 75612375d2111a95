//! The day close (日结): what a store says of a day when it ends it.
//!
//! A close is a fact of the day's own book, without movements. It covers every other fact that the
//! book held then, and says what they add up to: which they are, a seal over their texts, counts,
//! money, accounts, and the stock of the evening. From then on nothing is booked to the day; what is
//! found out late goes to the next open day and names its true one.
//!
//! Days overlap in a history (yesterday is closed while today sells), so the seal is a chain through
//! the day's facts alone. [`Figures::history`] seals all that the store had booked before the close.

mod stock;
mod tally;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::chain::ChainLink;
use crate::fact::{Body, Fact};
use crate::fold::Balance;
use crate::id::{Epoch, FactId, StoreId};
use crate::json::{self, FactTextError};
use crate::measure::Measure;
use crate::post::Header;
use crate::time::BusinessDate;

pub use stock::{ClosingStock, StockDigest, StockSummary};
pub use tally::{MAX_MARKS, Mark, Marks, Tally};

/// What a store says of a day, as it is kept: the text that is signed, and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayClose {
    statement: Box<str>,
    figures: Figures,
    signature: Option<Box<str>>,
}

impl DayClose {
    /// Puts figures in writing. Nobody has signed them yet.
    pub fn new(figures: Figures) -> Self {
        let statement = json::statement_text(&figures).into();
        Self { statement, figures, signature: None }
    }

    /// The same, with a signature over [`DayClose::statement`].
    #[must_use]
    pub fn signed(self, signature: Box<str>) -> Self {
        Self { signature: Some(signature), ..self }
    }

    /// Reads a statement back. Its text stays as it is: it is what was signed.
    pub(crate) fn read(
        statement: &str,
        signature: Option<Box<str>>,
    ) -> Result<Self, FactTextError> {
        let figures = json::read_statement(statement)?;
        Ok(Self { statement: statement.into(), figures, signature })
    }

    /// The text that is signed.
    pub fn statement(&self) -> &str {
        &self.statement
    }

    /// What it says.
    pub const fn figures(&self) -> &Figures {
        &self.figures
    }

    /// The signature, in a form that this crate knows nothing of; none for a store without a key.
    pub fn signature(&self) -> Option<&str> {
        self.signature.as_deref()
    }
}

/// What a day's facts add up to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// Whose day.
    pub store: StoreId,
    /// Which day.
    pub date: BusinessDate,
    /// The facts that are covered, by epoch.
    pub runs: Vec<Run>,
    /// The end of the chain through the covered facts, in the order of their ids.
    pub seal: ChainLink,
    /// Places of that chain, by which two replicas that differ find out where.
    pub marks: Marks,
    /// The last fact that the store had booked before the close, whatever its day.
    pub history: Standing,
    /// How many facts there are of each kind.
    pub kinds: BTreeMap<Box<str>, u64>,
    /// The day's totals; what is not named is nothing.
    pub totals: BTreeMap<Measure, i64>,
    /// What each account gained, by its name; transfers under way together.
    pub accounts: BTreeMap<Box<str>, Balance>,
    /// What was on hand in the evening.
    pub stock: StockSummary,
}

impl Figures {
    /// How many facts are covered.
    pub fn facts(&self) -> u64 {
        self.runs.iter().map(|run| run.facts).fold(0, u64::saturating_add)
    }
}

/// The covered facts of one epoch. Facts of other days may lie between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Their epoch.
    pub epoch: Epoch,
    /// The number of the first.
    pub first: u64,
    /// The number of the last.
    pub last: u64,
    /// How many they are.
    pub facts: u64,
}

impl Run {
    /// Whether a fact of this name can be among them.
    pub fn spans(&self, id: FactId) -> bool {
        self.epoch == id.epoch && (self.first..=self.last).contains(&id.seq)
    }
}

/// Where a history stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The epoch.
    pub epoch: Epoch,
    /// The number of the last fact; 0 before the first.
    pub seq: u64,
    /// The chain's link after it.
    pub link: ChainLink,
}

/// The fact that closes a day.
pub fn close(header: Header, close: DayClose) -> Fact {
    header.fact(Body::DayClose(Box::new(close)), Vec::new())
}
