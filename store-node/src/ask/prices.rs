//! What things cost here, and what will change.

use console::prices::{ChangeRow, EntryRow, level};
use ledger::amount::Money;
use ledger::catalog::Product;
use ledger::id::Sku;
use ledger::price::{Level, changes, in_force};
use ledger::time::{BusinessDate, LocalTime};
use serde::{Deserialize, Serialize};

use super::catalog::Sheet;
use super::{Named, item};
use crate::door::Ask;
use crate::error::Result;
use crate::node::Node;
use crate::text;

/// The last minute that anybody plans for.
const FOREVER: &str = "9999-12-31T23:59";

/// Show what a product costs here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowPrice {
    /// Its barcode or SKU.
    pub item: String,
    /// When, by the clock on the shop's wall; none: now.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub at: Option<LocalTime>,
}

/// What a product costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceSheet {
    /// Which.
    #[serde(with = "text")]
    pub sku: Sku,
    /// Its names and unit, if the catalog knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<Named>,
    /// When, by the clock on the shop's wall.
    #[serde(with = "text")]
    pub at: LocalTime,
    /// The prices in force then.
    pub prices: Vec<PriceInForce>,
    /// What changes later.
    pub upcoming: Vec<ChangeRow>,
}

/// A price, and why it is that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceInForce {
    /// What it is for.
    #[serde(with = "level")]
    pub level: Level,
    /// How much it is.
    #[serde(with = "text")]
    pub price: Money,
    /// What it would be without price lists.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub base: Option<Money>,
    /// The entry that says so; none, if it is the base price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<EntryRow>,
}

impl Ask for ShowPrice {
    const PATH: &'static str = "/v1/price";
    type Answer = PriceSheet;

    fn answer(self, node: &Node) -> Result<PriceSheet> {
        let reader = node.books().reader()?;
        let sku = item(&reader, self.item.trim())?;
        let product = reader.product(&sku)?;
        let lists = node.price_lists(&reader, Some(&sku))?;
        let at = self.at.unwrap_or_else(|| node.wall(node.now()));
        let mut prices = Vec::new();
        let mut upcoming = Vec::new();
        let entries = lists.of(&sku);
        for level in Level::ALL {
            let base = product.as_ref().and_then(|product| level.base(product));
            let entry = in_force(entries, level, lists.store(), at);
            if let Some(price) = entry.map(|entry| entry.price).or(base) {
                let because = entry.map(|entry| EntryRow::of(sku.clone(), entry));
                prices.push(PriceInForce { level, price, base, because });
            }
            let later = changes(entries, level, base, lists.store(), (at, forever()));
            let later = later.iter().filter(|change| change.at > at);
            let names = names(product.as_ref());
            upcoming.extend(later.map(|change| ChangeRow::of(sku.clone(), names, level, change)));
        }
        upcoming.sort_by_key(|row| row.at);
        Ok(PriceSheet { product: product.as_ref().map(Named::from), sku, at, prices, upcoming })
    }
}

/// List the price lists that concern this store.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListPrices {
    /// Of one product only: its barcode or SKU.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
}

impl Ask for ListPrices {
    const PATH: &'static str = "/v1/prices";
    type Answer = Vec<EntryRow>;

    fn answer(self, node: &Node) -> Result<Vec<EntryRow>> {
        let reader = node.books().reader()?;
        let sku = self.item.map(|text| item(&reader, text.trim())).transpose()?;
        let lists = node.price_lists(&reader, sku.as_ref())?;
        let rows = lists
            .skus()
            .flat_map(|sku| lists.of(sku).iter().map(|entry| EntryRow::of(sku.clone(), entry)));
        Ok(rows.collect())
    }
}

/// List the prices that change from now on, or on one day, by the clock on the shop's wall.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListChanges {
    /// The day; none: all that is to come.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub on: Option<BusinessDate>,
}

/// Prices that change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// Each change, the earliest first.
    pub changes: Vec<ChangeRow>,
    /// The products whose retail price changes, as they are after the last of these changes.
    pub products: Vec<Sheet>,
}

impl Ask for ListChanges {
    const PATH: &'static str = "/v1/prices/changes";
    type Answer = Changes;

    fn answer(self, node: &Node) -> Result<Changes> {
        let reader = node.books().reader()?;
        let lists = node.price_lists(&reader, None)?;
        let now = node.wall(node.now());
        let span = match self.on {
            Some(day) => (LocalTime::start_of(day), LocalTime::end_of(day)),
            None => (now, forever()),
        };
        let mut found = Vec::new();
        let mut products = Vec::new();
        for sku in lists.skus() {
            let product = reader.product(sku)?;
            for level in Level::ALL {
                let base = product.as_ref().and_then(|product| level.base(product));
                let all = changes(lists.of(sku), level, base, lists.store(), span);
                let begun = |at| self.on.is_none() && at <= now;
                let later = all.iter().filter(|change| !begun(change.at));
                let before = found.len();
                let names = names(product.as_ref());
                found.extend(later.map(|change| ChangeRow::of(sku.clone(), names, level, change)));
                if let Some(last) = found[before..].last()
                    && level == Level::Retail
                    && let Some(product) = &product
                {
                    products.push(Sheet::from(&lists.priced(product.clone(), last.at)));
                }
            }
        }
        found.sort_by(|a, b| (a.at, &a.sku).cmp(&(b.at, &b.sku)));
        Ok(Changes { changes: found, products })
    }
}

fn names(product: Option<&Product>) -> [&str; 2] {
    product.map_or([""; 2], |product| [&product.name_zh, &product.name_en])
}

fn forever() -> LocalTime {
    FOREVER.parse().expect("the constant is a time")
}
