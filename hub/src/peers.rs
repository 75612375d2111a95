//! What is remembered of each store between sessions: when it was last heard from, and what it has
//! confirmed to hold.
//!
//! A thousand stores say such things at once, and none of it is worth a commit of its own: it is
//! gathered and written once a second. What a crash loses of it is learned again at the next
//! contact.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use books::{Books, BooksError, PeerNote};
use ledger::id::StoreId;
use ledger::time::Timestamp;
use sync_proto::Writer;
use sync_proto::replica::Row;

/// How long news is gathered.
pub(crate) const GATHER: Duration = Duration::from_secs(1);

/// News that is not in the books yet.
#[derive(Debug, Default)]
pub(crate) struct PeerNews(Mutex<BTreeMap<StoreId, PeerNote>>);

impl PeerNews {
    /// A store was heard from.
    pub(crate) fn seen(&self, store: &StoreId, at: Timestamp) {
        self.add(store, PeerNote { seen_at: Some(at), ..PeerNote::default() });
    }

    /// A store holds everything that it may see up to this row.
    pub(crate) fn holds(&self, store: &StoreId, row: Row, at: Timestamp) {
        self.add(
            store,
            PeerNote { seen_at: Some(at), acked_row: Some(row), ..PeerNote::default() },
        );
    }

    /// Writes what was gathered. What cannot be written is kept for the next time.
    pub(crate) async fn write(&self, books: &Books) -> Result<(), BooksError> {
        let news = std::mem::take(&mut *self.news());
        if news.is_empty() {
            return Ok(());
        }
        let notes = news.clone();
        let written = books.write_async(move |tx| {
            for (store, note) in notes {
                tx.note_peer(&Writer::Store(store), &note)?;
            }
            Ok(())
        });
        let written = written.await;
        if written.is_err() {
            for (store, note) in news {
                self.add_older(store, note);
            }
        }
        written
    }

    fn add(&self, store: &StoreId, newer: PeerNote) {
        let mut news = self.news();
        let note = news.entry(store.clone()).or_default();
        *note = merged(*note, newer);
    }

    fn add_older(&self, store: StoreId, older: PeerNote) {
        match self.news().entry(store) {
            Entry::Occupied(mut newer) => {
                let both = merged(older, *newer.get());
                newer.insert(both);
            }
            Entry::Vacant(place) => drop(place.insert(older)),
        }
    }

    fn news(&self) -> std::sync::MutexGuard<'_, BTreeMap<StoreId, PeerNote>> {
        // Each note is copied in one step: the map is whole at every moment.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn merged(older: PeerNote, newer: PeerNote) -> PeerNote {
    PeerNote {
        seen_at: newer.seen_at.or(older.seen_at),
        acked_fact: newer.acked_fact.or(older.acked_fact),
        acked_row: newer.acked_row.or(older.acked_row),
    }
}
