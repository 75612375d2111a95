//! The catalog: products spread over [`CATALOG_BUCKETS`](crate::CATALOG_BUCKETS) documents.
//!
//! ```text
//! meta      { doc, format }
//! products  { "<sku>␟<field>": "<the field's text>",
//!             "<sku>␟price@<level>@<scope>@<from>": "<an entry of a price list>" }
//! ```
//!
//! One flat map, one entry for each field of each product (␟ is the unit separator, U+001F, which
//! no SKU contains). A map for each product would read better and merge worse: when two writers
//! enter the same new product while apart, each makes a map, and Automerge keeps one of the two and
//! hides every field in the other. Flat entries need no making: fields set by both merge one by
//! one, and only a field that both set differently is a conflict, with both values kept until
//! someone sets it again. For the same reason each [`Term`] has a key of its own: two price changes
//! made while apart are both there afterwards.

use std::collections::{BTreeMap, BTreeSet};

use automerge::ScalarValue;
use automerge::legacy::{Key, OpType};
use ledger::catalog::{Field, FieldError, Product, Term, TermError};
use ledger::id::Sku;
use ledger::time::Timestamp;
use thiserror::Error;

use crate::document::{Document, DocumentError, decode};
use crate::ids::{Authorship, ChainId, DocId, NewChange, Writer};

/// Between the SKU and the field in a key.
const SEPARATOR: char = '\u{1f}';

/// Fields to set, by product.
pub type Edits = BTreeMap<Sku, BTreeMap<Field, String>>;

/// Terms to set, by product; an empty text takes one away.
pub type TermEdits = BTreeMap<Sku, BTreeMap<Term, String>>;

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
    /// Terms are head office's alone, but for a store's own proposal.
    #[error("{writer} may not set the term `{}` of the product {sku}", term.name())]
    TermNotAllowed {
        /// Who tried.
        writer: Writer,
        /// The product.
        sku: Sku,
        /// The term.
        term: Box<Term>,
    },
    /// A text isn't what a term says.
    #[error("the term `{}` of the product {sku} cannot be set", term.name())]
    Term {
        /// The product.
        sku: Sku,
        /// The term.
        term: Box<Term>,
        /// Why.
        #[source]
        source: Box<TermError>,
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

/// What can be set of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A field.
    Field(Field),
    /// A term.
    Term(Term),
}

impl Part {
    fn named(name: &str) -> Option<Self> {
        Field::named(name).map(Self::Field).or_else(|| Term::named(name).map(Self::Term))
    }
}

/// A part of a product that was set, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// When, to the second, by the clock of whoever set it.
    pub at: Timestamp,
    /// The product.
    pub sku: Sku,
    /// Which part.
    pub part: Part,
    /// To what.
    pub text: String,
}

/// Every setting that changes of a bucket made, in the order of the changes. What this version doesn't
/// know is left out.
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
                && let Some(part) = Part::named(name)
            {
                settings.push(Setting { at, sku, part, text: text.to_string() });
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

    /// As [`Catalog::edit`], for terms.
    pub fn edit_terms(
        &mut self,
        chain: &ChainId,
        author: &Authorship,
        edits: &TermEdits,
        at: Timestamp,
    ) -> Result<Vec<NewChange>, CatalogError> {
        let mut entries = Vec::new();
        for (sku, terms) in edits {
            self.must_hold(sku)?;
            for (term, text) in terms {
                let (sku, term) = (sku.clone(), term.clone());
                if !may_set_term(&author.writer, &term) {
                    let writer = author.writer.clone();
                    let term = Box::new(term);
                    return Err(CatalogError::TermNotAllowed { writer, sku, term });
                }
                let key = format!("{sku}{SEPARATOR}{}", term.name());
                if let Err(source) = term.check(text) {
                    let (term, source) = (Box::new(term), Box::new(source));
                    return Err(CatalogError::Term { sku, term, source });
                }
                entries.push((key, text));
            }
        }
        Ok(self.document.put(chain, author, &entries, at)?)
    }

    /// The products, by SKU. Fields that this version doesn't know are left in the document.
    pub fn products(&self) -> Result<Vec<Product>, CatalogError> {
        let mut fields: BTreeMap<Sku, Vec<(Field, String)>> = BTreeMap::new();
        for (key, text) in self.document.entries()? {
            let (sku, part) = self.parse_key(&key)?;
            match part {
                Some(Part::Field(field)) => fields.entry(sku).or_default().push((field, text)),
                // Terms of a product are not the product.
                Some(Part::Term(_)) => {}
                None => drop(fields.entry(sku).or_default()),
            }
        }
        let product = |(sku, fields): (Sku, Vec<(Field, String)>)| {
            let texts = fields.iter().map(|(field, text)| (*field, text.as_str()));
            Product::from_fields(sku, texts).0
        };
        Ok(fields.into_iter().map(product).collect())
    }

    /// The terms of products, in the order of their keys, each with its text. Those that were taken away
    /// are left out.
    pub fn terms(&self) -> Result<Vec<(Sku, Term, String)>, CatalogError> {
        let mut terms = Vec::new();
        for (key, text) in self.document.entries()? {
            if let (sku, Some(Part::Term(term))) = self.parse_key(&key)?
                && !text.is_empty()
            {
                terms.push((sku, term, text));
            }
        }
        Ok(terms)
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
            let (sku, Some(Part::Field(field))) = self.parse_key(&key)? else { continue };
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
            self.must_hold(sku)?;
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

    fn must_hold(&self, sku: &Sku) -> Result<(), CatalogError> {
        let (doc, belongs) = (self.doc.clone(), DocId::catalog_of(sku));
        if doc == belongs {
            return Ok(());
        }
        Err(CatalogError::WrongBucket { sku: sku.clone(), belongs, doc })
    }

    fn parse_key(&self, key: &str) -> Result<(Sku, Option<Part>), DocumentError> {
        let (sku, part) = split_key(key)
            .ok_or_else(|| self.document.content_error(key, "is not a product's field"))?;
        Ok((sku, Part::named(part)))
    }
}

/// Whether a writer may set a field of the catalog.
pub(crate) fn may_set(writer: &Writer, field: Field) -> bool {
    *writer == Writer::Hub || field.is_descriptive()
}

/// Whether a writer may set a term: head office any, a store its own proposal.
pub(crate) fn may_set_term(writer: &Writer, term: &Term) -> bool {
    match (writer, term) {
        (Writer::Hub, _) => true,
        (Writer::Store(store), Term::Proposal(by)) => store == by,
        (Writer::Store(_), _) => false,
    }
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
