//! Opens a file, finds out what it is by its first bytes, and hands out its rows.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::Path;
use std::rc::Rc;

use flate2::read::MultiGzDecoder;

use super::ImportError;
use super::delimited::DelimitedReader;
use super::encoding::TextReader;
use super::limits::MAX_ROWS;
use super::mapping::FileForm;
use super::row::Row;
use super::workbook;

/// The column that marks a file as the reject file of an earlier import.
pub(super) const REJECT_ROW: &str = "evenstock_row";

/// The first bytes of the forms that a file can have.
const GZIP: &[u8] = &[0x1f, 0x8b];
const ZIP: &[u8] = b"PK\x03\x04";
const OLE: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];

/// Read from the disk at once.
const DISK_CHUNK: usize = 256 << 10;

/// What is done with the rows of a file.
pub(super) trait Visitor {
    /// Told once, before the first row.
    fn header(&mut self, header: &Header) -> Result<(), ImportError>;

    /// Told of each row that is not blank.
    fn row(&mut self, row: &Row<'_>, progress: Progress) -> Result<ControlFlow<()>, ImportError>;
}

/// The names of a file's columns, and what is known of the file by then.
#[derive(Debug, Clone)]
pub(super) struct Header {
    pub(super) names: Vec<String>,
    /// Whether rows may leave out trailing empty fields.
    pub(super) is_workbook: bool,
    /// Whether this is the reject file of an earlier import.
    pub(super) is_reject_file: bool,
}

/// How far a pass over a file is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Rows seen so far.
    pub rows: u64,
    /// The part done, in bytes of the file as stored (in rows for a workbook).
    pub done: u64,
    /// The whole, in the same unit.
    pub total: u64,
}

/// Shows every row of a file to the visitor and returns the name of the encoding found.
pub(super) fn read(
    path: &Path,
    form: &FileForm,
    visitor: &mut dyn Visitor,
) -> Result<&'static str, ImportError> {
    let open = |source| ImportError::Open { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(open)?;
    let total = file.metadata().map_err(open)?.len();
    let mut start = Vec::new();
    (&mut file).take(ZIP.len() as u64).read_to_end(&mut start).map_err(open)?;
    if start == OLE {
        return Err(ImportError::OldWorkbook);
    }
    if start == ZIP {
        read_workbook(path, form, visitor)?;
        return Ok("XLSX");
    }
    file.seek(SeekFrom::Start(0)).map_err(open)?;
    let done = Rc::new(Cell::new(0));
    let counted = Counted { source: file, done: Rc::clone(&done) };
    let buffered = BufReader::with_capacity(DISK_CHUNK, counted);
    let bytes: Box<dyn Read> = if start.starts_with(GZIP) {
        Box::new(MultiGzDecoder::new(buffered))
    } else {
        Box::new(buffered)
    };
    let text = TextReader::new(bytes, form.encoding.encoding());
    let mut rows = DelimitedReader::new(text, form.delimiter.byte());
    rows.skip_lines(form.skip_lines, REJECT_ROW)?;
    let header = rows.next_row()?.ok_or(ImportError::NoHeader)?;
    visitor.header(&Header::new(&header, false)?)?;
    let mut seen = 0;
    while let Some(row) = rows.next_row()? {
        seen += 1;
        let progress = Progress { rows: seen, done: done.get(), total };
        if !row.is_blank() && visitor.row(&row, progress)?.is_break() {
            break;
        }
    }
    Ok(rows.encoding())
}

fn read_workbook(
    path: &Path,
    form: &FileForm,
    visitor: &mut dyn Visitor,
) -> Result<(), ImportError> {
    let (mut seen, mut has_header) = (0, false);
    workbook::for_each_row(path, form.sheet.as_deref(), &mut |row, done, total| {
        if row.number <= form.skip_lines {
            return Ok(true);
        }
        if !has_header {
            has_header = true;
            visitor.header(&Header::new(row, true)?)?;
            return Ok(true);
        }
        seen += 1;
        if seen > MAX_ROWS {
            return Err(ImportError::TooManyRows);
        }
        Ok(visitor.row(row, Progress { rows: seen, done, total })?.is_continue())
    })?;
    if has_header { Ok(()) } else { Err(ImportError::NoHeader) }
}

impl Header {
    fn new(row: &Row<'_>, is_workbook: bool) -> Result<Self, ImportError> {
        if row.is_blank() {
            return Err(ImportError::NoHeader);
        }
        let mut names: Vec<String> = row.fields().map(|name| name.trim().to_owned()).collect();
        // Columns after the last name have none; rows may have nothing in them.
        while names.last().is_some_and(String::is_empty) {
            names.pop();
        }
        let is_reject_file = names.first().is_some_and(|name| name == REJECT_ROW);
        Ok(Self { names, is_workbook, is_reject_file })
    }
}

/// Counts what is read, for progress.
struct Counted {
    source: File,
    done: Rc<Cell<u64>>,
}

impl Read for Counted {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(to)?;
        self.done.set(self.done.get() + read as u64);
        Ok(read)
    }
}
