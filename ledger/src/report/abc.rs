//! The few that matter most (ABC 分类).

use std::cmp::Reverse;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ratio::percent;
use crate::id::IdError;

/// Up to which share of the whole A and B reach, in per cent: 80 and 95 unless somebody says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Borders {
    a: u8,
    b: u8,
}

impl Default for Borders {
    fn default() -> Self {
        Self { a: 80, b: 95 }
    }
}

impl FromStr for Borders {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let bad = || IdError::Malformed { what: "pair of shares such as 80,95", text: text.into() };
        let (a, b) = text.split_once(',').ok_or_else(bad)?;
        let share = |text: &str| text.trim().parse::<u8>().map_err(|_| bad());
        let (a, b) = (share(a)?, share(b)?);
        if 0 < a && a < b && b <= 100 { Ok(Self { a, b }) } else { Err(bad()) }
    }
}

impl fmt::Display for Borders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.a, self.b)
    }
}

impl Serialize for Borders {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Borders {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// How much something matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// The few that make most of it.
    A,
    /// Those between.
    B,
    /// The many that make little of it.
    C,
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
        })
    }
}

/// One of those that were ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Classed {
    /// Its place among those given.
    pub place: usize,
    /// Its class.
    pub class: Class,
    /// Its share of the whole, in hundredths of a per cent.
    pub share: i128,
    /// The share of all up to it.
    pub through: i128,
}

/// Ranks by amount, the largest first; equals stay in the order given. One is in A while those before it
/// have not reached A's share, and so on: the one that crosses a border still counts to the class above.
/// What comes to nothing or less adds nothing to the whole and is in C.
pub fn classify(amounts: &[i128], borders: Borders) -> Vec<Classed> {
    let mut order: Vec<usize> = (0..amounts.len()).collect();
    order.sort_by_key(|place| Reverse(amounts[*place]));
    let whole: i128 = amounts.iter().map(|amount| (*amount).max(0)).sum();
    let mut before = 0_i128;
    let classed = |place: usize| {
        let amount = amounts[place].max(0);
        let reached = |border: u8| before * 100 >= whole * i128::from(border);
        let class = match (amount == 0 || reached(borders.b), reached(borders.a)) {
            (true, _) => Class::C,
            (false, true) => Class::B,
            (false, false) => Class::A,
        };
        before += amount;
        let share = percent(amount, whole).unwrap_or(0);
        Classed { place, class, share, through: percent(before, whole).unwrap_or(0) }
    };
    order.into_iter().map(classed).collect()
}
