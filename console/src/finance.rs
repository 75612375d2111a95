//! Vouchers (记账凭证) as tables and as files of other programs, the same at a store and at head office.

mod book;
mod days;
mod journal;
mod layout;
mod show;
#[cfg(test)]
mod tests;

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::tell::{Exit, Tell, Told};
use crate::words::{self, Lang};

pub use book::{Book, Form};
pub use days::Days;
pub use layout::{Layout, Preset};
pub use show::{accounts, unmapped, vouchers};

/// Why vouchers are not written to a file.
#[derive(Debug, Error)]
pub enum ExportError {
    /// The layout of the columns is none.
    #[error("the column layout {} cannot be used", path.display())]
    Layout {
        /// Where it is.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The file can't be written.
    #[error("cannot write {}", path.display())]
    File {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// No workbook could be made.
    #[error("cannot make a workbook")]
    Workbook(#[from] Box<rust_xlsxwriter::XlsxError>),
}

impl Tell for ExportError {
    fn tell(&self, lang: Lang) -> Told {
        Told::saying(match self {
            Self::Layout { path, why } => {
                lang.say(words::FinanceLayoutBad { file: path.display(), why })
            }
            Self::File { path, .. } => lang.say(words::FinanceFileFailed { file: path.display() }),
            Self::Workbook(_) => lang.say(words::FinanceWorkbookFailed),
        })
    }

    fn exit(&self) -> Exit {
        match self {
            Self::Layout { .. } => Exit::Usage,
            Self::File { .. } | Self::Workbook(_) => Exit::Failed,
        }
    }
}
