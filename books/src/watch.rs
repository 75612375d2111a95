//! News of commits, for whoever passes changes on.

use sync_proto::replica::Row;

use crate::meta::LastRows;

/// How far the book had got at some commit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Commit {
    /// The last change.
    pub last: Row,
    /// The last change of a document that every peer shares. A hub's sessions only need to look
    /// when this one moves.
    pub last_shared: Row,
    /// Own facts that are in no change yet.
    pub pending: usize,
}

impl Commit {
    pub(crate) fn of(rows: LastRows, pending: usize) -> Self {
        let row = |row: i64| Row(row.cast_unsigned());
        Self { last: row(rows.any), last_shared: row(rows.shared), pending }
    }
}
