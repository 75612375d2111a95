//! Stocktakes (盘点): counting goes on while the shop sells.
//!
//! A line holds what somebody counted at one place and what the books said at that very moment, which is
//! named by the store's last fact: the *anchor*. Whatever is sold afterwards leaves shelf and books alike,
//! so what was counted less what the books said at the anchor stays the variance (盈亏) until it is posted.
//!
//! Goods may lie at several places, which are counted one after the other. A fact does not say from which
//! place goods went, so a SKU that moves between its first and its last line may have been counted twice
//! or not at all. Its variance is taken at the last anchor, and how far the books moved meanwhile is kept
//! beside it as what the variance is uncertain by. That counts against the tolerance like a difference: a
//! person looks at the goods again, or says why the variance holds.
//!
//! The books are seen at the lines only. Goods that come in and go out between two of them, as many of
//! one as of the other, are not noticed.

mod scope;
mod sheet;

use crate::amount::{AmountError, Quantity};
use crate::id::{Bin, FactId, Lot, Operator, ReasonCode, Sku};

pub use scope::{AbcClass, abc, spot};
pub use sheet::{Item, MAX_SHEET_LINES, Sheet, Standing, Unsettled, Verdict};

/// Which time goods are counted. A round replaces what was counted of the SKU in those before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Round(u32);

impl Round {
    /// The first time, without knowing what the books say (盲盘).
    pub const FIRST: Self = Self(1);

    /// The round with this number; rounds count from one.
    pub const fn new(number: u32) -> Option<Self> {
        if number == 0 { None } else { Some(Self(number)) }
    }

    /// Its number.
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The round after this one (复盘).
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// What somebody counted at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountLine {
    /// Who counted.
    pub counter: Option<Operator>,
    /// Where the goods are.
    pub bin: Option<Bin>,
    /// What.
    pub sku: Sku,
    /// Of which lot, if the code on the goods says. Stock is compared over all lots: sales name none.
    pub lot: Option<Lot>,
    /// How much is there; none at all is an answer too.
    pub quantity: Quantity,
    /// Which time.
    pub round: Round,
    /// The store's last fact at that moment; none before its first.
    pub anchor: Option<FactId>,
    /// What the books said after that fact, over all places.
    pub book: Quantity,
}

/// What the lines of one SKU come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// How much was counted at all places.
    pub counted: Quantity,
    /// What the books said at the last line.
    pub book: Quantity,
    /// The store's last fact then.
    pub anchor: Option<FactId>,
    /// How far the books moved between the first line and the last: what the variance is uncertain by.
    pub moved: Quantity,
}

impl Tally {
    /// Adds up the lines of one SKU and round, in the order in which they were counted. None if there
    /// are none.
    pub fn of<'l>(
        lines: impl IntoIterator<Item = &'l CountLine>,
    ) -> Result<Option<Self>, AmountError> {
        let mut lines = lines.into_iter();
        let Some(first) = lines.next() else { return Ok(None) };
        let CountLine { quantity: counted, book, anchor, .. } = *first;
        let mut tally = Self { counted, book, anchor, moved: Quantity::ZERO };
        for line in lines {
            tally.counted = tally.counted.plus(line.quantity)?;
            tally.moved = tally.moved.plus(line.book.minus(tally.book)?.magnitude())?;
            (tally.book, tally.anchor) = (line.book, line.anchor);
        }
        Ok(Some(tally))
    }

    /// What is there beyond what the books say; negative for what is missing.
    pub fn variance(&self) -> Result<Quantity, AmountError> {
        self.counted.minus(self.book)
    }
}

/// A SKU of a stocktake that is over: what was found, and beside it what the books said. Kept as evidence
/// where the two agree as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// What.
    pub sku: Sku,
    /// What the lines of the round that counts came to.
    pub tally: Tally,
    /// The round that counts.
    pub round: Round,
    /// Why they differ, if somebody said.
    pub reason: Option<ReasonCode>,
}

#[cfg(test)]
mod tests;
