//! What is typed, on its way to whoever knows which day it is.

use ledger::id::StoreId;
use ledger::report::{Period, PeriodError, Question, Report, Scope};
use ledger::time::BusinessDate;
use serde::{Deserialize, Serialize};

use crate::text;

/// A question whose days may be left open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Which report.
    #[serde(flatten)]
    pub report: Report,
    /// From this day on; none: from the first day of the month in which the period ends.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub from: Option<BusinessDate>,
    /// Up to this day; none: up to today.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub to: Option<BusinessDate>,
    /// Only these stores.
    #[serde(default, with = "text::list", skip_serializing_if = "Vec::is_empty")]
    pub stores: Vec<StoreId>,
    /// Only products of this category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
}

impl Asked {
    /// The question, asked on a day.
    pub fn question(self, today: BusinessDate) -> Result<Question, PeriodError> {
        let Self { report, from, to, stores, category } = self;
        let to = to.unwrap_or_else(|| from.map_or(today, |from| from.max(today)));
        let from = from.unwrap_or_else(|| Period::month_of(to).from());
        let period = Period::new(from, to)?;
        Ok(Question { report, scope: Scope { period, stores, category } })
    }
}
