//! How much is too much: the bounds of checks that only a person can judge in the end. A chain may
//! set its own.

use serde::{Deserialize, Serialize};

/// How long goods may be on the way, in days. Stores of one town exchange goods within a day, a
/// parcel through the country takes three; a week means that somebody has forgotten it.
pub const IN_TRANSIT_DAYS: u32 = 7;

/// How long a store may not be heard from, in days. A store that connects by hand does so every
/// evening; a long weekend is three days.
pub const SILENT_DAYS: u32 = 3;

/// How far a clock may be off, in minutes: what time servers correct without a word.
pub const CLOCK_MINUTES: u32 = 5;

/// How long a store may sell at a price that head office has replaced, in days. Links drop for
/// weeks, and a store without one sells on.
pub const PRICE_DAYS: u32 = 14;

/// How much more than was ordered may come, in basis points: by so much two good scales differ.
pub const OVER_RECEIPT_POINTS: u32 = 20;
/// How long a shift may be open, in days: the longest goes through a night and its morning.
pub const SHIFT_DAYS: u32 = 1;

/// How far what was counted may be from what ought to be there, in whole units of the currency: a wrong coin is
/// given back now and then, a wrong note is missed.
pub const SHIFT_DIFFERENCE: u32 = 10;

/// The bounds in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Days that goods may be on the way.
    pub in_transit_days: u32,
    /// Days that a store may not be heard from.
    pub silent_days: u32,
    /// Minutes that a clock may be off.
    pub clock_minutes: u32,
    /// Days that a store may sell at a price that was replaced.
    pub price_days: u32,
    /// Basis points of an order's line that may come beyond it.
    pub over_receipt_points: u32,
    /// Days that a shift may be open.
    pub shift_days: u32,
    /// Units of the currency by which a count may be off.
    pub shift_difference: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            in_transit_days: IN_TRANSIT_DAYS,
            silent_days: SILENT_DAYS,
            clock_minutes: CLOCK_MINUTES,
            price_days: PRICE_DAYS,
            over_receipt_points: OVER_RECEIPT_POINTS,
            shift_days: SHIFT_DAYS,
            shift_difference: SHIFT_DIFFERENCE,
        }
    }
}

/// Ten-thousandths in a unit of the currency.
const MONEY_UNIT: u128 = 10_000;

/// Milliseconds in a minute.
const MINUTE_MS: i64 = 60_000;

/// Milliseconds in a day.
pub(super) const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

impl Limits {
    pub(super) const fn clock_ms(self) -> i64 {
        self.clock_minutes as i64 * MINUTE_MS
    }

    pub(super) const fn shift_money(self) -> u128 {
        self.shift_difference as u128 * MONEY_UNIT
    }

    pub(super) const fn price_ms(self) -> i64 {
        self.price_days as i64 * DAY_MS
    }
}
