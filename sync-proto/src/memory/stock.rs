//! Other stores' stock in memory: every row with the number under which it was last told.

use std::collections::BTreeMap;

use ledger::amount::Quantity;
use ledger::id::{Sku, StoreId};
use ledger::time::Timestamp;

use crate::replica::More;
use crate::stock::{Begins, Cursor, MAX_ROWS_PER_PAGE, StockPage, StoreStock};

/// The one edition of a replica that is never restored.
const EDITION: u32 = 1;

/// What is told, or has been told.
#[derive(Debug, Clone)]
pub(super) struct Stock {
    follows: bool,
    cursor: Cursor,
    as_of: BTreeMap<StoreId, Timestamp>,
    rows: BTreeMap<(StoreId, Sku), (u64, Quantity)>,
}

impl Stock {
    pub(super) const fn new() -> Self {
        Self {
            follows: false,
            cursor: Cursor { edition: 0, version: 0 },
            as_of: BTreeMap::new(),
            rows: BTreeMap::new(),
        }
    }

    pub(super) const fn follow(&mut self) {
        self.follows = true;
    }

    pub(super) fn summary(&self) -> Option<Cursor> {
        self.follows.then_some(self.cursor)
    }

    pub(super) fn set(&mut self, stock: StoreStock) {
        self.as_of.insert(stock.store.clone(), stock.as_of);
        for (sku, quantity) in stock.available {
            self.cursor = Cursor { edition: EDITION, version: self.cursor.version + 1 };
            self.rows.insert((stock.store.clone(), sku), (self.cursor.version, quantity));
        }
    }

    pub(super) fn after(&self, after: Cursor) -> Option<StockPage> {
        let onward = after.edition == self.cursor.edition;
        let since = if onward { after.version } else { 0 };
        let mut rows: Vec<_> = self.rows.iter().filter(|(_, (at, _))| *at > since).collect();
        if rows.is_empty() {
            return None;
        }
        rows.sort_by_key(|(_, (version, _))| *version);
        let more = if rows.len() > MAX_ROWS_PER_PAGE { More::Yes } else { More::No };
        rows.truncate(MAX_ROWS_PER_PAGE);
        let version = rows.last().map_or(since, |(_, (version, _))| *version);
        let mut stores: BTreeMap<&StoreId, Vec<(Sku, Quantity)>> = BTreeMap::new();
        for ((store, sku), (_, quantity)) in rows {
            stores.entry(store).or_default().push((sku.clone(), *quantity));
        }
        Some(StockPage {
            begins: if onward { Begins::Onward } else { Begins::Anew },
            next: Cursor { edition: self.cursor.edition, version },
            more,
            stores: stores.into_iter().map(|(store, rows)| self.of(store, rows)).collect(),
        })
    }

    pub(super) fn learn(&mut self, page: StockPage) {
        if page.begins == Begins::Anew {
            self.rows.clear();
            self.as_of.clear();
        }
        for StoreStock { store, as_of, available } in page.stores {
            self.as_of.insert(store.clone(), as_of);
            let at = page.next.version;
            self.rows.extend(available.into_iter().map(|(sku, q)| ((store.clone(), sku), (at, q))));
        }
        self.cursor = page.next;
    }

    pub(super) fn told(&self) -> Vec<StoreStock> {
        let of = |store: &StoreId| {
            let rows = self.rows.iter().filter(|((at, _), _)| at == store);
            self.of(store, rows.map(|((_, sku), (_, q))| (sku.clone(), *q)).collect())
        };
        self.as_of.keys().map(of).collect()
    }

    fn of(&self, store: &StoreId, available: Vec<(Sku, Quantity)>) -> StoreStock {
        let as_of = self.as_of.get(store).copied().unwrap_or(Timestamp::from_millis(0));
        StoreStock { store: store.clone(), as_of, available }
    }
}
