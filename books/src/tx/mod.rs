//! What a closure of [`Books::write`](crate::Books::write) can do.

mod apply;
mod availability;
mod carry;
mod catalog;
mod close;
mod day_flow;
pub(crate) mod drop;
mod epoch;
mod order;
mod party;
mod payables;
mod peer;
mod post;
mod prices;
mod profile;
mod purchase_lines;
mod quarantine;
mod seal;
mod transfer_lines;
mod value;

use ledger::id::{Epoch, StoreId};
use rusqlite::Connection;
use sync_proto::{Actor, ChainId, Writer};

pub(crate) use apply::{Incoming, run_of};
pub use availability::Refreshed;
pub(crate) use carry::history;
pub use peer::PeerNote;
pub use seal::Sealed;
pub(crate) use transfer_lines::events_of;

use crate::at_rest::Press;
use crate::books::Identity;
use crate::error::{BooksError, Result};
use crate::meta;
use crate::state::State;

/// The book, open for writing: everything done through it becomes durable together with the
/// closure's answer, or not at all.
pub struct Tx<'w> {
    pub(crate) conn: &'w Connection,
    pub(crate) state: &'w mut State,
    pub(crate) press: &'w mut Press,
    pub(crate) identity: &'w Identity,
}

impl Tx<'_> {
    /// The chain of stores.
    pub fn chain(&self) -> &ChainId {
        &self.identity.chain
    }

    /// Whose book this is.
    pub fn me(&self) -> &Writer {
        &self.identity.me
    }

    /// The epoch in which this node writes.
    pub fn epoch(&mut self) -> Result<Epoch> {
        self.state.epoch(self.conn)
    }

    /// A note that the program above keeps in the book: its settings, counters, cursors.
    pub fn note(&self, key: &str) -> Result<Option<String>> {
        meta::get(self.conn, &meta::foreign(key))
    }

    /// Writes a note.
    pub fn set_note(&mut self, key: &str, value: &str) -> Result<()> {
        meta::set(self.conn, &meta::foreign(key), value)
    }

    /// Takes a note away.
    pub fn forget_note(&mut self, key: &str) -> Result<()> {
        meta::remove(self.conn, &meta::foreign(key))
    }

    /// The actor under which this node writes now.
    pub(crate) fn my_actor(&mut self) -> Result<Actor> {
        let epoch = self.epoch()?;
        Ok(Actor::derive(&self.identity.chain, &self.identity.me, epoch))
    }

    /// The store whose node this is, and its number.
    pub(crate) fn my_store(&self) -> Result<(&StoreId, i64)> {
        match (self.identity.me.store(), self.identity.store) {
            (Some(store), Some(number)) => Ok((store, number)),
            _ => Err(BooksError::NoStore),
        }
    }
}
