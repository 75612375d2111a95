//! A report as a CSV file, for spreadsheets and other programs: names as in JSON, one row a finding.

use std::fmt::Display;

use ledger::time::Timestamp;

use super::report::{CheckFinding, CheckReport, Seen};

const COLUMNS: [&str; 17] = [
    "report", "finding", "state", "severity", "check", "store", "sku", "date", "fact", "operator",
    "at", "subject", "line", "days", "expected", "found", "proposal",
];

/// What a report lists, resolved findings last, with a row of column names.
pub fn csv(report: &CheckReport) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut write = |row: [String; COLUMNS.len()]| {
        writer.write_record(row).expect("rows of one length are written to memory");
    };
    write(COLUMNS.map(str::to_owned));
    for finding in report.findings.iter().chain(&report.resolved) {
        write(row(report.number, finding));
    }
    let bytes = writer.into_inner().expect("memory takes what is left");
    String::from_utf8(bytes).expect("text was written")
}

fn row(number: u64, finding: &CheckFinding) -> [String; COLUMNS.len()] {
    [
        number.to_string(),
        finding.id.clone(),
        finding.state.name().to_owned(),
        finding.severity.to_string(),
        finding.check.to_string(),
        text(finding.store.as_ref()),
        text(finding.sku.as_ref()),
        text(finding.date),
        text(finding.fact),
        text(finding.operator.as_ref()),
        finding.at.map(instant).unwrap_or_default(),
        text(finding.subject.as_ref()),
        text(finding.line),
        text(finding.days),
        seen(&finding.expected),
        seen(&finding.found),
        finding.proposal.to_string(),
    ]
}

fn text(value: Option<impl Display>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn instant(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.millis())
        .map_or_else(|_| at.millis().to_string(), |at| format!("{at:.3}"))
}

fn seen(seen: &Seen) -> String {
    match seen {
        Seen::Nothing => String::new(),
        Seen::Stock { quantity, value } => format!("{quantity} worth {value}"),
        Seen::Count(count) => count.to_string(),
        Seen::Quantity(quantity) => quantity.to_string(),
        Seen::Money(money) => money.to_string(),
        Seen::Fact(id) => id.to_string(),
        Seen::Bill(bill) => bill.to_string(),
        Seen::Numbers { first, last } => format!("{first}..{last}"),
        Seen::Time(at) => instant(*at),
        Seen::Day(date) => date.to_string(),
        Seen::Days(days) => days.to_string(),
        Seen::Word(word) => word.clone(),
    }
}
