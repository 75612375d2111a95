//! What can go wrong, named by operation and subject.

use std::path::PathBuf;
use std::sync::Arc;

use ledger::id::{FactId, StoreId};
use thiserror::Error;

use crate::carried::NotHere;

/// Why a book could not be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The file is some other database, or no database at all.
    #[error("`{}` is not an Evenstock book", path.display())]
    NotABook {
        /// The file.
        path: PathBuf,
    },
    /// The file was written by a newer version of the program.
    #[error(
        "`{}` was written by a newer version (format {found}; this program reads up to {known}): \
         install that version",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The format it has.
        found: i64,
        /// The newest format that this program knows.
        known: i64,
    },
    /// Another process has it open.
    #[error("`{}` is in use by {}", path.display(), holder_name(*.holder))]
    InUse {
        /// The file.
        path: PathBuf,
        /// The process that holds it, if it said so.
        holder: Option<u32>,
    },
    /// The book belongs to someone else.
    #[error("`{}` is the book of {found}, not of {wanted}", path.display())]
    OtherOwner {
        /// The file.
        path: PathBuf,
        /// Whose it is.
        found: String,
        /// Whose was to be opened.
        wanted: String,
    },
    /// The linked SQLite can corrupt a database that is written and checkpointed at once.
    #[error("SQLite {found} is too old: 3.51.3 is the first that keeps a write-ahead log safe")]
    SqliteTooOld {
        /// Its version.
        found: &'static str,
    },
    /// The lock file could not be made or read.
    #[error("cannot {what} `{}`", path.display())]
    Io {
        /// The operation.
        what: &'static str,
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
    /// What the book holds could not be brought to this version's form.
    #[error("cannot prepare `{}`", path.display())]
    Prepare {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Box<BooksError>,
    },
}

/// Why something could not be read from or written to a book.
#[derive(Debug, Error)]
pub enum BooksError {
    /// SQLite refused.
    #[error("cannot {what}")]
    Sql {
        /// The operation.
        what: &'static str,
        /// Why.
        source: rusqlite::Error,
    },
    /// A commit failed, so nothing more is written until the book is opened anew. What was
    /// acknowledged before is safe.
    #[error("the book is no longer written to: {reason}; restart once the cause is removed")]
    WriterStopped {
        /// What stopped it.
        reason: Arc<str>,
    },
    /// Nothing is known of a store that was asked about.
    #[error("there is no store {store} in these books")]
    UnknownStore {
        /// Which.
        store: StoreId,
    },
    /// A report would have more rows than anybody reads.
    #[error("the report has more than {most} rows: ask for fewer stores, a category, or sums")]
    ReportTooLong {
        /// The most there may be.
        most: usize,
    },
    /// The book was closed while the write waited.
    #[error("the book is closed")]
    Closed,
    /// The closure given to `write` panicked. Its changes were undone.
    #[error("a write was abandoned half-way and undone: {message}")]
    Panicked {
        /// What the panic said.
        message: String,
    },
    /// What is stored fails its own check.
    #[error("{subject} is damaged: {problem}")]
    Damaged {
        /// Which row or document.
        subject: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A fact was given that is not the next of this node's own.
    #[error("fact {given} was to be appended, but the next is {expected}")]
    NotNext {
        /// The fact given.
        given: FactId,
        /// The one that is due.
        expected: FactId,
    },
    /// A fact of another store was to be written as one's own.
    #[error("a fact of store {given} cannot be written by {me}")]
    NotMine {
        /// Whose fact it is.
        given: StoreId,
        /// Who I am.
        me: String,
    },
    /// A store has no say in an order that does not name it.
    #[error("{me} is not party to {doc}")]
    NotParty {
        /// Who I am.
        me: String,
        /// The order.
        doc: String,
    },
    /// The hub has no stock and writes no facts.
    #[error("the hub writes no facts of its own")]
    NoStore,
    /// A balance would leave the range of its type.
    #[error("{subject} would leave its range")]
    OutOfRange {
        /// Which balance.
        subject: String,
    },
    /// A fact or day that the books know of is at the hub and not here.
    #[error("{subject} is not here: {why}")]
    NotHere {
        /// Which.
        subject: String,
        /// Why.
        why: NotHere,
    },
    /// A document could not be read or edited.
    #[error("cannot {what} {subject}")]
    Document {
        /// The operation.
        what: &'static str,
        /// The document.
        subject: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Text of the book is not in the form it was written in.
    #[error("cannot read {what} `{text}`")]
    Text {
        /// What it should be.
        what: &'static str,
        /// What is there.
        text: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl BooksError {
    pub(crate) fn damaged(subject: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Damaged { subject: subject.into(), problem: problem.into() }
    }

    pub(crate) fn text(
        what: &'static str,
        text: &str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Text { what, text: text.to_owned(), source: source.into() }
    }

    pub(crate) fn document(
        what: &'static str,
        subject: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Document { what, subject: subject.into(), source: source.into() }
    }
}

/// The short form of a result here.
pub type Result<T, E = BooksError> = std::result::Result<T, E>;

/// Names the operation behind an error of SQLite.
pub(crate) trait During<T> {
    /// The operation, as it completes "cannot …".
    fn during(self, what: &'static str) -> Result<T>;
}

impl<T> During<T> for rusqlite::Result<T> {
    fn during(self, what: &'static str) -> Result<T> {
        self.map_err(|source| BooksError::Sql { what, source })
    }
}

fn holder_name(holder: Option<u32>) -> String {
    match holder {
        Some(pid) => format!("process {pid}"),
        None => "another process".to_owned(),
    }
}
