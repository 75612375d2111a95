//! A report as a file: CSV for programs, with the names of JSON; a workbook for people.

use ledger::report::{Answer, Cell, Column, Form, Row, Sheet};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::heading::{heading, title};
use super::show::name;
use crate::labels;
use crate::words::{self, Lang};

/// The widest that a column is made for its text, in characters.
const MAX_WIDTH: usize = 40;

/// Room for a number with separators.
const NUMBER_WIDTH: usize = 12;

/// Where the header stands, below title and period.
const HEADER: u32 = 3;

/// The longest name of a sheet in a workbook.
const MAX_SHEET_NAME: usize = 31;

/// The rows, below their columns' names. A product's name takes two columns, one for each language.
pub fn csv(sheet: &Sheet) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut write = |row: Vec<String>| {
        writer.write_record(row).expect("rows of one length are written to memory");
    };
    let names = sheet.columns.iter().flat_map(|column| match column {
        Column::Product => vec!["product_zh".to_owned(), "product_en".to_owned()],
        column => vec![column.to_string()],
    });
    write(names.collect());
    for row in &sheet.rows {
        let cells = sheet.columns.iter().zip(row).flat_map(|(column, cell)| match (column, cell) {
            (Column::Product, Cell::Name(zh, en)) => vec![zh.to_string(), en.to_string()],
            (Column::Product, _) => vec![String::new(), String::new()],
            (column, cell) => vec![cell.plain(column.form())],
        });
        write(cells.collect());
    }
    let bytes = writer.into_inner().expect("memory takes what is left");
    String::from_utf8(bytes).expect("text was written")
}

/// The bytes of a workbook, in a language.
pub fn xlsx(answer: &Answer, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let (question, sheet) = (&answer.question, &answer.sheet);
    let title = title(lang, &question.report);
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let page = book.add_worksheet().set_name(sheet_name(&title))?;
    page.write_with_format(0, 0, &title, &bold)?;
    let (from, to) = (question.scope.period.from(), question.scope.period.to());
    let days =
        if question.report.is_of_a_moment() { to.to_string() } else { format!("{from} — {to}") };
    page.write(1, 0, days)?;
    let mut widths = Vec::with_capacity(sheet.columns.len());
    for (at, column) in (0_u16..).zip(&sheet.columns) {
        let name = heading(lang, column);
        page.write_with_format(HEADER, at, &name, &bold)?;
        let least = if column.form().decimals().is_some() { NUMBER_WIDTH } else { 0 };
        widths.push(width(&name).max(least));
    }
    let plain = Styles::of(&Format::new());
    let mut last = HEADER;
    for row in &sheet.rows {
        last += 1;
        write_row(page, last, (lang, &plain), &sheet.columns, row)?;
        for (width, (column, cell)) in widths.iter_mut().zip(sheet.columns.iter().zip(row)) {
            *width = (*width).max(self::width(&text(lang, column.form(), cell)));
        }
    }
    if let Some(total) = &sheet.total {
        let below = last + 1;
        write_row(page, below, (lang, &Styles::of(&bold)), &sheet.columns, total)?;
        page.write_with_format(below, 0, lang.say(words::Total), &bold)?;
    }
    for (at, width) in (0_u16..).zip(&widths) {
        page.set_column_width(at, (*width).min(MAX_WIDTH) as f64 + 2.0)?;
    }
    let last_column = u16::try_from(sheet.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    page.autofilter(HEADER, 0, last.max(HEADER + 1), last_column)?;
    page.set_freeze_panes(HEADER + 1, 0)?;
    book.save_to_buffer()
}

/// How the numbers of each form look.
struct Styles {
    text: Format,
    count: Format,
    quantity: Format,
    money: Format,
    percent: Format,
    times: Format,
    days: Format,
}

impl Styles {
    fn of(base: &Format) -> Self {
        let style = |pattern: &str| base.clone().set_num_format(pattern);
        Self {
            text: base.clone(),
            count: style("#,##0"),
            quantity: style("#,##0.###"),
            money: style("#,##0.00"),
            percent: style("0.00%"),
            times: style("0.00"),
            days: style("0.0"),
        }
    }
}

fn write_row(
    page: &mut Worksheet,
    at: u32,
    (lang, styles): (Lang, &Styles),
    columns: &[Column],
    row: &Row,
) -> Result<(), XlsxError> {
    for (column, (kind, cell)) in (0_u16..).zip(columns.iter().zip(row)) {
        let form = kind.form();
        let (style, scale) = match form {
            Form::Count => (&styles.count, 1.0),
            Form::Quantity => (&styles.quantity, 1_000.0),
            Form::Money => (&styles.money, 10_000.0),
            Form::Percent => (&styles.percent, 10_000.0),
            Form::Times => (&styles.times, 100.0),
            Form::Days => (&styles.days, 10.0),
            Form::Text | Form::Kind | Form::Method | Form::Name | Form::Date => (&styles.text, 1.0),
        };
        match cell {
            Cell::Empty => {}
            // A workbook has no numbers but these.
            Cell::Number(number) => {
                page.write_with_format(at, column, *number as f64 / scale, style)?;
            }
            words => {
                page.write_with_format(at, column, text(lang, form, words), style)?;
            }
        }
    }
    Ok(())
}

fn text(lang: Lang, form: Form, cell: &Cell) -> String {
    match cell {
        Cell::Name(zh, en) => name(lang, zh, en).to_owned(),
        Cell::Text(kind) if form == Form::Kind => labels::kind(lang, kind),
        Cell::Text(name) if form == Form::Method => labels::method(lang, name),
        cell => cell.plain(form),
    }
}

/// How wide a text is in a sheet: a Chinese character takes two places.
fn width(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// A text as the name of a sheet, which may not have all characters.
fn sheet_name(text: &str) -> String {
    text.chars().filter(|c| !"[]:*?/\\".contains(*c)).take(MAX_SHEET_NAME).collect()
}
