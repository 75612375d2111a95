//! Goods as an order tells them and as facts moved them, added up by SKU.

use std::collections::{BTreeMap, BTreeSet};

use crate::fold::Balance;
use crate::id::Sku;
use crate::order::Goods;

/// How much of each SKU, and what it is worth.
pub(super) type Sums = BTreeMap<Sku, Balance>;

/// Adds goods up.
pub(super) fn sums<'a>(goods: impl IntoIterator<Item = &'a Goods>) -> Sums {
    let mut sums = Sums::new();
    for Goods { sku, quantity, value } in goods {
        let quantity = quantity.thousandths().into();
        let moved = Balance { quantity, value: value.ten_thousandths().into() };
        sums.entry(sku.clone()).or_default().add(moved);
    }
    sums
}

/// The first SKU of which the two say otherwise.
pub(super) fn first_difference(one: &Sums, other: &Sums) -> Option<(Sku, Balance, Balance)> {
    let of = |sums: &Sums, sku: &Sku| sums.get(sku).copied().unwrap_or_default();
    let both = |sku: &Sku| (sku.clone(), of(one, sku), of(other, sku));
    let skus: BTreeSet<&Sku> = one.keys().chain(other.keys()).collect();
    skus.into_iter().map(both).find(|(_, one, other)| one != other)
}
