//! Messages: what two replicas say to each other, and the bytes of it.
//!
//! A message is its type in one byte, then its fields. The bytes of every message are frozen by golden
//! tests; what a later protocol version adds, it adds as new types or behind a higher version.

mod bye;
mod decode;
mod encode;
mod kept;
mod stock;
mod version;

use std::collections::BTreeMap;

use ledger::chain::ChainLink;
use ledger::id::{Epoch, StoreId};
use ledger::time::Timestamp;

pub use bye::{Bye, ByeCode};
pub use decode::MessageError;
pub use version::{PROTOCOL, Versions};

use crate::carryover::History;
pub use crate::codec::CodecError;
use crate::kept::{Kept, Question};
use crate::replica::{Head, More, Tips};
use crate::stock::{Cursor, StockPage};
use crate::{Actor, ChainId, Collection, Digest, DocId};

/// Everything that may be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// The store opens, or starts over.
    Hello(Hello),
    /// The hub answers.
    Welcome(Welcome),
    /// Either side ends the session and says why.
    Bye(Bye),
    /// What the sender holds of the collections that differ, in one or several pages.
    Tips(TipsPage),
    /// Where the sender holds other changes than the receiver's tips name.
    Conflicts(Vec<(DocId, Actor)>),
    /// Changes.
    Changes(Chunk),
    /// Everything that the receiver lacked, as far as its tips told, has been sent.
    Done,
    /// Changes are durable here.
    Ack(Ack),
    /// The store asks where its history and the hub's part.
    Probe(Probe),
    /// The hub's answer.
    Probed(Probed),
    /// The hub tells of other stores' stock.
    Stock(StockPage),
    /// The store has what was told durably.
    Seen(Cursor),
    /// The hub asks what the store keeps. From version 3 on.
    Compare(Question),
    /// The store's answer to the question of this number.
    Compared(u64, Kept),
    /// The hub tells a store with empty books what its history comes to, in one or several pages. It comes
    /// in place of a [`Welcome`]; the store takes it in and says Hello again.
    Carryover(CarryoverPage),
    /// The hub has sent all that the store lacked but for its own old books, which follow.
    Ready,
}

/// The store's opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hello {
    /// The protocol versions it speaks.
    pub versions: Versions,
    /// The chain it belongs to.
    pub chain: ChainId,
    /// The store.
    pub store: StoreId,
    /// Its present epoch and last fact.
    pub head: Head,
    /// The digest of what it shares with the hub.
    pub root: Digest,
    /// Its clock.
    pub clock: Timestamp,
    /// How far it has been told of other stores' stock; nothing if it does not want to be. From
    /// version 2 on.
    pub stock: Option<Cursor>,
    /// How its books stand to its history. From version 3 on.
    pub history: History,
}

/// The hub's answer to a [`Hello`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Welcome {
    /// The protocol version in which the session goes on.
    pub version: u16,
    /// What the hub makes of the store's head.
    pub verdict: Verdict,
    /// The store's newest head at the hub; none before its first fact.
    pub head: Option<Head>,
    /// The digest of what the hub shares with the store.
    pub root: Digest,
    /// The hub's clock.
    pub clock: Timestamp,
    /// The digest of each collection at the hub, if the roots differ and the verdict allows to go on.
    pub overview: BTreeMap<Collection, Digest>,
    /// How far there is something to tell of other stores' stock. From version 2 on.
    pub stock: Option<Cursor>,
}

/// How a store's history stands to what the hub holds of it, as far as facts go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Both hold the same facts.
    InStep,
    /// The store has facts that the hub lacks. The store checks the hub's head against its chain.
    HubBehind,
    /// The hub has facts that the store lacks: the store was restored from a backup.
    StoreBehind,
    /// The histories part: two nodes went on from the same past.
    Forked,
}

/// Part of what the sender holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TipsPage {
    /// The collections that differ: all of them on the store's first page, none on others.
    pub collections: Vec<Collection>,
    /// The last change of every actor, for each document held of these collections.
    pub tips: Tips,
    /// Whether another page follows.
    pub more: More,
}

/// A piece of changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// Its number on this connection, from one.
    pub number: u64,
    /// The changes, as [`chunk::pack`](crate::chunk::pack) made them.
    pub body: Vec<u8>,
}

/// The receipt for one chunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ack {
    /// Its number.
    pub chunk: u64,
    /// From the hub: the store's newest head after it.
    pub head: Option<Head>,
    /// What was not taken in; everything else is durable.
    pub refused: Vec<Refused>,
}

/// A change of a chunk that was not taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its place in the chunk, from zero.
    pub index: u64,
    /// Why, for operators.
    pub reason: String,
}

/// Part of what a store's history comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarryoverPage {
    /// Whether another page follows.
    pub more: More,
    /// The part, as [`carryover::pack`](crate::carryover::pack) made it.
    pub body: Vec<u8>,
}

/// Points of the store's chain in one epoch, ascending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// The epoch.
    pub epoch: Epoch,
    /// Sequence numbers and the links after them.
    pub points: Vec<(u64, ChainLink)>,
}

/// What the hub has of an epoch, against a [`Probe`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probed {
    /// The epoch.
    pub epoch: Epoch,
    /// The last fact of that epoch at the hub; 0 for none.
    pub held: u64,
    /// The last of the points at which the hub's chain has the same link; 0 for none.
    pub agreed: u64,
}

#[cfg(test)]
mod tests;
