//! Article numbers of GS1: EAN-8, UPC-A, EAN-13 and GTIN-14 are one number with leading zeros.

use std::fmt;

use super::ScanError;

/// A global trade item number whose check digit is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gtin(u64);

/// The lengths in which the number is printed.
const LENGTHS: [usize; 4] = [8, 12, 13, 14];

impl Gtin {
    /// Reads 8, 12, 13 or 14 digits, the last of which is the check digit.
    pub fn new(text: &str) -> Result<Self, ScanError> {
        if !LENGTHS.contains(&text.len()) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ScanError::NotAnArticleNumber { text: text.into() });
        }
        let (body, last) = text.split_at(text.len() - 1);
        let expected = check_digit(body);
        if !last.chars().eq([expected]) {
            return Err(ScanError::CheckDigit { text: text.into(), expected });
        }
        text.parse().map(Self).map_err(|_| ScanError::NotAnArticleNumber { text: text.into() })
    }

    /// The number of 13 digits, or fewer with zeros before them, whose check digit is still missing.
    pub(super) fn of_body(body: &str) -> Result<Self, ScanError> {
        Self::new(&format!("{body}{}", check_digit(body)))
    }

    /// How the number may stand in a catalog, the most usual spelling first: as an EAN-13 if it is
    /// one, else as a GTIN-14; then as a UPC-A and an EAN-8, where the zeros allow it.
    pub fn spellings(self) -> impl Iterator<Item = String> {
        let digits = format!("{:014}", self.0);
        let fits = move |length: &usize| {
            let (zeros, _) = digits.split_at(digits.len() - length);
            zeros.bytes().all(|byte| byte == b'0')
        };
        [13, 14, 12, 8].into_iter().filter(fits).map(move |length| format!("{:0length$}", self.0))
    }
}

impl fmt::Display for Gtin {
    /// As an EAN-13; a number that has 14 digits with all of them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:013}", self.0))
    }
}

/// The check digit for these digits: weights 3 and 1 in turn from the right, filled up to ten
/// (GS1 General Specifications, 7.9.1).
pub fn check_digit(body: &str) -> char {
    let weighted = body.bytes().rev().zip([3, 1].into_iter().cycle());
    let sum: u32 = weighted.map(|(byte, weight)| u32::from(byte.wrapping_sub(b'0')) * weight).sum();
    char::from_digit((10 - sum % 10) % 10, 10).unwrap_or('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_printed_length_is_the_same_number() {
        let upc = Gtin::new("036000291452").unwrap();
        assert_eq!(upc, Gtin::new("0036000291452").unwrap());
        assert_eq!(upc, Gtin::new("00036000291452").unwrap());
        assert_eq!(
            upc.spellings().collect::<Vec<_>>(),
            ["0036000291452", "00036000291452", "036000291452"]
        );
        let short = Gtin::new("96385074").unwrap();
        assert!(short.spellings().any(|text| text == "96385074"));
        let case = Gtin::new("16901234567899").unwrap();
        assert_eq!(case.spellings().collect::<Vec<_>>(), ["16901234567899"]);
    }

    #[test]
    fn a_wrong_digit_is_told_with_the_right_one() {
        assert_eq!(
            Gtin::new("6901234567890"),
            Err(ScanError::CheckDigit { text: "6901234567890".into(), expected: '2' })
        );
        for text in ["", "123", "69012345678923", "690123456789x", "６901234567892"] {
            assert!(Gtin::new(text).is_err(), "{text}");
        }
    }

    #[test]
    fn one_changed_digit_never_passes() {
        let right = "4006381333931";
        assert!(Gtin::new(right).is_ok());
        for at in 0..right.len() {
            for digit in '0'..='9' {
                let mut text = right.to_owned();
                text.replace_range(at..=at, &digit.to_string());
                assert_eq!(Gtin::new(&text).is_ok(), text == right, "{text}");
            }
        }
    }
}
