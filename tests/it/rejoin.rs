//! A machine that is replaced sells at once and gets its history behind that; and old books that are
//! dropped once head office has them.

use std::fs;

use ledger::time::BusinessDate;
use serde_json::Value;
use tests::daemon::{Hub, Store, bill, until};

/// The day so many days from the shop's today.
fn day(shop: &Store, days: i32) -> String {
    let today: BusinessDate = shop.status()["today"].as_str().unwrap().parse().unwrap();
    today.plus_days(days).to_string()
}

fn assert_sound(hub: &Hub, shop: &Store) {
    shop.verify();
    hub.verify();
    assert_eq!(shop.stock(), hub.stock(shop.id()));
    let report = hub.run(&["check", "run"]).answer;
    assert_eq!(report["findings"], Value::Array(Vec::new()), "{report}");
}

/// A shop whose history spans months, closed up to yesterday, all of it at the hub.
fn shop_with_months(hub: &Hub) -> Store {
    let shop = hub.enrol("S001");
    for days in [-130, -100, -70, -40, -20, -1] {
        let date = day(&shop, days);
        shop.ask(&["receive", "tea:100@1", "--date", &date]);
        let request = format!("till-{days}");
        shop.ask(&["sell", "tea:2@2", "--date", &date, "--request", &request]);
    }
    shop.ask(&["close", &day(&shop, -1)]);
    shop.sync();
    shop
}

#[test]
fn a_new_machine_sells_before_its_history_is_back_and_ends_whole() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::start_new(&dir.path().join("hub"));
    hub.ask(&["catalog", "set", "tea", "price=2"]);
    let old = shop_with_months(&hub);
    let yesterday = day(&old, -1);
    let before = ["sell", "tea:2@2", "--date", &yesterday, "--request", "till--1"];
    let booked = bill(&old.ask(&before));
    old.sync();
    fs::remove_dir_all(old.dir()).unwrap();

    let code = hub.ask(&["store", "add", "S001", "--again"])["code"].clone();
    let mut new = Store::join("S001", old.dir(), code.as_str().unwrap(), hub.address()).unwrap();
    // The catalog and the stock are here; as much of the books as came meanwhile.
    assert_eq!(new.stock()["tea"], 588_000);
    assert_eq!(new.status()["closed_through"], yesterday.as_str());
    new.ask(&["sell", "tea:3"]);
    assert_eq!(new.stock()["tea"], 585_000);
    assert!(new.status()["epoch"].as_u64() > Some(1));
    let again = new.run(&before);
    assert!(!again.is_done() || bill(&again.answer) == booked, "it was booked once already");
    assert_eq!(new.stock()["tea"], 585_000, "and no second time");

    new.start();
    new.await_in_step();
    until("the history", || new.status().get("not_here").is_none());
    assert_eq!(bill(&new.ask(&before)), booked);
    assert_eq!(new.set_aside(), [] as [Value; 0]);
    new.ask(&["close", &day(&new, 0)]);
    new.stop();
    new.sync();
    assert_sound(&hub, &new);
    assert_eq!(new.facts().len(), 12 + 6 + 2);
}

#[test]
fn dropped_books_are_at_the_hub_and_everything_else_stays() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::start_new(&dir.path().join("hub"));
    let mut shop = shop_with_months(&hub);
    assert_eq!(shop.run(&["books", "drop", "--keep", "34d"]).code, Some(2), "too few");
    let (past, old) = (day(&shop, -80), day(&shop, -100));
    let at = |shop: &Store| shop.ask(&["stock", "--at", &past])["items"].clone();
    let was = at(&shop);

    let dropped = shop.ask(&["books", "drop", "--keep", "35d"]);
    assert_eq!((&dropped["days"], &dropped["facts"]), (&4.into(), &12.into()));
    let through = day(&shop, -40);
    assert_eq!(shop.status()["not_here"]["dropped_through"], through.as_str());
    assert_eq!(shop.ask(&["books", "drop", "--keep", "35d"])["days"], 0);
    assert_eq!(at(&shop), was);
    let gone = shop.run(&["sell", "tea:2@2", "--date", &old, "--request", "till--100"]);
    assert_eq!(gone.code, Some(1));
    assert!(gone.complaint.contains("head office"), "{}", gone.complaint);
    assert_eq!(shop.facts().len(), 6);
    let explained = shop.ask(&["explain", "tea"]);
    assert_eq!(explained["days"].as_array().unwrap().len(), 6);
    assert_eq!(explained["not_here"]["dropped_through"], through.as_str());
    assert_sound(&hub, &shop);

    // It restarts, sells and meets the hub as if nothing were missing, and nothing comes back.
    shop.start();
    shop.await_in_step();
    shop.sell("tea@2");
    shop.await_in_step();
    shop.stop();
    let idle = shop.ask(&["sync", "now"]);
    assert_eq!(idle["changes"]["received"], 0, "{idle}");
    shop.ask(&["rebuild"]);
    assert_eq!(at(&shop), was);
    assert_eq!(shop.facts().len(), 7);
    shop.ask(&["close", &day(&shop, 0)]);
    shop.sync();
    assert_sound(&hub, &shop);
}
