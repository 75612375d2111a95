//! The references: the same rows as bare SQLite reads them.

use std::collections::HashMap;
use std::path::Path;

use ledger::fact::Fact;
use ledger::id::Sku;
use ledger::movement::Account;
use rusqlite::{Connection, params};

use crate::report::Spent;
use crate::work::Result;

/// Every movement of the goods on hand as a row of numbers, in the order in which it was booked, and what
/// is kept of each day beside it.
const SCHEMA: &str = "
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    CREATE TABLE movement (
        store INTEGER NOT NULL, date INTEGER NOT NULL, sku INTEGER NOT NULL,
        account INTEGER NOT NULL, quantity INTEGER NOT NULL, value INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE kept (
        store INTEGER NOT NULL, date INTEGER NOT NULL, sku INTEGER NOT NULL,
        quantity INTEGER NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (store, date, sku)
    ) STRICT, WITHOUT ROWID;";

/// One pass that proves the stock equation: how many rows of what is kept are not what the movements of
/// their day add up to.
const EQUATION: &str = "
    SELECT count(*) FROM (
        SELECT store, date, sku, sum(quantity) AS quantity, sum(value) AS value
        FROM movement WHERE account = 0 GROUP BY store, date, sku
    ) AS moved LEFT JOIN kept USING (store, date, sku)
    WHERE kept.quantity IS NOT moved.quantity OR kept.value IS NOT moved.value";

/// A bare database with a row for each leg of each movement.
pub(super) struct Movements {
    conn: Connection,
    skus: HashMap<Sku, i64>,
}

impl Movements {
    pub(super) fn new(path: &Path) -> Result<Self> {
        let conn = Connection::open(path)?;
        conn.execute_batch(SCHEMA)?;
        Ok(Self { conn, skus: HashMap::new() })
    }

    /// Books the facts of a store's day.
    pub(super) fn book(&mut self, store: usize, facts: &[Fact]) -> Result<()> {
        let Self { conn, skus } = self;
        let tx = conn.transaction()?;
        let mut insert =
            tx.prepare_cached("INSERT INTO movement VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
        for fact in facts {
            let date: i64 = fact.date.compact().parse()?;
            for movement in &fact.movements {
                let next = i64::try_from(skus.len())?;
                let sku = *skus.entry(movement.sku.clone()).or_insert(next);
                for (account, quantity, value) in movement.legs() {
                    let account = i64::from(*account != Account::OnHand);
                    let (quantity, value) = (quantity.thousandths(), value.ten_thousandths());
                    insert.execute(params![store, date, sku, account, quantity, value])?;
                }
            }
        }
        drop(insert);
        Ok(tx.commit()?)
    }

    /// Proves the stock equation.
    pub(super) fn prove(&self) -> Result<Spent> {
        self.conn.execute_batch(
            "INSERT INTO kept SELECT store, date, sku, sum(quantity), sum(value) \
             FROM movement WHERE account = 0 GROUP BY store, date, sku",
        )?;
        let (wrong, spent): (i64, _) =
            Spent::on(|| Ok(self.conn.query_row(EQUATION, [], |row| row.get(0))?))?;
        if wrong == 0 { Ok(spent) } else { Err(format!("{wrong} rows differ").into()) }
    }
}

/// Hands out every change and every kept row of a hub once, and adds their lengths and numbers up. It
/// proves nothing: no reader of these rows can be faster.
pub(super) fn read_rows(books: &Path) -> Result<Spent> {
    let conn = Connection::open(books)?;
    let pass = "SELECT (SELECT sum(length(CAST(body AS BLOB))) FROM change) \
         + (SELECT sum(quantity_in - quantity_out + value_in - value_out) FROM day_balance) \
         + (SELECT sum(quantity + value) FROM balance) + (SELECT sum(facts + sales_net) FROM day)";
    let (_, spent): (i64, _) = Spent::on(|| Ok(conn.query_row(pass, [], |row| row.get(0))?))?;
    Ok(spent)
}
