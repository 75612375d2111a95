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
