//! How long a node keeps whole books.

use std::str::FromStr;

use books::MIN_KEPT_DAYS;
use ledger::time::BusinessDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A number of days whose books are kept whole: at least [`MIN_KEPT_DAYS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct KeptDays(u16);

/// Why a text or number is none.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeptDaysError {
    /// It is no number of days.
    #[error("`{text}` is not a number of days, as in 400d")]
    Malformed {
        /// What was given.
        text: String,
    },
    /// It is too short.
    #[error(
        "{days} days are too few: {MIN_KEPT_DAYS} are kept at least, so that a hub restored from a backup \
         can be given again what it lost"
    )]
    TooFew {
        /// What was given.
        days: u16,
    },
}

impl KeptDays {
    /// The first day that is kept whole.
    pub fn since(self, today: BusinessDate) -> BusinessDate {
        today.plus_days(-i32::from(self.0))
    }
}

impl TryFrom<u16> for KeptDays {
    type Error = KeptDaysError;

    fn try_from(days: u16) -> Result<Self, KeptDaysError> {
        if days < MIN_KEPT_DAYS { Err(KeptDaysError::TooFew { days }) } else { Ok(Self(days)) }
    }
}

impl From<KeptDays> for u16 {
    fn from(days: KeptDays) -> Self {
        days.0
    }
}

impl FromStr for KeptDays {
    type Err = KeptDaysError;

    fn from_str(text: &str) -> Result<Self, KeptDaysError> {
        let days = text.strip_suffix('d').unwrap_or(text).parse::<u16>();
        let malformed = |_| KeptDaysError::Malformed { text: text.to_owned() };
        days.map_err(malformed)?.try_into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_with_or_without_their_unit_and_have_a_floor() {
        let days = |text: &str| text.parse::<KeptDays>();
        assert_eq!(days("400d"), Ok(KeptDays(400)));
        assert_eq!(days("35"), Ok(KeptDays(35)));
        assert_eq!(days("34d"), Err(KeptDaysError::TooFew { days: 34 }));
        for text in ["", "d", "-40d", "40 d", "a year"] {
            assert!(matches!(days(text), Err(KeptDaysError::Malformed { .. })), "{text}");
        }
        let today: BusinessDate = "2026-11-22".parse().unwrap();
        assert_eq!(days("35").unwrap().since(today).to_string(), "2026-10-18");
    }
}
