//! Terms of products, such as entries of price lists: set in the catalog's documents, with the rows that
//! show them.

use std::collections::BTreeMap;

use ledger::amount::Quantity;
use ledger::bounds;
use ledger::catalog::Term;
use ledger::price::Entry;
use ledger::time::Timestamp;
use rusqlite::params;
use sync_proto::catalog::{Catalog, TermEdits};
use sync_proto::{Authorship, DocId, catalog_bucket};

use super::Tx;
use crate::documents;
use crate::error::{BooksError, Result};
use crate::sql;

impl Tx<'_> {
    /// Sets terms of products, each in the document of its product's bucket. What is so already changes
    /// nothing. Returns how many changes were made.
    pub fn edit_terms(&mut self, edits: &TermEdits, at: Timestamp) -> Result<usize> {
        let mut buckets: BTreeMap<u8, TermEdits> = BTreeMap::new();
        for (sku, terms) in edits {
            let bucket = buckets.entry(catalog_bucket(sku)).or_default();
            bucket.insert(sku.clone(), terms.clone());
        }
        let mut made = 0;
        for (bucket, edits) in buckets {
            made += self.edit_terms_of_bucket(bucket, &edits, at)?;
        }
        Ok(made)
    }

    fn edit_terms_of_bucket(
        &mut self,
        bucket: u8,
        edits: &TermEdits,
        at: Timestamp,
    ) -> Result<usize> {
        let doc = DocId::Catalog { bucket };
        let failed = |what| {
            let doc = doc.clone();
            move |source| BooksError::document(what, doc.to_string(), source)
        };
        let held = documents::bytes(self.conn, self.press, &doc)?;
        let mut catalog =
            Catalog::load(bucket, held.iter().map(Vec::as_slice)).map_err(failed("read"))?;
        let author = Authorship { writer: self.identity.me.clone(), epoch: self.epoch()? };
        let changes =
            catalog.edit_terms(&self.identity.chain, &author, edits, at).map_err(failed("edit"))?;
        for change in &changes {
            self.keep_own_change(&doc, &author, change)?;
        }
        if !changes.is_empty() {
            self.show_terms(bucket, &catalog)?;
        }
        Ok(changes.len())
    }

    /// Replaces a bucket's rows of terms by what its document says now.
    pub(super) fn show_terms(&mut self, bucket: u8, catalog: &Catalog) -> Result<()> {
        let doc = DocId::Catalog { bucket };
        let read = |source| BooksError::document("read", doc.to_string(), source);
        for table in ["price_entry", "stock_bounds", "product_proposal", "product_verdict"] {
            let clear = format!("DELETE FROM {table} WHERE bucket = ?1");
            sql::run(self.conn, "replace terms of products", &clear, [bucket])?;
        }
        for (sku, term, text) in catalog.terms().map_err(read)? {
            let sku = self.state.names.sku(self.conn, &sku)?;
            match term {
                // What can't be read was refused where it came from, or is a later version's.
                Term::Price(key) => {
                    let Ok(Some(entry)) = Entry::read(&key, &text) else { continue };
                    self.show_price(bucket, sku, &entry)?;
                }
                Term::Bounds(key) => {
                    self.state.unjudged.add_product(sku);
                    let Ok(Some(entry)) = bounds::Entry::read(&key, &text) else { continue };
                    self.show_bounds(bucket, sku, &entry)?;
                }
                Term::Proposal(store) => {
                    let insert = "INSERT INTO product_proposal (sku, store, text, bucket) \
                         VALUES (?1, ?2, ?3, ?4)";
                    let row = params![sku, store.as_str(), text, bucket];
                    sql::run(self.conn, "store a proposal", insert, row)?;
                }
                Term::Verdict => {
                    let insert =
                        "INSERT INTO product_verdict (sku, text, bucket) VALUES (?1, ?2, ?3)";
                    sql::run(self.conn, "store a verdict", insert, params![sku, text, bucket])?;
                }
            }
        }
        Ok(())
    }

    fn show_bounds(&self, bucket: u8, sku: i64, entry: &bounds::Entry) -> Result<()> {
        let bounds::Entry { key, bounds } = entry;
        sql::run(
            self.conn,
            "store stock bounds",
            "INSERT INTO stock_bounds (sku, key, min, max, bucket) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                sku,
                key.to_string(),
                bounds.min.map(Quantity::thousandths),
                bounds.max.map(Quantity::thousandths),
                bucket
            ],
        )?;
        Ok(())
    }

    fn show_price(&self, bucket: u8, sku: i64, entry: &Entry) -> Result<()> {
        let Entry { key, price, until, number, note } = entry;
        sql::run(
            self.conn,
            "store an entry of a price list",
            "INSERT INTO price_entry (sku, level, scope, begins, ends, price, number, note, bucket) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                sku,
                key.level.name(),
                key.scope.to_string(),
                key.from.to_string(),
                until.map(|until| until.to_string()),
                price.ten_thousandths(),
                number.as_str(),
                note,
                bucket
            ],
        )?;
        Ok(())
    }
}
