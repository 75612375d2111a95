//! Epochs: a restored or cloned book must not go on under its old name.

use ledger::id::{Epoch, FactId};
use rusqlite::params;
use sync_proto::replica::TakeBack;
use sync_proto::{Actor, DocId};

use super::Tx;
use super::quarantine::now;
use crate::carried::{self, DROPPED, NotHere, not_here};
use crate::dates;
use crate::error::{During, Result};
use crate::sql;
use crate::{chain, facts, meta, rebuild};

impl Tx<'_> {
    /// Starts a new history of this node, above its present epoch and above `known`, the newest that
    /// anyone else has seen. Facts that are pending are sealed under the old one first.
    pub fn open_epoch(&mut self, known: Option<Epoch>) -> Result<Epoch> {
        if self.identity.store.is_some() {
            self.seal_pending()?;
        }
        let present = self.epoch()?;
        let next = known.map_or(present, |known| known.max(present)).next();
        self.state.set_epoch(self.conn, next)?;
        self.mark_unsaid()?;
        Ok(next)
    }

    /// Ends the store's present history. Needs the transaction for itself.
    pub(crate) fn take_back(&mut self, order: &TakeBack) -> Result<()> {
        let (_, store) = self.my_store()?;
        if let Some(after) = order.set_aside_after {
            // Sealing first leaves one kind of fact to set aside.
            self.seal_pending()?;
            let changes = self.own_changes_after(store, order.epoch, after)?;
            self.remove(&changes)?;
        }
        self.open_epoch(Some(order.above)).map(drop)
    }

    /// Sets aside an actor's changes in one document. Needs the transaction for itself.
    pub(crate) fn set_document_aside(&mut self, doc: &DocId, actor: Actor) -> Result<()> {
        let changes = sql::all(
            self.conn,
            "find the changes to set aside",
            "SELECT row FROM change \
             WHERE doc = (SELECT id FROM doc WHERE name = ?1) \
             AND actor = (SELECT id FROM actor WHERE bytes = ?2) ORDER BY row",
            params![doc.to_string(), actor.as_bytes()],
            |row| row.get(0),
        )?;
        for change in &changes {
            chain::keep_links(self.conn, *change)?;
        }
        self.mark_unsaid()?;
        self.remove(&changes)
    }

    fn own_changes_after(&self, store: i64, epoch: Epoch, after: u64) -> Result<Vec<i64>> {
        sql::all(
            self.conn,
            "find the changes to set aside",
            "SELECT change FROM run WHERE store = ?1 AND epoch = ?2 AND last > ?3 \
             ORDER BY change",
            params![store, epoch.number(), after],
            |row| row.get(0),
        )
    }

    /// Takes changes out of the books, keeps the texts of their facts, and builds the read model of
    /// what is left.
    fn remove(&mut self, changes: &[i64]) -> Result<()> {
        if changes.is_empty() {
            return Ok(());
        }
        if changes.contains(&DROPPED) {
            return Err(not_here("a day that is to be set aside", NotHere::Dropped));
        }
        meta::raise_row_floor(self.conn)?;
        for change in changes {
            for (id, text) in facts::of_change(self.conn, self.press, *change)? {
                self.put_aside(id, &text)?;
            }
            let delete =
                || self.conn.prepare_cached("DELETE FROM change WHERE row = ?1")?.execute([change]);
            delete().during("take a change out of the books")?;
        }
        rebuild::in_place(self, &mut |_| {}).map(drop)
    }

    fn put_aside(&mut self, id: FactId, text: &str) -> Result<()> {
        let date = facts::StoredFact::read(text.to_owned())?.fact.date;
        // The rows of a dropped day stay as they are, so nothing can be taken out of them.
        if carried::dropped_through(self.conn)?.is_some_and(|through| date <= through) {
            return Err(not_here(date, NotHere::Dropped));
        }

        sql::run(
            self.conn,
            "set a fact aside",
            "INSERT INTO set_aside (epoch, seq, date, at, text) \
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![id.epoch.number(), id.seq, dates::number(date), now(), text],
        )
        .map(drop)
    }
}
