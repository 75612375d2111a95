use automerge::transaction::Transactable;
use automerge::{AutoCommit, Automerge, Change, ReadDoc};
use proptest::prelude::*;

use super::*;
use crate::testing::{NOW, actor, doc, fact_id, facts, seal, store};

const BOOK: &str = "book/S012/2026-11-22";

/// Facts of one epoch sealed into changes of the sizes given, the last change taking the rest.
fn sealed(book: &DocId, epoch: u32, facts: &[(FactId, String)], sizes: &[usize]) -> Vec<NewChange> {
    let actor = actor(&store("S012"), epoch);
    let mut changes: Vec<NewChange> = Vec::new();
    let (mut rest, mut sizes) = (facts, sizes.iter());
    while !rest.is_empty() {
        let size = sizes.next().map_or(rest.len(), |size| (*size).clamp(1, rest.len()));
        let (now, later) = rest.split_at(size);
        let tail = changes.last().map(NewChange::tail);
        changes.push(seal(book, actor, tail.as_ref(), now));
        rest = later;
    }
    changes
}

fn bytes(changes: &[NewChange]) -> impl Iterator<Item = &[u8]> {
    changes.iter().map(|change| change.bytes.as_slice())
}

#[test]
fn a_sealed_change_never_drifts() {
    let book = doc(BOOK);
    let changes = sealed(&book, 1, &facts(&book, 1, 1, 3), &[2]);
    let digests: Vec<String> =
        bytes(&changes).map(|bytes| blake3::hash(bytes).to_hex().to_string()).collect();
    let golden = [
        "fd743e40836153a032c96f82a80353bb1f4582c783f7921fc5ae0be0c9d110d2",
        "7978f7ef209aaace32a5ee324a2e82dfeb5afc3c9fcccb70fcb7c14f90df06f4",
    ];
    assert_eq!(digests, golden);
}

#[test]
fn what_is_read_in_place_is_what_automerge_reads() {
    let book = doc(BOOK);
    let mut written = facts(&book, 1, 1, 40);
    // Texts of one length stand in one run, and an empty one beside them.
    written[7].1.clear();
    for sizes in [&[1, 2, 5][..], &[40]] {
        for change in sealed(&book, 1, &written, sizes) {
            let read = texts(&book, &change.bytes).unwrap();
            assert!(read.iter().all(|(_, text)| matches!(text, Cow::Borrowed(_))));
            let ops = decode(&book, &change.bytes).unwrap().operations;
            let by_automerge: Vec<_> = ops
                .into_iter()
                .map(|op| match (op.key, op.action) {
                    (Key::Map(key), OpType::Put(ScalarValue::Str(text))) => {
                        (key.parse().unwrap(), text.to_string())
                    }
                    other => panic!("{other:?}"),
                })
                .collect();
            let read: Vec<_> = read.into_iter().map(|(id, text)| (id, text.into_owned())).collect();
            assert_eq!(read, by_automerge);
        }
    }
    let cut = &sealed(&book, 1, &written, &[40])[0].bytes[..200];
    assert!(matches!(texts(&book, cut), Err(DocumentError::Change { .. })));
}

#[test]
fn automerge_saves_and_loads_what_was_sealed_beside_it() {
    let book = doc(BOOK);
    let written = facts(&book, 1, 1, 5);
    let loaded = DayBook::load(&book, bytes(&sealed(&book, 1, &written, &[1, 3]))).unwrap();
    assert_eq!(loaded.facts().unwrap(), written);

    // Loading checks the hash of every change against what the saved document comes to.
    let saved = Automerge::load(&loaded.automerge().save()).unwrap();
    assert_eq!(saved.get_heads(), loaded.automerge().get_heads());
    let again: Vec<Vec<u8>> =
        saved.get_changes(&[]).iter().map(|change| change.raw_bytes().to_vec()).collect();
    let sealed: Vec<Vec<u8>> = std::iter::once(genesis(&book).raw_bytes().to_vec())
        .chain(sealed(&book, 1, &written, &[1, 3]).into_iter().map(|change| change.bytes))
        .collect();
    assert_eq!(again, sealed, "Automerge writes the same bytes as seal");
}

#[test]
fn edits_made_by_automerge_merge_with_facts_sealed_beside_them() {
    let book = doc(BOOK);
    let written = facts(&book, 1, 1, 4);
    let changes = sealed(&book, 1, &written, &[2, 1]);

    // One replica closes the day in the document itself, knowing three facts of four.
    let mut closing = AutoCommit::new();
    let known = bytes(&changes[..2]).map(|bytes| Change::from_bytes(bytes.to_vec()).unwrap());
    closing
        .apply_changes(std::iter::once(genesis(&book)).chain(known).collect::<Vec<_>>())
        .unwrap();
    let (_, close) = closing.get(automerge::ROOT, "close").unwrap().unwrap();
    closing.put(&close, "1", "closed").unwrap();
    let close = closing.get_last_local_change().unwrap().raw_bytes().to_vec();

    // Another has the fourth fact before the close.
    let all = bytes(&changes).chain([close.as_slice()]);
    let merged = DayBook::load(&book, all).unwrap();
    assert_eq!(merged.facts().unwrap(), written);
    let inner = merged.automerge();
    let (_, close) = inner.get(automerge::ROOT, "close").unwrap().unwrap();
    assert_eq!(inner.get(close, "1").unwrap().unwrap().0.as_str(), Some("closed"));
    assert_eq!(inner.get_heads().len(), 2);
}

#[test]
fn seal_refuses_what_admission_would() {
    let book = doc(BOOK);
    let actor = actor(&store("S012"), 1);
    let try_seal = |doc: &DocId, facts: &[(FactId, &str)]| {
        super::seal(doc, actor, None, facts, NOW).map(|_| ()).unwrap_err().to_string()
    };
    let (one, two) = (fact_id(1, 1), fact_id(1, 2));
    assert_eq!(try_seal(&doc("access"), &[(one, "{}")]), "access is not a day book");
    assert_eq!(
        try_seal(&book, &[]),
        "a change of book/S012/2026-11-22 holds 1 to 512 facts, not 0"
    );
    for wrong in [one, fact_id(2, 3)] {
        let error = try_seal(&book, &[(two, "{}"), (wrong, "{}")]);
        assert!(error.contains("does not follow"), "{error}");
    }
    let error = try_seal(&book, &[(one, &"x".repeat(MAX_FACT_TEXT + 1))]);
    assert!(error.contains("too long"), "{error}");
}

#[test]
fn a_batch_ends_before_its_limits() {
    let short = |count: usize| -> Vec<(FactId, &str)> {
        (1..=count as u64).map(|seq| (fact_id(1, seq), "short")).collect()
    };
    assert_eq!(batch_len(&[]), 0);
    assert_eq!(batch_len(&short(3)), 3);
    assert_eq!(batch_len(&short(1000)), MAX_FACTS_PER_CHANGE);

    let half = "x".repeat(MAX_SEALED_TEXT / 2);
    let halves: Vec<(FactId, &str)> = (1..=3).map(|seq| (fact_id(1, seq), half.as_str())).collect();
    assert_eq!(batch_len(&halves), 2);
    let long = "x".repeat(MAX_SEALED_TEXT + 1);
    assert_eq!(batch_len(&[(fact_id(1, 1), long.as_str())]), 1, "a long fact goes alone");
    assert_eq!(batch_len(&[(fact_id(1, 9), "a"), (fact_id(2, 1), "b")]), 1, "one epoch a change");
}

#[test]
fn a_missing_change_is_named() {
    let book = doc(BOOK);
    let changes = sealed(&book, 1, &facts(&book, 1, 1, 3), &[1, 1]);
    let error = DayBook::load(&book, [changes[0].bytes.as_slice(), &changes[2].bytes]).unwrap_err();
    assert!(error.to_string().contains(&changes[1].hash.to_string()), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Two histories of a store write into one book while apart. However each cuts its facts into
    /// changes, and however the changes are delivered, delayed and repeated, the book holds
    /// exactly the facts of both.
    #[test]
    fn books_merge_as_set_union(
        counts in (0_u64..40, 0_u64..40),
        cuts in prop::collection::vec(1_usize..12, 0..8),
        other_cuts in prop::collection::vec(1_usize..12, 0..8),
        delivery in prop::collection::vec((any::<bool>(), any::<prop::sample::Index>()), 0..60),
    ) {
        let book = doc(BOOK);
        let written = [facts(&book, 1, 1, counts.0), facts(&book, 2, 1, counts.1)];
        let streams = [sealed(&book, 1, &written[0], &cuts), sealed(&book, 2, &written[1], &other_cuts)];
        let mut expected: Vec<(FactId, String)> = written.concat();
        expected.sort();

        // Each step delivers the next change of one stream, then repeats one from before.
        let mut merged = DayBook::load(&book, []).unwrap();
        let mut next = [0, 0];
        let steps = streams[0].len() + streams[1].len();
        let rest = (0..2 * steps).map(|step| (step % 2 == 0, None));
        let delivery = delivery.into_iter().map(|(first, again)| (first, Some(again)));
        for (first, again) in delivery.chain(rest) {
            let stream = usize::from(first);
            if let Some(change) = streams[stream].get(next[stream]) {
                merged.merge([change.bytes.as_slice()]).unwrap();
                next[stream] += 1;
            }
            if let (Some(again), true) = (again, next[stream] > 0) {
                let change = &streams[stream][again.index(next[stream])];
                merged.merge([change.bytes.as_slice()]).unwrap();
            }
        }
        prop_assert_eq!(merged.facts().unwrap(), expected.clone());

        // The same without the document, straight from the changes.
        let mut read = super::facts(&book, streams.iter().flat_map(|s| bytes(s))).unwrap();
        read.sort();
        prop_assert_eq!(read, expected);
    }
}
