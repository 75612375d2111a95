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
//! | [`statement`] | what a shop says of a day is what its facts add up to |
//! | [`prices`] | the price on the line was the list price, and not below the floor |
//! | [`transfers`] | what left a store arrived at another, or is accounted for |
//! | [`products`] | a code at the till means one product |
//! | [`fleet`] | stores are heard from and hold what the hub holds |

pub mod accounts;
pub mod bills;
pub mod clock;
pub mod close;
mod finding;
pub mod fleet;
mod kind;
pub mod limits;
mod numbers;
pub mod prices;
pub mod products;
pub mod receipt;
pub mod references;
pub mod sequence;
pub mod shelf;
pub mod statement;
pub mod stock;
pub mod transfers;

#[cfg(test)]
mod example;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::fact::Fact;
use crate::fold::Balance;
use crate::id::{FactId, Sku, StoreId, TransferId};
use crate::time::{BusinessDate, Timestamp};

pub use finding::{Evidence, Finding, Observed, Proposal, Severity};
pub use kind::Check;
pub use limits::Limits;
pub use stock::KeptFlow;

/// By what facts are judged beside themselves.
#[derive(Debug, Clone)]
pub struct Terms {
    /// A moment that no fact can be later than.
    pub now: Timestamp,
    /// How much is too much.
    pub limits: Limits,
    /// What things cost when.
    pub prices: Arc<prices::PriceHistory>,
}

/// Every check of one store, fed with its facts.
///
/// For each day, the oldest first: its facts in the order of their ids, then
/// [`StoreChecks::close_day`]. After the last day: [`StoreChecks::finish`].
#[derive(Debug, Clone)]
pub struct StoreChecks {
    terms: Terms,
    /// When the last of the facts was recorded, by its own word.
    latest: Option<Timestamp>,
    stock: stock::StockEquation,
    sequence: sequence::Sequence,
    bills: bills::Bills,
    shelf: shelf::Shelf,
    clock: clock::Clock,
    references: references::References,
    statements: statement::Statements,
    receipts: receipt::Receipts,
    transfers: Vec<(TransferId, FactId)>,
    found: Vec<Finding>,
}

impl StoreChecks {
    /// The checks of a store.
    pub fn new(store: &StoreId, terms: Terms) -> Self {
        Self {
            stock: stock::StockEquation::new(store),
            sequence: sequence::Sequence::new(store),
            bills: bills::Bills::new(),
            shelf: shelf::Shelf::new(store),
            clock: clock::Clock::new(terms.now, terms.limits),
            references: references::References::new(),
            statements: statement::Statements::new(store),
            receipts: receipt::Receipts::default(),
            transfers: Vec::new(),
            found: Vec::new(),
            latest: None,
            terms,
        }
    }

    /// Takes the next fact in.
    pub fn fact(&mut self, fact: &Fact) {
        self.latest = self.latest.max(Some(fact.at));
        let found = &mut self.found;
        self.sequence.fact(fact, found);
        self.bills.fact(fact, found);
        self.clock.fact(fact, found);
        self.references.fact(fact);
        self.stock.fact(fact);
        self.shelf.fact(fact);
        self.statements.fact(fact);
        let Terms { prices, limits, .. } = &self.terms;
        let told = receipt::check(fact).into_iter().chain(prices::check(fact, prices, *limits));
        self.receipts.fact(fact, told, found);
        self.transfers.extend(transfers::transfer_of(fact).map(|id| (id.clone(), fact.id)));
    }

    /// Ends a day, with what the books keep of it and, once more, its facts in their order.
    pub fn close_day<'f>(
        &mut self,
        date: BusinessDate,
        kept: &[KeptFlow],
        facts: &(impl Iterator<Item = &'f Fact> + Clone),
    ) {
        self.stock.close_day(date, kept, &mut self.found);
        self.bills.close_day(&mut self.found);
        let stock = &self.stock;
        self.statements.close_day(date, facts, |sku| stock.evening(sku));
    }

    /// Goes on with later facts under the terms of a later moment.
    pub fn resume(&mut self, terms: Terms) {
        self.clock.set_now(terms.now);
        self.terms = terms;
    }

    /// Whether nothing that was found so far can look otherwise at a later moment: no fact is, or is
    /// nearly, ahead of its time.
    pub fn is_final(&self) -> bool {
        let bound = self.terms.now.millis().saturating_sub(self.terms.limits.clock_ms());
        self.latest.is_none_or(|latest| latest.millis() <= bound)
    }

    /// How many SKUs are held: what keeping these checks costs.
    pub fn size(&self) -> usize {
        self.stock.size()
    }

    /// The facts so far that moved goods of transfers, for [`transfers::check`].
    pub fn transfers(&self) -> &[(TransferId, FactId)] {
        &self.transfers
    }

    /// Takes what was found so far, so that a caller need not hold more than it wants.
    pub fn take_found(&mut self) -> Vec<Finding> {
        std::mem::take(&mut self.found)
    }

    /// Ends the store, with what the books say is on hand, lot by lot, and gives what is left to
    /// tell.
    pub fn finish(self, on_hand: impl IntoIterator<Item = (Sku, Balance)>) -> Vec<Finding> {
        let Self { stock, sequence, shelf, references, receipts, statements, mut found, .. } = self;
        stock.finish(on_hand, &mut found);
        sequence.finish(&mut found);
        shelf.finish(&mut found);
        references.finish(&mut found);
        receipts.finish(&mut found);
        statements.finish(&mut found);
        found
    }
}
