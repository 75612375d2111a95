//! Money and counts by day.

use std::collections::BTreeMap;

use ledger::id::StoreId;
use ledger::measure::Measure;
use ledger::time::BusinessDate;
use rusqlite::params;

use super::Reader;
use crate::dates;
use crate::error::{BooksError, Result};
use crate::facts::{store_name, store_number};
use crate::sql;
use crate::state::MEASURES;

/// Sums by measure; a measure without a row is zero.
pub type Totals = BTreeMap<Measure, i64>;

/// The totals of one store and day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayTotals {
    /// The store.
    pub store: StoreId,
    /// The day.
    pub date: BusinessDate,
    /// How many facts were booked to it.
    pub facts: u64,
    /// The totals.
    pub totals: Totals,
}

const COLUMNS: &str = "sales_count, sales_gross, sales_discount, sales_net, tax, returns_count, \
     returns_net, paid_cash, paid_card, paid_transfer, paid_mobile, paid_stored_value";

impl Reader {
    /// The totals of a store, or of the chain, over a range of days. An open end of the range reaches
    /// as far as the books do.
    pub fn totals(
        &self,
        store: Option<&StoreId>,
        from: Option<BusinessDate>,
        to: Option<BusinessDate>,
    ) -> Result<Totals> {
        let mut totals = Totals::new();
        for day in self.day_totals(store, from, to)? {
            for (measure, amount) in day.totals {
                let sum = totals.entry(measure).or_insert(0_i64);
                *sum = sum.checked_add(amount).ok_or_else(|| BooksError::OutOfRange {
                    subject: format!("the total of {}", measure.name()),
                })?;
            }
        }
        Ok(totals)
    }

    /// The totals day by day, in the order of store and day.
    pub fn day_totals(
        &self,
        store: Option<&StoreId>,
        from: Option<BusinessDate>,
        to: Option<BusinessDate>,
    ) -> Result<Vec<DayTotals>> {
        let number = match store {
            Some(store) => match store_number(self.conn(), store)? {
                Some(number) => Some(number),
                None => return Ok(Vec::new()),
            },
            None => None,
        };
        let from = from.map_or(i64::MIN, dates::number);
        let to = to.map_or(i64::MAX, dates::number);
        let of_store = if number.is_some() { "store = ?1" } else { "?1 IS NULL" };
        let sql = format!(
            "SELECT store, date, facts, {COLUMNS} FROM day \
             WHERE {of_store} AND date BETWEEN ?2 AND ?3 ORDER BY store, date, epoch"
        );
        let range = params![number, from, to];
        let rows = sql::all(self.conn(), "list the day totals", &sql, range, |row| {
            let mut amounts = [0; MEASURES];
            for (at, amount) in amounts.iter_mut().enumerate() {
                *amount = row.get(at + 3)?;
            }
            let facts: i64 = row.get(2)?;
            Ok((row.get(0)?, row.get(1)?, facts, amounts))
        })?;
        // A day may have a row for each epoch of its store.
        let mut days: BTreeMap<(i64, i64), (i64, [i64; MEASURES])> = BTreeMap::new();
        for (store, date, facts, amounts) in rows {
            let day = days.entry((store, date)).or_insert((0, [0; MEASURES]));
            day.0 += facts;
            for (sum, amount) in day.1.iter_mut().zip(amounts) {
                *sum = sum.checked_add(amount).ok_or_else(|| BooksError::OutOfRange {
                    subject: "a day's total".to_owned(),
                })?;
            }
        }
        let mut totals = Vec::with_capacity(days.len());
        for ((store, date), (facts, amounts)) in days {
            let measured = Measure::ALL.into_iter().zip(amounts);
            totals.push(DayTotals {
                store: store_name(self.conn(), store)?,
                date: dates::of_number(date)?,
                facts: facts.unsigned_abs(),
                totals: measured.filter(|(_, amount)| *amount != 0).collect(),
            });
        }
        totals.sort_by(|a, b| (&a.store, a.date).cmp(&(&b.store, b.date)));
        Ok(totals)
    }
}
