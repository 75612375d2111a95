//! The stores that are connected now.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ledger::id::StoreId;
use quinn::Connection;

use super::close::CloseCode;
use super::peer::Peer;

/// Which connections belong to which store.
///
/// A connection is entered *before* the hub's word on it is asked, so that a revocation meanwhile is
/// seen either by the question or by the closing of what is entered.
#[derive(Debug, Default)]
pub(super) struct Live(Mutex<BTreeMap<StoreId, Vec<Seat>>>);

/// One connection of a store.
#[derive(Debug, Clone)]
pub(super) struct Seat {
    pub(super) peer: Peer,
    pub(super) connection: Connection,
}

impl Live {
    /// Enters a connection.
    pub(super) fn enter(&self, store: &StoreId, seat: Seat) {
        self.seats().entry(store.clone()).or_default().push(seat);
    }

    /// Ends the older connections of a store: this one has been found good.
    pub(super) fn supersede(&self, store: &StoreId, by: &Connection) {
        let seats = self.seats();
        let older = seats.get(store).into_iter().flatten();
        for seat in older.take_while(|seat| seat.connection.stable_id() != by.stable_id()) {
            CloseCode::Superseded.close(&seat.connection);
        }
    }

    /// Takes a connection out.
    pub(super) fn leave(&self, store: &StoreId, connection: &Connection) {
        let mut seats = self.seats();
        if let Some(of_store) = seats.get_mut(store) {
            of_store.retain(|seat| seat.connection.stable_id() != connection.stable_id());
            if of_store.is_empty() {
                seats.remove(store);
            }
        }
    }

    /// Ends the connections of a store; returns how many there were.
    pub(super) fn close(&self, store: &StoreId, code: CloseCode) -> usize {
        let seats = self.seats();
        let of_store = seats.get(store).map(Vec::as_slice).unwrap_or_default();
        of_store.iter().for_each(|seat| code.close(&seat.connection));
        of_store.len()
    }

    /// The connected stores.
    pub(super) fn stores(&self) -> Vec<StoreId> {
        self.seats().keys().cloned().collect()
    }

    /// Every connection, as it stands now.
    pub(super) fn all(&self) -> Vec<Seat> {
        self.seats().values().flatten().cloned().collect()
    }

    fn seats(&self) -> MutexGuard<'_, BTreeMap<StoreId, Vec<Seat>>> {
        // No code between lock and unlock can panic half-way through a change.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
