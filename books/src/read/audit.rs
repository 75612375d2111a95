//! What the books rest on and what they keep of it, in the order in which checks go through it: a
//! store's days one by one, and every balance once.

use std::collections::{BTreeMap, BTreeSet};

use ledger::check::KeptFlow;
use ledger::check::prices::PriceHistory;
use ledger::fold::Balance;
use ledger::id::{Sku, StoreId, TransferId};
use ledger::time::BusinessDate;
use rusqlite::params;
use sync_proto::catalog::{self, Setting};
use sync_proto::{CATALOG_BUCKETS, DocId};

use super::Reader;
use super::stock::parse_sku;
use crate::dates;
use crate::documents;
use crate::error::{BooksError, During, Result};
use crate::facts::{self, StoredFact, store_number};
use crate::sql;
use crate::state::PlaceId;

impl Reader {
    /// The stores that have booked anything or are known otherwise, by name.
    pub fn store_names(&self) -> Result<Vec<StoreId>> {
        Ok(self.stores_by_name()?.into_iter().map(|(name, _)| name).collect())
    }

    /// The days of a store, the oldest first: those with facts, and those of which the read model
    /// keeps something though there are none.
    pub fn days(&self, store: &StoreId) -> Result<Vec<BusinessDate>> {
        let Some(number) = store_number(self.conn(), store)? else { return Ok(Vec::new()) };
        let mut days: BTreeSet<i64> = sql::all(
            self.conn(),
            "list the days of a store",
            "SELECT date FROM doc WHERE store = ?1 AND date IS NOT NULL \
             UNION SELECT date FROM day WHERE store = ?1 \
             UNION SELECT date FROM pending_fact WHERE ?2",
            params![number, self.is_mine(number)],
            |row| row.get(0),
        )?
        .into_iter()
        .collect();
        // One look-up a day instead of a pass over each day's rows.
        let mut last = i64::MIN;
        while let Some(next) = self.next_kept_day(number, last)? {
            days.insert(next);
            last = next;
        }
        days.into_iter().map(dates::of_number).collect()
    }

    /// The facts that a store booked to a day, by id.
    pub fn facts_of_day(&self, store: &StoreId, date: BusinessDate) -> Result<Vec<StoredFact>> {
        let Some(number) = store_number(self.conn(), store)? else { return Ok(Vec::new()) };
        let mine = self.is_mine(number);
        let texts = facts::texts_of_day(self.conn(), &mut self.press(), number, mine, date)?;
        let mut facts: Vec<_> = texts.into_iter().map(StoredFact::read).collect::<Result<_>>()?;
        facts.sort_by_key(|stored| stored.fact.id);
        Ok(facts)
    }

    /// What the read model keeps of a store's shelf on a day.
    pub fn flows_of_day(&self, store: &StoreId, date: BusinessDate) -> Result<Vec<KeptFlow>> {
        let Some(number) = store_number(self.conn(), store)? else { return Ok(Vec::new()) };
        let rows = sql::all(
            self.conn(),
            "list what moved on a day",
            "SELECT sku.name, quantity_in, value_in, quantity_out, value_out \
             FROM day_balance JOIN sku ON sku.id = day_balance.sku WHERE place = ?1 AND date = ?2",
            params![PlaceId::on_hand(number).0, dates::number(date)],
            |row| {
                let inward = balance(row.get(1)?, row.get(2)?);
                let outward = balance(row.get(3)?, row.get(4)?);
                Ok((row.get::<_, String>(0)?, inward, outward))
            },
        )?;
        let flow = |(sku, inward, outward): (String, _, _)| {
            Ok(KeptFlow { sku: parse_sku(&sku)?, inward, outward })
        };
        rows.into_iter().map(flow).collect()
    }

    /// What the read model says is on hand at a store now, lot by lot, without holding it all.
    pub fn each_on_hand(&self, store: &StoreId, each: impl FnMut(Sku, Balance)) -> Result<()> {
        let Some(number) = store_number(self.conn(), store)? else { return Ok(()) };
        let place = PlaceId::on_hand(number).0;
        self.each_row((place, place), each)
    }

    /// What the read model keeps in transit of a transfer, by SKU. What was there once stays, as
    /// nothing.
    pub fn in_transit(&self, transfer: &TransferId) -> Result<BTreeMap<Sku, Balance>> {
        let number: Option<i64> = sql::first(
            self.conn(),
            "look up a transfer",
            "SELECT id FROM transfer WHERE name = ?1",
            [transfer.as_str()],
            |row| row.get(0),
        )?;
        let mut sums: BTreeMap<Sku, Balance> = BTreeMap::new();
        if let Some(place) = number.map(|number| PlaceId::transit(number).0) {
            self.each_row((place, place), |sku, lot| {
                let sum = sums.entry(sku).or_default();
                sum.quantity += lot.quantity;
                sum.value += lot.value;
            })?;
        }
        Ok(sums)
    }

    /// What things cost when, as the changes of the catalog tell it.
    pub fn price_history(&self) -> Result<PriceHistory> {
        let mut history = PriceHistory::default();
        for bucket in 0..CATALOG_BUCKETS {
            let doc = DocId::Catalog { bucket };
            let held = documents::bytes(self.conn(), &mut self.press(), &doc)?;
            let settings = catalog::history(bucket, held.iter().map(Vec::as_slice));
            let settings =
                settings.map_err(|source| BooksError::document("read", doc.to_string(), source))?;
            for Setting { at, sku, field, text } in settings {
                history.set(&sku, field, &text, at);
            }
        }
        Ok(history)
    }

    /// Every balance of the ledger, of every place and lot, without holding them all.
    pub fn each_balance(&self, each: impl FnMut(Sku, Balance)) -> Result<()> {
        self.each_row((i64::MIN, i64::MAX), each)
    }

    fn each_row(&self, places: (i64, i64), mut each: impl FnMut(Sku, Balance)) -> Result<()> {
        let what = "go through the balances";
        let mut statement = self
            .conn()
            .prepare_cached(
                "SELECT sku.name, quantity, value FROM balance JOIN sku ON sku.id = balance.sku \
                 WHERE place BETWEEN ?1 AND ?2",
            )
            .during(what)?;
        let mut rows = statement.query([places.0, places.1]).during(what)?;
        while let Some(row) = rows.next().during(what)? {
            let read = || -> rusqlite::Result<(String, Balance)> {
                Ok((row.get(0)?, balance(row.get(1)?, row.get(2)?)))
            };
            let (sku, balance) = read().during(what)?;
            each(parse_sku(&sku)?, balance);
        }
        Ok(())
    }

    fn next_kept_day(&self, store: i64, after: i64) -> Result<Option<i64>> {
        sql::one(
            self.conn(),
            "list the days of a store",
            "SELECT min(date) FROM day_balance WHERE place = ?1 AND date > ?2",
            [PlaceId::on_hand(store).0, after],
            |row| row.get(0),
        )
    }
}

fn balance(quantity: i64, value: i64) -> Balance {
    Balance { quantity: quantity.into(), value: value.into() }
}
