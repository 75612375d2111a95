//! The catalog: what a scanner reads means one product, whether it is one of its barcodes, the code of a
//! pack, or, where a product has none, its SKU.
//!
//! *Fails on*: two products for sale with one code; a code that is another product's SKU.

use std::collections::BTreeMap;

use super::{Check, Evidence, Finding, Observed, Proposal};
use crate::catalog::{Product, ProductStatus};
use crate::id::Sku;

/// The codes that mean several products. Products that are withdrawn are not sold, so they don't
/// count.
pub fn check<'a>(products: impl IntoIterator<Item = &'a Product>) -> Vec<Finding> {
    let mut codes: BTreeMap<&str, Vec<&Sku>> = BTreeMap::new();
    for product in products {
        if product.status == ProductStatus::Withdrawn {
            continue;
        }
        let own = std::iter::once(product.sku.as_str());
        for code in product.codes().map(|(code, _)| code).chain(own) {
            let skus = codes.entry(code).or_default();
            // One product may say a code twice: its barcode is often its SKU.
            if skus.last() != Some(&&product.sku) {
                skus.push(&product.sku);
            }
        }
    }
    let shared = codes.into_iter().filter(|(_, skus)| skus.len() > 1);
    shared.flat_map(|(code, skus)| tell(code, skus)).collect()
}

/// The first SKU is the one that a till takes; the others can't be sold by that code.
fn tell(code: &str, mut skus: Vec<&Sku>) -> Vec<Finding> {
    skus.sort_unstable();
    let (first, others) = skus.split_at(1);
    let finding = |sku: &&Sku| Finding {
        check: Check::BarcodeTwice,
        store: None,
        sku: Some((*sku).clone()),
        date: None,
        first_divergent: None,
        subject: Some(code.into()),
        evidence: Evidence::new(
            Observed::Word(sku.as_str().into()),
            Observed::Word(first[0].as_str().into()),
        ),
        proposal: Proposal::CorrectCatalog,
    };
    others.iter().map(finding).collect()
}
