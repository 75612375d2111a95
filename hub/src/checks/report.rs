//! A report of the checks: the same types in the archive, in the local API and in `--json`.

use ledger::check::{Check, Finding, Observed, Proposal, Severity};
use ledger::id::{BillNo, FactId, Sku, StoreId};
use ledger::time::{BusinessDate, Timestamp};
use serde::{Deserialize, Serialize};

use crate::text::{self, Amount, Units};

/// What a run looks at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// One store only; none: all of them, and what concerns the chain as a whole.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreId>,
    /// Leaves out what is wrong with, or began on, an earlier day.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub since: Option<BusinessDate>,
}

impl Scope {
    /// Whether something at this store and on this day is looked at.
    pub fn covers(&self, store: Option<&StoreId>, date: Option<BusinessDate>) -> bool {
        let here = self.store.is_none() || self.store.as_ref() == store;
        let then = self.since.zip(date).is_none_or(|(since, date)| date >= since);
        here && then
    }

    /// Whether all that the other scope looks at is looked at.
    pub fn contains(&self, other: &Self) -> bool {
        let stores = self.store.is_none() || self.store == other.store;
        let days = self.since.is_none_or(|mine| other.since.is_some_and(|since| since >= mine));
        stores && days
    }
}

/// What a run of the checks found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckReport {
    /// Its number, from one.
    pub number: u64,
    /// When it was made.
    #[serde(with = "text::instant")]
    pub at: Timestamp,
    /// What was looked at.
    pub scope: Scope,
    /// In how many stores.
    pub stores: u64,
    /// At how many facts.
    pub facts: u64,
    /// What does not agree. Empty: nothing was found.
    pub findings: Vec<CheckFinding>,
    /// How many more there are than [`MAX_FINDINGS`](super::MAX_FINDINGS).
    pub left_out: u64,
    /// What the earlier report found and this one no longer does.
    pub resolved: Vec<CheckFinding>,
    /// The number of that earlier report, if there is one that looked at all that this one did.
    pub compared_with: Option<u64>,
}

impl CheckReport {
    /// How many findings are of this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// How many findings the earlier report did not have.
    pub fn fresh(&self) -> usize {
        self.findings.iter().filter(|finding| finding.state == State::New).count()
    }

    /// Whether the numbers can be trusted: no finding is an error, and none is left out.
    pub fn is_sound(&self) -> bool {
        self.count(Severity::Error) == 0 && self.left_out == 0
    }
}

/// Something that does not agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckFinding {
    /// Which check says so.
    #[serde(with = "text")]
    pub check: Check,
    /// How bad it is.
    #[serde(with = "text")]
    pub severity: Severity,
    /// Whether the report before had it.
    pub state: State,
    /// Where; none: in the chain as a whole.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreId>,
    /// Of what.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub sku: Option<Sku>,
    /// On which day, or since which.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub date: Option<BusinessDate>,
    /// The first divergent fact.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub fact: Option<FactId>,
    /// On which line of its receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// What was due.
    pub expected: Seen,
    /// What was found.
    pub found: Seen,
    /// What to do.
    #[serde(with = "text")]
    pub proposal: Proposal,
}

/// What makes a finding the same in two reports.
pub type Identity =
    (Check, Option<StoreId>, Option<Sku>, Option<BusinessDate>, Option<FactId>, Option<usize>);

impl CheckFinding {
    /// As a check tells it, not seen before.
    pub fn of(finding: &Finding) -> Self {
        Self {
            check: finding.check,
            severity: finding.severity(),
            state: State::New,
            store: finding.store.clone(),
            sku: finding.sku.clone(),
            date: finding.date,
            fact: finding.first_divergent,
            line: finding.evidence.line,
            expected: Seen::of(&finding.evidence.expected),
            found: Seen::of(&finding.evidence.found),
            proposal: finding.proposal,
        }
    }

    /// What it is about, whatever the amounts: they move while it stays the same fault.
    pub fn identity(&self) -> Identity {
        (self.check, self.store.clone(), self.sku.clone(), self.date, self.fact, self.line)
    }
}

/// Whether an earlier report had a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It had not, or there is none.
    New,
    /// It had.
    Persisting,
    /// It had, and now it is gone.
    Resolved,
}

impl State {
    /// Its name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Persisting => "persisting",
            Self::Resolved => "resolved",
        }
    }
}

/// One side of the evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Seen {
    /// It isn't there.
    Nothing,
    /// Goods and what they cost.
    Stock {
        /// How many.
        quantity: Units,
        /// What they cost.
        value: Amount,
    },
    /// Goods.
    Quantity(Units),
    /// Money.
    Money(Amount),
    /// A fact.
    Fact(#[serde(with = "text")] FactId),
    /// A bill.
    Bill(#[serde(with = "text")] BillNo),
    /// Numbers of facts or bills.
    Numbers {
        /// The first.
        first: u64,
        /// The last.
        last: u64,
    },
    /// How many.
    Count(u64),
    /// An instant.
    Time(#[serde(with = "text::instant")] Timestamp),
    /// A day.
    Day(#[serde(with = "text")] BusinessDate),
}

impl Seen {
    fn of(observed: &Observed) -> Self {
        match observed {
            Observed::Nothing => Self::Nothing,
            Observed::Stock(stock) => {
                Self::Stock { quantity: Units(stock.quantity), value: Amount(stock.value) }
            }
            Observed::Quantity(quantity) => Self::Quantity(Units(*quantity)),
            Observed::Money(money) => Self::Money(Amount(*money)),
            Observed::Fact(id) => Self::Fact(*id),
            Observed::Bill(bill) => Self::Bill(bill.clone()),
            Observed::Numbers(first, last) => Self::Numbers { first: *first, last: *last },
            Observed::Count(count) => Self::Count(*count),
            Observed::Time(at) => Self::Time(*at),
            Observed::Day(date) => Self::Day(*date),
        }
    }
}
