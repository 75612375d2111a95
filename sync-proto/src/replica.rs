//! What a sync session asks of the durable store behind it.
//!
//! The session itself touches no storage: it hands out an [`Ask`](crate::ask::Ask), and whoever
//! drives it answers from a [`Replica`]. `books` implements the trait on SQLite,
//! [`MemoryReplica`](crate::memory::MemoryReplica) in memory.
//!
//! A replica keeps every change in a numbered [`Row`], in the order in which it learned them. That
//! order is causal for each author, so whatever is sent in row order arrives in an order that can
//! be applied.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt;
use std::sync::Arc;

use ledger::chain::ChainLink;
use ledger::id::{Epoch, StoreId};
use thiserror::Error;

use crate::carryover::{Carryover, History};
use crate::kept::{Kept, Question};
use crate::stock::{Cursor, StockPage};
use crate::{Actor, Admitted, ChangeHash, Claim, Collection, Digest, DocId, Writer};

/// The durable store of one node or hub, as a session sees it.
///
/// `peer` is always the replica at the other end; it decides the *scope*, the documents that the
/// two share. Between a store and the hub that is the store's books, the orders it is party to,
/// and all reference data. Both ends must compute the same scope, or their digests never agree.
///
/// Every method is one consistent read or one durable transaction.
pub trait Replica {
    /// Where this replica stands. Seals pending facts first, so that the digest speaks for them.
    fn summary(&self, peer: &Writer) -> Result<Summary, ReplicaError>;

    /// The last fact held of a store in one epoch, or `None` when none is held.
    fn head_of(&self, store: &StoreId, epoch: Epoch) -> Result<Option<Head>, ReplicaError>;

    /// The link of a store's chain after its fact `epoch-seq`, or `None` when that fact is not
    /// held. Sequence 0 is the genesis link of the epoch, held by everyone.
    fn link_at(
        &self,
        store: &StoreId,
        epoch: Epoch,
        seq: u64,
    ) -> Result<Option<ChainLink>, ReplicaError>;

    /// The digest of each non-empty collection in scope, and the row up to which they speak.
    /// Seals pending facts first.
    fn collections(&self, peer: &Writer) -> Result<Overview, ReplicaError>;

    /// The last change of every actor in every document in scope of these collections.
    fn tips(&self, peer: &Writer, of: &BTreeSet<Collection>) -> Result<Tips, ReplicaError>;

    /// Those entries of `theirs` for which this replica holds another change in that place: the
    /// histories of that actor have parted. Entries beyond what is held here are not conflicts.
    fn conflicts(&self, theirs: &Tips) -> Result<Vec<(DocId, Actor)>, ReplicaError>;

    /// Changes in `wanted` that the peer lacks, in row order, from after `span.after` up to and
    /// including `span.until`. Stops before `max_bytes` of change bytes are exceeded, but gives at
    /// least one change if there is any.
    fn missing(
        &self,
        peer: &Writer,
        wanted: &Wanted,
        span: Span,
        max_bytes: usize,
    ) -> Result<Batch, ReplicaError>;

    /// Changes in scope after a row that were not learned from this peer. Seals pending facts
    /// first: this is how a fact leaves the node while it is connected. Bounds as in
    /// [`missing`](Self::missing).
    fn tail(&self, peer: &Writer, after: Row, max_bytes: usize) -> Result<Batch, ReplicaError>;

    /// Takes admitted changes in, in one durable transaction. When this returns they survive a
    /// power cut, and only then are they acknowledged. `outcomes` answers one for one.
    fn apply(&self, peer: &Writer, changes: Vec<Admitted>) -> Result<Applied, ReplicaError>;

    /// Ends the store's present history (only on a store): sets aside what
    /// [`TakeBack::set_aside_after`] names, then opens an epoch above [`TakeBack::above`].
    /// A change is set aside whole: facts in it that the hub has too come back from the hub.
    fn take_back(&self, order: &TakeBack) -> Result<(), ReplicaError>;

    /// Sets aside all of an own, former epoch's changes in one document, because the hub has
    /// others in their place (only on a store). Their facts are at the hub already, in other changes.
    fn set_aside(&self, doc: &DocId, actor: Actor) -> Result<(), ReplicaError>;

    /// Remembers a refused change for the operators.
    fn quarantine(&self, peer: &Writer, item: &Quarantined) -> Result<(), ReplicaError>;

    /// What the hub has to tell a store of other stores' stock, after what it was told (only on the
    /// hub). At most [`MAX_ROWS_PER_PAGE`](crate::stock::MAX_ROWS_PER_PAGE) rows.
    fn stock_after(&self, peer: &Writer, after: Cursor) -> Result<Option<StockPage>, ReplicaError>;

    /// Keeps what the hub tells of other stores' stock (only on a store), and how far it has been
    /// told.
    fn learn_stock(&self, page: StockPage) -> Result<(), ReplicaError>;

    /// What is kept of the store's facts: on a store its own, on the hub the peer's. Seals pending facts
    /// first, so that the other side can come to hold what the answer counts.
    fn kept(&self, peer: &Writer, question: Question) -> Result<Kept, ReplicaError>;

    /// What the peer store's history comes to (only on the hub); nothing where none of it is held.
    fn carry_over(&self, peer: &Writer) -> Result<Option<Carryover>, ReplicaError>;

    /// Begins the books with what the store's history comes to, and opens an epoch above all of it (only
    /// on a store), in one durable transaction. Books that are no longer empty are left as they are.
    fn take_over(&self, carryover: &Carryover) -> Result<(), ReplicaError>;
}

/// A place in the order in which a replica learned its changes. Local to that replica.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Row(pub u64);

impl Row {
    /// Before the first row.
    pub const START: Self = Self(0);
}

/// Where a replica stands towards one peer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// On a store: its present epoch and the last fact in it (sequence 0 when it is fresh). On
    /// the hub: the newest epoch of the peer store that it holds a fact of, and the last such fact.
    pub head: Option<Head>,
    /// The digest of everything in scope.
    pub root: Digest,
    /// The row up to which the digest speaks.
    pub row: Row,
    /// On a store: how far it has been told of other stores' stock. On the hub: how far there is
    /// something to tell the peer. Nothing where stock is not told.
    pub stock: Option<Cursor>,
    /// On a store: how its books stand to its history. Always whole on the hub.
    pub history: History,
}

/// The end of a store's history, as someone holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The epoch.
    pub epoch: Epoch,
    /// The last fact in it; 0 when there is none yet.
    pub seq: u64,
    /// The chain's link after that fact.
    pub link: ChainLink,
}

/// The digests of a scope, by collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// Collections that hold a change.
    pub digests: BTreeMap<Collection, Digest>,
    /// The row up to which they speak.
    pub row: Row,
}

/// For each document, each actor's last change.
pub type Tips = BTreeMap<DocId, BTreeMap<Actor, Tip>>;

/// An actor's last change in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tip {
    /// Its number; an actor's changes in a document are numbered from one without gaps.
    pub seq: u64,
    /// The start of its hash.
    pub tag: Tag,
}

/// The first bytes of a change's hash: enough to notice that two changes differ where honest
/// replicas meet. A change's hash covers the ones before it, so equal tags mean equal histories.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag(pub [u8; Self::LEN]);

impl Tag {
    /// Eight bytes: two histories that part go unnoticed once in 2^64.
    pub const LEN: usize = 8;

    /// The tag of a hash.
    pub fn of(hash: &ChangeHash) -> Self {
        let mut tag = [0; Self::LEN];
        tag.copy_from_slice(&hash.as_bytes()[..Self::LEN]);
        Self(tag)
    }
}

/// What a peer wants: everything of these collections beyond its own tips.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The collections whose digests differ.
    pub collections: BTreeSet<Collection>,
    /// What the peer holds of them. A document that is not named is not held at all.
    pub theirs: Arc<Tips>,
}

/// Rows after one and up to another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    /// Excluded.
    pub after: Row,
    /// Included.
    pub until: Row,
}

/// Some changes to send, in row order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The changes.
    pub changes: Vec<Outgoing>,
    /// The last row looked at: where to go on.
    pub last: Row,
    /// Whether there is more to come.
    pub more: More,
}

/// Whether a batch was cut short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum More {
    /// It was; ask again from `last`.
    Yes,
    /// It was not.
    No,
}

/// A stored change on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The document it belongs to.
    pub doc: DocId,
    /// Who made it.
    pub actor: Actor,
    /// Its number among that actor's changes in the document.
    pub seq: u64,
    /// The uncompressed Automerge change chunk.
    pub bytes: Vec<u8>,
}

/// What became of a batch of received changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// One for each change, in order.
    pub outcomes: Vec<Outcome>,
    /// On the hub: the peer store's head after the batch, as in [`Summary::head`].
    pub head: Option<Head>,
}

/// What became of one received change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Durable now.
    Applied,
    /// It was here already.
    Duplicate,
    /// Not taken in, for this reason, and recorded as quarantined.
    Quarantined(String),
}

/// The order to end a store's present history, because the hub knows more of it than the store
/// does (a restored backup), or something else (a clone that went on selling).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakeBack {
    /// The epoch in which the histories were compared.
    pub epoch: Epoch,
    /// The last fact of that epoch on which both agree.
    pub agreed: u64,
    /// Own facts of that epoch after this one (sealed or pending) leave the books and are kept
    /// aside for a person to decide, because the hub holds others in their place. `None`: the
    /// hub has none in their place, so they stay and travel as usual.
    pub set_aside_after: Option<u64>,
    /// The newest epoch of this store that the hub knows. The next one must be above it.
    pub above: Epoch,
}

/// A change that one side would not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// The document it was for.
    pub doc: DocId,
    /// Who refused.
    pub refused_by: RefusedBy,
    /// Which of the document's changes it was, as far as that is known.
    pub claim: Option<Claim>,
    /// Why, for operators.
    pub reason: String,
}

/// Which side refused a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusedBy {
    /// We refused what the peer sent.
    Us,
    /// The peer refused what we sent.
    Peer,
}

/// The store could not do what was asked: the session ends and nothing is acknowledged.
#[derive(Debug, Error)]
#[error("cannot {operation}")]
pub struct ReplicaError {
    /// What was asked for.
    pub operation: &'static str,
    /// Why it failed.
    #[source]
    pub source: Box<dyn Error + Send + Sync>,
}

impl ReplicaError {
    /// An operation that failed because of something.
    pub fn new(operation: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { operation, source: source.into() }
    }
}

impl fmt::Display for RefusedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Us => "us",
            Self::Peer => "peer",
        })
    }
}
