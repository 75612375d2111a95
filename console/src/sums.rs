//! Sums of quantities and money, which need not fit what one movement may have. In JSON: decimal
//! numbers as text.

use std::fmt::{self, Display};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! sum {
    ($(#[$doc:meta])* $name:ident, $places:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(pub i128);

        impl Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&decimal(self.0, $places))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = String::deserialize(from)?;
                parse(&text, $places).map(Self).ok_or_else(|| {
                    D::Error::custom(format_args!("`{text}` is not a decimal number"))
                })
            }
        }

        impl std::iter::Sum for $name {
            fn sum<I: Iterator<Item = Self>>(values: I) -> Self {
                Self(values.map(|value| value.0).sum())
            }
        }
    };
}

sum! {
    /// A sum of quantities, in thousandths of the unit. As text: a decimal number.
    Units, 3
}
sum! {
    /// A sum of money, in ten-thousandths of the currency unit. As text: a decimal number.
    Amount, 4
}

/// The shortest decimal with this value.
fn decimal(raw: i128, places: u32) -> String {
    let scale = 10_u128.pow(places);
    let sign = if raw < 0 { "-" } else { "" };
    let (whole, part) = (raw.unsigned_abs() / scale, raw.unsigned_abs() % scale);
    let part = format!("{part:0width$}", width = places as usize);
    match part.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        part => format!("{sign}{whole}.{part}"),
    }
}

fn parse(text: &str, places: usize) -> Option<i128> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = whole.bytes().chain(part.bytes()).all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits || part.len() > places {
        return None;
    }
    let raw: i128 = format!("{whole}{part:0<places$}").parse().ok()?;
    Some(if text.starts_with('-') { -raw } else { raw })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_keep_every_digit() {
        for (raw, text) in [(0, "0"), (-1, "-0.0001"), (12_345_600, "1234.56"), (i128::MAX, "")] {
            let json = serde_json::to_string(&Amount(raw)).unwrap();
            if !text.is_empty() {
                assert_eq!(json, format!("\"{text}\""));
            }
            assert_eq!(serde_json::from_str::<Amount>(&json).unwrap(), Amount(raw));
        }
        for text in ["\"1,5\"", "\"1.00001\"", "\"\"", "\"--1\"", "1.5"] {
            assert!(serde_json::from_str::<Amount>(text).is_err(), "{text}");
        }
    }
}
