//! A copy of the book in a file of its own, made while the book is in use.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::books::Books;
use crate::connection;

/// Why no copy was made. Nothing is left of the attempt, and the book is as it was.
#[derive(Debug, Error)]
pub enum BackupError {
    /// A copy never takes the place of anything.
    #[error("`{}` exists already", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The file could not be written.
    #[error("cannot write `{}`", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// SQLite refused.
    #[error("cannot {what} `{}`", path.display())]
    Sql {
        /// The operation.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
    /// The copy does not hold together.
    #[error("the copy `{}` is damaged: {problem}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite found.
        problem: String,
    },
}

impl Books {
    /// Copies the book as it is now to a new file, and returns its size in bytes once it is durable
    /// and was checked. Writing goes on meanwhile; what is committed later is not in the copy.
    pub fn backup(&self, to: &Path) -> Result<u64, BackupError> {
        let fresh = to.with_extension("part");
        let exists = |path: &Path| BackupError::Exists { path: path.to_owned() };
        if to.exists() {
            return Err(exists(to));
        }
        if fresh.exists() {
            return Err(exists(&fresh));
        }
        let made = copy(self.path(), &fresh).and_then(|()| settle(&fresh, to));
        if made.is_err() {
            // What cannot be removed is named by the next attempt.
            let _ = fs::remove_file(&fresh);
        }
        made
    }
}

fn copy(book: &Path, fresh: &Path) -> Result<(), BackupError> {
    let sql = |what| {
        let path = fresh.to_owned();
        move |source| BackupError::Sql { what, path, source }
    };
    let conn = connection::reader(book).map_err(sql("read the book for"))?;
    // The reader only reads the book; the copy is another file.
    conn.pragma_update(None, "query_only", false).map_err(sql("prepare"))?;
    let Some(name) = fresh.to_str() else {
        let source = std::io::Error::other("the name is not Unicode");
        return Err(BackupError::Io { path: fresh.to_owned(), source });
    };
    conn.execute("VACUUM INTO ?1", [name]).map_err(sql("write"))?;
    let copy = connection::reader(fresh).map_err(sql("open"))?;
    let verdict: String =
        copy.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(sql("check"))?;
    if verdict == "ok" {
        Ok(())
    } else {
        Err(BackupError::Damaged { path: fresh.to_owned(), problem: verdict })
    }
}

/// Gives the copy its name once it is on the disk; never one that is taken.
fn settle(fresh: &Path, to: &Path) -> Result<u64, BackupError> {
    let io = |source| BackupError::Io { path: to.to_owned(), source };
    let file = File::open(fresh).map_err(io)?;
    file.sync_all().map_err(io)?;
    let size = file.metadata().map_err(io)?.len();
    fs::hard_link(fresh, to).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => BackupError::Exists { path: to.to_owned() },
        _ => io(error),
    })?;
    fs::remove_file(fresh).map_err(io)?;
    #[cfg(unix)]
    if let Some(dir) = to.parent() {
        let dir = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
        File::open(dir).and_then(|dir| dir.sync_all()).map_err(io)?;
    }
    Ok(size)
}

#[cfg(test)]
mod tests {
    use sync_proto::{ChainId, Writer};

    use super::*;
    use crate::{BooksError, Config};

    #[test]
    fn a_copy_opens_as_the_same_book_and_replaces_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let config = Config { chain: ChainId::new("demo").unwrap(), me: Writer::Hub };
        let books = Books::open(&dir.path().join("books.db"), config.clone()).unwrap();
        books.write(|tx| -> Result<(), BooksError> { tx.set_note("key", "before") }).unwrap();
        let to = dir.path().join("copy.db");
        assert!(books.backup(&to).unwrap() > 0);
        books.write(|tx| -> Result<(), BooksError> { tx.set_note("key", "after") }).unwrap();
        assert!(matches!(books.backup(&to), Err(BackupError::Exists { .. })));

        let copy = Books::open(&to, config).unwrap();
        assert_eq!(copy.reader().unwrap().note("key").unwrap().as_deref(), Some("before"));
    }
}
