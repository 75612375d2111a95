//! Bytes that no honest writer makes.

use automerge::Change;
use ledger::id::FactId;
use proptest::prelude::*;

use super::*;
use crate::day_book::DayBook;
use crate::genesis::genesis;
use crate::testing::{actor, chain, doc, facts, seal, store, wire};

const BOOK: &str = "book/S012/2026-11-22";

fn hub() -> Admission {
    Admission::new(chain(), Writer::Hub, store("S012"))
}

/// A change chunk written by hand, field by field.
struct Chunk {
    kind: u8,
    deps: u64,
    others: Vec<Vec<u8>>,
    columns: Vec<(u64, Vec<u8>)>,
}

impl Chunk {
    /// `count` operations, all run-length coded: each puts an empty text under `1-1`.
    fn of(count: i64) -> Self {
        let ones = |value: u8| [signed_leb(count), vec![value]].concat();
        let columns = vec![
            (0x01, ones(1)),
            (0x02, ones(2)),
            (0x15, [signed_leb(count), b"\x031-1".to_vec()].concat()),
            (0x34, unsigned_leb(count.unsigned_abs())),
            (0x42, ones(1)),
            (0x56, ones(6)),
            (0x70, ones(0)),
        ];
        Self { kind: 1, deps: 1, others: vec![vec![0]], columns }
    }

    fn column(mut self, spec: u64, bytes: Vec<u8>) -> Self {
        self.columns.retain(|(other, _)| *other != spec);
        self.columns.push((spec, bytes));
        self.columns.sort_by_key(|(spec, _)| *spec);
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let mut data = unsigned_leb(self.deps);
        data.extend(genesis(&doc(BOOK)).hash().0);
        data.push(16);
        data.extend(actor(&store("S012"), 1).as_bytes());
        data.extend([1, 8, 0, 0]); // seq, start op, time, no message
        data.extend(unsigned_leb(self.others.len() as u64));
        for other in &self.others {
            data.push(u8::try_from(other.len()).unwrap());
            data.extend(other);
        }
        data.extend(unsigned_leb(self.columns.len() as u64));
        for (spec, column) in &self.columns {
            data.extend(unsigned_leb(*spec));
            data.extend(unsigned_leb(column.len() as u64));
        }
        data.extend(self.columns.iter().flat_map(|(_, column)| column));
        chunk(self.kind, &data)
    }

    fn refused(&self) -> String {
        let bytes = self.bytes();
        assert!(bytes.len() < 10_000, "a hostile message is small, not {} bytes", bytes.len());
        hub().admit(wire(&doc(BOOK), &bytes)).unwrap_err().reason.to_string()
    }
}

fn chunk(kind: u8, data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, kind];
    bytes.extend(unsigned_leb(data.len() as u64));
    bytes.extend(data);
    with_checksum(bytes)
}

/// Puts the right checksum in, if the chunk could be admitted at all: Automerge, which knows it, must
/// not see the others.
fn with_checksum(mut bytes: Vec<u8>) -> Vec<u8> {
    let change = scan(&bytes).ok().and_then(|_| guard(|| Change::try_from(bytes.as_slice())));
    if let Some(Ok(change)) = change {
        bytes[4..8].copy_from_slice(&change.hash().0[..4]);
    }
    bytes
}

fn unsigned_leb(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let byte = (value & 0x7f) as u8;
        value >>= 7;
        bytes.push(if value == 0 { byte } else { byte | 0x80 });
        if value == 0 {
            return bytes;
        }
    }
}

fn signed_leb(mut value: i64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let byte = (value & 0x7f) as u8;
        value >>= 7;
        let last = (value == 0 && byte & 0x40 == 0) || (value == -1 && byte & 0x40 != 0);
        bytes.push(if last { byte } else { byte | 0x80 });
        if last {
            return bytes;
        }
    }
}

#[test]
fn run_length_bombs_are_counted_not_unrolled() {
    // The same chunk with an honest count reaches Automerge and is read.
    assert_eq!(Chunk::of(1).refused().split(':').next(), Some("the fact `1-1` cannot be read"));

    assert_eq!(Chunk::of(2_000_001).refused(), "it has 2000001 operations; the limit is 4096");
    assert!(Chunk::of(2_000_001).bytes().len() < 150);
    assert_eq!(
        Chunk::of(i64::MAX).refused(),
        "it has 9223372036854775807 operations; the limit is 4096"
    );
    // More of them than a u64 can count.
    let runs = [signed_leb(i64::MAX), vec![1]].concat().repeat(3);
    assert!(Chunk::of(1).column(0x42, runs).refused().contains("18446744073709551615 operations"));
    // Literal runs that claim what is not there.
    let literal = signed_leb(i64::MIN);
    assert!(Chunk::of(1).column(0x42, literal).refused().ends_with("it is cut short"));

    let preds = |count: i64, each: u64| {
        let total = count.unsigned_abs().saturating_mul(each);
        let total = signed_leb(i64::try_from(total).unwrap_or(i64::MAX));
        Chunk::of(count)
            .column(0x70, [signed_leb(count), unsigned_leb(each)].concat())
            .column(0x71, [total.clone(), vec![0]].concat())
            .column(0x73, [total, vec![1]].concat())
    };
    assert_eq!(preds(1, 64).refused(), "operation 0 replaces what was written before");
    assert_eq!(
        preds(1, 1 << 40).refused(),
        "it has 1099511627776 values replaced; the limit is 8192"
    );
    assert!(preds(4096, 64).refused().contains("262144 values replaced; the limit is 8192"));

    // A long key repeated 4,096 times.
    let key = [signed_leb(4096), unsigned_leb(2000), vec![b'k'; 2000]].concat();
    assert!(Chunk::of(4096).column(0x15, key).refused().contains("2000 bytes of key"));
}

#[test]
fn columns_must_agree_and_be_known() {
    let wrong = |what: &str| format!("its columns are wrong: {what}");
    let bad = |spec, bytes: &[u8]| Chunk::of(2).column(spec, bytes.to_vec()).refused();
    assert_eq!(bad(0x01, &[2, 5]), wrong("an actor is not in the list"));
    assert_eq!(bad(0x01, &[3, 1]), wrong("the objects' actors are not one for each operation"));
    assert_eq!(bad(0x02, &[1, 2]), wrong("the objects' counters are not one for each operation"));
    assert_eq!(bad(0x15, &[0, 2]), wrong("a key is missing"));
    assert_eq!(bad(0x15, &[1, 1, b'k']), wrong("the keys are not one for each operation"));
    assert_eq!(bad(0x34, &[3]), wrong("the insert marks are not one for each operation"));
    assert_eq!(bad(0x42, &[]), wrong("there are no operations"));
    assert_eq!(bad(0x56, &[1, 6]), wrong("the values are not one for each operation"));
    assert_eq!(bad(0x56, &[2, 0x16]), wrong("the values are not as long as they say"));
    assert_eq!(bad(0x57, b"x"), wrong("the values are not as long as they say"));
    assert_eq!(bad(0x70, &[1, 0]), wrong("the replaced values are not counted for each operation"));
    assert_eq!(bad(0x71, &[1, 0]), wrong("the replaced values are not as many as they say"));
    assert_eq!(bad(0x73, &[1, 0]), wrong("the replaced values are not as many as they say"));
    assert_eq!(bad(0x13, &[1, 0]), wrong("one is not of a map"));
    assert_eq!(bad(0x94, &[1, 1]), wrong("one is not of a map"));
    assert_eq!(bad(0x5f, &[1, 1]), wrong("one is compressed"));
    let mut twice = Chunk::of(2);
    twice.columns.push((0x70, vec![2, 0]));
    assert_eq!(twice.refused(), wrong("they are not in ascending order"));
}

#[test]
fn only_whole_uncompressed_changes_pass() {
    let not = |what: &str| format!("it is not one whole, uncompressed change chunk: {what}");
    for kind in [0, 2, 3, 4, 255] {
        let chunk = Chunk { kind, ..Chunk::of(1) };
        assert_eq!(chunk.refused(), not("it is of another type"));
    }
    let deps = Chunk { deps: 1 << 60, ..Chunk::of(1) };
    assert_eq!(deps.refused(), "it has 1152921504606846976 dependencies; the limit is 8192");
    let actor = Chunk { others: vec![vec![0; 17]], ..Chunk::of(1) };
    assert_eq!(actor.refused(), not("an actor is longer than 16 bytes"));
    let actors = Chunk { others: vec![vec![]; 8193], ..Chunk::of(1) };
    assert_eq!(actors.refused(), "it has 8193 other actors; the limit is 8192");

    let book = doc(BOOK);
    let honest = seal(&book, self::actor(&store("S012"), 1), None, &facts(&book, 1, 1, 2)).bytes;
    let reason = |bytes: &[u8]| hub().admit(wire(&book, bytes)).unwrap_err().reason.to_string();
    assert_eq!(reason(&[]), not("it is cut short"));
    assert_eq!(reason(&[honest.as_slice(), &[0]].concat()), not("its length is not what it says"));
    assert_eq!(reason(&honest.repeat(2)), not("its length is not what it says"));
    let long = vec![0; MAX_CHANGE_LEN + 1];
    assert_eq!(reason(&long), format!("it is longer than {} bytes", MAX_CHANGE_LEN));
    // What Automerge itself would send for a change this long: compressed.
    let mut compressed = Change::try_from(honest.as_slice()).unwrap();
    assert_eq!(reason(&compressed.bytes()), not("it is of another type"));
}

#[test]
fn every_flipped_bit_and_every_cut_is_refused() {
    let book = doc(BOOK);
    let honest = seal(&book, actor(&store("S012"), 1), None, &facts(&book, 1, 1, 2)).bytes;
    for at in 0..honest.len() {
        assert!(hub().admit(wire(&book, &honest[..at])).is_err(), "cut at {at}");
        for bit in 0..8 {
            let mut bytes = honest.clone();
            bytes[at] ^= 1 << bit;
            assert!(hub().admit(wire(&book, &bytes)).is_err(), "bit {bit} of byte {at}");
        }
    }
}

proptest! {
    /// Whatever bytes change under a right checksum, admission ends with an answer, and what it
    /// admits Automerge merges to exactly the facts admitted.
    #[test]
    fn what_is_admitted_can_be_kept(
        count in 1_u64..6,
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
    ) {
        let book = doc(BOOK);
        let mut bytes =
            seal(&book, actor(&store("S012"), 1), None, &facts(&book, 1, 1, count)).bytes;
        for (at, byte) in edits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        // One that says it is not its actor's first is not kept before those are.
        let first = hub().admit(wire(&book, &with_checksum(bytes))).ok().filter(|it| it.seq == 1);
        if let Some(admitted) = first {
            let loaded = DayBook::load(&book, [admitted.bytes.as_slice()]).unwrap();
            let Content::Facts(read) = admitted.content else { panic!("facts") };
            let read: Vec<(FactId, String)> =
                read.into_iter().map(|read| (read.fact.id, read.text)).collect();
            prop_assert_eq!(loaded.facts().unwrap(), read);
            let saved = loaded.automerge().save();
            prop_assert!(automerge::Automerge::load(&saved).is_ok());
        }
    }

    /// No bytes at all make the scan or Automerge run away.
    #[test]
    fn any_bytes_get_an_answer(data in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(hub().admit(wire(&doc(BOOK), &chunk(1, &data))).is_err());
    }
}
