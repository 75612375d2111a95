//! Bringing a file to this version's form, or saying why it cannot be.

use std::path::Path;

use ledger::id::StoreId;
use rusqlite::{Connection, ErrorCode};
use sync_proto::Writer as Who;

use crate::books::Config;
use crate::connection;
use crate::error::{BooksError, OpenError, Result};
use crate::meta;
use crate::state::{Names, rows};
use crate::watch::Commit;

/// Marks a file as an Evenstock book: "EvSk".
const APPLICATION_ID: i64 = 0x4576_536b;

/// The forms a book has had; the number of a form is its place here, from one. A form that has been
/// released is never changed: the next one follows it.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001.sql"),
    include_str!("../migrations/0002.sql"),
    include_str!("../migrations/0003.sql"),
    include_str!("../migrations/0004.sql"),
    include_str!("../migrations/0005.sql"),
    include_str!("../migrations/0006.sql"),
    include_str!("../migrations/0007.sql"),
    include_str!("../migrations/0008.sql"),
    include_str!("../migrations/0009.sql"),
    include_str!("../migrations/0013.sql"),
    include_str!("../migrations/0012.sql"),
    include_str!("../migrations/0011.sql"),
    include_str!("../migrations/0010.sql"),
    include_str!("../migrations/0014.sql"),
    include_str!("../migrations/0015.sql"),
    include_str!("../migrations/0016.sql"),
    include_str!("../migrations/0017.sql"),
    include_str!("../migrations/0018.sql"),
    include_str!("../migrations/0019.sql"),
];

/// What opening a book found out.
pub(crate) struct Opened {
    /// The number of the store whose node this is.
    pub(crate) store: Option<i64>,
    /// Where the book stands.
    pub(crate) commit: Commit,
    /// Whether documents are still to be shown in the tables of this form.
    pub(crate) unshown: bool,
    /// Whether days are still to be sorted into the tables of this form.
    pub(crate) unsorted: bool,
}

/// Checks that the file is this owner's book and brings it up to date. A file that is not is left
/// untouched.
pub(crate) fn prepare(
    conn: &Connection,
    path: &Path,
    config: &Config,
) -> Result<Opened, OpenError> {
    let version = recognise(conn, path)?;
    let sql = |what| move |source| OpenError::Sql { what, path: path.to_owned(), source };
    connection::start_log(conn).map_err(sql("start the write-ahead log of"))?;
    for (done, migration) in MIGRATIONS.iter().enumerate().skip(version) {
        migrate(conn, migration, done + 1).map_err(sql("bring up to date"))?;
    }
    claim(conn, config).map_err(|error| match error {
        Claim::Other { found, wanted } => {
            OpenError::OtherOwner { path: path.to_owned(), found, wanted }
        }
        Claim::Failed(source) => {
            OpenError::Prepare { path: path.to_owned(), source: Box::new(source) }
        }
    })
}

/// The error for a file that SQLite cannot read, or does not take for a database.
pub(crate) fn unreadable(
    what: &'static str,
    path: &Path,
) -> impl FnOnce(rusqlite::Error) -> OpenError {
    move |source| match source.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => OpenError::NotABook { path: path.to_owned() },
        _ => OpenError::Sql { what, path: path.to_owned(), source },
    }
}

/// The form the file has; 0 for an empty one.
fn recognise(conn: &Connection, path: &Path) -> Result<usize, OpenError> {
    let not_a_book = || OpenError::NotABook { path: path.to_owned() };
    let number = |sql| {
        let read = conn.query_row(sql, [], |row| row.get::<_, i64>(0));
        read.map_err(unreadable("read", path))
    };
    let things = number("SELECT count(*) FROM sqlite_schema")?;
    let application = number("PRAGMA application_id")?;
    let version = number("PRAGMA user_version")?;
    if application != APPLICATION_ID && (application, version, things) != (0, 0, 0) {
        return Err(not_a_book());
    }
    let known = MIGRATIONS.len();
    match usize::try_from(version) {
        Ok(version) if version <= known => Ok(version),
        Ok(_) => Err(OpenError::Newer {
            path: path.to_owned(),
            found: version,
            known: i64::try_from(known).unwrap_or(i64::MAX),
        }),
        Err(_) => Err(not_a_book()),
    }
}

/// Makes the tables of this version in an empty database.
pub(crate) fn make_tables(conn: &Connection) -> rusqlite::Result<()> {
    for (done, migration) in MIGRATIONS.iter().enumerate() {
        migrate(conn, migration, done + 1)?;
    }
    Ok(())
}

fn migrate(conn: &Connection, migration: &str, version: usize) -> rusqlite::Result<()> {
    conn.execute_batch(&format!(
        "BEGIN IMMEDIATE;\n{migration}\nPRAGMA application_id = {APPLICATION_ID};\n\
         PRAGMA user_version = {version};\nCOMMIT;"
    ))
}

enum Claim {
    Other { found: String, wanted: String },
    Failed(BooksError),
}

impl From<BooksError> for Claim {
    fn from(error: BooksError) -> Self {
        Self::Failed(error)
    }
}

/// Writes down whose book this is, or compares it with what stands there.
fn claim(conn: &Connection, config: &Config) -> Result<Opened, Claim> {
    for (key, wanted) in
        [(meta::CHAIN, config.chain.as_str().to_owned()), (meta::OWNER, config.me.to_string())]
    {
        match meta::get(conn, key)? {
            None => meta::set(conn, key, &wanted)?,
            Some(found) if found == wanted => {}
            Some(found) => {
                let name = |value: &str| format!("{key} {value}");
                return Err(Claim::Other { found: name(&found), wanted: name(&wanted) });
            }
        }
    }
    let store = match &config.me {
        Who::Hub => None,
        Who::Store(store) => Some(own_store(conn, store)?),
    };
    let pending = rows::pending(conn)?.facts;
    let unshown = meta::get(conn, meta::UNSHOWN)?.is_some();
    let unsorted = meta::get(conn, meta::UNSORTED)?.is_some();
    Ok(Opened { store, commit: Commit::of(meta::last_rows(conn)?, pending), unshown, unsorted })
}

fn own_store(conn: &Connection, store: &StoreId) -> Result<i64> {
    Names::default().store(conn, store)
}
