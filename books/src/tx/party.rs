//! Suppliers: editing their documents, and the rows that show them.

use ledger::time::Timestamp;
use rusqlite::{Connection, params};
use sync_proto::party::{Edits, Parties, Said};
use sync_proto::profile::Profiles;
use sync_proto::{Authorship, DocId};

use super::Tx;
use crate::documents;
use crate::error::{BooksError, During, Result};
use crate::sql;

impl Tx<'_> {
    /// Sets fields of suppliers and offers, each in the document of its bucket. Fields that are so
    /// already change nothing. Returns how many changes were made.
    pub fn edit_parties(&mut self, edits: &Edits, at: Timestamp) -> Result<usize> {
        let mut made = 0;
        for (bucket, edits) in edits.by_bucket() {
            made += self.edit_party_bucket(bucket, &edits, at)?;
        }
        Ok(made)
    }

    fn edit_party_bucket(&mut self, bucket: u8, edits: &Edits, at: Timestamp) -> Result<usize> {
        let doc = DocId::Party { bucket };
        let failed = |what| {
            let doc = doc.clone();
            move |source| BooksError::document(what, doc.to_string(), source)
        };
        let held = documents::bytes(self.conn, self.press, &doc)?;
        let mut parties =
            Parties::load(bucket, held.iter().map(Vec::as_slice)).map_err(failed("read"))?;
        let author = Authorship { writer: self.identity.me.clone(), epoch: self.epoch()? };
        let changes =
            parties.edit(&self.identity.chain, &author, edits, at).map_err(failed("edit"))?;
        for change in &changes {
            self.keep_own_change(&doc, &author, change)?;
        }
        if !changes.is_empty() {
            self.show_parties(bucket, &parties)?;
        }
        Ok(changes.len())
    }

    /// Shows a bucket as it is held: suppliers, offers and the profiles of stores.
    pub(crate) fn show_held_parties(&mut self, bucket: u8) -> Result<()> {
        let doc = DocId::Party { bucket };
        let held = documents::bytes(self.conn, self.press, &doc)?;
        let held = || held.iter().map(Vec::as_slice);
        let parties = Parties::load(bucket, held())
            .map_err(|source| BooksError::document("read", doc.to_string(), source))?;
        let profiles = Profiles::load(bucket, held())
            .map_err(|source| BooksError::document("read", doc.to_string(), source))?;
        self.show_parties(bucket, &parties)?;
        self.show_profiles(bucket, &profiles)
    }

    /// Replaces a bucket's rows by what its document says now.
    pub(crate) fn show_parties(&mut self, bucket: u8, parties: &Parties) -> Result<()> {
        let doc = DocId::Party { bucket };
        let said = parties.said();
        let said = said.map_err(|source| BooksError::document("read", doc.to_string(), source))?;
        clear(self.conn, bucket).during("replace suppliers")?;
        for said in said {
            match said {
                Said::Supplier { id, field, text } => sql::run(
                    self.conn,
                    "store a supplier",
                    "INSERT INTO supplier_field (supplier, field, bucket, text) \
                     VALUES (?1, ?2, ?3, ?4)",
                    params![id.as_str(), field.name(), bucket, text],
                )?,
                Said::Offer { supplier, sku, field, text } => {
                    let sku = self.state.names.sku(self.conn, &sku)?;
                    sql::run(
                        self.conn,
                        "store an offer",
                        "INSERT INTO offer_field (sku, supplier, field, bucket, text) \
                         VALUES (?1, ?2, ?3, ?4, ?5)",
                        params![sku, supplier.as_str(), field.name(), bucket, text],
                    )?
                }
                Said::Promotion { id, field, text } => sql::run(
                    self.conn,
                    "store a promotion",
                    "INSERT INTO promotion_field (promotion, field, bucket, text) \
                     VALUES (?1, ?2, ?3, ?4)",
                    params![id.as_str(), field.name(), bucket, text],
                )?,
            };
        }
        Ok(())
    }
}

fn clear(conn: &Connection, bucket: u8) -> rusqlite::Result<()> {
    conn.prepare_cached("DELETE FROM supplier_field WHERE bucket = ?1")?.execute([bucket])?;
    conn.prepare_cached("DELETE FROM offer_field WHERE bucket = ?1")?.execute([bucket])?;
    conn.prepare_cached("DELETE FROM promotion_field WHERE bucket = ?1")?.execute([bucket])?;
    Ok(())
}
