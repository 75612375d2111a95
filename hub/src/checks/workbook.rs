//! A report as a workbook for spreadsheet programs.

use console::{Lang, format, words};
use ledger::check::Severity;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::report::CheckReport;
use super::say;

/// The widest that a column is made for its text, in characters.
const MAX_WIDTH: usize = 60;

/// The bytes of the workbook, in a language: a sheet of findings and one of what is resolved.
pub fn xlsx(report: &CheckReport, chain: &str, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let sheet = book.add_worksheet().set_name(sheet_name(&lang.say(words::Found)))?;
    let lines = [
        format!("{} · {chain}", lang.say(words::AuditHeading { number: report.number })),
        format!(
            "{} · {}",
            format::local_time(report.at),
            say::limits(lang, &report.scope).join(", ")
        ),
        lang.say(words::AuditLooked {
            stores: format::count(report.stores),
            facts: format::count(report.facts),
        }),
        lang.say(words::AuditCounts {
            errors: report.count(Severity::Error),
            warnings: report.count(Severity::Warning),
        }),
    ];
    let mut row = 0;
    for line in &lines {
        sheet.write_with_format(row, 0, line, &bold)?;
        row += 1;
    }
    let header = row + 1;
    write_table(sheet, header, lang, &report.findings, &bold)?;
    let sheet = book.add_worksheet().set_name(sheet_name(&lang.say(words::AuditResolved)))?;
    write_table(sheet, 0, lang, &report.resolved, &bold)?;
    book.save_to_buffer()
}

fn write_table(
    sheet: &mut rust_xlsxwriter::Worksheet,
    header: u32,
    lang: Lang,
    findings: &[super::report::CheckFinding],
    bold: &Format,
) -> Result<(), XlsxError> {
    let columns = say::columns(lang);
    let mut widths = columns.clone().map(|column| width(&column));
    for (column, name) in (0..).zip(&columns) {
        sheet.write_with_format(header, column, name, bold)?;
    }
    let mut row = header;
    for finding in findings {
        row += 1;
        for (column, cell) in (0_u16..).zip(say::row(lang, finding)) {
            widths[usize::from(column)] = widths[usize::from(column)].max(width(&cell));
            sheet.write(row, column, cell)?;
        }
    }
    for (column, width) in (0..).zip(widths) {
        sheet.set_column_width(column, width.min(MAX_WIDTH) as f64 + 2.0)?;
    }
    let last = u16::try_from(columns.len() - 1).unwrap_or(u16::MAX);
    sheet.autofilter(header, 0, row.max(header + 1), last)?;
    sheet.set_freeze_panes(header + 1, 0)?;
    Ok(())
}

/// How wide a text is in a sheet: a Chinese character takes two places.
fn width(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// A text as the name of a sheet, which may not have all characters.
fn sheet_name(text: &str) -> String {
    text.chars().filter(|c| !"[]:*?/\\".contains(*c)).take(31).collect()
}
