//! Rows of delimited text (CSV), with the line on which each begins.

use std::io::{BufRead, Read};

use csv_core::ReadRecordResult;

use super::ImportError;
use super::encoding::TextReader;
use super::limits::{MAX_COLUMNS, MAX_ROW_BYTES, MAX_ROWS};
use super::row::Row;

/// Room for one more byte than a row may have, so that a longer one is noticed.
const LINE_LIMIT: u64 = MAX_ROW_BYTES as u64 + 1;

pub(super) struct DelimitedReader {
    input: TextReader,
    delimiter: u8,
    quoted: csv_core::Reader,
    lines: u64,
    line: Vec<u8>,
    /// The line was read and is still to be used.
    is_line_held: bool,
    /// The fields of a row with quotes, unquoted, one after the other.
    unquoted: Vec<u8>,
    ends: Vec<usize>,
    fields: Vec<(usize, usize)>,
    /// A row with bytes that are no UTF-8, made readable.
    repaired: String,
}

impl DelimitedReader {
    pub(super) fn new(input: TextReader, delimiter: u8) -> Self {
        let quoted = csv_core::ReaderBuilder::new().delimiter(delimiter).build();
        Self {
            input,
            delimiter,
            quoted,
            lines: 0,
            line: Vec::new(),
            is_line_held: false,
            unquoted: Vec::new(),
            ends: vec![0; MAX_COLUMNS],
            fields: Vec::new(),
            repaired: String::new(),
        }
    }

    /// The name of the encoding found.
    pub(super) fn encoding(&self) -> &'static str {
        self.input.encoding().name()
    }

    /// Passes over lines that stand above the header. A file that begins with `unless` has none.
    pub(super) fn skip_lines(&mut self, count: u64, unless: &str) -> Result<(), ImportError> {
        for _ in 0..count {
            self.line.clear();
            self.read_line()?;
            if self.lines == 1 && self.line.starts_with(unless.as_bytes()) {
                self.is_line_held = true;
                return Ok(());
            }
        }
        Ok(())
    }

    /// The next row that is not blank.
    pub(super) fn next_row(&mut self) -> Result<Option<Row<'_>>, ImportError> {
        while !std::mem::take(&mut self.is_line_held) {
            self.line.clear();
            if !self.read_line()? {
                return Ok(None);
            }
            if self.line != b"\n" {
                break;
            }
        }
        let number = self.lines;
        if number > MAX_ROWS {
            return Err(ImportError::TooManyRows);
        }
        if self.line.contains(&b'"') {
            self.unquote(number)?;
        } else {
            self.split()?;
        }
        Ok(Some(self.row(number)))
    }

    /// Appends the next line, its end made a plain line feed. False at the end of the file.
    fn read_line(&mut self) -> Result<bool, ImportError> {
        let before = self.line.len();
        let left = LINE_LIMIT.saturating_sub(before as u64);
        let read = (&mut self.input).take(left).read_until(b'\n', &mut self.line);
        let read = read.map_err(|source| ImportError::Read { row: self.lines + 1, source })?;
        if read == 0 && self.line.len() <= MAX_ROW_BYTES {
            return Ok(false);
        }
        self.lines += 1;
        if self.line.len() > MAX_ROW_BYTES {
            return Err(ImportError::RowTooLong { row: self.lines });
        }
        if self.line.ends_with(b"\n") {
            self.line.pop();
        }
        if self.line.len() > before && self.line.ends_with(b"\r") {
            self.line.pop();
        }
        self.line.push(b'\n');
        Ok(true)
    }

    /// The usual row: no quotes, one line.
    fn split(&mut self) -> Result<(), ImportError> {
        self.line.pop();
        self.fields.clear();
        let mut start = 0;
        for (at, byte) in self.line.iter().enumerate() {
            if *byte == self.delimiter {
                self.fields.push((start, at));
                start = at + 1;
            }
        }
        self.fields.push((start, self.line.len()));
        if self.fields.len() > MAX_COLUMNS {
            return Err(ImportError::TooManyColumns { row: self.lines });
        }
        Ok(())
    }

    /// A row with quotes, which may go on over several lines.
    fn unquote(&mut self, number: u64) -> Result<(), ImportError> {
        let (mut read, mut written, mut ended) = (0, 0, 0);
        let mut at_end = false;
        loop {
            self.unquoted.resize(self.line.len(), 0);
            let input = if at_end { &[] } else { &self.line[read..] };
            let (result, nin, nout, nends) = self.quoted.read_record(
                input,
                &mut self.unquoted[written..],
                &mut self.ends[ended..],
            );
            (read, written, ended) = (read + nin, written + nout, ended + nends);
            match result {
                ReadRecordResult::Record => break,
                // The end of the file ended an open quote; what was read is the row.
                ReadRecordResult::End => break,
                ReadRecordResult::OutputEndsFull => {
                    return Err(ImportError::TooManyColumns { row: number });
                }
                ReadRecordResult::InputEmpty | ReadRecordResult::OutputFull => {
                    let more = self.read_line().map_err(|error| match error {
                        ImportError::RowTooLong { .. } => ImportError::OpenQuote { row: number },
                        other => other,
                    })?;
                    at_end = !more;
                }
            }
        }
        self.unquoted.truncate(written);
        self.fields.clear();
        let mut start = 0;
        for end in &self.ends[..ended] {
            self.fields.push((start, *end));
            start = *end;
        }
        std::mem::swap(&mut self.line, &mut self.unquoted);
        Ok(())
    }

    fn row(&mut self, number: u64) -> Row<'_> {
        let decoding_damage = self.input.is_damaged();
        match std::str::from_utf8(&self.line) {
            Ok(text) => {
                let damaged = decoding_damage && text.contains(char::REPLACEMENT_CHARACTER);
                Row::new(number, text, &self.fields, damaged)
            }
            Err(_) => {
                self.repaired.clear();
                for (start, end) in &mut self.fields {
                    let repaired = String::from_utf8_lossy(&self.line[*start..*end]);
                    *start = self.repaired.len();
                    self.repaired.push_str(&repaired);
                    *end = self.repaired.len();
                }
                Row::new(number, &self.repaired, &self.fields, true)
            }
        }
    }
}
