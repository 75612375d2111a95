//! The laws of a transfer's status, on entries that come in any order, twice, from anybody.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use proptest::prelude::*;

use super::{Entry, Event, Liable, Route, Step, Wanted, status};
use crate::amount::{Money, Quantity};
use crate::fold::Balance;
use crate::id::{Epoch, FactId, Sku, StoreId};
use crate::order::{Goods, OrderStep, Party, Unread};
use crate::time::Timestamp;

fn number() -> impl Strategy<Value = NonZeroU32> {
    (1..4_u32).prop_map(|n| NonZeroU32::new(n).unwrap())
}

fn sku() -> impl Strategy<Value = Sku> {
    (0..3_u8).prop_map(|n| Sku::new(&format!("X{n}")).unwrap())
}

fn store() -> impl Strategy<Value = StoreId> {
    prop_oneof![Just("A"), Just("B"), Just("C")].prop_map(|name| StoreId::new(name).unwrap())
}

fn party() -> impl Strategy<Value = Party> {
    prop_oneof![Just(Party::HeadOffice), store().prop_map(Party::Store)]
}

fn wanted() -> impl Strategy<Value = Vec<Wanted>> {
    let line = (sku(), 0..9_000_i64)
        .prop_map(|(sku, raw)| Wanted { sku, quantity: Quantity::from_thousandths(raw).unwrap() });
    prop::collection::vec(line, 0..3)
}

fn goods() -> impl Strategy<Value = Vec<Goods>> {
    let line = (sku(), 1..9_000_i64, -50..90_000_i64).prop_map(|(sku, raw, value)| Goods {
        sku,
        quantity: Quantity::from_thousandths(raw).unwrap(),
        value: Money::from_ten_thousandths(value).unwrap(),
    });
    prop::collection::vec(line, 0..3)
}

fn fact() -> impl Strategy<Value = FactId> {
    (1..5_u64).prop_map(|seq| FactId { epoch: Epoch::FIRST, seq })
}

fn step() -> impl Strategy<Value = Step> {
    let back = (number(), goods_step())
        .prop_map(|(withdrawal, of)| Step::Withdraw { withdrawal, of: Box::new(of) });
    prop_oneof![9 => goods_step(), 5 => word(), 3 => back]
}

fn word() -> impl Strategy<Value = Step> {
    let route = (store(), store()).prop_filter_map("two stores", |(a, b)| Route::new(a, b).ok());
    prop_oneof![
        2 => (route, wanted())
            .prop_map(|(route, lines)| Step::Request { route, lines, remark: None }),
        1 => (wanted(), prop::option::of(Just("near".into())))
            .prop_map(|(lines, rule)| Step::Approve { lines, rule, remark: Some("ok".into()) }),
        1 => Just(Step::Reject { reason: "no".into() }),
        1 => Just(Step::Cancel { reason: "stop".into() }),
    ]
}

fn goods_step() -> impl Strategy<Value = Step> {
    let liable = prop::sample::select(Liable::ALL.as_slice());
    prop_oneof![
        3 => (number(), fact(), goods())
            .prop_map(|(shipment, fact, goods)| Step::Ship { shipment, fact, goods }),
        3 => (number(), number(), fact(), goods(), goods()).prop_map(
            |(shipment, part, fact, received, damaged)| Step::Receive {
                shipment,
                part,
                fact,
                received,
                damaged,
            }
        ),
        2 => (number(), fact(), goods(), goods(), goods(), goods(), liable).prop_map(
            |(settlement, fact, lost, damaged, returned, surplus, liable)| Step::Settle {
                settlement,
                fact,
                lost,
                damaged,
                returned,
                surplus,
                liable,
                reason: "gone".into(),
            }
        ),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    (party(), 0..4_i64, step()).prop_map(|(by, at, step)| Event {
        by,
        at: Timestamp::from_millis(at),
        operator: None,
        step,
    })
}

fn entry() -> impl Strategy<Value = Entry> {
    let unread = party().prop_map(|by| Unread { by, name: "dance".into(), why: "what?".into() });
    prop_oneof![9 => event().prop_map(Entry::Said), 1 => unread.prop_map(Entry::Unread)]
}

/// Entries, and the same entries in another order with some of them repeated.
fn twice_told() -> impl Strategy<Value = (Vec<Entry>, Vec<Entry>)> {
    let entries = prop::collection::vec(entry(), 0..20);
    entries
        .prop_flat_map(|entries| {
            let again = prop::sample::subsequence(entries.clone(), 0..=entries.len());
            (Just(entries), again)
        })
        .prop_flat_map(|(entries, again)| {
            let all: Vec<_> = entries.iter().cloned().chain(again).collect();
            (Just(entries), Just(all).prop_shuffle())
        })
}

/// Adds up goods by SKU.
fn tally<'a>(goods: impl IntoIterator<Item = &'a Goods>) -> BTreeMap<Sku, Balance> {
    let mut sums: BTreeMap<Sku, Balance> = BTreeMap::new();
    for good in goods {
        let sum = sums.entry(good.sku.clone()).or_default();
        sum.quantity += i128::from(good.quantity.thousandths());
        sum.value += i128::from(good.value.ten_thousandths());
    }
    sums
}

proptest! {
    #[test]
    fn order_and_repetition_do_not_matter((once, again) in twice_told()) {
        prop_assert_eq!(status(&once), status(&again));
    }

    #[test]
    fn every_line_adds_up((entries, _) in twice_told()) {
        for (sku, line) in status(&entries).lines {
            let ends = [line.received, line.damaged, line.lost, line.returned, line.in_transit];
            let quantity: i128 = ends.iter().map(|end| end.quantity).sum();
            let value: i128 = ends.iter().map(|end| end.value).sum();
            prop_assert_eq!(line.shipped, Balance { quantity, value }, "{}", sku);
        }
    }

    /// Where every party sticks to its part, each thing said counts in full.
    #[test]
    fn what_is_said_once_counts(
        shipments in prop::collection::vec(goods(), 0..4),
        receipts in prop::collection::vec((goods(), goods()), 0..4),
        lines in wanted(),
    ) {
        let n = |at: usize| NonZeroU32::new(u32::try_from(at).unwrap() + 1).unwrap();
        let fact = |seq: usize| FactId { epoch: Epoch::FIRST, seq: seq as u64 };
        let (a, b) = (StoreId::new("A").unwrap(), StoreId::new("B").unwrap());
        let said = |by: &StoreId, step| Entry::Said(Event {
            by: Party::Store(by.clone()), at: Timestamp::from_millis(1), operator: None, step,
        });
        let route = Route::new(a.clone(), b.clone()).unwrap();
        let mut entries = vec![said(&b, Step::Request { route, lines, remark: None })];
        entries.extend(shipments.iter().enumerate().map(|(at, goods)| {
            said(&a, Step::Ship { shipment: n(at), fact: fact(at), goods: goods.clone() })
        }));
        entries.extend(receipts.iter().enumerate().map(|(at, (received, damaged))| {
            let (received, damaged) = (received.clone(), damaged.clone());
            said(&b, Step::Receive { shipment: n(0), part: n(at), fact: fact(at), received, damaged })
        }));
        let transfer = status(&entries);
        let shipped = tally(shipments.iter().flatten());
        let received = tally(receipts.iter().flat_map(|(good, _)| good));
        let damaged = tally(receipts.iter().flat_map(|(_, broken)| broken));
        for (sku, line) in &transfer.lines {
            let of = |sums: &BTreeMap<Sku, Balance>| sums.get(sku).copied().unwrap_or_default();
            prop_assert_eq!(line.shipped, of(&shipped));
            prop_assert_eq!(line.received, of(&received));
            prop_assert_eq!(line.damaged, of(&damaged));
        }
        let named = shipped.keys().chain(received.keys()).chain(damaged.keys());
        prop_assert!(named.into_iter().all(|sku| transfer.lines.contains_key(sku)));
    }

    #[test]
    fn entries_read_back_as_they_were_written(event in event()) {
        let name = event.step.name().to_string();
        let read = Entry::read(event.by.clone(), &name, &event.to_text());
        match &read {
            // Steps that name no goods are never written.
            Entry::Unread(unread) => prop_assert_eq!(&*unread.why, "there are no goods in it"),
            Entry::Said(said) => prop_assert_eq!(said, &event),
        }
    }

    #[test]
    fn nothing_stops_the_reading(name in "(ship/|receive/1/|settle/)?[a-z0-9/]{0,6}", text in ".{0,80}") {
        let entry = Entry::read(Party::HeadOffice, &name, &text);
        prop_assert_eq!(status([&entry]).lines.len(), 0);
    }
}
