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

    /// Its rows, two modules above each other in a character. Light modules are drawn, dark ones left
    /// out, as it looks right on the dark ground of most terminals; readers take it either way.
    pub fn lines(&self) -> Vec<String> {
        let mut renderer = self.0.render::<Dense1x2>();
        renderer.dark_color(Dense1x2::Light).light_color(Dense1x2::Dark);
        renderer.build().lines().map(str::to_owned).collect()
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

    #[test]
    fn a_code_is_drawn_with_two_modules_in_a_character() {
        let qr = Qr::of("EVENSTOCK1:ABC").unwrap();
        // Version 1 is 21 modules wide.
        assert_eq!(qr.columns(), 29);
        let lines = qr.lines();
        assert_eq!(lines.len(), 15);
        assert!(lines.iter().all(|line| line.chars().count() == 29), "{lines:#?}");
        assert_eq!(lines[0], "█".repeat(29), "the quiet zone is light");
        // The corner of a finder pattern: a dark row over one that is dark at its ends only.
        assert!(lines[2].starts_with("████ ▄▄▄▄▄ █"), "{}", lines[2]);
        assert!(qr.svg().starts_with("<?xml") && qr.svg().contains("<svg"));
    }

    #[test]
    fn what_no_scanner_reads_is_not_drawn() {
        // Version 25 takes 1,853 letters and digits at this level.
        assert!(Qr::of(&"A".repeat(1_853)).is_some());
        assert!(Qr::of(&"A".repeat(1_854)).is_none());
        assert!(Qr::of(&"A".repeat(100_000)).is_none());
    }
}
