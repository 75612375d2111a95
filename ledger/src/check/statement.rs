//! Statements: what a shop says of a day, on a sheet of paper or after a count, against what its facts
//! add up to.
//!
//! A statement moves nothing, so nothing follows from it but the comparison. Of what it leaves open
//! nothing is said. Several statements of one product and day: the last one counts, unless it was
//! reversed.
//!
//! *Fails on*: a sheet on which opening − sold − scrapped is not closing; a sheet that says otherwise
//! than the facts of its day, whichever of the two is wrong.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, Evidence, Finding, Observed, Proposal};
use crate::amount::Quantity;
use crate::fact::{Body, Fact, Stated};
use crate::id::{FactId, Sku, StoreId};
use crate::movement::Account;
use crate::time::BusinessDate;

/// The checks of one store. Statements are of a day, so only a day's facts are held, and what is on hand
/// in the evening.
#[derive(Debug, Clone)]
pub struct Statements {
    store: StoreId,
    stated: BTreeMap<Sku, (FactId, Stated)>,
    moves: Vec<Move>,
    on_hand: BTreeMap<Sku, i128>,
    /// Statements of which it is not known yet whether they are reversed: found wrong on their day.
    told: Vec<(FactId, Finding)>,
    undone: BTreeSet<FactId>,
}

/// Goods that a fact of the open day moved.
#[derive(Debug, Clone)]
struct Move {
    fact: FactId,
    sku: Sku,
    sold: i128,
    scrapped: i128,
}

impl Statements {
    /// Of a store with nothing on hand.
    pub fn new(store: &StoreId) -> Self {
        Self {
            store: store.clone(),
            stated: BTreeMap::new(),
            moves: Vec::new(),
            on_hand: BTreeMap::new(),
            told: Vec::new(),
            undone: BTreeSet::new(),
        }
    }

    /// Takes a fact of the open day in.
    pub fn fact(&mut self, fact: &Fact) {
        match &fact.body {
            Body::Statement { lines } => {
                for line in lines {
                    self.stated.insert(line.sku.clone(), (fact.id, line.clone()));
                }
            }
            Body::Reversal { of, .. } => {
                self.undone.insert(*of);
            }
            _ => {}
        }
        for movement in &fact.movements {
            let mut moved = Move { fact: fact.id, sku: movement.sku.clone(), sold: 0, scrapped: 0 };
            for (account, quantity, _) in movement.legs() {
                let quantity = i128::from(quantity.thousandths());
                match account {
                    Account::Customer => moved.sold += quantity,
                    Account::Scrap => moved.scrapped += quantity,
                    Account::OnHand => match self.on_hand.get_mut(&movement.sku) {
                        Some(sum) => *sum += quantity,
                        None => drop(self.on_hand.insert(movement.sku.clone(), quantity)),
                    },
                    _ => {}
                }
            }
            if (moved.sold, moved.scrapped) != (0, 0) {
                self.moves.push(moved);
            }
        }
    }

    /// Ends the open day and compares what was stated of it.
    pub fn close_day(&mut self, date: BusinessDate) {
        let moves = std::mem::take(&mut self.moves);
        for (sku, (fact, stated)) in std::mem::take(&mut self.stated) {
            let of_sku = || moves.iter().filter(|moved| moved.sku == sku);
            let at_hand = self.on_hand.get(&sku).copied().unwrap_or(0);
            let sold = compared(stated.sold, of_sku().map(|m| (m.fact, m.sold)), fact);
            let scrapped = compared(stated.scrapped, of_sku().map(|m| (m.fact, m.scrapped)), fact);
            let closing = stated
                .closing
                .map(thousandths)
                .filter(|closing| *closing != at_hand)
                .map(|closing| (fact, at_hand, closing));
            let told = [
                sum(&stated).map(|(due, found)| (Check::StatementSum, (fact, due, found))),
                sold.or(scrapped).or(closing).map(|differs| (Check::Statement, differs)),
            ];
            for (check, (first, due, found)) in told.into_iter().flatten() {
                let evidence = Evidence::new(Observed::Quantity(due), Observed::Quantity(found));
                let proposal = Proposal::ComparePaper;
                let finding = Finding::of_store(check, &self.store, evidence, proposal);
                let (sku, date, first) = (Some(sku.clone()), Some(date), Some(first));
                let finding = Finding { sku, date, first_divergent: first, ..finding };
                self.told.push((fact, finding));
            }
        }
    }

    /// What stands.
    pub fn finish(self, found: &mut Vec<Finding>) {
        let stands = |(fact, _): &(FactId, Finding)| !self.undone.contains(fact);
        found.extend(self.told.into_iter().filter(stands).map(|(_, finding)| finding));
    }
}

/// What a sheet says of the evening against what follows from its other numbers.
fn sum(stated: &Stated) -> Option<(i128, i128)> {
    let of = |part: Option<Quantity>| part.map(thousandths);
    let due = of(stated.opening)? - of(stated.sold)? - of(stated.scrapped)?;
    let closing = of(stated.closing)?;
    (due != closing).then_some((due, closing))
}

/// What the facts come to and what is stated, if that is not the same, with the fact at which the facts
/// go beyond what is stated; else, when they fall short of it, the statement: no fact is behind it.
fn compared(
    stated: Option<Quantity>,
    facts: impl Iterator<Item = (FactId, i128)>,
    statement: FactId,
) -> Option<(FactId, i128, i128)> {
    let stated = stated.map(thousandths)?;
    let (mut sum, mut beyond) = (0, None);
    for (fact, moved) in facts {
        sum += moved;
        if sum <= stated {
            beyond = None;
        } else if beyond.is_none() {
            beyond = Some(fact);
        }
    }
    (sum != stated).then_some((beyond.unwrap_or(statement), sum, stated))
}

fn thousandths(quantity: Quantity) -> i128 {
    quantity.thousandths().into()
}
