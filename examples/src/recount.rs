//! The naive recount: what the stock and the takings must be, straight from what went in.
//!
//! Deliberately simple-minded, and deliberately apart: it shares no code with `ledger::fold`,
//! `ledger::post` or the import. It knows plain names and plain integers, and a schoolchild's
//! rounding. What the hub says is compared with this.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use thiserror::Error;

use crate::generator::{Action, Event};

/// A chain, counted by hand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recount {
    /// By store.
    pub shops: BTreeMap<String, Shop>,
    /// What was lost between stores of each product that was moved, in thousandths of the unit.
    pub lost: BTreeMap<String, i64>,
}

/// A store, counted by hand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shop {
    /// Thousandths of the unit, by SKU.
    pub on_hand: BTreeMap<String, i64>,
    /// Every document by the name under which it was asked for, with the ten-thousandths of money
    /// that it took in (negative: gave back; zero for documents without money).
    pub documents: BTreeMap<String, i64>,
}

impl Shop {
    /// What was taken in, less what was given back.
    pub fn takings(&self) -> i64 {
        self.documents.values().sum()
    }

    fn moves(&mut self, sku: &str, thousandths: i64) {
        *self.on_hand.entry(sku.to_owned()).or_default() += thousandths;
    }
}

/// Why a file could not be recounted.
#[derive(Debug, Error)]
pub enum RecountError {
    /// It cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It is not the file that was expected.
    #[error("{} is not the file that was expected: {what}", path.display())]
    Content {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
}

impl Recount {
    /// Counts an event of the generated chain.
    pub fn record(&mut self, store: &str, event: &Event) {
        let shop = self.shops.entry(store.to_owned()).or_default();
        let mut money = 0;
        match &event.action {
            Action::Sell { lines, .. } => {
                for line in lines {
                    shop.moves(line.sku.as_str(), -line.quantity.thousandths());
                    money += line_total(line);
                }
            }
            Action::Return { lines, .. } => {
                for line in lines {
                    shop.moves(line.sku.as_str(), line.quantity.thousandths());
                    money -= line_total(line);
                }
            }
            Action::Receive { lines, .. } => {
                for line in lines {
                    shop.moves(line.sku.as_str(), line.quantity.thousandths());
                }
            }
            Action::Scrap { lines, .. } => {
                for line in lines {
                    shop.moves(line.sku.as_str(), -line.quantity.thousandths());
                }
            }
            Action::Adjust { lines, .. } => {
                for line in lines {
                    shop.moves(line.sku.as_str(), line.quantity.thousandths());
                }
            }
        }
        shop.documents.insert(event.request.to_string(), money);
    }

    /// Counts goods that went from a store to another, in thousandths, and what of them was lost.
    pub fn moved(&mut self, from: &str, to: &str, sku: &str, left: i64, lost: i64) {
        self.shops.entry(from.to_owned()).or_default().moves(sku, -left);
        self.shops.entry(to.to_owned()).or_default().moves(sku, left - lost);
        *self.lost.entry(sku.to_owned()).or_default() += lost;
    }

    /// Counts a document without money.
    pub fn asked(&mut self, store: &str, document: &str) {
        let shop = self.shops.entry(store.to_owned()).or_default();
        shop.documents.insert(document.to_owned(), 0);
    }

    /// Counts opening stock: SKU and thousandths.
    pub fn open(&mut self, store: &str, document: &str, lines: &[(String, i64)]) {
        let shop = self.shops.entry(store.to_owned()).or_default();
        for (sku, thousandths) in lines {
            shop.moves(sku, *thousandths);
        }
        shop.documents.insert(document.to_owned(), 0);
    }

    /// Counts the Maven Toys files of a folder: stock less units sold, price times units.
    pub fn of_maven(folder: &Path) -> Result<Self, RecountError> {
        let mut prices: BTreeMap<String, i64> = BTreeMap::new();
        each_row(&folder.join("products.csv.gz"), ["Product_ID", "Product_Price"], |row| {
            let [product, price] = row;
            prices.insert(product.to_owned(), dollars(price)?);
            Some(())
        })?;
        let mut recount = Self::default();
        let columns = ["Store_ID", "Product_ID", "Stock_On_Hand"];
        each_row(&folder.join("inventory.csv.gz"), columns, |row| {
            let [store, product, units] = row;
            let shop = recount.shops.entry(maven_store(store)?).or_default();
            shop.moves(product, units.parse::<i64>().ok()? * 1_000);
            Some(())
        })?;
        let columns = ["Sale_ID", "Store_ID", "Product_ID", "Units"];
        each_row(&folder.join("sales.csv.gz"), columns, |row| {
            let [sale, store, product, units] = row;
            let units: i64 = units.parse().ok()?;
            let shop = recount.shops.entry(maven_store(store)?).or_default();
            shop.moves(product, -units * 1_000);
            shop.documents.insert(format!("maven:{sale}"), units * prices.get(product)?);
            Some(())
        })?;
        Ok(recount)
    }

    /// The documents of all stores.
    pub fn documents(&self) -> usize {
        self.shops.values().map(|shop| shop.documents.len()).sum()
    }
}

/// Price times quantity to the cent, halves up, less the discount.
fn line_total(line: &ledger::command::SaleLine) -> i64 {
    let product =
        i128::from(line.list_price.ten_thousandths()) * i128::from(line.quantity.thousandths());
    let exact = (product + 500) / 1_000;
    let cents = (exact + 50) / 100;
    i64::try_from(cents).unwrap_or(i64::MAX / 100) * 100 - line.discount.ten_thousandths()
}

/// `"$15.99 "` in ten-thousandths.
fn dollars(text: &str) -> Option<i64> {
    let (whole, cents) = text.trim().strip_prefix('$')?.split_once('.')?;
    (cents.len() == 2).then_some(())?;
    Some(whole.parse::<i64>().ok()? * 10_000 + cents.parse::<i64>().ok()? * 100)
}

fn maven_store(id: &str) -> Option<String> {
    Some(format!("S{:03}", id.parse::<u32>().ok()?))
}

fn each_row<const N: usize>(
    path: &Path,
    columns: [&str; N],
    mut each: impl FnMut([&str; N]) -> Option<()>,
) -> Result<(), RecountError> {
    let content = |what: String| RecountError::Content { path: path.to_owned(), what };
    let file =
        File::open(path).map_err(|source| RecountError::Read { path: path.to_owned(), source })?;
    let mut reader = csv::Reader::from_reader(MultiGzDecoder::new(file));
    let header = reader.headers().map_err(|e| content(e.to_string()))?.clone();
    let mut places = [0; N];
    for (place, column) in places.iter_mut().zip(columns) {
        let found = header.iter().position(|name| name == column);
        *place = found.ok_or_else(|| content(format!("no column {column}")))?;
    }
    let mut row = csv::StringRecord::new();
    while reader.read_record(&mut row).map_err(|e| content(e.to_string()))? {
        let fields = places.map(|place| row.get(place).unwrap_or_default());
        each(fields).ok_or_else(|| content(format!("row {:?}", row.as_slice())))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_read_to_the_cent() {
        assert_eq!(dollars("$15.99 "), Some(159_900));
        assert_eq!(dollars("15.99"), None);
        assert_eq!(dollars("$15.9"), None);
    }
}
