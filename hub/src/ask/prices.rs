//! Price lists: set, import, list, cancel.

use std::collections::BTreeSet;

use console::Lang;
pub use console::prices::EntryRow;
use console::prices::level;
use ledger::amount::Money;
use ledger::id::{PriceChangeNo, Sku, StoreId};
use ledger::price::{Entry, Key, Level, in_force};
use ledger::scope::Scope;
use ledger::time::LocalTime;
use serde::{Deserialize, Serialize};

use super::catalog::{ImportMode, RejectedRow};
use super::stock::sku_of;
use crate::door::Ask;
use crate::error::Result;
use crate::hub::Hub;
use crate::prices::sheet::{self, Defaults};
use crate::prices::{Outcome, PriceDoubt, Wanted};
use crate::text;

/// For what, where and when a price is to hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// What it is for.
    #[serde(with = "level")]
    pub level: Level,
    /// Where.
    #[serde(with = "text")]
    pub scope: Scope,
    /// From when, by the clock on each shop's wall; none: from now on, by the hub's own.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub from: Option<LocalTime>,
    /// Until when; none: until a later price begins.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub until: Option<LocalTime>,
    /// Why.
    #[serde(default)]
    pub note: String,
    /// The document's number; none: the next one.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub number: Option<PriceChangeNo>,
}

impl Terms {
    fn from(&self, hub: &Hub) -> LocalTime {
        let here = || LocalTime::reached(hub.now(), &jiff::tz::TimeZone::system());
        self.from.unwrap_or_else(here)
    }
}

/// Set the price of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetPrice {
    /// Its SKU or barcode.
    pub item: String,
    /// The price of a unit, tax included.
    #[serde(with = "text")]
    pub price: Money,
    /// For what, where and when.
    pub terms: Terms,
    /// The language of what is odd about it: `zh` or `en`.
    #[serde(default)]
    pub lang: String,
}

/// What became of prices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricesSet {
    /// The document that set them; none if all was so already.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub number: Option<PriceChangeNo>,
    /// What was set.
    pub set: Vec<EntryRow>,
    /// How many were so already.
    pub unchanged: usize,
    /// How many connected stores are told now.
    pub told: usize,
    /// What was taken and rarely is meant, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<String>,
}

impl PricesSet {
    fn of(hub: &Hub, outcome: Outcome, lang: Lang) -> Result<Self> {
        let doubts = hub.price_doubts(&outcome.set)?;
        let Outcome { number, set, unchanged, told } = outcome;
        let doubts = doubts.iter().map(|doubt: &PriceDoubt| doubt.say(lang)).collect();
        Ok(Self { number, set: rows(set), unchanged, told, doubts })
    }
}

impl Ask for SetPrice {
    const PATH: &'static str = "/v1/price/set";
    type Answer = PricesSet;

    fn answer(self, hub: &Hub) -> Result<PricesSet> {
        let sku = sku_of(&hub.reader()?, &self.item)?;
        let from = self.terms.from(hub);
        let Terms { level, scope, until, note, number, .. } = self.terms;
        let key = Key { level, scope, from };
        let wanted = Wanted { sku, key, price: self.price, until, note: note.into() };
        let outcome = hub.set_prices(vec![wanted], number)?;
        PricesSet::of(hub, outcome, Lang::from_tag(&self.lang))
    }
}

/// Import price changes from the text of a CSV file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportPrices {
    /// The file's text.
    pub text: String,
    /// What rows mean that say nothing of it.
    pub terms: Terms,
    /// Whether to write anything.
    pub mode: ImportMode,
    /// The language of the reasons for rejected rows: `zh` or `en`.
    pub lang: String,
}

/// What an import of prices did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricesImported {
    /// Whether it was done.
    pub mode: ImportMode,
    /// Rows below the header.
    pub rows: u64,
    /// What was set, or, if nothing was written, how many rows could be.
    #[serde(flatten)]
    pub prices: PricesSet,
    /// How many rows were taken.
    pub taken: usize,
    /// The header's cells.
    pub columns: Vec<String>,
    /// Rows that were not taken.
    pub rejected: Vec<RejectedRow>,
}

impl Ask for ImportPrices {
    const PATH: &'static str = "/v1/price/import";
    type Answer = PricesImported;

    fn answer(self, hub: &Hub) -> Result<PricesImported> {
        let lang = Lang::from_tag(&self.lang);
        let catalog = hub.catalog()?;
        let known: BTreeSet<&Sku> = catalog.keys().collect();
        let from = self.terms.from(hub);
        let Terms { level, scope, until, note, number, .. } = self.terms;
        let defaults = Defaults { level, scope, from, until, note: note.into() };
        let sheet = sheet::read(&self.text, &known, &defaults)?;
        let taken = sheet.wanted.len();
        let outcome = match self.mode {
            ImportMode::Apply => hub.set_prices(sheet.wanted, number)?,
            ImportMode::DryRun => Outcome { number: None, set: Vec::new(), unchanged: 0, told: 0 },
        };
        let row = |row: sheet::Rejected| RejectedRow {
            line: row.line,
            reason: row.why.say(lang),
            cells: row.cells,
        };
        Ok(PricesImported {
            mode: self.mode,
            rows: sheet.rows,
            prices: PricesSet::of(hub, outcome, lang)?,
            taken,
            columns: sheet.columns,
            rejected: sheet.rejected.into_iter().map(row).collect(),
        })
    }
}

/// List the entries of price lists.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListPrices {
    /// Of one product only, by SKU or barcode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// Of one document only.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub number: Option<PriceChangeNo>,
    /// Those that concern this store; with a time, those in force there.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreId>,
    /// When.
    #[serde(default)]
    pub when: When,
}

/// Which entries to list by their time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// All of them.
    #[default]
    Ever,
    /// Those that begin later than now, by the hub's own clock.
    Upcoming,
    /// Those that hold at this time.
    At(#[serde(with = "text")] LocalTime),
}

impl Ask for ListPrices {
    const PATH: &'static str = "/v1/price/list";
    type Answer = Vec<EntryRow>;

    fn answer(self, hub: &Hub) -> Result<Vec<EntryRow>> {
        let reader = hub.reader()?;
        let sku = self.item.map(|item| sku_of(&reader, &item)).transpose()?;
        let store = match &self.store {
            Some(store) => {
                hub.must_know(store)?;
                Some(reader.membership(store)?)
            }
            None => None,
        };
        let all = reader.price_entries(sku.as_ref(), self.number.as_ref())?;
        let now = LocalTime::reached(hub.now(), &jiff::tz::TimeZone::system());
        let fits = |sku: &Sku, entry: &Entry| {
            let timely = match self.when {
                When::Ever => true,
                When::Upcoming => entry.key.from > now,
                When::At(at) => entry.holds_at(at),
            };
            let here = store.as_ref().is_none_or(|store| match self.when {
                When::At(at) => {
                    let own = all.iter().filter(|row| row.sku == *sku).map(|row| &row.entry);
                    in_force(own, entry.key.level, store, at) == Some(entry)
                }
                When::Ever | When::Upcoming => store.distance(&entry.key.scope).is_some(),
            });
            timely && here
        };
        let fitting = all.iter().filter(|row| fits(&row.sku, &row.entry));
        Ok(fitting.map(|row| EntryRow::of(row.sku.clone(), &row.entry)).collect())
    }
}

/// Take away the prices that a document has set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelPrices {
    /// The document.
    #[serde(with = "text")]
    pub number: PriceChangeNo,
    /// Of one product only, by SKU or barcode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
}

/// Prices that were taken away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricesCancelled {
    /// What they were.
    pub cancelled: Vec<EntryRow>,
    /// How many of them had begun, by the hub's own clock.
    pub begun: usize,
}

impl Ask for CancelPrices {
    const PATH: &'static str = "/v1/price/cancel";
    type Answer = PricesCancelled;

    fn answer(self, hub: &Hub) -> Result<PricesCancelled> {
        let sku = match &self.item {
            Some(item) => Some(sku_of(&hub.reader()?, item)?),
            None => None,
        };
        let cancelled = rows(hub.cancel_prices(&self.number, sku.as_ref())?);
        let now = LocalTime::reached(hub.now(), &jiff::tz::TimeZone::system());
        let begun = cancelled.iter().filter(|row| row.from <= now).count();
        Ok(PricesCancelled { cancelled, begun })
    }
}

fn rows(entries: Vec<(Sku, Entry)>) -> Vec<EntryRow> {
    entries.into_iter().map(|(sku, entry)| EntryRow::of(sku, &entry)).collect()
}
