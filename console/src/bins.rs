//! Bins, as both programs show them.

use ledger::bins::{Standing, pick};
use ledger::catalog::Product;
use ledger::id::{Bin, Sku, StoreId};
use serde::{Deserialize, Serialize};

use crate::sums::Units;
use crate::words::{self, Lang};
use crate::{Column, Page, Table, format, text};

/// What lies where in a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BinsView {
    /// The store.
    #[serde(with = "text")]
    pub store: StoreId,
    /// The goods, bin by bin; those in no bin come last.
    pub rows: Vec<BinRow>,
}

/// What of a product lies in a bin, or in none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BinRow {
    /// Which bin; none for goods in no bin.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub bin: Option<Bin>,
    /// Which product.
    #[serde(with = "text")]
    pub sku: Sku,
    /// Its Chinese name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name_zh: String,
    /// Its English name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name_en: String,
    /// How much; below nothing where more left than came.
    pub quantity: Units,
    /// Where the product belongs.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub home: Option<Bin>,
    /// How much of what is asked for to take from there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub take: Option<Units>,
}

impl BinsView {
    /// Nothing of a store yet.
    pub const fn of(store: StoreId) -> Self {
        Self { store, rows: Vec::new() }
    }

    /// Adds where a product lies; with how much to take from where, if something is wanted of it.
    pub fn add(
        &mut self,
        (sku, product): (&Sku, Option<&Product>),
        (standing, home): (&Standing, Option<&Bin>),
        wanted: Option<i128>,
    ) {
        let picked = wanted.map(|wanted| pick(standing, home, wanted)).unwrap_or_default();
        let row = |bin: Option<&Bin>, quantity: i128| BinRow {
            bin: bin.cloned(),
            sku: sku.clone(),
            name_zh: product.map(|product| product.name_zh.to_string()).unwrap_or_default(),
            name_en: product.map(|product| product.name_en.to_string()).unwrap_or_default(),
            quantity: Units(quantity),
            home: home.cloned(),
            take: bin.and_then(|bin| {
                picked.iter().find(|(from, _)| from == bin).map(|(_, taken)| Units(*taken))
            }),
        };
        let placed = standing.bins.iter().map(|(bin, held)| row(Some(bin), *held));
        let unplaced = (standing.unplaced != 0).then(|| row(None, standing.unplaced));
        self.rows.extend(placed.chain(unplaced));
    }

    /// Brings the rows into their order: by bin and product, what is in no bin at the end.
    pub fn sort(&mut self) {
        let key = |row: &BinRow| (row.bin.is_none(), row.bin.clone(), row.sku.clone());
        self.rows.sort_by_cached_key(key);
    }
}

impl BinRow {
    fn name(&self, lang: Lang) -> &str {
        let (first, second) = match lang {
            Lang::Zh => (&self.name_zh, &self.name_en),
            Lang::En => (&self.name_en, &self.name_zh),
        };
        if first.is_empty() { second } else { first }
    }
}

/// Prints from where to take what.
pub fn print_picks(page: &mut Page, rows: &[BinRow]) {
    let lang = page.lang();
    let mut table = Table::new([
        Column::text(lang.say(words::Bin)),
        Column::text(lang.say(words::Sku)),
        Column::flexible(lang.say(words::Product)),
        Column::number(lang.say(words::BinTake)),
    ]);
    for row in rows {
        table.row([
            row.bin.as_ref().map(ToString::to_string).unwrap_or_default(),
            row.sku.to_string(),
            row.name(lang).to_owned(),
            row.take.map(|take| format::quantity_total(take.0)).unwrap_or_default(),
        ]);
    }
    page.table(&table);
}

/// Prints what lies where; in one bin, if only that was asked for.
pub fn print_bins(page: &mut Page, view: &BinsView, only: Option<&Bin>) {
    let (lang, place) = (page.lang(), &view.store);
    match only {
        Some(bin) => page.heading(words::BinHeading { bin, place }),
        None => page.heading(words::BinsHeading { place }),
    }
    if view.rows.is_empty() {
        return match only {
            Some(bin) => page.say(words::BinEmpty { bin }),
            None => page.say(words::BinsNone),
        };
    }
    let mut table = Table::new([
        Column::text(lang.say(words::Bin)),
        Column::text(lang.say(words::Sku)),
        Column::flexible(lang.say(words::Product)),
        Column::number(lang.say(words::Quantity)),
        Column::text(lang.say(words::HomeBin)),
        Column::number(lang.say(words::BinTake)),
    ]);
    for row in &view.rows {
        let bin = row.bin.as_ref().map(ToString::to_string);
        table.row([
            bin.unwrap_or_else(|| lang.say(words::BinNone)),
            row.sku.to_string(),
            row.name(lang).to_owned(),
            format::quantity_total(row.quantity.0),
            row.home.as_ref().map(ToString::to_string).unwrap_or_default(),
            row.take.map(|take| format::quantity_total(take.0)).unwrap_or_default(),
        ]);
    }
    page.table(&table);
    page.say(words::BinsView);
    let below = view.rows.iter().filter(|row| row.quantity.0 < 0).count();
    if below > 0 {
        page.say(words::BinsBelow { n: below });
    }
}
