//! Whom the chain deals with, spread over [`PARTY_BUCKETS`](crate::PARTY_BUCKETS) documents. Head
//! office writes them.
//!
//! ```text
//! meta     { doc, format }
//! parties  { "supplier␟<id>␟<field>": "<the field's text>",
//!            "offer␟<supplier>␟<sku>␟<field>": "<the field's text>",
//!            "promotion␟<number>␟<field>": "<the field's text>" }
//! ```
//!
//! One flat map, like the [catalog's](crate::catalog) and for the same reason (␟ is U+001F). What
//! kind of party an entry is about stands first, so that other kinds can share the documents; those
//! that this version doesn't know stay where they are. A supplier's bucket follows from its id. An
//! offer's follows from the SKU: few suppliers have many products each, and so the documents stay of
//! one size.

use std::collections::BTreeMap;

use automerge::ScalarValue;
use automerge::legacy::{self, OpType};
use ledger::id::{PromotionId, Sku, SupplierId};
use ledger::promotion;
use ledger::supplier::{Field, FieldError, Offer, OfferField, Supplier};
use ledger::time::Timestamp;
use thiserror::Error;

use crate::document::{Document, DocumentError, decode};
use crate::ids::{Authorship, ChainId, DocId, NewChange, PARTY_BUCKETS, Writer};

/// Between the parts of a key.
const SEPARATOR: char = '\u{1f}';

/// What an entry is about, as its key begins.
const SUPPLIER: &str = "supplier";
const OFFER: &str = "offer";
const PROMOTION: &str = "promotion";

/// Fields to set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edits {
    /// Of suppliers.
    pub suppliers: BTreeMap<SupplierId, BTreeMap<Field, String>>,
    /// Of offers: of whom, for what.
    pub offers: BTreeMap<(SupplierId, Sku), BTreeMap<OfferField, String>>,
    /// Of promotions.
    pub promotions: BTreeMap<PromotionId, BTreeMap<promotion::Field, String>>,
}

impl Edits {
    /// Whether there is nothing to set.
    pub fn is_empty(&self) -> bool {
        self.suppliers.is_empty() && self.offers.is_empty() && self.promotions.is_empty()
    }

    /// The same, by the document in which they are.
    pub fn by_bucket(&self) -> BTreeMap<u8, Self> {
        let mut buckets: BTreeMap<u8, Self> = BTreeMap::new();
        for (id, fields) in &self.suppliers {
            let edits = buckets.entry(supplier_bucket(id)).or_default();
            edits.suppliers.insert(id.clone(), fields.clone());
        }
        for (of, fields) in &self.offers {
            let edits = buckets.entry(offer_bucket(&of.1)).or_default();
            edits.offers.insert(of.clone(), fields.clone());
        }
        for (id, fields) in &self.promotions {
            let edits = buckets.entry(promotion_bucket(id)).or_default();
            edits.promotions.insert(id.clone(), fields.clone());
        }
        buckets
    }
}

/// The bucket that holds a supplier.
pub fn supplier_bucket(id: &SupplierId) -> u8 {
    bucket(&[SUPPLIER, id.as_str()])
}

/// The bucket that holds every supplier's offer of a product.
pub fn offer_bucket(sku: &Sku) -> u8 {
    bucket(&[OFFER, sku.as_str()])
}

/// The bucket that holds a promotion.
pub fn promotion_bucket(id: &PromotionId) -> u8 {
    bucket(&[PROMOTION, id.as_str()])
}

/// Why the parties could not be read or edited.
#[derive(Debug, Error)]
pub enum PartyError {
    /// The document is broken, or the changes don't fit it.
    #[error("the suppliers cannot be read or written")]
    Document(#[from] DocumentError),
    /// A party belongs in another bucket.
    #[error("the entry `{key}` belongs in another document than {doc}")]
    WrongBucket {
        /// Its key.
        key: String,
        /// Where it was put.
        doc: DocId,
    },
    /// Head office alone writes them.
    #[error("{writer} may not set what suppliers are")]
    NotAllowed {
        /// Who tried.
        writer: Writer,
    },
    /// A text isn't a value of its field.
    #[error("the supplier {supplier} cannot be set")]
    Field {
        /// Which supplier.
        supplier: SupplierId,
        /// Which field, and why.
        #[source]
        source: FieldError,
    },
    /// A text isn't a value of its field.
    #[error("the promotion {promotion} cannot be set")]
    Promotion {
        /// Which promotion.
        promotion: PromotionId,
        /// Which field, and why.
        #[source]
        source: promotion::FieldError,
    },
}

/// A field that is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Of a supplier.
    Supplier {
        /// Which.
        id: SupplierId,
        /// Which field.
        field: Field,
        /// To what.
        text: String,
    },
    /// Of an offer.
    Offer {
        /// Whose.
        supplier: SupplierId,
        /// For what.
        sku: Sku,
        /// Which field.
        field: OfferField,
        /// To what.
        text: String,
    },
    /// Of a promotion.
    Promotion {
        /// Which.
        id: PromotionId,
        /// Which field.
        field: promotion::Field,
        /// To what.
        text: String,
    },
}

/// A field that head office set, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// When, to the second, by head office's clock.
    pub at: Timestamp,
    /// What was set.
    pub said: Said,
}

/// Every field that changes of a bucket set and this version knows, in the order of the changes.
pub fn history<'a>(
    bucket: u8,
    changes: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Vec<Setting>, PartyError> {
    let doc = DocId::Party { bucket };
    let mut settings = Vec::new();
    for bytes in changes {
        let change = decode(&doc, bytes)?;
        let at = Timestamp::from_millis(change.time.saturating_mul(1_000));
        for op in &change.operations {
            if let (legacy::Key::Map(key), OpType::Put(ScalarValue::Str(text))) =
                (&op.key, &op.action)
                && let Some(key) = Key::read(key)
            {
                settings.push(Setting { at, said: key.say(text.to_string()) });
            }
        }
    }
    Ok(settings)
}

/// One bucket of the parties as a document.
#[derive(Debug, Clone)]
pub struct Parties {
    doc: DocId,
    document: Document,
}

impl Parties {
    /// Merges the changes of a bucket that are held already, in any order.
    pub fn load<'a>(
        bucket: u8,
        changes: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Self, PartyError> {
        let doc = DocId::Party { bucket };
        let document = Document::load(&doc, changes)?;
        Ok(Self { doc, document })
    }

    /// Merges changes from elsewhere, in any order. After an error the parties are as they were.
    pub fn merge<'a>(
        &mut self,
        changes: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<(), PartyError> {
        Ok(self.document.merge_checked(changes)?)
    }

    /// Sets fields under head office's name. Gives no change for fields that are so already. After an
    /// error the parties are as they were.
    pub fn edit(
        &mut self,
        chain: &ChainId,
        author: &Authorship,
        edits: &Edits,
        at: Timestamp,
    ) -> Result<Vec<NewChange>, PartyError> {
        if author.writer != Writer::Hub {
            return Err(PartyError::NotAllowed { writer: author.writer.clone() });
        }
        let entries = self.entries_of(edits)?;
        Ok(self.document.put(chain, author, &entries, at)?)
    }

    /// Every field that this version knows, in the order of the keys.
    pub fn said(&self) -> Result<Vec<Said>, PartyError> {
        let known = |(key, text): (String, String)| Some(Key::read(&key)?.say(text));
        Ok(self.document.entries()?.into_iter().filter_map(known).collect())
    }

    /// The entries that the edits come to, each in the one spelling that its field has.
    fn entries_of(&self, edits: &Edits) -> Result<Vec<(String, String)>, PartyError> {
        let mut entries = Vec::new();
        for (id, fields) in &edits.suppliers {
            let mut supplier = Supplier::named_after(id.clone());
            for (&field, text) in fields {
                supplier.set(field, text).map_err(wrong(id))?;
                let key = Key::Supplier { id: id.clone(), field };
                entries.push((self.checked(&key)?, supplier.get(field)));
            }
        }
        for ((supplier, sku), fields) in &edits.offers {
            let mut offer = Offer::default();
            for (&field, text) in fields {
                offer.set(field, text).map_err(wrong(supplier))?;
                let key = Key::Offer { supplier: supplier.clone(), sku: sku.clone(), field };
                entries.push((self.checked(&key)?, offer.get(field)));
            }
        }
        for (id, fields) in &edits.promotions {
            for (&field, text) in fields {
                let wrong = |source| PartyError::Promotion { promotion: id.clone(), source };
                let text = field.spelled(text).map_err(wrong)?;
                let key = Key::Promotion { id: id.clone(), field };
                entries.push((self.checked(&key)?, text));
            }
        }
        Ok(entries)
    }

    fn checked(&self, key: &Key) -> Result<String, PartyError> {
        let text = key.write();
        if self.doc == (DocId::Party { bucket: key.bucket() }) {
            return Ok(text);
        }
        Err(PartyError::WrongBucket { key: text, doc: self.doc.clone() })
    }
}

/// Checks an entry of a bucket: what this version knows must belong there and be a value of its
/// field. Says what is wrong.
pub(crate) fn check(bucket: u8, key: &str, text: &str) -> Result<(), String> {
    let mut parts = key.split(SEPARATOR);
    let kind = parts.next().unwrap_or_default();
    let cannot = |error: &dyn std::error::Error| format!("cannot be set: {error}");
    let (belongs, set) = match (kind, parts.collect::<Vec<_>>().as_slice()) {
        (SUPPLIER, [id, name]) => {
            let id = SupplierId::new(id).map_err(|error| error.to_string())?;
            let belongs = supplier_bucket(&id);
            let set = |field| Supplier::named_after(id).set(field, text);
            let set = Field::named(name).map_or(Ok(()), set);
            (belongs, set.map_err(|error| cannot(&error)))
        }
        (OFFER, [supplier, sku, name]) => {
            SupplierId::new(supplier).map_err(|error| error.to_string())?;
            let sku = Sku::new(sku).map_err(|error| error.to_string())?;
            let set = |field| Offer::default().set(field, text);
            let set = OfferField::named(name).map_or(Ok(()), set);
            (offer_bucket(&sku), set.map_err(|error| cannot(&error)))
        }
        (PROMOTION, [id, name]) => {
            let id = PromotionId::new(id).map_err(|error| error.to_string())?;
            let set = |field: promotion::Field| field.spelled(text).map(drop);
            let set = promotion::Field::named(name).map_or(Ok(()), set);
            (promotion_bucket(&id), set.map_err(|error| cannot(&error)))
        }
        (SUPPLIER | OFFER | PROMOTION, _) | ("", _) | (_, []) => {
            return Err("has a key that is no party's field".to_owned());
        }
        // Of a kind that a later version brings.
        _ => return Ok(()),
    };
    if belongs != bucket {
        return Err("belongs in another bucket".to_owned());
    }
    set
}

/// The key of a field that this version knows.
enum Key {
    Supplier { id: SupplierId, field: Field },
    Offer { supplier: SupplierId, sku: Sku, field: OfferField },
    Promotion { id: PromotionId, field: promotion::Field },
}

impl Key {
    fn read(key: &str) -> Option<Self> {
        let parts: Vec<&str> = key.split(SEPARATOR).collect();
        match parts.as_slice() {
            [SUPPLIER, id, name] => {
                Some(Self::Supplier { id: SupplierId::new(id).ok()?, field: Field::named(name)? })
            }
            [OFFER, supplier, sku, name] => Some(Self::Offer {
                supplier: SupplierId::new(supplier).ok()?,
                sku: Sku::new(sku).ok()?,
                field: OfferField::named(name)?,
            }),
            [PROMOTION, id, name] => Some(Self::Promotion {
                id: PromotionId::new(id).ok()?,
                field: promotion::Field::named(name)?,
            }),
            _ => None,
        }
    }

    fn write(&self) -> String {
        let parts = match self {
            Self::Supplier { id, field } => vec![SUPPLIER, id.as_str(), field.name()],
            Self::Offer { supplier, sku, field } => {
                vec![OFFER, supplier.as_str(), sku.as_str(), field.name()]
            }
            Self::Promotion { id, field } => vec![PROMOTION, id.as_str(), field.name()],
        };
        parts.join(SEPARATOR.encode_utf8(&mut [0; 4]))
    }

    fn bucket(&self) -> u8 {
        match self {
            Self::Supplier { id, .. } => supplier_bucket(id),
            Self::Offer { sku, .. } => offer_bucket(sku),
            Self::Promotion { id, .. } => promotion_bucket(id),
        }
    }

    fn say(self, text: String) -> Said {
        match self {
            Self::Supplier { id, field } => Said::Supplier { id, field, text },
            Self::Offer { supplier, sku, field } => Said::Offer { supplier, sku, field, text },
            Self::Promotion { id, field } => Said::Promotion { id, field, text },
        }
    }
}

fn bucket(parts: &[&str]) -> u8 {
    let key = parts.join(SEPARATOR.encode_utf8(&mut [0; 4]));
    blake3::hash(key.as_bytes()).as_bytes()[0] % PARTY_BUCKETS
}

fn wrong(supplier: &SupplierId) -> impl Fn(FieldError) -> PartyError {
    move |source| PartyError::Field { supplier: supplier.clone(), source }
}

#[cfg(test)]
mod tests;
