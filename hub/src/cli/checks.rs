//! `hub check run|list|show`.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use console::{Column, Exit, Lang, Out, Page, Progress, Table, format, labels, words};
use ledger::check::Severity;

use super::Format;
use crate::ask::checks::{CheckProgress, ListReports, RunChecks, ShowReport};
use crate::checks::export;
use crate::checks::report::{CheckFinding, CheckReport, Scope, Seen, State};
use crate::door::Door;
use crate::error::Result;

/// How often to ask how far a run is.
const LOOK_EVERY: Duration = Duration::from_millis(250);

pub(super) fn run(door: &(impl Door + Sync), scope: Scope, out: &Out) -> Result<Exit> {
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
        let report = door.ask(RunChecks { scope });
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
                limits(lang, &report.scope).join(", "),
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

pub(super) fn show(door: &impl Door, number: u64, format: Format, out: &Out) -> Result<Exit> {
    let report = door.ask(ShowReport { number })?;
    match format {
        Format::Table => print(&report, out),
        Format::Csv => {
            out.show(&report, |page| export::csv(&report).lines().for_each(|row| page.line(row)));
        }
    }
    Ok(Exit::Done)
}

fn print(report: &CheckReport, out: &Out) {
    out.show(report, |page| {
        let lang = page.lang();
        page.heading(words::AuditHeading { number: report.number });
        page.line(format!(
            "{}  {}",
            format::local_time(report.at),
            limits(lang, &report.scope).join(", ")
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

fn findings(page: &mut Page, findings: &[CheckFinding]) {
    let lang = page.lang();
    let mut table = Table::new([
        Column::text(lang.say(words::Severity)),
        Column::flexible(lang.say(words::Check)),
        Column::text(lang.say(words::Store)),
        Column::text(lang.say(words::Sku)),
        Column::text(lang.say(words::Date)),
        Column::text(lang.say(words::FirstFact)),
        Column::text(lang.say(words::Expected)),
        Column::text(lang.say(words::Found)),
        Column::text(lang.say(words::FindingState)),
    ]);
    for finding in findings {
        let seen = seen(lang, &finding.found);
        table.row([
            labels::severity(lang, finding.severity),
            labels::check(lang, finding.check),
            finding.store.as_ref().map_or(lang.say(words::TheChain), ToString::to_string),
            finding.sku.as_ref().map(ToString::to_string).unwrap_or_default(),
            finding.date.map(|date| date.to_string()).unwrap_or_default(),
            finding.fact.map(|id| id.to_string()).unwrap_or_default(),
            self::seen(lang, &finding.expected),
            match finding.line {
                Some(line) => lang.say(words::FoundOnLine { line, found: seen }),
                None => seen,
            },
            state(lang, finding.state),
        ]);
    }
    page.table(&table);
}

/// What to do, once for each check that found something.
fn proposals(page: &mut Page, findings: &[CheckFinding]) {
    let lang = page.lang();
    let mut told: Vec<_> =
        findings.iter().map(|finding| (finding.check, finding.proposal)).collect();
    told.sort_by_key(|(check, proposal)| (*check, proposal.name()));
    told.dedup();
    page.gap();
    page.heading(words::AuditWhatToDo);
    for (check, proposal) in told {
        let (check, todo) = (labels::check(lang, check), labels::proposal(lang, proposal));
        page.line(format!("{check}: {todo}"));
    }
    page.gap();
}

fn limits(lang: Lang, scope: &Scope) -> Vec<String> {
    let store = scope.store.as_ref().map(|store| lang.say(words::AuditOnlyStore { store }));
    let since = scope.since.map(|date| lang.say(words::AuditOnlySince { date }));
    let limits: Vec<_> = store.into_iter().chain(since).collect();
    if limits.is_empty() { vec![lang.say(words::ScopeAll)] } else { limits }
}

fn state(lang: Lang, state: State) -> String {
    match state {
        State::New => lang.say(words::FindingNew),
        State::Persisting => lang.say(words::FindingPersisting),
        State::Resolved => lang.say(words::FindingResolved),
    }
}

fn seen(lang: Lang, seen: &Seen) -> String {
    match seen {
        Seen::Nothing => lang.say(words::SeenNothing),
        Seen::Stock { quantity, value } => lang.say(words::SeenStock {
            quantity: format::quantity_total(quantity.0),
            value: format::money_total(value.0),
        }),
        Seen::Count(count) => format::count(*count),
        Seen::Quantity(quantity) => format::quantity_total(quantity.0),
        Seen::Money(money) => format::money_total(money.0),
        Seen::Fact(id) => id.to_string(),
        Seen::Bill(bill) => bill.to_string(),
        Seen::Numbers { first, last } => lang.say(words::SeenNumbers { first, last }),
        Seen::Time(at) => format::local_time(*at),
        Seen::Day(date) => date.to_string(),
    }
}
