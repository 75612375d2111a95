//! Dates and instants as plain values. Nothing here reads a clock.

mod local;

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::id::IdError;

pub use local::LocalTime;

/// The day to which the shop books a fact (业务日期): the shop's own calendar day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BusinessDate(Date);

impl BusinessDate {
    /// The day of a civil date.
    pub const fn new(date: Date) -> Self {
        Self(date)
    }

    /// The civil date.
    pub const fn date(self) -> Date {
        self.0
    }

    /// The day `days` later, or earlier when negative; the calendar's last day at its ends.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        Self(self.0.saturating_add(days.days()))
    }

    /// How many days it is from this one to another; negative to an earlier one.
    pub fn days_until(self, other: Self) -> i64 {
        self.0.duration_until(other.0).as_hours() / 24
    }

    /// `20261122`, as in bill numbers.
    pub fn compact(self) -> String {
        format!("{:04}{:02}{:02}", self.0.year(), self.0.month(), self.0.day())
    }

    /// The first seven characters of the date, `2026-11`.
    pub fn month(self) -> String {
        format!("{:04}-{:02}", self.0.year(), self.0.month())
    }
}

impl Serialize for BusinessDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.0.year(), self.0.month(), self.0.day()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for BusinessDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (year, month, day) = Deserialize::deserialize(deserializer)?;
        Date::new(year, month, day).map(Self).map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for BusinessDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl fmt::Debug for BusinessDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for BusinessDate {
    type Err = IdError;

    /// Reads `2026-11-22` and nothing looser, so that one day has one spelling.
    fn from_str(text: &str) -> Result<Self, IdError> {
        let bad = || IdError::Malformed { what: "date (YYYY-MM-DD)", text: text.to_owned() };
        let (year, rest) = text.split_once('-').ok_or_else(bad)?;
        let (month, day) = rest.split_once('-').ok_or_else(bad)?;
        if (year.len(), month.len(), day.len()) != (4, 2, 2) || text.contains('+') {
            return Err(bad());
        }
        let number = |s: &str| s.parse::<i16>().map_err(|_| bad());
        let small = |s: &str| s.parse::<i8>().map_err(|_| bad());
        Date::new(number(year)?, small(month)?, small(day)?).map(Self).map_err(|_| bad())
    }
}

/// An instant: milliseconds since 1970-01-01 UTC, as the writer's clock told it. For people to
/// read; it never decides quantities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Its day in UTC; the calendar's first for an instant that no calendar holds.
    pub fn utc_day(self) -> BusinessDate {
        let instant = jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::MIN);
        BusinessDate::new(instant.to_zoned(TimeZone::UTC).date())
    }

    /// The instant this many milliseconds after the epoch of Unix.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch of Unix.
    pub const fn millis(self) -> i64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_one_spelling() {
        let day: BusinessDate = "2026-02-28".parse().unwrap();
        assert_eq!(day.plus_days(1).to_string(), "2026-03-01");
        assert_eq!(day.compact(), "20260228");
        for text in ["2026-2-28", "2026-02-30", "26-02-28", "2026/02/28", "+026-02-28", ""] {
            assert!(text.parse::<BusinessDate>().is_err(), "{text}");
        }
    }
}
