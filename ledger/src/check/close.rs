//! The signed close: what a store said of a day when it closed it is what its facts here add up to,
//! the stock of the evening among it, and the store's key has signed it.
//!
//! *Fails on*: a fact of a closed day that is missing here, or came after the close (a restored
//! machine that did not know of it), or is another one; a fact of a day before that came after the
//! close and is missing in the stock of the evening; a number in the close that its facts do not
//! make; a close that nobody of the store has signed.

use serde::{Deserialize, Serialize};

use super::skus::{Number, Skus, at};
use super::{Check, Evidence, Finding, Observed, Proposal};
use crate::chain::ChainLink;
use crate::close::{DayClose, Figures, StockDigest, StockSummary, Tally};
use crate::fact::{Body, Fact};
use crate::fold::Balance;
use crate::id::{FactId, StoreId};
use crate::measure::Measure;

/// The check of one store.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Closes {
    store: StoreId,
    /// The digest of what was on hand when a close was last looked at: most SKUs don't move in a day.
    #[serde(skip)]
    digest: StockDigest,
    #[serde(skip)]
    digested: Vec<Balance>,
    /// The first fact that the closes of its day and those before it do not know, as far as they
    /// tell: the evenings after it differ by it.
    unknown: Option<FactId>,
}

/// What only the keeper of the books knows of a close.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Witness {
    /// Whether it is signed.
    pub signature: Signature,
    /// The link of the store's history where [`Figures::history`] names one, if it is held.
    pub link: Option<ChainLink>,
}

/// Whether a close is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signature {
    /// By a key of the store.
    Good,
    /// By nobody, or by someone else.
    Bad,
}

impl Closes {
    /// Of a store that has closed nothing.
    pub(super) fn new(store: &StoreId) -> Self {
        let digest = StockDigest::default();
        Self { store: store.clone(), digest, digested: Vec::new(), unknown: None }
    }

    /// Compares a day's facts, and what they leave on hand, with its newest close, if it has one.
    pub(super) fn judge<'f>(
        &mut self,
        facts: impl Iterator<Item = (&'f Fact, &'f str)> + Clone,
        skus: &Skus,
        stock: impl Fn(Number) -> Balance,
        witness: impl FnOnce(&DayClose) -> Witness,
    ) -> Vec<Finding> {
        self.compare(facts, |closes| closes.summary(skus, stock), witness)
    }

    /// As [`Closes::judge`]; `stock` says what is on hand in the evening, if that is asked.
    fn compare<'f>(
        &mut self,
        facts: impl Iterator<Item = (&'f Fact, &'f str)> + Clone,
        stock: impl FnOnce(&mut Self) -> StockSummary,
        witness: impl FnOnce(&DayClose) -> Witness,
    ) -> Vec<Finding> {
        let Some((fact, close)) = facts.clone().filter_map(|(fact, _)| closing(fact)).last() else {
            // Whoever closes a day closes all before it that have facts: if a later day is closed, its
            // close knew none of these.
            let first = || facts.clone().next().map(|(fact, _)| fact.id);
            self.unknown = self.unknown.or_else(first);
            return Vec::new();
        };
        let (mut tally, mut covered) = (Tally::new(&self.store, fact.date), Vec::new());
        for (fact, text) in facts.filter(|(fact, _)| closing(fact).is_none()) {
            tally.fact(fact, text);
            covered.push(fact.id);
        }
        let mut found = Vec::new();
        let witness = witness(close);
        if witness.signature == Signature::Bad {
            let evidence = Evidence::new(Observed::Fact(fact.id), Observed::Nothing);
            found.push(Finding::at(Check::CloseSignature, fact, evidence, Proposal::ComparePaper));
        }
        let said = close.figures();
        let own = tally.finish(said.history, stock(self));
        let difference = difference(said, &own, &covered)
            .or_else(|| evening(said, &own, self.unknown))
            .or_else(|| history(said, witness.link));
        if said.stock == own.stock {
            self.unknown = None;
        } else {
            self.unknown = self.unknown.or_else(|| uncovered(said, &covered)?.first);
        }
        found.extend(difference.map(|difference| self.finding(fact, difference)));
        found
    }

    /// What is on hand in the evening, in a few numbers.
    fn summary(&mut self, skus: &Skus, evening: impl Fn(Number) -> Balance) -> StockSummary {
        let (mut count, mut total) = (0, Balance::default());
        for (sku, number) in skus.iter() {
            let (now, before) = (evening(number), at(&mut self.digested, number));
            if now != *before {
                self.digest.replace(sku, *before, now);
                *before = now;
            }
            if now != Balance::default() {
                count += 1;
                total.add(now);
            }
        }
        StockSummary { skus: count, total, digest: self.digest }
    }

    fn finding(&self, close: &Fact, difference: Difference) -> Finding {
        let Difference { first, expected, found, proposal } = difference;
        Finding {
            check: Check::SignedClose,
            store: Some(self.store.clone()),
            sku: None,
            date: Some(close.date),
            first_divergent: Some(first.unwrap_or(close.id)),
            subject: None,
            evidence: Evidence::new(expected, found),
            proposal,
        }
    }
}

/// Where a close and the facts first differ.
struct Difference {
    /// The fact; none: the close itself.
    first: Option<FactId>,
    expected: Observed,
    found: Observed,
    proposal: Proposal,
}

fn closing(fact: &Fact) -> Option<(&Fact, &DayClose)> {
    match &fact.body {
        Body::DayClose(close) => Some((fact, close)),
        _ => None,
    }
}

/// The first thing in which a close and the day's facts differ: which facts there are, what stands
/// in them, what they add up to.
fn difference(said: &Figures, own: &Figures, facts: &[FactId]) -> Option<Difference> {
    uncovered(said, facts)
        .or_else(|| missing(said, own, facts))
        .or_else(|| changed(said, own, facts))
        .or_else(|| sums(said, own))
}

/// A fact that the close does not know.
fn uncovered(said: &Figures, facts: &[FactId]) -> Option<Difference> {
    let known = |id: FactId| said.runs.iter().any(|run| run.spans(id));
    let first = *facts.iter().find(|id| !known(**id))?;
    let found = Observed::Fact(first);
    let proposal = Proposal::CloseAgain;
    Some(Difference { first: Some(first), expected: Observed::Nothing, found, proposal })
}

/// Facts of the close that are not here, or more than it counted.
fn missing(said: &Figures, own: &Figures, facts: &[FactId]) -> Option<Difference> {
    let run = said.runs.iter().find(|run| !own.runs.contains(run))?;
    let (epoch, here) = (run.epoch, facts.iter().filter(|id| run.spans(**id)).count() as u64);
    let ends = [run.first, run.last].map(|seq| FactId { epoch, seq });
    let first = ends.into_iter().find(|end| !facts.contains(end));
    let proposal = if here < run.facts { Proposal::Reconnect } else { Proposal::CloseAgain };
    Some(Difference {
        first: first.or_else(|| first_of_part(said, own, facts)),
        expected: Observed::Count(run.facts),
        found: Observed::Count(here),
        proposal,
    })
}

/// As many facts as were closed, but not the same.
fn changed(said: &Figures, own: &Figures, facts: &[FactId]) -> Option<Difference> {
    if said.seal == own.seal {
        return None;
    }
    let first = first_of_part(said, own, facts);
    let found = first.or(facts.first().copied()).map_or(Observed::Nothing, Observed::Fact);
    Some(Difference { first, expected: Observed::Nothing, found, proposal: Proposal::ComparePaper })
}

/// The first fact of the first part of the day in which the two differ.
fn first_of_part(said: &Figures, own: &Figures, facts: &[FactId]) -> Option<FactId> {
    if said.marks.stride != own.marks.stride {
        return facts.first().copied();
    }
    let same = said.marks.marks.iter().zip(&own.marks.marks).take_while(|(a, b)| a == b).count();
    let before = usize::try_from(own.marks.stride).ok()?.saturating_mul(same);
    facts.get(before).or(facts.last()).copied()
}

/// The same facts, added up otherwise.
fn sums(said: &Figures, own: &Figures) -> Option<Difference> {
    let (expected, found) = other_total(said, own)
        .or_else(|| other_count(said, own))
        .or_else(|| other_account(said, own))?;
    Some(Difference { first: None, expected, found, proposal: Proposal::ComparePaper })
}

fn other_total(said: &Figures, own: &Figures) -> Option<(Observed, Observed)> {
    let of = |figures: &Figures, measure| figures.totals.get(&measure).copied().unwrap_or(0);
    let mut measures = Measure::ALL.into_iter();
    let measure = measures.find(|measure| of(said, *measure) != of(own, *measure))?;
    let seen = |figures| Observed::Money(of(figures, measure).into());
    Some((seen(own), seen(said)))
}

fn other_count(said: &Figures, own: &Figures) -> Option<(Observed, Observed)> {
    let of = |figures: &Figures, kind: &str| figures.kinds.get(kind).copied().unwrap_or(0);
    let mut kinds = said.kinds.keys().chain(own.kinds.keys());
    let kind = kinds.find(|kind| of(said, kind) != of(own, kind))?;
    Some((Observed::Count(of(own, kind)), Observed::Count(of(said, kind))))
}

fn other_account(said: &Figures, own: &Figures) -> Option<(Observed, Observed)> {
    let of = |figures: &Figures, name: &str| -> Balance {
        figures.accounts.get(name).copied().unwrap_or_default()
    };
    let mut names = said.accounts.keys().chain(own.accounts.keys());
    let name = names.find(|name| of(said, name) != of(own, name))?;
    Some((Observed::Stock(of(own, name)), Observed::Stock(of(said, name))))
}

/// The stock of the evening is another one: the day's own sums are right, so it was before the day,
/// by a fact that came after the close where one is known.
fn evening(said: &Figures, own: &Figures, unknown: Option<FactId>) -> Option<Difference> {
    let seen = |figures: &Figures| Observed::Stock(figures.stock.total);
    let proposal = if unknown.is_some() { Proposal::CloseAgain } else { Proposal::ComparePaper };
    let (first, expected, found) = (unknown, seen(own), seen(said));
    (said.stock != own.stock).then_some(Difference { first, expected, found, proposal })
}

/// The history before the close is another one. What is not held says nothing: it may yet come.
fn history(said: &Figures, link: Option<ChainLink>) -> Option<Difference> {
    if link.is_none_or(|link| link == said.history.link) {
        return None;
    }
    let first = FactId { epoch: said.history.epoch, seq: said.history.seq };
    Some(Difference {
        first: Some(first),
        expected: Observed::Nothing,
        found: Observed::Fact(first),
        proposal: Proposal::ComparePaper,
    })
}

#[cfg(test)]
mod tests;
