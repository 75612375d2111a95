//! Days that are closed with the real programs: by hand, by schedule, and after a restore.

use std::fs;
use std::io::Write as _;

use ledger::time::BusinessDate;
use serde_json::Value;
use tests::daemon::{Hub, Store, run, until};

/// The day so many days from the shop's today.
fn day(shop: &Store, days: i32) -> String {
    let today: BusinessDate = shop.status()["today"].as_str().unwrap().parse().unwrap();
    today.plus_days(days).to_string()
}

fn findings(hub: &Hub) -> Vec<(Value, Value)> {
    let report = hub.run(&["check", "run"]).answer;
    let findings = report["findings"].as_array().cloned().unwrap();
    findings
        .into_iter()
        .map(|finding| (finding["check"].clone(), finding["fact"].clone()))
        .collect()
}

#[test]
fn a_closed_day_stays_as_it_is_and_late_facts_name_their_true_one() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::start_new(&dir.path().join("hub"));
    let shop = hub.enrol("S001");
    assert_eq!(shop.run(&["close"]).code, Some(1), "nothing was ever booked");
    let [first, second, third] = [-3, -2, -1].map(|days| day(&shop, days));
    shop.ask(&["receive", "tea:100@1", "--date", &first]);
    shop.ask(&["sell", "tea:2@2", "--date", &second]);
    shop.ask(&["sell", "tea:1@3", "--pay", "mobile", "--date", &second, "--request", "r1"]);
    assert_eq!(shop.run(&["close", &third]).code, Some(1), "a day without facts");
    assert_eq!(shop.run(&["close", &day(&shop, 1)]).code, Some(1), "a day to come");

    let report = shop.ask(&["close", "--operator", "林晓"]);
    assert_eq!(
        (&report["repeated"], &report["earlier"][0]),
        (&false.into(), &first.clone().into())
    );
    let said = &report["close"];
    assert_eq!((&said["date"], &said["facts"]), (&second.clone().into(), &2.into()));
    assert_eq!(
        (&said["totals"]["sales_net"], &said["totals"]["paid_mobile"]),
        (&"7".into(), &"3".into())
    );
    assert_eq!(said["stock"]["total"]["quantity_thousandths"], 97_000);
    assert_eq!(said["signed"], true);
    let again = shop.ask(&["close", &second]);
    assert_eq!((&again["repeated"], &again["fact"]), (&true.into(), &report["fact"]));
    assert_eq!(shop.status()["closed_through"], second.as_str());

    let late = ["sell", "tea:5@2", "--date", &second, "--request", "late"];
    let booked = shop.ask(&late);
    assert_eq!(booked["fact"]["date"], third.as_str());
    assert_eq!(booked["fact"]["true_date"], second.as_str());
    let notices = booked["notices"].as_array().unwrap();
    assert!(notices.iter().any(|notice| notice["kind"] == "day_closed"), "{booked}");
    assert_eq!(shop.ask(&late)["repeated"], true);
    let before = ["sell", "tea:1@3", "--pay", "mobile", "--date", &second, "--request", "r1"];
    assert_eq!(shop.ask(&before)["repeated"], true, "it was booked while the day was open");
    let explained = shop.ask(&["explain", "tea", "--from", &third, "--to", &third]);
    assert_eq!(explained["days"][0]["facts"][0]["true_date"], second.as_str());

    shop.sync();
    let closes = hub.ask(&["closes", "--store", "S001"])["stores"][0].clone();
    assert_eq!((&closes["through"], &closes["open_days"]), (&second.clone().into(), &1.into()));
    let days: Vec<_> = closes["days"].as_array().unwrap().iter().map(|day| &day["date"]).collect();
    assert_eq!(days, [second.as_str(), first.as_str()]);
    assert_eq!(closes["days"][0]["signed_by"], "machine");
    assert_eq!(findings(&hub), []);
    shop.verify();
    hub.verify();
}

#[test]
fn a_restored_store_that_did_not_know_of_its_close_is_told_of() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::start_new(&dir.path().join("hub"));
    let shop = hub.enrol("S001");
    let yesterday = day(&shop, -1);
    shop.ask(&["receive", "tea:100@1", "--date", &yesterday]);
    let backup = dir.path().join("backup").display().to_string();
    shop.ask(&["backup", &backup]);
    shop.ask(&["sell", "tea:2@2", "--date", &yesterday]);
    let closed = shop.ask(&["close", &yesterday]);
    shop.sync();
    fs::remove_dir_all(shop.dir()).unwrap();

    shop.ask(&["restore", &backup]);
    let sold = shop.ask(&["sell", "tea:3@2", "--date", &yesterday]);
    assert_eq!(sold["fact"]["date"], yesterday.as_str(), "it has not heard of the close");
    shop.sync();
    shop.sync();
    assert_eq!(shop.status()["set_aside"], 0, "nothing waits for a person");
    assert_eq!(findings(&hub), [("signed-close".into(), sold["fact"]["id"].clone())]);

    let again = shop.ask(&["close", &yesterday]);
    assert_eq!((&again["repeated"], &again["close"]["facts"]), (&false.into(), &3.into()));
    assert_ne!(again["fact"], closed["fact"]);
    shop.sync();
    assert_eq!(findings(&hub), []);
    shop.verify();
    hub.verify();
}

#[test]
fn the_daemon_closes_the_days_that_are_over() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("shop");
    run("store-node", &folder, &["init", "S001", "--zone", "UTC"]).expect("init");
    let mut shop = Store::at("S001", &folder);
    let (before, yesterday) = (day(&shop, -5), day(&shop, -1));
    shop.ask(&["receive", "tea:9@1", "--date", &before]);
    shop.ask(&["sell", "tea@2", "--date", &yesterday]);
    shop.sell("tea@2");
    let mut config = fs::OpenOptions::new().append(true).open(folder.join("config.toml")).unwrap();
    writeln!(config, "close_at = \"00:00\"").unwrap();
    shop.start();
    until("yesterday is closed", || shop.status()["closed_through"] == yesterday.as_str());
    let listed = shop.ask(&["history", "--kind", "day_close"]);
    let closes = listed["facts"].as_array().unwrap();
    let dates: Vec<_> = closes.iter().map(|fact| fact["date"].clone()).collect();
    assert_eq!(dates, [yesterday.as_str(), before.as_str()], "each once, and today is open");
    assert_eq!(closes[0]["close"]["signed"], false, "books that stand alone have no key");
    shop.stop();
    shop.verify();
}

#[test]
fn a_new_machine_knows_what_the_old_one_closed_and_signed() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::start_new(&dir.path().join("hub"));
    let old = hub.enrol("S001");
    let yesterday = day(&old, -1);
    old.ask(&["receive", "tea:100@1", "--date", &yesterday]);
    let closed = old.ask(&["close", &yesterday]);
    old.sync();
    fs::remove_dir_all(old.dir()).unwrap();

    let code = hub.ask(&["store", "add", "S001", "--again"])["code"].clone();
    let new = Store::join("S001", old.dir(), code.as_str().unwrap(), hub.address()).unwrap();
    new.sync();
    let again = new.ask(&["close", &yesterday]);
    assert_eq!((&again["repeated"], &again["fact"]), (&true.into(), &closed["fact"]));
    let late = new.ask(&["sell", "tea:2@2", "--date", &yesterday]);
    assert_eq!(late["fact"]["true_date"], yesterday.as_str());
    new.ask(&["close"]);
    new.sync();

    let closes = hub.ask(&["closes", "--store", "S001"])["stores"][0]["days"].clone();
    let signed: Vec<_> =
        closes.as_array().unwrap().iter().map(|day| day["signed_by"].clone()).collect();
    assert_eq!(signed, ["machine", "former_machine"], "the last day first");
    assert_eq!(findings(&hub), []);
    new.verify();
    hub.verify();
}
