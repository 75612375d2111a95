//! How much of a product a store should have (库存上下限), by store and season.
//!
//! A product has bounds of its own. Beside them stand *entries*, each for some stores and for the whole
//! year or a season. For a store and day, the one counts that
//!
//! 1. has the closest scope: the store itself before its groups, these in their order, and the whole
//!    chain last;
//! 2. is for a season, rather than for the whole year;
//! 3. is for the season that began last, and of those the one that ends first.
//!
//! What it leaves open is the product's own.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::amount::{AmountError, Quantity};
use crate::catalog::Product;
use crate::id::IdError;
use crate::scope::{Membership, Scope};
use crate::time::BusinessDate;

/// The season of entries that hold all year.
const ALL_YEAR: &str = "year";

/// Days in the longest year: by these seasons are compared.
const YEAR_DAYS: u16 = 366;

/// Days before each month of a leap year.
const DAYS_BEFORE: [u16; 12] = [0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335];

/// Days in each month of a leap year.
const MONTH_DAYS: [u8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// A day of any year: `12-24`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonthDay {
    month: u8,
    day: u8,
}

impl MonthDay {
    /// The day of a date.
    pub fn of(date: BusinessDate) -> Self {
        let date = date.date();
        Self { month: date.month().unsigned_abs(), day: date.day().unsigned_abs() }
    }

    /// Days since the first of January of a leap year.
    fn place(self) -> u16 {
        DAYS_BEFORE[usize::from(self.month - 1)] + u16::from(self.day - 1)
    }
}

impl fmt::Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

impl FromStr for MonthDay {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let bad = || IdError::Malformed { what: "day of the year (MM-DD)", text: text.to_owned() };
        let (month, day) = text.split_once('-').ok_or_else(bad)?;
        let number = |digits: &str| {
            let plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| digits.parse::<u8>().ok()).flatten().ok_or_else(bad)
        };
        let (month, day) = (number(month)?, number(day)?);
        let days = month.checked_sub(1).and_then(|at| MONTH_DAYS.get(usize::from(at)));
        let fits = days.is_some_and(|days| (1..=*days).contains(&day));
        if fits { Ok(Self { month, day }) } else { Err(bad()) }
    }
}

/// A part of every year, its first and last day included. It may go over the turn of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Season {
    /// Its first day.
    pub first: MonthDay,
    /// Its last day.
    pub last: MonthDay,
}

impl Season {
    /// Days since it began and until it ends, if it is on.
    fn around(self, day: MonthDay) -> Option<(u16, u16)> {
        let days =
            |from: MonthDay, to: MonthDay| (to.place() + YEAR_DAYS - from.place()) % YEAR_DAYS;
        let (since, until) = (days(self.first, day), days(day, self.last));
        (since + until == days(self.first, self.last)).then_some((since, until))
    }
}

/// Which entry: two with the same key are one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Where.
    pub scope: Scope,
    /// In which season; none: all year.
    pub season: Option<Season>,
}

impl fmt::Display for Key {
    /// `store:S012@12-01..02-28`, `all@year`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.season {
            None => write!(f, "{}@{ALL_YEAR}", self.scope),
            Some(Season { first, last }) => write!(f, "{}@{first}..{last}", self.scope),
        }
    }
}

impl FromStr for Key {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let what = "key of stock bounds (SCOPE@SEASON)";
        let bad = || IdError::Malformed { what, text: text.to_owned() };
        let (scope, season) = text.split_once('@').ok_or_else(bad)?;
        let season = match season {
            ALL_YEAR => None,
            season => Some(season.parse()?),
        };
        Ok(Self { scope: scope.parse()?, season })
    }
}

impl FromStr for Season {
    type Err = IdError;

    /// Reads `12-01..02-28`.
    fn from_str(text: &str) -> Result<Self, IdError> {
        let bad = || IdError::Malformed { what: "season (MM-DD..MM-DD)", text: text.to_owned() };
        let (first, last) = text.split_once("..").ok_or_else(bad)?;
        Ok(Self { first: first.parse()?, last: last.parse()? })
    }
}

impl fmt::Display for Season {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.first, self.last)
    }
}

/// How much a store should have at least and at most; none: there is no such bound.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bounds {
    /// At least.
    pub min: Option<Quantity>,
    /// At most.
    pub max: Option<Quantity>,
}

/// Bounds for some stores and some of the year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where and when.
    pub key: Key,
    /// The bounds; what is none here is the product's own.
    pub bounds: Bounds,
}

/// Why an entry can't be one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BoundsError {
    /// It is not written as one.
    #[error("they are not stock bounds: {0}")]
    Form(Box<str>),
    /// A bound is no quantity.
    #[error("a bound is wrong: {0}")]
    Amount(#[from] AmountError),
    /// There is no less than nothing.
    #[error("a bound is negative")]
    Negative,
    /// A store would have to have more than it may.
    #[error("the minimum {min} is more than the maximum {max}")]
    Crossed {
        /// The minimum.
        min: Quantity,
        /// The maximum.
        max: Quantity,
    },
    /// Nothing is said.
    #[error("neither a minimum nor a maximum is given")]
    Nothing,
}

/// Bounds as they are kept. What a later version adds is left alone.
#[derive(Serialize, Deserialize)]
struct Kept {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    min: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max: Option<String>,
}

impl Bounds {
    /// Those of a product where nothing else is said.
    pub const fn of(product: &Product) -> Self {
        Self { min: product.min_stock, max: product.max_stock }
    }

    /// Checks that both can be so together, and that something is said at all.
    pub fn checked(self) -> Result<Self, BoundsError> {
        if self.min.into_iter().chain(self.max).any(Quantity::is_negative) {
            return Err(BoundsError::Negative);
        }
        match (self.min, self.max) {
            (None, None) => Err(BoundsError::Nothing),
            (Some(min), Some(max)) if min > max => Err(BoundsError::Crossed { min, max }),
            _ => Ok(self),
        }
    }
}

impl Entry {
    /// What is kept of it under its key.
    pub fn text(&self) -> String {
        let text = |bound: Option<Quantity>| bound.map(|bound| bound.to_string());
        let kept = Kept { min: text(self.bounds.min), max: text(self.bounds.max) };
        serde_json::to_string(&kept).expect("texts always serialize")
    }

    /// The entry that is kept as this text. An empty one says that there is none: it was taken away.
    pub fn read(key: &Key, text: &str) -> Result<Option<Self>, BoundsError> {
        if text.is_empty() {
            return Ok(None);
        }
        let form = |error: serde_json::Error| BoundsError::Form(error.to_string().into());
        let kept: Kept = serde_json::from_str(text).map_err(form)?;
        let bound = |text: Option<String>| text.map(|text| text.parse()).transpose();
        let bounds = Bounds { min: bound(kept.min)?, max: bound(kept.max)? }.checked()?;
        Ok(Some(Self { key: key.clone(), bounds }))
    }
}

/// How much of a product a store should have on a day.
pub fn bounds(own: Bounds, entries: &[Entry], store: &Membership, date: BusinessDate) -> Bounds {
    let day = MonthDay::of(date);
    let rank = |entry: &Entry| {
        let distance = store.distance(&entry.key.scope)?;
        match entry.key.season {
            None => Some((distance, YEAR_DAYS, YEAR_DAYS)),
            Some(season) => season.around(day).map(|(since, until)| (distance, since, until)),
        }
    };
    let near = entries.iter().filter_map(|entry| Some((rank(entry)?, entry)));
    let found = near.min_by_key(|(rank, _)| *rank).map(|(_, entry)| entry.bounds);
    let found = found.unwrap_or_default();
    Bounds { min: found.min.or(own.min), max: found.max.or(own.max) }
}

#[cfg(test)]
mod tests;
