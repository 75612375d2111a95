//! What can be had at stores: worked out at the hub for telling, and kept at a store as told.

use std::mem;

use ledger::amount::MAX_QUANTITY;
use rusqlite::params;
use sync_proto::replica::More;
use sync_proto::stock::{Begins, StockPage, StoreStock};

use super::Tx;
use crate::error::{BooksError, Result};
use crate::meta;
use crate::sql;
use crate::state::{PlaceId, Touched};

/// How many changes one look numbers before it lets others write: about as much work as a chunk of
/// a store that catches up.
const MAX_AT_ONCE: usize = 20_000;

/// The products at a store of which something else can be had than was told last.
const CHANGED: &str = "SELECT now.sku, now.quantity FROM ( \
       SELECT sku, sum(quantity) AS quantity FROM ( \
         SELECT sku, quantity FROM balance WHERE place = ?1 \
         UNION ALL SELECT sku, -reserved FROM transfer_line WHERE source = ?2 \
         UNION ALL SELECT sku, 0 FROM availability WHERE store = ?2) \
       GROUP BY sku) AS now \
     LEFT JOIN availability AS told ON told.store = ?2 AND told.sku = now.sku \
     WHERE told.quantity IS NOT now.quantity";

/// What can be had of one product at one store, and what was told last.
const ONE: &str = "SELECT \
       (SELECT coalesce(sum(quantity), 0) FROM balance WHERE place = ?1 AND sku = ?3) - \
       (SELECT coalesce(sum(reserved), 0) FROM transfer_line WHERE source = ?2 AND sku = ?3), \
       (SELECT quantity FROM availability WHERE store = ?2 AND sku = ?3)";

/// What a look at the stock brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refreshed {
    /// The last number given: when it moves, there is something to tell.
    pub version: u64,
    /// Whether stores are left to look at.
    pub more: More,
}

impl Tx<'_> {
    /// Works out what can be had at the stores, where that may have changed since it was done last,
    /// and gives each change a number. At the hub.
    pub fn refresh_availability(&mut self) -> Result<Refreshed> {
        // Until this is done nobody has looked: if it fails, the next look goes over everything.
        let Touched { mut unseen_from, noted } = mem::take(&mut self.state.touched);
        self.state.flush(self.conn)?;
        let mut noted: Vec<(i64, i64)> = noted.into_iter().collect();
        noted.sort_unstable();
        let mut changed = Vec::new();
        for (store, sku) in noted {
            changed.extend(self.if_changed(store, sku)?);
        }
        while let Some(from) = unseen_from
            && changed.len() < MAX_AT_ONCE
        {
            let store = self.store_from(from)?;
            if let Some(store) = store {
                changed.extend(self.changed_at(store)?);
            }
            unseen_from = store.map(|store| store + 1);
        }
        let mut version = self.last_told()?;
        for (store, sku, quantity) in &changed {
            version += 1;
            self.put_available(*store, *sku, *quantity, version)?;
        }
        if !changed.is_empty() {
            meta::set(self.conn, meta::AVAILABILITY, &version.to_string())?;
        }
        self.state.touched = Touched { unseen_from, noted: Default::default() };
        let more = if unseen_from.is_some() { More::Yes } else { More::No };
        Ok(Refreshed { version, more })
    }

    /// Keeps what the hub tells of other stores' stock. At a store.
    pub(crate) fn learn_stock(&mut self, page: &StockPage) -> Result<()> {
        if page.begins == Begins::Anew {
            for table in ["DELETE FROM availability", "DELETE FROM availability_as_of"] {
                sql::run(self.conn, "forget other stores' stock", table, [])?;
            }
        }
        for StoreStock { store, as_of, available } in &page.stores {
            let store = self.state.names.store(self.conn, store)?;
            if self.identity.store == Some(store) {
                continue; // it knows better
            }
            sql::run(
                self.conn,
                "keep the age of another store's stock",
                "REPLACE INTO availability_as_of (store, as_of) VALUES (?1, ?2)",
                params![store, as_of.millis()],
            )?;
            for (sku, quantity) in available {
                let sku = self.state.names.sku(self.conn, sku)?;
                self.put_available(store, sku, quantity.thousandths(), page.next.version)?;
            }
        }
        let told = format!("{} {}", page.next.edition, page.next.version);
        meta::set(self.conn, meta::TOLD, &told)
    }

    fn last_told(&self) -> Result<u64> {
        let Some(text) = meta::get(self.conn, meta::AVAILABILITY)? else { return Ok(0) };
        text.parse().map_err(|source| BooksError::text("a number of stock told", &text, source))
    }

    fn store_from(&self, from: i64) -> Result<Option<i64>> {
        sql::first(
            self.conn,
            "find the next store",
            "SELECT id FROM store WHERE id >= ?1 ORDER BY id LIMIT 1",
            [from],
            |row| row.get(0),
        )
    }

    fn changed_at(&self, store: i64) -> Result<Vec<(i64, i64, i64)>> {
        sql::all(
            self.conn,
            "look for stock that has changed",
            CHANGED,
            [PlaceId::on_hand(store).0, store],
            |row| Ok((store, row.get(0)?, row.get(1)?)),
        )
    }

    fn if_changed(&self, store: i64, sku: i64) -> Result<Option<(i64, i64, i64)>> {
        let place = PlaceId::on_hand(store).0;
        let (now, told) = sql::one(
            self.conn,
            "work out what can be had",
            ONE,
            params![place, store, sku],
            |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Option<i64>>(1)?)),
        )?;
        Ok((told != Some(now)).then_some((store, sku, now)))
    }

    fn put_available(&self, store: i64, sku: i64, quantity: i64, version: u64) -> Result<()> {
        let quantity = quantity.clamp(-MAX_QUANTITY, MAX_QUANTITY);

        sql::run(
            self.conn,
            "keep what can be had",
            "INSERT INTO availability (store, sku, quantity, version) VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT DO UPDATE SET quantity = excluded.quantity, version = excluded.version",
            params![store, sku, quantity, version.cast_signed()],
        )
        .map(drop)
    }
}
