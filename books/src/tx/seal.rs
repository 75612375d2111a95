//! From durable facts to changes that can travel.

use ledger::id::FactId;
use ledger::time::Timestamp;
use rusqlite::Connection;
use sync_proto::{DocId, day_book};

use super::Tx;
use crate::at_rest::{Audience, NewRow, store_change};
use crate::chain::{self, Run};
use crate::dates;
use crate::error::{BooksError, During, Result};
use crate::facts::StoreRef;
use crate::state::Pending;

/// The pending facts, all of one day.
struct PendingFacts {
    facts: Vec<(FactId, String)>,
    date: i64,
    at: i64,
}

impl Tx<'_> {
    /// Turns the pending facts into a change, so that they can be sent. How many facts share a change
    /// means nothing to anyone; more of them cost fewer bytes each.
    ///
    /// The change bears the time of its last fact, so that sealing asks no clock.
    pub fn seal_pending(&mut self) -> Result<Sealed> {
        if self.state.pending(self.conn)?.facts == 0 {
            return Ok(Sealed::Nothing);
        }
        let (name, store) = self.my_store()?;
        let name = name.clone();
        let pending = read_pending(self.conn)?;
        let (Some((first, _)), Some((last, _))) = (pending.facts.first(), pending.facts.last())
        else {
            return Ok(Sealed::Nothing);
        };
        let (first, last) = (*first, *last);
        let doc = DocId::Book { store: name.clone(), date: dates::of_number(pending.date)? };
        let doc_row = self.state.doc(self.conn, &doc)?;
        let actor = self.my_actor()?;
        let me = self.identity.me.clone();
        let actor_row = self.state.actor(self.conn, &actor, &me, first.epoch)?;
        let tail = self.state.tail(self.conn, doc_row.id, actor_row.id)?;
        let facts: Vec<(FactId, &str)> =
            pending.facts.iter().map(|(id, text)| (*id, text.as_str())).collect();
        let at = Timestamp::from_millis(pending.at);
        let change = day_book::seal(&doc, actor, tail.as_ref(), &facts, at)
            .map_err(|source| BooksError::document("seal facts into", doc.to_string(), source))?;
        let row = self.state.next_row(self.conn, Audience::One)?;
        let body = self.press.body(&change.bytes)?;
        store_change(
            self.conn,
            &NewRow {
                row,
                doc: doc_row.id,
                actor: actor_row.id,
                seq: change.seq,
                max_op: change.max_op,
                learned_from: None,
                audience: Audience::One,
                hash: change.hash,
                body: &body,
            },
        )?;
        let (docs, actors) = ((&doc, doc_row), (&actor, actor_row));
        self.state.advance(self.conn, docs, actors, change.tail())?;
        let link = self.chain_end(StoreRef { name: &name, number: store }, first.epoch)?.link;
        let run = Run { store, epoch: first.epoch.number(), first: first.seq, last: last.seq };
        chain::insert_run(self.conn, run, row, &link)?;
        let clear = || self.conn.prepare_cached("DELETE FROM pending_fact")?.execute([]);
        clear().during("clear the pending facts")?;
        self.state.pending = Some(Pending::default());
        Ok(Sealed::Change)
    }
}

/// What sealing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sealed {
    /// A change was made.
    Change,
    /// Nothing was pending.
    Nothing,
}

fn read_pending(conn: &Connection) -> Result<PendingFacts> {
    let read = || {
        let mut pending = PendingFacts { facts: Vec::new(), date: 0, at: 0 };
        let mut statement = conn
            .prepare_cached("SELECT epoch, seq, date, at, text FROM pending_fact ORDER BY seq")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let id = crate::facts::fact_id(row.get(0)?, row.get(1)?);
            (pending.date, pending.at) = (row.get(2)?, row.get(3)?);
            if let Some(id) = id {
                pending.facts.push((id, row.get(4)?));
            }
        }
        Ok(pending)
    };
    read().during("read the pending facts")
}
