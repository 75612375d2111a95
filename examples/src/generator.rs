//! A chain of Chinese convenience stores, made from a seed.
//!
//! The same [`Scale`] always gives the same chain, to the last coin and on every machine: integers
//! only, no clock, no hash order. Each store's each day is made on its own, in any order:
//!
//! ```
//! use examples::generator::{Chain, Scale};
//!
//! let scale = Scale { seed: 7, stores: 3, sales_per_day: 200, first_day: "2026-11-16".parse()? };
//! let chain = Chain::new(scale);
//! let store = &chain.stores()[0];
//! let events = chain.day(store, scale.first_day);
//! assert!(events.len() > 50);
//! assert_eq!(events, Chain::new(scale).day(store, scale.first_day));
//! # Ok::<(), ledger::id::IdError>(())
//! ```
//!
//! What the data has because shops have it: a few products that everybody buys and many that
//! hardly anyone does, lunch hours and weekends, small baskets, phones that pay for nearly
//! everything and cash with change, markdowns in the evening, goods by weight, goods that come
//! back with a receipt and without, deliveries at prices that drift, bread thrown away at night,
//! and now and then more sold than the books hold.

pub mod barcode;
mod basket;
mod day;
mod dice;
mod goods;
mod payment;
mod products;
mod returns;
mod rhythm;
mod stores;

use ledger::command::{AdjustLine, InboundLine, SaleLine, Tender};
use ledger::id::{Operator, RequestId};
use ledger::time::{BusinessDate, Timestamp};

pub use products::Item;
pub use stores::{Neighbourhood, Store};

/// The most stores a chain may have: store ids have four digits.
pub const MAX_STORES: u16 = 9_999;

/// How large a chain to make, and from what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// Where all chance comes from.
    pub seed: u64,
    /// How many stores, at most [`MAX_STORES`].
    pub stores: u16,
    /// Sales of a middling store on a middling day.
    pub sales_per_day: u32,
    /// The day on which the books open; nothing that is returned was bought before it.
    pub first_day: BusinessDate,
}

/// A chain of stores and what they sell.
#[derive(Debug, Clone)]
pub struct Chain {
    scale: Scale,
    items: Vec<Item>,
    stores: Vec<Store>,
    demand: basket::Demand,
}

impl Chain {
    /// The chain of this scale.
    pub fn new(scale: Scale) -> Self {
        let items = products::make(scale.seed);
        let stores = stores::make(scale.seed, scale.stores.min(MAX_STORES));
        let demand = basket::Demand::of(&items);
        Self { scale, items, stores, demand }
    }

    /// What it was made from.
    pub fn scale(&self) -> Scale {
        self.scale
    }

    /// What the chain sells, by SKU.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// Its stores, by id.
    pub fn stores(&self) -> &[Store] {
        &self.stores
    }

    /// The stock with which a store's books open: about a week of sales.
    pub fn opening(&self, store: &Store) -> Vec<InboundLine> {
        goods::opening(self, store)
    }

    /// What happens at a store on a day, in the order of time.
    pub fn day(&self, store: &Store, date: BusinessDate) -> Vec<Event> {
        day::events(day::Scene { chain: self, store, date })
    }

    /// What happens at a store from the first day on, day after day.
    pub fn days<'a>(
        &'a self,
        store: &'a Store,
        days: i32,
    ) -> impl Iterator<Item = (BusinessDate, Event)> + 'a {
        let dates = (0..days).map(|n| self.scale.first_day.plus_days(n));
        dates.flat_map(move |date| self.day(store, date).into_iter().map(move |e| (date, e)))
    }
}

/// Something that happens at a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its name, unique in the chain.
    pub request: RequestId,
    /// When, by the store's clock (UTC+8).
    pub at: Timestamp,
    /// Who does it.
    pub operator: Operator,
    /// What.
    pub action: Action,
}

/// What happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// A customer buys.
    Sell {
        /// The basket; no SKU twice.
        lines: Vec<SaleLine>,
        /// What is handed over; cash may be more than is due.
        payments: Vec<Tender>,
    },
    /// A customer brings goods back.
    Return {
        /// The goods, at what was paid for them.
        lines: Vec<SaleLine>,
        /// The money that goes back, exactly.
        payments: Vec<Tender>,
        /// The sale they come from: an earlier event of this store. None without a receipt.
        source: Option<RequestId>,
    },
    /// A delivery arrives.
    Receive {
        /// The goods, at cost.
        lines: Vec<InboundLine>,
        /// From whom.
        supplier: &'static str,
    },
    /// What is past its time is thrown away; quantities are positive.
    Scrap {
        /// The goods.
        lines: Vec<AdjustLine>,
        /// Why.
        reason: &'static str,
    },
    /// A count found more (positive) or less (negative) than the books say.
    Adjust {
        /// The differences.
        lines: Vec<AdjustLine>,
        /// Why.
        reason: &'static str,
    },
}

#[cfg(test)]
mod tests;
