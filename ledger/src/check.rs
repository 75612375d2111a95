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
//! | [`shifts`] | the money of a shift is what its facts come to, and it ends |
//! | [`returns`] | no more of a sale comes back than was sold, at whichever store |
//! | [`clock`] | days and times follow one another |
//! | [`references`] | a fact that is named exists |
//! | [`close`] | a closed day is what its store has signed |
//! | [`statement`] | what a shop says of a day is what its facts add up to |
//! | [`prices`] | the price on the line was the list price, and not below the floor |
//! | [`transfers`] | what left a store arrived at another, or is accounted for |
//! | [`purchases`] | what came was ordered, and the order says what came |
//! | [`invoices`] | an invoice is booked once, for goods that came, and paid once |
//! | [`products`] | a code at the till means one product |
//! | [`serials`] | a single piece is in one place, and was sold once |
//! | [`fleet`] | stores are heard from and hold what the hub holds |
//! | [`replicas`] | store and hub keep the same numbers of the same facts |

pub mod accounts;
pub mod bills;
pub mod clock;
pub mod close;
mod finding;
pub mod fleet;
mod goods;
pub mod invoices;
mod kind;
pub mod limits;
mod numbers;
pub mod prices;
pub mod products;
pub mod purchases;
pub mod receipt;
pub mod references;
pub mod replicas;
pub mod returns;
pub mod sequence;
pub mod serials;
pub mod shelf;
pub mod shifts;
mod skus;
pub mod statement;
pub mod stock;
pub mod transfers;

#[cfg(test)]
mod example;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::close::DayClose;
use crate::fact::Elsewhere;
use crate::fact::Fact;
use crate::fold::Balance;
use crate::id::{FactId, PurchaseId, Sku, StoreId, TransferId};
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
    /// What the fact at hand did to the shelf.
    legs: Vec<skus::Leg>,
    so_far: SoFar,
}

/// What the checks have made of a store's days so far, for who wants to keep it and go on from there.
///
/// Only the program that wrote it can read it: other versions look for other things, and have to look
/// at everything once anyway.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SoFar {
    /// When the last of the facts was recorded, by its own word.
    latest: Option<Timestamp>,
    skus: skus::Skus,
    stock: stock::StockEquation,
    sequence: sequence::Sequence,
    /// Of the open day alone.
    #[serde(skip)]
    bills: bills::Bills,
    shelf: shelf::Shelf,
    clock: clock::Clock,
    references: references::References,
    statements: statement::Statements,
    receipts: receipt::Receipts,
    closes: close::Closes,
    invoices: invoices::Invoices,
    shifts: shifts::Shifts,
    elsewhere: Vec<(Elsewhere, FactId)>,
    transfers: Vec<(TransferId, FactId)>,
    purchases: Vec<(PurchaseId, FactId)>,
    found: Vec<Finding>,
}

impl StoreChecks {
    /// The checks of a store.
    pub fn new(store: &StoreId, terms: Terms) -> Self {
        let so_far = SoFar {
            stock: stock::StockEquation::new(store),
            sequence: sequence::Sequence::new(store),
            bills: bills::Bills::new(),
            shelf: shelf::Shelf::new(store),
            clock: clock::Clock::new(terms.now, terms.limits),
            references: references::References::new(),
            statements: statement::Statements::new(store),
            receipts: receipt::Receipts::default(),
            closes: close::Closes::new(store),
            shifts: shifts::Shifts::new(store),
            elsewhere: Vec::new(),
            skus: skus::Skus::default(),
            invoices: invoices::Invoices::new(store),
            transfers: Vec::new(),
            purchases: Vec::new(),
            found: Vec::new(),
            latest: None,
        };
        Self { terms, legs: Vec::new(), so_far }
    }

    /// Goes on from what was kept after some day, with later facts and under the terms of a later moment.
    pub fn resume(mut so_far: SoFar, terms: Terms) -> Self {
        so_far.clock.set_now(terms.now);
        Self { terms, legs: Vec::new(), so_far }
    }

    /// What the checks have made of the days so far, for [`StoreChecks::resume`].
    pub const fn so_far(&self) -> &SoFar {
        &self.so_far
    }

    /// Takes the next fact in.
    pub fn fact(&mut self, fact: &Fact) {
        let now = &mut self.so_far;
        now.latest = now.latest.max(Some(fact.at));
        now.skus.legs_of(fact, &mut self.legs);
        let found = &mut now.found;
        now.sequence.fact(fact, found);
        now.bills.fact(fact, found);
        now.clock.fact(fact, found);
        now.references.fact(fact);
        now.stock.fact(&self.legs);
        now.shelf.fact(fact, &self.legs, |sku| now.stock.now(sku));
        now.statements.fact(fact);
        let Terms { prices, limits, .. } = &self.terms;
        now.shifts.fact(fact, *limits, found);
        let told = receipt::check(fact).into_iter().chain(prices::check(fact, prices, *limits));
        now.receipts.fact(fact, told, found);
        now.invoices.fact(fact);
        let elsewhere = returns::from_elsewhere(fact);
        now.elsewhere.extend(elsewhere.map(|from| (from.clone(), fact.id)));
        now.transfers.extend(transfers::transfer_of(fact).map(|id| (id.clone(), fact.id)));
        now.purchases.extend(purchases::purchase_of(fact).map(|id| (id.clone(), fact.id)));
    }

    /// Ends a day, with what the books keep of it and, once more, its facts in their order.
    pub fn close_day<'f>(
        &mut self,
        date: BusinessDate,
        kept: &[KeptFlow],
        facts: &(impl Iterator<Item = &'f Fact> + Clone),
    ) {
        let now = &mut self.so_far;
        now.stock.close_day(&mut now.skus, date, kept, facts, &mut now.found);
        now.bills.close_day(&mut now.found);
        let evening = |sku: &Sku| now.skus.find(sku).map(|number| now.stock.now(number));
        let on_hand = |sku: &Sku| evening(sku).map_or(0, |evening| evening.quantity);
        now.statements.close_day(date, facts, on_hand);
    }

    /// Compares the day that was ended last with what its store has signed of it, if it has closed that
    /// day: its facts are given once more, in their order and with their texts. `witness` is asked of a
    /// day that is closed.
    pub fn judge_close<'f>(
        &mut self,
        facts: impl Iterator<Item = (&'f Fact, &'f str)> + Clone,
        witness: impl FnOnce(&DayClose) -> close::Witness,
    ) {
        let now = &mut self.so_far;
        let stock = |number| now.stock.now(number);
        now.found.extend(now.closes.judge(facts, &now.skus, stock, witness));
    }

    /// Whether nothing that was found so far can look otherwise at a later moment: no fact is, or is
    /// nearly, ahead of its time, and no shift is open.
    pub fn is_final(&self) -> bool {
        let bound = self.terms.now.millis().saturating_sub(self.terms.limits.clock_ms());
        self.so_far.latest.is_none_or(|latest| latest.millis() <= bound)
            && self.so_far.shifts.are_closed()
    }

    /// The facts so far that moved goods of transfers, for [`transfers::check`].
    pub fn transfers(&self) -> &[(TransferId, FactId)] {
        &self.so_far.transfers
    }

    /// The facts so far that moved goods of purchase orders, for [`purchases::check`].
    pub fn purchases(&self) -> &[(PurchaseId, FactId)] {
        &self.so_far.purchases
    }

    /// The invoices so far that stand, for [`invoices::twice`].
    pub fn invoices(&self) -> impl Iterator<Item = &invoices::Numbered> {
        self.so_far.invoices.standing()
    }

    /// The facts so far that took goods of other stores' sales back, for [`returns::check`].
    pub fn elsewhere(&self) -> &[(Elsewhere, FactId)] {
        &self.so_far.elsewhere
    }

    /// Takes what was found so far, so that a caller need not hold more than it wants.
    pub fn take_found(&mut self) -> Vec<Finding> {
        std::mem::take(&mut self.so_far.found)
    }

    /// Ends the store, with what the books say is on hand, lot by lot, and gives what is left to
    /// tell.
    pub fn finish(self, on_hand: impl IntoIterator<Item = (Sku, Balance)>) -> Vec<Finding> {
        let SoFar {
            mut stock,
            sequence,
            shelf,
            references,
            receipts,
            statements,
            invoices,
            shifts,
            ..
        } = self.so_far;
        let (mut skus, mut found) = (self.so_far.skus, self.so_far.found);
        stock.finish(&mut skus, on_hand, &mut found);
        sequence.finish(&mut found);
        shelf.finish(&skus, |sku| stock.now(sku), &mut found);
        references.finish(&mut found);
        receipts.finish(&mut found);
        statements.finish(&mut found);
        invoices.finish(&mut found);
        shifts.finish(self.terms.now, self.terms.limits, &mut found);
        found
    }
}
