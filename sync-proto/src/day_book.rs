//! The day book: one document per store and business day, in which facts are only ever added.
//!
//! ```text
//! meta   { store, date, format }
//! facts  { "<epoch>-<seq>": "<the fact's text>" }
//! stock  {}                                             for the day's close
//! close  {}
//! ```
//!
//! A writer adds facts with [`seal`], which needs the tail of its own changes and not the document:
//! an insertion into a map that genesis made depends on nothing else. So a till doesn't load the day
//! to sell one more bottle, and a hub doesn't load it to take in a thousand.

use std::borrow::Cow;
use std::num::NonZeroU64;

use automerge::legacy::{Key, OpType};
use automerge::{Change, ExpandedChange, ScalarValue};
use ledger::id::FactId;
use ledger::time::Timestamp;
use thiserror::Error;

use crate::admission::scan;
use crate::document::{Document, DocumentError, decode, insertion, seconds};
use crate::genesis::genesis;
use crate::ids::{Actor, DocId, DocTail, NewChange};
use crate::limits::{MAX_CHANGE_LEN, MAX_FACT_TEXT, MAX_FACTS_PER_CHANGE, MAX_SEALED_TEXT};

/// Why facts could not be sealed into a change.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SealError {
    /// Facts belong in day books.
    #[error("{doc} is not a day book")]
    NotABook {
        /// The document.
        doc: DocId,
    },
    /// No facts, or more than [`MAX_FACTS_PER_CHANGE`].
    #[error("a change of {doc} holds 1 to {MAX_FACTS_PER_CHANGE} facts, not {count}")]
    Count {
        /// The document.
        doc: DocId,
        /// How many there were.
        count: usize,
    },
    /// The facts aren't of one epoch and in ascending order.
    #[error("the fact {id} does not follow the one before it in a change of {doc}")]
    Order {
        /// The document.
        doc: DocId,
        /// The first fact out of order.
        id: FactId,
    },
    /// A fact's text is over [`MAX_FACT_TEXT`], or all together make a change over
    /// [`MAX_CHANGE_LEN`].
    #[error("the facts up to {id} are too long for a change of {doc}: {len} bytes")]
    TooLong {
        /// The document.
        doc: DocId,
        /// The fact that's too long, or the last.
        id: FactId,
        /// How long it, or the change, is in bytes.
        len: usize,
    },
}

/// How many of the leading facts go into one change. Zero only if there are none.
pub fn batch_len(facts: &[(FactId, &str)]) -> usize {
    let Some((first, _)) = facts.first() else { return 0 };
    let mut text = 0;
    let fits = facts.iter().take(MAX_FACTS_PER_CHANGE).take_while(|(id, fact)| {
        text += fact.len();
        id.epoch == first.epoch && text <= MAX_SEALED_TEXT
    });
    fits.count().max(1)
}

/// Writes facts of one epoch, in ascending order, into a change that follows `tail`, the actor's
/// last change in this document. The boundaries between changes mean nothing; [`batch_len`] says
/// how many facts to take.
pub fn seal(
    doc: &DocId,
    actor: Actor,
    tail: Option<&DocTail>,
    facts: &[(FactId, &str)],
    at: Timestamp,
) -> Result<NewChange, SealError> {
    check(doc, facts)?;
    let (seq, dep, max_op) = match tail {
        Some(tail) => (tail.seq, tail.hash.into(), tail.max_op),
        None => {
            let genesis = genesis(doc);
            (0, genesis.hash(), genesis.max_op())
        }
    };
    let change = Change::from(ExpandedChange {
        operations: facts.iter().map(|(id, text)| insertion(&id.to_string(), text)).collect(),
        actor_id: actor.into(),
        hash: None,
        seq: seq + 1,
        start_op: NonZeroU64::MIN.saturating_add(max_op),
        time: seconds(at),
        message: None,
        deps: vec![dep],
        extra_bytes: Vec::new(),
        author: None,
    });
    let change = NewChange::of(&change);
    if change.bytes.len() > MAX_CHANGE_LEN {
        let (id, len) = (facts[facts.len() - 1].0, change.bytes.len());
        return Err(SealError::TooLong { doc: doc.clone(), id, len });
    }
    Ok(change)
}

fn check(doc: &DocId, facts: &[(FactId, &str)]) -> Result<(), SealError> {
    if !matches!(doc, DocId::Book { .. }) {
        return Err(SealError::NotABook { doc: doc.clone() });
    }
    if facts.is_empty() || facts.len() > MAX_FACTS_PER_CHANGE {
        return Err(SealError::Count { doc: doc.clone(), count: facts.len() });
    }
    for pair in facts.windows(2) {
        let (before, after) = (pair[0].0, pair[1].0);
        if after.epoch != before.epoch || after.seq <= before.seq {
            return Err(SealError::Order { doc: doc.clone(), id: after });
        }
    }
    match facts.iter().find(|(_, text)| text.len() > MAX_FACT_TEXT) {
        Some((id, text)) => Err(SealError::TooLong { doc: doc.clone(), id: *id, len: text.len() }),
        None => Ok(()),
    }
}

/// The facts that changes of a day book add, in the order of the changes and of the facts in each.
/// For changes that were admitted once: it reads, and judges no more than it must to read.
pub fn facts<'a>(
    doc: &DocId,
    changes: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Vec<(FactId, String)>, DocumentError> {
    let mut facts = Vec::new();
    for bytes in changes {
        facts.extend(texts(doc, bytes)?.into_iter().map(|(id, text)| (id, text.into_owned())));
    }
    Ok(facts)
}

/// As [`facts`], of one change, without copying their texts.
///
/// A change's hash is not computed again: whoever keeps a change has its own checksum over it, and
/// Automerge's costs more than everything else that reading takes.
pub fn texts<'a>(
    doc: &DocId,
    change: &'a [u8],
) -> Result<Vec<(FactId, Cow<'a, str>)>, DocumentError> {
    let id = |key: &str| {
        let key = key.to_owned();
        let (doc, what) = (doc.clone(), "is not a fact's key");
        key.parse().map_err(|_| DocumentError::Content { doc, key, what })
    };
    if let Some(entries) = scan::texts(change) {
        let entries = entries.into_iter();
        return entries.map(|(key, text)| Ok((id(key)?, Cow::Borrowed(text)))).collect();
    }
    // What the chunk's frame does not tell plainly is Automerge's to read.
    let mut facts = Vec::new();
    for op in decode(doc, change)?.operations {
        if let (Key::Map(key), OpType::Put(ScalarValue::Str(text))) = (&op.key, op.action) {
            facts.push((id(key)?, Cow::Owned(text.to_string())));
        }
    }
    Ok(facts)
}

/// A day book as a document: for editing, compacting and reading with Automerge's eyes. Neither
/// selling nor taking in needs it.
#[derive(Debug, Clone)]
pub struct DayBook(Document);

impl DayBook {
    /// Merges the changes of a day book that are held already, in any order.
    pub fn load<'a>(
        doc: &DocId,
        changes: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Self, DocumentError> {
        Document::load(doc, changes).map(Self)
    }

    /// Merges more changes, in any order that puts causes first. After an error the day book is as
    /// it was.
    pub fn merge<'a>(
        &mut self,
        changes: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<(), DocumentError> {
        self.0.merge_checked(changes)
    }

    /// Its facts, by id.
    pub fn facts(&self) -> Result<Vec<(FactId, String)>, DocumentError> {
        let mut facts = Vec::new();
        for (key, text) in self.0.entries()? {
            let id = key.parse().map_err(|_| self.0.content_error(&key, "is not a fact's key"))?;
            facts.push((id, text));
        }
        facts.sort_unstable_by_key(|(id, _)| *id);
        Ok(facts)
    }

    /// The document, with genesis in it, for any other Automerge tool.
    pub fn automerge(&self) -> &automerge::Automerge {
        self.0.automerge()
    }
}

#[cfg(test)]
mod tests;
