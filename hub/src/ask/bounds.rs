//! Stock bounds by store and season: set, import, list.

use std::collections::BTreeSet;

use console::Lang;
use ledger::amount::Quantity;
use ledger::bounds::{Bounds, Entry, Key, Season};
use ledger::id::{Sku, StoreId};
use ledger::scope::Scope;
use ledger::time::BusinessDate;
use serde::{Deserialize, Serialize};

use super::catalog::{ImportMode, RejectedRow};
use super::stock::sku_of;
use crate::bounds::{BoundsEdits, sheet};
use crate::door::Ask;
use crate::error::Result;
use crate::hub::Hub;
use crate::text;

/// How much of a product some stores should have, all year or in a season.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoundsRow {
    /// The product.
    #[serde(with = "text")]
    pub sku: Sku,
    /// Where.
    #[serde(with = "text")]
    pub scope: Scope,
    /// In which season; none: all year.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub season: Option<Season>,
    /// At least so much.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub min: Option<Quantity>,
    /// At most so much.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub max: Option<Quantity>,
}

/// Set bounds; with neither, take away what was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetBounds {
    /// The product's SKU or barcode.
    pub item: String,
    /// Where.
    #[serde(with = "text")]
    pub scope: Scope,
    /// In which season; none: all year.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub season: Option<Season>,
    /// At least so much.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub min: Option<Quantity>,
    /// At most so much.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub max: Option<Quantity>,
}

/// What became of bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoundsSet {
    /// How many were otherwise before.
    pub changed: usize,
}

impl Ask for SetBounds {
    const PATH: &'static str = "/v1/bounds/set";
    type Answer = BoundsSet;

    fn answer(self, hub: &Hub) -> Result<BoundsSet> {
        let sku = sku_of(&hub.reader()?, &self.item)?;
        let (key, bounds) = (
            Key { scope: self.scope, season: self.season },
            Bounds { min: self.min, max: self.max },
        );
        let entry = match bounds {
            Bounds { min: None, max: None } => None,
            bounds => {
                let bounds = bounds.checked()?;
                Some(Entry { key: key.clone(), bounds })
            }
        };
        Ok(BoundsSet { changed: hub.set_bounds(BoundsEdits::from([((sku, key), entry)]))? })
    }
}

/// Import bounds from the text of a CSV file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportBounds {
    /// The file's text.
    pub text: String,
    /// Whether to write anything.
    pub mode: ImportMode,
    /// The language of the reasons for rejected rows: `zh` or `en`.
    pub lang: String,
}

/// What an import of bounds did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoundsImported {
    /// Whether it was done.
    pub mode: ImportMode,
    /// Rows below the header.
    pub rows: u64,
    /// How many rows were taken.
    pub taken: usize,
    /// How many of them changed something.
    pub changed: usize,
    /// The header's cells.
    pub columns: Vec<String>,
    /// Rows that were not taken.
    pub rejected: Vec<RejectedRow>,
}

impl Ask for ImportBounds {
    const PATH: &'static str = "/v1/bounds/import";
    type Answer = BoundsImported;

    fn answer(self, hub: &Hub) -> Result<BoundsImported> {
        let catalog = hub.catalog()?;
        let known: BTreeSet<&Sku> = catalog.keys().collect();
        let sheet = sheet::read(&self.text, &known, Lang::from_tag(&self.lang))?;
        let taken = sheet.wanted.len();
        let changed = match self.mode {
            ImportMode::Apply => hub.set_bounds(sheet.wanted)?,
            ImportMode::DryRun => 0,
        };
        let sheet::BoundsSheet { columns, rows, rejected, .. } = sheet;
        Ok(BoundsImported { mode: self.mode, rows, taken, changed, columns, rejected })
    }
}

/// List what is said of stores and seasons.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListBounds {
    /// Of one product only, by SKU or barcode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// What counts for this store, in place of what is said; needs a product.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreId>,
    /// On this day; none: today.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub date: Option<BusinessDate>,
}

impl Ask for ListBounds {
    const PATH: &'static str = "/v1/bounds/list";
    type Answer = Vec<BoundsRow>;

    fn answer(self, hub: &Hub) -> Result<Vec<BoundsRow>> {
        let reader = hub.reader()?;
        let sku = self.item.map(|item| sku_of(&reader, &item)).transpose()?;
        if let (Some(sku), Some(store)) = (&sku, &self.store) {
            hub.must_know(store)?;
            let date = self.date.unwrap_or_else(|| hub.now().utc_day());
            let Bounds { min, max } = reader.bounds(sku, store, date)?;
            let (sku, scope) = (sku.clone(), Scope::Store(store.clone()));
            return Ok(vec![BoundsRow { sku, scope, season: None, min, max }]);
        }
        let row = |books::read::BoundsRow { sku, entry: Entry { key, bounds } }| {
            let Bounds { min, max } = bounds;
            BoundsRow { sku, scope: key.scope, season: key.season, min, max }
        };
        Ok(reader.bounds_entries(sku.as_ref())?.into_iter().map(row).collect())
    }
}
