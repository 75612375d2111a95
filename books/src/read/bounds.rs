//! How much of a product stores should have.

use std::collections::BTreeMap;

use ledger::amount::Quantity;
use ledger::bounds::{Bounds, Entry, bounds};
use ledger::id::{Sku, StoreId};
use ledger::scope::Membership;
use ledger::time::BusinessDate;

use super::stock::parse_sku;
use super::{Reader, of_product, quantity};
use crate::error::{BooksError, Result};
use crate::sql;

/// Bounds for some stores and some of the year, and of which product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundsRow {
    /// The product.
    pub sku: Sku,
    /// The entry.
    pub entry: Entry,
}

/// The bounds of one store's products.
pub(crate) struct StoreBounds {
    member: Membership,
    /// By the product's number.
    set: BTreeMap<i64, Vec<Entry>>,
}

impl StoreBounds {
    /// What holds for a product on a day, beside its own bounds.
    pub(crate) fn of(&self, sku: i64, own: Bounds, date: BusinessDate) -> Bounds {
        let entries = self.set.get(&sku).map(Vec::as_slice).unwrap_or_default();
        bounds(own, entries, &self.member, date)
    }
}

impl Reader {
    /// What is said of a store, for all products or for the one of a number.
    pub(crate) fn store_bounds(&self, store: &StoreId, sku: Option<i64>) -> Result<StoreBounds> {
        let rows: Vec<(i64, String, Option<i64>, Option<i64>)> = sql::all(
            self.conn(),
            "list the bounds of a store",
            "SELECT sku, key, min, max FROM stock_bounds WHERE ?1 IS NULL OR sku = ?1",
            [sku],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )?;
        let mut set: BTreeMap<i64, Vec<Entry>> = BTreeMap::new();
        for (sku, key, min, max) in rows {
            set.entry(sku).or_default().push(entry(&key, min, max)?);
        }
        Ok(StoreBounds { member: self.membership(store)?, set })
    }

    /// What is said of stores and seasons, of all products by SKU, or of one.
    pub fn bounds_entries(&self, sku: Option<&Sku>) -> Result<Vec<BoundsRow>> {
        let sql = format!(
            "SELECT sku.name, key, min, max FROM stock_bounds \
             JOIN sku ON sku.id = stock_bounds.sku WHERE {} ORDER BY sku.name, key",
            of_product("stock_bounds.sku", sku)
        );
        let rows =
            sql::all(self.conn(), "list stock bounds", &sql, [sku.map(Sku::as_str)], |row| {
                let (sku, key): (String, String) = (row.get(0)?, row.get(1)?);
                Ok((sku, key, [row.get::<_, Option<i64>>(2)?, row.get(3)?]))
            })?;
        let row = |(sku, key, raw): (String, String, [Option<i64>; 2])| {
            let [min, max] = raw;
            Ok(BoundsRow { sku: parse_sku(&sku)?, entry: entry(&key, min, max)? })
        };
        rows.into_iter().map(row).collect()
    }

    /// How much of a product each of some stores keeps on a day when it gives to others.
    pub fn kept_by<'s>(
        &self,
        sku: &Sku,
        stores: impl IntoIterator<Item = &'s StoreId>,
        date: BusinessDate,
    ) -> Result<BTreeMap<StoreId, Quantity>> {
        let kept = |store: &'s StoreId| {
            let min = self.bounds(sku, store, date)?.min;
            Ok((store.clone(), min.unwrap_or_default()))
        };
        stores.into_iter().map(kept).collect()
    }

    /// How much of a product a store should have on a day.
    pub fn bounds(&self, sku: &Sku, store: &StoreId, date: BusinessDate) -> Result<Bounds> {
        let own = self.product(sku)?.as_ref().map(Bounds::of).unwrap_or_default();
        let entries = self.bounds_entries(Some(sku))?;
        if entries.is_empty() {
            return Ok(own);
        }
        let entries: Vec<Entry> = entries.into_iter().map(|row| row.entry).collect();
        Ok(bounds(own, &entries, &self.membership(store)?, date))
    }
}

fn entry(key: &str, min: Option<i64>, max: Option<i64>) -> Result<Entry> {
    let parsed = key.parse().map_err(|source| BooksError::text("stock bounds", key, source))?;
    let bound = |raw: Option<i64>| raw.map(quantity).transpose();
    Ok(Entry { key: parsed, bounds: Bounds { min: bound(min)?, max: bound(max)? } })
}
