//! Giving up the changes of old days that the hub holds.
//!
//! What the facts of such a day come to stays: its rows of the read model, its part of the balances (as
//! carried), the ends of its runs in the chain, and the last change of each actor, so that the digests speak for
//! it and no peer sends it again. Only the texts are gone, and those are at head office.

use ledger::cost::inbound_cost;
use ledger::time::BusinessDate;
use rusqlite::{Connection, params};
use sync_proto::{ChangeHash, DocTail};

use super::Tx;
use super::carry::carry_cost;
use crate::books::Books;
use crate::carried::DROPPED;
use crate::closes::{self, Closed};
use crate::error::Result;
use crate::facts::StoredFact;
use crate::state::HUB;
use crate::{carried, dates, facts, meta, sql};

/// The least number of days that a node keeps whole. A hub that is restored from a backup gets back from
/// its stores what it has lost; a backup older than five weeks is no backup.
pub const MIN_KEPT_DAYS: u16 = 35;

/// What dropping old days did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Dropped {
    /// Days.
    pub days: u64,
    /// Their facts.
    pub facts: u64,
    /// Their changes.
    pub changes: u64,
    /// Bytes that those took in the file, which it uses again.
    pub bytes: u64,
}

impl Books {
    /// Gives up the changes of the oldest days before `before`, at most so many: closed days whose facts the
    /// hub has acknowledged. The first day that is not ends it. So does history that is still to come.
    ///
    /// The caller sees to [`MIN_KEPT_DAYS`].
    pub fn drop_days(&self, before: BusinessDate, at_most: usize) -> Result<Dropped> {
        let mut dropped = Dropped::default();
        for _ in 0..at_most {
            let Some(day) = self.write(move |tx| tx.drop_next_day(before))? else { break };
            dropped.days += 1;
            dropped.facts += day.facts;
            dropped.changes += day.changes;
            dropped.bytes += day.bytes;
        }
        Ok(dropped)
    }
}

impl Tx<'_> {
    fn drop_next_day(&mut self, before: BusinessDate) -> Result<Option<Dropped>> {
        let (_, store) = self.my_store()?;
        if !self.state.awaited(self.conn)?.is_empty() {
            return Ok(None);
        }
        self.state.flush(self.conn)?;
        let Some((doc, day)) = oldest(self.conn, store, before)? else { return Ok(None) };
        let date = dates::of_number(day)?;
        let closed = closes::state_of(self.conn, store, date)? == Closed::Wholly;
        if !closed || !is_acknowledged(self.conn, doc, day)? {
            return Ok(None);
        }
        meta::raise_row_floor(self.conn)?;
        let dropped = self.carry_facts_of(store, doc)?;
        self.keep_tails(doc)?;
        for sql in ["DELETE FROM change WHERE doc = ?1", "DELETE FROM block WHERE doc = ?1"] {
            sql::run(self.conn, "drop a book", sql, [doc])?;
        }
        self.press.forget_block();
        let through = carried::dropped_through(self.conn)?.map_or(date, |last| last.max(date));
        meta::set(self.conn, meta::DROPPED_THROUGH, &through.to_string())?;
        Ok(Some(dropped))
    }

    /// Carries what the facts of a book come to, and keeps their runs, joined where they follow each other.
    fn carry_facts_of(&mut self, store: i64, doc: i64) -> Result<Dropped> {
        let changes = sql::all(
            self.conn,
            "list the changes of a book",
            "SELECT row, coalesce(length(body), size / 4), epoch, first, last, run.link FROM change \
             JOIN run ON run.store = ?1 AND run.change = change.row WHERE change.doc = ?2 \
             ORDER BY epoch, first",
            [store, doc],
            |row| {
                let (epoch, first, last): (u32, u64, u64) = (row.get(2)?, row.get(3)?, row.get(4)?);
                let link: Vec<u8> = row.get(5)?;
                Ok((row.get::<_, i64>(0)?, row.get::<_, u64>(1)?, (epoch, first, last), link))
            },
        )?;
        let mut dropped = Dropped::default();
        let mut runs: Vec<((u32, u64, u64), Vec<u8>)> = Vec::new();
        for (row, bytes, (epoch, first, last), link) in changes {
            for (_, text) in facts::of_change(self.conn, self.press, row)? {
                self.carry_fact(store, text)?;
                dropped.facts += 1;
            }
            dropped.changes += 1;
            dropped.bytes += bytes;
            sql::run(self.conn, "drop a run", "DELETE FROM run WHERE change = ?1", [row])?;
            match runs.last_mut() {
                Some(((of, _, end), kept)) if *of == epoch && *end + 1 == first => {
                    (*end, *kept) = (last, link);
                }
                _ => runs.push(((epoch, first, last), link)),
            }
        }
        for ((epoch, first, last), link) in runs {
            sql::run(
                self.conn,
                "keep a run",
                "INSERT INTO run (store, epoch, first, last, change, link) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![store, epoch, first, last, DROPPED, link],
            )?;
        }
        Ok(dropped)
    }

    fn carry_fact(&mut self, store: i64, text: String) -> Result<()> {
        let fact = StoredFact::read(text)?.fact;
        for movement in &fact.movements {
            let sku = self.state.names.sku(self.conn, &movement.sku)?;
            let lot = self.state.names.lot(self.conn, movement.lot.as_ref())?;
            for (account, quantity, value) in movement.legs() {
                let place = self.state.names.place(self.conn, store, account)?;
                let amounts = (quantity.thousandths(), value.ten_thousandths());
                sql::run(
                    self.conn,
                    "carry what a fact moved",
                    "INSERT INTO dropped_balance (place, sku, lot, quantity, value) \
                     VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET \
                     quantity = quantity + excluded.quantity, value = value + excluded.value",
                    params![place.0, sku, lot, amounts.0, amounts.1],
                )?;
            }
        }
        for (sku, cost) in inbound_cost(&fact) {
            let sku = self.state.names.sku(self.conn, &sku)?;
            carry_cost(self.conn, sku, cost.ten_thousandths(), fact.id)?;
        }
        Ok(())
    }

    fn keep_tails(&self, doc: i64) -> Result<()> {
        sql::run(
            self.conn,
            "keep the end of a book",
            "REPLACE INTO dropped_tail SELECT doc, actor, seq, hash, max_op FROM doc_tail \
             WHERE doc = ?1",
            [doc],
        )
        .map(drop)
    }
}

/// The oldest book of a store before a day that holds changes.
fn oldest(conn: &Connection, store: i64, before: BusinessDate) -> Result<Option<(i64, i64)>> {
    sql::first(
        conn,
        "find the oldest book",
        "SELECT id, date FROM doc WHERE store = ?1 AND date < ?2 \
         AND EXISTS (SELECT 1 FROM change WHERE change.doc = doc.id) ORDER BY date LIMIT 1",
        [store, dates::number(before)],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Whether the hub holds everything that was booked to a day.
fn is_acknowledged(conn: &Connection, doc: i64, day: i64) -> Result<bool> {
    sql::one(
        conn,
        "ask whether the hub holds a book",
        "SELECT NOT EXISTS (SELECT 1 FROM change WHERE doc = ?1 AND learned_from IS NOT ?3 \
         AND row > coalesce((SELECT acked_row FROM peer WHERE id = ?3), 0)) \
         AND NOT EXISTS (SELECT 1 FROM pending_fact WHERE date = ?2)",
        [doc, day, HUB],
        |row| row.get(0),
    )
}

/// The last change of each actor in the books that were dropped: document, actor, tail.
pub(crate) fn tails(conn: &Connection) -> Result<Vec<(i64, i64, DocTail)>> {
    sql::all(
        conn,
        "list the books that were dropped",
        "SELECT doc, actor, seq, hash, max_op FROM dropped_tail",
        [],
        |row| {
            let (seq, max_op): (u64, u64) = (row.get(2)?, row.get(4)?);
            let hash = ChangeHash::from_bytes(row.get(3)?);
            Ok((row.get(0)?, row.get(1)?, DocTail { seq, hash, max_op }))
        },
    )
}
