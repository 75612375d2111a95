//! Books that stand alone have no head office, so the node stands in for it: it makes the changes
//! to catalog and suppliers in the hub's name and takes them in as if they had come from there. A store's own
//! name may not set prices, whatever the chain.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::{Arc, PoisonError};

use books::{BooksError, Edits, PartyEdits};
use ledger::id::Epoch;
use ledger::time::Timestamp;
use sync_proto::catalog::Catalog;
use sync_proto::party::Parties;
use sync_proto::replica::{More, Outcome, Replica as _, ReplicaError, Row, Span, Tips, Wanted};
use sync_proto::{
    Admission, Admitted, Authorship, ChainId, Collection, DocId, NewChange, WireChange, Writer,
    catalog_bucket,
};

use super::Node;
use crate::error::{NodeError, Result};

/// Bytes of changes read at once.
const BATCH: usize = 16 << 20;

/// Changes that are held, by document.
type Held = BTreeMap<DocId, Vec<Vec<u8>>>;

/// Whose hand writes, and when.
struct Hand {
    chain: ChainId,
    author: Authorship,
    at: Timestamp,
}

impl Node {
    /// Sets fields of products in books that stand alone; in a chain, head office does. Returns how
    /// many changes it took.
    pub fn edit_catalog(&self, edits: &Edits) -> Result<usize> {
        let mut by_bucket: BTreeMap<u8, Edits> = BTreeMap::new();
        for (sku, fields) in edits {
            let bucket = by_bucket.entry(catalog_bucket(sku)).or_default();
            bucket.insert(sku.clone(), fields.clone());
        }
        self.as_head_office(Collection::Catalog, |held, hand| {
            let mut made = Vec::new();
            for (bucket, edits) in by_bucket {
                let doc = DocId::Catalog { bucket };
                let edited =
                    Catalog::load(bucket, changes_of(held, &doc)).and_then(|mut catalog| {
                        catalog.edit(&hand.chain, &hand.author, &edits, hand.at)
                    });
                let changes = edited.map_err(|source| unusable(&doc, source))?;
                made.extend(changes.into_iter().map(|change| (doc.clone(), change)));
            }
            Ok(made)
        })
    }

    /// As [`Node::edit_catalog`], for suppliers and their offers.
    pub fn edit_parties(&self, edits: &PartyEdits) -> Result<usize> {
        self.as_head_office(Collection::Parties, |held, hand| {
            let mut made = Vec::new();
            for (bucket, edits) in edits.by_bucket() {
                let doc = DocId::Party { bucket };
                let edited =
                    Parties::load(bucket, changes_of(held, &doc)).and_then(|mut parties| {
                        parties.edit(&hand.chain, &hand.author, &edits, hand.at)
                    });
                let changes = edited.map_err(|source| unusable(&doc, source))?;
                made.extend(changes.into_iter().map(|change| (doc.clone(), change)));
            }
            Ok(made)
        })
    }

    /// Makes changes in the hub's name and takes them in. Returns how many.
    fn as_head_office(
        &self,
        of: Collection,
        make: impl FnOnce(&Held, &Hand) -> Result<Vec<(DocId, NewChange)>>,
    ) -> Result<usize> {
        if self.config().hub.is_some() {
            return Err(NodeError::CatalogOfHub);
        }
        // One edit builds on the one before.
        let _turn = self.inner.catalog_turn.lock().unwrap_or_else(PoisonError::into_inner);
        let chain = self.config().chain.clone();
        let author = Authorship { writer: Writer::Hub, epoch: Epoch::FIRST };
        let hand = Hand { chain, author, at: self.now() };
        let made = make(&self.held(of)?, &hand)?;
        let me = Writer::Store(self.store().clone());
        let admission = Admission::new(hand.chain, me, Writer::Hub);
        let admit = |(doc, change): (DocId, NewChange)| {
            let subject = doc.to_string();
            let admitted = admission.admit(WireChange { doc, bytes: change.bytes });
            admitted.map_err(|refusal| BooksError::Document {
                what: "edit",
                subject,
                source: refusal.to_string().into(),
            })
        };
        let admitted: Vec<Admitted> = made.into_iter().map(admit).collect::<Result<_, _>>()?;
        let made = admitted.len();
        let outcomes = self.books().write(move |tx| tx.apply(&Writer::Hub, &admitted))?;
        for outcome in outcomes {
            if let Outcome::Quarantined(reason) = outcome {
                let subject = "what head office keeps".to_owned();
                return Err(BooksError::Damaged { subject, problem: reason }.into());
            }
        }
        Ok(made)
    }

    /// The changes of a group of documents.
    fn held(&self, of: Collection) -> Result<Held> {
        let books = self.books();
        let wanted = Wanted { collections: [of].into(), theirs: Arc::new(Tips::new()) };
        let mut span = Span { after: Row::START, until: books.commits().borrow().last };
        let mut held = Held::new();
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

fn changes_of<'a>(held: &'a Held, doc: &DocId) -> impl Iterator<Item = &'a [u8]> {
    held.get(doc).into_iter().flatten().map(Vec::as_slice)
}

fn unusable(doc: &DocId, source: impl Error + Send + Sync + 'static) -> NodeError {
    let (what, subject) = ("edit", doc.to_string());
    BooksError::Document { what, subject, source: source.into() }.into()
}

fn unreadable(source: ReplicaError) -> NodeError {
    let (what, subject) = ("read", "what head office keeps".to_owned());
    BooksError::Document { what, subject, source: source.into() }.into()
}
