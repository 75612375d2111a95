//! Members' stored value: two stores that hear of nobody spend it, and never more than there is; a backup
//! that is restored brings nothing back.

use std::fs;

use serde_json::Value;
use tests::daemon::{Hub, Store, bill, thousandths, until};

/// A member's value at a store, in thousandths: what may be spent, and what is frozen.
fn here(shop: &Store, member: &str) -> (i64, i64) {
    let shown = shop.ask(&["value", "show", member]);
    (thousandths(&shown[0]["rights"]), thousandths(&shown[0]["frozen"]))
}

fn pay(shop: &Store, member: &str, amount: &str) -> Option<i32> {
    let line = format!("tea@{amount}");
    shop.run(&["sell", &line, "--member", member, "--pay", "stored_value"]).code
}

/// Waits until a store may spend so much.
fn await_rights(shop: &Store, member: &str, rights: i64) {
    until(&format!("{rights} of {member} at {}", shop.id()), || here(shop, member).0 == rights);
}

fn balance(hub: &Hub, member: &str) -> i64 {
    thousandths(&hub.ask(&["value", "show", member])["balance"])
}

#[test]
fn stores_that_hear_of_nobody_never_spend_more_than_there_is() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = Hub::start_new(&dir.path().join("hub"));
    let mut shops = [hub.enrol("S001"), hub.enrol("S002")];
    shops.iter_mut().for_each(Store::start);
    shops[0].ask(&["value", "top-up", "M-1", "100"]);
    // Head office keeps a twentieth and shares the rest out.
    shops.iter().for_each(|shop| await_rights(shop, "M-1", 47_500));
    shops.iter().for_each(Store::await_in_step);
    hub.stop();

    assert_eq!(pay(&shops[0], "M-1", "30"), Some(0));
    assert_eq!(pay(&shops[0], "M-1", "30"), Some(1), "more was spent than the store had");
    assert_eq!(pay(&shops[0], "M-1", "17.50"), Some(0));
    assert_eq!(pay(&shops[1], "M-1", "40"), Some(0));
    assert_eq!(pay(&shops[1], "M-1", "7.51"), Some(1), "more was spent than the store had");
    let nobody = shops[1].run(&["sell", "tea@1", "--pay", "stored_value"]);
    assert_eq!(nobody.code, Some(1), "value was spent that is nobody's");
    assert_eq!(here(&shops[0], "M-1"), (0, 0));

    hub.start();
    shops.iter().for_each(Store::await_in_step);
    until("both sales at the hub", || balance(&hub, "M-1") == 100_000 - 87_500);
    // What is left is shared out anew, by where it was spent.
    until("more for the store that has nothing", || here(&shops[0], "M-1").0 > 0);
    shops[1].ask(&["value", "ask", "M-1", "1000"]);
    until("most of it at the store that asked", || here(&shops[1], "M-1").0 > 9_000);
    let owed = hub.ask(&["value", "liability"]);
    assert_eq!(thousandths(&owed), 12_500);
    for shop in &mut shops {
        shop.stop();
        shop.verify();
    }
    hub.verify();
    assert!(hub.ask(&["rebuild"]).is_object());
    assert_eq!(balance(&hub, "M-1"), 12_500);
}

#[test]
fn a_restored_backup_brings_no_spent_value_back() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::start_new(&dir.path().join("hub"));
    let mut shop = hub.enrol("S001");
    shop.start();
    shop.ask(&["value", "top-up", "M-1", "100"]);
    // Head office asks for its reserve.
    await_rights(&shop, "M-1", 95_000);
    shop.await_in_step();
    let backup = dir.path().join("backup").display().to_string();
    shop.ask(&["backup", &backup]);
    assert_eq!(pay(&shop, "M-1", "60"), Some(0));
    shop.await_in_step();
    shop.kill();
    fs::rename(shop.dir(), dir.path().join("broken")).unwrap();
    shop.ask(&["restore", &backup]);

    // The backup says that all of it is there. Nothing of it can be spent.
    assert_eq!(here(&shop, "M-1"), (0, 95_000));
    assert_eq!(pay(&shop, "M-1", "1"), Some(1), "a backup brought rights back");
    // What comes in now is the new history's own.
    shop.ask(&["value", "top-up", "M-1", "5"]);
    assert_eq!(pay(&shop, "M-1", "2"), Some(0));
    shop.start();
    shop.await_in_step();
    until("the new history at the hub", || balance(&hub, "M-1") == 43_000);
    assert_eq!(here(&shop, "M-1").1, 35_000, "what the former history left");

    let write_off = |epoch: &str| {
        hub.run(&["value", "write-off", "S001", epoch, "--by", "Lin", "--reason", "disk broke"])
            .code
    };
    let present = shop.status()["epoch"].to_string();
    assert_eq!(write_off(&present), Some(1), "a machine that sells was written off");
    assert_eq!(write_off("1"), Some(0));
    assert_eq!(write_off("1"), Some(1), "it was written off twice");
    until("the value at the store again", || here(&shop, "M-1").0 > 30_000);
    assert_eq!(balance(&hub, "M-1"), 43_000);
    assert_eq!(pay(&shop, "M-1", "44"), Some(1));
    let shown = hub.ask(&["value", "show", "M-1"]);
    let sum: i64 =
        ["at_stores", "pool", "frozen"].iter().map(|part| thousandths(&shown[part])).sum();
    assert_eq!(sum, 43_000, "{shown}");
    assert!(shown["held"].as_array().unwrap().iter().all(|held| held["overdrawn"] == false));
}

#[test]
fn value_comes_back_by_returns_and_leaves_by_letter_only() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::start_new(&dir.path().join("hub"));
    let mut shop = hub.enrol("S001");
    shop.start();
    let topped = shop.ask(&["value", "top-up", "M-1", "50", "--by", "card", "--request", "t-1"]);
    let again = shop.ask(&["value", "top-up", "M-1", "50", "--by", "card", "--request", "t-1"]);
    assert_eq!((&again["repeated"], bill(&again)), (&Value::Bool(true), bill(&topped)));
    assert_eq!(
        shop.run(&["value", "top-up", "M-1", "51", "--by", "card", "--request", "t-1"]).code,
        Some(1),
        "another top-up went by the same name"
    );
    let sold = ["sell", "tea@20", "--member", "M-1", "--pay", "stored_value:12", "--pay", "cash:8"];
    let sold = shop.ask(&sold);
    assert_eq!(sold["fact"]["member"], "M-1");
    // The member of the sale gets it back, named or not.
    let back = shop.ask(&["return", "--bill", &bill(&sold), "--pay", "stored_value"]);
    assert_eq!(back["fact"]["member"], "M-1");
    shop.ask(&["sell", "tea@3", "--member", "M-1", "--pay", "stored_value"]);
    let undone = shop.ask(&["sell", "tea@4", "--member", "M-1", "--pay", "stored_value"]);
    shop.ask(&["reverse", &bill(&undone), "--reason", "wrong tea"]);
    let left = 50_000 + 8_000 - 3_000;
    until("everything at the hub", || balance(&hub, "M-1") == left);

    let no_letter = ["value", "pay-out", "M-1", "5", "--letter", "S001-2611-hA999"];
    assert_eq!(shop.run(&no_letter).code, Some(1));
    let allow = ["value", "allow", "S001", "M-1", "10", "--by", "Lin", "--reason", "moves away"];
    let letter = hub.ask(&allow)["letter"].as_str().unwrap().to_owned();
    let pay_out =
        |amount: &str| shop.run(&["value", "pay-out", "M-1", amount, "--letter", &letter]);
    until("the letter at the store", || !pay_out("10.01").complaint.contains(&letter));
    assert_eq!(pay_out("10.01").code, Some(1), "more was paid out than is allowed");
    assert_eq!(pay_out("10").code, Some(0));
    assert_eq!(pay_out("10").code, Some(1), "one letter was carried out twice");
    until("the pay-out at the hub", || balance(&hub, "M-1") == left - 10_000);
    shop.stop();
    shop.verify();
}
