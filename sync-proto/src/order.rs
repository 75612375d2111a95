//! Orders: one small document each, in which every party says its part under its own name.
//!
//! ```text
//! meta    { doc, format }
//! events  { "store/S012/request": "…", "hub/approve": "…", "store/S003/ship/1": "…" }
//! ```
//!
//! A key begins with the writer that may write it, whatever the order is about: so nobody can speak
//! for another, and what is allowed to whom in which kind of order is the business of those who
//! read it. Entries are only added. An order's status is a function of the entries present.

use std::fmt;
use std::str::FromStr;

use ledger::id::IdError;
use ledger::time::Timestamp;
use thiserror::Error;

use crate::document::{Document, DocumentError};
use crate::ids::{Authorship, ChainId, DocId, NewChange, Writer};
use crate::limits::MAX_FACT_TEXT;

/// The longest name of an event, in bytes.
const MAX_EVENT_LEN: usize = 64;

/// What happened to an order, as its party calls it: `request`, `approve`, `ship/1`. Lower-case
/// letters, digits, `-` and `/`, beginning with a letter.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventName(Box<str>);

impl EventName {
    /// Parses the name.
    pub fn new(text: &str) -> Result<Self, IdError> {
        let what = "event of an order";
        if text.is_empty() {
            return Err(IdError::Empty { what });
        }
        if text.len() > MAX_EVENT_LEN {
            return Err(IdError::TooLong {
                what,
                text: text.chars().take(MAX_EVENT_LEN).collect(),
            });
        }
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-/".contains(c);
        if let Some(found) = text.chars().find(|c| !allowed(*c)) {
            return Err(IdError::BadCharacter { what, text: text.to_owned(), found });
        }
        if !text.starts_with(|c: char| c.is_ascii_lowercase()) {
            return Err(IdError::Malformed { what, text: text.to_owned() });
        }
        Ok(Self(text.into()))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for EventName {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::new(text)
    }
}

impl fmt::Display for EventName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for EventName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One entry of an order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    /// Whose entry it is.
    pub by: Writer,
    /// What happened.
    pub name: EventName,
    /// What its party says about it.
    pub text: String,
}

/// Why an order could not be read or added to.
#[derive(Debug, Error)]
pub enum OrderError {
    /// The document is broken.
    #[error("the order cannot be read or written")]
    Document(#[from] DocumentError),
    /// The party has said so already, and entries are not replaced.
    #[error("{by} has already written `{name}` in {doc}")]
    Exists {
        /// The order.
        doc: DocId,
        /// Whose entry.
        by: Writer,
        /// Which.
        name: EventName,
    },
    /// The text is over [`MAX_FACT_TEXT`].
    #[error("the entry `{name}` for {doc} is longer than {MAX_FACT_TEXT} bytes")]
    TooLong {
        /// The order.
        doc: DocId,
        /// Which entry.
        name: EventName,
    },
}

/// An order as a document.
#[derive(Debug, Clone)]
pub struct Order {
    doc: DocId,
    document: Document,
}

impl Order {
    /// Merges the changes of an order that are held already, in any order.
    pub fn load<'a>(
        doc: &DocId,
        changes: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Self, OrderError> {
        Ok(Self { doc: doc.clone(), document: Document::load(doc, changes)? })
    }

    /// Merges changes from elsewhere, in any order. After an error the order is as it was.
    pub fn merge<'a>(
        &mut self,
        changes: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<(), OrderError> {
        Ok(self.document.merge_checked(changes)?)
    }

    /// Adds an entry of the author's. It builds on nothing that others wrote, so it reaches whoever has
    /// lost that or never had it.
    pub fn append(
        &mut self,
        chain: &ChainId,
        author: &Authorship,
        name: &EventName,
        text: &str,
        at: Timestamp,
    ) -> Result<NewChange, OrderError> {
        if text.len() > MAX_FACT_TEXT {
            return Err(OrderError::TooLong { doc: self.doc.clone(), name: name.clone() });
        }
        let key = format!("{}/{name}", author.writer);
        if !self.document.values(&key)?.is_empty() {
            return Err(OrderError::Exists {
                doc: self.doc.clone(),
                by: author.writer.clone(),
                name: name.clone(),
            });
        }
        Ok(self.document.add(chain, author, (&key, text), at)?)
    }

    /// Every entry, by party and name. Two entries of one name are there only if their party wrote
    /// them in two histories; both are shown.
    pub fn events(&self) -> Result<Vec<Event>, OrderError> {
        let mut events = Vec::new();
        for (key, _) in self.document.entries()? {
            let (by, name) = split_entry(&key)
                .ok_or_else(|| self.document.content_error(&key, "is not an order's"))?;
            for (_, text) in self.document.values(&key)? {
                events.push(Event { by: by.clone(), name: name.clone(), text });
            }
        }
        events.sort_unstable();
        Ok(events)
    }

    /// The document, with genesis in it, for any other Automerge tool.
    pub fn automerge(&self) -> &automerge::Automerge {
        self.document.automerge()
    }
}

/// The writer and the event that a key names.
pub(crate) fn split_entry(key: &str) -> Option<(Writer, EventName)> {
    let event_at = match key.strip_prefix("store/") {
        Some(rest) => "store/".len() + rest.find('/')?,
        None => key.find('/')?,
    };
    let (writer, event) = key.split_at(event_at);
    Some((writer.parse().ok()?, event[1..].parse().ok()?))
}

#[cfg(test)]
mod tests;
