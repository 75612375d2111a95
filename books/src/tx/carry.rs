//! Beginning empty books with what the store's history comes to, and taking the history in behind that.

use ledger::id::FactId;
use rusqlite::{Connection, params};
use sync_proto::carryover::{Carryover, History};

use super::Tx;
use crate::carried::{self, Numbers};
use crate::error::{During, Result};
use crate::project::index_requests;
use crate::state::{PlaceId, State};
use crate::{chain, closes, dates, meta, sql};

impl Tx<'_> {
    /// Begins the books, unless they are no longer empty. Needs the transaction for itself.
    pub(crate) fn take_over(&mut self, carryover: &Carryover) -> Result<()> {
        let (name, store) = self.my_store()?;
        let name = name.clone();
        if history(self.conn, store)? != History::Wanted {
            return Ok(());
        }
        // What is worked on here are the tables; the memory begins anew behind it.
        self.state.flush(self.conn)?;
        *self.state = State::default();

        for head in &carryover.heads {
            carried::insert(self.conn, head.epoch.number(), (1, head.seq))?;
        }
        for at in carryover.links.iter().chain(&carryover.heads) {
            let id = FactId { epoch: at.epoch, seq: at.seq };
            chain::keep_link(self.conn, store, id, &at.link)?;
        }
        self.carry_balances(store, carryover)?;
        self.carry_costs(carryover)?;
        if let Some(close) = carryover.close {
            let day = (store, dates::number(close.date));
            closes::insert(self.conn, day, close.fact, close.facts)?;
        }
        let requests = carryover.requests.iter().map(|(id, fact)| (id.as_str().to_owned(), *fact));
        index_requests(self.conn, &requests.collect::<Vec<_>>())?;
        if let Some(day) = carryover.last_day {
            meta::set(self.conn, meta::AWAITED_THROUGH, &day.to_string())?;
        }
        let known = carryover.heads.last().map(|head| head.epoch);
        let epoch = self.open_epoch(known)?;
        tracing::info!(
            store = %name, facts = carryover.facts(), epoch = epoch.number(),
            "the books begin with what head office holds of this store"
        );
        Ok(())
    }

    fn carry_balances(&mut self, store: i64, carryover: &Carryover) -> Result<()> {
        for row in &carryover.balances {
            let place = self.state.names.place(self.conn, store, &row.account)?;
            let sku = self.state.names.sku(self.conn, &row.sku)?;
            let lot = self.state.names.lot(self.conn, row.lot.as_ref())?;
            for table in ["awaited_balance", "balance"] {
                let sql = format!("INSERT INTO {table} VALUES (?1, ?2, ?3, ?4, ?5)");
                let amounts = (row.quantity.thousandths(), row.value.ten_thousandths());
                let columns = params![place.0, sku, lot, amounts.0, amounts.1];
                sql::run(self.conn, "carry a balance over", &sql, columns)?;
            }
        }
        Ok(())
    }

    fn carry_costs(&mut self, carryover: &Carryover) -> Result<()> {
        let (_, store) = self.my_store()?;
        for row in &carryover.costs {
            let sku = self.state.names.sku(self.conn, &row.sku)?;
            let cost = row.cost.ten_thousandths();
            carry_cost(self.conn, sku, cost, row.fact)?;
            sql::run(
                self.conn,
                "carry a cost over",
                "INSERT INTO cost (store, sku, cost, epoch, seq) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![store, sku, cost, row.fact.epoch.number(), row.fact.seq.cast_signed()],
            )?;
        }
        Ok(())
    }

    /// These awaited facts have come. After the last of all, nothing may be left of what was carried.
    pub(crate) fn awaited_came(&mut self, epoch: u32, facts: Numbers) -> Result<()> {
        let conn = self.conn;
        let awaited = self.state.awaited(conn)?;
        awaited.take(conn, epoch, facts)?;
        if !awaited.is_empty() {
            return Ok(());
        }
        self.state.flush(conn)?;
        let clear = "DELETE FROM carried_cost WHERE NOT EXISTS (SELECT 1 FROM dropped_tail)";
        conn.execute(clear, []).during("put away what was carried")?;
        // A balance of nothing that no fact moved is no remainder.
        let none = "DELETE FROM awaited_balance WHERE quantity = 0 AND value = 0";
        conn.execute(none, []).during("put away what was carried")?;
        match carried::left_over(conn)? {
            0 => tracing::info!("the whole history is here, and comes to what was carried over"),
            left => tracing::error!(
                balances = left,
                "the whole history is here, and does not come to what head office told: its stock counts \
                 what no fact says"
            ),
        }
        Ok(())
    }
}

/// Remembers a cost that a fact tells which is not here, unless a newer one is known.
pub(crate) fn carry_cost(conn: &Connection, sku: i64, cost: i64, fact: FactId) -> Result<()> {
    sql::run(
        conn,
        "carry a cost",
        "INSERT INTO carried_cost (sku, cost, epoch, seq) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT DO UPDATE SET cost = excluded.cost, epoch = excluded.epoch, \
         seq = excluded.seq WHERE (epoch, seq) <= (excluded.epoch, excluded.seq)",
        params![sku, cost, fact.epoch.number(), fact.seq.cast_signed()],
    )
    .map(drop)
}

/// How the books of a store's node stand to its history.
pub(crate) fn history(conn: &Connection, store: i64) -> Result<History> {
    let (begun, awaits, moved): (bool, bool, bool) = sql::one(
        conn,
        "look for the store's history",
        "SELECT EXISTS (SELECT 1 FROM run WHERE store = ?1) \
         OR EXISTS (SELECT 1 FROM pending_fact), EXISTS (SELECT 1 FROM awaited), \
         EXISTS (SELECT 1 FROM balance WHERE place BETWEEN ?2 AND ?3)",
        params![store, PlaceId::of_whole_store(store).0, PlaceId::of_whole_store(store).1],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    Ok(match (awaits, begun || moved) {
        (true, _) => History::Awaited,
        (false, true) => History::Whole,
        (false, false) => History::Wanted,
    })
}
