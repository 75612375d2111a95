//! Where the goods of a store lie.

use std::collections::BTreeMap;

use ledger::id::{Bin, Lot, Sku, StoreId};
use rusqlite::params;

use super::Reader;
use super::stock::{parse_lot, parse_sku};
use crate::bins::{self, BinsOf};
use crate::error::Result;
use crate::facts::store_number;
use crate::sql;
use crate::state::PlaceId;

impl Reader {
    /// What is known of the bins of a store, by SKU: of one product, or of all that are on hand, were put into
    /// a bin or have a home bin.
    pub fn bins(&self, store: &StoreId, sku: Option<&Sku>) -> Result<BTreeMap<Sku, BinsOf>> {
        let Some(store) = store_number(self.conn(), store)? else { return Ok(BTreeMap::new()) };
        let only = match sku {
            Some(sku) => match self.sku_number(sku)? {
                Some(number) => Some(number),
                None => return Ok(BTreeMap::new()),
            },
            None => None,
        };
        let mut products: BTreeMap<i64, BinsOf> = BTreeMap::new();
        let on_hand: Vec<(i64, i64)> = sql::all(
            self.conn(),
            "read what is on hand",
            "SELECT sku, quantity FROM balance WHERE place = ?1 AND (?2 IS NULL OR sku = ?2) \
             AND quantity <> 0",
            params![PlaceId::on_hand(store).0, only],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        for (sku, quantity) in on_hand {
            products.entry(sku).or_default().on_hand += i128::from(quantity);
        }
        for (sku, named) in bins::named(self.conn(), store, only)? {
            products.entry(sku).or_default().named = named;
        }
        for (sku, home) in bins::homes(self.conn(), store, only)? {
            products.entry(sku).or_default().home = Some(home);
        }
        let named = products.into_iter().map(|(sku, bins)| Ok((self.sku_named(sku)?, bins)));
        named.collect()
    }

    /// The bins that a lot of a product was put into and not taken from since, by name.
    pub fn bins_of_lot(&self, store: &StoreId, sku: &Sku, lot: &Lot) -> Result<Vec<Bin>> {
        let (Some(store), Some(sku)) = (store_number(self.conn(), store)?, self.sku_number(sku)?)
        else {
            return Ok(Vec::new());
        };
        let rows: Vec<(String, String, i64)> = sql::all(
            self.conn(),
            "read in which bins a lot is",
            "SELECT bin, lot.name, quantity FROM bin_entry JOIN lot ON lot.id = bin_entry.lot \
             WHERE store = ?1 AND sku = ?2 ORDER BY bin",
            params![store, sku],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        let mut bins: BTreeMap<Bin, i128> = BTreeMap::new();
        for (bin, name, quantity) in rows {
            if parse_lot(&name)? == *lot {
                *bins.entry(bins::parse(&bin)?).or_default() += i128::from(quantity);
            }
        }
        Ok(bins.into_iter().filter(|(_, held)| *held > 0).map(|(bin, _)| bin).collect())
    }

    /// The bins that head office lists for a store.
    pub fn listed_bins(&self, store: &StoreId) -> Result<Vec<Bin>> {
        bins::listed(self.conn(), store)
    }

    pub(crate) fn sku_named(&self, number: i64) -> Result<Sku> {
        let name: String = sql::one(
            self.conn(),
            "read a SKU",
            "SELECT name FROM sku WHERE id = ?1",
            [number],
            |row| row.get(0),
        )?;
        parse_sku(&name)
    }
}
