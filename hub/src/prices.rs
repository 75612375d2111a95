//! Price lists and scheduled price changes, set in head office's name.

mod hiding;
pub mod sheet;

use std::collections::{BTreeMap, BTreeSet};

use books::TermEdits;
use console::{Exit, Lang, Told, words};
use ledger::amount::Money;
use ledger::catalog::{Product, Term};
use ledger::id::{IdError, PriceChangeNo, Sku, StoreGroup};
use ledger::price::{Entry, EntryError, Key};
use ledger::scope::Scope;
use ledger::time::LocalTime;
use thiserror::Error;

use crate::error::{HubError, Result};
use crate::events::What;
use crate::hub::Hub;

/// Where the number of the last price change is kept.
const LAST_NUMBER: &str = "price.change";

/// A price that head office wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Of which product.
    pub sku: Sku,
    /// For what, where, and from when.
    pub key: Key,
    /// How much.
    pub price: Money,
    /// Until when.
    pub until: Option<LocalTime>,
    /// Why.
    pub note: Box<str>,
}

/// What became of prices that were wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The document that set them; none if all was so already.
    pub number: Option<PriceChangeNo>,
    /// What was set.
    pub set: Vec<(Sku, Entry)>,
    /// How many were so already.
    pub unchanged: usize,
    /// How many connected stores are told now.
    pub told: usize,
}

/// What was taken and rarely is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PriceDoubt {
    /// No store belongs to the group.
    EmptyGroup(StoreGroup),
    /// The price is below what the goods are bought for.
    BelowPurchase {
        /// The product.
        sku: Sku,
        /// The price.
        price: Money,
        /// What they are bought for.
        purchase: Money,
    },
}

impl PriceDoubt {
    /// The same in words.
    pub fn say(&self, lang: Lang) -> String {
        match self {
            Self::EmptyGroup(group) => lang.say(words::PriceGroupEmpty { group }),
            Self::BelowPurchase { sku, price, purchase } => {
                let [price, purchase] = [*price, *purchase].map(console::format::money);
                lang.say(words::PriceBelowCost { sku, price, purchase })
            }
        }
    }
}

/// Why prices are not set or cancelled.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PriceRefused {
    /// One of them can't be a price.
    #[error("the price of {sku} cannot be set")]
    Entry {
        /// Of which product.
        sku: Sku,
        /// Why.
        source: EntryError,
    },
    /// No entry bears this number.
    #[error("no price list has an entry of price change {number}")]
    Nothing {
        /// What was given.
        number: PriceChangeNo,
    },
}

impl PriceRefused {
    pub(crate) fn told(&self, lang: Lang) -> Told {
        match self {
            Self::Entry { sku, source } => {
                Told::saying(lang.say(words::PriceWrong { sku })).because(source.to_string())
            }
            Self::Nothing { number } => {
                Told::saying(lang.say(words::PriceNothingToCancel { number }))
                    .hint(lang.say(words::PriceNothingToCancelHint))
            }
        }
    }

    pub(crate) const fn exit(&self) -> Exit {
        match self {
            Self::Entry { .. } => Exit::Usage,
            Self::Nothing { .. } => Exit::Failed,
        }
    }
}

impl Hub {
    /// Sets prices, all of them under one number or none. What is so already stays under the number
    /// that set it.
    pub fn set_prices(
        &self,
        wanted: Vec<Wanted>,
        number: Option<PriceChangeNo>,
    ) -> Result<Outcome> {
        let catalog = self.catalog()?;
        let mut known: BTreeMap<(Sku, Key), Entry> = BTreeMap::new();
        for row in self.reader()?.price_entries(None, None)? {
            known.insert((row.sku, row.entry.key.clone()), row.entry);
        }
        let mut new = Vec::new();
        let mut unchanged = 0;
        for Wanted { sku, key, price, until, note } in wanted {
            if !catalog.contains_key(&sku) {
                return Err(HubError::NoProduct { item: sku.to_string() });
            }
            let same = |old: &Entry| old.price == price && old.until == until && old.note == note;
            if known.get(&(sku.clone(), key.clone())).is_some_and(same) {
                unchanged += 1;
                continue;
            }
            // The number is known only when it is written.
            let number = placeholder()?;
            let entry = Entry { key, price, until, number, note };
            let entry = entry
                .checked()
                .map_err(|source| PriceRefused::Entry { sku: sku.clone(), source })?;
            new.push((sku, entry));
        }
        if new.is_empty() {
            return Ok(Outcome { number: None, set: Vec::new(), unchanged, told: 0 });
        }
        let now = self.now();
        let (number, set) = self.books().write(move |tx| -> Result<_> {
            let number = match number {
                Some(number) => number,
                None => {
                    let last = tx.note(LAST_NUMBER)?;
                    let (number, note) = next_number(last.as_deref(), &now.utc_day().compact())?;
                    tx.set_note(LAST_NUMBER, &note)?;
                    number
                }
            };
            let mut edits = TermEdits::new();
            for (sku, entry) in &mut new {
                entry.number = number.clone();
                let terms = edits.entry(sku.clone()).or_default();
                terms.insert(Term::Price(entry.key.clone()), entry.text());
            }
            tx.edit_terms(&edits, now)?;
            Ok((number, new))
        })?;
        let products: BTreeSet<&Sku> = set.iter().map(|(sku, _)| sku).collect();
        self.note_event(None, What::CatalogChanged { products: products.len() as u64 });
        Ok(Outcome { number: Some(number), set, unchanged, told: self.connected().len() })
    }

    /// Takes away the prices that a document has set, or those of one product. Gives what was taken.
    pub fn cancel_prices(
        &self,
        number: &PriceChangeNo,
        sku: Option<&Sku>,
    ) -> Result<Vec<(Sku, Entry)>> {
        let rows = self.reader()?.price_entries(sku, Some(number))?;
        if rows.is_empty() {
            return Err(PriceRefused::Nothing { number: number.clone() }.into());
        }
        let mut edits = TermEdits::new();
        for row in &rows {
            let terms = edits.entry(row.sku.clone()).or_default();
            terms.insert(Term::Price(row.entry.key.clone()), String::new());
        }
        let (now, products) = (self.now(), edits.len() as u64);
        self.books().write(move |tx| -> Result<()> {
            tx.edit_terms(&edits, now)?;
            Ok(())
        })?;
        self.note_event(None, What::CatalogChanged { products });
        Ok(rows.into_iter().map(|row| (row.sku, row.entry)).collect())
    }

    /// What is odd about prices that were set.
    pub fn price_doubts(&self, set: &[(Sku, Entry)]) -> Result<Vec<PriceDoubt>> {
        let catalog = self.catalog()?;
        let groups: BTreeSet<StoreGroup> =
            self.reader()?.profiles(None)?.into_iter().flat_map(|known| known.groups).collect();
        let mut doubts = Vec::new();
        let mut empty = BTreeSet::new();
        for (sku, entry) in set {
            if let Scope::Group(group) = &entry.key.scope
                && !groups.contains(group)
                && empty.insert(group)
            {
                doubts.push(PriceDoubt::EmptyGroup(group.clone()));
            }
            let purchase = catalog.get(sku).and_then(|product: &Product| product.purchase_price);
            if let Some(purchase) = purchase.filter(|purchase| entry.price < *purchase) {
                let (sku, price) = (sku.clone(), entry.price);
                doubts.push(PriceDoubt::BelowPurchase { sku, price, purchase });
            }
        }
        Ok(doubts)
    }
}

fn placeholder() -> Result<PriceChangeNo, IdError> {
    PriceChangeNo::new("new")
}

/// The number after the last one, which was noted as `DAY COUNT`, and what is to be noted of it.
/// Numbers are never used again, though all that bears one was cancelled.
fn next_number(last: Option<&str>, day: &str) -> Result<(PriceChangeNo, String)> {
    let (serial, note) = next_serial(last, day);
    Ok((PriceChangeNo::new(&format!("PC{serial}"))?, note))
}

/// The day and serial number after the last one, and what is to be noted of it.
pub(crate) fn next_serial(last: Option<&str>, day: &str) -> (String, String) {
    let last = last.and_then(|last| last.split_once(' '));
    let before = last.filter(|(of, _)| *of >= day);
    let (day, count) = before.unwrap_or((day, "0"));
    let count = count.parse::<u32>().unwrap_or(0).saturating_add(1);
    (format!("{day}-{count:03}"), format!("{day} {count}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_on_within_a_day_and_never_back() {
        let next = |last: Option<&str>, day: &str| {
            let (number, note) = next_number(last, day).unwrap();
            (number.to_string(), note)
        };
        let first = next(None, "20261124");
        assert_eq!(first, ("PC20261124-001".to_owned(), "20261124 1".to_owned()));
        assert_eq!(next(Some(&first.1), "20261124").0, "PC20261124-002");
        assert_eq!(next(Some("20261124 999"), "20261124").0, "PC20261124-1000");
        assert_eq!(next(Some("20261124 7"), "20261125").0, "PC20261125-001");
        assert_eq!(next(Some("20261124 7"), "20261123").0, "PC20261124-008", "a clock set back");
    }
}
