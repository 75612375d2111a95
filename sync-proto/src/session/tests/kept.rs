//! What store and hub keep of the same facts, compared by the hub.

use ledger::check::replicas::{Difference, RowKey};
use ledger::movement::Account;

use super::*;
use crate::kept::{Bucket, Comparison, Kept, KeyTag, MAX_ROWS, NotCompared, Question, Told, Wants};

fn row(sku: &str) -> RowKey {
    RowKey::Balance { account: Account::OnHand, sku: sku.parse().unwrap(), lot: None }
}

fn day(sku: &str, day: i32) -> RowKey {
    let date = "2026-11-22".parse::<ledger::time::BusinessDate>().unwrap().plus_days(day);
    RowKey::DayBalance { account: Account::OnHand, date, sku: sku.parse().unwrap() }
}

/// Both sides with three facts, and the same rows.
fn keepers(rows: usize) -> Pair<MemoryReplica> {
    let mut pair = Pair::new();
    book(&pair.replicas[STORE], 0, 3);
    for replica in &pair.replicas {
        (0..rows).for_each(|n| replica.keep(row(&format!("p{n}")), vec![n as i64 + 1, 7]));
        replica.keep(day("p0", -40), vec![1, 0, 7, 0]);
    }
    pair.run();
    pair
}

fn compare(pair: &mut Pair<MemoryReplica>) -> Result<Comparison, NotCompared> {
    pair.sessions[HUB].handle_compare(at(5), None);
    pair.run();
    told(pair)
}

fn told(pair: &Pair<MemoryReplica>) -> Result<Comparison, NotCompared> {
    let told = pair.events[HUB].iter().rev().find_map(|event| match event {
        Event::Compared(told) => Some(told.clone()),
        _ => None,
    });
    told.unwrap_or_else(|| panic!("no comparison ended: {:?}", pair.events[HUB]))
}

fn asked(pair: &Pair<MemoryReplica>) -> usize {
    pair.sent[HUB].iter().filter(|message| message[0] == 22).count()
}

#[test]
fn what_is_the_same_takes_one_round_trip() {
    let mut pair = keepers(5_000);
    let told = compare(&mut pair).unwrap();
    assert_eq!((told.round_trips, told.rows, told.differences), (1, 5_001, vec![]));
    assert_eq!(told.head.map(|head| head.seq), Some(3));
    let bytes: usize = pair.sent[STORE].iter().map(Vec::len).max().unwrap();
    assert!(bytes < 8_000, "{bytes} bytes for the digests of 5,001 rows");
}

#[test]
fn one_row_of_thousands_is_found_in_three_round_trips() {
    let mut pair = keepers(5_000);
    pair.replicas[STORE].keep(row("p4321"), vec![4_321, 7]);
    let told = compare(&mut pair).unwrap();
    let (at_store, at_hub) = (Some(vec![4_321, 7]), Some(vec![4_322, 7]));
    let differs = Difference { key: row("p4321"), at_store, at_hub };
    assert_eq!((told.round_trips, told.differences, told.left_out), (3, vec![differs], 0));
    assert_eq!(asked(&pair), 3);
    assert!(pair.closed.iter().all(Option::is_none));
}

#[test]
fn rows_that_one_side_lacks_are_found_and_zeros_are_none() {
    let mut pair = keepers(10);
    pair.replicas[STORE].keep(row("only here"), vec![5, 0]);
    pair.replicas[HUB].keep(row("only there"), vec![0, 5]);
    pair.replicas[HUB].keep(row("nothing"), vec![0, 0]);
    let told = compare(&mut pair).unwrap();
    let found: Vec<_> = told.differences.iter().map(|row| (&row.at_store, &row.at_hub)).collect();
    assert_eq!(found.len(), 2, "{told:?}");
    assert!(found.contains(&(&Some(vec![5, 0]), &None)));
    assert!(found.contains(&(&None, &Some(vec![0, 5]))));
}

#[test]
fn earlier_days_may_be_left_out() {
    let mut pair = keepers(10);
    pair.replicas[STORE].keep(day("p0", -40), vec![9, 0, 7, 0]);
    let since = "2026-11-01".parse().unwrap();
    pair.sessions[HUB].handle_compare(at(5), Some(since));
    pair.run();
    let told = told(&pair).unwrap();
    assert_eq!((told.rows, told.differences), (10, vec![]));
    assert_eq!(compare(&mut pair).unwrap().differences.len(), 1);
}

#[test]
fn what_differs_everywhere_is_not_looked_through() {
    let mut pair = keepers(2 * MAX_ROWS);
    for n in 0..2 * MAX_ROWS {
        pair.replicas[STORE].keep(row(&format!("p{n}")), vec![-1, -1]);
    }
    let told = compare(&mut pair).unwrap();
    assert_eq!((told.round_trips, told.differences.len()), (3, MAX_ROWS));
    assert_eq!(told.left_out, MAX_ROWS as u64);
}

#[test]
fn more_rows_than_an_answer_holds_are_looked_into_bucket_by_bucket() {
    let mut pair = keepers(40_000);
    for n in 0..40_000 {
        pair.replicas[STORE].keep(row(&format!("p{n}")), vec![-1, -1]);
    }
    let told = compare(&mut pair).unwrap();
    assert_eq!(told.differences.len(), MAX_ROWS);
    assert!(told.left_out > 100, "buckets that were left for later: {}", told.left_out);
    let longest = pair.sent[STORE].iter().map(Vec::len).max().unwrap();
    assert!(longest <= crate::limits::MAX_FRAME_LEN / 2, "{longest} bytes");
}

#[test]
fn a_store_that_sells_meanwhile_is_compared_after_the_same_fact() {
    let mut pair = keepers(10);
    pair.replicas[STORE].keep(row("p3"), vec![0, 1]);
    pair.sessions[HUB].handle_compare(at(5), None);
    // It sells while the question is under way: its answer counts what the hub does not have yet.
    book(&pair.replicas[STORE], 0, 1);
    while asked(&pair) == 0 {
        pair.step(HUB);
    }
    pair.step(STORE);
    assert_eq!(pair.replicas[HUB].facts().len(), 3);
    pair.step(HUB);
    assert_eq!(asked(&pair), 1, "it waits for that fact");
    pair.sessions[STORE].handle_local_change(at(6));
    pair.run();
    let told = told(&pair).unwrap();
    assert_eq!((told.head.map(|head| head.seq), told.differences.len()), (Some(4), 1));
}

#[test]
fn what_is_taken_in_while_the_store_looks_does_not_end_the_comparison() {
    let mut pair = keepers(10);
    // The store's sale arrives just before its answer, and is taken in while the hub reads.
    book(&pair.replicas[STORE], 0, 1);
    pair.sessions[STORE].handle_local_change(at(5));
    pair.sessions[HUB].handle_compare(at(5), None);
    pair.step(HUB);
    pair.run();
    let told = told(&pair).unwrap();
    assert_eq!((told.round_trips, told.head.map(|head| head.seq)), (1, Some(4)));
}

#[test]
fn a_hub_that_has_gone_past_an_answer_asks_again_and_at_last_gives_up() {
    let mut pair = keepers(10);
    pair.sessions[HUB].handle_compare(at(5), None);
    for _ in 0..40 {
        // The store's answer is on its way to the hub, and overtaken by what it sells.
        pair.step(HUB);
        pair.step(STORE);
        book(&pair.replicas[STORE], 0, 1);
        let batch = pair.replicas[STORE].tail(&Writer::Hub, Row::START, usize::MAX).unwrap();
        let admission = Admission::new(chain(), Writer::Hub, store("S1"));
        for change in batch.changes {
            let wire = crate::WireChange { doc: change.doc, bytes: change.bytes };
            let admitted = admission.admit(wire).unwrap();
            pair.replicas[HUB].apply(&store("S1"), vec![admitted]).unwrap();
        }
    }
    pair.run();
    assert_eq!(told(&pair), Err(NotCompared::Busy));
    assert!(compare(&mut pair).is_ok(), "once it is quiet");
}

#[test]
fn an_older_store_is_not_asked() {
    let mut pair = keepers(10);
    pair.sessions[HUB].version = 2;
    assert_eq!(compare(&mut pair), Err(NotCompared::OlderPeer));
    assert_eq!(asked(&pair), 0);
    assert!(pair.closed.iter().all(Option::is_none));
}

#[test]
fn answers_and_questions_that_nobody_may_send_end_the_session() {
    let question = |wants| Message::Compare(Question { number: 1, since: None, wants });
    let answer = |number, told| Message::Compared(number, Kept { head: None, told });
    let buckets = || Told::Buckets(vec![Bucket::default(); 256]);
    let stray = Told::Rows(vec![(row("cola"), vec![1, 2])]);
    let cases = [
        (HUB, question(Wants::Buckets(None))),
        (HUB, answer(1, buckets())),
        (STORE, answer(1, buckets())),
    ];
    for (side, message) in cases {
        let mut pair = keepers(1);
        pair.sessions[side].handle_frame(at(5), &message.encode());
        pair.run();
        assert!(matches!(pair.closed[side], Some(CloseReason::Unexpected(_))), "{message:?}");
    }
    // To a question that was asked, an answer to another.
    for told in [stray, Told::Marks(vec![])] {
        let mut pair = keepers(1);
        pair.sessions[HUB].handle_compare(at(5), None);
        pair.sessions[HUB].handle_frame(at(5), &answer(1, told).encode());
        assert!(pair.sessions[HUB].is_closed());
    }
    // A store answers two at once, no more.
    let mut store_side = keepers(1);
    for _ in 0..3 {
        let wants = Wants::Rows(vec![KeyTag::of(&row("p0"))]);
        store_side.sessions[STORE].handle_frame(at(5), &question(wants).encode());
    }
    assert!(store_side.sessions[STORE].is_closed());
}
