//! Why a change from a peer is not taken in.

use thiserror::Error;

use crate::ids::{Actor, ChangeHash, DocId, Writer};
use crate::limits;

/// A change that was not admitted. It's kept as a record for operators (quarantine) and stops
/// nothing else: the session and the peer's other documents go on.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("refused a change of {doc} from {peer}")]
pub struct Refusal {
    /// The document it was for.
    pub doc: DocId,
    /// Who sent it.
    pub peer: Writer,
    /// The author's actor and the change's number, as far as the bytes could be read.
    pub claims: Option<Box<Claim>>,
    /// How long it was, in bytes.
    pub len: usize,
    /// Why.
    #[source]
    pub reason: Box<RefusalReason>,
}

/// What a refused change says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The author's actor.
    pub actor: Actor,
    /// The change's number among the actor's in this document.
    pub seq: u64,
    /// The change's hash, where the change could be read that far.
    pub hash: Option<ChangeHash>,
}

/// Why a change was not admitted.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RefusalReason {
    /// The peer may not send changes of this document at all.
    #[error("{peer} may not write this document")]
    NotAllowed {
        /// Who sent it.
        peer: Writer,
    },
    /// Longer than [`limits::MAX_CHANGE_LEN`].
    #[error("it is longer than {} bytes", limits::MAX_CHANGE_LEN)]
    TooLong,
    /// Not an uncompressed change chunk, or cut short, or followed by something.
    #[error("it is not one whole, uncompressed change chunk: {what}")]
    NotAChange {
        /// What's wrong.
        what: &'static str,
    },
    /// The chunk's checksum is wrong.
    #[error("its checksum is wrong")]
    Checksum,
    /// One of its counts is over its limit.
    #[error("it has {found} {what}; the limit is {limit}")]
    TooMany {
        /// What there's too much of.
        what: &'static str,
        /// How many there are, or more.
        found: u64,
        /// How many there may be.
        limit: u64,
    },
    /// The columns don't hold what a change of a flat map holds.
    #[error("its columns are wrong: {what}")]
    Columns {
        /// What's wrong.
        what: &'static str,
    },
    /// Automerge cannot read it.
    #[error("Automerge cannot read it: {why}")]
    Unreadable {
        /// What Automerge says.
        why: String,
    },
    /// Automerge panicked while reading it.
    #[error("reading it made Automerge panic")]
    Panicked,
    /// The author's name is missing from the change, or isn't one.
    #[error("it does not say who wrote it")]
    NoAuthor,
    /// The author may not write this document, or this part of it.
    #[error("{author} may not write {what}")]
    WrongAuthor {
        /// Who the change says wrote it.
        author: Writer,
        /// What that author may not write.
        what: String,
    },
    /// The actor isn't the one that belongs to the author and epoch.
    #[error("its actor {actor} is not that of {author}")]
    WrongActor {
        /// The actor in the change.
        actor: Actor,
        /// The author and epoch it should belong to.
        author: String,
    },
    /// It doesn't follow what its author wrote before in this document.
    #[error("its place in the document is wrong: {what}")]
    Place {
        /// What's wrong.
        what: &'static str,
    },
    /// An operation that this document doesn't allow.
    #[error("operation {index} {what}")]
    Operation {
        /// Which, counted from zero.
        index: usize,
        /// What's wrong with it.
        what: &'static str,
    },
    /// A fact isn't one, or isn't the one that its key and document name.
    #[error("the fact `{key}` {what}")]
    Fact {
        /// Its key.
        key: String,
        /// What's wrong with it.
        what: String,
    },
    /// A key or value of a catalog or order isn't one.
    #[error("the entry `{key}` {what}")]
    Entry {
        /// Its key.
        key: String,
        /// What's wrong with it.
        what: String,
    },
}

impl RefusalReason {
    /// A short name for counting and for looking up in either language.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotAllowed { .. } => "not_allowed",
            Self::TooLong => "too_long",
            Self::NotAChange { .. } => "not_a_change",
            Self::Checksum => "checksum",
            Self::TooMany { .. } => "too_many",
            Self::Columns { .. } => "columns",
            Self::Unreadable { .. } => "unreadable",
            Self::Panicked => "panicked",
            Self::NoAuthor => "no_author",
            Self::WrongAuthor { .. } => "wrong_author",
            Self::WrongActor { .. } => "wrong_actor",
            Self::Place { .. } => "place",
            Self::Operation { .. } => "operation",
            Self::Fact { .. } => "fact",
            Self::Entry { .. } => "entry",
        }
    }
}
