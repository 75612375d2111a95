//! What the books rest on and what they keep of it, in the order in which checks go through it: a
//! store's days one by one, and every balance once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ledger::check::KeptFlow;
use ledger::check::prices::PriceHistory;
use ledger::fold::Balance;
use ledger::id::{Sku, StoreId, TransferId};
use ledger::time::BusinessDate;
use rusqlite::params;
use sync_proto::catalog::{self, Part, Setting};
use sync_proto::party::{self, Said};
use sync_proto::profile::{self, ProfileSetting};
use sync_proto::{CATALOG_BUCKETS, DocId, PARTY_BUCKETS};

use super::Reader;
use super::stock::parse_sku;
use crate::dates;
use crate::documents;
use crate::error::{BooksError, During, Result};
use crate::facts::{self, StoredFact, store_number};
use crate::sql;
use crate::state::PlaceId;

/// What the read model says of a store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoreBalances {
    /// What is on hand, lot by lot.
    pub on_hand: Vec<(Sku, Balance)>,
    /// What all accounts of the store come to, where that is not nothing: what it sent to other stores and
    /// got from them, and any mistake.
    pub uneven: Vec<(Sku, Balance)>,
}

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
        days.extend(sql::all::<i64>(
            self.conn(),
            "list the days of a store",
            "WITH RECURSIVE kept(date) AS ( \
                 SELECT min(date) FROM day_balance WHERE place = ?1 UNION ALL \
                 SELECT (SELECT min(date) FROM day_balance WHERE place = ?1 AND date > kept.date) \
                 FROM kept WHERE kept.date IS NOT NULL \
             ) SELECT date FROM kept WHERE date IS NOT NULL",
            [PlaceId::on_hand(number).0],
            |row| row.get(0),
        )?);
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
        let names = self.sku_names()?;
        let what = "list what moved on a day";
        let mut statement = self
            .conn()
            .prepare_cached(
                "SELECT sku, quantity_in, value_in, quantity_out, value_out \
                 FROM day_balance WHERE place = ?1 AND date = ?2",
            )
            .during(what)?;
        let place = PlaceId::on_hand(number).0;
        let mut rows = statement.query(params![place, dates::number(date)]).during(what)?;
        let mut flows = Vec::new();
        while let Some(row) = rows.next().during(what)? {
            let read = || -> rusqlite::Result<(i64, Balance, Balance)> {
                let inward = balance(row.get(1)?, row.get(2)?);
                Ok((row.get(0)?, inward, balance(row.get(3)?, row.get(4)?)))
            };
            let (sku, inward, outward) = read().during(what)?;
            flows.push(KeptFlow { sku: name_of(&names, sku)?.clone(), inward, outward });
        }
        Ok(flows)
    }

    /// What the read model says of a store now.
    pub fn store_balances(&self, store: &StoreId) -> Result<StoreBalances> {
        let Some(number) = store_number(self.conn(), store)? else {
            return Ok(StoreBalances::default());
        };
        let (names, shelf) = (self.sku_names()?, PlaceId::on_hand(number).0);
        let mut found = StoreBalances::default();
        let mut sums = vec![Balance::default(); names.len()];
        self.each_row(PlaceId::of_whole_store(number), |place, sku, lot| {
            let name = name_of(&names, sku)?;
            if place == shelf {
                found.on_hand.push((name.clone(), lot));
            }
            if let Some(sum) = usize::try_from(sku).ok().and_then(|sku| sums.get_mut(sku)) {
                sum.quantity += lot.quantity;
                sum.value += lot.value;
            }
            Ok(())
        })?;
        let odd = names.iter().zip(sums).filter(|(_, sum)| *sum != Balance::default());
        found.uneven = odd.filter_map(|(name, sum)| Some((name.clone()?, sum))).collect();
        Ok(found)
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
            let names = self.sku_names()?;
            self.each_row((place, place), |_, sku, lot| {
                let sum = sums.entry(name_of(&names, sku)?.clone()).or_default();
                sum.quantity += lot.quantity;
                sum.value += lot.value;
                Ok(())
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
            for Setting { at, sku, part, text } in settings {
                match part {
                    Part::Field(field) => history.set(&sku, field, &text, at),
                    Part::Term(term) => history.set_term(&sku, &term, &text, at),
                }
            }
        }
        for bucket in 0..PARTY_BUCKETS {
            let doc = DocId::Party { bucket };
            let held = documents::bytes(self.conn(), &mut self.press(), &doc)?;
            let settings = profile::history(bucket, held.iter().map(Vec::as_slice));
            let settings =
                settings.map_err(|source| BooksError::document("read", doc.to_string(), source))?;
            for ProfileSetting { at, store, field, text } in settings {
                history.set_profile(&store, field, &text, at);
            }
            let settings = party::history(bucket, held.iter().map(Vec::as_slice));
            let settings =
                settings.map_err(|source| BooksError::document("read", doc.to_string(), source))?;
            for party::Setting { at, said } in settings {
                if let Said::Promotion { id, field, text } = said {
                    history.set_promotion(&id, field, &text, at);
                }
            }
        }
        Ok(history)
    }

    /// Every balance that is no store's, lot by lot: of goods on the way, and of places that nobody knows.
    pub fn each_balance_elsewhere(&self, mut each: impl FnMut(Sku, Balance)) -> Result<()> {
        let names = self.sku_names()?;
        let mut stores: Vec<i64> = self.stores_by_name()?.into_iter().map(|(_, id)| id).collect();
        stores.sort_unstable();
        // Between one store's places and the next one's. Stores are numbered one after the other.
        let mut from = i64::MIN;
        let mut gaps = Vec::new();
        for store in stores {
            let (first, last) = PlaceId::of_whole_store(store);
            gaps.extend((from < first).then_some((from, first - 1)));
            from = last + 1;
        }
        gaps.push((from, i64::MAX));
        for gap in gaps {
            self.each_row(gap, |_, sku, lot| {
                each(name_of(&names, sku)?.clone(), lot);
                Ok(())
            })?;
        }
        Ok(())
    }

    /// The balances of these places by place, SKU and lot, without holding them all.
    fn each_row(
        &self,
        places: (i64, i64),
        mut each: impl FnMut(i64, i64, Balance) -> Result<()>,
    ) -> Result<()> {
        let what = "go through the balances";
        let mut statement = self
            .conn()
            .prepare_cached(
                "SELECT place, sku, quantity, value FROM balance WHERE place BETWEEN ?1 AND ?2",
            )
            .during(what)?;
        let mut rows = statement.query([places.0, places.1]).during(what)?;
        while let Some(row) = rows.next().during(what)? {
            let read = || -> rusqlite::Result<(i64, i64, Balance)> {
                Ok((row.get(0)?, row.get(1)?, balance(row.get(2)?, row.get(3)?)))
            };
            let (place, sku, balance) = read().during(what)?;
            each(place, sku, balance)?;
        }
        Ok(())
    }

    /// The SKUs at their numbers. Checks name millions of rows: a list is read once, where a join would
    /// look each of them up.
    pub(super) fn sku_names(&self) -> Result<Arc<[Option<Sku>]>> {
        if let Some(names) = self.skus.borrow().as_ref() {
            return Ok(names.clone());
        }
        let mut names: Vec<Option<Sku>> = Vec::new();
        for (number, name) in sql::all(
            self.conn(),
            "list the SKUs",
            "SELECT id, name FROM sku ORDER BY id",
            [],
            |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)),
        )? {
            if let Ok(number) = usize::try_from(number) {
                // Numbers follow one another; a damaged one must not make the list any longer.
                if number <= 2 * names.len() + 2 {
                    names.resize(number, None);
                    names.push(Some(parse_sku(&name)?));
                }
            }
        }
        let names: Arc<[_]> = names.into();
        *self.skus.borrow_mut() = Some(names.clone());
        Ok(names)
    }
}

pub(super) fn name_of(names: &[Option<Sku>], number: i64) -> Result<&Sku> {
    let name = usize::try_from(number).ok().and_then(|number| names.get(number)?.as_ref());
    name.ok_or_else(|| BooksError::damaged(format!("SKU number {number}"), "it has no name"))
}

fn balance(quantity: i64, value: i64) -> Balance {
    Balance { quantity: quantity.into(), value: value.into() }
}
