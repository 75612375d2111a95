//! What an order comes to, whoever says what in which order.

use std::num::NonZeroU32;

use super::super::event::{Event, OrderLine, ReturnKind, Shipment, Step};
use super::super::{Answer, Refusal, Word, answer};
use super::*;
use crate::amount::Quantity;
use crate::id::{Epoch, FactId};
use crate::order::{Goods, OrderStep};
use crate::time::Timestamp;

fn n(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap()
}

fn store(name: &str) -> StoreId {
    name.parse().unwrap()
}

fn shop(name: &str) -> Party {
    Party::Store(store(name))
}

fn units(units: i64) -> Quantity {
    Quantity::units(units).unwrap()
}

fn said(by: Party, step: Step) -> Entry {
    Entry::Said(Event { by, at: Timestamp::from_millis(1), operator: None, step })
}

/// An order of so many units of X for each of these stores.
fn order(wanted: &[(&str, i64)]) -> Ordered {
    let line = |(name, quantity): &(&str, i64)| OrderLine {
        store: store(name),
        sku: "X".parse().unwrap(),
        quantity: units(*quantity),
        price: "2.5".parse().unwrap(),
    };
    Ordered {
        supplier: "V7".parse().unwrap(),
        lines: wanted.iter().map(line).collect(),
        expected: Some("2026-11-30".parse().unwrap()),
        remark: None,
    }
}

fn ordered(by: Party, revision: u32, wanted: &[(&str, i64)]) -> Entry {
    said(by, Step::Order { revision: n(revision), order: order(wanted) })
}

fn approve(by: Party, of: (u32, Party)) -> Entry {
    let of = Revision { number: n(of.0), by: of.1 };
    said(by, Step::Approve { of, rule: None, remark: None })
}

fn goods(quantity: i64) -> Vec<Goods> {
    if quantity == 0 {
        return Vec::new();
    }
    let value = "1".parse().unwrap();
    vec![Goods { sku: "X".parse().unwrap(), quantity: units(quantity), value }]
}

fn received(name: &str, receipt: u32, accepted: i64, rejected: i64) -> Entry {
    let fact = FactId { epoch: Epoch::FIRST, seq: receipt.into() };
    let (accepted, rejected) = (goods(accepted), goods(rejected));
    said(shop(name), Step::Receive { receipt: n(receipt), fact, accepted, rejected })
}

fn returned(name: &str, number: u32, quantity: i64, kind: ReturnKind) -> Entry {
    let fact = FactId { epoch: Epoch::FIRST, seq: 100 + u64::from(number) };
    let (goods, reason) = (goods(quantity), "bad".into());
    said(shop(name), Step::Return { number: n(number), fact, goods, kind, reason })
}

fn reason() -> Box<str> {
    "enough".into()
}

fn line(now: &Purchase, name: &str) -> Line {
    now.lines[&(store(name), "X".parse().unwrap())]
}

/// Open, short and over of a line, in units.
fn rest(now: &Purchase, name: &str) -> (i128, i128, i128) {
    let line = line(now, name);
    (line.open / 1_000, line.short / 1_000, line.over / 1_000)
}

#[test]
fn an_order_goes_from_request_to_goods() {
    let me = || shop("S1");
    let mut entries = Vec::new();
    let mut stage = |entry: Entry| {
        entries.push(entry);
        let now = status(&entries);
        assert_eq!(now.anomalies, []);
        (now.stage, now.waits_for)
    };
    let need = Need { store: store("S1"), sku: "X".parse().unwrap(), quantity: units(10) };
    let request = Step::Request { needs: vec![need], supplier: None, remark: None };
    assert_eq!(stage(said(me(), request)), (Stage::Requested, vec![Waiting::Order]));
    let draft = stage(ordered(me(), 1, &[("S1", 10)]));
    assert_eq!(draft, (Stage::Draft, vec![Waiting::Submission(me())]));
    let submitted = stage(said(me(), Step::Submit { remark: None }));
    assert_eq!(submitted, (Stage::Submitted, vec![Waiting::Approval]));
    let approved = stage(approve(Party::HeadOffice, (1, me())));
    assert_eq!(approved, (Stage::Approved, vec![Waiting::Sending(me())]));
    let sent = stage(said(me(), Step::Send { remark: None }));
    assert_eq!(sent, (Stage::Sent, vec![Waiting::Receipt(store("S1"))]));
    let part = stage(received("S1", 1, 6, 1));
    assert_eq!(part, (Stage::PartlyReceived, vec![Waiting::Receipt(store("S1"))]));
    assert_eq!(stage(received("S1", 2, 3, 0)), (Stage::Received, vec![]));
    let again = stage(returned("S1", 1, 1, ReturnKind::Exchange)).0;
    assert_eq!(again, Stage::PartlyReceived, "what was exchanged is due again");
    assert_eq!(stage(said(me(), Step::Close { reason: reason() })).0, Stage::ShortClosed);
    let now = status(&entries);
    assert_eq!(rest(&now, "S1"), (0, 1, 0));
}

#[test]
fn goods_that_came_have_come() {
    let first = [received("S1", 1, 10, 0)];
    let now = status(&first);
    assert_eq!(
        (now.stage, now.waits_for),
        (Stage::Received, vec![Waiting::Order, Waiting::Approval])
    );
    assert_eq!(now.anomalies, [], "nothing is known about what was ordered");

    let mut entries = vec![received("S1", 1, 4, 0), ordered(shop("S1"), 1, &[("S1", 10)])];
    entries.push(said(shop("S1"), Step::Cancel { reason: reason() }));
    let now = status(&entries);
    assert_eq!((now.stage, rest(&now, "S1")), (Stage::ShortClosed, (0, 6, 0)));
    assert_eq!(now.cancel_asked.map(|asked| asked.by), Some(shop("S1")));

    entries.push(received("S1", 2, 8, 0));
    let now = status(&entries);
    assert_eq!((now.stage, rest(&now, "S1")), (Stage::Received, (0, 0, 2)));
    assert!(matches!(now.anomalies[..], [Anomaly::OverReceived { quantity: 2_000, .. }]));
}

#[test]
fn the_revision_agreed_to_counts() {
    let me = || shop("S1");
    let mut entries = vec![ordered(me(), 1, &[("S1", 10)]), ordered(me(), 2, &[("S1", 12)])];
    assert_eq!(line(&status(&entries), "S1").ordered, 12_000, "the newest one");
    entries.push(ordered(Party::HeadOffice, 2, &[("S1", 8)]));
    assert_eq!(line(&status(&entries), "S1").ordered, 8_000, "head office's of the same number");
    entries.push(approve(Party::HeadOffice, (1, me())));
    let now = status(&entries);
    assert_eq!((line(&now, "S1").ordered, now.stage), (10_000, Stage::Approved));
    assert_eq!(now.anomalies.len(), 2, "two revisions are newer: {:?}", now.anomalies);

    let unseen = status(&[approve(Party::HeadOffice, (1, me()))]);
    assert_eq!((unseen.stage, unseen.lines.len()), (Stage::Approved, 0));
    assert!(unseen.waits_for.contains(&Waiting::Order));
}

#[test]
fn a_store_agrees_to_its_own_orders_and_head_office_has_the_last_word() {
    let own = [ordered(shop("S1"), 1, &[("S1", 10)]), approve(shop("S1"), (1, shop("S1")))];
    let now = status(&own);
    assert_eq!((now.stage, now.approval.unwrap().by), (Stage::Approved, shop("S1")));

    let other = [ordered(shop("S1"), 1, &[("S1", 1)]), approve(shop("S2"), (1, shop("S1")))];
    assert_eq!(status(&other).stage, Stage::Draft);
    assert!(matches!(status(&other).anomalies[..], [Anomaly::NotEntitled { .. }]));
    let for_both = [("S1", 1), ("S2", 1)];
    let both = [ordered(shop("S1"), 1, &for_both), approve(shop("S1"), (1, shop("S1")))];
    assert_eq!(status(&both).stage, Stage::Draft, "it is not for itself alone");

    let no = said(Party::HeadOffice, Step::Reject { reason: reason() });
    let against = [own[0].clone(), own[1].clone(), no.clone()];
    assert_eq!(status(&against).stage, Stage::Rejected);
    let both_ways = [own[0].clone(), approve(Party::HeadOffice, (1, shop("S1"))), no];
    let now = status(&both_ways);
    assert_eq!((now.stage, now.anomalies), (Stage::Rejected, vec![Anomaly::ApprovedAndRejected]));
}

#[test]
fn each_store_has_its_own_lines() {
    let mut entries = vec![
        ordered(Party::HeadOffice, 1, &[("S1", 10), ("S2", 20)]),
        approve(Party::HeadOffice, (1, Party::HeadOffice)),
        said(Party::HeadOffice, Step::Send { remark: None }),
        received("S1", 1, 10, 0),
    ];
    let waits = [Waiting::Receipt(store("S2"))];
    assert_eq!(status(&entries).waits_for, waits);
    entries.push(said(shop("S1"), Step::Close { reason: reason() }));
    assert_eq!(status(&entries).waits_for, waits, "it closes only its own");
    entries.push(said(shop("S2"), Step::Close { reason: reason() }));
    assert_eq!(status(&entries).stage, Stage::ShortClosed);
    entries.push(said(shop("S1"), Step::Cancel { reason: reason() }));
    let now = status(&entries);
    assert!(matches!(now.anomalies[..], [Anomaly::NotEntitled { .. }]), "it is not the buyer");
}

#[test]
fn a_fact_counts_once_under_whatever_name() {
    let mut entries = vec![ordered(shop("S1"), 1, &[("S1", 10)]), received("S1", 1, 4, 0)];
    let again = |number| {
        let fact = FactId { epoch: Epoch::FIRST, seq: 1 };
        let (accepted, rejected) = (goods(4), Vec::new());
        Step::Receive { receipt: n(number), fact, accepted, rejected }
    };
    entries.push(said(shop("S1"), again(7)));
    assert_eq!(line(&status(&entries), "S1").accepted.quantity, 4_000);
    for number in [1, 7] {
        let of = Box::new(again(number));
        entries.push(said(shop("S1"), Step::Withdraw { withdrawal: n(number), of }));
    }
    assert_eq!(status(&entries).stage, Stage::Draft, "it is all taken back");
}

#[test]
fn what_is_late_is_known() {
    let day = |text: &str| text.parse().unwrap();
    let mut entries =
        vec![ordered(shop("S1"), 1, &[("S1", 10)]), approve(Party::HeadOffice, (1, shop("S1")))];
    assert!(!status(&entries).is_late(day("2026-11-30")));
    assert!(status(&entries).is_late(day("2026-12-01")));
    let shipment = Shipment { expected: Some(day("2026-12-05")), ..Shipment::default() };
    entries.push(said(shop("S1"), Step::Track { number: n(1), shipment }));
    assert!(!status(&entries).is_late(day("2026-12-05")), "the shipment tells more");
    entries.push(received("S1", 1, 10, 0));
    assert!(!status(&entries).is_late(day("2027-01-01")), "it is all there");
}

#[test]
fn what_a_party_may_say_follows_from_what_was_said() {
    let me = shop("S1");
    let say = |entries: &[Entry], me: &Party, word: Word| answer(entries, me, word);
    let submit = || Word::Submit { remark: None };
    let agree = || Word::Approve { rule: None, remark: None };
    let send = || Word::Send { remark: None };
    assert_eq!(say(&[], &me, submit()), Err(Refusal::Unknown));
    let mut entries = vec![ordered(me.clone(), 1, &[("S1", 10)])];
    let mut add = |by: &Party, word: Word| match answer(&entries, by, word) {
        Ok(Answer::Say(step)) => {
            let name = step.name().to_string();
            entries.push(said(by.clone(), step));
            Ok(name)
        }
        Ok(Answer::Before) => Ok("before".to_owned()),
        Err(refusal) => Err(refusal),
    };
    let ok = |name: &str| Ok(name.to_owned());
    assert_eq!(add(&me, Word::Order(order(&[("S1", 10)]))), ok("before"));
    assert_eq!(add(&me, Word::Order(order(&[("S1", 12)]))), ok("order/2"));
    let twice = Word::Order(order(&[("S1", 1), ("S1", 2)]));
    assert!(matches!(add(&me, twice), Err(Refusal::LineTwice { .. })));
    assert_eq!(add(&me, send()), Err(Refusal::NotApproved));
    assert_eq!(add(&me, Word::Close { reason: reason() }), Err(Refusal::NotApproved));
    assert_eq!(add(&me, submit()), ok("submit"));
    assert_eq!(add(&me, submit()), ok("before"));
    assert_eq!(add(&shop("S2"), agree()), Err(Refusal::NotEntitled { by: shop("S2") }));
    assert_eq!(add(&Party::HeadOffice, agree()), ok("approve"));
    assert_eq!(add(&Party::HeadOffice, agree()), ok("before"));
    let reject = Word::Reject { reason: reason() };
    assert_eq!(add(&Party::HeadOffice, reject), Err(Refusal::TooLate { stage: Stage::Approved }));
    let revised = Word::Order(order(&[("S1", 1)]));
    assert_eq!(add(&me, revised), Err(Refusal::TooLate { stage: Stage::Approved }));
    assert_eq!(add(&me, send()), ok("send"));
    assert_eq!(add(&me, Word::Track(Shipment::default())), ok("track/1"));
    assert_eq!(add(&me, Word::Track(Shipment::default())), ok("before"));
    assert_eq!(add(&shop("S2"), Word::Close { reason: reason() }), Err(Refusal::NothingOpen));
    assert_eq!(add(&me, Word::Close { reason: reason() }), ok("close"));
    let cancel = Word::Cancel { reason: reason() };
    assert_eq!(add(&me, cancel), Err(Refusal::TooLate { stage: Stage::ShortClosed }));
}
