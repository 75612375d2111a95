//! What is unsaid of transfers.

use std::num::NonZeroU32;

use crate::amount::{Money, Quantity};
use crate::fact::{Body, Detail, Fact};
use crate::id::{Epoch, FactId, Sku, TransferId};
use crate::movement::{Account, Movement};
use crate::order::{Goods, OrderStep, Party, unsaid};
use crate::time::Timestamp;
use crate::transfer::{Act, Booked, Entry, Event, Route, Stage, Step, Wanted, status};

fn sku() -> Sku {
    "X".parse().unwrap()
}

fn at() -> Timestamp {
    Timestamp::from_millis(1)
}

/// A shipment of so many units, as the source books it.
fn shipped(seq: u64, units: i64) -> Fact {
    let transfer: TransferId = "T-1".parse().unwrap();
    let to = Account::InTransit(transfer.clone());
    let quantity = Quantity::units(units).unwrap();
    let (from, value) = (Account::OnHand, Money::from_ten_thousandths(units).unwrap());
    let route = Route::new("A".parse().unwrap(), "B".parse().unwrap()).unwrap();
    let act = Act::Ship { shipment: NonZeroU32::MIN };
    Fact {
        id: FactId { epoch: Epoch::FIRST, seq },
        store: "A".parse().unwrap(),
        date: "2026-11-22".parse().unwrap(),
        true_date: None,
        at: at(),
        bill: "A-1".parse().unwrap(),
        request: None,
        operator: None,
        shift: None,
        member: None,
        body: Body::Transfer(Booked { transfer, route, act }),
        movements: vec![Movement { from, to, sku: sku(), lot: None, quantity, value }],
        detail: Detail::default(),
    }
}

fn said(by: Party, step: Step) -> Entry {
    Entry::Said(Event { by, at: at(), operator: None, step })
}

fn asked() -> Vec<Entry> {
    let route = Route::new("A".parse().unwrap(), "B".parse().unwrap()).unwrap();
    let lines = vec![Wanted { sku: sku(), quantity: Quantity::units(10).unwrap() }];
    let request = Step::Request { route, lines, remark: None };
    let approve = Step::Approve { lines: Vec::new(), rule: None, remark: None };
    vec![said(Party::Store("B".parse().unwrap()), request), said(Party::HeadOffice, approve)]
}

/// Has the source say what is unsaid, and gives what it said.
fn set_right(facts: &[Fact], entries: &mut Vec<Entry>) -> Vec<String> {
    let store = "A".parse().unwrap();
    let steps = unsaid(&store, facts, entries);
    let names = steps.iter().map(|step| step.name().to_string()).collect();
    entries.extend(steps.into_iter().map(|step| said(Party::Store(store.clone()), step)));
    assert_eq!(unsaid(&store, facts, entries), [], "nothing is left to say");
    names
}

fn shipped_units(entries: &[Entry]) -> i128 {
    status(entries).lines[&sku()].shipped.quantity / 1_000
}

#[test]
fn entries_follow_the_books_of_the_history_that_stands() {
    let (stands, parted) = (shipped(43, 4), shipped(43, 7));
    let mut entries = asked();
    let told = Step::of_fact(&parted).unwrap().1;
    entries.push(said(Party::Store("A".parse().unwrap()), told));
    assert_eq!(shipped_units(&entries), 7);
    let facts = std::slice::from_ref(&stands);
    assert_eq!(set_right(facts, &mut entries), ["ship/2", "withdraw/1"]);
    assert_eq!(shipped_units(&entries), 4);
    // A person books the other one again: the fact is told of when it is booked.
    let both = [stands, shipped(50, 7)];
    assert_eq!(set_right(&both, &mut entries), ["ship/3"]);
    assert_eq!(shipped_units(&entries), 11);
    assert_eq!(set_right(&[], &mut entries), ["withdraw/2", "withdraw/3"]);
    assert_eq!(status(&entries).stage, Stage::Approved);
}

#[test]
fn what_is_told_under_another_number_is_told() {
    let fact = shipped(43, 4);
    let mut entries = asked();
    let goods = vec![Goods {
        sku: sku(),
        quantity: Quantity::units(4).unwrap(),
        value: Money::from_ten_thousandths(4).unwrap(),
    }];
    let shipment = NonZeroU32::MIN.saturating_add(8);
    let step = Step::Ship { shipment, fact: fact.id, goods };
    entries.push(said(Party::Store("A".parse().unwrap()), step));
    assert_eq!(set_right(&[fact], &mut entries), [] as [String; 0]);
}
