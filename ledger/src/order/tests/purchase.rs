//! What is unsaid of purchases.

use std::num::NonZeroU32;

use crate::amount::{Money, Quantity};
use crate::fact::{Body, Detail, Fact};
use crate::id::{Epoch, FactId, StoreId};
use crate::movement::{Account, Movement};
use crate::order::{OrderStep, Party, unsaid};
use crate::purchase::{Basis, Delivery, Entry, Event, Stage, Step, status};
use crate::time::Timestamp;

fn store() -> StoreId {
    "S1".parse().unwrap()
}

/// A delivery of so many units, as the store books it.
fn received(seq: u64, units: i64) -> Fact {
    let delivery = Delivery {
        supplier: "V7".parse().unwrap(),
        order: Some("S1-2611-s1A1".parse().unwrap()),
        receipt: NonZeroU32::MIN,
        note: None,
        basis: Basis::Estimated,
        freight: None,
        lines: Vec::new(),
    };
    let came = Movement {
        from: Account::Supplier,
        to: Account::OnHand,
        sku: "X".parse().unwrap(),
        lot: None,
        quantity: Quantity::units(units).unwrap(),
        value: Money::ZERO,
    };
    Fact {
        id: FactId { epoch: Epoch::FIRST, seq },
        store: store(),
        date: "2026-11-22".parse().unwrap(),
        true_date: None,
        at: Timestamp::from_millis(1),
        bill: "S1-1".parse().unwrap(),
        request: None,
        operator: None,
        shift: None,
        member: None,
        body: Body::GoodsReceipt {
            supplier: None,
            lots: Vec::new(),
            delivery: Some(Box::new(delivery)),
        },
        movements: vec![came],
        detail: Detail::default(),
    }
}

fn said(step: Step) -> Entry {
    let (by, at) = (Party::Store(store()), Timestamp::from_millis(1));
    Entry::Said(Event { by, at, operator: None, step })
}

/// Has the store say what is unsaid, and gives what it said.
fn set_right(facts: &[Fact], entries: &mut Vec<Entry>) -> Vec<String> {
    let steps = unsaid(&store(), facts, entries);
    let names = steps.iter().map(|step| step.name().to_string()).collect();
    entries.extend(steps.into_iter().map(said));
    assert_eq!(unsaid(&store(), facts, entries), [], "nothing is left to say");
    names
}

fn units(entries: &[Entry]) -> i128 {
    let lines = status(entries).lines;
    lines.values().map(|line| line.accepted.quantity / 1_000).sum()
}

#[test]
fn entries_follow_the_books_of_the_history_that_stands() {
    let (stands, parted) = (received(43, 4), received(43, 7));
    let mut entries = vec![said(Step::of_fact(&parted).unwrap().1)];
    assert_eq!(units(&entries), 7);
    let facts = std::slice::from_ref(&stands);
    assert_eq!(set_right(facts, &mut entries), ["receive/2", "withdraw/1"]);
    assert_eq!(units(&entries), 4);
    assert_eq!(set_right(&[stands, received(50, 7)], &mut entries), ["receive/3"]);
    assert_eq!(units(&entries), 11);
    assert_eq!(set_right(&[], &mut entries), ["withdraw/2", "withdraw/3"]);
    assert_eq!(status(&entries).stage, Stage::Unknown);
}
