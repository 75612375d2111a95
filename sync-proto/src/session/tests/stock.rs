//! The stock of other stores, told by the hub.

use ledger::amount::Quantity;

use super::*;
use crate::stock::{MAX_ROWS_PER_PAGE, StoreStock};

fn stock(store: &str, at: i64, rows: &[(&str, i64)]) -> StoreStock {
    let row = |(sku, units): &(&str, i64)| (sku.parse().unwrap(), Quantity::units(*units).unwrap());
    StoreStock {
        store: store.parse().unwrap(),
        as_of: Timestamp::from_millis(at),
        available: rows.iter().map(row).collect(),
    }
}

/// A store that wants to be told, and a hub that has something to tell.
fn followers() -> Pair<MemoryReplica> {
    let mut pair = Pair::new();
    pair.replicas.iter().for_each(MemoryReplica::follow_stock);
    pair.replicas[HUB].set_stock(stock("S2", 7, &[("cola", 5), ("tea", -1)]));
    pair.run();
    pair
}

fn told_current(pair: &Pair<MemoryReplica>) -> bool {
    let place = |of: &Event| pair.events[STORE].iter().position(|event| event == of);
    place(&Event::StockCurrent) > place(&Event::InSync)
}

/// Lets time pass at the hub.
fn hub_at(pair: &mut Pair<MemoryReplica>, ticks: u64) {
    pair.ticks = ticks;
    pair.sessions[HUB].handle_timeout(at(ticks));
    pair.run();
}

#[test]
fn a_store_is_told_of_others_and_of_what_changes() {
    let mut pair = followers();
    assert!(told_current(&pair));
    let first = stock("S2", 7, &[("cola", 5), ("tea", -1)]);
    assert_eq!(pair.replicas[STORE].stock(), [first]);

    // What changes within the interval is told together, at its end.
    for left in [4, 3] {
        pair.replicas[HUB].set_stock(stock("S2", 8, &[("cola", left)]));
        pair.sessions[HUB].handle_local_change(at(10));
        pair.run();
    }
    let sent = pair.sent[HUB].len();
    assert_eq!(pair.sessions[HUB].poll_timeout(), Some(STOCK_INTERVAL));
    hub_at(&mut pair, STOCK_INTERVAL.0);
    assert_eq!(pair.sent[HUB].len(), sent + 1, "one page");
    let second = stock("S2", 8, &[("cola", 3), ("tea", -1)]);
    assert_eq!(pair.replicas[STORE].stock(), [second]);
    assert_eq!(pair.sessions[HUB].poll_timeout(), None, "nothing is due");
}

#[test]
fn an_idle_reconnect_costs_no_message_more() {
    let mut pair = followers();
    pair.reconnect();
    pair.run();
    assert_eq!(pair.sent.each_ref().map(Vec::len), [1, 1], "a Hello and a Welcome");
    assert!(told_current(&pair));

    pair.replicas[HUB].set_stock(stock("S3", 9, &[("cola", 1)]));
    pair.reconnect();
    pair.run();
    assert_eq!(pair.sent.each_ref().map(Vec::len), [2, 2], "and a page, and its receipt");
    assert_eq!(pair.replicas[STORE].stock().len(), 2);
    assert!(told_current(&pair));
}

#[test]
fn much_comes_in_pages_and_is_not_said_to_be_current_before_the_last() {
    let mut pair = Pair::new();
    pair.replicas.iter().for_each(MemoryReplica::follow_stock);
    let names: Vec<String> = (0..2 * MAX_ROWS_PER_PAGE + 1).map(|n| format!("p{n}")).collect();
    let rows: Vec<_> = names.iter().map(|name| (name.as_str(), 1)).collect();
    pair.replicas[HUB].set_stock(stock("S2", 7, &rows));
    pair.run();
    let pages = |pair: &Pair<MemoryReplica>| pair.sent[HUB].iter().filter(|m| m[0] == 11).count();
    assert_eq!(pages(&pair), 3);
    assert_eq!(pair.replicas[STORE].stock()[0].available.len(), rows.len());
    let current = pair.events[STORE].iter().filter(|event| **event == Event::StockCurrent);
    assert_eq!(current.count(), 1);
}

#[test]
fn a_hub_that_counts_anew_tells_all_again() {
    let mut pair = followers();
    let hub = MemoryReplica::new(chain(), Writer::Hub);
    hub.follow_stock();
    hub.set_stock(stock("S4", 9, &[("milk", 2)]));
    // As the store knows it: another edition, whose numbers happen to be lower.
    let page = pair.replicas[HUB].stock_after(&store("S1"), Cursor::default()).unwrap().unwrap();
    let next = Cursor { edition: 77, version: 50 };
    pair.replicas[STORE].learn_stock(StockPage { next, ..page }).unwrap();
    pair.replicas[HUB] = hub;
    pair.reconnect();
    pair.run();
    assert_eq!(pair.replicas[STORE].stock(), [stock("S4", 9, &[("milk", 2)])]);
}

#[test]
fn a_quiet_session_compares_anew_although_stock_is_told() {
    let mut pair = followers();
    let mut now = 0;
    while now < RECHECK_INTERVAL.0 {
        now += STOCK_INTERVAL.0;
        pair.replicas[HUB].set_stock(stock("S2", 7, &[("cola", now as i64)]));
        pair.ticks = now;
        pair.sessions[HUB].handle_local_change(at(now));
        pair.run();
    }
    assert!(pair.sessions[STORE].poll_timeout().is_some_and(|due| due.0 <= now));
}

#[test]
fn a_peer_of_the_first_version_is_told_nothing() {
    let hub = MemoryReplica::new(chain(), Writer::Hub);
    hub.follow_stock();
    hub.set_stock(stock("S2", 7, &[("cola", 5)]));
    let shop = MemoryReplica::new(chain(), store("S1"));
    let summary = shop.summary(&Writer::Hub).unwrap();
    let hello = Message::Hello(Hello {
        versions: Versions { oldest: 1, newest: 1 },
        chain: chain(),
        store: StoreId::new("S1").unwrap(),
        head: summary.head.unwrap(),
        root: summary.root,
        clock: NOW,
        stock: None,
        history: History::Whole,
    });
    let mut session = session(HUB);
    session.handle_frame(at(0), &hello.encode());
    let mut sent = Vec::new();
    while let Some(effect) = session.poll_effect() {
        match effect {
            Effect::Send(frame) => sent.push(Message::decode(&frame[PREFIX_LEN..]).unwrap()),
            Effect::Ask(id, ask) => {
                let answer = answer(&hub, &store("S1"), ask);
                session.handle_answer(at(0), id, answer);
            }
            Effect::Event(_) => {}
            Effect::Close(reason) => panic!("{reason}"),
        }
    }
    let [Message::Welcome(welcome)] = sent.as_slice() else { panic!("{sent:?}") };
    assert_eq!((welcome.version, session.is_in_sync()), (1, true));
    session.handle_frame(at(0), &Message::Seen(Cursor::default()).encode());
    let closed =
        std::iter::from_fn(|| session.poll_effect()).any(|e| matches!(e, Effect::Close(_)));
    assert!(closed, "a message of the second version");
}

#[test]
fn only_a_hub_tells_and_only_what_is_taken_in_one_page_at_a_time() {
    let page = || followers().replicas[HUB].stock_after(&store("S1"), Cursor::default());
    let page = Message::Stock(page().unwrap().unwrap()).encode();
    let mut pair = followers();
    pair.sessions[HUB].handle_frame(at(1), &page);
    pair.run();
    assert!(matches!(pair.closed[HUB], Some(CloseReason::Unexpected(_))));

    let mut pair = followers();
    for _ in 0..=MAX_PAGES_AT_ONCE {
        pair.sessions[STORE].handle_frame(at(1), &page);
    }
    pair.run();
    assert!(matches!(pair.closed[STORE], Some(CloseReason::Unexpected(_))));
}
