//! Changes that were not taken in, kept for operators to look at.

use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, params};
use sync_proto::replica::{Quarantined, RefusedBy};
use sync_proto::{Actor, Admitted, ChangeHash, DocId, Writer};

use super::Tx;
use crate::error::Result;
use crate::sql;
use crate::state::QuarantineHeld;

/// The most items kept of one peer. A store with more has one fault, not thousands.
const MAX_ITEMS: i64 = 10_000;

/// The most bytes of refused changes kept of one peer. Beyond it only the record is kept.
const MAX_BYTES: i64 = 64 * 1024 * 1024;

/// What is recorded of a change that was not taken in.
pub(crate) struct Item<'a> {
    pub(crate) doc: &'a DocId,
    pub(crate) refused_by: RefusedBy,
    pub(crate) reason: &'a str,
    pub(crate) actor: Option<&'a Actor>,
    pub(crate) seq: Option<u64>,
    pub(crate) hash: Option<&'a ChangeHash>,
    /// The change itself, where it may be needed again.
    pub(crate) bytes: Option<&'a [u8]>,
}

impl Tx<'_> {
    /// Records that a change was refused, by this side or by the peer. The same refusal again only
    /// counts up.
    pub fn quarantine(&mut self, peer: &Writer, item: &Quarantined) -> Result<()> {
        let claim = item.claim.as_ref();
        let item = Item {
            doc: &item.doc,
            refused_by: item.refused_by,
            reason: &item.reason,
            actor: claim.map(|claim| &claim.actor),
            seq: claim.map(|claim| claim.seq),
            hash: claim.and_then(|claim| claim.hash.as_ref()),
            bytes: None,
        };
        self.keep_aside(peer, &item)
    }

    /// Records an admitted change that does not fit what is held, with its bytes.
    pub(crate) fn quarantine_change(
        &mut self,
        peer: &Writer,
        change: &Admitted,
        reason: &str,
        bytes: Option<&[u8]>,
    ) -> Result<()> {
        let item = Item {
            doc: &change.doc,
            refused_by: RefusedBy::Us,
            reason,
            actor: Some(&change.actor),
            seq: Some(change.seq),
            hash: Some(&change.hash),
            bytes,
        };
        self.keep_aside(peer, &item)
    }

    /// A change is taken in: what was recorded against it no longer holds.
    pub(crate) fn clear_quarantine(&mut self, doc: &DocId, hash: &ChangeHash) -> Result<()> {
        if !self.has_quarantined()? {
            return Ok(());
        }

        self.state.quarantine_held.clear();
        sql::run(
            self.conn,
            "clear a quarantined change",
            "DELETE FROM quarantine WHERE doc = ?1 AND hash = ?2",
            params![doc.to_string(), hash.as_bytes()],
        )
        .map(drop)
    }

    fn keep_aside(&mut self, peer: &Writer, item: &Item<'_>) -> Result<()> {
        let peer = self.state.writer(self.conn, peer)?;
        self.state.quarantined = Some(true);
        if count_again(self.conn, item)? {
            return Ok(());
        }
        let mut held = match self.state.quarantine_held.get(&peer) {
            Some(held) => *held,
            None => read_held(self.conn, peer)?,
        };
        if held.items >= MAX_ITEMS {
            tracing::warn!(doc = %item.doc, reason = item.reason, "quarantine is full");
            return Ok(());
        }
        let bytes = item.bytes.filter(|_| held.bytes < MAX_BYTES);
        let body = bytes.map(|bytes| self.press.pack(bytes)).transpose()?;
        insert(self.conn, peer, item, body.as_deref())?;
        held.items += 1;
        held.bytes += body.map_or(0, |body| i64::try_from(body.len()).unwrap_or(i64::MAX));
        self.state.quarantine_held.insert(peer, held);
        Ok(())
    }

    fn has_quarantined(&mut self) -> Result<bool> {
        if let Some(known) = self.state.quarantined {
            return Ok(known);
        }

        let any = sql::one(
            self.conn,
            "look into quarantine",
            "SELECT EXISTS (SELECT 1 FROM quarantine)",
            [],
            |row| row.get(0),
        )?;
        self.state.quarantined = Some(any);
        Ok(any)
    }
}

/// The hash that stands for a change of which it is not known.
const UNKNOWN_HASH: [u8; 0] = [];

/// Counts a refusal that was recorded before. False if it was not.
fn count_again(conn: &Connection, item: &Item<'_>) -> Result<bool> {
    sql::run(
        conn,
        "count a refusal",
        "UPDATE quarantine SET times = times + 1, last_at = ?5 \
         WHERE doc = ?1 AND hash = ?2 AND refused_by = ?3 AND reason = ?4",
        params![
            item.doc.to_string(),
            hash_bytes(item),
            item.refused_by.to_string(),
            item.reason,
            now()
        ],
    )
    .map(|rows| rows > 0)
}

fn read_held(conn: &Connection, peer: i64) -> Result<QuarantineHeld> {
    sql::one(
        conn,
        "measure quarantine",
        "SELECT count(*), coalesce(sum(length(body)), 0) FROM quarantine WHERE peer = ?1",
        [peer],
        |row| Ok(QuarantineHeld { items: row.get(0)?, bytes: row.get(1)? }),
    )
}

fn insert(conn: &Connection, peer: i64, item: &Item<'_>, body: Option<&[u8]>) -> Result<()> {
    sql::run(
        conn,
        "record a refused change",
        "INSERT INTO quarantine (peer, doc, refused_by, reason, hash, actor, seq, size, body, \
         first_at, last_at, times) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, 1)",
        params![
            peer,
            item.doc.to_string(),
            item.refused_by.to_string(),
            item.reason,
            hash_bytes(item),
            item.actor.map(Actor::as_bytes),
            item.seq,
            item.bytes.map(<[u8]>::len),
            body,
            now()
        ],
    )
    .map(drop)
}

fn hash_bytes<'a>(item: &Item<'a>) -> &'a [u8] {
    item.hash.map_or(&UNKNOWN_HASH, |hash| hash.as_bytes())
}

/// Milliseconds since 1970, for people who look into quarantine; nothing is decided by it.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
