//! One pass over a file: rows in, documents and rejects out.

use std::ops::ControlFlow;
use std::path::Path;

use console::words::Lang;
use ledger::id::StoreId;

use super::ImportError;
use super::columns::Columns;
use super::documents::{Finished, Grouper, Origin};
use super::field::Field;
use super::lines::{LineReader, Prices, Verdict};
use super::mapping::Mapping;
use super::rejects::{Reject, rejected_row};
use super::report::Report;
use super::row::Row;
use super::source::{self, Header, Progress, Visitor};

/// Rows between two calls for progress.
const PROGRESS_ROWS: u64 = 4_096;

/// The fields whose text names a row that has no document number. Those that a mapping may come
/// to fill from elsewhere are left out.
const CONTENT: [Field; 10] = [
    Field::Store,
    Field::Date,
    Field::Time,
    Field::Sku,
    Field::Quantity,
    Field::Price,
    Field::Discount,
    Field::Cost,
    Field::LineCost,
    Field::Lot,
];

/// What is done with what a pass finds.
pub(super) trait Handler {
    /// Told once, before all others.
    fn columns(&mut self, _: &Columns) -> Result<(), ImportError> {
        Ok(())
    }

    fn document(&mut self, finished: Finished) -> Result<ControlFlow<()>, ImportError>;

    fn reject(&mut self, _: &Reject) -> Result<(), ImportError> {
        Ok(())
    }

    fn progress(&mut self, _: Progress) {}
}

/// What a pass needs to know.
pub(super) struct Pass<'a> {
    pub(super) mapping: &'a Mapping,
    pub(super) file: &'a Path,
    pub(super) prices: &'a dyn Prices,
    pub(super) only: Option<&'a StoreId>,
    pub(super) lang: Lang,
}

impl Pass<'_> {
    /// Goes through the file.
    pub(super) fn run(&self, handler: &mut dyn Handler) -> Result<Report, ImportError> {
        let mut running = Running {
            pass: self,
            handler,
            at_header: None,
            grouper: Grouper::new(self.mapping),
            ready: Vec::new(),
            report: Report::default(),
            progress: Progress::default(),
        };
        let encoding = source::read(self.file, &self.mapping.file, &mut running)?;
        running.report.encoding = encoding;
        running.grouper.finish(&mut running.ready);
        // The file is at its end: there is nothing left to stop.
        let _ = running.hand_out()?;
        running.handler.progress(Progress { done: running.progress.total, ..running.progress });
        Ok(running.report)
    }
}

struct Running<'a, 'h> {
    pass: &'a Pass<'a>,
    handler: &'h mut dyn Handler,
    at_header: Option<(Columns, LineReader<'a>)>,
    grouper: Grouper<'a>,
    ready: Vec<Finished>,
    report: Report,
    progress: Progress,
}

impl Running<'_, '_> {
    fn hand_out(&mut self) -> Result<ControlFlow<()>, ImportError> {
        for finished in self.ready.drain(..) {
            self.report.count_document(&finished.document, &finished.total);
            if self.handler.document(finished)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}

impl Visitor for Running<'_, '_> {
    fn header(&mut self, header: &Header) -> Result<(), ImportError> {
        let Pass { mapping, file, prices, only, .. } = *self.pass;
        let columns = Columns::resolve(mapping, header, file)?;
        self.handler.columns(&columns)?;
        let canonical_dates = header.is_workbook || header.is_reject_file;
        let reader = LineReader::new(mapping, prices, only, canonical_dates);
        self.at_header = Some((columns, reader));
        Ok(())
    }

    fn row(&mut self, row: &Row<'_>, progress: Progress) -> Result<ControlFlow<()>, ImportError> {
        self.progress = progress;
        if progress.rows.is_multiple_of(PROGRESS_ROWS) {
            self.handler.progress(progress);
        }
        let Some((columns, reader)) = &mut self.at_header else {
            return Err(ImportError::NoHeader);
        };
        self.report.rows += 1;
        match reader.read(columns, row) {
            Ok(Verdict::Line(line)) => {
                self.report.used += 1;
                let content = match line.number {
                    Some(_) => [0; 32],
                    None => content_of(columns, row),
                };
                let rejected_row = rejected_row(columns, row);
                let origin = Origin { row: row.number, rejected_row, content };
                self.grouper.add(*line, &origin, &mut self.ready);
            }
            Ok(Verdict::Skipped { rule }) => {
                let given = self.pass.mapping.rules[rule].reason.clone();
                let reason = given.unwrap_or_else(|| format!("[[rule]] {}", rule + 1));
                *self.report.skipped.entry(reason).or_default() += 1;
            }
            Ok(Verdict::OtherStore) => self.report.other_stores += 1,
            Ok(Verdict::NothingToBook) => self.report.nothing_to_book += 1,
            Err(fault) => {
                let reject = Reject::new(columns, row, fault);
                self.report.count_reject(&reject, self.pass.lang);
                self.handler.reject(&reject)?;
            }
        }
        self.hand_out()
    }
}

fn content_of(columns: &Columns, row: &Row<'_>) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    for field in CONTENT {
        let text = columns.own_text(field, row);
        hasher.update(&text.len().to_le_bytes());
        hasher.update(text.as_bytes());
    }
    *hasher.finalize().as_bytes()
}
