//! What can be had at the stores: for the hub to tell, and as a store was told.

use ledger::amount::Quantity;
use ledger::id::{Sku, StoreId};
use ledger::time::Timestamp;
use ledger::transfer::Offer;
use rusqlite::params;
use sync_proto::Writer;
use sync_proto::replica::More;
use sync_proto::stock::{Begins, Cursor, MAX_ROWS_PER_PAGE, StockPage, StoreStock};

use super::stock::parse_sku;
use super::{Reader, StockFilter, quantity};
use crate::availability::Neighbours;
use crate::error::{BooksError, Result};
use crate::facts::store_number;
use crate::meta;
use crate::sql;

/// What can be had of a product at a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Availability {
    /// Where.
    pub store: StoreId,
    /// Of what.
    pub sku: Sku,
    /// How much: on hand, less what is promised.
    pub available: Quantity,
    /// When the newest fact behind it was recorded; none before the first.
    pub as_of: Option<Timestamp>,
}

impl From<Availability> for Offer {
    fn from(Availability { store, available, as_of, .. }: Availability) -> Self {
        Self { store, available, as_of }
    }
}

/// A row to tell: version, SKU, quantity.
type Told = (u64, String, i64);

impl Reader {
    /// What can be had at other stores, by SKU and store, as the hub last told this one.
    pub fn elsewhere(&self, sku: Option<&Sku>) -> Result<Vec<Availability>> {
        let rows = sql::all(
            self.conn(),
            "list other stores' stock",
            "SELECT store.name, sku.name, quantity, as_of FROM availability_as_of \
             CROSS JOIN availability ON availability.store = availability_as_of.store \
               AND (?1 IS NULL OR availability.sku = (SELECT id FROM sku WHERE name = ?1)) \
             JOIN sku ON sku.id = availability.sku JOIN store ON store.id = availability.store \
             ORDER BY sku.name, store.name",
            [sku.map(Sku::as_str)],
            |row| {
                let (store, sku): (String, String) = (row.get(0)?, row.get(1)?);
                Ok((store, sku, row.get(2)?, row.get(3)?))
            },
        )?;
        let availability = |(store, sku, raw, as_of): (String, String, _, _)| {
            let bad = |source| BooksError::text("a store id", &store, source);
            Ok(Availability {
                store: StoreId::new(&store).map_err(bad)?,
                sku: parse_sku(&sku)?,
                available: quantity(raw)?,
                as_of: Some(Timestamp::from_millis(as_of)),
            })
        };
        rows.into_iter().map(availability).collect()
    }

    /// What can be had of a product at every store that these books know, by store.
    pub fn available(&self, sku: &Sku) -> Result<Vec<Availability>> {
        let filter = StockFilter { sku: Some(sku.clone()), ..StockFilter::default() };
        let mut available = Vec::new();
        for row in self.stock(&filter)? {
            let as_of = match store_number(self.conn(), &row.store)? {
                Some(number) => self.newest_fact(number)?,
                None => None,
            };
            let can_be_had = row.available().unwrap_or_default();
            let (store, sku) = (row.store, row.sku);
            available.push(Availability { store, sku, available: can_be_had, as_of });
        }
        Ok(available)
    }

    /// How far a store has been told, or how far the hub has something to tell it.
    pub(crate) fn stock_cursor(&self, peer: &Writer) -> Result<Option<Cursor>> {
        if self.identity().me.store().is_some() {
            return self.told().map(Some);
        }
        let Some(store) = peer.store() else { return Ok(None) };
        let Neighbours { stores, edition } = Neighbours::of(self.conn(), store, self.epoch()?)?;
        let mut newest = 0;
        for (_, number) in stores {
            let last: Option<i64> = sql::one(
                self.conn(),
                "find the last stock to tell",
                "SELECT max(version) FROM availability WHERE store = ?1",
                [number],
                |row| row.get(0),
            )?;
            newest = newest.max(last.unwrap_or(0).cast_unsigned());
        }
        Ok((newest > 0).then_some(Cursor { edition, version: newest }))
    }

    /// What there is to tell a store after what it was told.
    pub(crate) fn stock_after(&self, peer: &Writer, after: Cursor) -> Result<Option<StockPage>> {
        let Some(store) = peer.store() else { return Ok(None) };
        let Neighbours { stores, edition } = Neighbours::of(self.conn(), store, self.epoch()?)?;
        let onward = after.edition == edition;
        let since = if onward { after.version } else { 0 };
        let mut rows: Vec<(u64, usize, String, i64)> = Vec::new();
        for (place, (_, number)) in stores.iter().enumerate() {
            let told = self.changed_since(*number, since)?;
            rows.extend(told.into_iter().map(|(at, sku, raw)| (at, place, sku, raw)));
        }
        rows.sort_unstable_by_key(|(version, ..)| *version);
        let more = if rows.len() > MAX_ROWS_PER_PAGE { More::Yes } else { More::No };
        rows.truncate(MAX_ROWS_PER_PAGE);
        let Some(version) = rows.last().map(|(version, ..)| *version) else { return Ok(None) };
        // By store, and within one in the order in which it changed.
        rows.sort_by_key(|(_, place, ..)| *place);
        let mut told: Vec<StoreStock> = Vec::new();
        for (_, place, sku, raw) in rows {
            let (store, number) = &stores[place];
            if told.last().is_none_or(|last| last.store != *store) {
                let as_of = self.newest_fact(*number)?.unwrap_or(Timestamp::from_millis(0));
                told.push(StoreStock { store: store.clone(), as_of, available: Vec::new() });
            }
            if let Some(last) = told.last_mut() {
                last.available.push((parse_sku(&sku)?, quantity(raw)?));
            }
        }
        let begins = if onward { Begins::Onward } else { Begins::Anew };
        Ok(Some(StockPage { begins, next: Cursor { edition, version }, more, stores: told }))
    }

    fn changed_since(&self, store: i64, since: u64) -> Result<Vec<Told>> {
        sql::all(
            self.conn(),
            "list stock to tell",
            "SELECT version, sku.name, quantity FROM availability \
             JOIN sku ON sku.id = availability.sku \
             WHERE store = ?1 AND version > ?2 ORDER BY version LIMIT ?3",
            params![store, since.cast_signed(), MAX_ROWS_PER_PAGE + 1],
            |row| Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get(1)?, row.get(2)?)),
        )
    }

    /// When a store's newest fact was recorded. What is booked to a day long past is not looked for.
    fn newest_fact(&self, store: i64) -> Result<Option<Timestamp>> {
        let newest: Option<i64> = sql::one(
            self.conn(),
            "find a store's newest fact",
            "SELECT max(last_at) FROM \
             (SELECT last_at FROM day WHERE store = ?1 ORDER BY date DESC LIMIT 8)",
            [store],
            |row| row.get(0),
        )?;
        Ok(newest.map(Timestamp::from_millis))
    }

    fn told(&self) -> Result<Cursor> {
        let Some(text) = meta::get(self.conn(), meta::TOLD)? else { return Ok(Cursor::default()) };
        let parts = text.split_once(' ');
        let cursor = parts.and_then(|(edition, version)| {
            Some(Cursor { edition: edition.parse().ok()?, version: version.parse().ok()? })
        });
        cursor.ok_or_else(|| BooksError::damaged("how far it was told of stock", text))
    }
}
