//! Writing the changed rows of the read model, and reading one when it is needed.

use ledger::report::Part;
use rusqlite::{Connection, Row, params};

use super::{Amounts, Cost, Day, DayFlowKey, Flow, MEASURES, Pending, PlaceId, State};
use crate::error::{During, Result};
use crate::sql;

// REPLACE, because on a table that is nothing but its primary key SQLite then writes the row in one
// descent of the tree instead of looking for it first.

const PUT_BALANCE: &str =
    "REPLACE INTO balance (place, sku, lot, quantity, value) VALUES (?1, ?2, ?3, ?4, ?5)";

const PUT_CARRIED: &str =
    "REPLACE INTO awaited_balance (place, sku, lot, quantity, value) VALUES (?1, ?2, ?3, ?4, ?5)";

const CLEAR_CARRIED: &str =
    "DELETE FROM awaited_balance WHERE place = ?1 AND sku = ?2 AND lot = ?3";

const PUT_FLOW: &str = "REPLACE INTO day_balance \
     (place, date, sku, quantity_in, quantity_out, value_in, value_out) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

const PUT_DAY_FLOW: &str = "REPLACE INTO day_flow \
     (store, date, sku, flow, quantity, value, paid, tax) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

const PUT_COST: &str =
    "REPLACE INTO cost (store, sku, cost, epoch, seq) VALUES (?1, ?2, ?3, ?4, ?5)";

/// The measures are columns, in the order of [`Measure::ALL`](ledger::measure::Measure::ALL): one
/// row a day is a third of the work of one for each.
const PUT_DAY: &str = "REPLACE INTO day (store, date, epoch, facts, last_at, \
     sales_count, sales_gross, sales_discount, sales_net, tax, returns_count, returns_net, \
     paid_cash, paid_card, paid_transfer, paid_mobile, paid_stored_value) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)";

const GET_DAY: &str = "SELECT facts, last_at, sales_count, sales_gross, sales_discount, \
     sales_net, tax, returns_count, returns_net, paid_cash, paid_card, paid_transfer, \
     paid_mobile, paid_stored_value FROM day WHERE store = ?1 AND date = ?2 AND epoch = ?3";

const PUT_TAIL: &str =
    "REPLACE INTO doc_tail (doc, actor, seq, hash, max_op) VALUES (?1, ?2, ?3, ?4, ?5)";

const PUT_DIGEST: &str = "UPDATE collection SET digest = ?2 WHERE id = ?1";

pub(super) fn write(conn: &Connection, state: &mut State) -> rusqlite::Result<()> {
    let mut put = conn.prepare_cached(PUT_BALANCE)?;
    for ((place, sku, lot), Amounts { quantity, value }) in state.balances.dirty() {
        put.execute(params![place.0, sku, lot, quantity, value])?;
    }
    let mut put = conn.prepare_cached(PUT_CARRIED)?;
    let mut clear = conn.prepare_cached(CLEAR_CARRIED)?;
    for ((place, sku, lot), left) in state.carried.dirty() {
        if left == Amounts::default() {
            clear.execute(params![place.0, sku, lot])?;
        } else {
            put.execute(params![place.0, sku, lot, left.quantity, left.value])?;
        }
    }
    let mut put = conn.prepare_cached(PUT_FLOW)?;
    for ((place, date, sku), Flow { inward, outward }) in state.flows.dirty() {
        put.execute(params![
            place.0,
            date,
            sku,
            inward.quantity,
            outward.quantity,
            inward.value,
            outward.value
        ])?;
    }
    let mut put = conn.prepare_cached(PUT_DAY_FLOW)?;
    for ((store, date, sku, flow), Part { quantity, value, paid, tax }) in state.day_flows.dirty() {
        put.execute(params![store, date, sku, flow, quantity, value, paid, tax])?;
    }
    let mut put = conn.prepare_cached(PUT_COST)?;
    for ((store, sku), cost) in state.costs.dirty() {
        let Some(Cost { cost, epoch, seq }) = cost else { continue };
        put.execute(params![store, sku, cost, epoch, seq.cast_signed()])?;
    }
    let mut put = conn.prepare_cached(PUT_DAY)?;
    for ((store, date, epoch), Day { facts, last_at, measures: m }) in state.days.dirty() {
        put.execute(params![
            store, date, epoch, facts, last_at, m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7],
            m[8], m[9], m[10], m[11]
        ])?;
    }
    let mut put = conn.prepare_cached(PUT_TAIL)?;
    for ((doc, actor), tail) in state.tails.dirty() {
        let Some(tail) = tail else { continue };
        let (seq, max_op) = (tail.seq.cast_signed(), tail.max_op.cast_signed());
        put.execute(params![doc, actor, seq, tail.hash.as_bytes(), max_op])?;
    }
    let mut put = conn.prepare_cached(PUT_DIGEST)?;
    for (collection, digest) in state.digests.dirty() {
        put.execute(params![collection, digest.to_bytes()])?;
    }
    Ok(())
}

/// A balance as the database has it; nothing where there is no row.
pub(crate) fn balance(conn: &Connection, key: (PlaceId, i64, i64)) -> Result<Amounts> {
    sql::first(
        conn,
        "read a balance",
        "SELECT quantity, value FROM balance WHERE place = ?1 AND sku = ?2 AND lot = ?3",
        [key.0.0, key.1, key.2],
        amounts,
    )
    .map(Option::unwrap_or_default)
}

/// What is left of the sum of awaited facts, as the database has it.
pub(crate) fn awaited_balance(conn: &Connection, key: (PlaceId, i64, i64)) -> Result<Amounts> {
    sql::first(
        conn,
        "read what is carried",
        "SELECT quantity, value FROM awaited_balance WHERE place = ?1 AND sku = ?2 AND lot = ?3",
        [key.0.0, key.1, key.2],
        amounts,
    )
    .map(Option::unwrap_or_default)
}

/// What is on hand over all lots, as the database has it.
pub(crate) fn on_hand(conn: &Connection, store: i64, sku: i64) -> Result<Amounts> {
    let read = || {
        let mut sum = Amounts::default();
        let mut statement = conn
            .prepare_cached("SELECT quantity, value FROM balance WHERE place = ?1 AND sku = ?2")?;
        for lot in statement.query_map([PlaceId::on_hand(store).0, sku], amounts)? {
            let lot = lot?;
            // Posting and taking in keep the sum over the lots in range as well.
            sum.quantity = sum.quantity.saturating_add(lot.quantity);
            sum.value = sum.value.saturating_add(lot.value);
        }
        Ok(sum)
    };
    read().during("read what is on hand")
}

/// A day's flow as the database has it.
pub(crate) fn flow(conn: &Connection, key: (PlaceId, i64, i64)) -> Result<Flow> {
    sql::first(
        conn,
        "read a day's balance",
        "SELECT quantity_in, value_in, quantity_out, value_out FROM day_balance \
         WHERE place = ?1 AND date = ?2 AND sku = ?3",
        [key.0.0, key.1, key.2],
        |row| {
            let inward = Amounts { quantity: row.get(0)?, value: row.get(1)? };
            let outward = Amounts { quantity: row.get(2)?, value: row.get(3)? };
            Ok(Flow { inward, outward })
        },
    )
    .map(Option::unwrap_or_default)
}

/// What went one way on a day, as the database has it.
pub(crate) fn day_flow(conn: &Connection, key: DayFlowKey) -> Result<Part> {
    sql::first(
        conn,
        "read what went one way on a day",
        "SELECT quantity, value, paid, tax FROM day_flow \
         WHERE store = ?1 AND date = ?2 AND sku = ?3 AND flow = ?4",
        [key.0, key.1, key.2, key.3],
        |row| {
            let (quantity, value) = (row.get(0)?, row.get(1)?);
            Ok(Part { quantity, value, paid: row.get(2)?, tax: row.get(3)? })
        },
    )
    .map(Option::unwrap_or_default)
}

/// Whether the database has anything of a store's day.
pub(crate) fn has_day(conn: &Connection, store: i64, date: i64) -> Result<bool> {
    sql::one(
        conn,
        "look for a day",
        "SELECT EXISTS (SELECT 1 FROM day WHERE store = ?1 AND date = ?2)",
        [store, date],
        |row| row.get(0),
    )
}

/// A day as the database has it.
pub(crate) fn day(conn: &Connection, key: (i64, i64, u32)) -> Result<Day> {
    sql::first(conn, "read a day", GET_DAY, params![key.0, key.1, key.2], |row| {
        let mut measures = [0; MEASURES];
        for (at, measure) in measures.iter_mut().enumerate() {
            *measure = row.get(at + 2)?;
        }
        Ok(Day { facts: row.get(0)?, last_at: row.get(1)?, measures })
    })
    .map(Option::unwrap_or_default)
}

/// A last cost as the database has it.
pub(crate) fn cost(conn: &Connection, store: i64, sku: i64) -> Result<Option<Cost>> {
    sql::first(
        conn,
        "read a cost",
        "SELECT cost, epoch, seq FROM cost WHERE store = ?1 AND sku = ?2",
        [store, sku],
        |row| {
            let seq: i64 = row.get(2)?;
            Ok(Cost { cost: row.get(0)?, epoch: row.get(1)?, seq: seq.cast_unsigned() })
        },
    )
}

fn amounts(row: &Row<'_>) -> rusqlite::Result<Amounts> {
    Ok(Amounts { quantity: row.get(0)?, value: row.get(1)? })
}

/// The facts that are in no change yet, as the database has them.
pub(crate) fn pending(conn: &Connection) -> Result<Pending> {
    sql::one(
        conn,
        "count the pending facts",
        "SELECT count(*), coalesce(sum(length(CAST(text AS BLOB))), 0), \
         coalesce(max(date), 0) FROM pending_fact",
        [],
        |row| Ok(Pending { facts: row.get(0)?, bytes: row.get(1)?, date: row.get(2)? }),
    )
}

#[cfg(test)]
mod tests {
    use ledger::measure::Measure;

    use crate::{connection, migrate};

    #[test]
    fn a_day_has_a_column_for_each_measure() {
        let conn = connection::scratch().unwrap();
        migrate::make_tables(&conn).unwrap();
        let mut statement = conn.prepare("SELECT name FROM pragma_table_info('day')").unwrap();
        let columns: Result<Vec<String>, _> =
            statement.query_map([], |row| row.get(0)).unwrap().collect();
        let measures = Measure::ALL.map(Measure::name);
        assert_eq!(columns.unwrap()[5..], measures);
    }
}
