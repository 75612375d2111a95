//! What will be sold, from what was.

use crate::amount::{MAX_QUANTITY, Quantity};

/// The longest history that is looked at: two years hold every season twice.
pub const MAX_HISTORY_DAYS: u32 = 731;

/// What is expected to be sold of a product at a store.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Demand {
    sold: i64,
    days: u32,
    peak: Quantity,
}

/// Estimates the demand from what was sold day by day, the oldest first, days without a sale as zero.
/// `reach` is for how many days in a row the store must be able to sell without a delivery.
///
/// The mean says what to expect; the most that was ever sold in `reach` days in a row says what to be
/// ready for. Both are read off the history as it is: no trend, no season. More goods brought back
/// than sold count as no sale.
pub fn demand(history: &[Quantity], reach: u32) -> Demand {
    let recent = &history[history.len().saturating_sub(MAX_HISTORY_DAYS as usize)..];
    let daily: Vec<i64> = recent.iter().map(|sold| sold.thousandths().max(0)).collect();
    let window = (reach as usize).clamp(1, daily.len().max(1));
    let mut sum: i64 = 0;
    let mut peak: i64 = 0;
    for (at, sold) in daily.iter().enumerate() {
        // 731 quantities fit an i64 hundreds of times.
        sum += sold;
        if at >= window {
            sum -= daily[at - window];
        }
        peak = peak.max(sum);
    }
    Demand {
        sold: daily.iter().sum(),
        days: u32::try_from(daily.len()).unwrap_or(MAX_HISTORY_DAYS),
        peak: bounded(peak.into()),
    }
}

impl Demand {
    /// What is expected to be sold in so many days, rounded up to a thousandth.
    pub fn expected(&self, days: u32) -> Quantity {
        if self.days == 0 {
            return Quantity::ZERO;
        }
        let (sold, over) = (i128::from(self.sold), i128::from(self.days));
        bounded((sold * i128::from(days) + over - 1) / over)
    }

    /// The most that was sold within the reach.
    pub const fn peak(&self) -> Quantity {
        self.peak
    }

    /// Over how many days it was looked at.
    pub const fn days(&self) -> u32 {
        self.days
    }
}

/// As much as a quantity can be: nobody orders more.
fn bounded(thousandths: i128) -> Quantity {
    let raw = i64::try_from(thousandths).unwrap_or(MAX_QUANTITY).clamp(0, MAX_QUANTITY);
    Quantity::from_thousandths(raw).unwrap_or_default()
}
