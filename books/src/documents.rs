//! Whole documents, for those that are read as such.

use rusqlite::Connection;
use sync_proto::DocId;

use crate::at_rest::Press;
use crate::error::{During, Result};

/// The changes of a document, in the order in which they were learned.
pub(crate) fn bytes(conn: &Connection, press: &mut Press, doc: &DocId) -> Result<Vec<Vec<u8>>> {
    let read = || -> rusqlite::Result<Vec<i64>> {
        conn.prepare_cached(
            "SELECT change.row FROM doc JOIN change ON change.doc = doc.id \
             WHERE doc.name = ?1 ORDER BY change.row",
        )?
        .query_map([doc.to_string()], |row| row.get(0))?
        .collect()
    };
    let rows = read().during("find the changes of a document")?;
    let changes = rows.into_iter().map(|row| Ok(press.change(conn, row)?.map(|c| c.bytes)));
    changes.filter_map(Result::transpose).collect()
}
