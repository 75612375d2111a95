//! Shares of prices, as people say them: 20 % off, half price.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::amount::Money;

/// Basis points in a whole.
const WHOLE: i64 = 10_000;

/// Ten-thousandths of the currency unit in the smallest coin.
pub(crate) const COIN: i128 = 100;

/// A share from nothing to all, in basis points: 12.5 % is 1,250.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(u16);

/// Why a text is no share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("expected a percentage from 0 to 100 with at most two decimals")]
pub struct PercentError;

impl Percent {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// All of it.
    pub const ALL: Self = Self(10_000);

    /// So many basis points; none beyond all.
    pub const fn from_basis_points(points: u16) -> Option<Self> {
        if points > Self::ALL.0 { None } else { Some(Self(points)) }
    }

    /// The share in 1/10,000.
    pub const fn basis_points(self) -> u16 {
        self.0
    }

    /// Whether it is nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// This share of an amount that is not negative, to the coin (ties up).
    pub fn of(self, amount: Money) -> Money {
        let share = self.of_raw(amount.ten_thousandths().into());
        // It is no more than the amount, up to a coin; and a full range is a whole number of coins.
        let raw = i64::try_from(share).ok().map(Money::from_ten_thousandths);
        raw.and_then(Result::ok).unwrap_or(amount)
    }

    /// The same in ten-thousandths, which are no less than nothing.
    pub(crate) fn of_raw(self, raw: i128) -> i128 {
        let per = i128::from(WHOLE) * COIN;
        (raw * i128::from(self.0) + per / 2) / per * COIN
    }

    /// Whether a part of a whole that is not negative is more than this share of it, to the coin.
    pub fn is_exceeded_by(self, part: Money, whole: Money) -> bool {
        part > self.of(whole)
    }
}

impl fmt::Display for Percent {
    /// `12.5`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 100, self.0 % 100);
        match (part, part % 10) {
            (0, _) => write!(f, "{whole}"),
            (_, 0) => write!(f, "{whole}.{}", part / 10),
            _ => write!(f, "{whole}.{part:02}"),
        }
    }
}

impl FromStr for Percent {
    type Err = PercentError;

    /// Reads `12.5`, with or without a percent sign.
    fn from_str(text: &str) -> Result<Self, PercentError> {
        let text = text.trim().trim_end_matches(['%', '％']).trim_end();
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || part.len() > 2 || !digits(whole) || !digits(part) {
            return Err(PercentError);
        }
        let points = format!("{whole}{part:0<2}").parse().map_err(|_| PercentError)?;
        Self::from_basis_points(points).ok_or(PercentError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_read_and_print_exactly() {
        for (text, points, again) in [
            ("20", 2_000, "20"),
            ("12.5%", 1_250, "12.5"),
            ("0.05", 5, "0.05"),
            ("100", 10_000, "100"),
        ] {
            let percent: Percent = text.parse().unwrap();
            assert_eq!((percent.basis_points(), percent.to_string().as_str()), (points, again));
        }
        for text in ["", "%", "100.01", "-1", "1.234", "x", ".5"] {
            assert!(text.parse::<Percent>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_share_is_to_the_coin() {
        let [ten, price, off] = ["10", "3.35", "0.34"].map(|text| text.parse::<Money>().unwrap());
        let tenth: Percent = "10".parse().unwrap();
        assert_eq!(tenth.of(ten).to_string(), "1");
        assert_eq!(tenth.of(price), off, "ties up");
        assert!(!tenth.is_exceeded_by(off, price));
        assert!(tenth.is_exceeded_by("0.35".parse().unwrap(), price));
        assert!(tenth.is_exceeded_by("1.01".parse().unwrap(), ten));
    }
}
