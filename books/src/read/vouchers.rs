//! Vouchers of the facts held, a store's day at a time; and which facts came after a period was closed.

use std::collections::BTreeMap;

use ledger::fact::{Body, Fact};
use ledger::id::{FactId, Sku, StoreId};
use ledger::time::BusinessDate;
use ledger::voucher::{Journal, Locked, LockedStore, Unmapped, Voucher};

use super::{ProductFilter, Reader};
use crate::error::Result;

impl Reader {
    /// The first day of which anything is held, of any store.
    pub fn first_day(&self) -> Result<Option<BusinessDate>> {
        let mut first: Option<BusinessDate> = None;
        for store in self.store_names()? {
            let of_store = self.days(&store)?.into_iter().next();
            first = [first, of_store].into_iter().flatten().min();
        }
        Ok(first)
    }

    /// Vouchers of a store's day, with the facts of closed days that are given beside, and what is in none.
    pub fn vouchers_of_day(
        &self,
        journal: &mut Journal<'_>,
        store: &StoreId,
        date: BusinessDate,
        late: &[Fact],
        categories: &BTreeMap<Sku, Box<str>>,
    ) -> Result<(Vec<Voucher>, Vec<Unmapped>)> {
        let mut day = journal.day(store, date);
        let facts = self.facts_of_day(store, date)?;
        for fact in late.iter().chain(facts.iter().map(|stored| &stored.fact)) {
            let undone = self.undone_by(fact)?;
            day.fact(fact, undone.as_ref(), |sku| categories.get(sku).map(AsRef::as_ref));
        }
        Ok(day.finish())
    }

    /// What a reversal undoes that doesn't say itself what that came to.
    pub(crate) fn undone_by(&self, fact: &Fact) -> Result<Option<Fact>> {
        let Body::Reversal { of, receipt: None, .. } = fact.body else { return Ok(None) };
        Ok(self.fact(&fact.store, of)?.map(|stored| stored.fact))
    }

    /// The category of each product that has one.
    pub fn categories_by_sku(&self) -> Result<BTreeMap<Sku, Box<str>>> {
        let products = self.products(&ProductFilter::default())?;
        let named = products.into_iter().filter(|product| !product.category.is_empty());
        Ok(named.map(|product| (product.sku, product.category)).collect())
    }

    /// What is held now of the days up to one.
    pub fn lock(&self, through: BusinessDate) -> Result<Locked> {
        let mut stores: BTreeMap<StoreId, LockedStore> = BTreeMap::new();
        for status in self.stores()? {
            let months = self.months(&status.store, through)?;
            let ends = status.epochs.iter().map(|epoch| (epoch.epoch.number(), epoch.seq));
            stores.insert(status.store, LockedStore { ends: ends.collect(), months });
        }
        Ok(Locked { through, stores })
    }

    /// The facts of a store's closed days that were not held when those were closed, by id.
    pub fn late_facts(&self, store: &StoreId, locked: &Locked) -> Result<Vec<Fact>> {
        let through = locked.through;
        let now = self.months(store, through)?;
        let then = locked.stores.get(store).map(|store| &store.months);
        let changed = |month: &str| then.and_then(|then| then.get(month)) != now.get(month);
        let mut late = Vec::new();
        for date in self.days(store)? {
            if date <= through && changed(&month_of(date)) {
                let facts = self.facts_of_day(store, date)?.into_iter().map(|stored| stored.fact);
                late.extend(facts.filter(|fact| locked.is_late(fact)));
            }
        }
        late.sort_by_key(|fact: &Fact| -> FactId { fact.id });
        Ok(late)
    }

    fn months(&self, store: &StoreId, through: BusinessDate) -> Result<BTreeMap<String, String>> {
        let mut months: BTreeMap<String, blake3::Hasher> = BTreeMap::new();
        for (date, print) in self.day_fingerprints(store)? {
            if date <= through {
                months.entry(month_of(date)).or_default().update(print.as_bytes());
            }
        }
        let short = |hasher: blake3::Hasher| hasher.finalize().to_hex()[..32].to_owned();
        Ok(months.into_iter().map(|(month, hasher)| (month, short(hasher))).collect())
    }
}

/// As `2026-11`.
fn month_of(date: BusinessDate) -> String {
    let mut text = date.to_string();
    text.truncate("2026-11".len());
    text
}
