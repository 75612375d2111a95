//! What things cost at this store, by its price lists and the clock on its wall.

use std::collections::BTreeMap;

use books::Reader;
use ledger::catalog::Product;
use ledger::id::Sku;
use ledger::price::{self, Entry};
use ledger::scope::Membership;
use ledger::time::{LocalTime, Timestamp};

use super::Node;
use crate::error::Result;

/// The store's price lists at one moment of the books.
pub(crate) struct PriceLists {
    store: Membership,
    entries: BTreeMap<Sku, Vec<Entry>>,
}

impl Node {
    /// What the clock on the shop's wall has shown by an instant.
    pub fn wall(&self, at: Timestamp) -> LocalTime {
        LocalTime::reached(at, &self.zone().time_zone())
    }

    /// A product that this store has proposed, at the price that it proposed as long as head office has set
    /// none; any other as it is.
    pub(crate) fn proposed_price(&self, reader: &Reader, product: Product) -> Result<Product> {
        if !product.price.is_zero() {
            return Ok(product);
        }
        let rows = reader.proposals(Some(&product.sku))?.into_iter();
        let own = rows.map(|row| row.proposal).find(|proposal| proposal.store == *self.store());
        let price = own.and_then(|proposal| proposal.price).unwrap_or(product.price);
        Ok(Product { price, ..product })
    }

    /// The price lists of all products, or of one.
    pub(crate) fn price_lists(&self, reader: &Reader, sku: Option<&Sku>) -> Result<PriceLists> {
        let store = reader.membership(self.store())?;
        let mut entries: BTreeMap<Sku, Vec<Entry>> = BTreeMap::new();
        for row in reader.price_entries(sku, None)? {
            if store.distance(&row.entry.key.scope).is_some() {
                entries.entry(row.sku).or_default().push(row.entry);
            }
        }
        Ok(PriceLists { store, entries })
    }
}

impl PriceLists {
    /// The store with its groups.
    pub(crate) const fn store(&self) -> &Membership {
        &self.store
    }

    /// The entries of a product that concern this store.
    pub(crate) fn of(&self, sku: &Sku) -> &[Entry] {
        self.entries.get(sku).map_or(&[], Vec::as_slice)
    }

    /// The products with entries that concern this store.
    pub(crate) fn skus(&self) -> impl Iterator<Item = &Sku> {
        self.entries.keys()
    }

    /// A product at the prices of a time.
    pub(crate) fn priced(&self, product: Product, at: LocalTime) -> Product {
        match self.of(&product.sku) {
            [] => product,
            entries => price::priced(&product, entries, &self.store, at),
        }
    }
}
