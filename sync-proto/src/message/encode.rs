//! From messages to bytes.

use std::collections::BTreeMap;

use super::{
    Ack, Bye, CarryoverPage, Hello, Message, Probe, TipsPage, Verdict, Welcome, kept, stock,
};
use crate::Actor;
use crate::carryover::{self, History};
use crate::codec::{put_number, put_signed, put_text};
use crate::replica::{Head, More};

/// The types of messages, as they stand in the first byte.
pub(super) mod kind {
    pub(crate) const HELLO: u8 = 1;
    pub(crate) const WELCOME: u8 = 2;
    pub(crate) const BYE: u8 = 3;
    pub(crate) const TIPS: u8 = 4;
    pub(crate) const CONFLICTS: u8 = 5;
    pub(crate) const CHANGES: u8 = 6;
    pub(crate) const DONE: u8 = 7;
    pub(crate) const ACK: u8 = 8;
    pub(crate) const PROBE: u8 = 9;
    pub(crate) const PROBED: u8 = 10;
    pub(crate) const STOCK: u8 = 11;
    pub(crate) const SEEN: u8 = 12;
    pub(crate) const COMPARE: u8 = 22;
    pub(crate) const COMPARED: u8 = 23;
    pub(crate) const CARRYOVER: u8 = 13;
    pub(crate) const READY: u8 = 14;
}

/// The longest text of a reason that is sent, in bytes: a full Ack stays within a frame.
pub(super) const MAX_REASON_LEN: usize = 200;

impl Message {
    /// The message's bytes, without the frame's length.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        match self {
            Self::Hello(hello) => encode_hello(&mut out, hello),
            Self::Welcome(welcome) => encode_welcome(&mut out, welcome),
            Self::Bye(Bye { code, text }) => {
                out.push(kind::BYE);
                put_number(&mut out, u64::from(code.number()));
                put_text(&mut out, shortened(text));
            }
            Self::Tips(page) => encode_tips(&mut out, page),
            Self::Conflicts(conflicts) => {
                out.push(kind::CONFLICTS);
                put_number(&mut out, conflicts.len() as u64);
                for (doc, actor) in conflicts {
                    put_text(&mut out, &doc.to_string());
                    out.extend_from_slice(actor.as_bytes());
                }
            }
            Self::Changes(chunk) => {
                out.push(kind::CHANGES);
                put_number(&mut out, chunk.number);
                out.extend_from_slice(&chunk.body);
            }
            Self::Done => out.push(kind::DONE),
            Self::Ack(ack) => encode_ack(&mut out, ack),
            Self::Probe(Probe { epoch, points }) => {
                out.push(kind::PROBE);
                put_number(&mut out, u64::from(epoch.number()));
                put_number(&mut out, points.len() as u64);
                for (seq, link) in points {
                    put_number(&mut out, *seq);
                    out.extend_from_slice(link.as_bytes());
                }
            }
            Self::Probed(probed) => {
                out.push(kind::PROBED);
                put_number(&mut out, u64::from(probed.epoch.number()));
                put_number(&mut out, probed.held);
                put_number(&mut out, probed.agreed);
            }
            Self::Stock(page) => {
                out.push(kind::STOCK);
                stock::put_page(&mut out, page);
            }
            Self::Seen(cursor) => {
                out.push(kind::SEEN);
                stock::put_cursor(&mut out, *cursor);
            }
            Self::Compare(question) => {
                out.push(kind::COMPARE);
                kept::put_question(&mut out, question);
            }
            Self::Compared(number, answer) => {
                out.push(kind::COMPARED);
                kept::put_kept(&mut out, *number, answer);
            }
            Self::Carryover(CarryoverPage { more, body }) => {
                out.push(kind::CARRYOVER);
                out.push(u8::from(*more == More::Yes));
                out.extend_from_slice(body);
            }
            Self::Ready => out.push(kind::READY),
        }
        out
    }
}

/// The versions come first, and for all versions: a Hello from the future can still be answered.
fn encode_hello(out: &mut Vec<u8>, hello: &Hello) {
    out.push(kind::HELLO);
    put_number(out, u64::from(hello.versions.oldest));
    put_number(out, u64::from(hello.versions.newest));
    put_text(out, hello.chain.as_str());
    put_text(out, hello.store.as_str());
    put_head(out, &hello.head);
    out.extend_from_slice(&hello.root.to_bytes());
    put_signed(out, hello.clock.millis());
    if hello.versions.newest >= stock::FIRST_VERSION {
        stock::put_maybe_cursor(out, hello.stock);
    }
    if hello.versions.newest >= carryover::FIRST_VERSION {
        out.push(match hello.history {
            History::Whole => 0,
            History::Wanted => 1,
            History::Awaited => 2,
        });
    }
}

fn encode_welcome(out: &mut Vec<u8>, welcome: &Welcome) {
    out.push(kind::WELCOME);
    put_number(out, u64::from(welcome.version));
    out.push(match welcome.verdict {
        Verdict::InStep => 0,
        Verdict::HubBehind => 1,
        Verdict::StoreBehind => 2,
        Verdict::Forked => 3,
    });
    put_maybe_head(out, welcome.head.as_ref());
    out.extend_from_slice(&welcome.root.to_bytes());
    put_signed(out, welcome.clock.millis());
    put_number(out, welcome.overview.len() as u64);
    for (collection, digest) in &welcome.overview {
        put_text(out, &collection.to_string());
        out.extend_from_slice(&digest.to_bytes());
    }
    if welcome.version >= stock::FIRST_VERSION {
        stock::put_maybe_cursor(out, welcome.stock);
    }
}

/// Actors stand in a table of their own: one actor usually has a tip in every document.
fn encode_tips(out: &mut Vec<u8>, page: &TipsPage) {
    out.push(kind::TIPS);
    put_number(out, page.collections.len() as u64);
    for collection in &page.collections {
        put_text(out, &collection.to_string());
    }
    let mut places: BTreeMap<Actor, u64> = BTreeMap::new();
    for actor in page.tips.values().flat_map(BTreeMap::keys) {
        let next = places.len() as u64;
        places.entry(*actor).or_insert(next);
    }
    let mut table: Vec<(&Actor, &u64)> = places.iter().collect();
    table.sort_by_key(|(_, place)| **place);
    put_number(out, table.len() as u64);
    for (actor, _) in table {
        out.extend_from_slice(actor.as_bytes());
    }
    put_number(out, page.tips.len() as u64);
    for (doc, tips) in &page.tips {
        put_text(out, &doc.to_string());
        put_number(out, tips.len() as u64);
        for (actor, tip) in tips {
            put_number(out, places[actor]);
            put_number(out, tip.seq);
            out.extend_from_slice(&tip.tag.0);
        }
    }
    out.push(u8::from(page.more == More::Yes));
}

fn encode_ack(out: &mut Vec<u8>, ack: &Ack) {
    out.push(kind::ACK);
    put_number(out, ack.chunk);
    put_maybe_head(out, ack.head.as_ref());
    put_number(out, ack.refused.len() as u64);
    for refused in &ack.refused {
        put_number(out, refused.index);
        put_text(out, shortened(&refused.reason));
    }
}

/// An absent head is the epoch 0, which no store has.
pub(super) fn put_maybe_head(out: &mut Vec<u8>, head: Option<&Head>) {
    match head {
        Some(head) => put_head(out, head),
        None => put_number(out, 0),
    }
}

fn put_head(out: &mut Vec<u8>, head: &Head) {
    put_number(out, u64::from(head.epoch.number()));
    put_number(out, head.seq);
    out.extend_from_slice(head.link.as_bytes());
}

fn shortened(text: &str) -> &str {
    let mut end = text.len().min(MAX_REASON_LEN);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
