//! Bill numbers: `<store>-<series>-<day>-<count>` names one fact, that store's, of that history and
//! day, and a day's counts have no gaps.
//!
//! *Fails on*: two facts with one bill number; a count that is missing before one that is there; a
//! bill that names another store, history or day than its fact.

use std::collections::{BTreeMap, BTreeSet};

use super::numbers::{Numbers, Seen};
use super::{Check, Evidence, Finding, Observed, Proposal};
use crate::fact::Fact;
use crate::id::{BillNo, Epoch};
use crate::time::BusinessDate;

/// The checks of one store. Bills name their day, so only a day's are held.
#[derive(Debug, Clone, Default)]
pub struct Bills {
    today: BTreeMap<Epoch, Series>,
    /// Bills of no series.
    others: BTreeSet<BillNo>,
}

#[derive(Debug, Clone)]
struct Series {
    /// The day, and how bills of that day begin.
    day: (BusinessDate, String),
    counts: Numbers,
    /// A finding at each count that does not follow one that is there: should a gap remain before
    /// it in the evening, it is told.
    after_gap: BTreeMap<u64, Finding>,
}

impl Bills {
    /// Of a store without bills.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a fact of the open day in.
    pub fn fact(&mut self, fact: &Fact, found: &mut Vec<Finding>) {
        let series = self.today.entry(fact.id.epoch).or_insert_with(|| Series::of(fact));
        let seen = match series.count(fact) {
            Some(count) => series.add(count, fact),
            None => {
                let (expected, bill) = (Observed::Fact(fact.id), fact.bill.clone());
                let evidence = Evidence::new(expected, Observed::Bill(bill.clone()));
                let proposal = Proposal::ComparePaper;
                found.push(Finding::at(Check::MisnamedBill, fact, evidence, proposal));
                if self.others.insert(bill) { Seen::New } else { Seen::Again }
            }
        };
        if seen == Seen::Again {
            let evidence = Evidence::new(Observed::Nothing, Observed::Bill(fact.bill.clone()));
            let proposal = Proposal::ComparePaper;
            found.push(Finding::at(Check::DuplicateBill, fact, evidence, proposal));
        }
    }

    /// Ends the open day and tells its gaps.
    pub fn close_day(&mut self, found: &mut Vec<Finding>) {
        self.others.clear();
        for mut series in std::mem::take(&mut self.today).into_values() {
            for (first, last) in series.counts.gaps() {
                if let Some(mut finding) = series.after_gap.remove(&(last + 1)) {
                    finding.evidence.expected = Observed::Numbers(first, last);
                    found.push(finding);
                }
            }
        }
    }
}

impl Series {
    /// The series of a fact.
    fn of(fact: &Fact) -> Self {
        let (counts, after_gap) = (Numbers::default(), BTreeMap::new());
        Self { day: (fact.date, prefix(fact)), counts, after_gap }
    }

    /// The count of a bill that names its fact's store, epoch and day.
    fn count(&mut self, fact: &Fact) -> Option<u64> {
        if self.day.0 != fact.date {
            self.day = (fact.date, prefix(fact));
        }
        let count = fact.bill.as_str().strip_prefix(self.day.1.as_str())?;
        let plain = count.bytes().all(|digit| digit.is_ascii_digit());
        count.parse().ok().filter(|count| plain && *count > 0)
    }

    fn add(&mut self, count: u64, fact: &Fact) -> Seen {
        let seen = self.counts.insert(count);
        if count > 1 && seen == Seen::New && !self.counts.contains(count - 1) {
            let evidence = Evidence::new(Observed::Nothing, Observed::Bill(fact.bill.clone()));
            let proposal = Proposal::ComparePaper;
            let finding = Finding::at(Check::MissingBill, fact, evidence, proposal);
            self.after_gap.insert(count, finding);
        }
        seen
    }
}

/// How the bills of a fact's store, epoch and day begin.
fn prefix(fact: &Fact) -> String {
    format!("{}-{}-{}-", fact.store, fact.id.epoch.series(), fact.date.compact())
}
