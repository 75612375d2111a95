//! One entry of a price list, and the form in which it is kept.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Level;
use crate::amount::{AmountError, Money};
use crate::id::{IdError, PriceChangeNo};
use crate::scope::Scope;
use crate::time::LocalTime;

/// The longest note, in bytes: a sentence.
pub const MAX_NOTE_LEN: usize = 200;

/// Which entry: two with the same key are one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// What the price is for.
    pub level: Level,
    /// Where.
    pub scope: Scope,
    /// From when, by the clock on each shop's wall.
    pub from: LocalTime,
}

impl fmt::Display for Key {
    /// `retail@group:north@2026-12-01T00:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}@{}", self.level.name(), self.scope, self.from)
    }
}

impl FromStr for Key {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let what = "price list key (LEVEL@SCOPE@TIME)";
        let bad = || IdError::Malformed { what, text: text.to_owned() };
        let mut parts = text.split('@');
        let (Some(level), Some(scope), Some(from), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(bad());
        };
        let level = Level::named(level).ok_or_else(bad)?;
        Ok(Self { level, scope: scope.parse()?, from: from.parse()? })
    }
}

/// A price for some stores and some of the time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// For what, where, and from when.
    pub key: Key,
    /// The price of one unit, tax included.
    pub price: Money,
    /// The minute from which it no longer holds; none: it holds until a later one begins.
    pub until: Option<LocalTime>,
    /// The document that set it (调价单号).
    pub number: PriceChangeNo,
    /// Why.
    pub note: Box<str>,
}

/// Why an entry can't be one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EntryError {
    /// It is not written as one.
    #[error("it is not a price list entry: {0}")]
    Form(Box<str>),
    /// Its price is no amount.
    #[error("its price is wrong: {0}")]
    Amount(AmountError),
    /// Nothing is sold for less than nothing; only a floor can be nothing.
    #[error("its price is not above zero")]
    NotPositive,
    /// A name or time in it is none.
    #[error(transparent)]
    Id(#[from] IdError),
    /// It would end before it begins.
    #[error("it ends at {until}, which is not after {from}")]
    EndsTooSoon {
        /// When it begins.
        from: LocalTime,
        /// When it would end.
        until: LocalTime,
    },
    /// Its note is longer than [`MAX_NOTE_LEN`] bytes, or cannot be printed.
    #[error("its note has at most {MAX_NOTE_LEN} bytes and no control characters")]
    Note,
}

/// An entry as it is kept. What a later version adds is left alone.
#[derive(Serialize, Deserialize)]
struct Kept<'a> {
    price: &'a str,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<&'a str>,
    number: &'a str,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    note: std::borrow::Cow<'a, str>,
}

impl Entry {
    /// Whether it holds at a time, at the stores that it is for.
    pub fn holds_at(&self, at: LocalTime) -> bool {
        self.key.from <= at && self.until.is_none_or(|until| at < until)
    }

    /// Checks that its parts can be so together.
    pub fn checked(self) -> Result<Self, EntryError> {
        let enough = match self.key.level {
            Level::Floor => !self.price.is_negative(),
            Level::Retail | Level::Member | Level::Wholesale => self.price.is_positive(),
        };
        if !enough {
            return Err(EntryError::NotPositive);
        }
        if let Some(until) = self.until
            && until <= self.key.from
        {
            return Err(EntryError::EndsTooSoon { from: self.key.from, until });
        }
        if self.note.len() > MAX_NOTE_LEN || self.note.chars().any(char::is_control) {
            return Err(EntryError::Note);
        }
        Ok(self)
    }

    /// What is kept of it under its key.
    pub fn text(&self) -> String {
        let until = self.until.map(|until| until.to_string());
        let kept = Kept {
            price: &self.price.to_string(),
            until: until.as_deref(),
            number: self.number.as_str(),
            note: (&*self.note).into(),
        };
        serde_json::to_string(&kept).expect("texts always serialize")
    }

    /// The entry that is kept as this text. An empty one says that there is none: it was cancelled.
    pub fn read(key: &Key, text: &str) -> Result<Option<Self>, EntryError> {
        if text.is_empty() {
            return Ok(None);
        }
        let form = |error: serde_json::Error| EntryError::Form(error.to_string().into());
        let kept: Kept<'_> = serde_json::from_str(text).map_err(form)?;
        let entry = Self {
            key: key.clone(),
            price: kept.price.parse().map_err(EntryError::Amount)?,
            until: kept.until.map(str::parse).transpose()?,
            number: kept.number.parse()?,
            note: (&*kept.note).into(),
        };
        entry.checked().map(Some)
    }
}
