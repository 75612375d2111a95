//! Of which days vouchers are wanted.

use clap::Args;
use ledger::report::{Period, PeriodError};
use ledger::time::BusinessDate;
use serde::{Deserialize, Serialize};

use crate::text;

/// A period, as it is typed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Days {
    /// From this day on [default: the first of the month] · 起始日期
    #[arg(long, value_name = "DATE")]
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub from: Option<BusinessDate>,
    /// Up to this day [default: today] · 截止日期
    #[arg(long, value_name = "DATE")]
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub to: Option<BusinessDate>,
    /// A whole month, e.g. 2026-10 · 月份
    #[arg(long, value_name = "MONTH", conflicts_with_all = ["from", "to"])]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month: Option<Period>,
}

impl Days {
    /// The period, asked for on a day.
    pub fn period(self, today: BusinessDate) -> Result<Period, PeriodError> {
        if let Some(month) = self.month {
            return Ok(month);
        }
        let to = self.to.unwrap_or_else(|| self.from.map_or(today, |from| from.max(today)));
        Period::new(self.from.unwrap_or_else(|| Period::month_of(to).from()), to)
    }
}
