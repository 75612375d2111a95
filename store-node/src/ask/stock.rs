//! What the store has on hand.

use std::collections::HashMap;

use books::read::{ProductFilter, Promised, StockFilter, StockRow};
use ledger::amount::{Money, Quantity};
use ledger::catalog::Product;
use ledger::id::{Sku, StoreId};
use ledger::time::{BusinessDate, Timestamp};
use serde::{Deserialize, Serialize};

use super::held::NotHere;
use super::{Named, item};
use crate::door::Ask;
use crate::error::Result;
use crate::node::Node;
use crate::text;

/// Show the stock.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowStock {
    /// Of one product only: its SKU or barcode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// As it stood at the end of a day; none: as it stands now.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub at: Option<BusinessDate>,
    /// Which products to list.
    #[serde(default)]
    pub which: Which,
}

/// Which products of the stock to list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// Those of which there is something, or less than nothing.
    #[default]
    Held,
    /// Those below zero.
    Negative,
    /// All that were ever booked.
    Ever,
}

/// The stock of the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stock {
    /// The store.
    #[serde(with = "text")]
    pub store: StoreId,
    /// The day at whose end it stood so; none: now.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub at: Option<BusinessDate>,
    /// When the books were asked.
    #[serde(with = "text::instant")]
    pub as_of: Timestamp,
    /// The products, by SKU.
    pub items: Vec<StockItem>,
    /// What of the history is not here, so that it is missing above.
    #[serde(default, skip_serializing_if = "NotHere::is_nothing")]
    pub not_here: NotHere,
}

/// What there is of one product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockItem {
    /// Which.
    #[serde(with = "text")]
    pub sku: Sku,
    /// Its name and unit, if the catalog knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<Named>,
    /// How much.
    #[serde(with = "text")]
    pub quantity: Quantity,
    /// What open transfers have promised of it to other stores. None for a past day.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub reserved: Option<Quantity>,
    /// What is left of it without that: less than nothing when more is promised than there is.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub available: Option<Quantity>,
    /// What is on its way here.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub incoming: Option<Quantity>,
    /// What it cost.
    #[serde(with = "text")]
    pub value: Money,
    /// What a unit cost: the average, or without stock the last known cost.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub unit_cost: Option<Money>,
}

impl Ask for ShowStock {
    const PATH: &'static str = "/v1/stock";
    type Answer = Stock;

    fn answer(self, node: &Node) -> Result<Stock> {
        let reader = node.books().reader()?;
        let sku = self.item.as_deref().map(|text| item(&reader, text)).transpose()?;
        let products = match &sku {
            Some(sku) => reader.product(sku)?.into_iter().collect(),
            None => reader.products(&ProductFilter::default())?,
        };
        let products: HashMap<Sku, Product> =
            products.into_iter().map(|product| (product.sku.clone(), product)).collect();
        let store = node.store().clone();
        let filter = StockFilter { store: Some(store.clone()), sku: sku.clone(), at: self.at };
        let wanted = |row: &StockRow| {
            sku.is_some()
                || match self.which {
                    Which::Held => is_held(row),
                    Which::Negative => row.stock.quantity.is_negative(),
                    Which::Ever => true,
                }
        };
        let rows = reader.stock(&filter)?.into_iter().filter(wanted);
        let items = rows.map(|row| StockItem::of(&row, products.get(&row.sku))).collect();
        let not_here = self.at.map_or_else(|| Ok(NotHere::default()), |_| NotHere::of(&reader))?;
        Ok(Stock { store, at: self.at, as_of: node.now(), items, not_here })
    }
}

fn is_held(row: &StockRow) -> bool {
    let promised = row.promised.is_some_and(|promised| promised != Promised::default());
    promised || !row.stock.quantity.is_zero() || !row.stock.value.is_zero()
}

impl StockItem {
    fn of(row: &StockRow, product: Option<&Product>) -> Self {
        let average = row.stock.value.per_unit(row.stock.quantity).ok();
        let unit_cost = if row.stock.quantity.is_positive() { average } else { row.last_cost };
        Self {
            sku: row.sku.clone(),
            product: product.map(Named::from),
            quantity: row.stock.quantity,
            reserved: row.promised.map(|promised| promised.reserved),
            available: row.available(),
            incoming: row.promised.map(|promised| promised.incoming),
            value: row.stock.value,
            unit_cost,
        }
    }
}
