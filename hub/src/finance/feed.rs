//! Vouchers for another program, in pieces that it acknowledges. Only closed periods are given: nothing of them
//! changes, so that whoever has read up to a place has read all before it.

use std::fmt;
use std::str::FromStr;

use ledger::id::IdError;
use ledger::time::BusinessDate;
use ledger::voucher::Voucher;

use super::{Close, FinanceError, close, kept};
use crate::error::{HubError, Result};
use crate::hub::Hub;

/// How far a reader has got stands in the hub's notes, under the reader's name.
const PREFIX: &str = "finance.feed.";

/// The most vouchers that are given at once: some megabytes.
pub const MAX_PIECE: usize = 5_000;

/// A place among the vouchers of closed periods: after so many of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    through: BusinessDate,
    after: usize,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.through, self.after)
    }
}

impl FromStr for Cursor {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let bad = || IdError::Malformed { what: "place in a feed", text: text.to_owned() };
        let (through, after) = text.split_once(':').ok_or_else(bad)?;
        Ok(Self { through: through.parse()?, after: after.parse().map_err(|_| bad())? })
    }
}

/// A piece of the feed.
pub(crate) struct Piece {
    pub(crate) vouchers: Vec<Voucher>,
    /// Where the piece ends; none before anything was ever given.
    pub(crate) end: Option<Cursor>,
}

/// What comes after the place that a reader has acknowledged.
pub(crate) fn next(hub: &Hub, reader: &str, limit: usize) -> Result<Piece> {
    let books = hub.reader()?;
    let mut end = acknowledged(books.note(&key(reader))?)?;
    let limit = limit.clamp(1, MAX_PIECE);
    let mut vouchers = Vec::new();
    for close in close::all(&books)? {
        let after = match end {
            Some(end) if close.through < end.through => continue,
            Some(end) if close.through == end.through => end.after,
            _ => 0,
        };
        let mut seen = 0;
        kept::each(hub.home(), &close, |voucher| {
            seen += 1;
            if seen > after {
                vouchers.push(voucher);
            }
            (vouchers.len() >= limit).then_some(seen)
        })?;
        end = Some(Cursor { through: close.through, after: seen.max(after) });
        if vouchers.len() >= limit {
            break;
        }
    }
    Ok(Piece { vouchers, end })
}

/// Notes that a reader has everything up to a place. Going back is allowed: then it is given again.
pub(crate) fn acknowledge(hub: &Hub, reader: &str, cursor: Cursor) -> Result<()> {
    let known = close::all(&hub.reader()?)?;
    let reached = |close: &Close| {
        let most = usize::try_from(close.vouchers).unwrap_or(usize::MAX);
        close.through == cursor.through && cursor.after <= most
    };
    if !known.iter().any(reached) {
        return Err(FinanceError::NoPlace { place: cursor.to_string() }.into());
    }
    let (key, text) = (key(reader), cursor.to_string());
    Ok(hub.books().write(move |tx| tx.set_note(&key, &text))?)
}

fn acknowledged(note: Option<String>) -> Result<Option<Cursor>> {
    let read = |text: String| {
        text.parse().map_err(|source: IdError| HubError::Record {
            key: PREFIX.to_owned(),
            source: source.into(),
        })
    };
    note.map(read).transpose()
}

fn key(reader: &str) -> String {
    format!("{PREFIX}{reader}")
}
