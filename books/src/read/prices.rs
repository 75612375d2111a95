//! Entries of price lists.

use ledger::amount::Money;
use ledger::id::{PriceChangeNo, Sku};
use ledger::price::{Entry, Key, Level};
use rusqlite::{Row, params};

use super::stock::parse_sku;
use super::{Reader, of_product};
use crate::error::{BooksError, Result};
use crate::sql;

/// An entry of a price list, and of which product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceRow {
    /// The product.
    pub sku: Sku,
    /// The entry.
    pub entry: Entry,
}

/// A row as it is kept.
struct Kept {
    sku: String,
    key: [String; 3],
    ends: Option<String>,
    price: i64,
    number: String,
    note: Box<str>,
}

impl Reader {
    /// The entries of every product's price lists, by SKU; of one product, or of one document, if asked.
    pub fn price_entries(
        &self,
        sku: Option<&Sku>,
        number: Option<&PriceChangeNo>,
    ) -> Result<Vec<PriceRow>> {
        let sql = format!(
            "SELECT sku.name, level, scope, begins, ends, price, number, note \
             FROM price_entry JOIN sku ON sku.id = price_entry.sku \
             WHERE {} AND (?2 IS NULL OR number = ?2) \
             ORDER BY sku.name, level, begins, scope",
            of_product("price_entry.sku", sku)
        );
        let rows = sql::all(
            self.conn(),
            "list price lists",
            &sql,
            params![sku.map(Sku::as_str), number.map(PriceChangeNo::as_str)],
            kept,
        )?;
        rows.into_iter().map(price_row).collect()
    }

    /// The entries of one product's price lists. Most products have none, and each sale asks.
    pub fn prices_of(&self, sku: &Sku) -> Result<Vec<Entry>> {
        let rows = sql::all(
            self.conn(),
            "read a product's price lists",
            "SELECT sku.name, level, scope, begins, ends, price, number, note \
             FROM sku JOIN price_entry ON price_entry.sku = sku.id WHERE sku.name = ?1",
            [sku.as_str()],
            kept,
        )?;
        rows.into_iter().map(|row| Ok(price_row(row)?.entry)).collect()
    }

    /// The numbers of documents that set prices and begin with a text, those that are still in force.
    pub fn price_change_numbers(&self, beginning: &str) -> Result<Vec<String>> {
        sql::all(
            self.conn(),
            "list price changes",
            "SELECT DISTINCT number FROM price_entry WHERE substr(number, 1, length(?1)) = ?1",
            [beginning],
            |row| row.get(0),
        )
    }
}

fn kept(row: &Row<'_>) -> rusqlite::Result<Kept> {
    Ok(Kept {
        sku: row.get(0)?,
        key: [row.get(1)?, row.get(2)?, row.get(3)?],
        ends: row.get(4)?,
        price: row.get(5)?,
        number: row.get(6)?,
        note: row.get(7)?,
    })
}

fn price_row(kept: Kept) -> Result<PriceRow> {
    let Kept { sku, key: [level, scope, begins], ends, price, number, note } = kept;
    let subject = format!("a price of {sku}");
    let damaged = || BooksError::damaged(subject.clone(), "it cannot be read");
    let key = Key {
        level: Level::named(&level).ok_or_else(damaged)?,
        scope: scope.parse().map_err(|_| damaged())?,
        from: begins.parse().map_err(|_| damaged())?,
    };
    let until = ends.map(|ends| ends.parse()).transpose().map_err(|_| damaged())?;
    let price = Money::from_ten_thousandths(price).map_err(|_| damaged())?;
    let number = number.parse().map_err(|_| damaged())?;
    Ok(PriceRow { sku: parse_sku(&sku)?, entry: Entry { key, price, until, number, note } })
}
