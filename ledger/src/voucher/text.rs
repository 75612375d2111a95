//! Values in JSON as the text that they print and parse.

use std::fmt::Display;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serializer};

pub(super) fn serialize<T: Display, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(value)
}

pub(super) fn deserialize<'de, T, D>(from: D) -> Result<T, D::Error>
where
    T: FromStr<Err: Display>,
    D: Deserializer<'de>,
{
    String::deserialize(from)?.parse().map_err(D::Error::custom)
}

pub(super) mod option {
    use super::{Deserialize, Deserializer, Display, FromStr, Serializer};
    use serde::de::Error as _;

    pub(in crate::voucher) fn serialize<T: Display, S: Serializer>(
        value: &Option<T>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => to.collect_str(value),
            None => to.serialize_none(),
        }
    }

    pub(in crate::voucher) fn deserialize<'de, T, D>(from: D) -> Result<Option<T>, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        let text = Option::<String>::deserialize(from)?;
        text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
    }
}

pub(super) mod method {
    use super::{Deserialize, Deserializer, Serializer};
    use crate::fact::PaymentMethod;
    use serde::de::Error as _;

    pub(in crate::voucher) fn serialize<S: Serializer>(
        value: &Option<PaymentMethod>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(method) => to.serialize_str(method.name()),
            None => to.serialize_none(),
        }
    }

    pub(in crate::voucher) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<PaymentMethod>, D::Error> {
        let Some(text) = Option::<String>::deserialize(from)? else { return Ok(None) };
        let unknown = || D::Error::custom(format!("`{text}` is no payment method"));
        PaymentMethod::named(&text).map(Some).ok_or_else(unknown)
    }
}
