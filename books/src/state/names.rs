//! Names as numbers: texts are stored once and meant by a number everywhere else.

use std::collections::HashMap;

use ledger::id::{Lot, Sku, StoreId, TransferId};
use ledger::movement::Account;
use rusqlite::{Connection, OptionalExtension};

use super::Fresh;
use crate::error::{During, Result};

/// How many names of one kind are kept in memory before starting over. A chain has up to 100,000
/// SKUs, at about 80 bytes each.
const MAX_CACHED: usize = 128 * 1024;

/// Numbers of accounts that a place has room for. Part of the file format.
const ACCOUNTS: i64 = 16;

/// A place in the read model: an account of a store, or a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PlaceId(pub(crate) i64);

impl PlaceId {
    /// What is on hand at a store.
    pub(crate) const fn on_hand(store: i64) -> Self {
        Self(store * ACCOUNTS + ON_HAND)
    }

    /// An account of a store; of goods on the way, which are in no store, what is on hand.
    pub(crate) fn of(store: i64, account: &Account) -> Self {
        Self(store * ACCOUNTS + account_code(account).unwrap_or(ON_HAND))
    }

    /// What customers have of a store.
    pub(crate) const fn customer(store: i64) -> Self {
        Self(store * ACCOUNTS + CUSTOMER)
    }

    /// The first and last place of a store.
    pub(crate) const fn of_whole_store(store: i64) -> (i64, i64) {
        (store * ACCOUNTS, store * ACCOUNTS + ACCOUNTS - 1)
    }

    /// Goods on the way.
    pub(crate) const fn transit(transfer: i64) -> Self {
        Self(-transfer)
    }

    /// Whether it is a transfer.
    pub(crate) const fn is_transit(self) -> bool {
        self.0 < 0
    }

    /// The store and account, or the transfer, that this means.
    pub(crate) fn meaning(self) -> Option<PlaceMeaning> {
        if self.0 < 0 {
            return Some(PlaceMeaning::Transit(-self.0));
        }
        let account = account_of(self.0 % ACCOUNTS)?;
        Some(PlaceMeaning::Store(self.0 / ACCOUNTS, account))
    }
}

/// What a [`PlaceId`] stands for.
pub(crate) enum PlaceMeaning {
    /// An account of the store with this number.
    Store(i64, Account),
    /// The transfer with this number.
    Transit(i64),
}

const ON_HAND: i64 = 1;
const CUSTOMER: i64 = 3;

/// The number of a store's account, or the transfer of goods on the way, which are in no store.
/// Part of the file format.
fn account_code(account: &Account) -> std::result::Result<i64, &TransferId> {
    Ok(match account {
        Account::OnHand => ON_HAND,
        Account::Supplier => 2,
        Account::Customer => CUSTOMER,
        Account::CountGain => 4,
        Account::CountLoss => 5,
        Account::Scrap => 6,
        Account::TransitLoss => 7,
        Account::Quarantine => 8,
        Account::Opening => 9,
        Account::CostAdjustment => 10,
        Account::Assembly => 11,
        Account::InTransit(transfer) => return Err(transfer),
    })
}

fn account_of(code: i64) -> Option<Account> {
    Some(match code {
        ON_HAND => Account::OnHand,
        2 => Account::Supplier,
        CUSTOMER => Account::Customer,
        4 => Account::CountGain,
        5 => Account::CountLoss,
        6 => Account::Scrap,
        7 => Account::TransitLoss,
        8 => Account::Quarantine,
        9 => Account::Opening,
        10 => Account::CostAdjustment,
        11 => Account::Assembly,
        _ => return None,
    })
}

/// The writer's names.
#[derive(Default)]
pub(crate) struct Names {
    stores: Table,
    skus: Table,
    lots: Table,
    transfers: Table,
}

#[derive(Default)]
struct Table {
    numbers: HashMap<Box<str>, i64>,
    /// Whether a closure that may still fail has added rows.
    fresh: Fresh,
}

impl Names {
    /// The number of a store.
    pub(crate) fn store(&mut self, conn: &Connection, name: &StoreId) -> Result<i64> {
        self.stores.number(conn, &STORE, name.as_str())
    }

    /// The number of a SKU.
    pub(crate) fn sku(&mut self, conn: &Connection, name: &Sku) -> Result<i64> {
        self.skus.number(conn, &SKU, name.as_str())
    }

    /// The number of a lot; 0 for none.
    pub(crate) fn lot(&mut self, conn: &Connection, name: Option<&Lot>) -> Result<i64> {
        name.map_or(Ok(0), |lot| self.lots.number(conn, &LOT, lot.as_str()))
    }

    /// The number of a transfer.
    pub(crate) fn transfer(&mut self, conn: &Connection, name: &TransferId) -> Result<i64> {
        self.transfers.number(conn, &TRANSFER, name.as_str())
    }

    /// The place that a fact of this store means by an account.
    pub(crate) fn place(
        &mut self,
        conn: &Connection,
        store: i64,
        account: &Account,
    ) -> Result<PlaceId> {
        match account_code(account) {
            Ok(code) => Ok(PlaceId(store * ACCOUNTS + code)),
            Err(transfer) => self.transfer(conn, transfer).map(PlaceId::transit),
        }
    }

    /// A closure failed: names that it added are no longer in the database.
    pub(crate) fn forget_fresh(&mut self) {
        for table in self.tables() {
            if table.fresh == Fresh::Yes {
                *table = Table::default();
            }
        }
    }

    /// A closure succeeded: its names stay.
    pub(crate) fn keep_fresh(&mut self) {
        for table in self.tables() {
            table.fresh = Fresh::No;
            if table.numbers.len() > MAX_CACHED {
                table.numbers.clear();
            }
        }
    }

    fn tables(&mut self) -> [&mut Table; 4] {
        [&mut self.stores, &mut self.skus, &mut self.lots, &mut self.transfers]
    }
}

struct Sql {
    find: &'static str,
    add: &'static str,
}

const STORE: Sql = Sql {
    find: "SELECT id FROM store WHERE name = ?1",
    add: "INSERT INTO store (name) VALUES (?1) RETURNING id",
};
const SKU: Sql = Sql {
    find: "SELECT id FROM sku WHERE name = ?1",
    add: "INSERT INTO sku (name) VALUES (?1) RETURNING id",
};
const LOT: Sql = Sql {
    find: "SELECT id FROM lot WHERE name = ?1",
    add: "INSERT INTO lot (name) VALUES (?1) RETURNING id",
};
const TRANSFER: Sql = Sql {
    find: "SELECT id FROM transfer WHERE name = ?1",
    add: "INSERT INTO transfer (name) VALUES (?1) RETURNING id",
};

impl Table {
    fn number(&mut self, conn: &Connection, sql: &Sql, name: &str) -> Result<i64> {
        if let Some(number) = self.numbers.get(name) {
            return Ok(*number);
        }
        let find = || conn.prepare_cached(sql.find)?.query_row([name], |row| row.get(0)).optional();
        let number = match find().during("look up a name")? {
            Some(number) => number,
            None => {
                let add = || conn.prepare_cached(sql.add)?.query_row([name], |row| row.get(0));
                self.fresh = Fresh::Yes;
                add().during("add a name")?
            }
        };
        self.numbers.insert(name.into(), number);
        Ok(number)
    }
}
