//! The import through its public door, on files made here and on real ones.

mod documents;
mod files;
mod products;
mod real_data;
mod rejects;

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use ledger::amount::Quantity;
use ledger::command::Command;
use ledger::id::RequestId;
use tempfile::TempDir;

use super::*;

/// A sales file in a form that most tests share.
const SALES: &str = r#"
set = "shop"
kind = "sales"
[columns]
document = "No"
date = "Date"
store = "Store"
sku = "Item"
quantity = "Qty"
price = "Price"
[[rule]]
when = { quantity = "negative" }
then = "return"
"#;

const HEADER: &str = "No,Date,Store,Item,Qty,Price\n";

/// A folder with one file in it.
struct Files {
    folder: TempDir,
    file: PathBuf,
}

impl Files {
    fn with(name: &str, content: impl AsRef<[u8]>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        fs::write(&file, content).unwrap();
        Self { folder, file }
    }

    fn csv(content: impl AsRef<[u8]>) -> Self {
        Self::with("data.csv", content)
    }

    /// The shared sales form with these rows.
    fn sales(rows: &str) -> Self {
        Self::csv(format!("{HEADER}{rows}"))
    }

    fn add(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, content).unwrap();
        path
    }

    fn rejects(&self) -> PathBuf {
        self.folder.path().join("rejects.csv")
    }
}

fn mapping(text: &str) -> Mapping {
    text.parse().unwrap_or_else(|error| panic!("{}", chain(&error)))
}

/// An error with its causes.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

fn documents(mapping: &Mapping, file: &Path) -> (Vec<ImportedDocument>, Report) {
    let mut documents = Vec::new();
    let report = Import::new(mapping, file)
        .for_each_document(&mut |document| {
            documents.push(document);
            ControlFlow::Continue(())
        })
        .unwrap_or_else(|error| panic!("{}", chain(&error)));
    (documents, report)
}

fn check_error(mapping: &Mapping, file: &Path) -> String {
    chain(&Import::new(mapping, file).check(&mut |_| ()).unwrap_err())
}

/// Rows and reasons of what was rejected.
fn reasons(report: &Report) -> Vec<(u64, &str, &str, String)> {
    let told = |r: &'_ Reject| r.reason.to_string();
    let rejects = report.rejects.iter();
    rejects.map(|r| (r.row, r.column.as_str(), r.value.as_str(), told(r))).collect()
}

/// `sku quantity price` of each line.
fn lines(command: &Command) -> Vec<String> {
    match command {
        Command::Sell { lines, .. } | Command::Return { lines, .. } => {
            lines.iter().map(|l| format!("{} {} {}", l.sku, l.quantity, l.list_price)).collect()
        }
        Command::Opening { lines } | Command::Receive { lines, .. } => {
            lines.iter().map(|l| format!("{} {} {}", l.sku, l.quantity, l.cost)).collect()
        }
        Command::Adjust { lines, .. } | Command::Scrap { lines, .. } => {
            lines.iter().map(|l| format!("{} {}", l.sku, l.quantity)).collect()
        }
        Command::Reverse { .. } => panic!("an import reverses nothing"),
        Command::State { lines } => {
            let sold = |sold: Option<_>| sold.map_or("?".to_owned(), |q: Quantity| q.to_string());
            lines.iter().map(|l| format!("{} {}", l.sku, sold(l.sold))).collect()
        }
        Command::Stocktake { .. } => panic!("an import counts nothing"),
        Command::Invoice(_)
        | Command::PaySupplier { .. }
        | Command::Value(_)
        | Command::Purchase(_) => {
            panic!("an import buys nothing")
        }
        Command::Revalue { .. } => panic!("an import revalues nothing"),
        Command::Assemble(_) => panic!("an import puts nothing together"),
        Command::Shift(_) => panic!("an import opens no till"),
        Command::Acknowledge(_) => panic!("an import sees no alerts"),
        Command::Transfer(_) => panic!("an import moves nothing between stores"),
        Command::MoveBins { .. } | Command::HomeBins { .. } => panic!("an import knows no bins"),
    }
}

/// Books that know which requests they have seen, and refuse what has a SKU `FORBIDDEN`.
#[derive(Default)]
struct Shelf {
    requests: BTreeSet<RequestId>,
    documents: Vec<ImportedDocument>,
    /// The batch, counted from one, at which the books break down.
    breaks_at: Option<usize>,
    batches: usize,
}

impl Sink for Shelf {
    fn post_batch(
        &mut self,
        documents: Vec<ImportedDocument>,
    ) -> Result<Vec<PostOutcome>, Box<dyn Error + Send + Sync>> {
        self.batches += 1;
        if self.breaks_at == Some(self.batches) {
            return Err("the disk is full".into());
        }
        let post = |document: ImportedDocument| {
            if self.requests.contains(&document.request) {
                return PostOutcome::AlreadyThere;
            }
            if lines(&document.command).iter().any(|line| line.starts_with("FORBIDDEN")) {
                return PostOutcome::Refused("not for sale".to_owned());
            }
            self.requests.insert(document.request.clone());
            self.documents.push(document);
            PostOutcome::Posted
        };
        Ok(documents.into_iter().map(post).collect())
    }
}

fn apply(mapping: &Mapping, files: &Files, shelf: &mut Shelf) -> Applied {
    apply_file(mapping, &files.file, &files.rejects(), shelf)
}

fn apply_file(mapping: &Mapping, file: &Path, rejects: &Path, shelf: &mut Shelf) -> Applied {
    let import = Import::new(mapping, file);
    let checked = import.check(&mut |_| ()).unwrap();
    import.apply(&checked, shelf, rejects, &mut |_| ()).unwrap()
}
