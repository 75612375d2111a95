//! The days that a report is about.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::time::BusinessDate;

/// A range of business days, both ends in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Ends", into = "Ends")]
pub struct Period {
    from: BusinessDate,
    to: BusinessDate,
}

/// Why a range of days is none.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PeriodError {
    /// It ends before it begins.
    #[error("a period cannot begin on {from} and end on {to}")]
    Backwards {
        /// Its first day.
        from: BusinessDate,
        /// Its last day.
        to: BusinessDate,
    },
    /// The text is no month.
    #[error("`{0}` is not a month: those are written like 2026-10")]
    NotAMonth(String),
    /// The text is no day.
    #[error("`{0}` is not a day: those are written like 2026-10-31")]
    NotADay(String),
}

impl Period {
    /// The days from one to another.
    pub fn new(from: BusinessDate, to: BusinessDate) -> Result<Self, PeriodError> {
        if from > to { Err(PeriodError::Backwards { from, to }) } else { Ok(Self { from, to }) }
    }

    /// One day.
    pub const fn day(date: BusinessDate) -> Self {
        Self { from: date, to: date }
    }

    /// The month of a day.
    pub fn month_of(date: BusinessDate) -> Self {
        let (first, last) = (date.date().first_of_month(), date.date().last_of_month());
        Self { from: BusinessDate::new(first), to: BusinessDate::new(last) }
    }

    /// Its first day.
    pub const fn from(self) -> BusinessDate {
        self.from
    }

    /// Its last day.
    pub const fn to(self) -> BusinessDate {
        self.to
    }

    /// How many days it has.
    pub fn days(self) -> i64 {
        days_between(self.from, self.to) + 1
    }

    /// How many days are left on a day of it, that one among them.
    pub fn days_left(self, date: BusinessDate) -> i64 {
        days_between(date, self.to) + 1
    }
}

/// From one day to another: 0 for the same day.
pub(super) fn days_between(from: BusinessDate, to: BusinessDate) -> i64 {
    from.days_until(to)
}

impl FromStr for Period {
    type Err = PeriodError;

    /// Reads a month: `2026-10`.
    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let first: BusinessDate =
            format!("{text}-01").parse().map_err(|_| PeriodError::NotAMonth(text.to_owned()))?;
        Ok(Self::month_of(first))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.from, self.to)
    }
}

/// A period in JSON.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ends {
    from: String,
    to: String,
}

impl From<Period> for Ends {
    fn from(period: Period) -> Self {
        Self { from: period.from.to_string(), to: period.to.to_string() }
    }
}

impl TryFrom<Ends> for Period {
    type Error = PeriodError;

    fn try_from(Ends { from, to }: Ends) -> Result<Self, PeriodError> {
        let day = |text: String| text.parse().map_err(|_| PeriodError::NotADay(text));
        Self::new(day(from)?, day(to)?)
    }
}
