//! The reference for writing: the same rows in the same tables under the same pragmas, by plain
//! rusqlite statements that know the answers beforehand. No posting, no checks, no hashing.

use std::collections::HashMap;
use std::path::Path;

use ledger::fact::Fact;
use ledger::json;
use ledger::measure::measures;
use ledger::movement::Account;
use ledger::report::{Part, flows};
use rusqlite::{CachedStatement, Connection, params};

use crate::work::Result;

/// A database with the tables of `books`, written to by hand.
pub(crate) struct Bare {
    conn: Connection,
    skus: HashMap<String, i64>,
}

/// Accounts in a store's place number, as in `books`.
const PLACES_PER_STORE: i64 = 16;

impl Bare {
    /// Takes the tables over from a closed book; what is in them is emptied.
    pub(crate) fn of(path: &Path) -> Result<Self> {
        let conn = Connection::open(path)?;
        conn.pragma_update(None, "synchronous", "FULL")?;
        conn.pragma_update(None, "cache_size", -16_384)?;
        conn.pragma_update(None, "foreign_keys", true)?;
        conn.pragma_update(None, "temp_store", "MEMORY")?;
        conn.set_prepared_statement_cache_capacity(64);
        for table in [
            "pending_fact",
            "request",
            "run",
            "change",
            "balance",
            "day_balance",
            "day_flow",
            "day",
        ] {
            conn.execute(&format!("DELETE FROM {table}"), [])?;
        }
        Ok(Self { conn, skus: HashMap::new() })
    }

    /// Numbers the SKUs beforehand, as a warm book has them.
    pub(crate) fn know<'f>(&mut self, facts: impl IntoIterator<Item = &'f Fact>) {
        for movement in facts.into_iter().flat_map(|fact| &fact.movements) {
            let next = self.skus.len() as i64 + 1;
            self.skus.entry(movement.sku.to_string()).or_insert(next);
        }
    }

    /// Writes facts one by one in one transaction: what a store does at its tills.
    pub(crate) fn sell(&mut self, facts: &[Fact]) -> Result<()> {
        let tx = self.conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        {
            let mut put = Statements::new(&tx)?;
            for fact in facts {
                put.pending.execute(params![
                    fact.id.seq.cast_signed(),
                    fact.id.epoch.number(),
                    0,
                    fact.at.millis(),
                    json::to_text(fact)
                ])?;
                if let Some(request) = &fact.request {
                    put.request.execute(params![request.as_str(), 1, fact.id.seq.cast_signed()])?;
                }
                put.read_model(&self.skus, 1, fact)?;
            }
        }
        tx.commit()?;
        Ok(())
    }

    /// Writes a batch of facts as a hub keeps them: one row for the bytes of all, one for the run,
    /// and each row of the read model once.
    pub(crate) fn take_in(&mut self, store: i64, bytes: &[u8], facts: &[Fact]) -> Result<()> {
        let mut balances: HashMap<(i64, i64), (i64, i64)> = HashMap::new();
        let mut parts: HashMap<(i64, i64), Part> = HashMap::new();
        let mut totals = [0_i64; 2];
        for fact in facts {
            for movement in &fact.movements {
                let sku = self.skus[movement.sku.as_str()];
                for (account, quantity, value) in movement.legs() {
                    let sum = balances.entry((place(store, account), sku)).or_default();
                    sum.0 += quantity.thousandths();
                    sum.1 += value.ten_thousandths();
                }
            }
            for (sku, flow, part) in flows(fact) {
                let sum = parts.entry((self.skus[sku.as_str()], flow.code())).or_default();
                *sum = sum.plus(part).ok_or("a sum out of range")?;
            }
            totals[0] += 1;
            totals[1] += measures(fact).iter().map(|(_, amount)| amount).sum::<i64>();
        }
        let tx = self.conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        {
            let mut put = Statements::new(&tx)?;
            let last = facts.last().map_or(0, |fact| fact.id.seq.cast_signed());
            put.change.execute(params![store, last, bytes.len() as i64, bytes])?;
            put.run.execute(params![store, last, tx.last_insert_rowid(), [0_u8; 32]])?;
            for ((place, sku), (quantity, value)) in balances {
                put.balance.execute(params![place, sku, quantity, value])?;
                put.flow.execute(params![place, 0, sku, quantity, 0, value, 0])?;
            }
            for ((sku, flow), part) in parts {
                put.part(store, sku, flow, part)?;
            }
            put.day.execute(params![store, 0, totals[0], totals[1]])?;
        }
        tx.commit()?;
        Ok(())
    }
}

struct Statements<'c> {
    pending: CachedStatement<'c>,
    request: CachedStatement<'c>,
    change: CachedStatement<'c>,
    run: CachedStatement<'c>,
    balance: CachedStatement<'c>,
    flow: CachedStatement<'c>,
    day_flow: CachedStatement<'c>,
    day: CachedStatement<'c>,
}

impl<'c> Statements<'c> {
    fn new(conn: &'c Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            pending: conn.prepare_cached(
                "INSERT INTO pending_fact (seq, epoch, date, at, text) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?,
            request: conn
                .prepare_cached("INSERT INTO request (id, epoch, seq) VALUES (?1, ?2, ?3)")?,
            change: conn.prepare_cached(
                "INSERT INTO change (doc, actor, seq, max_op, shared, size, checksum, hash, body) \
                 VALUES (?1, ?1, ?2, 0, 0, ?3, 0, x'00', ?4)",
            )?,
            run: conn.prepare_cached(
                "INSERT INTO run (store, epoch, first, last, change, link) \
                 VALUES (?1, 1, ?2, ?2, ?3, ?4)",
            )?,
            balance: conn.prepare_cached(
                "INSERT INTO balance (place, sku, lot, quantity, value) VALUES (?1, ?2, 0, ?3, ?4) \
                 ON CONFLICT DO UPDATE SET quantity = quantity + excluded.quantity, \
                 value = value + excluded.value",
            )?,
            flow: conn.prepare_cached(
                "INSERT INTO day_balance (place, date, sku, quantity_in, quantity_out, value_in, \
                 value_out) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
                 ON CONFLICT DO UPDATE SET quantity_in = quantity_in + excluded.quantity_in, \
                 value_in = value_in + excluded.value_in",
            )?,
            day_flow: conn.prepare_cached(
                "INSERT INTO day_flow (store, date, sku, flow, quantity, value, paid, tax) \
                 VALUES (?1, 0, ?2, ?3, ?4, ?5, ?6, ?7) \
                 ON CONFLICT DO UPDATE SET quantity = quantity + excluded.quantity, \
                 value = value + excluded.value, paid = paid + excluded.paid, \
                 tax = tax + excluded.tax",
            )?,
            day: conn.prepare_cached(
                "INSERT INTO day VALUES (?1, ?2, 1, ?3, 0, ?4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) \
                 ON CONFLICT DO UPDATE SET facts = facts + excluded.facts, \
                 sales_count = sales_count + excluded.sales_count",
            )?,
        })
    }

    /// The rows that one fact moves.
    fn read_model(
        &mut self,
        skus: &HashMap<String, i64>,
        store: i64,
        fact: &Fact,
    ) -> rusqlite::Result<()> {
        for movement in &fact.movements {
            let sku = skus[movement.sku.as_str()];
            for (account, quantity, value) in movement.legs() {
                let place = place(store, account);
                let (quantity, value) = (quantity.thousandths(), value.ten_thousandths());
                self.balance.execute(params![place, sku, quantity, value])?;
                self.flow.execute(params![place, 0, sku, quantity, 0, value, 0])?;
            }
        }
        for (sku, flow, part) in flows(fact) {
            self.part(store, skus[sku.as_str()], flow.code(), part)?;
        }
        self.day.execute(params![store, 0, 1, 1])?;
        Ok(())
    }

    /// What went one way.
    fn part(&mut self, store: i64, sku: i64, flow: i64, part: Part) -> rusqlite::Result<()> {
        let Part { quantity, value, paid, tax } = part;
        self.day_flow.execute(params![store, sku, flow, quantity, value, paid, tax]).map(drop)
    }
}

fn place(store: i64, account: &Account) -> i64 {
    let number = match account {
        Account::OnHand => 1,
        Account::Customer => 2,
        Account::Supplier => 3,
        _ => 4,
    };
    store * PLACES_PER_STORE + number
}
