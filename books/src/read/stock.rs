//! Stock: by store, SKU and past day, and every balance behind it.

use std::collections::BTreeMap;

use ledger::amount::{Money, Quantity};
use ledger::fold::Place;
use ledger::id::{Lot, Sku, StoreId, TransferId};
use ledger::time::BusinessDate;
use ledger::transfer::available;
use rusqlite::params;

use super::{Promised, Reader, money, quantity};
use crate::dates;
use crate::error::{BooksError, Result};
use crate::facts::{store_name, store_number};
use crate::sql;
use crate::state::{PlaceId, PlaceMeaning};

/// Which stock to show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StockFilter {
    /// Of one store only.
    pub store: Option<StoreId>,
    /// Of one SKU only.
    pub sku: Option<Sku>,
    /// As it stood at the end of a day; none: as it stands now.
    pub at: Option<BusinessDate>,
}

/// A quantity and what it cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StockAmounts {
    /// How much; negative when more was sold than booked in.
    pub quantity: Quantity,
    /// What it cost.
    pub value: Money,
}

/// What a store has on hand of a SKU, over all lots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockRow {
    /// Where.
    pub store: StoreId,
    /// Of what.
    pub sku: Sku,
    /// How much.
    pub stock: StockAmounts,
    /// What a unit cost when goods last came in. None for a past day.
    pub last_cost: Option<Money>,
    /// What open transfers do to it. None for a past day.
    pub promised: Option<Promised>,
}

impl StockRow {
    /// What can be had of it (可用量): on hand, less what is promised. None for a past day.
    pub fn available(&self) -> Option<Quantity> {
        self.promised.map(|promised| available(self.stock.quantity, promised.reserved))
    }
}

/// What the chain has on hand of a SKU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainStock {
    /// Of what.
    pub sku: Sku,
    /// In how many stores it was ever booked.
    pub stores: u64,
    /// How much.
    pub stock: StockAmounts,
    /// What open transfers do to it.
    pub promised: Promised,
}

/// One balance of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BalanceRow {
    /// Where it stands.
    pub place: Place,
    /// Of what.
    pub sku: Sku,
    /// From which lot.
    pub lot: Option<Lot>,
    /// How much.
    pub stock: StockAmounts,
}

/// A row as it is read: store, SKU, quantity, value, last cost.
type RawStock = (i64, String, i64, i64, Option<i64>);

impl Reader {
    /// Stock by store and SKU, in the order of store and SKU. A SKU is listed where it was ever
    /// booked or an open transfer names it, even when nothing is left.
    pub fn stock(&self, filter: &StockFilter) -> Result<Vec<StockRow>> {
        let stores = match &filter.store {
            Some(store) => match store_number(self.conn(), store)? {
                Some(number) => vec![(store.clone(), number)],
                None => return Ok(Vec::new()),
            },
            None => self.stores_by_name()?,
        };
        let sku = match &filter.sku {
            Some(sku) => match self.sku_number(sku)? {
                Some(number) => Some(number),
                None => return Ok(Vec::new()),
            },
            None => None,
        };
        let mut stock = Vec::new();
        for (store, number) in stores {
            let rows = match filter.at {
                Some(date) => self.stock_at(number, sku, date)?,
                None => self.stock_now(number, sku)?,
            };
            let mut listed = BTreeMap::new();
            for row in rows {
                let row = stock_row(&store, row)?;
                listed.insert(row.sku.clone(), row);
            }
            if filter.at.is_none() {
                self.note_promised(&store, filter.sku.as_ref(), &mut listed)?;
            }
            stock.extend(listed.into_values());
        }
        Ok(stock)
    }

    /// Adds what open transfers do to each row, and rows for what only they name.
    fn note_promised(
        &self,
        store: &StoreId,
        sku: Option<&Sku>,
        rows: &mut BTreeMap<Sku, StockRow>,
    ) -> Result<()> {
        for row in rows.values_mut() {
            row.promised = Some(Promised::default());
        }
        for (sku, promised) in self.promised(store, sku)? {
            let row = rows.entry(sku.clone()).or_insert_with(|| StockRow {
                store: store.clone(),
                sku,
                stock: StockAmounts::default(),
                last_cost: None,
                promised: None,
            });
            row.promised = Some(promised);
        }
        Ok(())
    }

    /// Stock of the whole chain by SKU, goods on the way left out.
    pub fn chain_stock(&self, sku: Option<&Sku>) -> Result<Vec<ChainStock>> {
        const ALL: &str = "SELECT sku.name, count(DISTINCT place), sum(quantity), sum(value) \
             FROM store CROSS JOIN balance ON balance.place = store.id * 16 + 1 AND ?1 IS NULL \
             JOIN sku ON sku.id = balance.sku GROUP BY sku.name ORDER BY sku.name";
        const ONE: &str = "SELECT sku.name, count(DISTINCT place), sum(quantity), sum(value) \
             FROM sku CROSS JOIN store \
             JOIN balance ON balance.place = store.id * 16 + 1 AND balance.sku = sku.id \
             WHERE sku.name = ?1 GROUP BY sku.name";
        let sql = if sku.is_some() { ONE } else { ALL };
        let rows = sql::all(
            self.conn(),
            "add the chain's stock up",
            sql,
            [sku.map(Sku::as_str)],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )?;
        let promised = self.promised_in_chain(sku)?;
        let chain_stock = |(sku, stores, quantity, value): (String, i64, i64, i64)| {
            let sku = parse_sku(&sku)?;
            Ok(ChainStock {
                promised: promised.get(&sku).copied().unwrap_or_default(),
                sku,
                stores: stores.unsigned_abs(),
                stock: stock_amounts(quantity, value)?,
            })
        };
        rows.into_iter().map(chain_stock).collect()
    }

    /// Of how many SKUs at stores less than nothing is on hand.
    pub fn negative_stock(&self, sku: Option<&Sku>) -> Result<u64> {
        let count: i64 = sql::one(
            self.conn(),
            "count negative stock",
            "SELECT count(*) FROM ( \
               SELECT 1 FROM store CROSS JOIN balance ON balance.place = store.id * 16 + 1 \
               AND (?1 IS NULL OR balance.sku = (SELECT id FROM sku WHERE name = ?1)) \
               GROUP BY balance.place, balance.sku HAVING sum(balance.quantity) < 0)",
            [sku.map(Sku::as_str)],
            |row| row.get(0),
        )?;
        Ok(count.unsigned_abs())
    }

    /// Every balance of the ledger, of one store (goods on the way left out) or of all places.
    pub fn balances(&self, store: Option<&StoreId>) -> Result<Vec<BalanceRow>> {
        let range = match store {
            Some(store) => match store_number(self.conn(), store)? {
                Some(number) => PlaceId::of_whole_store(number),
                None => return Ok(Vec::new()),
            },
            None => (i64::MIN, i64::MAX),
        };
        let rows = sql::all(
            self.conn(),
            "list the balances",
            "SELECT place, sku.name, lot.name, quantity, value \
             FROM balance JOIN sku ON sku.id = balance.sku \
             LEFT JOIN lot ON lot.id = balance.lot \
             WHERE place BETWEEN ?1 AND ?2 ORDER BY place, sku.name, lot.name",
            [range.0, range.1],
            |row| {
                let (sku, lot): (String, Option<String>) = (row.get(1)?, row.get(2)?);
                Ok((PlaceId(row.get(0)?), sku, lot, (row.get(3)?, row.get(4)?)))
            },
        )?;
        let balance = |(place, sku, lot, (quantity, value)): (_, String, Option<String>, _)| {
            Ok(BalanceRow {
                place: self.place(place)?,
                sku: parse_sku(&sku)?,
                lot: lot.map(|lot| parse_lot(&lot)).transpose()?,
                stock: stock_amounts(quantity, value)?,
            })
        };
        rows.into_iter().map(balance).collect()
    }

    fn stock_now(&self, store: i64, sku: Option<i64>) -> Result<Vec<RawStock>> {
        let sql = "SELECT ?2, sku.name, sum(quantity), sum(value), cost.cost \
             FROM balance JOIN sku ON sku.id = balance.sku \
             LEFT JOIN cost ON cost.store = ?2 AND cost.sku = balance.sku \
             WHERE place = ?1 AND (?3 IS NULL OR balance.sku = ?3) \
             GROUP BY balance.sku ORDER BY sku.name";
        let one = "SELECT ?2, sku.name, sum(quantity), sum(value), cost.cost \
             FROM balance JOIN sku ON sku.id = balance.sku \
             LEFT JOIN cost ON cost.store = ?2 AND cost.sku = balance.sku \
             WHERE place = ?1 AND balance.sku = ?3 GROUP BY balance.sku";
        let sql = if sku.is_some() { one } else { sql };
        self.raw_stock(sql, params![PlaceId::on_hand(store).0, store, sku])
    }

    fn stock_at(&self, store: i64, sku: Option<i64>, date: BusinessDate) -> Result<Vec<RawStock>> {
        let all = "SELECT ?2, sku.name, sum(quantity_in - quantity_out), \
             sum(value_in - value_out), NULL \
             FROM day_balance JOIN sku ON sku.id = day_balance.sku \
             WHERE place = ?1 AND date <= ?4 AND (?3 IS NULL OR day_balance.sku = ?3) \
             GROUP BY day_balance.sku ORDER BY sku.name";
        // Days first, then one look-up a day: a day's rows are next to each other, a SKU's are not.
        let one = "SELECT ?2, sku.name, sum(quantity_in - quantity_out), \
             sum(value_in - value_out), NULL \
             FROM (SELECT DISTINCT date FROM day WHERE store = ?2 AND date <= ?4) AS days \
             CROSS JOIN day_balance ON place = ?1 AND day_balance.date = days.date \
                AND day_balance.sku = ?3 \
             JOIN sku ON sku.id = day_balance.sku GROUP BY day_balance.sku";
        let sql = if sku.is_some() { one } else { all };
        let place = PlaceId::on_hand(store).0;
        self.raw_stock(sql, params![place, store, sku, dates::number(date)])
    }

    fn raw_stock(&self, sql: &str, params: impl rusqlite::Params) -> Result<Vec<RawStock>> {
        sql::all(self.conn(), "list stock", sql, params, |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        })
    }

    pub(super) fn stores_by_name(&self) -> Result<Vec<(StoreId, i64)>> {
        let stores = sql::all(
            self.conn(),
            "list the stores",
            "SELECT name, id FROM store ORDER BY name",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let parse = |(name, number): (String, i64)| match StoreId::new(&name) {
            Ok(store) => Ok((store, number)),
            Err(source) => Err(BooksError::text("a store id", &name, source)),
        };
        stores.into_iter().map(parse).collect()
    }

    pub(super) fn sku_number(&self, sku: &Sku) -> Result<Option<i64>> {
        sql::first(
            self.conn(),
            "look up a SKU",
            "SELECT id FROM sku WHERE name = ?1",
            [sku.as_str()],
            |row| row.get(0),
        )
    }

    fn place(&self, place: PlaceId) -> Result<Place> {
        match place.meaning() {
            Some(PlaceMeaning::Store(number, account)) => {
                Ok(Place::Store(store_name(self.conn(), number)?, account))
            }
            Some(PlaceMeaning::Transit(number)) => self.transfer_name(number).map(Place::Transit),
            None => Err(BooksError::damaged("a balance", format!("its place is {}", place.0))),
        }
    }

    fn transfer_name(&self, number: i64) -> Result<TransferId> {
        let name = sql::one(
            self.conn(),
            "look up a transfer",
            "SELECT name FROM transfer WHERE id = ?1",
            [number],
            |row| row.get::<_, String>(0),
        )?;
        TransferId::new(&name).map_err(|source| BooksError::text("a transfer id", &name, source))
    }
}

fn stock_row(store: &StoreId, row: RawStock) -> Result<StockRow> {
    let (_, sku, quantity, value, cost) = row;
    Ok(StockRow {
        store: store.clone(),
        sku: parse_sku(&sku)?,
        stock: stock_amounts(quantity, value)?,
        last_cost: cost.map(money).transpose()?,
        promised: None,
    })
}

pub(super) fn stock_amounts(raw_quantity: i64, raw_value: i64) -> Result<StockAmounts> {
    Ok(StockAmounts { quantity: quantity(raw_quantity)?, value: money(raw_value)? })
}

pub(crate) fn parse_sku(text: &str) -> Result<Sku> {
    Sku::new(text).map_err(|source| BooksError::text("a SKU", text, source))
}

pub(crate) fn parse_lot(text: &str) -> Result<Lot> {
    Lot::new(text).map_err(|source| BooksError::text("a lot number", text, source))
}
