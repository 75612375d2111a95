//! QR codes, in a terminal and as a picture.

use std::fmt;

use qrcode::render::svg;
use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode, Version};

/// The largest code drawn, of the 40 sizes that there are: 117 modules a side. A phone or a scanner
/// at a till reads it off a screen or a sheet of paper; denser ones often fail.
const MAX_VERSION: Version = Version::Normal(25);

/// The least error correction: it makes room, and a text that was misread is noticed by its own
/// checksum.
const LEVEL: EcLevel = EcLevel::L;

/// The empty modules that a reader needs on each side.
const QUIET_ZONE: usize = 4;

/// Black on bright white, whatever colours the terminal has: readers look for dark modules on a light
/// ground, and many take no others.
const BLACK_ON_WHITE: &str = "\u{1b}[30;107m";

/// The terminal's own colours.
const AS_BEFORE: &str = "\u{1b}[0m";

/// What a code is drawn on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// A terminal, dark or light: the code brings its colours.
    Screen,
    /// A file, to be printed.
    Paper,
}

/// A text as a QR code.
#[derive(Clone)]
pub struct Qr(QrCode);

impl Qr {
    /// The code of a text; none if it would be too dense to be read.
    pub fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, LEVEL).ok()?;
        (code.version().width() <= MAX_VERSION.width()).then_some(Self(code))
    }

    /// How many columns of a terminal it takes.
    pub fn columns(&self) -> usize {
        self.0.width() + 2 * QUIET_ZONE
    }

    /// Its rows, two modules above each other in a character, dark modules drawn on what is light.
    pub fn lines(&self, on: Ground) -> Vec<String> {
        let drawn = self.0.render::<Dense1x2>().build();
        let row = |row: &str| match on {
            Ground::Paper => row.to_owned(),
            Ground::Screen => format!("{BLACK_ON_WHITE}{row}{AS_BEFORE}"),
        };
        drawn.lines().map(row).collect()
    }

    /// A picture of it, black on white.
    pub fn svg(&self) -> String {
        self.0.render::<svg::Color<'_>>().build()
    }
}

impl fmt::Debug for Qr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Qr({} columns)", self.columns())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a scanner reads off rows that are dark where this says so. It sees each module as a few
    /// pixels.
    fn scan(size: usize, dark: impl Fn(usize, usize) -> bool) -> Option<String> {
        const PIXELS: usize = 4;
        let grey = |x: usize, y: usize| if dark(x / PIXELS, y / PIXELS) { 0 } else { u8::MAX };
        let mut seen =
            rqrr::PreparedImage::prepare_from_greyscale(size * PIXELS, size * PIXELS, grey);
        let grids = seen.detect_grids();
        grids.first().and_then(|grid| grid.decode().ok()).map(|(_, text)| text)
    }

    /// The modules of rows that were drawn two in a character.
    fn modules(rows: &[String]) -> Vec<Vec<bool>> {
        let half =
            |row: &str, halves: [char; 2]| row.chars().map(|c| halves.contains(&c)).collect();
        rows.iter().flat_map(|row| [half(row, ['█', '▀']), half(row, ['█', '▄'])]).collect()
    }

    fn texts() -> [String; 3] {
        let long = |count| format!("EVENSTOCK1:{}", "7QX2".repeat(count));
        [long(3), long(120), long(400)]
    }

    #[test]
    fn a_scanner_reads_it_off_any_terminal_and_off_paper() {
        for text in texts() {
            let qr = Qr::of(&text).unwrap();
            let paper = qr.lines(Ground::Paper);
            let drawn = modules(&paper);
            let dark = |x: usize, y: usize| drawn.get(y).and_then(|row| row.get(x)) == Some(&true);
            assert_eq!(scan(qr.columns(), dark).as_deref(), Some(text.as_str()));
            assert!(paper.iter().all(|row| row.chars().count() == qr.columns()));
            // On a screen the same, in its own colours from end to end.
            let screen = qr.lines(Ground::Screen);
            let bare = |row: &String| {
                let inner = row.strip_prefix("\u{1b}[30;107m")?.strip_suffix("\u{1b}[0m")?;
                Some(inner.to_owned())
            };
            assert_eq!(screen.iter().map(bare).collect::<Option<Vec<_>>>(), Some(paper));
        }
    }

    #[test]
    fn what_no_scanner_reads_is_not_drawn() {
        // Version 25 takes 1,853 letters and digits at this level.
        assert!(Qr::of(&"A".repeat(1_853)).is_some());
        assert!(Qr::of(&"A".repeat(1_854)).is_none());
        assert!(Qr::of(&"A".repeat(100_000)).is_none());
    }
}
