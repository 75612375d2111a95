//! One change and its place in a document.

use std::fmt;

/// The Automerge hash of a change: SHA-256 of its chunk.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChangeHash([u8; 32]);

impl ChangeHash {
    /// A hash read back from where it was kept.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<automerge::ChangeHash> for ChangeHash {
    fn from(hash: automerge::ChangeHash) -> Self {
        Self(hash.0)
    }
}

impl From<ChangeHash> for automerge::ChangeHash {
    fn from(hash: ChangeHash) -> Self {
        Self(hash.0)
    }
}

impl fmt::Display for ChangeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ChangeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// The last change of one actor in one document: all that's needed to write the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocTail {
    /// Its number among the actor's changes in this document, from one.
    pub seq: u64,
    /// Its hash.
    pub hash: ChangeHash,
    /// The counter of its last operation.
    pub max_op: u64,
}

/// A change just written: make it durable before anyone hears of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChange {
    /// Its number among the actor's changes in this document, from one.
    pub seq: u64,
    /// Its hash.
    pub hash: ChangeHash,
    /// The counter of its last operation.
    pub max_op: u64,
    /// The chunk: uncompressed, as it's stored and sent.
    pub bytes: Vec<u8>,
}

impl NewChange {
    /// A change as Automerge made it.
    pub(crate) fn of(change: &automerge::Change) -> Self {
        Self {
            seq: change.seq(),
            hash: change.hash().into(),
            max_op: change.max_op(),
            bytes: change.raw_bytes().to_vec(),
        }
    }

    /// The tail that the actor's next change in this document follows.
    pub const fn tail(&self) -> DocTail {
        DocTail { seq: self.seq, hash: self.hash, max_op: self.max_op }
    }
}
