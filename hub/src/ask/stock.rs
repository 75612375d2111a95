//! Stock of the chain, with the age of what each store has told.

use std::collections::{BTreeMap, BTreeSet};

use books::Reader;
use books::read::{ChainStock, ProductFilter, StockFilter, StockRow as BookRow};
use ledger::amount::Quantity;
use ledger::catalog::{Product, category};
use ledger::id::{Sku, StoreId};
use ledger::time::{BusinessDate, Timestamp};
use ledger::transfer::available;
use serde::{Deserialize, Serialize};

use crate::door::Ask;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::text::{self, Amount, Units};

/// Show stock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowStock {
    /// Of one store.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreId>,
    /// Of one product, by SKU or barcode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// Of this category and those within it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// As it stood at the end of a day.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub date: Option<BusinessDate>,
    /// What one row is about.
    pub by: By,
}

/// What a row of stock is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// A product, summed over the stores.
    Sku,
    /// A store, summed over the products. Pieces and kilograms add up to a number of little use;
    /// the value means something.
    Store,
    /// A product at a store.
    StoreAndSku,
}

/// Stock, and how old it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stock {
    /// Of which store; none for the chain.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreId>,
    /// At the end of which day; none for as far as is known.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub date: Option<BusinessDate>,
    /// The rows, by store and SKU.
    pub rows: Vec<StockRow>,
    /// All of them together.
    pub total: StockTotal,
    /// How old what is known of each store is that these numbers speak for.
    pub as_of: Vec<AsOf>,
    /// When the question was answered.
    #[serde(with = "text::instant")]
    pub now: Timestamp,
}

/// One row of stock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockRow {
    /// The store; none when summed over the stores.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreId>,
    /// The product; none when summed over the products.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub sku: Option<Sku>,
    /// The product's names and unit, where the catalog has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductLabel>,
    /// How much.
    pub quantity: Units,
    /// What open transfers have promised of it to other stores. None for a past day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserved: Option<Units>,
    /// What is left of it without that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available: Option<Units>,
    /// What is on its way there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incoming: Option<Units>,
    /// What it cost.
    pub value: Amount,
    /// How many stores or products are in it.
    pub count: u64,
}

/// What people call a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductLabel {
    /// In Chinese.
    pub name_zh: String,
    /// In English.
    pub name_en: String,
    /// Its unit.
    pub unit: String,
}

impl ProductLabel {
    pub(crate) fn of(product: &Product) -> Self {
        Self {
            name_zh: product.name_zh.to_string(),
            name_en: product.name_en.to_string(),
            unit: product.unit.to_string(),
        }
    }
}

/// The sum of some rows of stock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockTotal {
    /// Different products.
    pub skus: u64,
    /// How much.
    pub quantity: Units,
    /// What it cost.
    pub value: Amount,
    /// Products at stores of which less than nothing is there.
    pub negative: u64,
}

/// How far the hub knows a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AsOf {
    /// The store.
    #[serde(with = "text")]
    pub store: StoreId,
    /// The epoch of its newest fact here.
    pub epoch: Option<u32>,
    /// The number of its newest fact here.
    pub seq: Option<u64>,
    /// When that fact was recorded, by the store's clock.
    #[serde(default, with = "text::instant::option", skip_serializing_if = "Option::is_none")]
    pub newest: Option<Timestamp>,
    /// Whether the store is connected and in step: then there is nothing newer.
    pub in_step: bool,
}

impl Ask for ShowStock {
    const PATH: &'static str = "/v1/stock";
    type Answer = Stock;

    fn answer(self, hub: &Hub) -> Result<Stock> {
        let Self { store, item, category, date, by } = self;
        let reader = hub.reader()?;
        let sku = item.as_deref().map(|item| sku_of(&reader, item)).transpose()?;
        let products = reader.products(&ProductFilter::default())?;
        let within = category.map(|tree| within(&products, &tree));
        let labels = labels(products);
        let (rows, total) =
            if by == By::Sku && store.is_none() && date.is_none() && within.is_none() {
                // The largest question there is: added up where the rows are.
                let found = reader.chain_stock(sku.as_ref())?;
                let negative = reader.negative_stock(sku.as_ref())?;
                let rows: Vec<_> = found.into_iter().map(|row| chain_row(row, &labels)).collect();
                let total = StockTotal {
                    skus: rows.len() as u64,
                    quantity: rows.iter().map(|row| row.quantity).sum(),
                    value: rows.iter().map(|row| row.value).sum(),
                    negative,
                };
                (rows, total)
            } else {
                let filter = StockFilter { store: store.clone(), sku, at: date };
                let mut found = reader.stock(&filter)?;
                if let Some(within) = &within {
                    found.retain(|row| within.contains(&row.sku));
                }
                let rows = match by {
                    By::StoreAndSku => found.iter().map(|row| single(row, &labels)).collect(),
                    By::Sku => grouped(&found, |row| (None, Some(row.sku.clone())), &labels),
                    By::Store => grouped(&found, |row| (Some(row.store.clone()), None), &labels),
                };
                (rows, total(&found))
            };
        let as_of = as_of(hub, &reader, store.as_ref())?;
        Ok(Stock { store, date, rows, total, as_of, now: hub.now() })
    }
}

/// The SKU of what a person typed: a barcode or SKU of the catalog, or a SKU that was only ever
/// booked.
pub(crate) fn sku_of(reader: &Reader, item: &str) -> Result<Sku> {
    match reader.product_by_barcode(item)? {
        Some(product) => Ok(product.sku),
        None => {
            let unknown = || HubError::NoProduct { item: item.to_owned() };
            let sku = Sku::new(item).map_err(|_| unknown())?;
            let booked = reader.chain_stock(Some(&sku))?;
            if booked.is_empty() { Err(unknown()) } else { Ok(sku) }
        }
    }
}

/// How far the hub knows one store, or each.
pub(crate) fn as_of(hub: &Hub, reader: &Reader, of: Option<&StoreId>) -> Result<Vec<AsOf>> {
    let mut known = Vec::new();
    for status in reader.stores()? {
        if of.is_some_and(|store| *store != status.store) {
            continue;
        }
        let in_step = hub.sessions().is_in_step(&status.store);
        let end = status.epochs.last();
        known.push(AsOf {
            epoch: end.map(|end| end.epoch.number()),
            seq: end.map(|end| end.seq),
            newest: status.last_fact_at,
            store: status.store,
            in_step,
        });
    }
    Ok(known)
}

/// The products of a category and of those within it.
fn within(products: &[Product], tree: &str) -> BTreeSet<Sku> {
    let tree = category::path(tree);
    let within = products.iter().filter(|product| category::is_within(&product.category, &tree));
    within.map(|product| product.sku.clone()).collect()
}

fn labels(products: Vec<Product>) -> BTreeMap<Sku, ProductLabel> {
    let label = |product: Product| (product.sku.clone(), ProductLabel::of(&product));
    products.into_iter().map(label).collect()
}

fn chain_row(row: ChainStock, labels: &BTreeMap<Sku, ProductLabel>) -> StockRow {
    StockRow {
        product: labels.get(&row.sku).cloned(),
        quantity: units(row.stock.quantity),
        reserved: Some(units(row.promised.reserved)),
        available: Some(units(available(row.stock.quantity, row.promised.reserved))),
        incoming: Some(units(row.promised.incoming)),
        value: Amount(row.stock.value.ten_thousandths().into()),
        count: row.stores,
        store: None,
        sku: Some(row.sku),
    }
}

fn single(row: &BookRow, labels: &BTreeMap<Sku, ProductLabel>) -> StockRow {
    StockRow {
        store: Some(row.store.clone()),
        sku: Some(row.sku.clone()),
        product: labels.get(&row.sku).cloned(),
        quantity: units(row.stock.quantity),
        reserved: row.promised.map(|promised| units(promised.reserved)),
        available: row.available().map(units),
        incoming: row.promised.map(|promised| units(promised.incoming)),
        value: amount(row),
        count: 1,
    }
}

fn grouped(
    rows: &[BookRow],
    key: impl Fn(&BookRow) -> (Option<StoreId>, Option<Sku>),
    labels: &BTreeMap<Sku, ProductLabel>,
) -> Vec<StockRow> {
    let mut groups: BTreeMap<(Option<StoreId>, Option<Sku>), StockRow> = BTreeMap::new();
    for row in rows {
        let (store, sku) = key(row);
        let group = groups.entry((store.clone(), sku.clone())).or_insert_with(|| StockRow {
            product: sku.as_ref().and_then(|sku| labels.get(sku).cloned()),
            store,
            sku,
            quantity: Units::default(),
            reserved: None,
            available: None,
            incoming: None,
            value: Amount::default(),
            count: 0,
        });
        group.quantity.0 += units(row.stock.quantity).0;
        add(&mut group.reserved, row.promised.map(|promised| promised.reserved));
        add(&mut group.available, row.available());
        add(&mut group.incoming, row.promised.map(|promised| promised.incoming));
        group.value.0 += amount(row).0;
        group.count += 1;
    }
    groups.into_values().collect()
}

fn total(rows: &[BookRow]) -> StockTotal {
    let skus: BTreeSet<&Sku> = rows.iter().map(|row| &row.sku).collect();
    StockTotal {
        skus: skus.len() as u64,
        quantity: rows.iter().map(|row| units(row.stock.quantity)).sum(),
        value: rows.iter().map(amount).sum(),
        negative: rows.iter().filter(|row| row.stock.quantity.is_negative()).count() as u64,
    }
}

fn units(quantity: Quantity) -> Units {
    Units(quantity.thousandths().into())
}

/// Adds what is known.
fn add(sum: &mut Option<Units>, more: Option<Quantity>) {
    if let Some(more) = more {
        sum.get_or_insert_default().0 += units(more).0;
    }
}

fn amount(row: &BookRow) -> Amount {
    Amount(row.stock.value.ten_thousandths().into())
}
