//! What is held, in a few bytes: whoever has looked at something once can tell whether it has changed
//! since, without reading it.

use std::collections::BTreeMap;

use ledger::id::StoreId;
use ledger::time::BusinessDate;
use rusqlite::params;
use sync_proto::{Collection, Digest, DocId};

use super::Reader;
use crate::dates;
use crate::error::{BooksError, Result};
use crate::facts::store_number;
use crate::sql;

/// Stands for the changes of one document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// One read back from where it was kept.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl Reader {
    /// The digests of a store's months. Equal digests: the store's books hold the same changes.
    pub fn book_digests(&self, store: &StoreId) -> Result<BTreeMap<String, Digest>> {
        let Some(number) = store_number(self.conn(), store)? else { return Ok(BTreeMap::new()) };
        let rows = sql::all(
            self.conn(),
            "read the digests of a store",
            "SELECT name, digest FROM collection WHERE store = ?1",
            [number],
            |row| Ok((row.get(0)?, Digest::from_bytes(row.get(1)?))),
        )?;
        Ok(rows.into_iter().collect())
    }

    /// The digest of a group of documents.
    pub fn collection_digest(&self, collection: &Collection) -> Result<Digest> {
        let found: Option<[u8; 16]> = sql::first(
            self.conn(),
            "read a digest",
            "SELECT digest FROM collection WHERE name = ?1",
            [collection.to_string()],
            |row| row.get(0),
        )?;
        Ok(found.map_or(Digest::EMPTY, Digest::from_bytes))
    }

    /// What the books hold of each day of a store. A day that is not named has no changes.
    pub fn day_fingerprints(&self, store: &StoreId) -> Result<BTreeMap<BusinessDate, Fingerprint>> {
        let Some(number) = store_number(self.conn(), store)? else { return Ok(BTreeMap::new()) };
        let rows: Vec<(i64, i64, i64, Vec<u8>)> = sql::all(
            self.conn(),
            "read what is held of a store's days",
            "SELECT date, actor, seq, hash FROM doc JOIN doc_tail ON doc_tail.doc = doc.id \
             WHERE store = ?1 AND date IS NOT NULL ORDER BY date, actor",
            [number],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )?;
        let mut days = BTreeMap::new();
        for day in rows.chunk_by(|one, next| one.0 == next.0) {
            let mut hasher = blake3::Hasher::new();
            for (_, actor, seq, hash) in day {
                hasher.update(&actor.to_le_bytes()).update(&seq.to_le_bytes()).update(hash);
            }
            days.insert(dates::of_number(day[0].0)?, Fingerprint(*hasher.finalize().as_bytes()));
        }
        Ok(days)
    }

    /// What is held of a document.
    pub fn document_fingerprint(&self, doc: &DocId) -> Result<Fingerprint> {
        let rows: Vec<(i64, i64, Vec<u8>)> = sql::all(
            self.conn(),
            "read what is held of a document",
            "SELECT actor, seq, hash FROM doc JOIN doc_tail ON doc_tail.doc = doc.id \
             WHERE doc.name = ?1 ORDER BY actor",
            params![doc.to_string()],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        let mut hasher = blake3::Hasher::new();
        for (actor, seq, hash) in rows {
            hasher.update(&actor.to_le_bytes()).update(&seq.to_le_bytes()).update(&hash);
        }
        Ok::<_, BooksError>(Fingerprint(*hasher.finalize().as_bytes()))
    }
}
