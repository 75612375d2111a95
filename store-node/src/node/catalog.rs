//! Products by what is scanned, kept in memory while the catalog stays as it is. Prices may change with
//! the time of day, so those in force are looked up for each moment anew.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use books::Reader;
use books::read::Coded;
use ledger::amount::Quantity;
use ledger::catalog::Product;
use ledger::price::{self, Entry};
use ledger::promotion::Promotion;
use ledger::scan::{self, Says};
use ledger::scope::Membership;
use ledger::time::Timestamp;
use sync_proto::replica::Row;

use super::Node;
use crate::error::Result;

/// How many items are kept before starting over: the largest catalog, at about 300 bytes each.
const MAX_KEPT: usize = 100_000;

/// The products of some requests, by SKU or code as it was scanned. None where there is none.
pub(super) type Products = HashMap<String, Option<Scanned>>;

/// The product that a code is on.
#[derive(Debug, Clone)]
pub(crate) struct Scanned {
    pub(crate) product: Arc<Product>,
    /// How many of its units the code stands for: one, but for the code of a pack.
    pub(crate) each: Quantity,
    /// What the code says of the goods beside that.
    pub(crate) says: Arc<Says>,
    /// The product's price lists.
    entries: Arc<[Entry]>,
}

/// The node's memory of its catalog.
#[derive(Default)]
pub(super) struct Shelf {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// The last change of shared documents when these were read.
    as_of: Row,
    products: Products,
    /// The groups of the store, once a price list was asked for them.
    store: Option<Arc<Membership>>,
    /// The promotions of the store, once a basket was priced.
    promotions: Option<Arc<[Promotion]>>,
}

impl Shelf {
    /// The products that these items name, at the prices of a moment.
    pub(super) fn products_of<'i>(
        &self,
        node: &Node,
        items: impl Iterator<Item = &'i str>,
        at: Timestamp,
    ) -> Result<Products> {
        let mut found = self.listed(node, items)?;
        if found.values().flatten().any(|scanned| !scanned.entries.is_empty()) {
            let (store, wall) = (self.store(node)?, node.wall(at));
            for scanned in found.values_mut().flatten().filter(|s| !s.entries.is_empty()) {
                let Scanned { product, entries, .. } = scanned;
                *product = Arc::new(price::priced(product, entries, &store, wall));
            }
        }
        Ok(found)
    }

    /// The promotions of the store, whether they hold now or not. Those that this version can't read are
    /// left out.
    pub(super) fn promotions(&self, node: &Node) -> Result<Arc<[Promotion]>> {
        let as_of = node.books().commits().borrow().last_shared;
        {
            let mut kept = self.kept();
            if kept.as_of != as_of {
                *kept = Kept { as_of, ..Kept::default() };
            }
            if let Some(promotions) = &kept.promotions {
                return Ok(promotions.clone());
            }
        }
        let store = self.store(node)?;
        let known = node.books().reader()?.promotions()?.into_iter();
        let ours = known.filter_map(|(_, read)| read.ok().filter(|read| read.is_for(&store)));
        let promotions: Arc<[Promotion]> = ours.collect();
        let mut kept = self.kept();
        if kept.as_of == as_of {
            kept.promotions = Some(promotions.clone());
        }
        Ok(promotions)
    }

    /// The store, with the groups that head office has put it in.
    pub(super) fn store(&self, node: &Node) -> Result<Arc<Membership>> {
        if let Some(store) = &self.kept().store {
            return Ok(store.clone());
        }
        let as_of = node.books().commits().borrow().last_shared;
        let store = Arc::new(node.books().reader()?.membership(node.store())?);
        let mut kept = self.kept();
        if kept.as_of == as_of {
            kept.store = Some(store.clone());
        }
        Ok(store)
    }

    /// The products that these items name, at their base prices.
    fn listed<'i>(&self, node: &Node, items: impl Iterator<Item = &'i str>) -> Result<Products> {
        let as_of = node.books().commits().borrow().last_shared;
        let mut found = Products::new();
        let mut missing = Vec::new();
        {
            let mut kept = self.kept();
            if kept.as_of != as_of || kept.products.len() > MAX_KEPT {
                *kept = Kept { as_of, ..Kept::default() };
            }
            for item in items {
                match kept.products.get(item) {
                    Some(product) => {
                        found.insert(item.to_owned(), product.clone());
                    }
                    None => missing.push(item),
                }
            }
        }
        if missing.is_empty() {
            return Ok(found);
        }
        let reader = node.books().reader()?;
        for item in missing {
            let product = look_up(node, &reader, item)?;
            let mut kept = self.kept();
            if kept.as_of == as_of {
                kept.products.insert(item.to_owned(), product.clone());
            }
            found.insert(item.to_owned(), product);
        }
        Ok(found)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // A map of products is whole at every moment, whoever panicked holding it.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A number that the catalog knows is what the catalog says; only then it may be a code.
fn look_up(node: &Node, reader: &Reader, item: &str) -> Result<Option<Scanned>> {
    let scanned = |Coded { product, count }, says| -> Result<Scanned> {
        let product = node.proposed_price(reader, product)?;
        let entries = reader.prices_of(&product.sku)?.into();
        Ok(Scanned { product: Arc::new(product), each: count, says: Arc::new(says), entries })
    };
    if let Some(coded) = reader.product_by_code(item)? {
        return scanned(coded, Says::default()).map(Some);
    }
    // What can't be read is nobody's: the request that names it is refused for that.
    let Ok(read) = scan::read(item, node.scale_labels(), node.today()) else { return Ok(None) };
    let coded = reader.product_scanned(&read)?;
    coded.map(|coded| scanned(coded, read.says)).transpose()
}
