//! The first change of every document: the same bytes on every replica, built from the document's
//! id alone.
//!
//! Two writers that open a document while apart would otherwise each make its maps, and Automerge
//! would keep one writer's map and hide the other's with all that's in it. The genesis change is
//! neither stored nor sent: whoever needs it builds it again.

use std::num::NonZeroU64;

use automerge::legacy::{Key, ObjectId, Op, OpId, OpType, SortedVec};
use automerge::{ActorId, Change, ExpandedChange, ObjType, ScalarValue};

use crate::ids::{ChangeHash, DocId};

/// The version of the documents' layout, kept in each document's `meta`.
const FORMAT: i64 = 1;

/// The actor of genesis. One byte, since every change that adds to a document's map names it; a
/// writer's actor has sixteen.
pub(crate) const ACTOR: [u8; 1] = [0];

/// The counter of the operation that makes the map in which a document's content lies.
const CONTENT_COUNTER: u64 = 2;

/// The genesis change of a document.
pub fn genesis(doc: &DocId) -> Change {
    let maps =
        maps(doc).into_iter().map(|name| op(ObjectId::Root, name, OpType::Make(ObjType::Map)));
    let meta = ObjectId::Id(OpId(1, ActorId::from(ACTOR)));
    let notes =
        notes(doc).into_iter().map(|(name, value)| op(meta.clone(), name, OpType::Put(value)));
    Change::from(ExpandedChange {
        operations: maps.chain(notes).collect(),
        actor_id: ActorId::from(ACTOR),
        hash: None,
        seq: 1,
        start_op: NonZeroU64::MIN,
        time: 0,
        message: None,
        deps: Vec::new(),
        extra_bytes: Vec::new(),
        author: None,
    })
}

/// The hash of a document's genesis change.
pub fn genesis_hash(doc: &DocId) -> ChangeHash {
    genesis(doc).hash().into()
}

/// The counter of a document's last genesis operation, known without building it.
pub(crate) const fn max_op(doc: &DocId) -> u64 {
    match doc {
        DocId::Book { .. } => 7,
        _ => 4,
    }
}

/// The map in which a document's content lies, as the operations of a change name it.
pub(crate) fn content_object() -> ObjectId {
    ObjectId::Id(OpId(CONTENT_COUNTER, ActorId::from(ACTOR)))
}

/// The name of that map in the document's root.
pub(crate) fn content_name(doc: &DocId) -> &'static str {
    maps(doc)[1]
}

/// The maps of a document's root, in the order in which genesis makes them: `meta` first, the
/// content second.
fn maps(doc: &DocId) -> Vec<&'static str> {
    match doc {
        DocId::Book { .. } => vec!["meta", "facts", "stock", "close"],
        DocId::Order { .. } => vec!["meta", "events"],
        DocId::Catalog { .. } => vec!["meta", "products"],
        DocId::Party { .. } => vec!["meta", "parties"],
        DocId::Access => vec!["meta", "grants"],
    }
}

/// What `meta` says, so that a document read with any Automerge tool tells what it is.
fn notes(doc: &DocId) -> Vec<(&'static str, ScalarValue)> {
    let mut notes = match doc {
        DocId::Book { store, date } => {
            vec![("store", text(store.as_str())), ("date", text(&date.to_string()))]
        }
        other => vec![("doc", text(&other.to_string()))],
    };
    notes.push(("format", ScalarValue::Int(FORMAT)));
    notes
}

fn text(value: &str) -> ScalarValue {
    ScalarValue::Str(value.into())
}

fn op(obj: ObjectId, key: &str, action: OpType) -> Op {
    Op { action, obj, key: Key::Map(key.into()), pred: SortedVec::new(), insert: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn genesis_never_drifts() {
        let golden = [
            (
                "book/S012/2026-11-22",
                "fc55f25b60405d7a2107724948087a57365215c8ab89e59616a9e151d139dbd8",
            ),
            (
                "order/transfer/A01+B02-2611-tA7",
                "8520ea08fdf25de9c38ad7c499e76758ae6b1e05abe62a34f13edf1bb29064d0",
            ),
            ("catalog/17", "0e044a3fb280946800f55159bd5fbc5c637ad728676f3fcd2a5a94e8930ce91c"),
            ("party/3", "060d7e73c20859244e07052d88cca1117d8bfdafe54a3331f1cabddb6e8bc8e9"),
            ("access", "942e03e1aea979c3a55788bbf9130a66bc2973e7e9ae680cb553f97f686d0540"),
        ];
        let hash = |(id, _): &(&'static str, _)| {
            let doc: DocId = id.parse().unwrap();
            let change = genesis(&doc);
            assert_eq!(change.max_op(), max_op(&doc), "{doc}");
            (*id, change.hash().to_string())
        };
        let found: Vec<(&str, String)> = golden.iter().map(hash).collect();
        assert_eq!(found, golden.map(|(id, hash)| (id, hash.to_owned())));
    }
}
