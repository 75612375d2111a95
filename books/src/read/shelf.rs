//! What stands on a store's shelf and what moved there, row by row.

use ledger::fold::Balance;
use ledger::id::Sku;
use ledger::time::BusinessDate;
use rusqlite::{Connection, Params};

use super::stock::parse_sku;
use crate::dates;
use crate::error::{During, Result};
use crate::state::PlaceId;

/// What is on hand now, lot by lot.
pub(crate) fn each_now(
    conn: &Connection,
    store: i64,
    each: impl FnMut(Sku, Balance),
) -> Result<()> {
    let sql = "SELECT sku.name, quantity, value FROM balance JOIN sku ON sku.id = balance.sku \
         WHERE place = ?1";
    each_row(conn, sql, [PlaceId::on_hand(store).0], each)
}

/// What moved from one day on, up to another or without end: what came less what went.
pub(crate) fn each_flow(
    conn: &Connection,
    store: i64,
    (from, until): (BusinessDate, Option<BusinessDate>),
    each: impl FnMut(Sku, Balance),
) -> Result<()> {
    let sql = "SELECT sku.name, quantity_in - quantity_out, value_in - value_out \
         FROM day_balance JOIN sku ON sku.id = day_balance.sku \
         WHERE place = ?1 AND date BETWEEN ?2 AND ?3";
    let until = until.map_or(i64::MAX, dates::number);
    each_row(conn, sql, [PlaceId::on_hand(store).0, dates::number(from), until], each)
}

fn each_row(
    conn: &Connection,
    sql: &str,
    params: impl Params,
    mut each: impl FnMut(Sku, Balance),
) -> Result<()> {
    const WHAT: &str = "go through the shelf";
    let mut statement = conn.prepare_cached(sql).during(WHAT)?;
    let mut rows = statement.query(params).during(WHAT)?;
    while let Some(row) = rows.next().during(WHAT)? {
        let read = || -> rusqlite::Result<(String, i64, i64)> {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        };
        let (sku, quantity, value) = read().during(WHAT)?;
        each(parse_sku(&sku)?, Balance { quantity: quantity.into(), value: value.into() });
    }
    Ok(())
}
