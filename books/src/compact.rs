//! Making old documents small.
//!
//! A change that holds one sale compresses badly on its own. When a day is over, the bytes of a
//! document's changes are put together in one block, which takes about a fifth. The changes keep their rows, numbers and
//! hashes: what peers ask for is found and sent as before, byte for byte, which an Automerge snapshot
//! in their place could not promise. The block is written and every change read back from it before
//! the bytes it replaces are dropped, in one transaction.

use ledger::time::BusinessDate;
use rusqlite::params;
use sync_proto::{ChangeHash, DocId};

use crate::at_rest::{MAX_BLOCK_LEN, change_checksum};
use crate::books::Books;
use crate::error::{BooksError, During, Result};
use crate::facts::doc_id;
use crate::read::Reader;
use crate::sql;
use crate::tx::Tx;
use crate::{dates, documents};

/// What compacting a document did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Compacted {
    /// Changes that moved into blocks.
    pub changes: u64,
    /// Bytes that they took before.
    pub before: u64,
    /// Bytes of the blocks.
    pub after: u64,
}

/// A change and where it goes.
struct Member {
    row: i64,
    actor: i64,
    seq: u64,
    hash: ChangeHash,
    bytes: Vec<u8>,
}

impl Books {
    /// Moves the changes of a document into blocks. One that has fewer than two changes outside of
    /// blocks is left as it is.
    pub fn compact(&self, doc: &DocId) -> Result<Compacted> {
        let doc = doc.clone();
        self.write(move |tx| tx.compact(&doc))
    }
}

impl Reader {
    /// Day books of days before `before` that are worth compacting, the oldest first.
    pub fn compactable(&self, before: BusinessDate, limit: usize) -> Result<Vec<DocId>> {
        let docs = sql::all(
            self.conn(),
            "find what can be compacted",
            "SELECT doc.id FROM doc JOIN change ON change.doc = doc.id \
             WHERE date < ?1 AND block IS NULL GROUP BY doc.id HAVING count(*) > 1 \
             ORDER BY date, doc.id LIMIT ?2",
            params![dates::number(before), limit],
            |row| row.get(0),
        )?;
        docs.into_iter().map(|doc| doc_id(self.conn(), doc)).collect()
    }
}

impl Tx<'_> {
    fn compact(&mut self, doc: &DocId) -> Result<Compacted> {
        let mut compacted = Compacted::default();
        let Some(doc) = documents::number(self.conn, doc)? else { return Ok(compacted) };
        let rows = self.loose_changes(doc)?;
        if rows.len() < 2 {
            return Ok(compacted);
        }
        let mut members: Vec<Member> = Vec::new();
        let mut len = 0;
        for row in rows {
            let change = self
                .press
                .change(self.conn, row)?
                .ok_or_else(|| BooksError::damaged(format!("change row {row}"), "it is missing"))?;
            if len + change.bytes.len() > MAX_BLOCK_LEN {
                compacted.add(self.write_block(doc, &members)?);
                members.clear();
                len = 0;
            }
            len += change.bytes.len();
            let (actor, seq, hash, bytes) = (change.actor, change.seq, change.hash, change.bytes);
            members.push(Member { row, actor, seq, hash, bytes });
        }
        compacted.add(self.write_block(doc, &members)?);
        Ok(compacted)
    }

    fn loose_changes(&self, doc: i64) -> Result<Vec<i64>> {
        sql::all(
            self.conn,
            "find the changes to compact",
            "SELECT row FROM change WHERE doc = ?1 AND block IS NULL ORDER BY row",
            [doc],
            |row| row.get(0),
        )
    }

    fn write_block(&mut self, doc: i64, members: &[Member]) -> Result<Compacted> {
        let raw: Vec<u8> = members.iter().flat_map(|member| member.bytes.iter().copied()).collect();
        let block = self.press.insert_block(self.conn, doc, &raw)?;
        let mut compacted = Compacted {
            changes: members.len() as u64,
            before: 0,
            after: self.size_of("SELECT length(body) FROM block WHERE id = ?1", block)?,
        };
        let mut offset = 0;
        for member in members {
            compacted.before +=
                self.size_of("SELECT length(body) FROM change WHERE row = ?1", member.row)?;
            self.point_into_block(doc, member, block, offset)?;
            offset += member.bytes.len();
        }
        self.press.forget_block();
        for member in members {
            let read = self.press.change(self.conn, member.row)?;
            if read.is_none_or(|read| read.bytes != member.bytes) {
                let subject = format!("block {block}");
                return Err(BooksError::damaged(subject, "it reads otherwise than written"));
            }
        }
        Ok(compacted)
    }

    fn point_into_block(&self, doc: i64, member: &Member, block: i64, offset: usize) -> Result<()> {
        let check = change_checksum(doc, member.actor, member.seq, &member.hash, None);

        sql::run(
            self.conn,
            "move a change into a block",
            "UPDATE change SET block = ?2, offset = ?3, checksum = ?4, body = NULL \
             WHERE row = ?1",
            params![member.row, block, offset, check],
        )
        .map(drop)
    }

    fn size_of(&self, sql: &str, key: i64) -> Result<u64> {
        let read = || self.conn.prepare_cached(sql)?.query_row([key], |row| row.get(0));
        read().during("measure a change")
    }
}

impl Compacted {
    fn add(&mut self, other: Self) {
        self.changes += other.changes;
        self.before += other.before;
        self.after += other.after;
    }
}
