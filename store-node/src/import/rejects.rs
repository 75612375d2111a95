//! Rejected rows and the file that keeps them.
//!
//! The reject file holds each row as it stood, behind its number, the column at fault, what stands
//! there and the reason. Put right, it is imported with the same mapping: the added columns tell
//! the rows apart from those already booked. (Or put the source right and import it again, but not
//! both: a row of a document that was rejected as a whole has another name in each.)

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use console::words::Lang;
use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::ImportError;
use super::columns::Columns;
use super::limits::SHOWN_VALUE_CHARS;
use super::reason::{Fault, Reason};
use super::row::Row;
use super::source::REJECT_ROW;

/// The columns that a reject file has before those of the imported file.
pub(super) const REJECT_COLUMNS: [&str; 4] =
    [REJECT_ROW, "evenstock_column", "evenstock_value", "evenstock_reason"];

/// Excel takes a CSV for UTF-8 only if it begins with this mark.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A row that cannot be used, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// Its number as an editor or Excel shows it.
    pub row: u64,
    /// The column at fault; empty when it is the row as a whole.
    pub column: String,
    /// What stands there, shortened.
    pub value: String,
    /// What is wrong with it.
    pub reason: Reason,
    /// The row as it stands.
    pub record: Vec<String>,
}

impl Reject {
    pub(super) fn new(columns: &Columns, row: &Row<'_>, fault: Fault) -> Self {
        let column = fault.field.map(|field| columns.name_of(field)).unwrap_or_default();
        let value = fault.value.chars().take(SHOWN_VALUE_CHARS).collect();
        // The row of a reject file keeps the number that it had at first.
        let added = if columns.is_reject_file() { REJECT_COLUMNS.len() } else { 0 };
        let record = row.fields().skip(added).map(str::to_owned).collect();
        let row = rejected_row(columns, row).unwrap_or(row.number);
        Self { row, column, value, reason: fault.reason, record }
    }
}

impl Serialize for Reject {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_struct("Reject", 4)?;
        map.serialize_field("row", &self.row)?;
        map.serialize_field("column", &self.column)?;
        map.serialize_field("value", &self.value)?;
        map.serialize_field("reason", &self.reason.to_string())?;
        map.end()
    }
}

/// The number that a row of a reject file had in the file it was rejected from.
pub(super) fn rejected_row(columns: &Columns, row: &Row<'_>) -> Option<u64> {
    if columns.is_reject_file() { row.get(0).parse().ok() } else { None }
}

/// Writes the reject file; there is none until there is something to reject.
pub(super) struct RejectWriter<'a> {
    path: &'a Path,
    lang: Lang,
    delimiter: u8,
    names: Vec<String>,
    file: Option<csv::Writer<BufWriter<File>>>,
    written: u64,
}

impl<'a> RejectWriter<'a> {
    /// A writer of `path` for what is rejected from the file `input`.
    pub(super) fn new(
        path: &'a Path,
        input: &Path,
        delimiter: u8,
        lang: Lang,
    ) -> Result<Self, ImportError> {
        if is_same_file(path, input) {
            return Err(ImportError::RejectsOverInput);
        }
        Ok(Self { path, lang, delimiter, names: Vec::new(), file: None, written: 0 })
    }

    /// Tells it the header of the imported file, before the first row.
    pub(super) fn set_header(&mut self, columns: &Columns) {
        let added = if columns.is_reject_file() { REJECT_COLUMNS.len() } else { 0 };
        self.names = columns.names()[added..].to_vec();
    }

    /// Begins the file before there is anything to write, so that a path that cannot be written
    /// to shows at once.
    pub(super) fn begin(&mut self) -> Result<(), ImportError> {
        self.open().map(|_| ()).map_err(|source| self.cannot(source))
    }

    pub(super) fn write(&mut self, reject: &Reject) -> Result<(), ImportError> {
        self.try_write(reject).map_err(|source| self.cannot(source))
    }

    /// Puts the file in its place. Returns how many rows are in it, and where it is if there are
    /// any.
    pub(super) fn finish(mut self) -> Result<(u64, Option<PathBuf>), ImportError> {
        let Some(file) = self.file.take() else { return Ok((0, None)) };
        let done = || -> io::Result<()> {
            let buffered =
                file.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
            buffered.into_inner()?.sync_all()?;
            fs::rename(self.unfinished_path(), self.path)
        };
        done().map_err(|source| self.cannot(source))?;
        Ok((self.written, Some(self.path.to_owned())))
    }

    fn open(&mut self) -> io::Result<&mut csv::Writer<BufWriter<File>>> {
        if self.file.is_none() {
            let mut plain = BufWriter::new(File::create(self.unfinished_path())?);
            plain.write_all(BYTE_ORDER_MARK)?;
            let mut file = csv::WriterBuilder::new()
                .delimiter(self.delimiter)
                .flexible(true)
                .from_writer(plain);
            file.write_record(
                REJECT_COLUMNS.into_iter().chain(self.names.iter().map(String::as_str)),
            )?;
            self.file = Some(file);
        }
        Ok(self.file.as_mut().expect("the file was opened just above"))
    }

    fn try_write(&mut self, reject: &Reject) -> io::Result<()> {
        let (row, reason) = (reject.row.to_string(), reject.reason.say(self.lang));
        let added = [row.as_str(), &reject.column, &reject.value, &reason];
        let record = added.into_iter().chain(reject.record.iter().map(String::as_str));
        self.open()?.write_record(record)?;
        self.written += 1;
        Ok(())
    }

    fn unfinished_path(&self) -> PathBuf {
        let mut name = self.path.as_os_str().to_owned();
        name.push(".part");
        name.into()
    }

    fn cannot(&self, source: io::Error) -> ImportError {
        ImportError::RejectFile { path: self.path.to_owned(), source }
    }
}

/// Whether two paths lead to one file, which may not exist yet.
fn is_same_file(one: &Path, other: &Path) -> bool {
    match (fs::canonicalize(one), fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        (Err(_), _) | (_, Err(_)) => false,
    }
}
