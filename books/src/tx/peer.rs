//! What is remembered of the replicas at the other end.

use ledger::id::FactId;
use ledger::time::Timestamp;
use rusqlite::params;
use sync_proto::Writer;
use sync_proto::replica::Row;

use super::Tx;
use crate::error::Result;
use crate::sql;

/// News of a peer. What is `None` stays as it was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PeerNote {
    /// When it was last heard from.
    pub seen_at: Option<Timestamp>,
    /// The last of this node's facts that it has made durable.
    pub acked_fact: Option<FactId>,
    /// The last of our changes that it has made durable.
    pub acked_row: Option<Row>,
}

impl Tx<'_> {
    /// Remembers news of a peer.
    pub fn note_peer(&mut self, peer: &Writer, note: &PeerNote) -> Result<()> {
        let peer = self.state.writer(self.conn, peer)?;

        sql::run(
            self.conn,
            "remember a peer",
            "INSERT INTO peer (id, seen_at, acked_epoch, acked_seq, acked_row) \
             VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET \
             seen_at = coalesce(excluded.seen_at, seen_at), \
             acked_epoch = coalesce(excluded.acked_epoch, acked_epoch), \
             acked_seq = coalesce(excluded.acked_seq, acked_seq), \
             acked_row = coalesce(excluded.acked_row, acked_row)",
            params![
                peer,
                note.seen_at.map(Timestamp::millis),
                note.acked_fact.map(|id| id.epoch.number()),
                note.acked_fact.map(|id| id.seq.cast_signed()),
                note.acked_row.map(|Row(row)| row.cast_signed())
            ],
        )
        .map(drop)
    }
}
