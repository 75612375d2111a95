//! Reports (报表) on the command line and in files, the same at a store and at head office.

mod ask;
mod file;
mod heading;
mod options;
mod show;

use std::io;
use std::path::PathBuf;

use ledger::id::StoreId;
use ledger::report::PeriodError;
use rust_xlsxwriter::XlsxError;
use thiserror::Error;

use crate::tell::{Exit, Tell, Told};
use crate::words::{self, Lang};

pub use ask::Asked;
pub use file::{csv, xlsx};
pub use heading::heading;
pub use options::{Output, Reports};

/// Why there is no report.
#[derive(Debug, Error)]
pub enum ReportError {
    /// The days are no period.
    #[error(transparent)]
    Period(#[from] PeriodError),
    /// The books know nothing of a store.
    #[error("nothing is known of the store {store}")]
    NoStore {
        /// Which.
        store: StoreId,
    },
    /// It would have more rows than anybody reads.
    #[error("the report has more than {most} rows")]
    TooLong {
        /// The most there may be.
        most: usize,
    },
    /// A workbook could not be made.
    #[error("cannot make a workbook")]
    Workbook(#[source] Box<XlsxError>),
    /// A file could not be written.
    #[error("cannot write {}", path.display())]
    File {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl From<XlsxError> for ReportError {
    fn from(source: XlsxError) -> Self {
        Self::Workbook(Box::new(source))
    }
}

impl Tell for ReportError {
    fn tell(&self, lang: Lang) -> Told {
        match self {
            Self::Period(PeriodError::Backwards { from, to }) => {
                Told::saying(lang.say(words::ReportBackwards { from, to }))
            }
            Self::Period(why) => Told::saying(why.to_string()),
            Self::NoStore { store } => Told::saying(lang.say(words::ReportNoStore { store })),
            Self::TooLong { most } => Told::saying(lang.say(words::ReportTooLong { most }))
                .hint(lang.say(words::ReportTooLongHint)),
            Self::Workbook(_) => Told::saying(lang.say(words::ReportNoWorkbook)),
            Self::File { path, .. } => {
                Told::saying(lang.say(words::ReportNotWritten { path: path.display() }))
            }
        }
    }

    fn exit(&self) -> Exit {
        match self {
            Self::Workbook(_) | Self::File { .. } => Exit::Failed,
            Self::Period(_) | Self::NoStore { .. } | Self::TooLong { .. } => Exit::Usage,
        }
    }
}

#[cfg(test)]
mod tests;
