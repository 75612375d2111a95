//! `hub check run|list|show`.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::string::FromUtf8Error;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use console::{Column, Exit, Out, Page, Progress, Table, format, labels, words};
use ledger::check::Severity;
use serde::Serialize;

use super::Format;
use crate::ask::checks::{CheckProgress, ListReports, RunChecks, ShowReport};
use crate::checks::report::{CheckFinding, CheckReport, Scope};
use crate::checks::{Depth, export, page, say, workbook};
use crate::door::Door;
use crate::error::{HubError, Result};

/// How often to ask how far a run is.
const LOOK_EVERY: Duration = Duration::from_millis(250);

pub(super) fn run(
    door: &(impl Door + Sync),
    scope: Scope,
    depth: Depth,
    out: &Out,
) -> Result<Exit> {
    let bar = Progress::bar(out, words::AuditRunning, 0);
    let (ended, until) = mpsc::channel::<()>();
    let shown = &bar;
    let report = thread::scope(|threads| {
        threads.spawn(move || {
            // Ends when the sender is dropped, below.
            while until.recv_timeout(LOOK_EVERY) == Err(RecvTimeoutError::Timeout) {
                // How far it is, is not worth failing for.
                if let Ok(progressed) = door.ask(CheckProgress {}) {
                    shown.set_total(progressed.total);
                    shown.reach(progressed.done);
                }
            }
        });
        let report = door.ask(RunChecks { scope, depth });
        drop(ended);
        report
    });
    bar.clear();
    let report = report?;
    print(&report, out);
    Ok(if report.is_sound() { Exit::Done } else { Exit::Failed })
}

pub(super) fn list(door: &impl Door, out: &Out) -> Result<Exit> {
    let kept = door.ask(ListReports {})?;
    out.show(&kept, |page| {
        let lang = page.lang();
        if kept.reports.is_empty() {
            return page.say(words::AuditNone);
        }
        let mut table = Table::new([
            Column::number(lang.say(words::ReportNumber)),
            Column::text(lang.say(words::Time)),
            Column::flexible(lang.say(words::Scope)),
            Column::number(lang.say(words::Errors)),
            Column::number(lang.say(words::Warnings)),
            Column::number(lang.say(words::NewFindings)),
            Column::number(lang.say(words::AuditResolved)),
        ]);
        for report in &kept.reports {
            table.row([
                report.number.to_string(),
                format::local_time(report.at),
                say::limits(lang, &report.scope).join(", "),
                format::count(report.errors),
                format::count(report.warnings),
                format::count(report.new),
                format::count(report.resolved),
            ]);
        }
        page.table(&table);
    });
    Ok(Exit::Done)
}

pub(super) fn show(
    door: &impl Door,
    number: u64,
    format: Format,
    to: Option<&Path>,
    out: &Out,
) -> Result<Exit> {
    let shown = door.ask(ShowReport { number })?;
    let (report, chain) = (&shown, shown.chain.as_deref().unwrap_or_default());
    let bytes = match format {
        Format::Table if to.is_none() => {
            print(report, out);
            return Ok(Exit::Done);
        }
        Format::Table | Format::Csv => export::csv(report).into_bytes(),
        Format::Html => page::html(report, chain, out.lang).into_bytes(),
        Format::Xlsx => {
            let made = workbook::xlsx(report, chain, out.lang);
            made.map_err(|source| HubError::Workbook { source: source.into() })?
        }
    };
    match (to, String::from_utf8(bytes)) {
        (None, Ok(text)) => out.show(report, |page| text.lines().for_each(|line| page.line(line))),
        (None, Err(_)) => return Err(HubError::NeedsFile),
        (Some(path), text) => {
            let bytes = text.map_or_else(FromUtf8Error::into_bytes, String::into_bytes);
            write(path, &bytes)?;
            let written = Written { report: number, file: path.display().to_string() };
            out.show(&written, |page| page.say(words::ReportWritten { file: &written.file }));
        }
    }
    Ok(Exit::Done)
}

/// A report that was written to a file.
#[derive(Serialize)]
struct Written {
    report: u64,
    file: String,
}

/// Writes a new file; one that is there is not replaced.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let write = || fs::File::create_new(path)?.write_all(bytes);
    write().map_err(|source| HubError::File { what: "write", path: path.to_owned(), source })
}

fn print(report: &CheckReport, out: &Out) {
    out.show(report, |page| {
        let lang = page.lang();
        page.heading(words::AuditHeading { number: report.number });
        page.line(format!(
            "{}  {}",
            format::local_time(report.at),
            say::limits(lang, &report.scope).join(", ")
        ));
        page.say(words::AuditLooked {
            stores: format::count(report.stores),
            facts: format::count(report.facts),
        });
        if report.findings.is_empty() {
            page.say(words::AuditClean);
        } else {
            page.say(words::AuditCounts {
                errors: report.count(Severity::Error),
                warnings: report.count(Severity::Warning),
            });
            findings(page, &report.findings);
            proposals(page, &report.findings);
        }
        if report.left_out > 0 {
            page.say(words::AuditLeftOut { n: format::count(report.left_out) });
        }
        if let Some(number) = report.compared_with {
            let new = report.fresh();
            let persisting = report.findings.len() - new;
            let resolved = report.resolved.len();
            page.say(words::AuditCompared { number, new, persisting, resolved });
        }
        if !report.resolved.is_empty() {
            page.gap();
            page.heading(words::AuditResolved);
            findings(page, &report.resolved);
        }
    });
}

pub(super) fn findings(page: &mut Page, findings: &[CheckFinding]) {
    let lang = page.lang();
    let mut names = say::columns(lang).into_iter();
    let mut table = Table::new(std::array::from_fn(|n| {
        let name = names.next().unwrap_or_default();
        if n == 2 { Column::flexible(name) } else { Column::text(name) }
    }));
    for finding in findings {
        table.row(say::row(lang, finding));
    }
    page.table(&table);
}

/// What to do, once for each check that found something.
pub(super) fn proposals(page: &mut Page, findings: &[CheckFinding]) {
    let lang = page.lang();
    page.gap();
    page.heading(words::AuditWhatToDo);
    for (check, proposal) in say::proposals(findings) {
        let (check, todo) = (labels::check(lang, check), labels::proposal(lang, proposal));
        page.line(format!("{check}: {todo}"));
    }
    page.gap();
}
