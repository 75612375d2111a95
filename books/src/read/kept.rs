//! What is kept of one store's facts, row by row, for the other side to compare.

use ledger::check::replicas::RowKey;
use ledger::id::{Epoch, Lot, Sku};
use ledger::time::BusinessDate;
use rusqlite::{Row, params};
use sync_proto::kept::Gathering;

use super::Reader;
use crate::dates;
use crate::error::{During, Result};
use crate::state::{MEASURES, PlaceId, PlaceMeaning};

const WHAT: &str = "go through what is kept of a store";

impl Reader {
    /// Hands every row of a store's read model over, in one pass over each table. Rows of days before
    /// `since` may be left out. A row that nobody can read is one that isn't there: its facts tell.
    pub(crate) fn gather_kept(
        &self,
        store: i64,
        since: Option<BusinessDate>,
        gathering: &mut Gathering,
    ) -> Result<()> {
        let (first, last) = PlaceId::of_whole_store(store);
        let since = since.map_or(i64::MIN, dates::number);
        self.each(
            "SELECT place, sku.name, lot.name, quantity, value FROM balance \
             JOIN sku ON sku.id = balance.sku LEFT JOIN lot ON lot.id = balance.lot \
             WHERE place BETWEEN ?1 AND ?2 AND ?3 IS NOT NULL",
            (first, last, since),
            |row| {
                let (place, sku): (i64, String) = (row.get(0)?, row.get(1)?);
                let lot: Option<String> = row.get(2)?;
                if let Some(key) = balance(place, &sku, lot.as_deref()) {
                    gathering.row(key, &[row.get(3)?, row.get(4)?]);
                }
                Ok(())
            },
        )?;
        self.each(
            "SELECT place, date, sku.name, quantity_in, quantity_out, value_in, value_out \
             FROM day_balance JOIN sku ON sku.id = day_balance.sku \
             WHERE place BETWEEN ?1 AND ?2 AND date >= ?3",
            (first, last, since),
            |row| {
                let (place, date, sku): (i64, i64, String) =
                    (row.get(0)?, row.get(1)?, row.get(2)?);
                if let Some(key) = day_balance(place, date, &sku) {
                    gathering.row(key, &[row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?]);
                }
                Ok(())
            },
        )?;
        self.each(
            "SELECT date, epoch, facts, last_at, sales_count, sales_gross, sales_discount, \
             sales_net, tax, returns_count, returns_net, paid_cash, paid_card, paid_transfer, \
             paid_mobile, paid_stored_value FROM day WHERE store = ?1 AND ?2 IS NOT NULL AND date >= ?3",
            (store, last, since),
            |row| {
                let date = dates::of_number(row.get(0)?).ok();
                let epoch = u32::try_from(row.get::<_, i64>(1)?).ok().and_then(Epoch::new);
                if let (Some(date), Some(epoch)) = (date, epoch) {
                    let mut numbers = [0; 2 + MEASURES];
                    for (place, number) in numbers.iter_mut().enumerate() {
                        *number = row.get(2 + place)?;
                    }
                    gathering.row(RowKey::Day { date, epoch }, &numbers);
                }
                Ok(())
            },
        )
    }

    fn each(
        &self,
        sql: &str,
        (first, last, since): (i64, i64, i64),
        mut row: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
    ) -> Result<()> {
        let mut go = || {
            let mut statement = self.conn().prepare_cached(sql)?;
            let mut rows = statement.query(params![first, last, since])?;
            while let Some(found) = rows.next()? {
                row(found)?;
            }
            Ok(())
        };
        go().during(WHAT)
    }
}

fn balance(place: i64, sku: &str, lot: Option<&str>) -> Option<RowKey> {
    let Some(PlaceMeaning::Store(_, account)) = PlaceId(place).meaning() else { return None };
    let lot = lot.map(Lot::new).transpose().ok()?;
    Some(RowKey::Balance { account, sku: Sku::new(sku).ok()?, lot })
}

fn day_balance(place: i64, date: i64, sku: &str) -> Option<RowKey> {
    let Some(PlaceMeaning::Store(_, account)) = PlaceId(place).meaning() else { return None };
    let date = dates::of_number(date).ok()?;
    Some(RowKey::DayBalance { account, date, sku: Sku::new(sku).ok()? })
}
