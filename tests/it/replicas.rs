//! A row of the read model that somebody has changed by hand, at a store or at the hub, with the real
//! programs: comparing finds the very row and its fact, and making the numbers anew mends it.

use std::path::Path;

use serde_json::Value;
use tests::daemon::{Hub, Store, until};

/// Changes a closed program's database.
fn bend(dir: &Path, sql: &str) {
    let books = rusqlite::Connection::open(dir.join("books.db")).unwrap();
    assert_eq!(books.execute(sql, []).unwrap(), 1, "{sql}");
}

/// A hub and a shop that has received ten colas and sold two and three of them.
fn chain(dir: &Path) -> (Hub, Store) {
    let hub = Hub::start_new(&dir.join("hub"));
    let mut shop = hub.enrol("S01");
    shop.ask(&["receive", "cola:10@2"]);
    shop.sell("cola:2@3");
    shop.sell("cola:3@3");
    shop.start();
    in_step(&shop, &hub);
    (hub, shop)
}

fn in_step(shop: &Store, hub: &Hub) {
    shop.await_in_step();
    hub.await_facts(shop.id(), 3);
    until("the hub has the shop in step", || {
        hub.standing(shop.id())["connection"]["in_step"] == true
    });
}

/// Compares; the only store's row and what was found.
fn compare(hub: &Hub) -> (Value, Vec<Value>) {
    let ran = hub.run(&["check", "compare", "S01"]);
    let row = ran.answer["stores"][0].clone();
    let found = ran.answer["findings"].as_array().cloned().unwrap_or_default();
    assert_eq!(ran.code, Some(i32::from(row["outcome"] != "same")), "{}", ran.answer);
    (row, found)
}

#[test]
fn a_stores_bent_row_is_found_with_its_fact_and_rebuilt() {
    let dir = tempfile::tempdir().unwrap();
    let (mut hub, mut shop) = chain(dir.path());
    let (row, found) = compare(&hub);
    assert_eq!((&row["outcome"], &row["round_trips"]), (&"same".into(), &1.into()));
    assert_eq!(found, [] as [Value; 0]);
    assert_eq!(hub.ask(&["check", "run"])["findings"], Value::Array(vec![]));

    shop.stop();
    // The day has lost the sale of three, at two each: on hand is account 1.
    bend(
        shop.dir(),
        "UPDATE day_balance SET quantity_out = quantity_out - 3000, value_out = value_out - 60000 \
         WHERE place % 16 = 1 AND sku = (SELECT id FROM sku WHERE name = 'cola')",
    );
    shop.start();
    in_step(&shop, &hub);
    let (row, found) = compare(&hub);
    assert_eq!((&row["outcome"], &row["differing"]), (&"differs".into(), &1.into()));
    assert_eq!(row["round_trips"], 3);
    assert_eq!(found.len(), 1, "{found:?}");
    let sale = shop.facts().pop().unwrap();
    let told = &found[0];
    assert_eq!((&told["check"], &told["sku"]), (&"replica-differs".into(), &"cola".into()));
    assert_eq!((&told["fact"], &told["date"]), (&sale["id"], &sale["date"]));
    assert_eq!(told["expected"]["stock"]["quantity"], "5");
    assert_eq!(told["found"]["stock"]["quantity"], "2");
    assert_eq!(told["subject"], "S01: day_balance on_hand");
    assert_eq!(told["proposal"], "rebuild-at-store");

    // The checks find the same, and go on saying so while nobody can look.
    let found = hub.run(&["check", "run"]).answer["findings"].clone();
    assert_eq!((found.as_array().map(Vec::len), &found[0]["id"]), (Some(1), &told["id"]));
    shop.stop();
    until("the hub sees it leave", || hub.standing("S01")["connection"].is_null());
    assert_eq!(compare(&hub).0["outcome"], "away");
    let away = hub.run(&["check", "run"]).answer;
    assert_eq!(away["findings"][0]["state"], "persisting");
    assert_eq!(away["resolved"], Value::Array(vec![]));

    shop.ask(&["rebuild"]);
    shop.start();
    in_step(&shop, &hub);
    assert_eq!(compare(&hub).0["outcome"], "same");
    let report = hub.ask(&["check", "run"]);
    assert_eq!(report["findings"], Value::Array(vec![]), "{report}");
    assert_eq!(report["resolved"][0]["id"], told["id"]);
    shop.stop();
    hub.stop();
}

#[test]
fn the_hubs_bent_rows_are_found_as_the_hubs_and_rebuilt() {
    let dir = tempfile::tempdir().unwrap();
    let (mut hub, mut shop) = chain(dir.path());
    hub.stop();
    bend(
        hub.dir(),
        "UPDATE balance SET quantity = quantity + 2000, value = value + 40000 \
         WHERE place % 16 = 1 AND sku = (SELECT id FROM sku WHERE name = 'cola')",
    );
    bend(hub.dir(), "UPDATE day SET sales_count = 7");
    hub.start();
    in_step(&shop, &hub);
    let (row, found) = compare(&hub);
    assert_eq!((&row["differing"], &row["round_trips"]), (&2.into(), &3.into()));
    let sale = shop.facts()[1].clone();
    let stock = found.iter().find(|finding| finding["sku"] == "cola").unwrap();
    assert_eq!((&stock["subject"], &stock["fact"]), (&"hub: balance on_hand".into(), &sale["id"]));
    assert_eq!(stock["expected"]["stock"]["quantity"], "5");
    assert_eq!(stock["found"]["stock"]["quantity"], "7");
    let day = found.iter().find(|finding| finding["sku"].is_null()).unwrap();
    assert_eq!((&day["subject"], &day["expected"]["count"]), (&"hub: day 1".into(), &2.into()));
    assert_eq!((&day["found"]["count"], &day["proposal"]), (&7.into(), &"rebuild".into()));

    hub.ask(&["rebuild"]);
    until("the shop is back", || hub.standing("S01")["connection"]["in_step"] == true);
    assert_eq!(compare(&hub).0["outcome"], "same");
    shop.stop();
    hub.stop();
}

#[test]
fn a_shop_that_sells_all_the_time_can_be_compared() {
    let dir = tempfile::tempdir().unwrap();
    let (mut hub, mut shop) = chain(dir.path());
    std::thread::scope(|threads| {
        let selling = threads.spawn(|| (0..20).for_each(|_| drop(shop.sell("cola:1@3"))));
        for _ in 0..5 {
            assert_eq!(compare(&hub).0["outcome"], "same");
        }
        selling.join().unwrap();
    });
    assert!(hub.run(&["check", "compare", "S99"]).complaint.contains("S99"), "no such store");
    shop.stop();
    hub.stop();
}
