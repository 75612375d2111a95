//! Changes as they lie on disk: compressed, each in a row of its own with a checksum.
//!
//! A change is kept twice checked: its Automerge hash says that it is the change that was admitted,
//! and the row's checksum, which every read verifies, that the row is as it was written.
//!
//! A compacted document's changes keep their rows, and so their places in what peers ask for, but
//! their bytes stand together in one block, where they compress about five times better.

use rusqlite::{Connection, params};
use sync_proto::ChangeHash;
use sync_proto::limits::MAX_CHANGE_LEN;
use zstd::bulk::{Compressor, Decompressor};

use crate::error::{BooksError, During, Result};
use crate::sql;

/// Compression of single changes: level 1 keeps up with the ingest of a hub on one core.
const CHANGE_LEVEL: i32 = 1;

/// Compression of blocks, which are written once, when a day is long over.
const BLOCK_LEVEL: i32 = 12;

/// The most that one block holds before compression, so that reading one change never inflates
/// more. A busy day of 5,000 facts takes about 3 MB.
pub(crate) const MAX_BLOCK_LEN: usize = 4 * 1024 * 1024;

const RAW: u8 = 0;
const ZSTD: u8 = 1;

/// Packs and unpacks bodies; keeps the block read last, since changes are read in their order.
pub(crate) struct Press {
    compressor: Compressor<'static>,
    decompressor: Decompressor<'static>,
    block: Option<(i64, Vec<u8>)>,
}

/// A change to be stored.
pub(crate) struct NewRow<'a> {
    pub(crate) row: i64,
    pub(crate) doc: i64,
    pub(crate) actor: i64,
    pub(crate) seq: u64,
    pub(crate) max_op: u64,
    pub(crate) learned_from: Option<i64>,
    pub(crate) audience: Audience,
    pub(crate) hash: ChangeHash,
    pub(crate) body: &'a Body,
}

/// The bytes of a change in the form in which they lie in a row.
pub(crate) struct Body {
    packed: Vec<u8>,
    size: usize,
}

/// Whom a document concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    /// One store and the hub.
    One,
    /// Everyone.
    All,
}

/// A change read back.
pub(crate) struct StoredChange {
    pub(crate) doc: i64,
    pub(crate) actor: i64,
    pub(crate) seq: u64,
    pub(crate) hash: ChangeHash,
    pub(crate) bytes: Vec<u8>,
}

impl Press {
    /// Sets the machinery up; its buffers are used over and over.
    pub(crate) fn new() -> Result<Self> {
        let setup = |source| BooksError::document("set up the compressor", "of changes", source);
        Ok(Self {
            compressor: Compressor::new(CHANGE_LEVEL).map_err(setup)?,
            decompressor: Decompressor::new().map_err(setup)?,
            block: None,
        })
    }

    /// Reads the change of a row, or `None` if there is none.
    pub(crate) fn change(&mut self, conn: &Connection, row: i64) -> Result<Option<StoredChange>> {
        let mut statement = conn
            .prepare_cached(
                "SELECT doc, actor, seq, hash, size, checksum, block, offset, body \
                 FROM change WHERE row = ?1",
            )
            .during("read a change")?;
        let mut rows = statement.query([row]).during("read a change")?;
        let Some(found) = rows.next().during("read a change")? else { return Ok(None) };
        let damaged = |problem: &str| BooksError::damaged(format!("change row {row}"), problem);
        let read = || -> rusqlite::Result<_> {
            let hash: [u8; 32] = found.get(3)?;
            let seq: i64 = found.get(2)?;
            let size: usize = found.get(4)?;
            let place: (Option<i64>, Option<usize>) = (found.get(6)?, found.get(7)?);
            let body = found.get_ref(8)?.as_blob_or_null()?;
            Ok((found.get(0)?, found.get(1)?, seq.cast_unsigned(), hash, size, place, body))
        };
        let (doc, actor, seq, hash, size, place, body) = read().during("read a change")?;
        let hash = ChangeHash::from_bytes(hash);
        let check: i64 = found.get(5).during("read a change")?;
        if check != change_checksum(doc, actor, seq, &hash, body) {
            return Err(damaged("its checksum is wrong"));
        }
        let bytes = match (body, place) {
            (Some(body), _) => {
                self.unpack(body, size, MAX_CHANGE_LEN).map_err(|problem| damaged(&problem))?
            }
            (None, (Some(block), Some(offset))) => {
                let block = self.block(conn, block)?;
                let part = offset.checked_add(size).and_then(|end| block.get(offset..end));
                part.ok_or_else(|| damaged("it lies outside of its block"))?.to_vec()
            }
            (None, _) => return Err(damaged("it has no bytes")),
        };
        Ok(Some(StoredChange { doc, actor, seq, hash, bytes }))
    }

    /// Stores a block of changes of one document and returns its number.
    pub(crate) fn insert_block(&mut self, conn: &Connection, doc: i64, raw: &[u8]) -> Result<i64> {
        let pressed = zstd::bulk::compress(raw, BLOCK_LEVEL)
            .map_err(|source| BooksError::document("compress", "a block", source))?;

        sql::one(
            conn,
            "store a block",
            "INSERT INTO block (doc, size, checksum, body) VALUES (?1, ?2, ?3, ?4) \
             RETURNING id",
            params![doc, raw.len(), checksum(&[&pressed]), pressed],
            |row| row.get(0),
        )
    }

    /// Forgets the block read last, so that the next read comes from the file.
    pub(crate) fn forget_block(&mut self) {
        self.block = None;
    }

    fn block(&mut self, conn: &Connection, id: i64) -> Result<&[u8]> {
        if self.block.as_ref().is_none_or(|(held, _)| *held != id) {
            let bytes = self.read_block(conn, id)?;
            self.block = Some((id, bytes));
        }
        Ok(self.block.as_ref().map_or(&[], |(_, bytes)| bytes.as_slice()))
    }

    fn read_block(&mut self, conn: &Connection, id: i64) -> Result<Vec<u8>> {
        let damaged = |problem: &str| BooksError::damaged(format!("block {id}"), problem);

        let found: Option<(usize, i64, Vec<u8>)> = sql::first(
            conn,
            "read a block",
            "SELECT size, checksum, body FROM block WHERE id = ?1",
            [id],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        let (size, check, body) = found.ok_or_else(|| damaged("it is missing"))?;
        if check != checksum(&[&body]) {
            return Err(damaged("its checksum is wrong"));
        }
        if size > MAX_BLOCK_LEN {
            return Err(damaged("it says that it is too long"));
        }
        self.decompressor.decompress(&body, size).map_err(|e| damaged(&e.to_string()))
    }

    /// A change's bytes, ready for its row.
    pub(crate) fn body(&mut self, bytes: &[u8]) -> Result<Body> {
        Ok(Body { packed: self.pack(bytes)?, size: bytes.len() })
    }

    /// Bytes as they lie in a row: a byte for the form, then as they are or compressed.
    pub(crate) fn pack(&mut self, bytes: &[u8]) -> Result<Vec<u8>> {
        let pressed = self
            .compressor
            .compress(bytes)
            .map_err(|source| BooksError::document("compress", "a change", source))?;
        let (form, body) =
            if pressed.len() < bytes.len() { (ZSTD, pressed.as_slice()) } else { (RAW, bytes) };
        let mut packed = Vec::with_capacity(1 + body.len());
        packed.push(form);
        packed.extend_from_slice(body);
        Ok(packed)
    }

    /// What [`Press::pack`] was given, `size` bytes long.
    pub(crate) fn unpack(
        &mut self,
        packed: &[u8],
        size: usize,
        limit: usize,
    ) -> std::result::Result<Vec<u8>, String> {
        if size > limit {
            return Err("it says that it is too long".to_owned());
        }
        match packed.split_first() {
            Some((&RAW, body)) if body.len() == size => Ok(body.to_vec()),
            Some((&ZSTD, body)) => {
                let bytes =
                    self.decompressor.decompress(body, size).map_err(|error| error.to_string())?;
                if bytes.len() == size { Ok(bytes) } else { Err("it is too short".to_owned()) }
            }
            _ => Err("it is in no known form".to_owned()),
        }
    }
}

/// Stores a change.
pub(crate) fn store_change(conn: &Connection, change: &NewRow<'_>) -> Result<()> {
    let NewRow { doc, actor, seq, hash, .. } = change;
    let check = change_checksum(*doc, *actor, *seq, hash, Some(&change.body.packed));

    sql::run(
        conn,
        "store a change",
        "INSERT INTO change (row, doc, actor, seq, max_op, learned_from, shared, size, \
         checksum, hash, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        params![
            change.row,
            change.doc,
            change.actor,
            change.seq.cast_signed(),
            change.max_op.cast_signed(),
            change.learned_from,
            change.audience == Audience::All,
            change.body.size,
            check,
            change.hash.as_bytes(),
            change.body.packed,
        ],
    )
    .map(drop)
}

/// The checksum of a change's row. A change in a block has no body of its own.
pub(crate) fn change_checksum(
    doc: i64,
    actor: i64,
    seq: u64,
    hash: &ChangeHash,
    body: Option<&[u8]>,
) -> i64 {
    checksum(&[
        &doc.to_le_bytes(),
        &actor.to_le_bytes(),
        &seq.to_le_bytes(),
        hash.as_bytes(),
        body.unwrap_or_default(),
    ])
}

fn checksum(parts: &[&[u8]]) -> i64 {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(part);
    }
    let mut start = [0; 8];
    hasher.finalize_xof().fill(&mut start);
    i64::from_le_bytes(start)
}
