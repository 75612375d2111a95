//! A program's whole folder in one file, made while it is in use, and the way back.

mod archive;

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::books::Books;
use crate::connection;

/// Why no copy was made, or none taken back. Nothing is left of the attempt, and what was there is
/// as it was.
#[derive(Debug, Error)]
pub enum BackupError {
    /// A copy never takes the place of anything.
    #[error("`{}` exists already", path.display())]
    Exists {
        /// The file or folder.
        path: PathBuf,
    },
    /// A file could not be read or written.
    #[error("cannot {what} `{}`", path.display())]
    Io {
        /// The operation.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
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
        /// What is wrong with it.
        problem: String,
    },
}

/// A program's folder, of which a copy is made.
#[derive(Debug, Clone, Copy)]
pub struct Folder<'a> {
    /// Where it is.
    pub dir: &'a Path,
    /// What belongs in a copy beside the book: files, and folders with all that is in them.
    pub beside: &'a [&'a str],
}

impl Books {
    /// Copies the folder with the book as it is now into a new file, and returns that file's size in
    /// bytes once it is durable and was read back. Writing goes on meanwhile; what is committed later
    /// is not in the copy. The file can be read by its owner alone, since keys are in it.
    pub fn backup(&self, folder: Folder<'_>, to: &Path) -> Result<u64, BackupError> {
        let (fresh, book) = (beside(to, ".part"), beside(to, ".book"));
        for path in [to, &fresh, &book] {
            refuse_existing(path)?;
        }
        let made = copy_book(self.path(), &book)
            .and_then(|()| pack(folder, self.path(), &book, &fresh))
            .and_then(|()| read_back(&fresh))
            .and_then(|()| settle(&fresh, to));
        // What cannot be removed is named by the next attempt.
        let _ = fs::remove_file(&book);
        if made.is_err() {
            let _ = fs::remove_file(&fresh);
        }
        made
    }
}

/// Makes a new folder of a copy. Every file in it is compared with its checksum before the folder
/// gets its name; an attempt that fails leaves nothing.
pub fn restore(from: &Path, dir: &Path) -> Result<(), BackupError> {
    refuse_existing(dir)?;
    let fresh = beside(dir, ".part");
    refuse_existing(&fresh)?;
    let made = unpack(from, &fresh).and_then(|()| {
        fs::rename(&fresh, dir).map_err(io_error("name", dir))?;
        sync_parent(dir)
    });
    if made.is_err() {
        let _ = fs::remove_dir_all(&fresh);
    }
    made
}

fn copy_book(book: &Path, fresh: &Path) -> Result<(), BackupError> {
    let sql = |what| {
        let path = fresh.to_owned();
        move |source| BackupError::Sql { what, path, source }
    };
    let conn = connection::reader(book).map_err(sql("read the book for"))?;
    // The reader only reads the book; the copy is another file.
    conn.pragma_update(None, "query_only", false).map_err(sql("prepare"))?;
    let Some(name) = fresh.to_str() else {
        return Err(io_error("write", fresh)(io::Error::other("the name is not Unicode")));
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

fn pack(folder: Folder<'_>, book: &Path, copy: &Path, to: &Path) -> Result<(), BackupError> {
    let failed = io_error("write", to);
    let file = private_file(to).map_err(&failed)?;
    let mut packer = archive::Packer::new(BufWriter::new(file)).map_err(&failed)?;
    let name = book.file_name().and_then(|name| name.to_str()).unwrap_or("books.db");
    packer.add(name, copy).map_err(io_error("copy", copy))?;
    for (name, path) in files(folder)? {
        packer.add(&name, &path).map_err(io_error("copy", &path))?;
    }
    let mut written = packer.finish().map_err(&failed)?;
    written.flush().map_err(&failed)?;
    written.get_ref().sync_all().map_err(failed)
}

/// What belongs in a copy beside the book, by name, in order.
fn files(folder: Folder<'_>) -> Result<Vec<(String, PathBuf)>, BackupError> {
    let mut found = Vec::new();
    let mut left: Vec<String> = folder.beside.iter().map(|name| (*name).to_owned()).collect();
    while let Some(name) = left.pop() {
        let path = folder.dir.join(&name);
        if path.is_dir() {
            let failed = io_error("list", &path);
            for entry in fs::read_dir(&path).map_err(&failed)? {
                let entry = entry.map_err(&failed)?.file_name();
                left.push(format!("{name}/{}", entry.to_string_lossy()));
            }
        } else if path.exists() {
            found.push((name, path));
        }
    }
    found.sort();
    Ok(found)
}

fn read_back(path: &Path) -> Result<(), BackupError> {
    let file = File::open(path).map_err(io_error("read", path))?;
    let swallow = |_: &Path, reader: &mut dyn io::Read| io::copy(reader, &mut io::sink()).map(drop);
    archive::read(BufReader::new(file), swallow).map_err(unreadable(path))
}

fn unpack(from: &Path, dir: &Path) -> Result<(), BackupError> {
    let file = File::open(from).map_err(io_error("read", from))?;
    private_folder(dir).map_err(io_error("make", dir))?;
    let mut failed = None;
    let read = archive::read(BufReader::new(file), |name, reader| {
        let path = dir.join(name);
        let mut write = || {
            path.parent().map_or(Ok(()), private_folder)?;
            let mut file = private_file(&path)?;
            io::copy(reader, &mut file)?;
            file.sync_all()
        };
        write().inspect_err(|_| failed = Some(path.clone()))
    });
    read.map_err(|source| match failed {
        // The system's errors are about the disk, all others about what is in the copy.
        Some(path) if source.raw_os_error().is_some() => {
            BackupError::Io { what: "write", path, source }
        }
        _ => unreadable(from)(source),
    })
}

/// Gives the copy its name once it is on the disk; never one that is taken.
fn settle(fresh: &Path, to: &Path) -> Result<u64, BackupError> {
    let failed = io_error("write", to);
    let size = fs::metadata(fresh).map_err(&failed)?.len();
    fs::hard_link(fresh, to).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => BackupError::Exists { path: to.to_owned() },
        _ => failed(error),
    })?;
    fs::remove_file(fresh).map_err(&failed)?;
    sync_parent(to)?;
    Ok(size)
}

/// A name beside a path's own, on the same disk.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(suffix);
    path.with_file_name(name)
}

fn refuse_existing(path: &Path) -> Result<(), BackupError> {
    // An empty folder is as good as none: whoever made it expects it to be used.
    let is_empty = || fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none());
    if path.exists() && !is_empty() {
        return Err(BackupError::Exists { path: path.to_owned() });
    }
    Ok(())
}

fn private_file(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn sync_parent(path: &Path) -> Result<(), BackupError> {
    #[cfg(unix)]
    if let Some(dir) = path.parent() {
        let dir = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
        File::open(dir).and_then(|dir| dir.sync_all()).map_err(io_error("sync", dir))?;
    }
    Ok(())
}

fn io_error(what: &'static str, path: &Path) -> impl Fn(io::Error) -> BackupError {
    move |source| BackupError::Io { what, path: path.to_owned(), source }
}

fn unreadable(path: &Path) -> impl Fn(io::Error) -> BackupError {
    move |error| BackupError::Damaged { path: path.to_owned(), problem: error.to_string() }
}

#[cfg(test)]
mod tests;
