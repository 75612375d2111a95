//! How people write a line of a transfer: `ITEM[:QUANTITY]`.

use std::fmt;
use std::str::FromStr;

use ledger::amount::Quantity;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text;

/// How much of what: one unit of it, if nothing is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemLine {
    /// A SKU or barcode.
    pub item: String,
    /// How much; positive.
    #[serde(with = "text")]
    pub quantity: Quantity,
}

/// Why a text is not such a line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not of the form ITEM[:QUANTITY] with more than nothing of it")]
pub struct ItemLineError {
    text: String,
}

impl FromStr for ItemLine {
    type Err = ItemLineError;

    /// Only what is a number is taken off the item: SKUs may contain colons.
    fn from_str(text: &str) -> Result<Self, ItemLineError> {
        let wrong = || ItemLineError { text: text.to_owned() };
        let one = || Quantity::units(1).map_err(|_| wrong());
        let split = text.rsplit_once(':').and_then(|(item, digits)| {
            let quantity = digits.parse::<Quantity>().ok()?;
            Some((item, quantity))
        });
        let (item, quantity) = match split {
            Some(parts) => parts,
            None => (text, one()?),
        };
        let item = item.trim();
        if item.is_empty() || !quantity.is_positive() {
            return Err(wrong());
        }
        Ok(Self { item: item.to_owned(), quantity })
    }
}

impl fmt::Display for ItemLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.item, self.quantity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_an_item_and_perhaps_a_quantity() {
        let read = |text: &str| text.parse::<ItemLine>().unwrap().to_string();
        assert_eq!(read("cola:12"), "cola:12");
        assert_eq!(read("cola"), "cola:1");
        assert_eq!(read("a:b"), "a:b:1");
        assert_eq!(read("apple:0.456"), "apple:0.456");
        for text in ["", ":2", "cola:0", "cola:-1"] {
            assert!(text.parse::<ItemLine>().is_err(), "{text}");
        }
    }
}
