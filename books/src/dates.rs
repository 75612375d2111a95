//! Business days as numbers: 2026-11-22 is 20261122, so that they sort and people can read them.

use ledger::time::BusinessDate;

use crate::error::{BooksError, Result};

/// The number of a day.
pub(crate) fn number(date: BusinessDate) -> i64 {
    let date = date.date();
    i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())
}

/// The day of a number.
pub(crate) fn of_number(number: i64) -> Result<BusinessDate> {
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
    let text = format!("{year:04}-{month:02}-{day:02}");
    text.parse().map_err(|source| BooksError::text("a date", &text, source))
}
