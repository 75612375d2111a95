//! Values in JSON: as the text that they print and parse, so that nothing is rounded on the way
//! and a wrong value is refused by the type it is for.
//!
//! Use with `#[serde(with = "text")]`, and `text::option` for an `Option`.

use std::fmt::{self, Display};
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub(crate) fn serialize<T: Display, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(value)
}

pub(crate) fn deserialize<'de, T, D>(from: D) -> Result<T, D::Error>
where
    T: FromStr<Err: Display>,
    D: Deserializer<'de>,
{
    String::deserialize(from)?.parse().map_err(D::Error::custom)
}

/// The same for a value that may be missing.
pub(crate) mod option {
    use super::{Deserialize, Deserializer, Display, FromStr, Serializer};
    use serde::de::Error as _;

    pub(crate) fn serialize<T: Display, S: Serializer>(
        value: &Option<T>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => to.collect_str(value),
            None => to.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, T, D>(from: D) -> Result<Option<T>, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        let text = Option::<String>::deserialize(from)?;
        text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
    }
}

/// Instants: RFC 3339 in UTC, to the millisecond.
pub(crate) mod instant {
    use ledger::time::Timestamp;
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
    pub(crate) fn serialize<S: Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
        match jiff::Timestamp::from_millisecond(at.millis()) {
            Ok(at) => to.collect_str(&format_args!("{at:.3}")),
            // Beyond the year 9999 there is no such text; the number still says which instant.
            Err(_) => to.collect_str(&at.millis()),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
        let text = String::deserialize(from)?;
        if let Ok(millis) = text.parse() {
            return Ok(Timestamp::from_millis(millis));
        }
        let at: jiff::Timestamp = text.parse().map_err(D::Error::custom)?;
        Ok(Timestamp::from_millis(at.as_millisecond()))
    }

    /// The same for an instant that may be missing.
    pub(crate) mod option {
        use super::Timestamp;
        use serde::{Deserialize, Deserializer, Serialize, Serializer};

        #[derive(Serialize, Deserialize)]
        struct Instant(#[serde(with = "super")] Timestamp);

        #[expect(clippy::ref_option, reason = "serde calls it with a reference")]
        pub(crate) fn serialize<S: Serializer>(
            at: &Option<Timestamp>,
            to: S,
        ) -> Result<S::Ok, S::Error> {
            at.map(Instant).serialize(to)
        }

        pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
            from: D,
        ) -> Result<Option<Timestamp>, D::Error> {
            Ok(Option::<Instant>::deserialize(from)?.map(|instant| instant.0))
        }
    }
}

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
