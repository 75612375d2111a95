//! Barcodes for printing: which symbology a code takes, and its bars.

use std::ops::Range;

use barcoders::sym::code128::Code128;
use barcoders::sym::ean8::EAN8;
use barcoders::sym::ean13::EAN13;
use ledger::scan::Gtin;

/// A code as bars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Barcode {
    symbology: Symbology,
    text: Box<str>,
    /// One for each module, from the left: 1 is dark.
    modules: Vec<u8>,
}

/// A part of a Code 128.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// In code set B.
    Text(String),
    /// In code set C, two digits each.
    Pairs(Vec<u8>),
}

/// How a code is written in bars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Symbology {
    /// 13 digits, the last of them a check digit.
    Ean13,
    /// 8 digits.
    Ean8,
    /// 12 digits: the bars are those of an EAN-13 that begins with a zero.
    UpcA,
    /// Any text of ASCII.
    Code128,
}

impl Symbology {
    /// How many light modules a reader needs before and behind the bars.
    pub const fn quiet_zone(self) -> [u32; 2] {
        match self {
            Self::Ean13 => [11, 7],
            Self::Ean8 => [7, 7],
            Self::UpcA => [9, 9],
            Self::Code128 => [10, 10],
        }
    }
}

impl Barcode {
    /// An article number in the symbology of its length, any other text as a Code 128; none for a
    /// text that has other characters than those of ASCII that can be seen.
    pub fn of(code: &str) -> Option<Self> {
        let (symbology, modules) = match (Gtin::new(code), code.len()) {
            (Ok(_), 13) => (Symbology::Ean13, EAN13::new(code).ok()?.encode()),
            (Ok(_), 12) => (Symbology::UpcA, EAN13::new(format!("0{code}")).ok()?.encode()),
            (Ok(_), 8) => (Symbology::Ean8, EAN8::new(code).ok()?.encode()),
            _ => (Symbology::Code128, Code128::new(with_sets(code)?).ok()?.encode()),
        };
        Some(Self { symbology, text: code.into(), modules })
    }

    /// Any text as a Code 128, also one that is an article number.
    pub fn code128(code: &str) -> Option<Self> {
        let modules = Code128::new(with_sets(code)?).ok()?.encode();
        Some(Self { symbology: Symbology::Code128, text: code.into(), modules })
    }

    /// The text as a Code 128 that a printer draws itself: what stands in which code set.
    pub fn segments(&self) -> Vec<Segment> {
        let said = with_sets(&self.text).unwrap_or_default();
        let mut segments: Vec<Segment> = Vec::new();
        let mut digit = None;
        for letter in said.chars() {
            match (letter, segments.last_mut()) {
                (SET_B, _) => segments.push(Segment::Text(String::new())),
                (SET_C, _) => segments.push(Segment::Pairs(Vec::new())),
                (letter, Some(Segment::Text(text))) => text.push(letter),
                (letter, Some(Segment::Pairs(pairs))) => {
                    let value = letter.to_digit(10).and_then(|it| u8::try_from(it).ok());
                    match (digit.take(), value) {
                        (Some(tens), Some(ones)) => pairs.push(tens * 10 + ones),
                        (None, value) => digit = value,
                        (Some(_), None) => {}
                    }
                }
                (_, None) => {}
            }
        }
        segments
    }

    /// How it is written.
    pub const fn symbology(&self) -> Symbology {
        self.symbology
    }

    /// The code, as people read it below the bars.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many modules it is wide, without what must be light around it.
    pub fn width(&self) -> u32 {
        u32::try_from(self.modules.len()).unwrap_or(u32::MAX)
    }

    /// The bars from left to right, each from one module to before another.
    pub fn bars(&self) -> Vec<Range<u32>> {
        let mut bars: Vec<Range<u32>> = Vec::new();
        for (at, _) in (0..).zip(&self.modules).filter(|(_, module)| **module == 1) {
            match bars.last_mut() {
                Some(bar) if bar.end == at => bar.end += 1,
                _ => bars.push(at..at + 1),
            }
        }
        bars
    }
}

/// Code set B of Code 128: letters, digits and signs.
const SET_B: char = 'Ɓ';

/// Code set C: two digits in one symbol.
const SET_C: char = 'Ć';

/// From how many digits on set C saves symbols: at an end of the code it is entered or left once,
/// within it twice (ISO/IEC 15417, annex on the use of code sets).
const MIN_DIGITS_AT_END: usize = 4;
const MIN_DIGITS_WITHIN: usize = 6;

/// The text with the code sets that make it shortest.
fn with_sets(text: &str) -> Option<String> {
    if text.is_empty() || !text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
        return None;
    }
    let (mut said, mut set, mut rest) = (String::new(), None, text);
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let is_start = set.is_none();
        let is_end = digits == rest.len();
        let worth = if is_start || is_end { MIN_DIGITS_AT_END } else { MIN_DIGITS_WITHIN };
        // Of an odd number of digits the first stays in set B; at the start the last does.
        let alone = if is_start { 0 } else { digits % 2 };
        let (wanted, before, taken) = if digits >= worth {
            (SET_C, alone, alone + (digits - alone) / 2 * 2)
        } else {
            let other = rest.bytes().skip(digits).take_while(|byte| !byte.is_ascii_digit()).count();
            (SET_B, 0, digits + other)
        };
        let (now, then) = rest.split_at(taken);
        said.push_str(&now[..before]);
        if set != Some(wanted) {
            said.push(wanted);
            set = Some(wanted);
        }
        said.push_str(&now[before..]);
        rest = then;
    }
    Some(said)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rxing::BarcodeFormat;
    use rxing::helpers::detect_in_luma;

    use super::*;

    #[test]
    fn each_code_takes_the_symbology_of_its_form() {
        let of = |code: &str| Barcode::of(code).map(|barcode| barcode.symbology());
        let cases = [
            ("6901234567892", Some(Symbology::Ean13)),
            ("036000291452", Some(Symbology::UpcA)),
            ("96385074", Some(Symbology::Ean8)),
            // Misprinted as an EAN they would be other numbers.
            ("6901234567890", Some(Symbology::Code128)),
            ("16901234567899", Some(Symbology::Code128)),
            ("cola-330", Some(Symbology::Code128)),
            ("7", Some(Symbology::Code128)),
            ("可乐", None),
            ("", None),
        ];
        for (code, symbology) in cases {
            assert_eq!(of(code), symbology, "{code}");
        }
    }

    #[test]
    fn digits_are_written_in_pairs_where_that_is_shorter() {
        let cases = [
            ("123456", "Ć123456"),
            ("12345", "Ć1234Ɓ5"),
            ("123", "Ɓ123"),
            ("AB12345", "ƁAB1Ć2345"),
            ("A12345B", "ƁA12345B"),
            ("A1234567B", "ƁA1Ć234567ƁB"),
            ("1234AB", "Ć1234ƁAB"),
        ];
        for (text, expected) in cases {
            assert_eq!(with_sets(text).as_deref(), Some(expected));
        }
    }

    proptest! {
        /// A reader finds the code in the bars, whatever it is.
        #[test]
        fn a_reader_reads_what_is_printed(text in "[ -~]{1,30}|[0-9A-F]{1,30}|[0-9]{1,30}") {
            // Readers leave out spaces at the ends of what they report.
            let text = text.trim();
            prop_assume!(!text.is_empty());
            let barcode = Barcode::of(text).unwrap();
            prop_assert_eq!(read(&barcode), Some(text.to_owned()));
        }
    }

    /// What a reader says of the bars, seen as a few pixels each.
    fn read(barcode: &Barcode) -> Option<String> {
        const PIXELS: u32 = 3;
        const ROWS: u32 = 40;
        let [before, behind] = barcode.symbology().quiet_zone();
        let bars = barcode.bars();
        let is_dark = |module: u32| {
            module.checked_sub(before).is_some_and(|at| bars.iter().any(|bar| bar.contains(&at)))
        };
        let width = (before + barcode.width() + behind) * PIXELS;
        let row = (0..width).map(|x| if is_dark(x / PIXELS) { 0 } else { u8::MAX });
        let row: Vec<u8> = row.collect();
        let image = row.repeat(ROWS as usize);
        let format = match barcode.symbology() {
            Symbology::Ean13 => BarcodeFormat::EAN_13,
            Symbology::Ean8 => BarcodeFormat::EAN_8,
            Symbology::UpcA => BarcodeFormat::UPC_A,
            Symbology::Code128 => BarcodeFormat::CODE_128,
        };
        let found = detect_in_luma(image, width, ROWS, Some(format)).ok()?;
        Some(found.getText().to_owned())
    }
}
