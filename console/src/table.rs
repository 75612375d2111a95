//! Aligned tables, Chinese text included.

use unicode_width::UnicodeWidthStr;

use crate::output::printable;

/// The narrowest that a flexible column becomes: four Chinese characters.
const MIN_FLEXIBLE_WIDTH: usize = 8;

/// What stands between two columns of a plain table.
const GAP: &str = "  ";

/// One column of a table.
#[derive(Debug, Clone)]
pub struct Column {
    heading: String,
    align: Align,
    fit: Fit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Align {
    Left,
    Right,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    Whole,
    Flexible,
}

impl Column {
    /// Text, to the left.
    pub fn text(heading: impl Into<String>) -> Self {
        Self { heading: printable(&heading.into()), align: Align::Left, fit: Fit::Whole }
    }

    /// Text that may be cut short when the terminal is narrow: names, reasons.
    pub fn flexible(heading: impl Into<String>) -> Self {
        Self { fit: Fit::Flexible, ..Self::text(heading) }
    }

    /// Numbers, to the right; never cut short.
    pub fn number(heading: impl Into<String>) -> Self {
        Self { align: Align::Right, ..Self::text(heading) }
    }
}

/// How a table is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Boxed,
}

/// A table of `N` columns.
#[derive(Debug, Clone)]
pub struct Table<const N: usize>(Grid);

impl<const N: usize> Table<N> {
    /// An empty table: headings over a line.
    pub fn new(columns: [Column; N]) -> Self {
        Self(Grid::new(columns.into()))
    }

    /// Draws a thin box around it.
    #[must_use]
    pub fn boxed(self) -> Self {
        Self(Grid { style: Style::Boxed, ..self.0 })
    }

    /// Adds a row.
    pub fn row(&mut self, cells: [impl Into<String>; N]) {
        self.0.row(cells);
    }

    /// Sets the last row, below a line of its own.
    pub fn total(&mut self, cells: [impl Into<String>; N]) {
        self.0.total(cells);
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.0.rows.is_empty()
    }

    /// The table as lines; not wider than `width` columns as far as its flexible columns allow.
    pub fn lines(&self, width: Option<usize>) -> Vec<String> {
        self.0.lines(width)
    }
}

/// A table whose columns are known only when it is made.
#[derive(Debug, Clone)]
pub struct Grid {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
    total: Option<Vec<String>>,
    style: Style,
}

impl Grid {
    /// An empty table: headings over a line.
    pub fn new(columns: Vec<Column>) -> Self {
        Self { columns, rows: Vec::new(), total: None, style: Style::Plain }
    }

    /// Adds a row: a cell for each column. What is missing stays empty, and what is too much is left out.
    pub fn row(&mut self, cells: impl IntoIterator<Item = impl Into<String>>) {
        let row = self.cells(cells);
        self.rows.push(row);
    }

    /// Sets the last row, below a line of its own.
    pub fn total(&mut self, cells: impl IntoIterator<Item = impl Into<String>>) {
        self.total = Some(self.cells(cells));
    }

    fn cells(&self, cells: impl IntoIterator<Item = impl Into<String>>) -> Vec<String> {
        let mut row: Vec<String> = cells.into_iter().map(|cell| printable(&cell.into())).collect();
        row.resize(self.columns.len(), String::new());
        row
    }

    /// The table as lines; not wider than `width` columns as far as its flexible columns allow.
    pub fn lines(&self, width: Option<usize>) -> Vec<String> {
        let widths = self.widths(width);
        let headings: Vec<String> =
            self.columns.iter().map(|column| column.heading.clone()).collect();
        let mut lines = Vec::with_capacity(self.rows.len() + 6);
        let rules = |more: usize| -> Vec<String> {
            widths.iter().map(|width| "─".repeat(width + more)).collect()
        };
        let rule = |left, cross, right| match self.style {
            Style::Plain => rules(0).join(GAP),
            Style::Boxed => format!("{left}{}{right}", rules(2).join(cross)),
        };
        if self.style == Style::Boxed {
            lines.push(rule("┌", "┬", "┐"));
        }
        lines.push(self.line(&headings, &widths));
        lines.push(rule("├", "┼", "┤"));
        lines.extend(self.rows.iter().map(|row| self.line(row, &widths)));
        if let Some(total) = &self.total {
            lines.push(rule("├", "┼", "┤"));
            lines.push(self.line(total, &widths));
        }
        if self.style == Style::Boxed {
            lines.push(rule("└", "┴", "┘"));
        }
        lines
    }

    /// The width of each column: as its widest cell asks, less what must be saved.
    fn widths(&self, available: Option<usize>) -> Vec<usize> {
        let mut widths: Vec<usize> =
            self.columns.iter().map(|column| column.heading.width()).collect();
        for row in self.rows.iter().chain(&self.total) {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.width());
            }
        }
        let Some(available) = available else { return widths };
        let count = widths.len();
        let between = match self.style {
            Style::Plain => GAP.width() * count.saturating_sub(1),
            Style::Boxed => 3 * count + 1,
        };
        // Save one column at a time from the widest flexible one, so that they shrink evenly.
        while widths.iter().sum::<usize>() + between > available {
            let flexible = |at: &usize| self.columns[*at].fit == Fit::Flexible;
            let widest = (0..count).filter(flexible).max_by_key(|at| widths[*at]);
            match widest.filter(|at| widths[*at] > MIN_FLEXIBLE_WIDTH) {
                Some(at) => widths[at] -= 1,
                None => break,
            }
        }
        widths
    }

    fn line(&self, cells: &[String], widths: &[usize]) -> String {
        let fitted = |at: usize| fitted(&cells[at], widths[at], self.columns[at].align);
        let cells: Vec<String> = (0..widths.len()).map(fitted).collect();
        match self.style {
            Style::Plain => cells.join(GAP).trim_end().to_owned(),
            Style::Boxed => format!("│ {} │", cells.join(" │ ")),
        }
    }
}

/// Exactly `width` columns of a terminal: filled up, or cut and ended with `…`.
fn fitted(text: &str, width: usize, align: Align) -> String {
    let text = cut(text, width);
    let space = " ".repeat(width.saturating_sub(text.width()));
    match align {
        Align::Left => format!("{text}{space}"),
        Align::Right => format!("{space}{text}"),
    }
}

/// At most `width` columns of `text`, ending in `…` if something is missing.
pub fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        kept.push(c);
        if kept.width() + 1 > width {
            kept.pop();
            break;
        }
    }
    kept.truncate(kept.trim_end().len());
    if width > 0 {
        kept.push('…');
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stock() -> Table<3> {
        let columns = [Column::text("门店"), Column::flexible("Product"), Column::number("数量")];
        let mut table = Table::new(columns);
        table.row(["S001", "矿泉水 550ml", "1,250"]);
        table.row(["S002", "Steamed bun with pork", "-3"]);
        table.total(["合计", "", "1,247"]);
        table
    }

    #[test]
    fn chinese_and_english_cells_line_up() {
        let expected = "\
门店  Product                 数量
────  ─────────────────────  ─────
S001  矿泉水 550ml           1,250
S002  Steamed bun with pork     -3
────  ─────────────────────  ─────
合计                         1,247";
        assert_eq!(stock().lines(None).join("\n"), expected);
    }

    #[test]
    fn a_narrow_terminal_cuts_flexible_columns_only() {
        let expected = "\
┌──────┬──────────┬───────┐
│ 门店 │ Product  │  数量 │
├──────┼──────────┼───────┤
│ S001 │ 矿泉水…  │ 1,250 │
│ S002 │ Steamed… │    -3 │
├──────┼──────────┼───────┤
│ 合计 │          │ 1,247 │
└──────┴──────────┴───────┘";
        for width in [0, 27] {
            assert_eq!(stock().boxed().lines(Some(width)).join("\n"), expected);
        }
        let widths: Vec<usize> = stock().lines(Some(33)).iter().map(|line| line.width()).collect();
        assert_eq!(widths.iter().max(), Some(&33));
    }

    #[test]
    fn control_characters_cannot_reach_the_terminal() {
        let mut table = Table::new([Column::text("a")]);
        table.row(["\u{1b}[2J\u{202e}x"]);
        assert_eq!(table.lines(None)[2], "\u{fffd}[2J\u{fffd}x");
    }
}
