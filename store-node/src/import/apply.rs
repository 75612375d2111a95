//! Checks a file, then books it.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use console::words::Lang;
use ledger::id::StoreId;

use super::ImportError;
use super::columns::Columns;
use super::documents::{Finished, ImportedDocument};
use super::field::Kind;
use super::limits::BATCH_DOCUMENTS;
use super::lines::{NoPrices, Prices};
use super::mapping::Mapping;
use super::pass::{Handler, Pass};
use super::reason::{Fault, Reason};
use super::rejects::{Reject, RejectWriter};
use super::report::Report;
use super::row::Row;
use super::source::{self, Header, Progress, Visitor};

/// Takes the documents of a file into the books.
pub trait Sink {
    /// Posts documents in their order and says what became of each. An error stops the import;
    /// what was posted stays, and importing the file again goes on from there.
    fn post_batch(
        &mut self,
        documents: Vec<ImportedDocument>,
    ) -> Result<Vec<PostOutcome>, Box<dyn Error + Send + Sync>>;
}

/// What became of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PostOutcome {
    /// It is booked.
    Posted,
    /// It was booked before, under the same request id.
    AlreadyThere,
    /// It cannot be booked, for this reason. Its rows go to the reject file.
    Refused(String),
}

/// A file and how to read it.
#[derive(Clone, Copy)]
pub struct Import<'a> {
    mapping: &'a Mapping,
    file: &'a Path,
    prices: &'a dyn Prices,
    only: Option<&'a StoreId>,
    lang: Lang,
}

/// A file that was checked, and is still the same as long as its size and time are.
#[derive(Debug, Clone)]
pub struct Checked {
    /// What it comes to.
    pub report: Report,
    stamp: Stamp,
}

/// What was booked.
#[derive(Debug, Clone, Default)]
pub struct Applied {
    /// Documents that were booked.
    pub posted: u64,
    /// Documents that were booked before.
    pub already_there: u64,
    /// Documents that the books refused.
    pub refused: u64,
    /// Rows in the reject file: those at fault and those of refused documents.
    pub rejected_rows: u64,
    /// The reject file, if there is anything in it.
    pub reject_file: Option<PathBuf>,
    /// What the file came to.
    pub report: Report,
}

type Stamp = (u64, Option<SystemTime>);

impl<'a> Import<'a> {
    /// A file with its mapping. Prices come from the file, rejects are explained in English, and
    /// all stores are wanted, unless the methods below say otherwise.
    pub fn new(mapping: &'a Mapping, file: &'a Path) -> Self {
        Self { mapping, file, prices: &NoPrices, only: None, lang: Lang::En }
    }

    /// Takes prices that the file lacks from here.
    #[must_use]
    pub fn with_prices(self, prices: &'a dyn Prices) -> Self {
        Self { prices, ..self }
    }

    /// Leaves out the rows of other stores.
    #[must_use]
    pub fn only_store(self, store: &'a StoreId) -> Self {
        Self { only: Some(store), ..self }
    }

    /// Explains rejects in this language.
    #[must_use]
    pub fn in_language(self, lang: Lang) -> Self {
        Self { lang, ..self }
    }

    /// The dry run: reads everything and books nothing.
    pub fn check(&self, progress: &mut dyn FnMut(Progress)) -> Result<Checked, ImportError> {
        let stamp = self.stamp()?;
        let report = self.pass()?.run(&mut OnlyLooking { progress })?;
        Ok(Checked { report, stamp })
    }

    /// Hands out the documents, in the order of their first rows, until told to stop.
    pub fn for_each_document(
        &self,
        visit: &mut dyn FnMut(ImportedDocument) -> ControlFlow<()>,
    ) -> Result<Report, ImportError> {
        self.pass()?.run(&mut Visiting { visit })
    }

    /// Books the documents and writes what cannot be booked to `rejects`.
    ///
    /// A bad row is left out of its document; the rest of the document is booked. Only a document
    /// that the books refuse is rejected as a whole.
    pub fn apply(
        &self,
        checked: &Checked,
        sink: &mut dyn Sink,
        rejects: &Path,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Applied, ImportError> {
        if self.stamp()? != checked.stamp {
            return Err(ImportError::Changed);
        }
        let delimiter = self.mapping.file.delimiter.byte();
        let rejects = RejectWriter::new(rejects, self.file, delimiter, self.lang)?;
        let mut posting = Posting {
            sink,
            progress,
            batch: Vec::new(),
            rejects,
            expects_rejects: checked.report.rejected > 0,
            refused: BTreeMap::new(),
            applied: Applied::default(),
        };
        let report = self.pass()?.run(&mut posting)?;
        posting.post()?;
        let Posting { mut rejects, refused, mut applied, .. } = posting;
        if !refused.is_empty() {
            let (import, columns) = (*self, None);
            let mut copying =
                CopyingRefused { import, columns, refused: &refused, rejects: &mut rejects };
            source::read(self.file, &self.mapping.file, &mut copying)?;
        }
        (applied.rejected_rows, applied.reject_file) = rejects.finish()?;
        applied.report = report;
        Ok(applied)
    }

    fn pass(&self) -> Result<Pass<'a>, ImportError> {
        let Self { mapping, file, prices, only, lang } = *self;
        if mapping.kind == Kind::Products {
            let (found, wanted) = (mapping.kind, "documents");
            return Err(ImportError::WrongKind { found, wanted });
        }
        Ok(Pass { mapping, file, prices, only, lang })
    }

    fn stamp(&self) -> Result<Stamp, ImportError> {
        let open = |source| ImportError::Open { path: self.file.to_owned(), source };
        let data = fs::metadata(self.file).map_err(open)?;
        Ok((data.len(), data.modified().ok()))
    }
}

struct OnlyLooking<'a> {
    progress: &'a mut dyn FnMut(Progress),
}

impl Handler for OnlyLooking<'_> {
    fn document(&mut self, _: Finished) -> Result<ControlFlow<()>, ImportError> {
        Ok(ControlFlow::Continue(()))
    }

    fn progress(&mut self, progress: Progress) {
        (self.progress)(progress);
    }
}

struct Visiting<'a> {
    visit: &'a mut dyn FnMut(ImportedDocument) -> ControlFlow<()>,
}

impl Handler for Visiting<'_> {
    fn document(&mut self, finished: Finished) -> Result<ControlFlow<()>, ImportError> {
        Ok((self.visit)(finished.document))
    }
}

struct Posting<'a> {
    sink: &'a mut dyn Sink,
    progress: &'a mut dyn FnMut(Progress),
    batch: Vec<ImportedDocument>,
    rejects: RejectWriter<'a>,
    /// The check found rows to reject.
    expects_rejects: bool,
    /// The rows of refused documents, with the reason.
    refused: BTreeMap<u64, String>,
    applied: Applied,
}

impl Posting<'_> {
    fn post(&mut self) -> Result<(), ImportError> {
        let batch = std::mem::take(&mut self.batch);
        let rows: Vec<Vec<u64>> = batch.iter().map(|document| document.rows.clone()).collect();
        let Some(row) = rows.first().and_then(|rows| rows.first()).copied() else { return Ok(()) };
        let failed = |source| ImportError::Sink { row, source };
        let outcomes = self.sink.post_batch(batch).map_err(failed)?;
        if outcomes.len() != rows.len() {
            let (got, wanted) = (outcomes.len(), rows.len());
            return Err(failed(format!("{got} outcomes came back for {wanted} documents").into()));
        }
        for (rows, outcome) in rows.into_iter().zip(outcomes) {
            match outcome {
                PostOutcome::Posted => self.applied.posted += 1,
                PostOutcome::AlreadyThere => self.applied.already_there += 1,
                PostOutcome::Refused(reason) => {
                    self.applied.refused += 1;
                    self.refused.extend(rows.into_iter().map(|row| (row, reason.clone())));
                }
            }
        }
        Ok(())
    }
}

impl Handler for Posting<'_> {
    fn columns(&mut self, columns: &Columns) -> Result<(), ImportError> {
        self.rejects.set_header(columns);
        if self.expects_rejects { self.rejects.begin() } else { Ok(()) }
    }

    fn document(&mut self, finished: Finished) -> Result<ControlFlow<()>, ImportError> {
        self.batch.push(finished.document);
        if self.batch.len() == BATCH_DOCUMENTS {
            self.post()?;
        }
        Ok(ControlFlow::Continue(()))
    }

    fn reject(&mut self, reject: &Reject) -> Result<(), ImportError> {
        self.rejects.write(reject)
    }

    fn progress(&mut self, progress: Progress) {
        (self.progress)(progress);
    }
}

/// Reads the file once more for the rows of refused documents, which nobody kept.
struct CopyingRefused<'a, 'r> {
    import: Import<'a>,
    columns: Option<Columns>,
    refused: &'r BTreeMap<u64, String>,
    rejects: &'r mut RejectWriter<'a>,
}

impl Visitor for CopyingRefused<'_, '_> {
    fn header(&mut self, header: &Header) -> Result<(), ImportError> {
        let columns = Columns::resolve(self.import.mapping, header, self.import.file)?;
        self.columns = Some(columns);
        Ok(())
    }

    fn row(&mut self, row: &Row<'_>, _: Progress) -> Result<ControlFlow<()>, ImportError> {
        if let (Some(columns), Some(reason)) = (&self.columns, self.refused.get(&row.number)) {
            let fault = Fault::of_row(Reason::Refused(reason.clone()));
            self.rejects.write(&Reject::new(columns, row, fault))?;
        }
        Ok(ControlFlow::Continue(()))
    }
}
