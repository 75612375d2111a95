//! Names of things: parsed once where they enter, trusted everywhere after.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smol_str::SmolStr;
use thiserror::Error;

/// The longest any id may be, in bytes. Ids stand in keys and file names; a barcode with a
/// variant suffix takes about 30.
pub const MAX_ID_LEN: usize = 64;

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IdError {
    /// Nothing was given.
    #[error("the {what} is empty")]
    Empty {
        /// Which id was wanted.
        what: &'static str,
    },
    /// More than [`MAX_ID_LEN`] bytes.
    #[error("the {what} `{text}` is longer than {MAX_ID_LEN} bytes")]
    TooLong {
        /// Which id was wanted.
        what: &'static str,
        /// What was given.
        text: String,
    },
    /// A character that ids may not contain.
    #[error("the {what} `{text}` contains {found:?}")]
    BadCharacter {
        /// Which id was wanted.
        what: &'static str,
        /// What was given.
        text: String,
        /// The first offending character.
        found: char,
    },
    /// The text does not have the form of this id.
    #[error("`{text}` is not a valid {what}")]
    Malformed {
        /// Which id was wanted.
        what: &'static str,
        /// What was given.
        text: String,
    },
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $allowed:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        // Nearly every id is short enough to stand here itself: none is allocated, and copies cost
        // nothing.
        pub struct $name(SmolStr);

        impl $name {
            /// Parses the id.
            pub fn new(text: &str) -> Result<Self, IdError> {
                check($what, text, $allowed)?;
                Ok(Self(text.into()))
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = SmolStr::deserialize(deserializer)?;
                Self::new(&text).map_err(serde::de::Error::custom)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::new(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

/// Letters and digits of ASCII, `-`, `_`, `.`: safe in paths, keys and bill numbers.
fn plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

/// As [`plain`], and `+` between the stores that an order names.
fn order(c: char) -> bool {
    plain(c) || c == '+'
}

/// Letters and digits of any script, `-`, `_`, `.`: what groups are called stands between other signs.
fn word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '.')
}

/// Anything printable but the separators of document ids and lists, and what JSON would escape.
fn printable(c: char) -> bool {
    !c.is_control() && !matches!(c, '/' | ',' | '"' | '\\')
}

/// As [`printable`], and the separators that other people's numbers have.
fn on_invoices(c: char) -> bool {
    printable(c) || matches!(c, '/' | ',')
}

text_id!(
    /// A store of the chain (门店), e.g. `S012`.
    StoreId, "store id", plain
);
text_id!(
    /// Stores that have something in common (门店分组), e.g. `north` or `直营`.
    StoreGroup, "store group", word
);
text_id!(
    /// A document that sets prices (调价单号), e.g. `PC20261124-001`.
    PriceChangeNo, "price change number", plain
);
text_id!(
    /// A stock-keeping unit (商品规格): often the barcode, always the chain's own choice.
    Sku, "SKU", printable
);
text_id!(
    /// A production lot (批号).
    Lot, "lot number", printable
);
text_id!(
    /// A place in a store where goods lie (货位).
    Bin, "bin", printable
);
text_id!(
    /// What one piece of a product bears and no other (序列号).
    Serial, "serial number", printable
);
text_id!(
    /// Why stock differs, in the chain's own list of codes, e.g. `damaged`.
    ReasonCode, "reason code", plain
);
text_id!(
    /// A transfer between stores (调拨单), e.g. `A01+B02-2611-tA7`.
    TransferId, "transfer id", order
);
text_id!(
    /// A purchase order (采购订单), e.g. `S012-2611-s1A7`.
    PurchaseId, "purchase order number", order
);
text_id!(
    /// The supplier's own number for a delivery (送货单号).
    DeliveryNote, "delivery note number", printable
);
text_id!(
    /// Whom goods are bought from (供应商), e.g. `V007`.
    SupplierId, "supplier id", plain
);
text_id!(
    /// What a supplier calls its invoice (发票号), e.g. `2026/0815`.
    InvoiceNo, "invoice number", on_invoices
);
text_id!(
    /// The other side's number for a payment (交易流水号).
    PaymentRef, "payment reference", on_invoices
);
text_id!(
    /// A member of the chain (会员), e.g. `M-S012-s1A7`.
    MemberId, "member id", plain
);
text_id!(
    /// A letter of head office about stored value (额度单): the number of its order, e.g. `S012-2611-hA7`.
    LetterNo, "letter number", order
);
text_id!(
    /// A promotion (促销单), e.g. `SP20261124-001`.
    PromotionId, "promotion number", plain
);
text_id!(
    /// A till (收银台), e.g. `1`.
    TillId, "till", plain
);
text_id!(
    /// Who did it (经手人).
    Operator, "operator", printable
);
text_id!(
    /// A name that the client gives a command, so that asking twice does it once.
    RequestId, "request id", printable
);
text_id!(
    /// A document number on paper (单据编号), e.g. `S012-A-20261122-00042`.
    BillNo, "bill number", plain
);

/// One history of a store's node. A restored or cloned node starts a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Epoch(u32);

impl Epoch {
    /// The first history of a node.
    pub const FIRST: Self = Self(1);

    /// The epoch with this number; epochs count from one.
    pub const fn new(number: u32) -> Option<Self> {
        if number == 0 { None } else { Some(Self(number)) }
    }

    /// Its number.
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The epoch after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The letters that stand for the epoch in bill numbers: A…Z, then AA, AB…
    pub fn series(self) -> String {
        let mut left = self.0;
        let mut letters = Vec::new();
        while left > 0 {
            left -= 1;
            letters.push(char::from(b'A' + u8::try_from(left % 26).unwrap_or(0)));
            left /= 26;
        }
        letters.iter().rev().collect()
    }
}

/// A fact's name within its store: the epoch and its gapless number there, from one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FactId {
    /// The history it belongs to.
    pub epoch: Epoch,
    /// Its place in that history.
    pub seq: u64,
}

impl fmt::Display for FactId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.epoch.0, self.seq)
    }
}

impl fmt::Debug for FactId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for FactId {
    type Err = IdError;

    /// Reads the canonical form only, so that one fact has one key.
    fn from_str(text: &str) -> Result<Self, IdError> {
        let parse = || {
            let (epoch, seq) = text.split_once('-')?;
            let id = Self { epoch: Epoch::new(epoch.parse().ok()?)?, seq: seq.parse().ok()? };
            (id.seq > 0 && canonical(epoch) && canonical(seq)).then_some(id)
        };
        parse().ok_or_else(|| IdError::Malformed { what: "fact id", text: text.to_owned() })
    }
}

/// Whether a number is written without sign or leading zeros.
fn canonical(digits: &str) -> bool {
    !digits.starts_with(['0', '+'])
}

fn check(what: &'static str, text: &str, allowed: impl Fn(char) -> bool) -> Result<(), IdError> {
    if text.is_empty() {
        return Err(IdError::Empty { what });
    }
    // What most ids are made of takes no decoding.
    let plain = |byte: u8| byte.is_ascii_graphic() && allowed(char::from(byte));
    if text.len() <= MAX_ID_LEN && text.bytes().all(plain) {
        return Ok(());
    }
    if text.len() > MAX_ID_LEN {
        let text = text.chars().take(MAX_ID_LEN).collect();
        return Err(IdError::TooLong { what, text });
    }
    match text.chars().find(|c| !allowed(*c)) {
        Some(found) => Err(IdError::BadCharacter { what, text: text.to_owned(), found }),
        None if text.trim() != text => {
            Err(IdError::BadCharacter { what, text: text.to_owned(), found: ' ' })
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_say_what_is_wrong_with_them() {
        assert_eq!(StoreId::new("S/1").unwrap_err().to_string(), "the store id `S/1` contains '/'");
        assert_eq!(Sku::new("").unwrap_err().to_string(), "the SKU is empty");
        assert!(Sku::new("可乐 330ml").is_ok());
        assert!(Sku::new(&"x".repeat(65)).is_err());
        assert!(Sku::new(" x").is_err());
    }

    #[test]
    fn fact_ids_have_one_spelling() {
        assert_eq!("1-42".parse::<FactId>().unwrap().to_string(), "1-42");
        for text in ["01-42", "1-042", "0-1", "1-0", "1", "1-+2", "-1", "1-2-3"] {
            assert!(text.parse::<FactId>().is_err(), "{text}");
        }
    }

    #[test]
    fn series_letters_count_like_columns() {
        let series = |n| Epoch::new(n).unwrap().series();
        assert_eq!([series(1), series(26), series(27), series(703)], ["A", "Z", "AA", "AAA"]);
    }
}
