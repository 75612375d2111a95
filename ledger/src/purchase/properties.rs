//! The laws of an order's status, on entries that come in any order, twice, from anybody.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use proptest::prelude::*;

use super::*;
use crate::amount::{Money, Quantity};
use crate::id::{Epoch, FactId, Sku, StoreId};
use crate::order::{Goods, OrderStep, Party, Unread};
use crate::time::Timestamp;

fn number() -> impl Strategy<Value = NonZeroU32> {
    (1..4_u32).prop_map(|n| NonZeroU32::new(n).unwrap())
}

fn store() -> impl Strategy<Value = StoreId> {
    prop::sample::select(vec!["A", "B"]).prop_map(|name| StoreId::new(name).unwrap())
}

fn sku() -> impl Strategy<Value = Sku> {
    prop::sample::select(vec!["X", "Y"]).prop_map(|name| Sku::new(name).unwrap())
}

fn party() -> impl Strategy<Value = Party> {
    prop_oneof![Just(Party::HeadOffice), store().prop_map(Party::Store)]
}

fn quantity() -> impl Strategy<Value = Quantity> {
    (1..9_000_i64).prop_map(|raw| Quantity::from_thousandths(raw).unwrap())
}

fn goods() -> impl Strategy<Value = Vec<Goods>> {
    let line = (sku(), quantity(), -50..90_000_i64).prop_map(|(sku, quantity, value)| Goods {
        sku,
        quantity,
        value: Money::from_ten_thousandths(value).unwrap(),
    });
    prop::collection::vec(line, 1..3)
}

fn fact() -> impl Strategy<Value = FactId> {
    (1..5_u64).prop_map(|seq| FactId { epoch: Epoch::FIRST, seq })
}

fn order() -> impl Strategy<Value = Ordered> {
    let line =
        (store(), sku(), quantity(), 0..90_000_i64).prop_map(|(store, sku, quantity, price)| {
            OrderLine { store, sku, quantity, price: Money::from_ten_thousandths(price).unwrap() }
        });
    prop::collection::vec(line, 1..4).prop_map(|lines| Ordered {
        supplier: "V".parse().unwrap(),
        lines,
        expected: None,
        remark: None,
    })
}

fn kind() -> impl Strategy<Value = ReturnKind> {
    prop::sample::select(ReturnKind::ALL.as_slice())
}

fn step() -> impl Strategy<Value = Step> {
    let back = (number(), goods_step())
        .prop_map(|(withdrawal, of)| Step::Withdraw { withdrawal, of: Box::new(of) });
    prop_oneof![6 => goods_step(), 8 => word(), 2 => back]
}

fn goods_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (number(), fact(), goods(), goods()).prop_map(|(receipt, fact, accepted, rejected)| {
            Step::Receive { receipt, fact, accepted, rejected }
        }),
        1 => (number(), fact(), goods(), kind()).prop_map(|(number, fact, goods, kind)| {
            Step::Return { number, fact, goods, kind, reason: "bad".into() }
        }),
    ]
}

fn word() -> impl Strategy<Value = Step> {
    let need = (store(), sku(), quantity()).prop_map(|(store, sku, quantity)| Need {
        store,
        sku,
        quantity,
    });
    let day = prop::sample::select(vec!["2026-11-30", "2026-12-01"]);
    prop_oneof![
        1 => prop::collection::vec(need, 1..3)
            .prop_map(|needs| Step::Request { needs, supplier: None, remark: None }),
        3 => (number(), order()).prop_map(|(revision, order)| Step::Order { revision, order }),
        1 => Just(Step::Submit { remark: None }),
        2 => (number(), party()).prop_map(|(number, by)| Step::Approve {
            of: Revision { number, by },
            rule: None,
            remark: None,
        }),
        1 => Just(Step::Reject { reason: "no".into() }),
        1 => Just(Step::Send { remark: None }),
        1 => (number(), day).prop_map(|(number, day)| Step::Track {
            number,
            shipment: Shipment { expected: day.parse().ok(), ..Shipment::default() },
        }),
        1 => Just(Step::Close { reason: "enough".into() }),
        1 => Just(Step::Cancel { reason: "stop".into() }),
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

/// An order's life as one party would keep it in its head: lines, and whether more is waited for.
#[derive(Default)]
struct Naive {
    ordered: BTreeMap<Sku, i128>,
    came: BTreeMap<Sku, i128>,
    again: BTreeMap<Sku, i128>,
}

impl Naive {
    fn rest(&self, sku: &Sku) -> i128 {
        let of = |map: &BTreeMap<Sku, i128>| map.get(sku).copied().unwrap_or_default();
        of(&self.ordered) + of(&self.again) - of(&self.came)
    }

    fn stage(&self, moved: bool, closed: bool) -> Stage {
        let open = self.ordered.keys().chain(self.again.keys()).any(|sku| self.rest(sku) > 0);
        match (moved, open, closed) {
            (false, _, false) => Stage::Sent,
            (_, false, _) => Stage::Received,
            (_, true, true) => Stage::ShortClosed,
            (true, true, false) => Stage::PartlyReceived,
        }
    }
}

fn add(to: &mut BTreeMap<Sku, i128>, goods: &[Goods]) {
    for good in goods {
        *to.entry(good.sku.clone()).or_default() += i128::from(good.quantity.thousandths());
    }
}

proptest! {
    #[test]
    fn order_and_repetition_do_not_matter((once, again) in twice_told()) {
        prop_assert_eq!(status(&once), status(&again));
    }

    #[test]
    fn every_line_adds_up((entries, _) in twice_told()) {
        for (place, line) in status(&entries).lines {
            let came = line.accepted.quantity + line.rejected.quantity;
            let due = line.ordered + line.exchanged + line.over;
            prop_assert_eq!(due, came + line.open + line.short, "{:?}", place);
            prop_assert!(line.open >= 0 && line.short >= 0 && line.over >= 0);
            prop_assert!(line.over == 0 || line.open + line.short == 0);
        }
    }

    /// Goods that came stay where they are, whatever words are added.
    #[test]
    fn words_move_no_goods((entries, _) in twice_told(), by in party(), said in word()) {
        let before = status(&entries);
        let mut more = entries;
        let at = Timestamp::from_millis(9);
        more.push(Entry::Said(Event { by, at, operator: None, step: said }));
        let after = status(&more);
        for (place, line) in &before.lines {
            let now = after.lines.get(place).copied().unwrap_or_default();
            prop_assert_eq!(
                (line.accepted, line.rejected, line.returned),
                (now.accepted, now.rejected, now.returned)
            );
        }
    }

    /// What one store orders, gets and gives back comes to what it would itself keep count of.
    #[test]
    fn a_store_s_own_order_is_what_it_counts(
        wanted in prop::collection::btree_map(sku(), quantity(), 1..3),
        receipts in prop::collection::vec((goods(), goods()), 0..4),
        returns in prop::collection::vec((goods(), kind()), 0..3),
        closed in any::<bool>(),
    ) {
        let me = Party::Store(StoreId::new("A").unwrap());
        let n = |at: usize| NonZeroU32::new(u32::try_from(at).unwrap() + 1).unwrap();
        let fact = |seq: usize| FactId { epoch: Epoch::FIRST, seq: seq as u64 + 1 };
        let mut naive = Naive::default();
        let mut steps = vec![Step::Send { remark: None }];
        let lines = wanted.iter().map(|(sku, quantity)| {
            naive.ordered.insert(sku.clone(), quantity.thousandths().into());
            let (store, sku) = (StoreId::new("A").unwrap(), sku.clone());
            OrderLine { store, sku, quantity: *quantity, price: Money::ZERO }
        });
        let order = Ordered {
            supplier: "V".parse().unwrap(), lines: lines.collect(), expected: None, remark: None,
        };
        steps.push(Step::Order { revision: n(0), order });
        let of = Revision { number: n(0), by: me.clone() };
        steps.push(Step::Approve { of, rule: None, remark: None });
        for (at, (accepted, rejected)) in receipts.iter().enumerate() {
            add(&mut naive.came, accepted);
            add(&mut naive.came, rejected);
            let (accepted, rejected) = (accepted.clone(), rejected.clone());
            steps.push(Step::Receive { receipt: n(at), fact: fact(at), accepted, rejected });
        }
        for (at, (goods, kind)) in returns.iter().enumerate() {
            if *kind == ReturnKind::Exchange {
                add(&mut naive.again, goods);
            }
            let (goods, reason) = (goods.clone(), "bad".into());
            let fact = fact(100 + at);
            steps.push(Step::Return { number: n(at), fact, goods, kind: *kind, reason });
        }
        if closed {
            steps.push(Step::Close { reason: "enough".into() });
        }
        let at = Timestamp::from_millis(1);
        let said = |step| Entry::Said(Event { by: me.clone(), at, operator: None, step });
        let entries: Vec<_> = steps.into_iter().map(said).collect();
        let now = status(&entries);
        let moved = !receipts.is_empty() || !returns.is_empty();
        prop_assert_eq!(now.stage, naive.stage(moved, closed));
        for ((_, sku), line) in &now.lines {
            prop_assert_eq!(line.open + line.short - line.over, naive.rest(sku));
        }
    }

    /// Whatever a party is let say counts, and saying it again is known.
    #[test]
    fn what_may_be_said_counts((entries, _) in twice_told(), by in party(), ordered in order()) {
        let words = [
            Word::Order(ordered),
            Word::Submit { remark: None },
            Word::Approve { rule: None, remark: None },
            Word::Reject { reason: "no".into() },
            Word::Send { remark: None },
            Word::Close { reason: "enough".into() },
            Word::Cancel { reason: "stop".into() },
        ];
        for word in words {
            let Ok(Answer::Say(step)) = answer(&entries, &by, word.clone()) else { continue };
            let name = step.name();
            let taken = |entry: &Entry| {
                matches!(entry, Entry::Said(e) if e.by == by && e.step.name() == name)
            };
            prop_assume!(!entries.iter().any(taken));
            let before = status(&entries).anomalies;
            let mut more = entries.clone();
            let at = Timestamp::from_millis(9);
            more.push(Entry::Said(Event { by: by.clone(), at, operator: None, step }));
            let refused = Anomaly::NotEntitled { by: by.clone(), name };
            prop_assert!(before.contains(&refused) || !status(&more).anomalies.contains(&refused));
        }
    }

    #[test]
    fn entries_read_back_as_they_were_written(event in event()) {
        let name = event.step.name().to_string();
        let read = Entry::read(event.by.clone(), &name, &event.to_text());
        prop_assert_eq!(read, Entry::Said(event));
    }

    #[test]
    fn nothing_stops_the_reading(name in "(order/|receive/|approve)?[a-z0-9/]{0,6}", text in ".{0,80}") {
        let entry = Entry::read(Party::HeadOffice, &name, &text);
        prop_assert_eq!(status([&entry]).lines.len(), 0);
    }
}
