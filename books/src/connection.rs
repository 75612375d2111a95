//! Connections to SQLite, all opened the same careful way.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

/// Below this a database in WAL mode can be damaged by a write and a checkpoint at once.
pub(crate) const OLDEST_SQLITE: i32 = 3_051_003;

/// How long a connection waits for another one of this process, e.g. for a checkpoint to finish.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Statements that a connection keeps prepared: all that this crate has, with room to spare.
const STATEMENTS: usize = 160;

/// The writer's page cache in KiB: a day of a store's read model, or a batch of the hub's.
const WRITER_CACHE_KIB: i64 = 16 * 1024;

/// A reader's page cache in KiB. There are several readers, and the system caches the file anyway.
const READER_CACHE_KIB: i64 = 4 * 1024;

/// Pages of the write-ahead log after which a commit folds it back: 16 MB. A sale writes about 15
/// pages, so that one in 250 waits for it; with SQLite's own 1,000 it would be one in 60, and a
/// till's slowest hundredth would be all of them. Idle writers fold it back earlier.
const CHECKPOINT_PAGES: i64 = 4_000;

/// Opens (or creates) the file for the writer.
pub(crate) fn writer(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    harden(&conn)?;
    conn.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    Ok(conn)
}

/// Turns on the write-ahead log. Kept apart from [`writer`], which must not change a file before
/// it is known to be ours.
pub(crate) fn start_log(conn: &Connection) -> rusqlite::Result<()> {
    conn.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0))?;
    conn.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)
}

/// Opens the file for reading.
pub(crate) fn reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    harden(&conn)?;
    conn.pragma_update(None, "cache_size", -READER_CACHE_KIB)?;
    conn.pragma_update(None, "query_only", true)?;
    Ok(conn)
}

/// A private database that disappears when closed: SQLite keeps it in memory while it is small and
/// spills it to a nameless file when it is not.
pub(crate) fn scratch() -> rusqlite::Result<Connection> {
    let conn = Connection::open("")?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    conn.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    conn.pragma_update_and_check(None, "journal_mode", "OFF", |row| row.get::<_, String>(0))?;
    conn.pragma_update(None, "synchronous", "OFF")?;
    Ok(conn)
}

fn harden(conn: &Connection) -> rusqlite::Result<()> {
    conn.busy_timeout(BUSY_TIMEOUT)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    // In WAL mode only FULL syncs the log at each commit; less would lose acknowledged sales.
    conn.pragma_update(None, "synchronous", "FULL")?;
    if cfg!(target_os = "macos") {
        // There a plain fsync leaves the data in the drive's own cache.
        conn.pragma_update(None, "fullfsync", true)?;
        conn.pragma_update(None, "checkpoint_fullfsync", true)?;
    }
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "trusted_schema", false)?;
    conn.pragma_update(None, "cell_size_check", true)?;
    conn.pragma_update_and_check(None, "mmap_size", 0, |_| Ok(())).or_else(no_rows)?;
    conn.pragma_update(None, "temp_store", "MEMORY")
}

/// `mmap_size` answers with a row only where memory mapping is compiled in.
fn no_rows(error: rusqlite::Error) -> rusqlite::Result<()> {
    match error {
        rusqlite::Error::QueryReturnedNoRows => Ok(()),
        other => Err(other),
    }
}
