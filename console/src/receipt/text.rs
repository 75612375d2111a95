//! A receipt as lines of letters that are all as wide, Chinese ones twice.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{Row, Width};

/// The receipt as text.
pub fn text(rows: &[Row], width: Width) -> String {
    let mut lines = Vec::new();
    for row in rows {
        lines.extend(lines_of(row, width.columns()));
    }
    lines.iter().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// The lines of a row. Nothing is cut off: what does not fit goes on below.
pub(super) fn lines_of(row: &Row, columns: usize) -> Vec<String> {
    match row {
        Row::Title(words) | Row::Middle(words) | Row::Code(words) => {
            let middle = |line: String| {
                let before = columns.saturating_sub(line.width()) / 2;
                format!("{}{line}", " ".repeat(before))
            };
            wrapped(words, columns).into_iter().map(middle).collect()
        }
        Row::Sides(left, right) | Row::Sum(left, right) => sides(left, right, columns),
        Row::Rule => vec!["-".repeat(columns)],
    }
}

fn sides(left: &str, right: &str, columns: usize) -> Vec<String> {
    let mut lines = wrapped(left, columns);
    if right.is_empty() {
        return lines;
    }
    let last = lines.last().map_or(0, |line| line.width());
    if last + 1 + right.width() > columns {
        lines.push(String::new());
    }
    let mut ends = wrapped(right, columns).into_iter();
    if let (Some(line), Some(first)) = (lines.last_mut(), ends.next()) {
        let between = columns.saturating_sub(line.width() + first.width());
        line.push_str(&" ".repeat(between));
        line.push_str(&first);
    }
    lines.extend(ends);
    lines
}

/// The text in lines of at most so many columns.
pub(super) fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let (mut lines, mut line, mut used) = (Vec::new(), String::new(), 0);
    for letter in text.chars() {
        let wide = letter.width().unwrap_or(0);
        if used + wide > columns {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        line.push(letter);
        used += wide;
    }
    lines.push(line);
    lines
}
