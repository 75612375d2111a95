//! Running statements: each prepared once per connection, each error named by what was being done.

use rusqlite::{Connection, OptionalExtension, Params, Row};

use crate::error::{During, Result};

/// Runs a statement and says how many rows it changed.
pub(crate) fn run(
    conn: &Connection,
    what: &'static str,
    sql: &str,
    params: impl Params,
) -> Result<usize> {
    let run = || conn.prepare_cached(sql)?.execute(params);
    run().during(what)
}

/// Reads the one row of a query.
pub(crate) fn one<T>(
    conn: &Connection,
    what: &'static str,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<T> {
    let run = || conn.prepare_cached(sql)?.query_row(params, read);
    run().during(what)
}

/// Reads the first row of a query, if there is one.
pub(crate) fn first<T>(
    conn: &Connection,
    what: &'static str,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Option<T>> {
    let run = || conn.prepare_cached(sql)?.query_row(params, read).optional();
    run().during(what)
}

/// Reads every row of a query.
pub(crate) fn all<T>(
    conn: &Connection,
    what: &'static str,
    sql: &str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>> {
    let run = || -> rusqlite::Result<Vec<T>> {
        conn.prepare_cached(sql)?.query_map(params, read)?.collect()
    };
    run().during(what)
}
