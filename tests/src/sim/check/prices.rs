//! Prices: in every store, at every hour, what head office has set last.

use std::collections::BTreeSet;

use ledger::amount::Money;
use ledger::catalog::{Product, Term};
use ledger::id::Sku;
use ledger::price::{Entry, priced};

use crate::sim::ending::{Bucket, Ending};
use crate::sim::shelf::{PRODUCTS, product};
use crate::sim::tags::{self, HOURS, Who};

/// What every machine that serves the chain asks for each product, against a recount of what was set.
pub(super) fn are_as_set(ending: &Ending) -> Result<(), String> {
    let skus: BTreeSet<Sku> = (0..PRODUCTS).map(product).collect();
    for machine in [ending.hub()].into_iter().chain(ending.stores()) {
        for sku in &skus {
            let (product, entries) = held(machine.catalog.values(), sku)?;
            for number in 1..=ending.stores as u64 {
                let member = tags::member(number);
                for at in 0..2 * HOURS {
                    let seen = priced(&product, &entries, &member, tags::hour(at));
                    let set = |who| tags::of(&ending.shop.tags, sku, who, number, at);
                    let base = ending.shop.bases.get(sku).copied().unwrap_or(Money::ZERO);
                    let retail = set(Who::Anybody).unwrap_or(base);
                    let of_members = set(Who::Members);
                    if (seen.price, seen.member_price) != (retail, of_members) {
                        let (who, store) = (&machine.writer, &member.store);
                        let told = format!("{} and {:?}", seen.price, seen.member_price);
                        return Err(format!(
                            "{who} asks {told} for {sku} in {store} at {at} h, set is {retail} and {of_members:?}"
                        ));
                    }
                }
            }
        }
    }
    Ok(())
}

/// A product and its price list, as a catalog has them.
fn held<'a>(
    buckets: impl Iterator<Item = &'a Bucket>,
    sku: &Sku,
) -> Result<(Product, Vec<Entry>), String> {
    let mut product = Product::named_after(sku.clone());
    let mut entries = Vec::new();
    for Bucket { products, terms, .. } in buckets {
        if let Some(held) = products.iter().find(|held| held.sku == *sku) {
            product = held.clone();
        }
        for (_, term, text) in terms.iter().filter(|(of, ..)| of == sku) {
            if let Term::Price(key) = term {
                entries.extend(Entry::read(key, text).map_err(|error| error.to_string())?);
            }
        }
    }
    Ok((product, entries))
}
