//! Alerts: found as facts commit, the same at a store and at the hub, ended and raised anew.

use std::collections::{BTreeMap, BTreeSet};

use books::Books;
use books::read::OpenAlert;
use ledger::alert::{Acknowledgement, AlertKind, Cause, Patience};
use ledger::bounds::{Bounds, Entry, Key};
use ledger::catalog::{Field, Term};
use ledger::command::{Command, InboundLine};
use ledger::id::StoreId;
use ledger::lot::LotExpiry;
use ledger::time::{BusinessDate, Timestamp};
use proptest::prelude::*;
use sync_proto::Writer;

use super::shop::{
    Place, assert_whole, book, day, money, receive, seal, sell, send, sku, store, units,
};

const PATIENCE: Patience = Patience { slow_days: 3, dead_days: 6, expiring_days: 4 };

fn s1() -> StoreId {
    StoreId::new("S1").unwrap()
}

/// Sets what a store is to have of a product.
fn limits(hub: &Books, name: &str, min: i64, max: i64, at: i64) {
    let fields = [(Field::MinStock, min.to_string()), (Field::MaxStock, max.to_string())];
    let edits = BTreeMap::from([(sku(name), BTreeMap::from(fields))]);
    hub.write(move |tx| tx.edit_catalog(&edits, Timestamp::from_millis(at))).unwrap();
}

fn receive_lot(name: &str, count: i64, lot: &str, expiry: BusinessDate) -> Command {
    let lot: ledger::id::Lot = lot.parse().unwrap();
    let (quantity, cost) = (units(count), money("1"));
    let line = InboundLine { sku: sku(name), lot: Some(lot.clone()), quantity, cost };
    let lots = vec![LotExpiry { sku: sku(name), lot, expiry }];
    Command::Receive { lines: vec![line], supplier: None, lots }
}

fn acknowledge(cause: Cause, until: Option<BusinessDate>) -> Command {
    Command::Acknowledge(Box::new(Acknowledgement { cause, until, remark: "ordered".into() }))
}

fn cause(kind: AlertKind, name: &str) -> Cause {
    Cause { kind, sku: sku(name), lot: None }
}

fn look(books: &Books, today: BusinessDate) -> (usize, usize) {
    let looked = books.look_for_alerts(today, PATIENCE).unwrap();
    (looked.raised, looked.ended)
}

fn open(books: &Books, today: BusinessDate) -> Vec<OpenAlert> {
    books.reader().unwrap().alerts(Some(&s1()), today).unwrap()
}

fn causes(books: &Books, today: BusinessDate) -> BTreeSet<Cause> {
    open(books, today).into_iter().map(|alert| alert.cause).collect()
}

fn is_seen(books: &Books, today: BusinessDate) -> bool {
    let open = open(books, today);
    assert_eq!(open.len(), 1, "{open:?}");
    open[0].seen.is_some()
}

#[test]
fn an_alert_comes_once_ends_and_comes_anew() {
    let place = Place::new();
    let (shop, hub) = (place.open("1.db", store("S1")), place.open("h.db", Writer::Hub));
    limits(&hub, "tea", 5, 20, 1);
    send(&hub, &shop);
    book(&shop, day(0), receive("tea", 10, "10"));
    assert_eq!(look(&shop, day(0)), (0, 0));

    book(&shop, day(0), sell("tea", 6));
    assert_eq!(look(&shop, day(0)), (1, 0));
    assert_eq!(causes(&shop, day(0)), BTreeSet::from([cause(AlertKind::BelowMin, "tea")]));
    book(&shop, day(0), sell("tea", 1));
    assert_eq!(look(&shop, day(0)), (0, 0), "one cause, one alert");
    let before = open(&shop, day(0)).remove(0);
    assert_eq!((before.limit, before.on_hand), (Some(units(5)), units(3)));

    // Somebody has seen it, which the hub hears.
    book(&shop, day(0), acknowledge(cause(AlertKind::BelowMin, "tea"), Some(day(1))));
    assert!(is_seen(&shop, day(1)) && !is_seen(&shop, day(2)), "until a day");
    book(&shop, day(0), acknowledge(cause(AlertKind::BelowMin, "tea"), None));
    seal(&shop);
    send(&shop, &hub);
    assert_eq!(look(&hub, day(0)), (1, 0));
    assert_eq!(open(&hub, day(0)), open(&shop, day(0)));
    assert!(is_seen(&hub, day(9)), "the newest word counts");

    // What the table of open alerts loses the next look finds, and who has seen it is in the facts.
    for books in [&shop, &hub] {
        books.rebuild(|_| {}).unwrap();
        assert_whole(books);
        look(books, day(0));
        assert!(is_seen(books, day(0)));
    }

    // It ends by itself, and is unseen when it comes back.
    book(&shop, day(0), receive("tea", 4, "4"));
    assert_eq!(look(&shop, day(0)), (0, 1));
    book(&shop, day(0), sell("tea", 4));
    assert_eq!(look(&shop, day(0)), (1, 0));
    assert!(!is_seen(&shop, day(0)));
    // The hub, which heard of neither, finds what it knew before, and that it is another one now.
    assert!(is_seen(&hub, day(0)));
    seal(&shop);
    send(&shop, &hub);
    assert_eq!(look(&hub, day(0)), (0, 0));
    assert!(!is_seen(&hub, day(0)));
    hub.rebuild(|_| {}).unwrap();
    look(&hub, day(0));
    assert!(!is_seen(&hub, day(0)));
    book(&shop, day(0), sell("tea", 5));
    assert_eq!(look(&shop, day(0)), (1, 1), "less than nothing is another cause");
    assert_eq!(causes(&shop, day(0)), BTreeSet::from([cause(AlertKind::Negative, "tea")]));
}

#[test]
fn limits_that_change_raise_and_end_alerts() {
    let place = Place::new();
    let (shop, hub) = (place.open("1.db", store("S1")), place.open("h.db", Writer::Hub));
    book(&shop, day(0), receive("tea", 10, "10"));
    seal(&shop);
    send(&shop, &hub);
    assert_eq!((look(&shop, day(0)), look(&hub, day(0))), ((0, 0), (0, 0)));
    for (number, (min, max, kind)) in (1..).zip([
        (11, 20, Some(AlertKind::BelowMin)),
        (1, 9, Some(AlertKind::AboveMax)),
        (10, 10, None),
    ]) {
        limits(&hub, "tea", min, max, number);
        send(&hub, &shop);
        for books in [&shop, &hub] {
            look(books, day(0));
            let expected = kind.map(|kind| cause(kind, "tea"));
            assert_eq!(causes(books, day(0)), expected.into_iter().collect(), "{min} to {max}");
        }
    }
}

#[test]
fn seasons_change_the_limits_on_their_day() {
    let place = Place::new();
    let (shop, hub) = (place.open("1.db", store("S1")), place.open("h.db", Writer::Hub));
    let fields = BTreeMap::from([(Field::MinStock, "5".to_owned())]);
    let edits = BTreeMap::from([(sku("tea"), fields)]);
    // Day 2 is 22 November.
    let winter: Key = "store:S1@11-22..01-10".parse().unwrap();
    let bounds = Bounds { min: Some(units(20)), max: None };
    let entry = Entry { key: winter.clone(), bounds };
    let terms = BTreeMap::from([(Term::Bounds(winter), entry.text())]);
    let terms = BTreeMap::from([(sku("tea"), terms)]);
    hub.write(move |tx| {
        tx.edit_catalog(&edits, Timestamp::from_millis(1))?;
        tx.edit_terms(&terms, Timestamp::from_millis(1))
    })
    .unwrap();
    send(&hub, &shop);
    book(&shop, day(0), receive("tea", 10, "10"));
    look(&shop, day(1));
    assert!(causes(&shop, day(1)).is_empty());
    look(&shop, day(2));
    let alert = open(&shop, day(2)).remove(0);
    assert_eq!((alert.cause.kind, alert.limit), (AlertKind::BelowMin, Some(units(20))));
    look(&shop, day(60));
    let below = |cause: &Cause| cause.kind == AlertKind::BelowMin;
    assert!(!causes(&shop, day(60)).iter().any(below), "the window is over");
    assert_whole(&shop);
}

#[test]
fn time_alone_makes_goods_slow_and_dead_and_lots_expire() {
    let place = Place::new();
    let shop = place.open("1.db", store("S1"));
    book(&shop, day(0), receive_lot("tea", 3, "L1", day(8)));
    book(&shop, day(1), sell("tea", 1));
    let lot = |kind| Cause { lot: Some("L1".parse().unwrap()), ..cause(kind, "tea") };
    let expected = [
        (3, vec![]),
        (4, vec![lot(AlertKind::Expiring), cause(AlertKind::Slow, "tea")]),
        (7, vec![lot(AlertKind::Expiring), cause(AlertKind::Dead, "tea")]),
        (8, vec![lot(AlertKind::Expiring), cause(AlertKind::Dead, "tea")]),
        (9, vec![lot(AlertKind::Expired), cause(AlertKind::Dead, "tea")]),
    ];
    for (number, expected) in expected {
        look(&shop, day(number));
        assert_eq!(causes(&shop, day(number)), expected.into_iter().collect(), "day {number}");
    }
    assert_eq!(open(&shop, day(9)).pop().unwrap().since, day(1));
    book(&shop, day(9), sell("tea", 1));
    look(&shop, day(9));
    assert_eq!(causes(&shop, day(9)), BTreeSet::from([lot(AlertKind::Expired)]));
    book(&shop, day(9), sell("tea", 1));
    look(&shop, day(9));
    assert!(causes(&shop, day(9)).is_empty());
    assert_whole(&shop);
}

const SKUS: [&str; 2] = ["tea", "cola"];

#[derive(Debug, Clone)]
enum Step {
    Receive { sku: usize, count: i64, lot: Option<(u8, i32)> },
    Sell { sku: usize, count: i64 },
    Limits { sku: usize, min: i64, max: i64 },
    NextDay,
    Look,
    Send,
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let (sku, count) = (0..SKUS.len(), 1..9_i64);
    prop_oneof![
        4 => (sku.clone(), count.clone(), prop::option::of((0..3_u8, 0..9_i32)))
            .prop_map(|(sku, count, lot)| Step::Receive { sku, count, lot }),
        6 => (sku.clone(), count.clone()).prop_map(|(sku, count)| Step::Sell { sku, count }),
        2 => (sku, 0..6_i64, 6..14_i64).prop_map(|(sku, min, max)| Step::Limits { sku, min, max }),
        4 => Just(Step::NextDay),
        4 => Just(Step::Look),
        2 => Just(Step::Send),
        1 => Just(Step::Restart),
    ]
}

/// What a hub hears late has lain idle meanwhile, though the hub looked that day already.
#[test]
fn goods_that_are_heard_of_late_are_slow_at_once() {
    let place = Place::new();
    let shop = place.open("1.db", store("S1"));
    let hub = place.open("h.db", Writer::Hub);
    book(&shop, day(0), receive("tea", 1, "3"));
    look(&hub, day(3));
    seal(&shop);
    send(&shop, &hub);
    look(&shop, day(3));
    look(&hub, day(3));
    assert_eq!(causes(&shop, day(3)), [cause(AlertKind::Slow, "tea")].into());
    assert_eq!(causes(&hub, day(3)), causes(&shop, day(3)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// A store that looks now and then, a hub that looks now and then, and books that have lost what they had
    /// found and look once find the same.
    #[test]
    fn looks_add_up_to_one_look(steps in prop::collection::vec(step(), 1..40)) {
        let place = Place::new();
        let mut shop = place.open("1.db", store("S1"));
        let hub = place.open("h.db", Writer::Hub);
        let mut today = 0;
        for (number, step) in (1..).zip(&steps) {
            match step {
                Step::Receive { sku, count, lot: None } => {
                    book(&shop, day(today), receive(SKUS[*sku], *count, "3"));
                }
                Step::Receive { sku, count, lot: Some((lot, expiry)) } => {
                    let command = receive_lot(SKUS[*sku], *count, &format!("L{lot}"), day(*expiry));
                    book(&shop, day(today), command);
                }
                Step::Sell { sku, count } => {
                    book(&shop, day(today), sell(SKUS[*sku], *count));
                }
                Step::Limits { sku, min, max } => limits(&hub, SKUS[*sku], *min, *max, number),
                Step::NextDay => today += 1,
                Step::Look => {
                    look(&shop, day(today));
                    look(&hub, day(today));
                }
                Step::Send => {
                    seal(&shop);
                    send(&shop, &hub);
                    send(&hub, &shop);
                }
                Step::Restart => {
                    drop(shop);
                    shop = place.open("1.db", store("S1"));
                }
            }
        }
        seal(&shop);
        send(&shop, &hub);
        send(&hub, &shop);
        let today = day(today);
        for books in [&shop, &hub] {
            look(books, today);
            assert_whole(books);
        }
        prop_assert_eq!(causes(&shop, today), causes(&hub, today));
        prop_assert_eq!(look(&shop, today), (0, 0));

        drop(hub);
        let file = rusqlite::Connection::open(place.file("h.db")).unwrap();
        file.execute_batch("DELETE FROM alert").unwrap();
        drop(file);
        let hub = place.open("h.db", Writer::Hub);
        look(&hub, today);
        prop_assert_eq!(causes(&shop, today), causes(&hub, today));
    }
}
