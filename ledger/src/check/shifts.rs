//! Shifts: what a close says ought to be in the drawer is what the shift's facts come to; what was counted is not
//! far from it; and a shift ends.
//!
//! *Fails on*: a close that reckons with other facts; a fact of a shift that nobody opened; a difference beyond
//! the limit; a shift that is open for longer than it may.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::limits::Limits;
use super::{Check, Evidence, Finding, Observed, Proposal};
use crate::fact::{Body, Fact, PaymentMethod};
use crate::id::{FactId, StoreId};
use crate::shift::{Act, Counted, Drawer};
use crate::time::{BusinessDate, Timestamp};

const METHODS: usize = PaymentMethod::ALL.len();

/// The check of one store.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Shifts {
    store: StoreId,
    /// Those that wait for a fact. A close that agrees with what came before it settles its shift.
    waiting: BTreeMap<FactId, Shift>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Shift {
    /// Where and when it was opened. A clock set back puts sales before it.
    opened: Option<(BusinessDate, Timestamp)>,
    /// The first fact that names it.
    first: Option<(BusinessDate, FactId)>,
    sums: [i128; METHODS],
    closed: Option<(BusinessDate, FactId)>,
    said: [i128; METHODS],
}

impl Shifts {
    /// Of a store without facts.
    pub fn new(store: &StoreId) -> Self {
        Self { store: store.clone(), waiting: BTreeMap::new() }
    }

    /// Takes a fact in.
    pub fn fact(&mut self, fact: &Fact, limits: Limits, found: &mut Vec<Finding>) {
        let opens = matches!(fact.body, Body::Shift(Act::Opened { .. }));
        let Some(id) = fact.shift.or(opens.then_some(fact.id)) else { return };
        let shift = self.waiting.entry(id).or_default();
        let mut drawer = Drawer::default();
        drawer.add(fact);
        shift.sums.iter_mut().zip(drawer.sums()).for_each(|(sum, more)| *sum += more);
        if opens {
            shift.opened = Some((fact.date, fact.at));
        } else {
            shift.first = shift.first.or(Some((fact.date, fact.id)));
        }
        if let Body::Shift(Act::Closed { counts }) = &fact.body {
            found.extend(counts.iter().filter_map(|count| difference(fact, count, limits)));
            shift.closed = Some((fact.date, fact.id));
            shift.said = said(counts);
        }
        if shift.opened.is_some() && shift.closed.is_some() && shift.said == shift.sums {
            self.waiting.remove(&id);
        }
    }

    /// Whether none waits for its close.
    pub fn are_closed(&self) -> bool {
        self.waiting.values().all(|shift| shift.closed.is_some())
    }

    /// What is left to tell.
    pub fn finish(self, now: Timestamp, limits: Limits, found: &mut Vec<Finding>) {
        for (id, shift) in self.waiting {
            let finding = |check, (date, fact), (expected, seen), proposal| Finding {
                date: Some(date),
                first_divergent: Some(fact),
                ..Finding::of_store(check, &self.store, Evidence::new(expected, seen), proposal)
            };
            if let (None, Some(first)) = (shift.opened, shift.first) {
                let evidence = (Observed::Fact(id), Observed::Nothing);
                let proposal = Proposal::ComparePaper;
                found.push(finding(Check::ShiftTakings, first, evidence, proposal));
            } else if let Some(close) = shift.closed {
                let differs = |at: &usize| shift.sums[*at] != shift.said[*at];
                found.extend((0..METHODS).find(differs).map(|at| {
                    let sides = (Observed::Money(shift.sums[at]), Observed::Money(shift.said[at]));
                    let subject = Some(PaymentMethod::ALL[at].name().into());
                    let told = finding(Check::ShiftTakings, close, sides, Proposal::AskStore);
                    Finding { subject, ..told }
                }));
            } else if let Some((date, at)) = shift.opened {
                let days = (now.millis() - at.millis()) / super::limits::DAY_MS;
                if days > i64::from(limits.shift_days) {
                    let most = Observed::Days(limits.shift_days.into());
                    let sides = (most, Observed::Days(days));
                    let at = (date, id);
                    found.push(finding(Check::ShiftOpen, at, sides, Proposal::AskStore));
                }
            }
        }
    }
}

fn said(counts: &[Counted]) -> [i128; METHODS] {
    let mut said = [0; METHODS];
    for (sum, method) in said.iter_mut().zip(PaymentMethod::ALL) {
        let of = counts.iter().filter(|count| count.method == method);
        *sum = of.map(|count| i128::from(count.expected.ten_thousandths())).sum();
    }
    said
}

fn difference(fact: &Fact, count: &Counted, limits: Limits) -> Option<Finding> {
    let counted = i128::from(count.counted?.ten_thousandths());
    let beyond = count.difference()?.unsigned_abs() > limits.shift_money();
    let expected = Observed::Money(count.expected.ten_thousandths().into());
    let evidence = Evidence::new(expected, Observed::Money(counted));
    let finding = Finding::at(Check::ShiftDifference, fact, evidence, Proposal::AskStore);
    beyond.then_some(Finding { subject: Some(count.method.name().into()), ..finding })
}
