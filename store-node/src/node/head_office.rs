//! Books that stand alone have no head office, so the node stands in for it: it makes the changes
//! to the catalog in the hub's name and takes them in as if they had come from there. A store's own
//! name may not set prices, whatever the chain.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use books::{BooksError, Edits};
use ledger::id::Epoch;
use sync_proto::catalog::{Catalog, CatalogError};
use sync_proto::replica::{More, Outcome, Replica as _, ReplicaError, Row, Span, Tips, Wanted};
use sync_proto::{Admission, Authorship, Collection, DocId, WireChange, Writer, catalog_bucket};

use super::Node;
use crate::error::{NodeError, Result};

/// Bytes of changes read at once.
const BATCH: usize = 16 << 20;

impl Node {
    /// Sets fields of products in books that stand alone; in a chain, head office does. Returns how
    /// many changes it took.
    pub fn edit_catalog(&self, edits: &Edits) -> Result<usize> {
        if self.config().hub.is_some() {
            return Err(NodeError::CatalogOfHub);
        }
        // One edit builds on the one before.
        let _turn = self.inner.catalog_turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut by_bucket: BTreeMap<u8, Edits> = BTreeMap::new();
        for (sku, fields) in edits {
            let bucket = by_bucket.entry(catalog_bucket(sku)).or_default();
            bucket.insert(sku.clone(), fields.clone());
        }
        let held = self.catalog_changes()?;
        let chain = &self.config().chain;
        let author = Authorship { writer: Writer::Hub, epoch: Epoch::FIRST };
        let me = Writer::Store(self.store().clone());
        let admission = Admission::new(chain.clone(), me, Writer::Hub);
        let now = self.now();
        let mut admitted = Vec::new();
        for (bucket, edits) in by_bucket {
            let doc = DocId::Catalog { bucket };
            let changes = held.get(&doc).map_or(&[][..], Vec::as_slice);
            let mut catalog = Catalog::load(bucket, changes.iter().map(Vec::as_slice))
                .map_err(|source| unusable(&doc, source))?;
            let made = catalog
                .edit(chain, &author, &edits, now)
                .map_err(|source| unusable(&doc, source))?;
            for change in made {
                let wire = WireChange { doc: doc.clone(), bytes: change.bytes };
                let passed = admission.admit(wire).map_err(|refusal| BooksError::Document {
                    what: "edit",
                    subject: doc.to_string(),
                    source: refusal.to_string().into(),
                });
                admitted.push(passed?);
            }
        }
        let made = admitted.len();
        let outcomes = self.books().write(move |tx| tx.apply(&Writer::Hub, &admitted))?;
        for outcome in outcomes {
            if let Outcome::Quarantined(reason) = outcome {
                let subject = "the catalog".to_owned();
                return Err(BooksError::Damaged { subject, problem: reason }.into());
            }
        }
        Ok(made)
    }

    /// The changes of the catalog, by document.
    fn catalog_changes(&self) -> Result<BTreeMap<DocId, Vec<Vec<u8>>>> {
        let books = self.books();
        let collections = [Collection::Catalog].into();
        let wanted = Wanted { collections, theirs: Arc::new(Tips::new()) };
        let mut span = Span { after: Row::START, until: books.commits().borrow().last };
        let mut held: BTreeMap<DocId, Vec<Vec<u8>>> = BTreeMap::new();
        loop {
            let batch = books.missing(&Writer::Hub, &wanted, span, BATCH).map_err(unreadable)?;
            for change in batch.changes {
                held.entry(change.doc).or_default().push(change.bytes);
            }
            span.after = batch.last;
            if batch.more == More::No {
                return Ok(held);
            }
        }
    }
}

fn unusable(doc: &DocId, source: CatalogError) -> NodeError {
    let (what, subject) = ("edit", doc.to_string());
    BooksError::Document { what, subject, source: source.into() }.into()
}

fn unreadable(source: ReplicaError) -> NodeError {
    let (what, subject) = ("read", "the catalog".to_owned());
    BooksError::Document { what, subject, source: source.into() }.into()
}
