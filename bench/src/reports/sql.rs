//! The references: one query each, as a person who knows the tables would write it.

use ledger::report::Period;
use ledger::time::BusinessDate;
use rusqlite::{Connection, params};

use super::Figures;
use crate::work::Result;

/// The opening is what is there now less what has moved since; so is the closing.
const MONTH: &str = "
    WITH moved AS (
        SELECT store, sku,
            sum(CASE flow WHEN 1 THEN quantity END), sum(CASE flow WHEN 1 THEN value END),
            sum(CASE flow WHEN 2 THEN quantity END), sum(CASE flow WHEN 2 THEN value END),
            sum(CASE flow WHEN 3 THEN quantity END), sum(CASE flow WHEN 3 THEN value END),
            sum(CASE flow WHEN 4 THEN quantity END), sum(CASE flow WHEN 4 THEN value END),
            sum(CASE flow WHEN 5 THEN quantity END), sum(CASE flow WHEN 5 THEN value END),
            sum(CASE flow WHEN 6 THEN quantity END) AS sold, sum(CASE flow WHEN 6 THEN value END),
            sum(CASE flow WHEN 7 THEN quantity END), sum(CASE flow WHEN 7 THEN value END),
            sum(CASE flow WHEN 8 THEN quantity END), sum(CASE flow WHEN 8 THEN value END),
            sum(CASE flow WHEN 9 THEN quantity END), sum(CASE flow WHEN 9 THEN value END),
            sum(CASE flow WHEN 10 THEN quantity END), sum(CASE flow WHEN 10 THEN value END),
            sum(CASE flow WHEN 11 THEN quantity END), sum(CASE flow WHEN 11 THEN value END)
        FROM store CROSS JOIN day_flow
            ON day_flow.store = store.id AND date BETWEEN ?1 AND ?2
        GROUP BY store, sku
    ), since AS (
        SELECT place, sku, sum(quantity_in - quantity_out) AS quantity,
            sum(value_in - value_out) AS value,
            sum(CASE WHEN date > ?2 THEN quantity_in - quantity_out ELSE 0 END) AS later_quantity,
            sum(CASE WHEN date > ?2 THEN value_in - value_out ELSE 0 END) AS later_value
        FROM store CROSS JOIN day_balance
            ON place = store.id * 16 + 1 AND date >= ?1
        GROUP BY place, sku
    ), now AS (
        SELECT place, sku, sum(quantity) AS quantity, sum(value) AS value
        FROM store CROSS JOIN balance ON place = store.id * 16 + 1 GROUP BY place, sku
    )
    SELECT now.quantity - coalesce(since.quantity, 0), coalesce(moved.sold, 0),
        now.quantity - coalesce(since.later_quantity, 0), store.name, sku.name,
        now.value - coalesce(since.value, 0), now.value - coalesce(since.later_value, 0), moved.*
    FROM now JOIN store ON store.id = now.place / 16 JOIN sku ON sku.id = now.sku
    LEFT JOIN since ON since.place = now.place AND since.sku = now.sku
    LEFT JOIN moved ON moved.store = store.id AND moved.sku = now.sku
    ORDER BY store.name, sku.name";

const STOCK: &str = "
    WITH since AS (
        SELECT place, sku, sum(quantity_in - quantity_out) AS quantity,
            sum(value_in - value_out) AS value
        FROM store CROSS JOIN day_balance ON place = store.id * 16 + 1 AND date > ?1
        GROUP BY place, sku
    ), now AS (
        SELECT place, sku, sum(quantity) AS quantity, sum(value) AS value
        FROM store CROSS JOIN balance ON place = store.id * 16 + 1 GROUP BY place, sku
    )
    SELECT 0, 0, now.quantity - coalesce(since.quantity, 0), store.name, sku.name,
        now.value - coalesce(since.value, 0)
    FROM now JOIN store ON store.id = now.place / 16 JOIN sku ON sku.id = now.sku
    LEFT JOIN since ON since.place = now.place AND since.sku = now.sku
    ORDER BY store.name, sku.name";

pub(super) fn month(conn: &Connection, period: Period) -> Result<Figures> {
    let (from, to) = (number(period.from())?, number(period.to())?);
    add_up(conn, MONTH, params![from, to])
}

pub(super) fn stock(conn: &Connection, at: BusinessDate) -> Result<Figures> {
    add_up(conn, STOCK, params![number(at)?])
}

/// Reads every row and column. Rows of nothing are not counted: a report leaves them out.
fn add_up(conn: &Connection, sql: &str, params: impl rusqlite::Params) -> Result<Figures> {
    let mut statement = conn.prepare_cached(sql)?;
    let columns = statement.column_count();
    let mut rows = statement.query(params)?;
    let (mut count, mut sums, mut kept) = (0, [0_i128; 3], Vec::new());
    while let Some(row) = rows.next()? {
        let values: Vec<rusqlite::types::Value> =
            (0..columns).map(|at| row.get(at)).collect::<rusqlite::Result<_>>()?;
        let mut nothing = true;
        for (sum, at) in sums.iter_mut().zip(0..) {
            let number: i64 = row.get(at)?;
            *sum += i128::from(number);
            nothing &= number == 0;
        }
        count += usize::from(!nothing);
        kept.push(values);
    }
    Ok((count, sums[0], sums[1], sums[2]))
}

fn number(date: BusinessDate) -> Result<i64> {
    Ok(date.compact().parse()?)
}
