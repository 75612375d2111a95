//! The real programs, over the real loopback network: they are started, stopped and killed.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tests::daemon::{Hub, Store, bill, until};
use tests::dice::Dice;

/// The fewest sales of the test in which everything is killed.
const SALES: u64 = 30;

/// How many of them must have been cut off: on a fast machine it goes on selling until they were.
const CUT_OFF: u64 = 5;

/// Set this variable to try other moments.
const SEED: &str = "EVENSTOCK_SEED";

#[test]
fn a_store_sells_without_the_hub_and_the_hub_catches_up() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = Hub::start_new(&dir.path().join("hub"));
    hub.ask(&["catalog", "set", "cola", "price=3.50", "name_zh=可乐", "name_en=Cola"]);
    let mut shop = hub.enrol("S001");

    // Nothing of the store runs: the commands open its books themselves.
    let mut bills = BTreeSet::from([
        bill(&shop.ask(&["receive", "cola:100@2.10", "chips:50@4"])),
        shop.sell("cola:2@3.50"),
        shop.sell("chips:7@6"),
    ]);
    assert_eq!(hub.standing("S001")["facts"], 0);

    shop.start();
    hub.await_facts("S001", 3);
    shop.await_in_step();
    // The catalog has come: the price is head office's.
    let sold = shop.ask(&["sell", "cola:3"]);
    assert_eq!(sold["fact"]["receipt"]["total"], "10.5");
    bills.insert(bill(&sold));
    hub.await_facts("S001", 4);

    // A price that is set while the store is connected arrives by itself.
    hub.ask(&["catalog", "set", "cola", "price=4"]);
    until("the new price in the store", || {
        let sold = shop.ask(&["sell", "cola"]);
        bills.insert(bill(&sold));
        sold["fact"]["receipt"]["total"] == "4"
    });

    hub.stop();
    for _ in 0..5 {
        bills.insert(shop.sell("chips:2@6"));
    }
    let refused = shop.run(&["sync", "now"]);
    assert_eq!(refused.code, Some(1), "there is no hub: {}", refused.answer);
    hub.start();
    shop.sync();
    shop.await_in_step();

    let facts = shop.facts();
    assert_eq!(facts.len(), bills.len());
    assert_even(&hub, &shop, &facts);
    assert_eq!(shop.stock()["chips"], (50 - 7 - 5 * 2) * 1_000);
    shop.stop();
    hub.stop();
}

#[test]
fn what_was_acknowledged_survives_any_kill() {
    let seed = std::env::var(SEED).ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_122);
    println!("{SEED}={seed}");
    let mut dice = Dice::new(seed);
    let dir = tempfile::tempdir().unwrap();
    let mut hub = Hub::start_new(&dir.path().join("hub"));
    let mut shop = hub.enrol("S001");
    shop.ask(&["receive", "tea:1000@1", "--request", "goods"]);
    shop.start();
    // A sale is left alone for a moment within what an undisturbed one takes.
    let began = Instant::now();
    let undisturbed = bill(&shop.ask(&["sell", "tea@2", "--request", "till-1:0"]));
    let longest = u64::try_from(began.elapsed().as_micros()).unwrap().max(1);

    let mut acknowledged = BTreeMap::from([("till-1:0".to_owned(), undisturbed)]);
    let (mut sales, mut unsure) = (1, 0);
    while sales < SALES || unsure < CUT_OFF {
        let request = format!("till-1:{sales}");
        sales += 1;
        let args = ["sell", "tea@2", "--request", request.as_str()];
        let selling = shop.spawn(&args);
        thread::sleep(Duration::from_micros(dice.below(longest)));
        let sold = match dice.below(4) {
            0 => {
                shop.kill();
                let sold = selling.wait();
                shop.start();
                sold
            }
            1 => {
                hub.kill();
                let sold = selling.wait();
                assert!(sold.is_done(), "a till never waits for the hub: {}", sold.complaint);
                hub.start();
                sold
            }
            2 => selling.kill(),
            _ => selling.wait(),
        };
        let first = sold.is_done().then(|| bill(&sold.answer));
        // The till asks again, as it must when it is unsure, and as it may when it is not.
        if first.is_none() || dice.percent(30) {
            unsure += u64::from(first.is_none());
            let again = shop.ask(&args);
            assert!(first.is_none() || again["repeated"] == true);
            let again = bill(&again);
            assert!(first.is_none_or(|first| first == again), "{request} became two sales");
            acknowledged.insert(request, again);
        } else {
            acknowledged.extend(first.map(|first| (request, first)));
        }
    }
    println!("{unsure} of {sales} sales were cut off and asked for again");

    shop.await_in_step();
    hub.await_facts("S001", sales + 1);
    let facts = shop.facts();
    let booked: BTreeMap<String, String> = facts.iter().skip(1).map(request_and_bill).collect();
    assert_eq!(booked, acknowledged);
    assert_eq!(shop.stock()["tea"], i64::try_from(1000 - sales).unwrap() * 1_000);
    assert_even(&hub, &shop, &facts);
    shop.stop();
    hub.stop();
}

/// The two hold the same facts and the same stock, and both books are whole.
fn assert_even(hub: &Hub, shop: &Store, facts: &[Value]) {
    assert_eq!(hub.stock(shop.id()), shop.stock());
    for sku in shop.stock().keys() {
        let moves = |fact: &&Value| {
            let moved = fact["movements"].as_array().into_iter().flatten();
            moved.into_iter().any(|movement| movement["sku"] == sku.as_str())
        };
        let ours: Vec<String> = facts.iter().filter(moves).map(|f| request_and_bill(f).1).collect();
        let once: BTreeSet<&String> = ours.iter().collect();
        assert_eq!(once.len(), ours.len(), "a bill is there twice");
        assert_eq!(hub.bills(shop.id(), sku), ours, "{sku}");
    }
    shop.verify();
    hub.verify();
}

fn request_and_bill(fact: &Value) -> (String, String) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (text(&fact["request"]), text(&fact["bill"]))
}
