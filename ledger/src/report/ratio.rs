//! Quotients: turnover, shares, what holding stock costs.

/// Basis points in a whole.
const WHOLE: i128 = 10_000;

/// Days in a year, for rates by the year.
const YEAR: i128 = 365;

/// A quotient rounded to the nearest, ties away from zero; none where the divisor is nothing.
pub fn rounded(numerator: i128, denominator: i128) -> Option<i128> {
    let half = denominator.checked_abs()? / 2;
    let sign = if (numerator < 0) == (denominator < 0) { 1 } else { -1 };
    let quotient = (numerator.checked_abs()? + half).checked_div(denominator.checked_abs()?)?;
    Some(quotient * sign)
}

/// A share in hundredths of a per cent; none of nothing.
pub fn percent(part: i128, whole: i128) -> Option<i128> {
    rounded(part.checked_mul(WHOLE)?, whole)
}

/// How fast stock turns over (周转率) in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turnover {
    /// What the goods sold cost, less those returned, in ten-thousandths.
    pub cost_of_sales: i128,
    /// What the stock was worth at the end of each day, summed over the days.
    pub daily_stock: i128,
    /// How many days.
    pub days: i64,
}

impl Turnover {
    /// The average worth of stock.
    pub fn average_stock(self) -> i128 {
        rounded(self.daily_stock, self.days.into()).unwrap_or(0)
    }

    /// How often the stock was sold in the period, in hundredths; none where there was no stock.
    pub fn times(self) -> Option<i128> {
        if self.daily_stock <= 0 {
            return None;
        }
        rounded(self.cost_of_sales * 100 * i128::from(self.days), self.daily_stock)
    }

    /// For how many days the average stock lasts, in tenths; none where nothing was sold.
    pub fn stock_days(self) -> Option<i128> {
        if self.cost_of_sales <= 0 {
            return None;
        }
        rounded(self.daily_stock * 10, self.cost_of_sales)
    }
}

/// What it costs to hold stock: `rate` basis points of its worth a year, for each day that it was there.
pub fn holding_cost(daily_stock: i128, rate: u32) -> i128 {
    rounded(daily_stock * i128::from(rate), WHOLE * YEAR).unwrap_or(0)
}
