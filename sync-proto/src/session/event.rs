//! What a session tells its driver.

use std::collections::BTreeSet;

use thiserror::Error;

use super::bounds::{MAX_REFUSALS, MAX_SETTLEMENTS};
use crate::ask::{Ask, AskId};
use crate::chunk::ChunkError;
use crate::frame::FrameError;
use crate::kept::{Comparison, NotCompared};
use crate::message::{Bye, ByeCode, MessageError, PROTOCOL, Verdict, Versions};
use crate::replica::{Head, Quarantined, ReplicaError, Row, TakeBack};
use crate::{Actor, ChainId, Collection, DocId};

/// Something for the driver to do, in the order in which it is given.
#[derive(Debug)]
pub enum Effect {
    /// Write these bytes to the peer: one frame with its length.
    Send(Vec<u8>),
    /// Have the replica answer this, and hand the answer back. Answers may come in any order, but the
    /// replica must be asked in this one.
    Ask(AskId, Ask),
    /// Something that people or other parts of the program may want to know.
    Event(Event),
    /// The session is over: send what was given before, then end the stream.
    Close(CloseReason),
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The peers have greeted each other.
    Connected {
        /// The protocol version agreed on.
        version: u16,
        /// How the store's facts stand to the hub's.
        verdict: Verdict,
        /// The store's newest head at the hub.
        head: Option<Head>,
    },
    /// The peer's wall clock is this many milliseconds ahead of ours (negative: behind).
    PeerClockSkew {
        /// By how much.
        ahead_ms: i64,
    },
    /// How far catching up has come.
    Progress(Progress),
    /// The store has been told what its history comes to, and its books begin with that. The facts follow.
    CarriedOver {
        /// How many facts it stands for.
        facts: u64,
    },
    /// The store holds all that the hub had for it but for its own old books, which come behind.
    Ready,
    /// Each side holds all that the other had when they compared. From here on the session is live.
    InSync,
    /// The store has been told all that the hub has to tell of other stores' stock, or the hub tells
    /// nothing of it. Only after [`Event::InSync`], once each time.
    StockCurrent,
    /// The hub holds our facts up to this one, and the chains agree.
    AckedUpTo(Head),
    /// The peer holds everything that it may see of our rows up to this one.
    PeerHolds(Row),
    /// Changes of the peer are durable here.
    Received {
        /// How many were new.
        changes: usize,
        /// Where.
        collections: BTreeSet<Collection>,
    },
    /// What store and hub keep of the same facts was compared, as the hub had asked for.
    Compared(Result<Comparison, NotCompared>),
    /// The store's present history ends: the replica is about to be asked to set aside and open a
    /// new epoch.
    TakeBack(TakeBack),
    /// A change was refused, here or by the peer.
    Quarantined(Quarantined),
    /// Two histories of one actor have parted, and this session can't settle it.
    Forked {
        /// In which document.
        doc: DocId,
        /// Whose.
        actor: Actor,
    },
    /// The peer store holds changes of others, which it can only have had from this hub, and this
    /// hub does not have them: it was restored from a backup and has to open a new epoch.
    Forgotten {
        /// In which document.
        doc: DocId,
        /// Whose.
        actor: Actor,
    },
}

/// Counts of changes in catching up. Totals are what the two knew when they compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Acknowledged by the peer.
    pub sent: u64,
    /// That the peer lacked.
    pub to_send: u64,
    /// Durable here.
    pub received: u64,
    /// That were lacking here.
    pub to_receive: u64,
}

/// Why a session ended.
#[derive(Debug, Error)]
pub enum CloseReason {
    /// The driver asked for it.
    #[error("closed on purpose")]
    Asked,
    /// The peer ended it.
    #[error("the peer ended the session: {} ({})", .0.text, .0.code)]
    Peer(Bye),
    /// No version in common.
    #[error("the peer speaks protocol {theirs}, this program {PROTOCOL}")]
    Version {
        /// What the peer speaks.
        theirs: Versions,
    },
    /// The store belongs to another chain.
    #[error("the store belongs to chain {theirs}, this hub to {ours}")]
    WrongChain {
        /// Our chain.
        ours: ChainId,
        /// The store's.
        theirs: ChainId,
    },
    /// The store names itself otherwise than its certificate.
    #[error("the peer's certificate is for {certified}, but it says it is {claimed}")]
    WrongStore {
        /// By its certificate.
        certified: String,
        /// By its own word.
        claimed: String,
    },
    /// The stream holds something else than frames.
    #[error("the stream is broken")]
    Frame(#[from] FrameError),
    /// A frame holds something else than a message.
    #[error("the peer sent what is not a message")]
    Message(#[from] MessageError),
    /// A chunk holds something else than changes.
    #[error("the peer sent a bad chunk")]
    Chunk(#[from] ChunkError),
    /// A message that has no place here.
    #[error("the peer sent {0}")]
    Unexpected(&'static str),
    /// The replica failed.
    #[error("the store failed")]
    Storage(#[source] ReplicaError),
    /// The driver answered something else than was asked.
    #[error("the answer does not fit the question")]
    WrongAnswer,
    /// The peer fell silent.
    #[error("the peer fell silent")]
    Silent,
    /// The peer sent too much that could not be taken in.
    #[error("more than {MAX_REFUSALS} documents of the peer were refused")]
    Refusals,
    /// Settling the histories did not help.
    #[error("the histories still part after {MAX_SETTLEMENTS} attempts to settle them")]
    Unsettled,
}

impl CloseReason {
    /// What the peer is told; nothing when it is the peer who ended the session.
    pub(super) const fn bye(&self) -> Option<ByeCode> {
        Some(match self {
            Self::Peer(_) => return None,
            Self::Asked => ByeCode::Leaving,
            Self::Version { .. } => ByeCode::Version,
            Self::WrongChain { .. } => ByeCode::WrongChain,
            Self::WrongStore { .. } => ByeCode::WrongStore,
            Self::Frame(_) | Self::Message(_) | Self::Chunk(_) | Self::Unexpected(_) => {
                ByeCode::Protocol
            }
            Self::Storage(_) | Self::WrongAnswer => ByeCode::Storage,
            Self::Silent => ByeCode::Silent,
            Self::Refusals => ByeCode::Refusals,
            Self::Unsettled => ByeCode::Unsettled,
        })
    }
}
