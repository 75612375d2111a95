//! Price lists, as both programs show them.

use ledger::amount::Money;
use ledger::id::{PriceChangeNo, Sku};
use ledger::price::{Change, Entry, Level};
use ledger::scope::Scope;
use ledger::time::LocalTime;
use serde::{Deserialize, Serialize};

use crate::words::{self, Lang};
use crate::{Column, Page, Table, format, text};

/// An entry of a product's price lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryRow {
    /// The product.
    #[serde(with = "text")]
    pub sku: Sku,
    /// What the price is for: `retail`, `member`, `wholesale` or `floor`.
    #[serde(with = "level")]
    pub level: Level,
    /// Where: `all`, `group:north` or `store:S012`.
    #[serde(with = "text")]
    pub scope: Scope,
    /// From when, by the clock on each shop's wall.
    #[serde(with = "text")]
    pub from: LocalTime,
    /// The minute from which it no longer holds.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub until: Option<LocalTime>,
    /// The price of a unit, tax included.
    #[serde(with = "text")]
    pub price: Money,
    /// The document that set it.
    #[serde(with = "text")]
    pub number: PriceChangeNo,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl EntryRow {
    /// An entry of a product.
    pub fn of(sku: Sku, entry: &Entry) -> Self {
        let Entry { key, price, until, number, note } = entry.clone();
        let (level, scope, from) = (key.level, key.scope, key.from);
        Self { sku, level, scope, from, until, price, number, note: note.into() }
    }
}

impl EntryRow {
    /// Says that it hides the base price.
    pub fn hides(&self, lang: Lang) -> String {
        let (sku, number, price) = (&self.sku, &self.number, format::money(self.price));
        let place = scope_name(lang, &self.scope);
        match self.until {
            Some(until) => lang.say(words::PriceHidesUntil { sku, number, place, price, until }),
            None => lang.say(words::PriceHides { sku, number, place, price }),
        }
    }
}

/// A price of a product that becomes another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeRow {
    /// From which minute on.
    #[serde(with = "text")]
    pub at: LocalTime,
    /// The product.
    #[serde(with = "text")]
    pub sku: Sku,
    /// What people call it, in Chinese.
    pub name_zh: String,
    /// And in English.
    pub name_en: String,
    /// What the price is for.
    #[serde(with = "level")]
    pub level: Level,
    /// What it was.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub before: Option<Money>,
    /// What it is then.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub after: Option<Money>,
    /// The document that sets it; none, if it is the base price again.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub number: Option<PriceChangeNo>,
}

impl ChangeRow {
    /// A change of a product's price.
    pub fn of(sku: Sku, names: [&str; 2], level: Level, change: &Change<'_>) -> Self {
        let number = change.entry.map(|entry| entry.number.clone());
        let [name_zh, name_en] = names.map(str::to_owned);
        let (at, before, after) = (change.at, change.before, change.after);
        Self { at, sku, name_zh, name_en, level, before, after, number }
    }
}

/// The name of a level.
pub fn level_name(lang: Lang, level: Level) -> String {
    match level {
        Level::Retail => lang.say(words::LevelRetail),
        Level::Member => lang.say(words::LevelMember),
        Level::Wholesale => lang.say(words::LevelWholesale),
        Level::Floor => lang.say(words::LevelFloor),
    }
}

/// The name of a scope.
pub fn scope_name(lang: Lang, scope: &Scope) -> String {
    match scope {
        Scope::All => lang.say(words::StoresAll),
        Scope::Group(group) => lang.say(words::StoresOfGroup { group }),
        Scope::Store(store) => store.to_string(),
    }
}

/// A time on a shop's wall, to read.
pub fn wall(at: LocalTime) -> String {
    at.to_string().replacen('T', " ", 1)
}

/// Shows entries as a table, at most so many.
pub fn print_entries(page: &mut Page, rows: &[EntryRow], limit: usize) {
    let lang = page.lang();
    let mut table = Table::new([
        Column::text(lang.say(words::Sku)),
        Column::text(lang.say(words::PriceLevel)),
        Column::text(lang.say(words::PriceScope)),
        Column::number(lang.say(words::Price)),
        Column::text(lang.say(words::PriceFrom)),
        Column::text(lang.say(words::PriceUntil)),
        Column::text(lang.say(words::PriceNumber)),
        Column::flexible(lang.say(words::PriceNote)),
    ]);
    for row in rows.iter().take(limit) {
        table.row([
            row.sku.to_string(),
            level_name(lang, row.level),
            scope_name(lang, &row.scope),
            format::money(row.price),
            wall(row.from),
            row.until.map(wall).unwrap_or_default(),
            row.number.to_string(),
            row.note.clone(),
        ]);
    }
    page.table(&table);
    more(page, rows.len(), limit);
}

/// Shows changes as a table, at most so many.
pub fn print_changes(page: &mut Page, rows: &[ChangeRow], limit: usize) {
    let lang = page.lang();
    let mut table = Table::new([
        Column::text(lang.say(words::PriceFrom)),
        Column::text(lang.say(words::Sku)),
        Column::flexible(lang.say(words::Product)),
        Column::text(lang.say(words::PriceLevel)),
        Column::number(lang.say(words::PriceBefore)),
        Column::number(lang.say(words::PriceAfter)),
        Column::text(lang.say(words::PriceNumber)),
    ]);
    let money = |price: Option<Money>| price.map(format::money).unwrap_or_default();
    for row in rows.iter().take(limit) {
        let (first, second) = match lang {
            Lang::Zh => (&row.name_zh, &row.name_en),
            Lang::En => (&row.name_en, &row.name_zh),
        };
        table.row([
            wall(row.at),
            row.sku.to_string(),
            if first.is_empty() { second.clone() } else { first.clone() },
            level_name(lang, row.level),
            money(row.before),
            money(row.after),
            row.number.as_ref().map(ToString::to_string).unwrap_or_default(),
        ]);
    }
    page.table(&table);
    more(page, rows.len(), limit);
}

fn more(page: &mut Page, rows: usize, limit: usize) {
    let hidden = rows.saturating_sub(limit);
    if hidden > 0 {
        page.say(words::More { n: hidden });
    }
}

/// Levels in JSON, by name.
pub mod level {
    use ledger::price::Level;
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    /// Writes the name.
    pub fn serialize<S: Serializer>(level: &Level, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(level.name())
    }

    /// Reads the name.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Level, D::Error> {
        let name = String::deserialize(from)?;
        let known =
            || D::Error::unknown_variant(&name, &["retail", "member", "wholesale", "floor"]);
        Level::named(&name).ok_or_else(known)
    }
}
