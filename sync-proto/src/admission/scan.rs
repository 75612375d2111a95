//! Counts what a change claims to hold, without decoding it.
//!
//! A change chunk is a header, the change's own fields, and columns of run-length coded operations:
//!
//! ```text
//! 85 6f 4a 83 · checksum (4) · type (1) · length · data
//! data: deps (count, 32 each) · actor · seq · start op · time · message · other actors (count)
//!       · columns (count, then specification and length of each) · the columns' bytes · extra bytes
//! ```
//!
//! Numbers are LEB128. A column is a series of runs: a positive count and the value repeated, a
//! negative count and that many values, or zero and a count of nulls. So a run of three bytes can
//! claim any number of operations, and Automerge unrolls what is claimed; here it's only added up.

use crate::ids::Actor;
use crate::limits::{
    MAX_DEPS, MAX_KEY_LEN, MAX_MESSAGE_LEN, MAX_OP_COUNTER, MAX_OPS_PER_CHANGE, MAX_OTHER_ACTORS,
    MAX_PREDS_PER_CHANGE,
};
use crate::refusal::RefusalReason;

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];

/// The type of an uncompressed change. A document (0) isn't one change, a compressed change (2) is
/// inflated by Automerge without a limit, and a bundle (3) holds many.
const CHANGE: u8 = 1;

/// The action of putting a value under a key.
const PUT: u64 = 1;

/// The type of a value that is a text.
const TEXT: u64 = 6;

/// A column specification marked as compressed.
const DEFLATED: u64 = 8;

/// What a change says of itself before its operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scan {
    pub(super) checksum: [u8; 4],
    pub(super) actor: Actor,
    pub(super) seq: u64,
}

/// Reads a chunk's frame and own fields and adds up its columns. What passes can be given to
/// Automerge: it decodes to at most [`MAX_OPS_PER_CHANGE`] operations of bounded size.
pub(super) fn scan(chunk: &[u8]) -> Result<Scan, (Option<Scan>, RefusalReason)> {
    let early = |reason| (None, reason);
    let (checksum, mut data) = open(chunk).map_err(early)?;
    let (actor, seq) = author(&mut data).map_err(early)?;
    let scan = Scan { checksum, actor, seq };
    operations(&mut data, seq).map_err(|reason| (Some(scan), reason))?;
    Ok(scan)
}

/// Opens the chunk: its checksum and data.
fn open(chunk: &[u8]) -> Result<([u8; 4], Reader<'_>), RefusalReason> {
    let mut reader = Reader(chunk);
    if reader.take(4)? != MAGIC {
        return Err(not("it does not begin like one"));
    }
    let mut checksum = [0; 4];
    checksum.copy_from_slice(reader.take(4)?);
    if reader.take(1)? != [CHANGE] {
        return Err(not("it is of another type"));
    }
    let len = reader.unsigned()?;
    match u64::try_from(reader.0.len()) {
        Ok(rest) if rest == len => Ok((checksum, reader)),
        _ => Err(not("its length is not what it says")),
    }
}

/// Reads past the dependencies to the author's actor and the change's number.
fn author(data: &mut Reader<'_>) -> Result<(Actor, u64), RefusalReason> {
    let deps = limited("dependencies", data.unsigned()?, MAX_DEPS)?;
    data.skip(deps * 32)?;
    let actor = data.prefixed()?;
    let actor = <[u8; 16]>::try_from(actor).map_err(|_| not("its actor is not 16 bytes long"))?;
    Ok((Actor::from_bytes(actor), data.unsigned()?))
}

/// The map entries of a change that was admitted once: each key and the text put under it, as they stand
/// in the chunk. None if an operation does anything else, or the chunk is not read so easily.
pub(crate) fn texts(chunk: &[u8]) -> Option<Vec<(&str, &str)>> {
    let (_, mut data) = open(chunk).ok()?;
    author(&mut data).ok()?;
    let (_, _, columns) = fields(&mut data).ok()?;
    columns.texts().ok()?
}

/// The counter of the first operation, how many other actors there are, and the columns.
fn fields<'a>(data: &mut Reader<'a>) -> Result<(u64, u64, Columns<'a>), RefusalReason> {
    let start_op = data.unsigned()?;
    data.signed()?; // the time, which decides nothing
    let message = data.unsigned()?;
    data.skip(limited("bytes of message", message, MAX_MESSAGE_LEN as u64)?)?;
    let others = limited("other actors", data.unsigned()?, MAX_OTHER_ACTORS)?;
    for _ in 0..others {
        if data.prefixed()?.len() > 16 {
            return Err(not("an actor is longer than 16 bytes"));
        }
    }
    let columns = Columns::read(data)?;
    if !data.0.is_empty() {
        return Err(not("something follows its columns"));
    }
    Ok((start_op, others, columns))
}

fn operations(data: &mut Reader<'_>, seq: u64) -> Result<(), RefusalReason> {
    if seq == 0 {
        return Err(not("changes count from one"));
    }
    let (start_op, others, columns) = fields(data)?;
    let ops = columns.check(others + 1)?;
    limited("operations of its document", start_op.saturating_add(ops), MAX_OP_COUNTER)?;
    Ok(())
}

/// The columns of a change of maps, by their specification (`id << 4 | type`).
#[derive(Default)]
struct Columns<'a> {
    obj_actor: &'a [u8],
    obj_counter: &'a [u8],
    key: &'a [u8],
    insert: &'a [u8],
    action: &'a [u8],
    value_meta: &'a [u8],
    value: &'a [u8],
    pred_count: &'a [u8],
    pred_actor: &'a [u8],
    pred_counter: &'a [u8],
}

impl<'a> Columns<'a> {
    fn read(data: &mut Reader<'a>) -> Result<Self, RefusalReason> {
        let mut columns = Self::default();
        let mut index = data.clone();
        let count = index.unsigned()?;
        // Skips the index to where the columns begin, then walks both side by side.
        *data = index.clone();
        for _ in 0..count {
            data.unsigned()?;
            data.unsigned()?;
        }
        let mut before = None;
        for _ in 0..count {
            let spec = index.unsigned()?;
            let bytes = data.take_u64(index.unsigned()?)?;
            if before >= Some(spec) {
                return Err(wrong("they are not in ascending order"));
            }
            before = Some(spec);
            if spec & DEFLATED != 0 {
                return Err(wrong("one is compressed"));
            }
            let column = match spec {
                0x01 => &mut columns.obj_actor,
                0x02 => &mut columns.obj_counter,
                0x15 => &mut columns.key,
                0x34 => &mut columns.insert,
                0x42 => &mut columns.action,
                0x56 => &mut columns.value_meta,
                0x57 => &mut columns.value,
                0x70 => &mut columns.pred_count,
                0x71 => &mut columns.pred_actor,
                0x73 => &mut columns.pred_counter,
                // Keys of sequences, marks, and what later versions may add.
                _ if bytes.is_empty() => continue,
                _ => return Err(wrong("one is not of a map")),
            };
            *column = bytes;
        }
        Ok(columns)
    }

    /// Each key with its text; none if an operation does not put a text under a key of its own.
    fn texts(&self) -> Result<Option<Vec<(&'a str, &'a str)>>, RefusalReason> {
        let mut puts = true;
        let ops = numbers(self.action, |_, action| {
            puts &= action == Some(PUT);
            Ok(())
        })?;
        limited("operations", ops, MAX_OPS_PER_CHANGE)?;
        let mut values = Reader(self.value);
        let mut texts = Vec::new();
        numbers(self.value_meta, |count, meta| {
            let meta = meta.unwrap_or_default();
            puts &= meta & 0xf == TEXT && count.saturating_add(texts.len() as u64) <= ops;
            for _ in 0..if puts { count } else { 0 } {
                texts.push(values.take_u64(meta >> 4)?);
            }
            Ok(())
        })?;
        let mut texts = texts.into_iter();
        let mut entries = Vec::with_capacity(texts.len());
        runs(self.key, |reader, run| {
            let key = match run {
                Run::Of(1) => reader.prefixed()?,
                Run::Of(_) | Run::Nulls(_) => &[],
            };
            let text = texts.next().map(str::from_utf8);
            match (str::from_utf8(key), text) {
                (Ok(key), Some(Ok(text))) if !key.is_empty() => entries.push((key, text)),
                _ => puts = false,
            }
            Ok(())
        })?;
        puts &= texts.len() == 0 && entries.len() as u64 == ops;
        Ok(puts.then_some(entries))
    }

    /// The number of operations, if all columns agree on it and no part is over its limit.
    fn check(&self, actors: u64) -> Result<u64, RefusalReason> {
        let ops = numbers(self.action, |_, _| Ok(()))?;
        limited("operations", ops, MAX_OPS_PER_CHANGE)?;
        if ops == 0 {
            return Err(wrong("there are no operations"));
        }
        let same = |what, count| if count == ops { Ok(()) } else { Err(wrong(what)) };
        let actor = |_, value| match value {
            Some(value) if value >= actors => Err(wrong("an actor is not in the list")),
            _ => Ok(()),
        };

        same(
            "the objects' actors are not one for each operation",
            numbers(self.obj_actor, actor)?,
        )?;
        let counters = numbers(self.obj_counter, |_, _| Ok(()))?;
        same("the objects' counters are not one for each operation", counters)?;
        same("the keys are not one for each operation", keys(self.key)?)?;
        same("the insert marks are not one for each operation", booleans(self.insert)?)?;

        let mut value_len = 0_u64;
        let values = numbers(self.value_meta, |count, meta| {
            // The lower four bits are the value's type, the others its length.
            value_len = value_len.saturating_add(count.saturating_mul(meta.unwrap_or(0) >> 4));
            Ok(())
        })?;
        same("the values are not one for each operation", values)?;
        if u64::try_from(self.value.len()) != Ok(value_len) {
            return Err(wrong("the values are not as long as they say"));
        }

        let mut preds = 0_u64;
        let groups = numbers(self.pred_count, |count, group| {
            preds = preds.saturating_add(count.saturating_mul(group.unwrap_or(0)));
            Ok(())
        })?;
        same("the replaced values are not counted for each operation", groups)?;
        limited("values replaced", preds, MAX_PREDS_PER_CHANGE)?;
        let pred_actors = numbers(self.pred_actor, actor)?;
        if pred_actors != preds || numbers(self.pred_counter, |_, _| Ok(()))? != preds {
            return Err(wrong("the replaced values are not as many as they say"));
        }
        Ok(ops)
    }
}

/// Adds up a column of numbers, showing each run's count and value (none for nulls) on the way.
/// Whether the numbers have a sign matters not: they're equally long.
fn numbers(
    column: &[u8],
    mut run: impl FnMut(u64, Option<u64>) -> Result<(), RefusalReason>,
) -> Result<u64, RefusalReason> {
    runs(column, |reader, kind| match kind {
        Run::Of(count) => run(count, Some(reader.unsigned()?)),
        Run::Nulls(count) => run(count, None),
    })
}

/// Adds up a column of texts. A text repeated is copied for each operation, so its length is
/// bounded.
fn keys(column: &[u8]) -> Result<u64, RefusalReason> {
    runs(column, |reader, kind| match kind {
        Run::Of(_) => {
            let len = limited("bytes of key", reader.unsigned()?, MAX_KEY_LEN as u64)?;
            reader.skip(len)
        }
        Run::Nulls(_) => Err(wrong("a key is missing")),
    })
}

/// Adds up a column of truth values: counts of false and true by turns.
fn booleans(column: &[u8]) -> Result<u64, RefusalReason> {
    let mut reader = Reader(column);
    let mut total = 0_u64;
    while !reader.0.is_empty() {
        total = total.saturating_add(reader.unsigned()?);
    }
    Ok(total)
}

/// A value that stands for so many operations, or so many without one.
enum Run {
    Of(u64),
    Nulls(u64),
}

fn runs<'a>(
    column: &'a [u8],
    mut each: impl FnMut(&mut Reader<'a>, Run) -> Result<(), RefusalReason>,
) -> Result<u64, RefusalReason> {
    let mut reader = Reader(column);
    let mut total = 0_u64;
    while !reader.0.is_empty() {
        let count = reader.signed()?;
        let items = count.unsigned_abs();
        if count > 0 {
            each(&mut reader, Run::Of(items))?;
            total = total.saturating_add(items);
        } else if count < 0 {
            // Each value has its own bytes, so this ends with the column.
            for _ in 0..items {
                each(&mut reader, Run::Of(1))?;
            }
            total = total.saturating_add(items);
        } else {
            let nulls = reader.unsigned()?;
            each(&mut reader, Run::Nulls(nulls))?;
            total = total.saturating_add(nulls);
        }
    }
    Ok(total)
}

/// The rest of some bytes.
#[derive(Clone)]
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Result<&'a [u8], RefusalReason> {
        let (taken, rest) = self.0.split_at_checked(len).ok_or_else(|| not("it is cut short"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn take_u64(&mut self, len: u64) -> Result<&'a [u8], RefusalReason> {
        self.take(usize::try_from(len).map_err(|_| not("it is cut short"))?)
    }

    fn skip(&mut self, len: u64) -> Result<(), RefusalReason> {
        self.take_u64(len).map(|_| ())
    }

    /// Bytes with their length before them.
    fn prefixed(&mut self) -> Result<&'a [u8], RefusalReason> {
        let len = self.unsigned()?;
        self.take_u64(len)
    }

    fn unsigned(&mut self) -> Result<u64, RefusalReason> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)?[0];
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                break;
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(not("a number is too large"))
    }

    fn signed(&mut self) -> Result<i64, RefusalReason> {
        let mut value = 0_i64;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)?[0];
            let bits = i64::from(byte & 0x7f);
            if shift == 63 && !matches!(bits, 0 | 0x7f) {
                break;
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                let sign_extended = byte & 0x40 != 0 && shift < 57;
                return Ok(if sign_extended { value | (-1 << (shift + 7)) } else { value });
            }
        }
        Err(not("a number is too large"))
    }
}

fn limited(what: &'static str, found: u64, limit: u64) -> Result<u64, RefusalReason> {
    if found > limit { Err(RefusalReason::TooMany { what, found, limit }) } else { Ok(found) }
}

fn not(what: &'static str) -> RefusalReason {
    RefusalReason::NotAChange { what }
}

fn wrong(what: &'static str) -> RefusalReason {
    RefusalReason::Columns { what }
}
