//! The catalog: products spread over [`CATALOG_BUCKETS`](crate::CATALOG_BUCKETS) documents.
//!
//! ```text
//! meta      { doc, format }
//! products  { "<sku>␟<field>": "<the field's text>" }
//! ```
//!
//! One flat map, one entry for each field of each product (␟ is the unit separator, U+001F, which
//! no SKU contains). A map for each product would read better and merge worse: when two writers
//! enter the same new product while apart, each makes a map, and Automerge keeps one of the two and
//! hides every field in the other. Flat entries need no making: fields set by both merge one by
//! one, and only a field that both set differently is a conflict, with both values kept until
//! someone sets it again.

use std::collections::{BTreeMap, BTreeSet};

use automerge::ScalarValue;
use automerge::legacy::{Key, OpType};
use ledger::catalog::{Field, FieldError, Product};
use ledger::id::Sku;
use ledger::time::Timestamp;
use thiserror::Error;

use crate::document::{Document, DocumentError, decode};
use crate::ids::{Authorship, ChainId, DocId, NewChange, Writer};

/// Between the SKU and the field in a key.
const SEPARATOR: char = '\u{1f}';

/// Fields to set, by product.
pub type Edits = BTreeMap<Sku, BTreeMap<Field, String>>;

/// Why a catalog could not be read or edited.
#[derive(Debug, Error)]
pub enum CatalogError {
    /// The document is broken, or the changes don't fit it.
    #[error("the catalog cannot be read or written")]
    Document(#[from] DocumentError),
    /// A product belongs in another bucket.
    #[error("the product {sku} belongs in {belongs}, not in {doc}")]
    WrongBucket {
        /// The product.
        sku: Sku,
        /// Where it belongs.
        belongs: DocId,
        /// Where it was put.
        doc: DocId,
    },
    /// What money depends on is head office's alone.
    #[error("{writer} may not set `{}` of the product {sku}", field.name())]
    NotAllowed {
        /// Who tried.
        writer: Writer,
        /// The product.
        sku: Sku,
        /// The field.
        field: Field,
    },
    /// A text isn't a value of its field.
    #[error("the product {sku} cannot be set")]
    Field {
        /// The product.
        sku: Sku,
        /// Which field, and why.
        #[source]
        source: FieldError,
    },
}

/// A field that writers set differently while apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The product.
    pub sku: Sku,
    /// The field.
    pub field: Field,
    /// Who set it to what. Every replica puts the value in effect last.
    pub values: Vec<(Authorship, String)>,
}

/// A field of a product that was set, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// When, to the second, by the clock of whoever set it.
    pub at: Timestamp,
    /// The product.
    pub sku: Sku,
    /// Which field.
    pub field: Field,
    /// To what.
    pub text: String,
}

/// Every setting that changes of a bucket made, in the order of the changes. Fields that this version
/// doesn't know are left out.
pub fn history<'a>(
    bucket: u8,
    changes: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Vec<Setting>, CatalogError> {
    let doc = DocId::Catalog { bucket };
    let mut settings = Vec::new();
    for bytes in changes {
        let change = decode(&doc, bytes)?;
        let at = Timestamp::from_millis(change.time.saturating_mul(1_000));
        for op in &change.operations {
            let (Key::Map(key), OpType::Put(ScalarValue::Str(text))) = (&op.key, &op.action) else {
                continue;
            };
            if let Some((sku, name)) = split_key(key)
                && let Some(field) = Field::named(name)
            {
                settings.push(Setting { at, sku, field, text: text.to_string() });
            }
        }
    }
    Ok(settings)
}

/// One bucket of the catalog as a document.
#[derive(Debug, Clone)]
pub struct Catalog {
    doc: DocId,
    document: Document,
}

impl Catalog {
    /// Merges the changes of a bucket that are held already, in any order.
    pub fn load<'a>(
        bucket: u8,
        changes: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Self, CatalogError> {
        let doc = DocId::Catalog { bucket };
        let document = Document::load(&doc, changes)?;
        Ok(Self { doc, document })
    }

    /// Merges changes from elsewhere, in any order. After an error the catalog is as it was.
    pub fn merge<'a>(
        &mut self,
        changes: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<(), CatalogError> {
        Ok(self.document.merge_checked(changes)?)
    }

    /// Sets fields under an author's name. Gives no change for fields that are so already, and more
    /// than one where an import would make a single one too large. After an error the catalog is as
    /// it was.
    pub fn edit(
        &mut self,
        chain: &ChainId,
        author: &Authorship,
        edits: &Edits,
        at: Timestamp,
    ) -> Result<Vec<NewChange>, CatalogError> {
        let entries = self.entries_of(author, edits)?;
        Ok(self.document.put(chain, author, &entries, at)?)
    }

    /// The products, by SKU. Fields that this version doesn't know are left in the document.
    pub fn products(&self) -> Result<Vec<Product>, CatalogError> {
        let mut fields: BTreeMap<Sku, Vec<(Field, String)>> = BTreeMap::new();
        for (key, text) in self.document.entries()? {
            let (sku, field) = self.parse_key(&key)?;
            let known = fields.entry(sku).or_default();
            known.extend(field.map(|field| (field, text)));
        }
        let product = |(sku, fields): (Sku, Vec<(Field, String)>)| {
            let texts = fields.iter().map(|(field, text)| (*field, text.as_str()));
            Product::from_fields(sku, texts).0
        };
        Ok(fields.into_iter().map(product).collect())
    }

    /// The fields under which different values stand.
    pub fn conflicts(&self) -> Result<Vec<Conflict>, CatalogError> {
        let contested = self.document.contested();
        if contested.is_empty() {
            return Ok(Vec::new());
        }
        let authors = self.document.authors();
        let mut conflicts = Vec::new();
        for key in contested {
            let (sku, Some(field)) = self.parse_key(&key)? else { continue };
            let all = self.document.values(&key)?;
            let texts: BTreeSet<&str> = all.iter().map(|(_, text)| text.as_str()).collect();
            if texts.len() > 1 {
                let authored = |(actor, text)| Some((authors.get(&actor)?.clone(), text));
                let values = all.iter().cloned().filter_map(authored).collect();
                conflicts.push(Conflict { sku, field, values });
            }
        }
        Ok(conflicts)
    }

    /// The document, with genesis in it, for any other Automerge tool.
    pub fn automerge(&self) -> &automerge::Automerge {
        self.document.automerge()
    }

    /// The entries that the edits come to, each in the one spelling that its field has.
    fn entries_of(
        &self,
        author: &Authorship,
        edits: &Edits,
    ) -> Result<Vec<(String, String)>, CatalogError> {
        let mut entries = Vec::new();
        for (sku, fields) in edits {
            let (doc, belongs) = (self.doc.clone(), DocId::catalog_of(sku));
            if doc != belongs {
                return Err(CatalogError::WrongBucket { sku: sku.clone(), belongs, doc });
            }
            let mut product = Product::named_after(sku.clone());
            for (&field, text) in fields {
                if !may_set(&author.writer, field) {
                    let (writer, sku) = (author.writer.clone(), sku.clone());
                    return Err(CatalogError::NotAllowed { writer, sku, field });
                }
                let set = product.set(field, text);
                set.map_err(|source| CatalogError::Field { sku: sku.clone(), source })?;
                entries.push((join_key(sku, field), product.get(field)));
            }
        }
        Ok(entries)
    }

    fn parse_key(&self, key: &str) -> Result<(Sku, Option<Field>), DocumentError> {
        let (sku, field) = split_key(key)
            .ok_or_else(|| self.document.content_error(key, "is not a product's field"))?;
        Ok((sku, Field::named(field)))
    }
}

/// Whether a writer may set a field of the catalog.
pub(crate) fn may_set(writer: &Writer, field: Field) -> bool {
    *writer == Writer::Hub || field.is_descriptive()
}

/// The product and the name of the field that a key names.
pub(crate) fn split_key(key: &str) -> Option<(Sku, &str)> {
    let (sku, field) = key.split_once(SEPARATOR)?;
    Some((Sku::new(sku).ok()?, field))
}

fn join_key(sku: &Sku, field: Field) -> String {
    format!("{sku}{SEPARATOR}{}", field.name())
}

#[cfg(test)]
mod tests;
