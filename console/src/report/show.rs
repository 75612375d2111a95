//! A report in a terminal.

use std::path::Path;

use ledger::report::{Answer, Cell, Column, Form, Measured, Note, Row, Sheet};

use super::heading::{heading, title};
use crate::format;
use crate::labels;
use crate::output::Page;
use crate::table::{self, Grid};
use crate::words::{self, Lang};

/// Prints a report: the columns that say something, and at most so many rows.
pub(super) fn report(page: &mut Page, answer: &Answer, limit: usize, written: &[&Path]) {
    let lang = page.lang();
    let (question, sheet) = (&answer.question, &answer.sheet);
    let (from, to) = (question.scope.period.from(), question.scope.period.to());
    let title = title(lang, &question.report);
    if question.report.is_of_a_moment() {
        page.heading(words::ReportHeadingAt { title, at: to });
    } else {
        page.heading(words::ReportHeading { title, from, to });
    }
    for note in &answer.notes {
        match note {
            Note::Unbalanced { rows } => page.say(words::ReportUnbalanced { n: rows }),
            Note::LeftOut { facts } => page.say(words::ReportLeftOut { n: facts }),
            Note::Awaited { through } => page.say(words::ReportAwaited { through }),
            Note::Dropped { through } => page.say(words::ReportDropped { through }),
        }
    }
    if sheet.rows.is_empty() {
        page.say(words::Nothing);
    } else {
        page.grid(&grid(lang, sheet, limit));
        let hidden = sheet.rows.len().saturating_sub(limit);
        if hidden > 0 {
            page.say(words::More { n: format::count(hidden as u64) });
        }
    }
    for path in written {
        page.say(words::ReportWritten { file: path.display() });
    }
}

fn grid(lang: Lang, sheet: &Sheet, limit: usize) -> Grid {
    let shown: Vec<usize> =
        (0..sheet.columns.len()).filter(|at| says_something(sheet, *at)).collect();
    let column = |at: &usize| {
        let column = &sheet.columns[*at];
        let name = heading(lang, column);
        match column.form() {
            Form::Name | Form::Kind => table::Column::flexible(name),
            Form::Text | Form::Method | Form::Date => table::Column::text(name),
            _ => table::Column::number(name),
        }
    };
    let mut grid = Grid::new(shown.iter().map(column).collect());
    let cells = |row: &Row| -> Vec<String> {
        shown.iter().map(|at| cell(lang, sheet.columns[*at].form(), &row[*at])).collect()
    };
    for row in sheet.rows.iter().take(limit) {
        let mut cells = cells(row);
        // What a row is about stands first: a category or supplier that nobody named.
        if cells[0].is_empty() {
            cells[0] = lang.say(words::ReportUnnamed);
        }
        grid.row(cells);
    }
    if let Some(total) = &sheet.total {
        let mut cells = cells(total);
        cells[0] = lang.say(words::Total);
        grid.total(cells);
    }
    grid
}

/// Whether a column is worth its place: what each reason is worth is left to files, and so is what is
/// nothing in every row.
fn says_something(sheet: &Sheet, at: usize) -> bool {
    let is_nothing = |cell: &Cell| match cell {
        Cell::Empty => true,
        Cell::Text(text) => text.is_empty(),
        Cell::Number(number) => *number == 0,
        Cell::Name(..) | Cell::Date(_) => false,
    };
    match &sheet.columns[at] {
        Column::Flow(_, Measured::Value) | Column::Age(_, _, Measured::Value) => false,
        Column::Opening(_) | Column::Closing(_) | Column::Sum(..) | Column::At(_) => true,
        _ => at == 0 || !sheet.rows.iter().all(|row| is_nothing(&row[at])),
    }
}

fn cell(lang: Lang, form: Form, cell: &Cell) -> String {
    let number = match cell {
        Cell::Empty => return String::new(),
        Cell::Text(text) if form == Form::Kind => return labels::kind(lang, text),
        Cell::Text(text) if form == Form::Method => return labels::method(lang, text),
        Cell::Text(text) => return text.to_string(),
        Cell::Name(zh, en) => return name(lang, zh, en).to_owned(),
        Cell::Date(date) => return date.to_string(),
        Cell::Number(number) => *number,
    };
    match form {
        Form::Money => format::money_total(number),
        Form::Quantity => format::quantity_total(number),
        Form::Percent => format!("{}%", hundredths(number)),
        Form::Times => hundredths(number),
        Form::Days => format!("{}{}.{}", sign(number), number.abs() / 10, number.abs() % 10),
        Form::Count | Form::Text | Form::Kind | Form::Method | Form::Name | Form::Date => {
            format::quantity_total(number * 1_000)
        }
    }
}

/// A product's name in a language; the other one where that is missing.
pub(super) fn name<'a>(lang: Lang, zh: &'a str, en: &'a str) -> &'a str {
    let (first, second) = match lang {
        Lang::Zh => (zh, en),
        Lang::En => (en, zh),
    };
    if first.is_empty() { second } else { first }
}

fn hundredths(number: i128) -> String {
    format!("{}{}.{:02}", sign(number), number.abs() / 100, number.abs() % 100)
}

const fn sign(number: i128) -> &'static str {
    if number < 0 { "-" } else { "" }
}
