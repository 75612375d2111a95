//! How people write a line of a purchase: `[STORE/]ITEM[:QUANTITY][@PRICE]`.

use std::str::FromStr;

use ledger::amount::{Money, Quantity};
use ledger::id::StoreId;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::PurchaseRefused;
use crate::text;

/// How much of what, at which price, for which store: one unit, if nothing is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PurchaseLine {
    /// For which store; none for each of those that the order is for.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreId>,
    /// A SKU or barcode.
    pub item: String,
    /// How much; positive.
    #[serde(with = "text")]
    pub quantity: Quantity,
    /// What a unit costs; none for what the catalog says.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
}

/// Why a text is not such a line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not of the form [STORE/]ITEM[:QUANTITY][@PRICE] with more than nothing of it")]
pub struct PurchaseLineError {
    text: String,
}

impl PurchaseLine {
    /// The lines store by store: one that names none is for each of these.
    pub fn by_store<'a>(
        lines: &'a [Self],
        stores: &'a [StoreId],
    ) -> Result<Vec<(&'a StoreId, &'a Self)>, PurchaseRefused> {
        let mut spread = Vec::with_capacity(lines.len());
        for line in lines {
            match (&line.store, stores) {
                (Some(store), _) => spread.push((store, line)),
                (None, []) => return Err(PurchaseRefused::NoStore),
                (None, stores) => spread.extend(stores.iter().map(|store| (store, line))),
            }
        }
        Ok(spread)
    }
}

impl FromStr for PurchaseLine {
    type Err = PurchaseLineError;

    /// Read from the right, and only what is a number is taken off the item: SKUs may contain colons and
    /// at signs. They contain no slash.
    fn from_str(text: &str) -> Result<Self, PurchaseLineError> {
        let wrong = || PurchaseLineError { text: text.to_owned() };
        let (store, rest) = match text.split_once('/') {
            Some((store, rest)) => (Some(store.parse().map_err(|_| wrong())?), rest),
            None => (None, text),
        };
        let (rest, price) = number::<Money>(rest, '@');
        let (item, quantity) = number::<Quantity>(rest, ':');
        let quantity = quantity.unwrap_or(Quantity::ONE);
        let item = item.trim();
        let bad_price = price.is_some_and(Money::is_negative);
        if item.is_empty() || !quantity.is_positive() || bad_price {
            return Err(wrong());
        }
        Ok(Self { store, item: item.to_owned(), quantity, price })
    }
}

/// The text before a sign and the number behind the last one, if it is one.
fn number<T: FromStr>(text: &str, sign: char) -> (&str, Option<T>) {
    let split =
        text.rsplit_once(sign).and_then(|(front, digits)| Some((front, digits.parse().ok()?)));
    split.map_or((text, None), |(front, number)| (front, Some(number)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<String>, String, String, Option<String>) {
        let line = text.parse::<PurchaseLine>().unwrap();
        let store = line.store.map(|store| store.to_string());
        (store, line.item, line.quantity.to_string(), line.price.map(|price| price.to_string()))
    }

    #[test]
    fn a_line_names_goods_and_perhaps_store_quantity_and_price() {
        let line = |store: Option<&str>, item: &str, quantity: &str, price: Option<&str>| {
            let text = |text: &str| text.to_owned();
            (store.map(text), item.to_owned(), quantity.to_owned(), price.map(text))
        };
        assert_eq!(read("cola"), line(None, "cola", "1", None));
        assert_eq!(read("cola:24@2.10"), line(None, "cola", "24", Some("2.1")));
        assert_eq!(read("S1/cola:24"), line(Some("S1"), "cola", "24", None));
        assert_eq!(read("a:b@c:0.5"), line(None, "a:b@c", "0.5", None));
        assert_eq!(read("cola@0"), line(None, "cola", "1", Some("0")));
        for text in ["", ":2", "cola:0", "cola:-1", "cola@-1", "/cola", "S 1/cola"] {
            assert!(text.parse::<PurchaseLine>().is_err(), "{text}");
        }
    }
}
