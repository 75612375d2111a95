//! What a book says of itself: whose it is, its epoch, and where its rows end.

use ledger::id::Epoch;
use rusqlite::{Connection, params};

use crate::error::{BooksError, During, Result};
use crate::sql;

/// The chain's id.
pub(crate) const CHAIN: &str = "chain";
/// Whose book this is, as a writer's text.
pub(crate) const OWNER: &str = "owner";
/// The epoch in which its owner writes.
const EPOCH: &str = "epoch";
/// Rows up to this one were given out once, though their changes may be gone.
const ROW_FLOOR: &str = "row_floor";
/// Set while documents are still to be shown in tables that came with a newer form.
pub(crate) const UNSHOWN: &str = "unshown";
/// Set while days are still to be sorted into a table that came with a newer form.
pub(crate) const UNSORTED: &str = "unsorted";
/// The last number given to something that the hub tells of its stores' stock.
pub(crate) const AVAILABILITY: &str = "availability";
/// How far a store has been told of other stores' stock: edition and version.
pub(crate) const TOLD: &str = "told";
/// Set, to another value each time, when own facts and what was told of them may have parted.
pub(crate) const UNSAID: &str = "unsaid";
/// The last day of facts that a new machine awaits.
pub(crate) const AWAITED_THROUGH: &str = "awaited_through";
/// The last day whose book was dropped.
pub(crate) const DROPPED_THROUGH: &str = "dropped_through";
/// Keys of the programs above stand apart from the book's own.
const FOREIGN_PREFIX: &str = "app.";

/// A value, if it was ever set.
pub(crate) fn get(conn: &Connection, key: &str) -> Result<Option<String>> {
    sql::first(
        conn,
        "read the book's own notes",
        "SELECT value FROM meta WHERE key = ?1",
        [key],
        |row| row.get(0),
    )
}

/// Sets a value.
pub(crate) fn set(conn: &Connection, key: &str, value: &str) -> Result<()> {
    sql::run(
        conn,
        "write the book's own notes",
        "INSERT INTO meta (key, value) VALUES (?1, ?2) \
         ON CONFLICT DO UPDATE SET value = excluded.value",
        params![key, value],
    )
    .map(drop)
}

/// Takes a value away.
pub(crate) fn remove(conn: &Connection, key: &str) -> Result<()> {
    let remove = || conn.prepare_cached("DELETE FROM meta WHERE key = ?1")?.execute([key]);
    remove().during("write the book's own notes").map(drop)
}

/// The notes of the program above whose keys begin so, without what stands before all such keys.
pub(crate) fn foreign_all(conn: &Connection, prefix: &str) -> Result<Vec<(String, String)>> {
    let from = foreign(prefix);

    sql::all(
        conn,
        "read the book's own notes",
        "SELECT substr(key, ?3), value FROM meta \
         WHERE key >= ?1 AND substr(key, 1, ?2) = ?1 ORDER BY key",
        params![from, from.chars().count(), FOREIGN_PREFIX.len() + 1],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// The key under which a note of the program above is kept.
pub(crate) fn foreign(key: &str) -> String {
    format!("{FOREIGN_PREFIX}{key}")
}

/// The epoch in which the owner writes: the first, until another is opened.
pub(crate) fn epoch(conn: &Connection) -> Result<Epoch> {
    number(conn, EPOCH)?.map_or(Ok(Epoch::FIRST), |number| {
        let epoch = u32::try_from(number).ok().and_then(Epoch::new);
        epoch.ok_or_else(|| BooksError::damaged("the book's epoch", format!("it is {number}")))
    })
}

/// Sets the epoch in which the owner writes.
pub(crate) fn set_epoch(conn: &Connection, epoch: Epoch) -> Result<()> {
    set(conn, EPOCH, &epoch.number().to_string())
}

/// The last rows given to changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LastRows {
    /// Any change.
    pub(crate) any: i64,
    /// A change of a document that everyone shares.
    pub(crate) shared: i64,
}

/// The last rows given to changes, even if those changes are gone.
pub(crate) fn last_rows(conn: &Connection) -> Result<LastRows> {
    let read = || {
        let any: Option<i64> =
            conn.prepare_cached("SELECT max(row) FROM change")?.query_row([], |row| row.get(0))?;
        let shared: Option<i64> = conn
            .prepare_cached("SELECT max(row) FROM change WHERE shared = 1")?
            .query_row([], |row| row.get(0))?;
        Ok((any.unwrap_or(0), shared.unwrap_or(0)))
    };
    let (any, shared) = read().during("find the last change")?;
    let floor = number(conn, ROW_FLOOR)?.unwrap_or(0);
    Ok(LastRows { any: any.max(floor), shared })
}

/// Never gives the rows so far out again. Called before changes are removed: a peer's place in the
/// rows would otherwise name another change later.
pub(crate) fn raise_row_floor(conn: &Connection) -> Result<()> {
    set(conn, ROW_FLOOR, &last_rows(conn)?.any.to_string())
}

fn number(conn: &Connection, key: &'static str) -> Result<Option<i64>> {
    get(conn, key)?
        .map(|text| text.parse().map_err(|error| BooksError::text("a number", &text, error)))
        .transpose()
}
