//! What stops an import as a whole. What is wrong with single rows is a
//! [`Reason`](super::Reason).

use std::error::Error;
use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::field::Field;
use super::limits::MAX_WORKBOOK_BYTES;
use super::limits::{MAX_COLUMNS, MAX_JOINED_ROWS, MAX_PRODUCTS, MAX_ROW_BYTES, MAX_ROWS};

/// Why a file cannot be imported.
#[derive(Debug, Error)]
pub enum ImportError {
    /// It cannot be opened.
    #[error("the file {} cannot be opened", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It cannot be read to its end.
    #[error("the file cannot be read from row {row} on")]
    Read {
        /// The first row that was not read.
        row: u64,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A workbook in the form that Excel used before 2007.
    #[error("this is an .xls workbook; save it as .xlsx or CSV")]
    OldWorkbook,
    /// A damaged workbook.
    #[error("the workbook cannot be read")]
    Workbook {
        /// Why.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// Beyond [`MAX_WORKBOOK_BYTES`].
    #[error("the workbook is larger than {MAX_WORKBOOK_BYTES} bytes; save it as CSV")]
    WorkbookTooLarge,
    /// The mapping names a sheet that is not there.
    #[error("the workbook has no sheet `{wanted}`, but: {}", found.join(", "))]
    NoSuchSheet {
        /// The sheet of the mapping.
        wanted: String,
        /// The sheets there are.
        found: Vec<String>,
    },
    /// There is no line with names of columns.
    #[error("the file has no header line")]
    NoHeader,
    /// A column of the mapping is not in the file.
    #[error("there is no column {}{}; the columns are: {}", wanted.join(" or "), what_for(*field), found.join(", "))]
    MissingColumn {
        /// What it was wanted for, if for a field.
        field: Option<Field>,
        /// Its names in the mapping, each in backquotes.
        wanted: Vec<String>,
        /// The columns there are.
        found: Vec<String>,
    },
    /// A column of the mapping is in the file more than once.
    #[error("the column `{name}` is there more than once")]
    ColumnTwice {
        /// Its name.
        name: String,
    },
    /// A joined file cannot be read.
    #[error("the joined file {} cannot be used", path.display())]
    Join {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<Self>,
    },
    /// Two rows of a joined file have one key.
    #[error("the rows {first} and {second} both have the key `{key}`")]
    JoinAmbiguous {
        /// The key.
        key: String,
        /// Where it stands first.
        first: u64,
        /// Where it stands again.
        second: u64,
    },
    /// Beyond [`MAX_JOINED_ROWS`].
    #[error("there are more than {MAX_JOINED_ROWS} rows to join")]
    JoinTooLarge,
    /// Beyond [`MAX_ROW_BYTES`].
    #[error("row {row} is longer than {MAX_ROW_BYTES} bytes")]
    RowTooLong {
        /// Which.
        row: u64,
    },
    /// A quote that is opened and never closed.
    #[error("a quote opens in row {row} and does not close within {MAX_ROW_BYTES} bytes")]
    OpenQuote {
        /// Where.
        row: u64,
    },
    /// Beyond [`MAX_COLUMNS`].
    #[error("row {row} has more than {MAX_COLUMNS} columns")]
    TooManyColumns {
        /// Which.
        row: u64,
    },
    /// Beyond [`MAX_ROWS`].
    #[error("the file has more than {MAX_ROWS} rows; split it")]
    TooManyRows,
    /// Beyond [`MAX_PRODUCTS`].
    #[error("the file has more than {MAX_PRODUCTS} products; split it")]
    TooManyProducts,
    /// The mapping is for products where documents are wanted, or the other way round.
    #[error("the mapping is for {found}; {wanted} are wanted")]
    WrongKind {
        /// What the mapping is for.
        found: super::Kind,
        /// What is wanted.
        wanted: &'static str,
    },
    /// The file is not the one that was checked.
    #[error("the file has changed since it was checked; check it again")]
    Changed,
    /// The reject file would overwrite the imported one.
    #[error("the reject file may not be the imported file itself")]
    RejectsOverInput,
    /// The reject file cannot be written.
    #[error("the reject file {} cannot be written", path.display())]
    RejectFile {
        /// Where.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The books cannot take documents at all.
    #[error("the documents from row {row} on could not be booked")]
    Sink {
        /// The first row of the batch.
        row: u64,
        /// Why.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
}

fn what_for(field: Option<Field>) -> String {
    field.map_or_else(String::new, |field| format!(" for `{field}`"))
}
