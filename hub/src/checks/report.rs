//! A report of the checks: the same types in the archive, in the local API and in `--json`.

use ledger::check::{Check, Finding, Observed, Proposal, Severity};
use ledger::id::{BillNo, FactId, Operator, Sku, StoreId};
use ledger::time::{BusinessDate, Timestamp};
use serde::{Deserialize, Serialize};

use super::life::Life;
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
    /// Only what these checks find; none: all of them.
    #[serde(default, with = "text::list", skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
}

impl Scope {
    /// Whether something that a check finds at this store and on this day is looked at.
    pub fn covers(
        &self,
        check: Check,
        store: Option<&StoreId>,
        date: Option<BusinessDate>,
    ) -> bool {
        let here = self.store.is_none() || self.store.as_ref() == store;
        let then = self.since.zip(date).is_none_or(|(since, date)| date >= since);
        here && then && (self.checks.is_empty() || self.checks.contains(&check))
    }

    /// Whether all that the other scope looks at is looked at.
    pub fn contains(&self, other: &Self) -> bool {
        let stores = self.store.is_none() || self.store == other.store;
        let days = self.since.is_none_or(|mine| other.since.is_some_and(|since| since >= mine));
        let checks = self.checks.is_empty()
            || !other.checks.is_empty() && other.checks.iter().all(|c| self.checks.contains(c));
        stores && days && checks
    }
}

/// What a run of the checks found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckReport {
    /// Its number, from one.
    pub number: u64,
    /// What people call the chain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chain: Option<String>,
    /// When it was made.
    #[serde(with = "text::instant")]
    pub at: Timestamp,
    /// What was looked at.
    pub scope: Scope,
    /// In how many stores.
    pub stores: u64,
    /// At how many facts.
    pub facts: u64,
    /// How many of them were read for it; of the others earlier runs knew what they come to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts_read: Option<u64>,
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
    /// Its name in every report: see [`CheckFinding::identity`].
    #[serde(default)]
    pub id: String,
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
    /// Who recorded that fact, if known.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
    /// When, by the store's clock.
    #[serde(default, with = "text::instant::option", skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// What it is about where that is neither goods nor a fact: a transfer, a barcode, a document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// For how many days it has stood, where it began on a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<i64>,
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
    /// What became of it.
    #[serde(default = "open")]
    pub life: Life,
}

/// What became of findings before anybody could say.
const fn open() -> Life {
    Life::Open
}

/// What makes a finding the same in two reports.
pub type Identity = (
    Check,
    Option<StoreId>,
    Option<Sku>,
    Option<BusinessDate>,
    Option<FactId>,
    Option<String>,
    Option<usize>,
);

impl CheckFinding {
    /// As a check tells it at a moment, not seen before.
    pub fn of(finding: &Finding, now: Timestamp) -> Self {
        let mut told = Self {
            id: String::new(),
            check: finding.check,
            severity: finding.severity(),
            state: State::New,
            store: finding.store.clone(),
            sku: finding.sku.clone(),
            date: finding.date,
            fact: finding.first_divergent,
            operator: None,
            at: None,
            subject: finding.subject.as_deref().map(Into::into),
            days: days_of(finding, now),
            line: finding.evidence.line,
            expected: Seen::of(&finding.evidence.expected),
            found: Seen::of(&finding.evidence.found),
            proposal: finding.proposal,
            life: Life::Open,
        };
        told.name_it();
        told
    }

    /// Gives it its name, which reports of earlier versions lack.
    pub(crate) fn name_it(&mut self) {
        let (check, store, sku, date, fact, subject, line) = self.identity();
        let parts = [
            Some(check.name().to_owned()),
            store.map(|store| store.to_string()),
            sku.map(|sku| sku.to_string()),
            date.map(|date| date.to_string()),
            fact.map(|fact| fact.to_string()),
            subject,
            line.map(|line| line.to_string()),
        ];
        let text = parts.map(Option::unwrap_or_default).join("\u{1f}");
        self.id = format!("F{}", &blake3::hash(text.as_bytes()).to_hex()[..ID_DIGITS]);
    }

    /// What it is about, whatever the amounts: they move while it stays the same fault.
    pub fn identity(&self) -> Identity {
        let (store, sku, subject) = (self.store.clone(), self.sku.clone(), self.subject.clone());
        (self.check, store, sku, self.date, self.fact, subject, self.line)
    }
}

/// Hexadecimal digits of a finding's name: of a million findings no two share one by chance, and a
/// person can still read it out.
const ID_DIGITS: usize = 12;

/// For how long something has been so, for checks of what is so now and began on a day.
fn days_of(finding: &Finding, now: Timestamp) -> Option<i64> {
    let since = match finding.check {
        Check::NegativeStock | Check::ValueWithoutQuantity => finding.date?,
        _ => return None,
    };
    let now = jiff::Timestamp::from_millisecond(now.millis()).ok()?;
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let days = today.since((jiff::Unit::Day, since.date())).ok()?.get_days();
    Some(i64::from(days.max(0)))
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
    /// So many days.
    Days(i64),
    /// Something that has a name.
    Word(String),
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
            Observed::Days(days) => Self::Days(*days),
            Observed::Word(word) => Self::Word(word.to_string()),
        }
    }
}
