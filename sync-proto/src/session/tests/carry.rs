//! A new machine is told what its store's history comes to, sells, and gets the history behind that.

use ledger::amount::{Money, Quantity};
use ledger::catalog::Field;
use ledger::movement::Account;

use super::*;
use crate::carryover::{CarriedBalance, FIRST_VERSION};
use crate::message::Welcome;

/// A lost machine had two epochs, with so many facts in the older, one in each of two months, and the hub has a catalog.
fn lost(old: usize) -> (Pair<MemoryReplica>, Carryover) {
    let mut pair = Pair::new();
    book(&pair.replicas[STORE], -31, old);
    pair.run();
    pair.replicas[STORE].open_epoch();
    book(&pair.replicas[STORE], 0, 700);
    set_price(&pair.replicas[HUB], "1");
    pair.reconnect();
    pair.run();
    let hub = &pair.replicas[HUB];
    let head = |number| hub.head_of(&"S1".parse().unwrap(), Epoch::new(number).unwrap());
    let heads = [1, 2].map(|epoch| head(epoch).unwrap().unwrap());
    let balances = vec![CarriedBalance {
        account: Account::OnHand,
        sku: "cola".parse().unwrap(),
        lot: None,
        quantity: Quantity::units(5).unwrap(),
        value: Money::ZERO,
    }];
    let last_day = Some("2026-11-22".parse().unwrap());
    let carryover = Carryover { heads: heads.to_vec(), balances, last_day, ..Carryover::default() };
    hub.set_carryover(carryover.clone());
    pair.replicas[STORE] = MemoryReplica::new(chain(), store("S1"));
    pair.replicas[STORE].want_carryover();
    pair.reconnect();
    (pair, carryover)
}

fn set_price(hub: &MemoryReplica, price: &str) {
    let fields = BTreeMap::from([(Field::Price, price.to_owned())]);
    hub.edit_catalog(&BTreeMap::from([("cola".parse().unwrap(), fields)]), NOW).unwrap();
}

fn messages(pair: &Pair<MemoryReplica>, side: usize) -> Vec<Message> {
    pair.sent[side].iter().map(|bytes| Message::decode(bytes).unwrap()).collect()
}

/// What the hub sent from its last Welcome on: for each chunk the documents, and where it was ready.
fn order_of(pair: &Pair<MemoryReplica>) -> Vec<String> {
    let mut order = Vec::new();
    for message in messages(pair, HUB) {
        match message {
            Message::Changes(chunk) => {
                let changes = chunk::unpack(&chunk.body).unwrap();
                order.extend(changes.iter().map(|change| change.doc.to_string()));
            }
            Message::Ready => order.push("ready".to_owned()),
            Message::Done => order.push("done".to_owned()),
            _ => {}
        }
    }
    order.dedup();
    order
}

#[test]
fn the_sum_comes_first_then_what_selling_needs_then_the_newest_books() {
    let (mut pair, carryover) = lost(600);
    pair.run();
    assert!(pair.closed.iter().all(Option::is_none), "{:?}", pair.closed);
    let shop = &pair.replicas[STORE];
    assert_eq!(shop.carried(), Some(carryover));
    assert_eq!(shop.epoch(), Epoch::new(3).unwrap());
    assert_eq!(shop.facts(), pair.replicas[HUB].facts());
    let order = order_of(&pair);
    let at = |name: &str| order.iter().position(|of| of == name);
    let catalog = order.iter().position(|of| of.starts_with("catalog"));
    let places =
        [catalog, at("ready"), at("book/S1/2026-11-22"), at("book/S1/2026-10-22"), at("done")];
    assert!(places.is_sorted() && places[0].is_some(), "{order:?}");
    let events = &pair.events[STORE];
    let told = |event: &Event| events.iter().position(|of| of == event);
    let told = [Event::CarriedOver { facts: 1300 }, Event::Ready, Event::InSync].map(|e| told(&e));
    assert!(told.is_sorted() && told[0].is_some(), "{events:?}");
    assert!(!events.iter().any(|event| matches!(event, Event::TakeBack(_))), "{events:?}");

    pair.reconnect();
    pair.run();
    assert_eq!(pair.sent.each_ref().map(Vec::len), [1, 1], "a Hello and a Welcome");
}

#[test]
fn what_is_new_overtakes_old_books() {
    let (mut pair, _) = lost(6_000);
    let ready = |pair: &Pair<MemoryReplica>| pair.events[STORE].contains(&Event::Ready);
    while !ready(&pair) {
        pair.step(HUB);
        pair.step(STORE);
    }
    set_price(&pair.replicas[HUB], "2");
    pair.sessions[HUB].handle_local_change(at(1));
    book(&pair.replicas[STORE], 0, 1);
    pair.sessions[STORE].handle_local_change(at(1));
    pair.run();
    let order = order_of(&pair);
    let last = |start: &str| order.iter().rposition(|of| of.starts_with(start));
    assert!(last("catalog") < last("book"), "{order:?}");
    assert!(last("catalog") > order.iter().position(|of| of == "ready"), "{order:?}");
    assert_eq!(pair.replicas[STORE].facts(), pair.replicas[HUB].facts());
    assert!(pair.events.iter().all(|events| events.contains(&Event::InSync)));
}

#[test]
fn broken_off_anywhere_it_goes_on_and_is_told_once() {
    for steps in 0..60 {
        let (mut pair, carryover) = lost(600);
        let mut told = 0;
        for step in 0..steps {
            pair.step(step % 2);
        }
        told += pair.sent[HUB].iter().filter(|message| message[0] == 13).count();
        let taken = pair.replicas[STORE].carried().is_some();
        pair.reconnect();
        pair.run();
        let again = pair.sent[HUB].iter().filter(|message| message[0] == 13).count();
        assert_eq!(again, usize::from(!taken), "after {steps} steps, told {told} times");
        assert_eq!(pair.replicas[STORE].carried(), Some(carryover));
        assert_eq!(pair.replicas[STORE].facts(), pair.replicas[HUB].facts());
        assert!(pair.closed.iter().all(Option::is_none));
    }
}

#[test]
fn a_hub_without_history_or_of_an_older_version_greets_as_ever() {
    let mut pair = Pair::new();
    pair.replicas[STORE].want_carryover();
    pair.run();
    assert!(pair.events[STORE].contains(&Event::InSync));

    let mut shop = session(STORE);
    let replica = MemoryReplica::new(chain(), store("S1"));
    replica.want_carryover();
    let mut greeted = None;
    while let Some(effect) = shop.poll_effect() {
        match effect {
            Effect::Ask(id, ask) => {
                let answer = answer(&replica, &Writer::Hub, ask);
                shop.handle_answer(at(0), id, answer);
            }
            Effect::Send(frame) => greeted = Some(Message::decode(&frame[PREFIX_LEN..]).unwrap()),
            _ => {}
        }
    }
    assert!(matches!(greeted, Some(Message::Hello(Hello { history: History::Wanted, .. }))));
    let old = FIRST_VERSION - 1;
    let welcome = Welcome {
        version: old,
        verdict: Verdict::InStep,
        head: None,
        root: Digest::EMPTY,
        clock: NOW,
        overview: BTreeMap::new(),
        stock: None,
    };
    shop.handle_frame(at(0), &Message::Welcome(welcome).encode());
    assert!(shop.is_in_sync());
    shop.handle_frame(at(0), &Message::Ready.encode());
    assert!(shop.is_closed(), "a message of a later version");
}

#[test]
fn a_carry_over_is_taken_from_the_hub_alone_and_when_it_was_asked_for() {
    let page = |body| Message::Carryover(CarryoverPage { more: More::No, body }).encode();
    let (pair, carryover) = lost(600);
    drop(pair);
    let good = page(crate::carryover::pack(&carryover));
    let mut pair = Pair::new();
    pair.run();
    for side in [STORE, HUB] {
        pair.sessions[side].handle_frame(at(1), &good);
    }
    pair.run();
    let unexpected = |closed: &Option<CloseReason>| {
        matches!(closed, Some(CloseReason::Unexpected(_) | CloseReason::Peer(_)))
    };
    assert!(pair.closed.iter().all(unexpected), "{:?}", pair.closed);
    assert!(pair.replicas.iter().all(|replica| replica.carried().is_none()));

    // One that cannot be true, and one that is none at all.
    let mut untrue = carryover;
    untrue.balances.push(untrue.balances[0].clone());
    for body in [crate::carryover::pack(&untrue), vec![1, 2, 3]] {
        let (mut pair, _) = lost(600);
        pair.step(STORE);
        pair.sessions[STORE].handle_frame(at(1), &page(body));
        pair.step(STORE);
        assert!(pair.sessions[STORE].is_closed());
        assert_eq!(pair.replicas[STORE].carried(), None);
        assert_eq!(pair.replicas[STORE].epoch(), Epoch::FIRST);
    }
}
