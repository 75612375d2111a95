//! What a scanner reads: barcodes, labels of the shop's scales and radio tags, taken apart into the
//! article and what the code says of it.
//!
//! | room | reads |
//! |---|---|
//! | [`gtin`] | EAN-8, UPC-A, EAN-13, GTIN-14 |
//! | [`gs1`] | element strings and Digital Links: lot, dates, serial number, weight, price |
//! | [`in_store`] | scale labels 20 to 29 with weight or price |
//! | [`epc`] | radio tags: SGTIN-96 and -198, SSCC-96 |
//!
//! Which product an article number means is for the catalog to say: [`Reading::keys`] gives what to
//! look for, the likeliest first.

mod epc;
mod gs1;
mod gtin;
mod in_store;

use thiserror::Error;

use crate::amount::{Money, Quantity};
use crate::time::BusinessDate;

pub use gtin::{Gtin, check_digit};
pub use in_store::{MAX_PATTERNS, Pattern, Patterns};

/// The longest text that is taken for a code, in bytes: the longest Digital Links are about 300.
pub const MAX_CODE_LEN: usize = 500;

/// A code, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What it is on.
    pub means: Means,
    /// What it says of that.
    pub says: Says,
}

/// What a code says of the goods that it is on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Says {
    /// The lot (批号), as printed.
    pub lot: Option<Box<str>>,
    /// The serial number (序列号), as printed.
    pub serial: Option<Box<str>>,
    /// When they were made (生产日期).
    pub produced: Option<BusinessDate>,
    /// Until when they are at their best (保质期至).
    pub best_before: Option<BusinessDate>,
    /// Until when they may be used (有效期至).
    pub expires: Option<BusinessDate>,
    /// What they weigh, in kilograms.
    pub weight: Option<Quantity>,
    /// How many pieces they are.
    pub count: Option<Quantity>,
    /// What they cost together.
    pub price: Option<Money>,
}

/// What a code is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Means {
    /// Goods with an article number.
    Article(Gtin),
    /// Goods that the shop has labelled itself.
    InStore {
        /// The item's number on the scales.
        item: Box<str>,
        /// The label with zeros for weight and price.
        label: Box<str>,
    },
    /// A case or pallet, by its serial number (SSCC). It is no product.
    Case(Box<str>),
    /// None of the known forms: the chain's own number, or a text.
    Text(Box<str>),
}

/// Why a text could not be read as the code whose form it has.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ScanError {
    /// Nothing was scanned.
    #[error("nothing was scanned")]
    Empty,
    /// More than [`MAX_CODE_LEN`] bytes.
    #[error("a code of {length} bytes is longer than {MAX_CODE_LEN}")]
    TooLong {
        /// How long it is.
        length: usize,
    },
    /// Not 8, 12, 13 or 14 digits.
    #[error("`{text}` is no article number: those have 8, 12, 13 or 14 digits")]
    NotAnArticleNumber {
        /// What was given.
        text: Box<str>,
    },
    /// The last digit does not follow from the others: misread or mistyped.
    #[error("the check digit of `{text}` is wrong: it should be {expected}")]
    CheckDigit {
        /// What was given.
        text: Box<str>,
        /// The digit that would be right.
        expected: char,
    },
    /// An application identifier that does not exist.
    #[error("no GS1 application identifier begins with `{at}`")]
    Identifier {
        /// Where it was looked for.
        at: Box<str>,
    },
    /// The data of an application identifier is not of its form.
    #[error("the GS1 element ({ai}) can't be `{data}`")]
    Element {
        /// The identifier.
        ai: Box<str>,
        /// What stood behind it.
        data: Box<str>,
    },
    /// An element string that names no article and no case.
    #[error("the code names no article")]
    NoArticle,
    /// A radio tag of another kind, or not written as the standard says.
    #[error("the radio tag `{text}` is no SGTIN and no SSCC")]
    Tag {
        /// What the reader sent.
        text: Box<str>,
    },
    /// Not a form of scale label.
    #[error("`{text}` is no pattern of a label")]
    Pattern {
        /// What was given.
        text: Box<str>,
    },
}

impl Reading {
    /// A code that says nothing but what it is on.
    fn of(means: Means) -> Self {
        Self { means, says: Says::default() }
    }

    /// Under what the catalog may know it, the likeliest first. A case is in no catalog.
    pub fn keys(&self) -> Vec<String> {
        match &self.means {
            Means::Article(gtin) => gtin.spellings().collect(),
            Means::InStore { item, label } => {
                let bare = item.trim_start_matches('0');
                let mut keys = vec![label.to_string(), item.to_string()];
                keys.extend((!bare.is_empty() && bare != &**item).then(|| bare.to_owned()));
                keys
            }
            Means::Text(text) => vec![text.to_string()],
            Means::Case(_) => Vec::new(),
        }
    }
}

/// Whether the text has the form of a code that says more than a number does: signs in it are the
/// code's own.
pub fn is_compound(text: &str) -> bool {
    let text = text.trim();
    epc::is_epc(text) || gs1::is_link(text) || gs1::is_element_string(text)
}

/// Which texts may be the barcode of a product.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Codes {
    /// Digits are article numbers whose check digit must be right; letters are the chain's own.
    #[default]
    Articles,
    /// Any text: chains have numbers of their own that look like article numbers.
    Any,
}

impl Codes {
    /// Says what is wrong with a barcode, if something is.
    pub fn check(self, barcode: &str) -> Result<(), ScanError> {
        let is_number = !barcode.is_empty() && barcode.bytes().all(|byte| byte.is_ascii_digit());
        match self {
            Self::Articles if is_number => Gtin::new(barcode).map(drop),
            Self::Articles | Self::Any => Ok(()),
        }
    }
}

/// Reads what a scanner sent: any of the forms, or else the text as it is. `today` tells the century
/// of dates in it.
pub fn read(text: &str, patterns: &Patterns, today: BusinessDate) -> Result<Reading, ScanError> {
    let text = text.trim();
    match text.len() {
        0 => return Err(ScanError::Empty),
        length if length > MAX_CODE_LEN => return Err(ScanError::TooLong { length }),
        _ => {}
    }
    if epc::is_epc(text) {
        return epc::read(text);
    }
    if gs1::is_link(text) {
        return gs1::read_link(text, today);
    }
    if gs1::is_element_string(text) {
        return gs1::read(text, today);
    }
    if let Some(read) = patterns.read(text) {
        return read;
    }
    // Numbers of the chain's own may have a code's length and no check digit.
    let means = Gtin::new(text).map_or_else(|_| Means::Text(text.into()), Means::Article);
    Ok(Reading::of(means))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn scan(text: &str) -> Result<Reading, ScanError> {
        read(text, &Patterns::default(), "2026-11-24".parse().unwrap())
    }

    #[test]
    fn every_form_has_one_door() {
        let keys = |text: &str| scan(text).unwrap().keys();
        assert_eq!(keys("6901234567892")[0], "6901234567892");
        assert_eq!(keys("]C10106901234567892"), keys("6901234567892"));
        assert_eq!(keys("(01)06901234567892(10)A"), keys("6901234567892"));
        assert_eq!(keys("3074257BF7194E4000001A85"), ["80614141123458"]);
        assert_eq!(keys("2100042012509")[1..], ["00042", "42"]);
        assert_eq!(keys(" cola-330 "), ["cola-330"]);
        assert_eq!(keys("6901234567890"), ["6901234567890"], "a number with no check digit");
        assert_eq!(keys("00106141412345678908"), Vec::<String>::new());
        assert_eq!(scan("  "), Err(ScanError::Empty));
        assert!(matches!(scan(&"1".repeat(501)), Err(ScanError::TooLong { length: 501 })));
    }

    proptest! {
        /// A scanner can send anything.
        #[test]
        fn nothing_breaks_it(text in r"(\]C1|\]d2|\(01\)|01|00|30|36|urn:epc:tag:sgtin-96:|https://a/01/)?[0-9A-Za-z()/.%\x1d\u{4e00}-\u{4eff}-]{0,60}") {
            let _ = scan(&text);
        }

        /// A tag says the article that a barcode says.
        #[test]
        fn a_tag_and_a_barcode_agree(company in 0_u32..10_000_000, item in 0_u32..1_000_000, serial in 0_u64..1 << 38) {
            let (company, item) = (format!("{company:07}"), format!("{item:06}"));
            let tag = scan(&format!("urn:epc:id:sgtin:{company}.{item}.{serial}")).unwrap();
            let body = format!("{}{company}{}", &item[..1], &item[1..]);
            let printed = scan(&format!("(01){body}{}(21){serial}", check_digit(&body))).unwrap();
            prop_assert_eq!(tag, printed);
        }
    }
}
