//! On which goods a promotion is.

use std::collections::BTreeSet;

use crate::catalog::{Product, category};
use crate::id::Sku;

/// Goods by SKU, category or brand. Where nothing is named, all goods.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Goods {
    /// These products,
    pub skus: BTreeSet<Sku>,
    /// and those in these categories, or within them,
    pub categories: BTreeSet<Box<str>>,
    /// and those of these brands.
    pub brands: BTreeSet<Box<str>>,
}

impl Goods {
    /// Whether a product is among them.
    pub fn cover(&self, product: &Product) -> bool {
        self.are_all()
            || self.skus.contains(&product.sku)
            || self.brands.contains(&product.brand)
            || self.categories.iter().any(|tree| category::is_within(&product.category, tree))
    }

    /// Whether they are all goods.
    pub fn are_all(&self) -> bool {
        self.skus.is_empty() && self.categories.is_empty() && self.brands.is_empty()
    }

    /// Whether they are products that can be sold as one set.
    pub(super) fn is_a_set(&self) -> bool {
        self.skus.len() >= 2 && self.categories.is_empty() && self.brands.is_empty()
    }
}
