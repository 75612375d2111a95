//! Labels that a shop's own scales print: an EAN-13 of the range 20 to 29, in which the chain has
//! agreed with itself where item, weight and price stand (店内码).

use std::fmt;
use std::str::FromStr;

use super::gtin::check_digit;
use super::{Means, Reading, Says, ScanError};
use crate::amount::{Money, Quantity};

/// The most patterns of a chain: ten prefixes, each with one or two lengths.
pub const MAX_PATTERNS: usize = 20;

/// The longest label: 2 of prefix, 5 of item, 5 of weight, 5 of price and the check digit.
const MAX_LEN: usize = 18;

/// One form of label, written as what stands in each place: digits that must be there, `I` for the
/// item, `W` for its weight in grams, `P` for the price in hundredths, `N` for pieces, `.` for
/// whatever, and last `C`, the check digit. `21IIIIIWWWWWC` is a weight label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(Box<str>);

/// The forms of labels that a chain uses, the first that fits counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patterns(Vec<Pattern>);

impl Default for Patterns {
    /// A weight behind 21, a price behind 22, and both in the 18 digits that Chinese scales print
    /// behind 23 to 29.
    fn default() -> Self {
        let usual = ["21IIIIIWWWWWC", "22IIIIIPPPPPC"];
        let both = (23..=29).map(|prefix| format!("{prefix}IIIIIPPPPPWWWWWC"));
        Self(
            usual
                .into_iter()
                .map(str::to_owned)
                .chain(both)
                .map(|text| Pattern(text.into()))
                .collect(),
        )
    }
}

impl FromStr for Pattern {
    type Err = ScanError;

    fn from_str(text: &str) -> Result<Self, ScanError> {
        let bad = || ScanError::Pattern { text: text.chars().take(2 * MAX_LEN).collect() };
        let prefix = text.get(..2).and_then(|prefix| prefix.parse::<u8>().ok());
        let known = |c: char| c.is_ascii_digit() || matches!(c, 'I' | 'W' | 'P' | 'N' | '.');
        let body = text.strip_suffix('C').ok_or_else(bad)?;
        let together = |c: char| {
            let part =
                body.trim_start_matches(|other| other != c).trim_end_matches(|other| other != c);
            part.chars().all(|other| other == c)
        };
        let fits = prefix.is_some_and(|prefix| (20..=29).contains(&prefix))
            && text.len() <= MAX_LEN
            && body.contains('I')
            && body.chars().all(known)
            && ['I', 'W', 'P', 'N'].into_iter().all(together);
        if fits { Ok(Self(text.into())) } else { Err(bad()) }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Patterns {
    type Err = ScanError;

    /// Reads patterns with blanks between, at most [`MAX_PATTERNS`].
    fn from_str(text: &str) -> Result<Self, ScanError> {
        if let Some(one_more) = text.split_whitespace().nth(MAX_PATTERNS) {
            return Err(ScanError::Pattern { text: one_more.into() });
        }
        Ok(Self(text.split_whitespace().map(str::parse).collect::<Result<_, _>>()?))
    }
}

impl fmt::Display for Patterns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let patterns: Vec<&str> = self.0.iter().map(|pattern| &*pattern.0).collect();
        f.pad(&patterns.join(" "))
    }
}

impl Patterns {
    /// What a label says; none if it is of no form that the chain uses.
    pub(super) fn read(&self, text: &str) -> Option<Result<Reading, ScanError>> {
        let pattern = self.0.iter().find(|pattern| pattern.is_form_of(text))?;
        Some(pattern.read(text))
    }
}

impl Pattern {
    fn is_form_of(&self, text: &str) -> bool {
        let fits = |(form, digit): (u8, u8)| {
            digit.is_ascii_digit() && (!form.is_ascii_digit() || form == digit)
        };
        text.len() == self.0.len() && self.0.bytes().zip(text.bytes()).all(fits)
    }

    fn read(&self, text: &str) -> Result<Reading, ScanError> {
        let body = &text[..text.len() - 1];
        let expected = check_digit(body);
        if !text.ends_with(expected) {
            return Err(ScanError::CheckDigit { text: text.into(), expected });
        }
        let part = |kind: char| -> String {
            let places = self.0.chars().zip(text.chars());
            places.filter(|(form, _)| *form == kind).map(|(_, digit)| digit).collect()
        };
        let number = |kind| part(kind).parse::<i64>().ok();
        // Eighteen digits are far below any bound of amounts.
        let grams = number('W').and_then(|grams| Quantity::from_thousandths(grams).ok());
        let pieces = number('N').and_then(|pieces| Quantity::units(pieces).ok());
        let cents = number('P').and_then(|cents| Money::from_ten_thousandths(cents * 100).ok());
        let means = Means::InStore { item: part('I').into(), label: self.label(body).into() };
        let says = Says { weight: grams, count: pieces, price: cents, ..Says::default() };
        Ok(Reading { means, says })
    }

    /// The label as it would be with neither weight nor price: many catalogs name an item so.
    fn label(&self, body: &str) -> String {
        let is_amount = |form| matches!(form, 'W' | 'P' | 'N');
        let blank = |(form, digit)| if is_amount(form) { '0' } else { digit };
        let body: String = self.0.chars().zip(body.chars()).map(blank).collect();
        format!("{body}{}", check_digit(&body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_label_and_a_price_label() {
        let patterns = Patterns::default();
        let weighed = patterns.read("2112345012506").unwrap().unwrap();
        assert_eq!(weighed.says.weight, Some("1.25".parse().unwrap()));
        let label = format!("211234500000{}", check_digit("211234500000"));
        assert_eq!(weighed.means, Means::InStore { item: "12345".into(), label: label.into() });
        let body = "221234502499";
        let priced = patterns.read(&format!("{body}{}", check_digit(body))).unwrap().unwrap();
        assert_eq!((priced.says.price, priced.says.weight), (Some("24.99".parse().unwrap()), None));
        let body = "27123450249901250";
        let both = patterns.read(&format!("{body}{}", check_digit(body))).unwrap().unwrap();
        assert_eq!(both.says.price, Some("24.99".parse().unwrap()));
        assert_eq!(both.says.weight, Some("1.25".parse().unwrap()));
    }

    #[test]
    fn what_is_no_label_is_left_to_others() {
        let patterns = Patterns::default();
        for text in ["6901234567892", "2412345012504", "21123450125", "2112345x12504"] {
            assert_eq!(patterns.read(text), None, "{text}");
        }
        assert!(matches!(patterns.read("2112345012507"), Some(Err(ScanError::CheckDigit { .. }))));
    }

    #[test]
    fn patterns_say_where_the_item_stands() {
        let usual = Patterns::default();
        assert_eq!(usual.to_string().parse(), Ok(usual));
        assert!("21IIIIIWWWWWC ".repeat(MAX_PATTERNS + 1).parse::<Patterns>().is_err());
        for text in ["21IIIIIWWWWWC", "20IIII.PPPPPC", "2912IINNC"] {
            assert_eq!(text.parse::<Pattern>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "21IIIII",
            "30IIIIIWWWWWC",
            "21WWWWWWWWWWC",
            "21IIWWIIWWWWC",
            "21IIIIIQQQQQC",
            "２1IC",
        ] {
            assert!(text.parse::<Pattern>().is_err(), "{text}");
        }
    }
}
