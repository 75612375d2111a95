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

use serde::{Deserialize, Serialize};

use super::{Check, Evidence, Finding, Observed, Proposal};
use crate::amount::Quantity;
use crate::fact::{Body, Fact, Stated};
use crate::id::{FactId, Sku, StoreId};
use crate::movement::{Account, Movement};
use crate::time::BusinessDate;

/// The checks of one store. Statements are of a day, and a day's are held.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Statements {
    store: StoreId,
    #[serde(skip)]
    today: BTreeMap<Sku, (FactId, Stated)>,
    /// What was found wrong, until it is known which statements were reversed.
    told: Vec<(FactId, Finding)>,
    undone: BTreeSet<FactId>,
}

impl Statements {
    /// Of a store that has stated nothing.
    pub fn new(store: &StoreId) -> Self {
        let (today, told, undone) = (BTreeMap::new(), Vec::new(), BTreeSet::new());
        Self { store: store.clone(), today, told, undone }
    }

    /// Takes a fact of the open day in.
    pub fn fact(&mut self, fact: &Fact) {
        match &fact.body {
            Body::Statement { lines } => {
                for line in lines {
                    self.today.insert(line.sku.clone(), (fact.id, line.clone()));
                }
            }
            Body::Reversal { of, .. } => {
                self.undone.insert(*of);
            }
            _ => {}
        }
    }

    /// Ends the open day and compares what was stated of it with its facts, in their order, and with
    /// what they say is on hand in the evening.
    pub fn close_day<'f>(
        &mut self,
        date: BusinessDate,
        facts: &(impl Iterator<Item = &'f Fact> + Clone),
        on_hand: impl Fn(&Sku) -> i128,
    ) {
        for (sku, (fact, stated)) in std::mem::take(&mut self.today) {
            let into = |account: Account| {
                let sku = &sku;
                facts.clone().map(move |fact| (fact.id, entered(fact, &account, sku)))
            };
            let sold = compared(stated.sold, into(Account::Customer), fact);
            let scrapped = compared(stated.scrapped, into(Account::Scrap), fact);
            let at_hand = on_hand(&sku);
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

/// How much of a SKU a fact brought into an account; negative when it took some out.
fn entered(fact: &Fact, account: &Account, sku: &Sku) -> i128 {
    let movements = fact.movements.iter().filter(|movement| movement.sku == *sku);
    let legs = movements.flat_map(Movement::legs);
    legs.filter(|(leg, ..)| *leg == account).map(|(_, quantity, _)| thousandths(quantity)).sum()
}

fn thousandths(quantity: Quantity) -> i128 {
    quantity.thousandths().into()
}
