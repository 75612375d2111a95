//! Small horizontal bar charts: people would rather look than read.

use unicode_width::UnicodeWidthStr;

use crate::output::printable;
use crate::table::cut;

/// The longest bar where no terminal says how much room there is.
const DEFAULT_BAR_WIDTH: usize = 40;

/// The shortest room worth drawing a bar in.
const MIN_BAR_WIDTH: usize = 8;

/// The widest a label may be.
const MAX_LABEL_WIDTH: usize = 28;

/// Parts of a column of the terminal, in eighths.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// A chart with one bar a line.
#[derive(Debug, Clone, Default)]
pub struct Bars {
    bars: Vec<Bar>,
}

#[derive(Debug, Clone)]
struct Bar {
    label: String,
    value: u64,
    shown: String,
}

impl Bars {
    /// An empty chart.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a bar as long as `value`, with `shown` written behind it.
    pub fn bar(&mut self, label: impl Into<String>, value: u64, shown: impl Into<String>) {
        let label = cut(&printable(&label.into()), MAX_LABEL_WIDTH);
        self.bars.push(Bar { label, value, shown: printable(&shown.into()) });
    }

    /// The chart as lines, the longest bar as wide as `width` allows.
    pub fn lines(&self, width: Option<usize>) -> Vec<String> {
        let widest = |of: fn(&Bar) -> &str| self.bars.iter().map(|bar| of(bar).width()).max();
        let label_width = widest(|bar| &bar.label).unwrap_or(0);
        let shown_width = widest(|bar| &bar.shown).unwrap_or(0);
        let room = width.map_or(DEFAULT_BAR_WIDTH, |width| {
            width.saturating_sub(label_width + shown_width + 2).max(MIN_BAR_WIDTH)
        });
        let most = self.bars.iter().map(|bar| bar.value).max().unwrap_or(0);
        let line = |bar: &Bar| {
            let space = " ".repeat(label_width - bar.label.width());
            format!("{}{space} {} {}", bar.label, drawn(bar.value, most, room), bar.shown)
        };
        self.bars.iter().map(|bar| line(bar).trim_end().to_owned()).collect()
    }
}

/// A bar of `value` where `most` takes `width` columns. What is not nothing shows at least a
/// sliver.
pub fn drawn(value: u64, most: u64, width: usize) -> String {
    if value == 0 || most == 0 {
        return String::new();
    }
    let full = width as u128 * 8;
    let eighths = (u128::from(value.min(most)) * full / u128::from(most)).max(1);
    let whole = usize::try_from(eighths / 8).unwrap_or(width);
    let part = usize::try_from(eighths % 8).unwrap_or(0);
    format!("{}{}", "█".repeat(whole), EIGHTHS[part])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_share_one_scale() {
        let mut chart = Bars::new();
        chart.bar("S001 人民路", 200, "200");
        chart.bar("S002", 75, "75");
        chart.bar("S003", 0, "0");
        chart.bar("S004", 1, "1");
        let expected = "\
S001 人民路 ████████ 200
S002        ███ 75
S003         0
S004        ▏ 1";
        assert_eq!(chart.lines(Some(24)).join("\n"), expected);
        assert_eq!(drawn(u64::MAX, u64::MAX, 3), "███");
        assert_eq!(drawn(7, 16, 2), "▉");
    }
}
