//! Whole documents, for those that are read as such.

use rusqlite::Connection;
use sync_proto::{Actor, DocId};

use crate::at_rest::Press;
use crate::error::Result;
use crate::sql;

/// The changes of a document, in the order in which they were learned.
pub(crate) fn bytes(conn: &Connection, press: &mut Press, doc: &DocId) -> Result<Vec<Vec<u8>>> {
    let rows = sql::all(
        conn,
        "find the changes of a document",
        "SELECT change.row FROM doc JOIN change ON change.doc = doc.id \
         WHERE doc.name = ?1 ORDER BY change.row",
        [doc.to_string()],
        |row| row.get(0),
    )?;
    let changes = rows.into_iter().map(|row| Ok(press.change(conn, row)?.map(|c| c.bytes)));
    changes.filter_map(Result::transpose).collect()
}

/// The actor of a number.
pub(crate) fn actor(conn: &Connection, actor: i64) -> Result<Option<Actor>> {
    Ok(sql::first(
        conn,
        "look up an actor",
        "SELECT bytes FROM actor WHERE id = ?1",
        [actor],
        |row| row.get(0),
    )?
    .map(Actor::from_bytes))
}

/// An error with its causes in one line, for operators.
pub(crate) fn chain_of(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// The number of a document, if it is held.
pub(crate) fn number(conn: &Connection, doc: &DocId) -> Result<Option<i64>> {
    sql::first(
        conn,
        "look up a document",
        "SELECT id FROM doc WHERE name = ?1",
        [doc.to_string()],
        |row| row.get(0),
    )
}
