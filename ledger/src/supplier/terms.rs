//! Payment terms (账期): from a delivery to the day on which it is to be paid.

use std::fmt;
use std::str::FromStr;

use super::{FieldProblem, MAX_TERM_DAYS};
use crate::time::BusinessDate;

/// Before the days of terms that count from the end of the month.
const MONTH_END: &str = "month_end+";

/// When an invoice is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Terms {
    /// So many days after the delivery (货到付款为 0).
    Days(u16),
    /// So many days after the end of the delivery's month (月结).
    AfterMonthEnd(u16),
}

impl Terms {
    /// On delivery.
    pub const AT_ONCE: Self = Self::Days(0);

    /// The day on which what was delivered on this one is due.
    pub fn due(self, delivered: BusinessDate) -> BusinessDate {
        match self {
            Self::Days(days) => delivered.plus_days(days.into()),
            Self::AfterMonthEnd(days) => {
                BusinessDate::new(delivered.date().last_of_month()).plus_days(days.into())
            }
        }
    }
}

impl fmt::Display for Terms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days(days) => write!(f, "{days}"),
            Self::AfterMonthEnd(days) => write!(f, "{MONTH_END}{days}"),
        }
    }
}

impl FromStr for Terms {
    type Err = FieldProblem;

    fn from_str(text: &str) -> Result<Self, FieldProblem> {
        let text = text.trim();
        let (end, days) = match text.strip_prefix(MONTH_END) {
            Some(days) => (true, days),
            None => (false, text),
        };
        let days = days.parse().map_err(|_| FieldProblem::Terms)?;
        match (end, days) {
            (_, MAX_TERM_DAYS..) if days > MAX_TERM_DAYS => Err(FieldProblem::Terms),
            (true, days) => Ok(Self::AfterMonthEnd(days)),
            (false, days) => Ok(Self::Days(days)),
        }
    }
}
