//! How old stock is (库龄), by the receipts that it comes from.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::period::days_between;
use super::ratio::rounded;
use crate::fold::Balance;
use crate::id::IdError;
use crate::time::BusinessDate;

/// The most bounds: what a person can still read across.
const MAX_BOUNDS: usize = 12;

/// The classes of age, by their upper bounds in days: 30, 60, 90 make 0-30, 31-60, 61-90 and older.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Buckets(Vec<u32>);

impl Default for Buckets {
    fn default() -> Self {
        Self(vec![30, 60, 90, 180, 365])
    }
}

impl Buckets {
    /// How many classes there are.
    pub fn count(&self) -> usize {
        self.0.len() + 1
    }

    /// The first day of a class, and its last if it has one.
    pub fn range(&self, class: usize) -> (u32, Option<u32>) {
        let first = class.checked_sub(1).map_or(0, |before| self.0[before] + 1);
        (first, self.0.get(class).copied())
    }

    /// The oldest age, in days, that needs telling apart.
    pub fn horizon(&self) -> u32 {
        self.0.last().copied().unwrap_or(0)
    }

    fn class_of(&self, age: i64) -> usize {
        self.0.iter().take_while(|bound| age > i64::from(**bound)).count()
    }
}

impl FromStr for Buckets {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let bad =
            || IdError::Malformed { what: "list of days such as 30,60,90", text: text.into() };
        let bounds: Result<Vec<u32>, _> = text.split(',').map(|day| day.trim().parse()).collect();
        let bounds = bounds.map_err(|_| bad())?;
        let rising = bounds.windows(2).all(|pair| pair[0] < pair[1]);
        if !rising || bounds.len() > MAX_BOUNDS { Err(bad()) } else { Ok(Self(bounds)) }
    }
}

impl fmt::Display for Buckets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bounds: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&bounds.join(","))
    }
}

impl Serialize for Buckets {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Buckets {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Spreads what is on hand over the classes of age on a day. First in, first out: what is left is what came
/// last, so the goods that came (each day's, the newest first) are gone through until they cover it. What
/// they don't cover is older than all of them. All of it costs the same, as moving averages have it.
///
/// Less than nothing has no age and stands in the first class. The classes always add up to what is on
/// hand, in quantity and in value.
pub fn age(
    on_hand: Balance,
    came: impl IntoIterator<Item = (BusinessDate, i128)>,
    at: BusinessDate,
    buckets: &Buckets,
) -> Vec<Balance> {
    let mut classes = vec![Balance::default(); buckets.count()];
    if on_hand.quantity <= 0 {
        classes[0] = on_hand;
        return classes;
    }
    let mut covered = 0;
    for (date, quantity) in came {
        let rest = on_hand.quantity - covered;
        if rest == 0 {
            break;
        }
        let part = quantity.clamp(0, rest);
        classes[buckets.class_of(days_between(date, at))].quantity += part;
        covered += part;
    }
    let last = buckets.count() - 1;
    classes[last].quantity += on_hand.quantity - covered;
    // Rounded as running totals, so that nothing is lost between classes.
    let (mut quantity, mut value) = (0, 0);
    for class in &mut classes {
        quantity += class.quantity;
        let through = rounded(on_hand.value * quantity, on_hand.quantity).unwrap_or(0);
        class.value = through - value;
        value = through;
    }
    classes
}
