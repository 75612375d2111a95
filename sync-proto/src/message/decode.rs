//! From bytes to messages.

use std::collections::BTreeMap;

use ledger::chain::ChainLink;
use ledger::id::Epoch;
use ledger::time::Timestamp;
use thiserror::Error;

use super::encode::{MAX_REASON_LEN, kind};
use super::{
    Ack, Bye, ByeCode, CarryoverPage, Chunk, Hello, Message, PROTOCOL, Probe, Probed, Refused,
    TipsPage, Verdict, Versions, Welcome, kept, stock,
};
use crate::carryover::{self, History};
use crate::codec::{CodecError, Reader};
use crate::replica::{Head, More, Tag, Tip, Tips};
use crate::{Actor, Digest, DocId};

/// Why bytes are not a message.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MessageError {
    /// A type that this build does not know: the peer speaks a newer version than was agreed.
    #[error("messages of type {kind} are not part of protocol version {}", PROTOCOL.newest)]
    UnknownType {
        /// The type.
        kind: u8,
    },
    /// The fields are not those of this type.
    #[error("malformed {name} message")]
    Malformed {
        /// The type's name.
        name: &'static str,
        /// What is wrong.
        #[source]
        source: CodecError,
    },
}

impl Message {
    /// Reads a message from the bytes of one frame.
    pub fn decode(bytes: &[u8]) -> Result<Self, MessageError> {
        let Some((kind, fields)) = bytes.split_first() else {
            return Err(MessageError::Malformed {
                name: "empty",
                source: CodecError::Short("type"),
            });
        };
        let mut reader = Reader::new(fields);
        let (name, read) = match *kind {
            kind::HELLO => ("Hello", hello(&mut reader)),
            kind::WELCOME => ("Welcome", welcome(&mut reader)),
            kind::BYE => ("Bye", bye(&mut reader)),
            kind::TIPS => ("Tips", tips(&mut reader)),
            kind::CONFLICTS => ("Conflicts", conflicts(&mut reader)),
            kind::CHANGES => ("Changes", changes(&mut reader)),
            kind::DONE => ("Done", Ok(Self::Done)),
            kind::ACK => ("Ack", ack(&mut reader)),
            kind::PROBE => ("Probe", probe(&mut reader)),
            kind::PROBED => ("Probed", probed(&mut reader)),
            kind::STOCK => ("Stock", stock::page(&mut reader).map(Self::Stock)),
            kind::SEEN => ("Seen", stock::cursor(&mut reader).map(Self::Seen)),
            kind::CARRYOVER => ("Carryover", carryover(&mut reader)),
            kind::READY => ("Ready", Ok(Self::Ready)),
            kind::COMPARE => ("Compare", kept::question(&mut reader).map(Self::Compare)),
            kind::COMPARED => (
                "Compared",
                kept::kept(&mut reader).map(|(number, kept)| Self::Compared(number, kept)),
            ),
            kind => return Err(MessageError::UnknownType { kind }),
        };
        read.and_then(|message| reader.finish().map(|()| message))
            .map_err(|source| MessageError::Malformed { name, source })
    }
}

type Read = Result<Message, CodecError>;

fn hello(reader: &mut Reader<'_>) -> Read {
    let versions = Versions { oldest: reader.small("version")?, newest: reader.small("version")? };
    let hello = Hello {
        versions,
        chain: reader.parsed("chain id")?,
        store: reader.parsed("store id")?,
        head: head(reader)?,
        root: digest(reader)?,
        clock: clock(reader)?,
        stock: stock::since(versions.newest, reader)?,
        history: history(versions.newest, reader)?,
    };
    if versions.newest > PROTOCOL.newest {
        // A newer build may say more; what it says is for those who know its version.
        reader.take(reader.left(), "rest")?;
    }
    Ok(Message::Hello(hello))
}

fn welcome(reader: &mut Reader<'_>) -> Read {
    let version = reader.small("version")?;
    Ok(Message::Welcome(Welcome {
        version,
        verdict: match reader.byte("verdict")? {
            0 => Verdict::InStep,
            1 => Verdict::HubBehind,
            2 => Verdict::StoreBehind,
            3 => Verdict::Forked,
            _ => return Err(CodecError::Invalid("verdict")),
        },
        head: maybe_head(reader)?,
        root: digest(reader)?,
        clock: clock(reader)?,
        overview: reader
            .list("overview", |reader| Ok((reader.parsed("collection")?, digest(reader)?)))?
            .into_iter()
            .collect(),
        stock: stock::since(version, reader)?,
    }))
}

fn bye(reader: &mut Reader<'_>) -> Read {
    let code = ByeCode::numbered(reader.small("code")?);
    Ok(Message::Bye(Bye { code, text: reason(reader)? }))
}

fn tips(reader: &mut Reader<'_>) -> Read {
    let collections = reader.list("collections", |reader| reader.parsed("collection"))?;
    let actors = reader.list("actors", actor)?;
    let docs = reader.list("documents", |reader| {
        let doc: DocId = reader.parsed("document id")?;
        let tips = reader.list("tips", |reader| {
            let place: usize = reader.small("actor's place")?;
            let actor = actors.get(place).ok_or(CodecError::Invalid("actor's place"))?;
            let seq = reader.number("sequence number")?;
            Ok((*actor, Tip { seq, tag: Tag(reader.array("tag")?) }))
        })?;
        Ok((doc, tips.into_iter().collect::<BTreeMap<_, _>>()))
    })?;
    let more = more(reader)?;
    Ok(Message::Tips(TipsPage { collections, tips: docs.into_iter().collect::<Tips>(), more }))
}

fn carryover(reader: &mut Reader<'_>) -> Read {
    let more = more(reader)?;
    let body = reader.take(reader.left(), "carry-over")?.to_vec();
    Ok(Message::Carryover(CarryoverPage { more, body }))
}

/// What a greeting in this version says of the books, which older ones do not.
fn history(version: u16, reader: &mut Reader<'_>) -> Result<History, CodecError> {
    if version < carryover::FIRST_VERSION {
        return Ok(History::Whole);
    }
    match reader.byte("history")? {
        0 => Ok(History::Whole),
        1 => Ok(History::Wanted),
        2 => Ok(History::Awaited),
        _ => Err(CodecError::Invalid("history")),
    }
}

fn more(reader: &mut Reader<'_>) -> Result<More, CodecError> {
    match reader.byte("more")? {
        0 => Ok(More::No),
        1 => Ok(More::Yes),
        _ => Err(CodecError::Invalid("more")),
    }
}

fn conflicts(reader: &mut Reader<'_>) -> Read {
    let pair = |reader: &mut Reader<'_>| Ok((reader.parsed("document id")?, actor(reader)?));
    reader.list("conflicts", pair).map(Message::Conflicts)
}

fn changes(reader: &mut Reader<'_>) -> Read {
    let number = reader.number("chunk number")?;
    let body = reader.take(reader.left(), "chunk")?.to_vec();
    Ok(Message::Changes(Chunk { number, body }))
}

fn ack(reader: &mut Reader<'_>) -> Read {
    Ok(Message::Ack(Ack {
        chunk: reader.number("chunk number")?,
        head: maybe_head(reader)?,
        refused: reader.list("refused changes", |reader| {
            let index = reader.number("index")?;
            Ok(Refused { index, reason: reason(reader)? })
        })?,
    }))
}

fn probe(reader: &mut Reader<'_>) -> Read {
    Ok(Message::Probe(Probe {
        epoch: epoch(reader)?,
        points: reader
            .list("points", |reader| Ok((reader.number("sequence number")?, link(reader)?)))?,
    }))
}

fn probed(reader: &mut Reader<'_>) -> Read {
    Ok(Message::Probed(Probed {
        epoch: epoch(reader)?,
        held: reader.number("sequence number")?,
        agreed: reader.number("sequence number")?,
    }))
}

/// Reasons are kept for operators, so their length is bounded here too.
fn reason(reader: &mut Reader<'_>) -> Result<String, CodecError> {
    let text = reader.text("reason")?;
    if text.len() > MAX_REASON_LEN {
        return Err(CodecError::Invalid("reason"));
    }
    Ok(text.to_owned())
}

fn head(reader: &mut Reader<'_>) -> Result<Head, CodecError> {
    maybe_head(reader)?.ok_or(CodecError::Invalid("epoch"))
}

pub(super) fn maybe_head(reader: &mut Reader<'_>) -> Result<Option<Head>, CodecError> {
    let Some(epoch) = Epoch::new(reader.small("epoch")?) else {
        return Ok(None);
    };
    Ok(Some(Head { epoch, seq: reader.number("sequence number")?, link: link(reader)? }))
}

fn epoch(reader: &mut Reader<'_>) -> Result<Epoch, CodecError> {
    Epoch::new(reader.small("epoch")?).ok_or(CodecError::Invalid("epoch"))
}

fn link(reader: &mut Reader<'_>) -> Result<ChainLink, CodecError> {
    reader.array("link").map(ChainLink::from_bytes)
}

fn digest(reader: &mut Reader<'_>) -> Result<Digest, CodecError> {
    reader.array("digest").map(Digest::from_bytes)
}

fn actor(reader: &mut Reader<'_>) -> Result<Actor, CodecError> {
    reader.array("actor").map(Actor::from_bytes)
}

pub(super) fn clock(reader: &mut Reader<'_>) -> Result<Timestamp, CodecError> {
    reader.signed("clock").map(Timestamp::from_millis)
}
