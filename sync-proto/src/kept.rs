//! The numbers that a store and the hub keep of the same facts, and how few bytes show where they
//! differ.
//!
//! Each row falls into one of 256 buckets by the hash of its key. The hub asks a store for the digests
//! of its buckets, then for the marks of the rows in those that differ from its own, then for the rows
//! whose marks differ: three round trips, whatever there is to compare. Both sides read their rows once
//! for each question, and every answer says after which fact it is true: only answers after the same
//! fact are compared.

use std::collections::BTreeSet;

use ledger::check::replicas::{Difference, RowKey};
use ledger::time::BusinessDate;

use crate::Digest;
use crate::codec::{put_number, put_signed, put_text};
use crate::replica::Head;

/// The first protocol version in which they are compared.
pub const FIRST_VERSION: u16 = 3;

/// How many buckets there are: one for each first byte of a key's hash. Of a million rows each holds
/// 4,000, whose marks fit into one message.
pub const BUCKETS: usize = 256;

/// The most marks in one answer, at 16 bytes each: half a frame. An answer with as many may have been
/// cut after its last key.
pub const MAX_MARKS: usize = 32_768;

/// The most rows in one answer, at 400 bytes each at most. Numbers that differ in more places are
/// made anew, not looked through.
pub const MAX_ROWS: usize = 256;

/// A question about what is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Names it, so that the answer to an earlier one is not taken for its own.
    pub number: u64,
    /// Leaves rows of earlier days out.
    pub since: Option<BusinessDate>,
    /// What is asked for.
    pub wants: Wants,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wants {
    /// The digests of the buckets; under a bucket, of the buckets into which that one falls.
    Buckets(Option<u8>),
    /// The marks of the rows in these buckets.
    Marks(Vec<Prefix>),
    /// The rows of these keys.
    Rows(Vec<KeyTag>),
}

/// A bucket, or one within a bucket that holds too much for one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Prefix {
    /// The rows whose key's hash begins with this byte.
    One(u8),
    /// With these two.
    Two(u8, u8),
}

impl Prefix {
    const fn holds(self, key: KeyTag) -> bool {
        match self {
            Self::One(first) => key.0[0] == first,
            Self::Two(first, second) => key.0[0] == first && key.0[1] == second,
        }
    }
}

/// The beginning of the hash of a row's key. Two keys of a million share one once in 2^24 such stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyTag(pub [u8; 8]);

/// What stands for one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Its key.
    pub key: KeyTag,
    /// The beginning of its digest.
    pub row: [u8; 8],
}

/// What stands for the rows of a bucket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bucket {
    /// How many there are.
    pub rows: u64,
    /// The sum of their digests.
    pub digest: Digest,
}

/// The answer to a [`Question`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The store's last fact that the numbers count; none before its first.
    pub head: Option<Head>,
    /// What was asked for.
    pub told: Told,
}

/// What was asked for, of the same name in [`Wants`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// All [`BUCKETS`] of them, in order.
    Buckets(Vec<Bucket>),
    /// Ascending, each key once.
    Marks(Vec<Mark>),
    /// Those that are there.
    Rows(Vec<(RowKey, Vec<i64>)>),
}

/// What the comparison with one store has come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// After which fact of the store.
    pub head: Option<Head>,
    /// How often the store was asked.
    pub round_trips: u32,
    /// How many rows the hub keeps.
    pub rows: u64,
    /// The rows that differ.
    pub differences: Vec<Difference>,
    /// How many more buckets or rows differ, which were not looked into.
    pub left_out: u64,
}

/// Why nothing was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotCompared {
    /// The store's program does not know how to.
    OlderPeer,
    /// The store went on booking faster than answers came.
    Busy,
}

/// Gathers the answer to a question from every row that is kept, in any order.
#[derive(Debug)]
pub struct Gathering {
    question: Question,
    asked: BTreeSet<KeyTag>,
    told: Told,
    key: Vec<u8>,
}

impl Gathering {
    /// Of the answer to this question.
    pub fn new(question: Question) -> Self {
        let (mut asked, told) = (
            BTreeSet::new(),
            match &question.wants {
                Wants::Buckets(_) => Told::Buckets(vec![Bucket::default(); BUCKETS]),
                Wants::Marks(_) => Told::Marks(Vec::new()),
                Wants::Rows(_) => Told::Rows(Vec::new()),
            },
        );
        if let Wants::Rows(keys) = &question.wants {
            asked.extend(keys);
        }
        Self { question, asked, told, key: Vec::new() }
    }

    /// Takes a row in. One of zeros says no more than one that is not there.
    pub fn row(&mut self, key: RowKey, numbers: &[i64]) {
        let since = self.question.since;
        if numbers.iter().all(|number| *number == 0)
            || day_of(&key).is_some_and(|day| Some(day) < since)
        {
            return;
        }
        self.key.clear();
        put_key(&mut self.key, &key);
        let tag = tag_of(&self.key);
        match (&self.question.wants, &mut self.told) {
            (Wants::Buckets(under), Told::Buckets(buckets)) => {
                let place = match under {
                    None => tag.0[0],
                    Some(first) if tag.0[0] == *first => tag.0[1],
                    Some(_) => return,
                };
                if let Some(bucket) = buckets.get_mut(usize::from(place)) {
                    bucket.rows += 1;
                    bucket.digest += Digest::from_bytes(digest_of(&self.key, told(&key, numbers)));
                }
            }
            (Wants::Marks(of), Told::Marks(marks)) if of.iter().any(|part| part.holds(tag)) => {
                let [row, _] = halves(digest_of(&self.key, told(&key, numbers)));
                marks.push(Mark { key: tag, row });
            }
            (Wants::Rows(_), Told::Rows(rows)) if self.asked.contains(&tag) => {
                rows.push((key, numbers.to_vec()));
            }
            _ => {}
        }
    }

    /// The answer, true after this fact.
    pub fn finish(mut self, head: Option<Head>) -> Kept {
        match &mut self.told {
            Told::Buckets(_) => {}
            Told::Marks(marks) => {
                marks.sort_unstable_by_key(|mark| mark.key);
                marks.dedup_by_key(|mark| mark.key);
                marks.truncate(MAX_MARKS);
            }
            Told::Rows(rows) => {
                rows.sort_unstable();
                rows.truncate(MAX_ROWS);
            }
        }
        Kept { head, told: self.told }
    }
}

impl Told {
    /// Whether this can be the answer to a question.
    pub(crate) fn answers(&self, wants: &Wants) -> bool {
        match (wants, self) {
            (Wants::Buckets(_), Self::Buckets(_)) => true,
            (Wants::Marks(of), Self::Marks(marks)) => {
                let asked = |mark: &Mark| of.iter().any(|prefix| prefix.holds(mark.key));
                marks.iter().all(asked) && marks.is_sorted_by(|one, next| one.key < next.key)
            }
            (Wants::Rows(keys), Self::Rows(rows)) => {
                rows.len() <= keys.len()
                    && rows.iter().all(|(key, _)| keys.contains(&KeyTag::of(key)))
                    && rows.is_sorted_by(|one, next| one.0 < next.0)
            }
            _ => false,
        }
    }
}

impl KeyTag {
    /// Of a key.
    pub fn of(key: &RowKey) -> Self {
        let mut bytes = Vec::new();
        put_key(&mut bytes, key);
        tag_of(&bytes)
    }
}

/// The bytes of a key: in messages, and what is hashed.
pub(crate) fn put_key(out: &mut Vec<u8>, key: &RowKey) {
    match key {
        RowKey::Balance { account, sku, lot } => {
            out.push(table::BALANCE);
            put_text(out, &account.to_string());
            put_text(out, sku.as_str());
            put_text(out, lot.as_ref().map_or("", |lot| lot.as_str()));
        }
        RowKey::DayBalance { account, date, sku } => {
            out.push(table::DAY_BALANCE);
            put_text(out, &account.to_string());
            put_text(out, &date.to_string());
            put_text(out, sku.as_str());
        }
        RowKey::Day { date, epoch } => {
            out.push(table::DAY);
            put_text(out, &date.to_string());
            put_number(out, u64::from(epoch.number()));
        }
    }
}

/// How many numbers a day's row has where no total is in it that came later. Older peers know no more.
pub(crate) const FIRST_DAY_NUMBERS: usize = 13;

/// The numbers of a row that are hashed and sent: totals that came later are left out while they are
/// nothing, so that peers that don't know them keep the same rows.
pub(crate) fn told<'n>(key: &RowKey, numbers: &'n [i64]) -> &'n [i64] {
    let RowKey::Day { .. } = key else { return numbers };
    let end = numbers.iter().rposition(|number| *number != 0).map_or(0, |last| last + 1);
    &numbers[..end.max(FIRST_DAY_NUMBERS).min(numbers.len())]
}

/// The kinds of rows, as they stand in the first byte of a key.
pub(crate) mod table {
    pub(crate) const BALANCE: u8 = 0;
    pub(crate) const DAY_BALANCE: u8 = 1;
    pub(crate) const DAY: u8 = 2;
    /// A day whose totals are more than [`FIRST_DAY_NUMBERS`](super::FIRST_DAY_NUMBERS): how many they are
    /// stands before them.
    pub(crate) const LONG_DAY: u8 = 3;
}

const fn day_of(key: &RowKey) -> Option<BusinessDate> {
    match key {
        RowKey::Balance { .. } => None,
        RowKey::DayBalance { date, .. } | RowKey::Day { date, .. } => Some(*date),
    }
}

fn tag_of(key: &[u8]) -> KeyTag {
    let [tag, _] = halves(sixteen(blake3::Hasher::new().update(b"key").update(key)));
    KeyTag(tag)
}

fn digest_of(key: &[u8], numbers: &[i64]) -> [u8; 16] {
    let mut row = Vec::with_capacity(key.len() + 10 * numbers.len());
    row.extend_from_slice(key);
    for number in numbers {
        put_signed(&mut row, *number);
    }
    sixteen(blake3::Hasher::new().update(b"row").update(&row))
}

fn sixteen(hasher: &blake3::Hasher) -> [u8; 16] {
    let mut bytes = [0; 16];
    hasher.finalize_xof().fill(&mut bytes);
    bytes
}

fn halves(bytes: [u8; 16]) -> [[u8; 8]; 2] {
    let mut halves = [[0; 8]; 2];
    halves[0].copy_from_slice(&bytes[..8]);
    halves[1].copy_from_slice(&bytes[8..]);
    halves
}
