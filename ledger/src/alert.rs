//! Alerts (预警): stock that a person should look at.
//!
//! What is wrong follows from what is on hand, the product's limits and the days gone by, so a store and
//! the hub find the same in the same facts. An alert is named by its [`Cause`]: while that lasts there is one,
//! when it is gone the alert ends by itself, and when it comes back so does the alert, unacknowledged. That
//! somebody has seen one is an [`Acknowledgement`], a fact that moves nothing.

use std::fmt;
use std::str::FromStr;

use crate::amount::Quantity;
use crate::id::{IdError, Lot, Sku};
use crate::time::BusinessDate;

/// Days without a sale after which goods on hand move slowly: a month sees every weekday four times and
/// one payday, so what nobody has bought in it is not waiting for its day.
pub const SLOW_DAYS: u16 = 30;

/// Days without a sale after which goods on hand are dead: a quarter, by which most shops pay for what
/// they have bought and most suppliers still take it back.
pub const DEAD_DAYS: u16 = 90;

/// Days before a lot expires from which on it is to be sold first: time enough to mark it down and sell it.
pub const EXPIRING_DAYS: u16 = 30;

/// What an alert says of stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AlertKind {
    /// More left the shelf than was booked in (负库存).
    Negative,
    /// Less is on hand than the product's minimum (低于下限).
    BelowMin,
    /// More is on hand than the product's maximum (高于上限).
    AboveMax,
    /// A lot is past its date and still on hand (已过期).
    Expired,
    /// A lot expires soon (临期).
    Expiring,
    /// Nothing was sold of what is on hand for long (呆滞).
    Dead,
    /// Nothing was sold of what is on hand for a while (滞销).
    Slow,
}

impl AlertKind {
    /// Every kind, the most urgent first.
    pub const ALL: [Self; 7] = [
        Self::Negative,
        Self::BelowMin,
        Self::AboveMax,
        Self::Expired,
        Self::Expiring,
        Self::Dead,
        Self::Slow,
    ];

    /// Its name where it is stored and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Negative => "negative",
            Self::BelowMin => "below_min",
            Self::AboveMax => "above_max",
            Self::Expired => "expired",
            Self::Expiring => "expiring",
            Self::Dead => "dead",
            Self::Slow => "slow",
        }
    }

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl fmt::Display for AlertKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for AlertKind {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let malformed = || IdError::Malformed { what: "kind of alert", text: text.to_owned() };
        Self::named(text).ok_or_else(malformed)
    }
}

/// What an alert is about. There is one alert for a cause while the cause lasts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cause {
    /// What is wrong.
    pub kind: AlertKind,
    /// With which product.
    pub sku: Sku,
    /// With which lot of it, where it is about one.
    pub lot: Option<Lot>,
}

/// That somebody has seen an alert (确认).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledgement {
    /// Which.
    pub cause: Cause,
    /// The last day for which it holds; none: as long as the alert lasts.
    pub until: Option<BusinessDate>,
    /// What is to be done about it, or why nothing is.
    pub remark: Box<str>,
}

impl Acknowledgement {
    /// Whether it still holds on a day.
    pub fn holds_on(&self, day: BusinessDate) -> bool {
        self.until.is_none_or(|until| day <= until)
    }
}

/// How much of a product a store is to have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// Not less than this (库存下限).
    pub min: Option<Quantity>,
    /// Not more than this (库存上限).
    pub max: Option<Quantity>,
}

impl Limits {
    /// What is wrong with so much on hand. Less than nothing is worse than too little, and is said alone.
    pub fn judge(self, on_hand: Quantity) -> Option<AlertKind> {
        if on_hand.is_negative() {
            Some(AlertKind::Negative)
        } else if self.min.is_some_and(|min| on_hand < min) {
            Some(AlertKind::BelowMin)
        } else if self.max.is_some_and(|max| on_hand > max) {
            Some(AlertKind::AboveMax)
        } else {
            None
        }
    }
}

/// How long a shop waits before it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Days without a sale after which goods move slowly.
    pub slow_days: u16,
    /// Days without a sale after which they are dead.
    pub dead_days: u16,
    /// Days before its date from which on a lot expires soon.
    pub expiring_days: u16,
}

impl Default for Patience {
    fn default() -> Self {
        Self { slow_days: SLOW_DAYS, dead_days: DEAD_DAYS, expiring_days: EXPIRING_DAYS }
    }
}

impl Patience {
    /// What is wrong with goods of which nothing was sold since a day.
    pub fn judge_idle(self, since: BusinessDate, today: BusinessDate) -> Option<AlertKind> {
        let idle_for = |days: u16| since.plus_days(days.into()) <= today;
        match (idle_for(self.dead_days), idle_for(self.slow_days)) {
            (true, _) => Some(AlertKind::Dead),
            (false, true) => Some(AlertKind::Slow),
            (false, false) => None,
        }
    }

    /// What is wrong with a lot that is on hand.
    pub fn judge_expiry(self, expiry: BusinessDate, today: BusinessDate) -> Option<AlertKind> {
        if expiry < today {
            Some(AlertKind::Expired)
        } else if expiry <= today.plus_days(self.expiring_days.into()) {
            Some(AlertKind::Expiring)
        } else {
            None
        }
    }

    /// The earliest day that makes a difference to [`idle_since`] on a day.
    pub fn looks_back_to(self, today: BusinessDate) -> BusinessDate {
        today.plus_days(-i32::from(self.slow_days.max(self.dead_days)))
    }
}

/// What a day did to a product at a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayFlow {
    /// The day.
    pub date: BusinessDate,
    /// What came in less what went out, in thousandths.
    pub net: i64,
    /// What went to customers, in thousandths.
    pub sold: i64,
}

/// Since when goods on hand have been lying there: from the day after the last sale, or from the day on which
/// the shelf was last filled from nothing, whichever is later. `horizon` where neither is found among the
/// days, which come newest first. None where nothing is on hand.
pub fn idle_since(
    on_hand: i64,
    newest_first: impl IntoIterator<Item = DayFlow>,
    horizon: BusinessDate,
) -> Option<BusinessDate> {
    if on_hand <= 0 {
        return None;
    }
    let mut held = on_hand;
    for day in newest_first.into_iter().take_while(|day| day.date > horizon) {
        if day.sold > 0 {
            return Some(day.date);
        }
        held = held.saturating_sub(day.net);
        if held <= 0 {
            return Some(day.date);
        }
    }
    Some(horizon)
}

/// The first day of the unbroken row of evenings, up to now, on which `is_wrong` held of what was on hand.
/// The days come newest first; `horizon` where the row goes on before them. Goods of which there was nothing before
/// the first of the days came on that one, as far as can be seen.
pub fn wrong_since(
    on_hand: i64,
    newest_first: impl IntoIterator<Item = (BusinessDate, i64)>,
    horizon: BusinessDate,
    is_wrong: impl Fn(i64) -> bool,
) -> BusinessDate {
    let (mut held, mut first) = (on_hand, horizon);
    for (date, net) in newest_first.into_iter().take_while(|(date, _)| *date > horizon) {
        (held, first) = (held.saturating_sub(net), date);
        if !is_wrong(held) {
            return date;
        }
    }
    if held == 0 { first } else { horizon }
}

#[cfg(test)]
mod tests;
