//! Categories: list the tree, give a part of it another name or place.

use ledger::catalog::{Field, category};
use serde::{Deserialize, Serialize};
use sync_proto::catalog::Edits;

use crate::door::Ask;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::lists::ListRefused;

/// List the categories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListCategories {}

/// A category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryRow {
    /// Its path, e.g. `饮料/碳酸`.
    pub category: String,
    /// Products in it and in none within it.
    pub products: usize,
    /// Products in it, or in one within it.
    pub with_below: usize,
}

impl Ask for ListCategories {
    const PATH: &'static str = "/v1/category/list";
    type Answer = Vec<CategoryRow>;

    fn answer(self, hub: &Hub) -> Result<Vec<CategoryRow>> {
        let catalog = hub.catalog()?;
        let branches = category::tree(catalog.values().map(|product| &*product.category));
        let row = |branch: category::Branch| CategoryRow {
            category: branch.path,
            products: branch.own,
            with_below: branch.all,
        };
        Ok(branches.into_iter().map(row).collect())
    }
}

/// Give a category, with all within it, another name or place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoveCategory {
    /// What it is called.
    pub from: String,
    /// What it is to be called. If there is such a category, the two become one.
    pub to: String,
}

/// A category that was moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryMoved {
    /// What it was called.
    pub from: String,
    /// What it is called now.
    pub to: String,
    /// How many products went with it.
    pub products: usize,
    /// How many connected stores are told now.
    pub told: usize,
}

impl Ask for MoveCategory {
    const PATH: &'static str = "/v1/category/move";
    type Answer = CategoryMoved;

    fn answer(self, hub: &Hub) -> Result<CategoryMoved> {
        let (from, to) = (category::path(&self.from), category::path(&self.to));
        if category::is_within(&to, &from) {
            return Err(ListRefused::CategoryIntoItself { category: from }.into());
        }
        let mut edits = Edits::new();
        for product in hub.catalog()?.values() {
            let Some(moved) = category::moved(&product.category, &from, &to) else { continue };
            let mut checked = product.clone();
            checked
                .set(Field::Category, &moved)
                .map_err(|source| HubError::Field { sku: product.sku.clone(), source })?;
            edits.entry(product.sku.clone()).or_default().insert(Field::Category, moved);
        }
        if edits.is_empty() || from.is_empty() {
            return Err(ListRefused::NoCategory { category: from }.into());
        }
        let products = edits.len();
        let told = hub.edit_catalog(edits)?;
        Ok(CategoryMoved { from, to, products, told })
    }
}
