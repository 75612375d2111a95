//! Folders that come back from the past, or exist twice.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;
use tests::daemon::{Hub, Store, bill, copy_folder, restore_folder, until};

#[test]
fn a_restored_store_takes_its_facts_back_and_sets_none_aside() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::start_new(&dir.path().join("hub"));
    let shop = hub.enrol("S001");
    shop.ask(&["receive", "tea:100@1"]);
    shop.sync();
    let backup = dir.path().join("backup");
    copy_folder(shop.dir(), &backup).unwrap();
    let lost = [shop.sell("tea@2"), shop.sell("tea:2@2"), shop.sell("tea:3@2")];
    shop.sync();

    restore_folder(&backup, shop.dir()).unwrap();
    assert_eq!(shop.facts().len(), 1);
    shop.sync();
    assert!(shop.status()["epoch"].as_u64() > Some(1), "an old epoch is not written on");
    let new = shop.sell("tea:4@2");
    shop.sync();

    assert_eq!(shop.set_aside(), [] as [Value; 0]);
    let bills = bills(&shop);
    assert!(lost.iter().chain([&new]).all(|bill| bills.contains(bill)), "{lost:?} in {bills:?}");
    assert_even(&hub, &shop, 100 - 1 - 2 - 3 - 4);
}

#[test]
fn a_restored_store_that_sold_on_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::start_new(&dir.path().join("hub"));
    let shop = hub.enrol("S001");
    shop.ask(&["receive", "tea:100@1"]);
    shop.sell("tea@2");
    shop.sync();
    let backup = dir.path().join("backup");
    copy_folder(shop.dir(), &backup).unwrap();
    for _ in 0..4 {
        shop.sell("tea:2@2");
    }
    shop.sync();

    restore_folder(&backup, shop.dir()).unwrap();
    // Before it hears of the hub, it writes where the hub already holds other facts.
    for request in ["after-1", "after-2"] {
        shop.ask(&["sell", "tea:5@2", "--request", request]);
    }
    shop.sync();

    assert!(shop.status()["epoch"].as_u64() > Some(1));
    let aside = shop.set_aside();
    let requests: Vec<&Value> = aside.iter().map(|fact| &fact["fact"]["request"]).collect();
    assert_eq!(requests, ["after-1", "after-2"]);
    assert!(aside.iter().all(|fact| fact["state"] == "open"), "{aside:?}");
    assert_eq!(shop.status()["set_aside"], 2);
    assert_even(&hub, &shop, 100 - 1 - 4 * 2);

    shop.ask(&["forks", "adopt", "--all"]);
    shop.sync();
    assert_eq!(shop.status()["set_aside"], 0);
    assert_even(&hub, &shop, 100 - 1 - 4 * 2 - 2 * 5);
    // The till that asks again for what was set aside and adopted books nothing twice.
    shop.ask(&["sell", "tea:5@2", "--request", "after-1"]);
    shop.sync();
    assert_even(&hub, &shop, 100 - 1 - 4 * 2 - 2 * 5);
}

#[test]
fn two_machines_with_one_folder_lose_nothing_and_show() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::start_new(&dir.path().join("hub"));
    let one = hub.enrol("S001");
    one.ask(&["receive", "tea:100@1"]);
    one.sync();
    copy_folder(one.dir(), &dir.path().join("clone")).unwrap();
    let two = Store::at("S001", &dir.path().join("clone"));

    one.sell("tea:1@2");
    one.sell("tea:2@2");
    two.ask(&["sell", "tea:10@2", "--request", "clone-1"]);
    one.sync();
    two.sync();

    // The clone came second: what it wrote is kept, listed, and told to the operator.
    let aside = two.set_aside();
    assert_eq!(aside.len(), 1, "{aside:?}");
    assert_eq!(two.status()["set_aside"], 1);
    let events = hub.ask(&["status"])["events"].clone();
    let told = events.as_array().is_some_and(|all| all.iter().any(|e| e["event"] == "parted"));
    assert!(told, "the hub does not say that the store has two histories: {events}");
    assert_even(&hub, &two, 100 - 1 - 2);

    two.ask(&["forks", "adopt", "--all"]);
    two.sell("tea:20@2");
    two.sync();
    // The first machine goes on as if nothing had happened.
    one.sell("tea:3@2");
    one.sync();
    two.sync();
    assert_even(&hub, &one, 100 - 1 - 2 - 10 - 20 - 3);
    assert_even(&hub, &two, 100 - 1 - 2 - 10 - 20 - 3);
}

#[test]
fn two_live_machines_with_one_folder_both_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::start_new(&dir.path().join("hub"));
    let mut one = hub.enrol("S001");
    one.ask(&["receive", "tea:100@1"]);
    one.sync();
    copy_folder(one.dir(), &dir.path().join("clone")).unwrap();
    let mut two = Store::at("S001", &dir.path().join("clone"));
    // Both daemons stay connected as long as they are let; each that comes pushes the other out.
    one.start();
    two.start();
    let meet = |shop: &Store| {
        until("a meeting with the hub", || shop.run(&["sync", "now"]).is_done());
    };
    for _ in 0..3 {
        for shop in [&one, &two] {
            let sold = [shop.sell("tea:1@2"), shop.sell("tea:2@2")];
            meet(shop);
            let kept: Vec<Value> =
                shop.set_aside().iter().map(|f| f["fact"]["bill"].clone()).collect();
            let at_hub = hub.bills("S001", "tea");
            let is_safe =
                |bill: &String| at_hub.contains(bill) || kept.contains(&bill.as_str().into());
            assert!(sold.iter().all(is_safe), "{sold:?}: {at_hub:?}, {kept:?}");
        }
    }
    // One is stopped, what it alone knew is adopted, and the other goes on.
    two.stop();
    for shop in [&two, &one, &two] {
        shop.ask(&["forks", "adopt", "--all"]);
        meet(shop);
    }
    one.sell("tea:5@2");
    meet(&one);
    assert_even(&hub, &one, 100 - 6 * 3 - 5);
}

#[test]
fn a_restored_hub_gets_everything_again() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = Hub::start_new(&dir.path().join("hub"));
    let shops = [hub.enrol("S001"), hub.enrol("S002")];
    for shop in &shops {
        shop.ask(&["receive", "tea:100@1"]);
        shop.sync();
    }
    hub.stop();
    let backup = dir.path().join("backup");
    copy_folder(hub.dir(), &backup).unwrap();
    hub.start();
    shops[0].sell("tea:7@2");
    shops[1].sell("tea:8@2");
    shops.iter().for_each(Store::sync);
    hub.stop();

    restore_folder(&backup, hub.dir()).unwrap();
    hub.start();
    assert_eq!(hub.stock("S001")["tea"], 100_000);
    shops[0].sell("tea:1@2");
    shops.iter().for_each(Store::sync);

    assert_even(&hub, &shops[0], 100 - 7 - 1);
    assert_even(&hub, &shops[1], 100 - 8);
    for shop in &shops {
        assert_eq!(shop.status()["epoch"], 1, "a hub's restore is no store's fork");
        assert_eq!(shop.status()["hub"]["unsynced_facts"], 0);
    }
}

#[test]
fn a_store_restored_by_command_sells_at_once_and_nothing_is_set_aside() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::start_new(&dir.path().join("hub"));
    let mut shop = hub.enrol("S001");
    shop.start();
    shop.ask(&["receive", "tea:100@1"]);
    shop.sell("tea@2");
    shop.await_in_step();
    let backup = dir.path().join("backup").display().to_string();
    shop.ask(&["backup", &backup]);
    shop.sell("tea:2@2");
    shop.await_in_step();
    shop.kill();

    let refused = shop.run(&["restore", &backup]);
    assert_eq!(refused.code, Some(1), "a restored folder replaced another");
    fs::rename(shop.dir(), dir.path().join("broken")).unwrap();
    let restored = shop.ask(&["restore", &backup]);
    assert_eq!(restored["facts"], 2);
    // It sells before it has heard from the hub what it has lost.
    shop.sell("tea:3@2");
    shop.sell("tea:4@2");
    shop.start();
    shop.await_in_step();
    shop.sell("tea:5@2");
    shop.await_in_step();

    assert_eq!(shop.set_aside(), [] as [Value; 0]);
    assert_even(&hub, &shop, 100 - 1 - 2 - 3 - 4 - 5);
}

#[test]
fn a_new_machine_of_a_store_takes_its_facts_back() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::start_new(&dir.path().join("hub"));
    let old = hub.enrol("S001");
    old.ask(&["receive", "tea:100@1"]);
    let lost = bill(&old.ask(&["sell", "tea:2@2", "--request", "till-7"]));
    old.sync();
    fs::remove_dir_all(old.dir()).unwrap();

    let invited = hub.ask(&["store", "add", "S001", "--again"]);
    let code = invited["code"].as_str().unwrap();
    let new = Store::join("S001", old.dir(), code, hub.address()).unwrap();
    new.sync();
    assert_even(&hub, &new, 100 - 2);
    new.sell("tea:3@2");
    // The till that wasn't answered asks the new machine again.
    let again = new.ask(&["sell", "tea:2@2", "--request", "till-7"]);
    assert_eq!(bill(&again), lost);
    new.sync();
    assert_even(&hub, &new, 100 - 2 - 3);
}

#[test]
fn a_hub_restored_by_command_gets_its_stores_facts_and_edits_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = Hub::start_new(&dir.path().join("hub"));
    hub.ask(&["catalog", "set", "tea", "price=2"]);
    let shop = hub.enrol("S001");
    shop.ask(&["receive", "tea:100@1"]);
    shop.sync();
    let backup = dir.path().join("backup").display().to_string();
    hub.ask(&["backup", &backup]);
    hub.ask(&["catalog", "set", "tea", "price=3"]);
    shop.sell("tea:7");
    shop.sync();
    hub.kill();

    fs::remove_dir_all(hub.dir()).unwrap();
    hub.ask(&["restore", &backup]);
    hub.start();
    hub.ask(&["catalog", "set", "tea", "price=4"]);
    shop.sync();
    shop.sync();

    assert_even(&hub, &shop, 100 - 7);
    let sold = shop.ask(&["sell", "tea:1"]);
    assert_eq!(sold["fact"]["receipt"]["total"], "4");
    shop.sync();
    assert_even(&hub, &shop, 100 - 7 - 1);
}

/// Store and hub hold as much tea, as much as was counted by hand, and whole books.
fn assert_even(hub: &Hub, shop: &Store, tea: i64) {
    assert_eq!(shop.stock().get("tea"), Some(&(tea * 1_000)));
    assert_eq!(hub.stock(shop.id()), shop.stock());
    assert_eq!(hub.standing(shop.id())["facts"], shop.facts().len());
    assert_eq!(hub.bills(shop.id(), "tea").into_iter().collect::<BTreeSet<_>>(), bills(shop));
    shop.verify();
    hub.verify();
    let report = hub.ask(&["check", "run"]);
    assert_eq!(report["findings"], Value::Array(Vec::new()), "{report}");
}

fn bills(shop: &Store) -> BTreeSet<String> {
    let bill = |fact: &Value| fact["bill"].as_str().unwrap_or_default().to_owned();
    let facts = shop.facts();
    let bills: BTreeSet<String> = facts.iter().map(bill).collect();
    assert_eq!(bills.len(), facts.len(), "two facts share a number");
    bills
}
