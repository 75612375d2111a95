//! Quantities and money: exact integers in types that do not mix.
//!
//! A quantity counts thousandths of the product's unit (1.250 kg is 1,250) and money counts
//! ten-thousandths of the currency unit (¥3.50 is 35,000). All arithmetic is checked: an amount
//! that leaves its range is an [`AmountError`], never a wrapped number.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// The largest magnitude a single quantity may have, in thousandths: a thousand million units.
///
/// Nothing a shop handles comes near it, and nine million such movements still fit the `i64` in
/// which balances are kept.
pub const MAX_QUANTITY: i64 = 1_000_000_000_000;

/// The largest magnitude a single amount of money may have, in ten-thousandths: ten thousand
/// million currency units. Ninety thousand such amounts still fit an `i64`.
pub const MAX_MONEY: i64 = 100_000_000_000_000;

/// Ten-thousandths in the smallest coin (0.01). Line totals and taxes are rounded to it.
const MINOR_UNIT: i64 = 100;

/// Basis points in a whole: tax rates are given in 1/10,000.
const BASIS_POINTS: i128 = 10_000;

/// Why an amount could not be read or computed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AmountError {
    /// The text is not a plain decimal number.
    #[error("`{text}` is not a decimal number")]
    NotANumber {
        /// What was given.
        text: String,
    },
    /// The text has more decimals than the type holds.
    #[error("`{text}` has more than {places} decimals")]
    TooPrecise {
        /// What was given.
        text: String,
        /// How many decimals the type holds.
        places: u32,
    },
    /// The result is beyond [`MAX_QUANTITY`] or [`MAX_MONEY`].
    #[error("the amount is too large")]
    OutOfRange,
}

macro_rules! amount {
    ($name:ident, $places:literal, $max:expr, $raw:ident, $from_raw:ident) => {
        impl $name {
            /// Nothing.
            pub const ZERO: Self = Self(0);

            /// Takes the raw integer, if it is within range.
            pub const fn $from_raw(raw: i64) -> Result<Self, AmountError> {
                if raw > $max || raw < -$max {
                    return Err(AmountError::OutOfRange);
                }
                Ok(Self(raw))
            }

            /// The raw integer.
            pub const fn $raw(self) -> i64 {
                self.0
            }

            /// The sum, if it is within range.
            pub fn plus(self, other: Self) -> Result<Self, AmountError> {
                Self::narrow(i128::from(self.0) + i128::from(other.0))
            }

            /// The difference, if it is within range.
            pub fn minus(self, other: Self) -> Result<Self, AmountError> {
                Self::narrow(i128::from(self.0) - i128::from(other.0))
            }

            /// The same amount with the other sign. Always possible: the range is symmetric.
            #[must_use]
            pub const fn negated(self) -> Self {
                Self(-self.0)
            }

            /// The amount without its sign.
            #[must_use]
            pub const fn magnitude(self) -> Self {
                Self(self.0.abs())
            }

            /// Whether it is nothing.
            pub const fn is_zero(self) -> bool {
                self.0 == 0
            }

            /// Whether it is less than nothing.
            pub const fn is_negative(self) -> bool {
                self.0 < 0
            }

            /// Whether it is more than nothing.
            pub const fn is_positive(self) -> bool {
                self.0 > 0
            }

            /// The sum of many, if it is within range.
            pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, AmountError> {
                Self::narrow(amounts.into_iter().map(|a| i128::from(a.0)).sum())
            }

            fn narrow(wide: i128) -> Result<Self, AmountError> {
                let raw = i64::try_from(wide).map_err(|_| AmountError::OutOfRange)?;
                Self::$from_raw(raw)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&decimal(self.0, $places))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", decimal(self.0, $places))
            }
        }

        impl FromStr for $name {
            type Err = AmountError;

            fn from_str(text: &str) -> Result<Self, AmountError> {
                Self::$from_raw(parse_decimal(text, $places)?)
            }
        }
    };
}

/// How much of a product, in thousandths of its unit.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(i64);

amount!(Quantity, 3, MAX_QUANTITY, thousandths, from_thousandths);

impl Quantity {
    /// One unit.
    pub const ONE: Self = Self(1_000);

    /// A whole number of units.
    pub fn units(units: i64) -> Result<Self, AmountError> {
        Self::narrow(i128::from(units) * 1_000)
    }

    /// So many packs of this much each, what is below a thousandth left out.
    pub fn times(self, each: Self) -> Result<Self, AmountError> {
        Self::narrow(i128::from(self.0) * i128::from(each.0) / 1_000)
    }
}

/// An amount of money, in ten-thousandths of the currency unit.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(i64);

amount!(Money, 4, MAX_MONEY, ten_thousandths, from_ten_thousandths);

impl Money {
    /// What `quantity` costs at this price per unit, to the ten-thousandth (ties away from zero).
    pub fn times(self, quantity: Quantity) -> Result<Self, AmountError> {
        let product = i128::from(self.0) * i128::from(quantity.0);
        Self::narrow(div_round(product, 1_000))
    }

    /// The share `part / whole` of this amount, to the ten-thousandth (ties away from zero).
    /// Nothing, when `whole` is zero.
    pub fn share(self, part: Quantity, whole: Quantity) -> Result<Self, AmountError> {
        if whole.is_zero() {
            return Ok(Self::ZERO);
        }
        let product = i128::from(self.0) * i128::from(part.0);
        Self::narrow(div_round(product, i128::from(whole.0)))
    }

    /// What one unit costs when `quantity` costs this. Nothing, when the quantity is zero.
    pub fn per_unit(self, quantity: Quantity) -> Result<Self, AmountError> {
        self.share(Quantity(1_000), quantity)
    }

    /// Rounded to the smallest coin (ties away from zero).
    #[must_use]
    pub fn to_coins(self) -> Self {
        let minor = i128::from(MINOR_UNIT);
        let coins = div_round(i128::from(self.0), minor);
        // MAX_MONEY is a whole number of coins, so rounding cannot leave the range.
        Self(i64::try_from(coins * minor).unwrap_or(self.0))
    }

    /// The tax contained in this tax-inclusive amount, rounded to the smallest coin.
    pub fn contained_tax(self, rate: TaxRate) -> Result<Self, AmountError> {
        let rate = i128::from(rate.basis_points());
        let tax = div_round(i128::from(self.0) * rate, BASIS_POINTS + rate);
        Ok(Self::narrow(tax)?.to_coins())
    }
}

/// A tax rate in basis points: 13 % is 1,300.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaxRate(u16);

impl TaxRate {
    /// No tax.
    pub const ZERO: Self = Self(0);

    /// A rate of at most 100 %.
    pub const fn from_basis_points(basis_points: u16) -> Result<Self, AmountError> {
        if basis_points > 10_000 {
            return Err(AmountError::OutOfRange);
        }
        Ok(Self(basis_points))
    }

    /// The rate in 1/10,000.
    pub const fn basis_points(self) -> u16 {
        self.0
    }
}

/// `numerator / denominator`, rounded to the nearest integer, ties away from zero.
fn div_round(numerator: i128, denominator: i128) -> i128 {
    let (n, d) =
        if denominator < 0 { (-numerator, -denominator) } else { (numerator, denominator) };
    let half = d / 2;
    if n >= 0 { (n + half) / d } else { (n - half) / d }
}

fn decimal(raw: i64, places: u32) -> String {
    let scale = 10_u64.pow(places);
    let sign = if raw < 0 { "-" } else { "" };
    let (whole, part) = (raw.unsigned_abs() / scale, raw.unsigned_abs() % scale);
    if part == 0 {
        return format!("{sign}{whole}");
    }
    let digits = format!("{part:0width$}", width = places as usize);
    format!("{sign}{whole}.{}", digits.trim_end_matches('0'))
}

fn parse_decimal(text: &str, places: u32) -> Result<i64, AmountError> {
    let bad = || AmountError::NotANumber { text: text.to_owned() };
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && part.is_empty()) || !all_digits(whole) || !all_digits(part) {
        return Err(bad());
    }
    let part = part.trim_end_matches('0');
    if part.len() > places as usize {
        return Err(AmountError::TooPrecise { text: text.to_owned(), places });
    }
    let digits = format!("{whole}{part:0<width$}", width = places as usize);
    let raw: i64 = digits.parse().map_err(|_| AmountError::OutOfRange)?;
    Ok(if text.starts_with('-') { -raw } else { raw })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_read_and_print_exactly() {
        for (text, raw) in [("3.5", 35_000), ("-0.01", -100), ("12", 120_000), (".25", 2_500)] {
            assert_eq!(text.parse::<Money>().unwrap().ten_thousandths(), raw);
        }
        assert_eq!("1.250".parse::<Quantity>().unwrap().to_string(), "1.25");
        assert_eq!("-3".parse::<Quantity>().unwrap().to_string(), "-3");
        for text in ["", "-", ".", "1,5", "1e3", "０", "1.2.3", " 1", "--1"] {
            assert!(matches!(text.parse::<Money>(), Err(AmountError::NotANumber { .. })), "{text}");
        }
        assert!(matches!("1.2345".parse::<Quantity>(), Err(AmountError::TooPrecise { .. })));
        assert_eq!("99999999999999999999".parse::<Money>(), Err(AmountError::OutOfRange));
    }

    #[test]
    fn weighed_goods_round_to_the_coin() {
        let price: Money = "12.80".parse().unwrap();
        let amount = price.times("0.456".parse().unwrap()).unwrap();
        assert_eq!(amount.to_string(), "5.8368");
        assert_eq!(amount.to_coins().to_string(), "5.84");
        assert_eq!(amount.negated().to_coins().to_string(), "-5.84");
    }

    #[test]
    fn tax_is_contained_in_the_price() {
        let rate = TaxRate::from_basis_points(1_300).unwrap();
        assert_eq!("113".parse::<Money>().unwrap().contained_tax(rate).unwrap().to_string(), "13");
    }
}
