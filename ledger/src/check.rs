//! Consistency checks (数据核对): what facts and the kept numbers must agree on, and where they
//! first do not.
//!
//! A store's facts pass through [`StoreChecks`] day by day, the oldest first, with what the books
//! keep of each day; the chain's balances pass through [`accounts::Accounts`]. Each check is a fold
//! without a clock, a disk or chance, so the same books always give the same findings. At most one
//! day of one store is held, and a few numbers for each SKU.
//!
//! | room | proves |
//! |---|---|
//! | [`stock`] | opening + in − out = closing, for each day and SKU |
//! | [`accounts`] | what left one account entered another |
//! | [`sequence`], [`bills`] | no fact and no bill is missing or there twice |
//! | [`shelf`] | nothing on hand is less than nothing, or worth something while there is none |
//! | [`receipt`] | lines, payments and moved goods of a receipt agree |
//! | [`clock`] | days and times follow one another |
//! | [`references`] | a fact that is named exists |
//! | [`close`] | a closed day is what its store has signed |

pub mod accounts;
pub mod bills;
pub mod clock;
pub mod close;
mod finding;
mod numbers;
pub mod receipt;
pub mod references;
pub mod sequence;
pub mod shelf;
pub mod stock;

#[cfg(test)]
mod example;
#[cfg(test)]
mod tests;

use crate::fact::Fact;
use crate::fold::Balance;
use crate::id::{Sku, StoreId};
use crate::time::{BusinessDate, Timestamp};

pub use finding::{Check, Evidence, Finding, Observed, Proposal, Severity};
pub use stock::KeptFlow;

/// Every check of one store, fed with its facts.
///
/// For each day, the oldest first: its facts in the order of their ids, then
/// [`StoreChecks::close_day`]. After the last day: [`StoreChecks::finish`].
#[derive(Debug)]
pub struct StoreChecks {
    stock: stock::StockEquation,
    sequence: sequence::Sequence,
    bills: bills::Bills,
    shelf: shelf::Shelf,
    clock: clock::Clock,
    references: references::References,
    found: Vec<Finding>,
}

impl StoreChecks {
    /// The checks of a store, at a moment that no fact can be later than.
    pub fn new(store: &StoreId, now: Timestamp) -> Self {
        Self {
            stock: stock::StockEquation::new(store),
            sequence: sequence::Sequence::new(store),
            bills: bills::Bills::new(),
            shelf: shelf::Shelf::new(store),
            clock: clock::Clock::new(now),
            references: references::References::new(),
            found: Vec::new(),
        }
    }

    /// Takes the next fact in.
    pub fn fact(&mut self, fact: &Fact) {
        let found = &mut self.found;
        self.sequence.fact(fact, found);
        self.bills.fact(fact, found);
        self.clock.fact(fact, found);
        self.references.fact(fact);
        self.stock.fact(fact);
        self.shelf.fact(fact);
        found.extend(receipt::check(fact));
    }

    /// Ends a day, with what the books keep of it.
    pub fn close_day(&mut self, date: BusinessDate, kept: &[KeptFlow]) {
        self.stock.close_day(date, kept, &mut self.found);
        self.bills.close_day(&mut self.found);
    }

    /// Takes what was found so far, so that a caller need not hold more than it wants.
    pub fn take_found(&mut self) -> Vec<Finding> {
        std::mem::take(&mut self.found)
    }

    /// Ends the store, with what the books say is on hand, lot by lot, and gives what is left to
    /// tell.
    pub fn finish(self, on_hand: impl IntoIterator<Item = (Sku, Balance)>) -> Vec<Finding> {
        let Self { stock, sequence, shelf, references, mut found, .. } = self;
        stock.finish(on_hand, &mut found);
        sequence.finish(&mut found);
        shelf.finish(&mut found);
        references.finish(&mut found);
        found
    }
}
