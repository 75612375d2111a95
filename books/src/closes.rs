//! Closed days: looking them up for whoever reads and whoever writes.
//!
//! Everything up to a store's last closed day is closed, days without facts among it: what is found
//! out late goes to the first day after.

use ledger::id::FactId;
use ledger::time::BusinessDate;
use rusqlite::{Connection, params};

use crate::dates;
use crate::error::Result;
use crate::facts::fact_id;
use crate::sql;

/// Indexes a close of a day.
pub(crate) fn insert(
    conn: &Connection,
    (store, date): (i64, i64),
    id: FactId,
    facts: u64,
) -> Result<()> {
    sql::run(
        conn,
        "index a close",
        "INSERT INTO day_close (store, date, epoch, seq, facts) VALUES (?1, ?2, ?3, ?4, ?5) \
         ON CONFLICT DO NOTHING",
        // A number that no day has is only ever unequal.
        params![
            store,
            date,
            id.epoch.number(),
            id.seq.cast_signed(),
            i64::try_from(facts).unwrap_or(i64::MAX)
        ],
    )
    .map(drop)
}

/// The last closed day of a store.
pub(crate) fn through(conn: &Connection, store: i64) -> Result<Option<BusinessDate>> {
    let last: Option<i64> = sql::one(
        conn,
        "find the last closed day",
        "SELECT max(date) FROM day_close WHERE store = ?1",
        [store],
        |row| row.get(0),
    )?;
    last.map(dates::of_number).transpose()
}

/// The close of a day that counts: the newest.
pub(crate) fn of_day(conn: &Connection, store: i64, date: BusinessDate) -> Result<Option<FactId>> {
    sql::first(
        conn,
        "look up the close of a day",
        "SELECT epoch, seq FROM day_close WHERE store = ?1 AND date = ?2 \
         ORDER BY epoch DESC, seq DESC LIMIT 1",
        [store, dates::number(date)],
        |row| Ok(fact_id(row.get(0)?, row.get(1)?)),
    )
    .map(Option::flatten)
}

/// The newest closes of a store, one for each of so many days, the last day first.
pub(crate) fn newest(conn: &Connection, store: i64, days: usize) -> Result<Vec<FactId>> {
    let ids = sql::all(
        conn,
        "list the closes of a store",
        "SELECT epoch, seq FROM day_close AS close WHERE store = ?1 \
         AND NOT EXISTS (SELECT 1 FROM day_close AS later WHERE later.store = close.store \
         AND later.date = close.date AND (later.epoch, later.seq) > (close.epoch, close.seq)) \
         ORDER BY date DESC LIMIT ?2",
        params![store, days],
        |row| Ok(fact_id(row.get(0)?, row.get(1)?)),
    )?;
    Ok(ids.into_iter().flatten().collect())
}

/// The days up to one that have facts and were never closed, the oldest first.
pub(crate) fn open_days(
    conn: &Connection,
    store: i64,
    until: BusinessDate,
) -> Result<Vec<BusinessDate>> {
    sql::all(
        conn,
        "list the days to close",
        "SELECT DISTINCT date FROM day WHERE store = ?1 AND date <= ?2 AND NOT EXISTS \
         (SELECT 1 FROM day_close WHERE day_close.store = day.store AND day_close.date = day.date) \
         ORDER BY date",
        [store, dates::number(until)],
        |row| row.get(0),
    )?
    .into_iter()
    .map(dates::of_number)
    .collect()
}

/// The days after one that are closed, the oldest first.
pub(crate) fn closed_after(
    conn: &Connection,
    store: i64,
    date: BusinessDate,
) -> Result<Vec<BusinessDate>> {
    sql::all(
        conn,
        "list the days closed since",
        "SELECT DISTINCT date FROM day_close WHERE store = ?1 AND date > ?2 ORDER BY date",
        [store, dates::number(date)],
        |row| row.get(0),
    )?
    .into_iter()
    .map(dates::of_number)
    .collect()
}

/// The last day up to one that has facts.
pub(crate) fn last_day(
    conn: &Connection,
    store: i64,
    until: BusinessDate,
) -> Result<Option<BusinessDate>> {
    let last: Option<i64> = sql::one(
        conn,
        "find the last day with facts",
        "SELECT max(date) FROM day WHERE store = ?1 AND date <= ?2",
        [store, dates::number(until)],
        |row| row.get(0),
    )?;
    last.map(dates::of_number).transpose()
}

/// How the facts of a day stand to its closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// No fact was booked to it.
    Empty,
    /// It has facts and no close.
    No,
    /// It is closed, and the close covers all its facts.
    Wholly,
    /// It is closed, and facts that the close does not know have come back since.
    Partly,
}

/// How a day stands.
pub(crate) fn state_of(conn: &Connection, store: i64, date: BusinessDate) -> Result<Closed> {
    let (facts, closes, covered): (i64, i64, Option<i64>) = sql::one(
        conn,
        "look up the close of a day",
        "SELECT coalesce((SELECT sum(facts) FROM day WHERE store = ?1 AND date = ?2), 0), \
         (SELECT count(*) FROM day_close WHERE store = ?1 AND date = ?2), \
         (SELECT facts FROM day_close WHERE store = ?1 AND date = ?2 \
          ORDER BY epoch DESC, seq DESC LIMIT 1)",
        [store, dates::number(date)],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    Ok(match covered {
        None if facts == 0 => Closed::Empty,
        None => Closed::No,
        Some(covered) if covered == facts - closes => Closed::Wholly,
        Some(_) => Closed::Partly,
    })
}
