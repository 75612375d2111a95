//! What is to come of purchase orders.

use std::collections::BTreeMap;

use ledger::amount::{MAX_QUANTITY, Quantity};
use ledger::id::{Sku, StoreId};
use rusqlite::params;

use super::Reader;
use super::stock::parse_sku;
use crate::error::{BooksError, Result};
use crate::sql;

/// What is to come of a product.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OnOrder {
    /// What was agreed to and has not come (在订量).
    pub on_order: Quantity,
    /// What was asked for, or ordered and not agreed to yet.
    pub planned: Quantity,
}

impl Reader {
    /// What is to come of a product, to one store or to all.
    pub fn on_order(&self, sku: &Sku, store: Option<&StoreId>) -> Result<OnOrder> {
        Ok(self.add_on_order(Some(sku), store)?.remove(sku).unwrap_or_default())
    }

    /// What is to come to a store, or to all, by product. A product of which nothing is to come is left
    /// out.
    pub fn all_on_order(&self, store: Option<&StoreId>) -> Result<BTreeMap<Sku, OnOrder>> {
        self.add_on_order(None, store)
    }

    fn add_on_order(
        &self,
        sku: Option<&Sku>,
        store: Option<&StoreId>,
    ) -> Result<BTreeMap<Sku, OnOrder>> {
        let rows: Vec<(String, i64, i64)> = sql::all(
            self.conn(),
            "add up what is on order",
            "SELECT sku.name, on_order, planned FROM purchase_line AS line \
             JOIN sku ON sku.id = line.sku JOIN store ON store.id = line.store \
             WHERE (?1 IS NULL OR sku.name = ?1) AND (?2 IS NULL OR store.name = ?2)",
            params![sku.map(Sku::as_str), store.map(StoreId::as_str)],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        let mut sums: BTreeMap<Sku, OnOrder> = BTreeMap::new();
        for (sku, on_order, planned) in rows {
            let sum = sums.entry(parse_sku(&sku)?).or_default();
            sum.on_order = with(sum.on_order, on_order)?;
            sum.planned = with(sum.planned, planned)?;
        }
        Ok(sums)
    }
}

/// The sum, at most what a quantity can be: each line is in range, all of them together need not.
fn with(sum: Quantity, more: i64) -> Result<Quantity> {
    let sum = sum.thousandths().saturating_add(more).min(MAX_QUANTITY);
    Quantity::from_thousandths(sum)
        .map_err(|_| BooksError::damaged("a line of a purchase order", format!("it is {more}")))
}
