//! Rows of an XLSX workbook, one at a time: the sheet is never held in memory as a whole.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{Cell, DataRef, ExcelDateTime, Reader, Xlsx, XlsxError};

use super::ImportError;
use super::limits::{MAX_COLUMNS, MAX_WORKBOOK_BYTES};
use super::row::Row;

/// Excel keeps numbers to 15 significant digits and shows no more; what a binary float has beyond
/// them is noise of earlier arithmetic.
const SIGNIFICANT_DIGITS: usize = 15;

/// Calls `visit` with each row that is not blank, until it says stop, and the share of the sheet
/// that is done in rows of how many.
pub(super) fn for_each_row(
    path: &Path,
    sheet: Option<&str>,
    visit: &mut dyn FnMut(&Row<'_>, u64, u64) -> Result<bool, ImportError>,
) -> Result<(), ImportError> {
    let open = |source| ImportError::Open { path: path.to_owned(), source };
    let file = File::open(path).map_err(open)?;
    if file.metadata().map_err(open)?.len() > MAX_WORKBOOK_BYTES {
        return Err(ImportError::WorkbookTooLarge);
    }
    let mut book: Xlsx<_> = Xlsx::new(BufReader::new(file)).map_err(unreadable)?;
    let names = book.sheet_names();
    let name = match sheet {
        Some(name) if names.iter().any(|n| n == name) => name.to_owned(),
        Some(name) => {
            return Err(ImportError::NoSuchSheet { wanted: name.to_owned(), found: names });
        }
        None => names.into_iter().next().ok_or(ImportError::NoHeader)?,
    };
    let mut cells = book.worksheet_cells_reader(&name).map_err(unreadable)?;
    let rows = u64::from(cells.dimensions().end.0) + 1;

    let mut line = Line::default();
    loop {
        let cell = cells.next_cell().map_err(unreadable)?;
        let position = cell.as_ref().map(Cell::get_position);
        if let Some(number) = line.number
            && position.is_none_or(|(row, _)| row != number)
        {
            let number = u64::from(number) + 1;
            let row = Row::new(number, &line.text, &line.fields, false);
            if !row.is_blank() && !visit(&row, number, rows.max(number))? {
                return Ok(());
            }
            line.clear();
        }
        let (Some(cell), Some((row, column))) = (cell, position) else { return Ok(()) };
        line.put(row, column as usize, cell.get_value())?;
    }
}

/// A row that is being put together from its cells.
#[derive(Default)]
struct Line {
    number: Option<u32>,
    text: String,
    fields: Vec<(usize, usize)>,
}

impl Line {
    fn clear(&mut self) {
        self.number = None;
        self.text.clear();
        self.fields.clear();
    }

    fn put(&mut self, row: u32, column: usize, value: &DataRef<'_>) -> Result<(), ImportError> {
        self.number = Some(row);
        if matches!(value, DataRef::Empty) {
            return Ok(());
        }
        if column >= MAX_COLUMNS {
            return Err(ImportError::TooManyColumns { row: u64::from(row) + 1 });
        }
        let start = self.text.len();
        write_cell(value, &mut self.text);
        let field = (start, self.text.len());
        match self.fields.get_mut(column) {
            // A sheet names a cell once; of a broken one that does not, the last counts.
            Some(known) => *known = field,
            None => {
                self.fields.resize(column, (start, start));
                self.fields.push(field);
            }
        }
        Ok(())
    }
}

fn unreadable(source: XlsxError) -> ImportError {
    ImportError::Workbook { source: Box::new(source) }
}

/// Writes a cell as a person would type it. Dates become `2026-11-22` or `2026-11-22 08:30:00`.
fn write_cell(value: &DataRef<'_>, to: &mut String) {
    match value {
        DataRef::Empty => {}
        DataRef::Int(number) => to.push_str(&number.to_string()),
        DataRef::Float(number) => to.push_str(&float_text(*number)),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            to.push_str(text);
        }
        DataRef::SharedString(text) => to.push_str(text),
        DataRef::Bool(truth) => to.push_str(if *truth { "TRUE" } else { "FALSE" }),
        DataRef::DateTime(moment) => to.push_str(&moment_text(moment)),
        DataRef::Error(error) => to.push_str(&error.to_string()),
    }
}

fn float_text(number: f64) -> String {
    let shortest = number.to_string();
    let digits = shortest.bytes().filter(u8::is_ascii_digit).count();
    if digits <= SIGNIFICANT_DIGITS {
        return shortest;
    }
    // Exponent form rounds to significant digits; reading it back gives the float a person sees.
    let rounded = format!("{number:.*e}", SIGNIFICANT_DIGITS - 1);
    rounded.parse::<f64>().map_or(shortest, |seen| seen.to_string())
}

fn moment_text(moment: &ExcelDateTime) -> String {
    // A number formatted as a duration or a bare time has no date to speak of.
    if moment.is_duration() {
        return float_text(moment.as_f64());
    }
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    let second_up = u8::from(milli >= 500 && second < 59) + second;
    if moment.as_f64() < 1.0 {
        return format!("{hour:02}:{minute:02}:{second_up:02}");
    }
    if (hour, minute, second_up) == (0, 0, 0) {
        return format!("{year:04}-{month:02}-{day:02}");
    }
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second_up:02}")
}
