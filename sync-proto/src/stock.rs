//! Other stores' stock, as the hub tells it to a store.
//!
//! It is derived data, true as of some moment: plain values, no document and nothing to merge. The
//! hub numbers what it has to tell; a store says up to where it has it, and is told what came later.

use ledger::amount::Quantity;
use ledger::id::{Sku, StoreId};
use ledger::time::Timestamp;

use crate::replica::More;

/// The first protocol version in which it is told.
pub const FIRST_VERSION: u16 = 2;

/// The most rows on one page. With ids of usual length a page is some 30 kB: a slow link is not
/// blocked for long, and a receiver's transaction stays short.
pub const MAX_ROWS_PER_PAGE: usize = 2_048;

/// How far a store has been told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Cursor {
    /// Which numbering the version belongs to. A hub that counts anew (it was restored from a
    /// backup), or tells of another choice of stores, takes another edition and tells all again.
    pub edition: u32,
    /// The last number told; 0 before the first.
    pub version: u64,
}

/// Part of what a hub has to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockPage {
    /// Whether what was told before still holds.
    pub begins: Begins,
    /// How far a store is with this page.
    pub next: Cursor,
    /// Whether another page follows at once.
    pub more: More,
    /// What changed, by store.
    pub stores: Vec<StoreStock>,
}

/// How a page stands to the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begins {
    /// It begins anew: what was told before no longer holds.
    Anew,
    /// It adds to them.
    Onward,
}

/// What can be had at a store, of the products of which that has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreStock {
    /// Where.
    pub store: StoreId,
    /// When the newest fact behind these numbers was recorded, by the store's clock.
    pub as_of: Timestamp,
    /// What can be had of each SKU.
    pub available: Vec<(Sku, Quantity)>,
}

impl StockPage {
    /// How many rows are on it.
    pub fn rows(&self) -> usize {
        self.stores.iter().map(|store| store.available.len()).sum()
    }
}
