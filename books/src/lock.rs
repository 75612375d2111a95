//! One process per book: a lock beside the database that names its holder.
//!
//! SQLite would let a second process write between our transactions, but the writer keeps balances
//! in memory from one transaction to the next, and bill numbers must come from one place.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::error::OpenError;

/// The most that is read of a lock file: a process id and a line break.
const MAX_HOLDER_LEN: u64 = 32;

/// Held as long as the book is open. The operating system lets go of it when the process ends,
/// however it ends.
#[derive(Debug)]
pub(crate) struct BookLock {
    _file: File,
}

impl BookLock {
    /// Takes the lock of the book at `book`, or says who has it.
    pub(crate) fn take(book: &Path) -> Result<Self, OpenError> {
        let path = lock_path(book);
        let io = |what| {
            let path = path.clone();
            move |source| OpenError::Io { what, path, source }
        };
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(&path).map_err(io("open the lock file"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(OpenError::InUse { path: book.to_owned(), holder: holder(&mut file) });
            }
            Err(TryLockError::Error(source)) => return Err(io("lock")(source)),
        }
        file.set_len(0).map_err(io("write the lock file"))?;
        writeln!(file, "{}", std::process::id()).map_err(io("write the lock file"))?;
        Ok(Self { _file: file })
    }
}

/// `books.db` is locked by `books.db.lock`: a file of its own, since closing any handle of the
/// database file would drop SQLite's locks on it.
fn lock_path(book: &Path) -> PathBuf {
    let mut name = book.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.seek(SeekFrom::Start(0)).ok()?;
    file.take(MAX_HOLDER_LEN).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}
