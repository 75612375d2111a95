//! A document held in memory as Automerge holds it: what the typed documents share.

use std::collections::BTreeMap;
use std::num::NonZeroU64;
use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::iter::MapRangeItem;
use automerge::legacy::{Key, Op, OpId, OpType, SortedVec};
use automerge::{
    ActorId, Automerge, AutomergeError, Change, ExpandedChange, ObjId, ReadDoc, ScalarValue, Value,
};
use ledger::id::Epoch;
use ledger::time::Timestamp;
use thiserror::Error;

use crate::genesis::{content_name, content_object, genesis};
use crate::ids::{Actor, Authorship, ChainId, ChangeHash, DocId, NewChange, Writer};
use crate::limits::{MAX_OPS_PER_CHANGE, MAX_PREDS_PER_CHANGE, MAX_SEALED_TEXT};

/// Why a document could not be read or changed.
#[derive(Debug, Error)]
pub enum DocumentError {
    /// Some bytes aren't a change.
    #[error("a change of {doc} cannot be read")]
    Change {
        /// The document.
        doc: DocId,
        /// What Automerge says.
        #[source]
        source: automerge::LoadChangeError,
    },
    /// The changes don't fit together.
    #[error("the changes of {doc} cannot be merged")]
    Merge {
        /// The document.
        doc: DocId,
        /// What Automerge says.
        #[source]
        source: Box<AutomergeError>,
    },
    /// Changes are missing that others build on.
    #[error("changes that others build on are missing from {doc}, among them {first}")]
    Missing {
        /// The document.
        doc: DocId,
        /// One of them.
        first: ChangeHash,
    },
    /// A change's operations are numbered as if it came before one that it builds on.
    #[error("a change of {doc} overlaps {dep}, on which it builds")]
    Overlap {
        /// The document.
        doc: DocId,
        /// The change it builds on.
        dep: ChangeHash,
    },
    /// Automerge panicked.
    #[error("merging the changes of {doc} made Automerge panic")]
    Panicked {
        /// The document.
        doc: DocId,
    },
    /// An entry of the document isn't what its place calls for.
    #[error("the entry `{key}` of {doc} {what}")]
    Content {
        /// The document.
        doc: DocId,
        /// Its key.
        key: String,
        /// What's wrong with it.
        what: &'static str,
    },
}

impl DocumentError {
    fn merge(doc: &DocId, source: AutomergeError) -> Self {
        Self::Merge { doc: doc.clone(), source: Box::new(source) }
    }
}

/// Runs Automerge on what a peer may have made, so that a panic in it ends the document's
/// admission and not the program.
pub(crate) fn guard<T>(run: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(run)).ok()
}

/// Reads one change of a document.
pub(crate) fn decode(doc: &DocId, bytes: &[u8]) -> Result<ExpandedChange, DocumentError> {
    guard(|| Change::try_from(bytes).map(|change| change.decode()))
        .ok_or_else(|| DocumentError::Panicked { doc: doc.clone() })?
        .map_err(|source| DocumentError::Change { doc: doc.clone(), source })
}

/// The operation that adds a text to a document's content.
pub(crate) fn insertion(key: &str, text: &str) -> Op {
    Op {
        action: OpType::Put(ScalarValue::Str(text.into())),
        obj: content_object(),
        key: Key::Map(key.into()),
        pred: SortedVec::new(),
        insert: false,
    }
}

/// The time of a change: Automerge keeps seconds.
pub(crate) fn seconds(at: Timestamp) -> i64 {
    at.millis().div_euclid(1000)
}

/// How many operation numbers the hub's first change of a new epoch leaves out: more than any
/// document gets between two backups, and few enough for 4,096 epochs within
/// [`MAX_OP_COUNTER`](crate::limits::MAX_OP_COUNTER).
const RESTORED_LEAD: u64 = 1 << 16;

/// How far a change is numbered ahead of those that it builds on.
///
/// A hub that was restored from a backup has lost edits that its stores still hold. Of two values set
/// apart Automerge prefers the higher number, so what the hub sets anew must lie above what it lost, or
/// a store would go on with a price that head office has replaced. A store's lost edits come back
/// from the hub; it needs no lead.
fn lead(author: &Authorship, last: Option<&Change>) -> u64 {
    let is_restored = author.writer == Writer::Hub && author.epoch > Epoch::FIRST;
    if is_restored && last.is_none() { RESTORED_LEAD } else { 0 }
}

/// How much goes into a change.
#[derive(Clone, Copy, Default)]
struct BatchSize {
    ops: u64,
    text: usize,
    preds: usize,
}

impl BatchSize {
    /// With one more operation.
    fn plus(self, text: usize, preds: usize) -> Self {
        Self { ops: self.ops + 1, text: self.text + text, preds: self.preds + preds }
    }

    fn fits(self) -> bool {
        self.ops <= MAX_OPS_PER_CHANGE
            && self.text <= MAX_SEALED_TEXT
            && self.preds as u64 <= MAX_PREDS_PER_CHANGE
    }
}

/// One document: genesis and all changes given, merged.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    id: DocId,
    inner: Automerge,
    content: ObjId,
}

impl Document {
    /// Merges changes into a fresh document.
    pub(crate) fn load<'a>(
        id: &DocId,
        changes: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Self, DocumentError> {
        let mut inner = Automerge::new();
        let made = inner
            .apply_changes([genesis(id)])
            .and_then(|()| inner.get(automerge::ROOT, content_name(id)));
        let content = match made {
            Ok(Some((_, content))) => content,
            Ok(None) => unreachable!("genesis makes the content map"),
            Err(source) => return Err(DocumentError::merge(id, source)),
        };
        let mut document = Self { id: id.clone(), inner, content };
        document.absorb(changes)?;
        Ok(document)
    }

    /// Merges changes, in any order. After an error the document is of no more use.
    fn absorb<'a>(
        &mut self,
        changes: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<(), DocumentError> {
        let doc = &self.id;
        let inner = &mut self.inner;
        let merged = guard(|| {
            let read: Result<Vec<Change>, _> = changes.into_iter().map(Change::try_from).collect();
            let read = read.map_err(|source| DocumentError::Change { doc: doc.clone(), source })?;
            inner.apply_changes(read).map_err(|source| DocumentError::merge(doc, source))?;
            match inner.get_missing_deps(&[]).as_slice() {
                [] => Ok(()),
                [first, ..] => {
                    Err(DocumentError::Missing { doc: doc.clone(), first: (*first).into() })
                }
            }
        });
        merged.ok_or_else(|| DocumentError::Panicked { doc: doc.clone() })?
    }

    /// Merges changes that came from elsewhere, in any order, after checking what admission can't see
    /// in a change alone: that its operations come after all that it builds on, and that each
    /// replaces exactly the values that stood there. Automerge would merge a change that breaks
    /// these rules and then be unable to load what it saves. After an error the document is as it
    /// was.
    pub(crate) fn merge_checked<'a>(
        &mut self,
        changes: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<(), DocumentError> {
        let changes: Vec<&[u8]> = changes.into_iter().collect();
        let mut next = self.clone();
        next.absorb(changes.iter().copied())?;
        let checked = guard(|| changes.iter().try_for_each(|bytes| next.check_place(bytes)));
        checked.ok_or_else(|| DocumentError::Panicked { doc: self.id.clone() })??;
        *self = next;
        Ok(())
    }

    /// Checks a change that is in the document already.
    fn check_place(&self, bytes: &[u8]) -> Result<(), DocumentError> {
        let change = decode(&self.id, bytes)?;
        for dep in &change.deps {
            let before = self.inner.get_change_by_hash(dep).map_or(0, |dep| dep.max_op());
            if change.start_op.get() <= before {
                return Err(DocumentError::Overlap { doc: self.id.clone(), dep: (*dep).into() });
            }
        }
        for op in &change.operations {
            let Key::Map(key) = &op.key else { continue };
            let stood = self
                .inner
                .get_all_at(&self.content, key.as_str(), &change.deps)
                .map_err(|source| DocumentError::merge(&self.id, source))?;
            let replaced = |(_, id): &(Value<'_>, ObjId)| match id {
                ObjId::Id(counter, actor, _) => {
                    op.pred.iter().any(|pred| pred.0 == *counter && pred.1 == *actor)
                }
                ObjId::Root => false,
            };
            if stood.len() != op.pred.len() || !stood.iter().all(replaced) {
                return Err(self.content_error(key, "replaces values that did not stand there"));
            }
        }
        Ok(())
    }

    /// Puts entries under an author's name. Gives the changes that this comes to: none for entries
    /// that are so already, and several where one would be over the limits. After an error the
    /// document is as it was.
    ///
    /// Each entry that changes replaces every value that stands under its key. Automerge's own
    /// transactions do the same, but settle a conflict in favour of the value in effect by
    /// deleting the others, and admission lets nobody delete.
    pub(crate) fn put(
        &mut self,
        chain: &ChainId,
        author: &Authorship,
        entries: &[(String, impl AsRef<str>)],
        at: Timestamp,
    ) -> Result<Vec<NewChange>, DocumentError> {
        let mut next = self.clone();
        let mut changes = Vec::new();
        let mut batch = Vec::new();
        let mut size = BatchSize::default();
        for (key, text) in entries {
            let Some(op) = next.replacement(key, text.as_ref())? else { continue };
            let with_op = size.plus(key.len() + text.as_ref().len(), op.pred.len());
            if with_op.fits() || batch.is_empty() {
                size = with_op;
            } else {
                let heads = next.inner.get_heads();
                changes.push(next.write(chain, author, std::mem::take(&mut batch), heads, at)?);
                size = BatchSize::default().plus(key.len() + text.as_ref().len(), op.pred.len());
            }
            batch.push(op);
        }
        if !batch.is_empty() {
            let heads = next.inner.get_heads();
            changes.push(next.write(chain, author, batch, heads, at)?);
        }
        *self = next;
        Ok(changes)
    }

    /// Adds an entry under an author's name, on top of nothing but what the author wrote before: so
    /// that a replica which lacks what others wrote can take it in all the same. After an error the
    /// document is as it was.
    pub(crate) fn add(
        &mut self,
        chain: &ChainId,
        author: &Authorship,
        (key, text): (&str, &str),
        at: Timestamp,
    ) -> Result<NewChange, DocumentError> {
        let mut next = self.clone();
        let actor = Actor::derive(chain, &author.writer, author.epoch);
        let last = next.inner.set_actor(actor.into()).get_last_local_change();
        let on_top_of = last.map_or_else(|| genesis(&self.id).hash(), |last| last.hash());
        let change = next.write(chain, author, vec![insertion(key, text)], vec![on_top_of], at)?;
        *self = next;
        Ok(change)
    }

    /// Writes operations into a change on top of others. After an error the document is of no more
    /// use.
    fn write(
        &mut self,
        chain: &ChainId,
        author: &Authorship,
        operations: Vec<Op>,
        deps: Vec<automerge::ChangeHash>,
        at: Timestamp,
    ) -> Result<NewChange, DocumentError> {
        let before = deps.iter().filter_map(|dep| self.inner.get_change_by_hash(dep));
        let max_op = before.map(|change| change.max_op()).max().unwrap_or(0);
        let actor = Actor::derive(chain, &author.writer, author.epoch);
        let last = self.inner.set_actor(actor.into()).get_last_local_change();
        let change = NewChange::of(&Change::from(ExpandedChange {
            operations,
            actor_id: actor.into(),
            hash: None,
            seq: last.as_ref().map_or(1, |last| last.seq() + 1),
            start_op: NonZeroU64::MIN.saturating_add(max_op + lead(author, last.as_ref())),
            time: seconds(at),
            message: Some(author.to_string()),
            deps,
            extra_bytes: Vec::new(),
            author: None,
        }));
        self.absorb([change.bytes.as_slice()])?;
        Ok(change)
    }

    /// The operation that makes a text the only value under a key, unless it is.
    fn replacement(&self, key: &str, text: &str) -> Result<Option<Op>, DocumentError> {
        let standing = self
            .inner
            .get_all(&self.content, key)
            .map_err(|source| DocumentError::merge(&self.id, source))?;
        if let [(value, _)] = standing.as_slice()
            && value.as_str() == Some(text)
        {
            return Ok(None);
        }
        let replaced = standing.into_iter().filter_map(|(_, id)| match id {
            ObjId::Id(counter, actor, _) => Some(OpId(counter, actor)),
            ObjId::Root => None,
        });
        Ok(Some(Op { pred: replaced.collect(), ..insertion(key, text) }))
    }

    /// The content: each key with the value in effect.
    pub(crate) fn entries(&self) -> Result<Vec<(String, String)>, DocumentError> {
        let items = self.inner.map_range(&self.content, ..);
        let entry = |item: MapRangeItem<'_>| {
            let text = self.text(&item.key, &item.value.into_value())?;
            Ok((item.key.into_owned(), text))
        };
        items.map(entry).collect()
    }

    /// The keys under which several values stand, set by writers that did not see each other's.
    pub(crate) fn contested(&self) -> Vec<String> {
        let items = self.inner.map_range(&self.content, ..).filter(|item| item.conflict);
        items.map(|item| item.key.into_owned()).collect()
    }

    /// Every value that stands under a key, with the actor that set it; the one in effect is last.
    pub(crate) fn values(&self, key: &str) -> Result<Vec<(ActorId, String)>, DocumentError> {
        let all = self
            .inner
            .get_all(&self.content, key)
            .map_err(|source| DocumentError::merge(&self.id, source))?;
        let set_by = |id: ObjId| match id {
            ObjId::Id(_, actor, _) => Some(actor),
            ObjId::Root => None,
        };
        let known = all.into_iter().filter_map(|(value, id)| Some((set_by(id)?, value)));
        known.map(|(actor, value)| Ok((actor, self.text(key, &value)?))).collect()
    }

    /// Who wrote each change, by actor. Genesis has no author.
    pub(crate) fn authors(&self) -> BTreeMap<ActorId, Authorship> {
        let changes = self.inner.get_changes_meta(&[]);
        let named = |meta: &automerge::ChangeMetadata<'_>| {
            Some((meta.actor.clone().into_owned(), meta.message.as_deref()?.parse().ok()?))
        };
        changes.iter().filter_map(named).collect()
    }

    /// The document as Automerge holds it.
    pub(crate) fn automerge(&self) -> &Automerge {
        &self.inner
    }

    /// The error for an entry that isn't what its place calls for.
    pub(crate) fn content_error(&self, key: &str, what: &'static str) -> DocumentError {
        DocumentError::Content { doc: self.id.clone(), key: key.to_owned(), what }
    }

    fn text(&self, key: &str, value: &Value<'_>) -> Result<String, DocumentError> {
        let text = value.as_str().ok_or_else(|| self.content_error(key, "is not a text"))?;
        Ok(text.to_owned())
    }
}
