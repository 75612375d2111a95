//! Alerts with the real programs: found at a store that stands alone, seen there, and heard of at the hub.

use serde_json::Value;
use tests::daemon::{Hub, Store, run, until};

/// The open alerts as `kind sku[/lot]`, those that somebody has seen with a mark.
fn listed(alerts: &Value) -> Vec<String> {
    let alerts = alerts["alerts"].as_array().expect("a list of alerts").iter();
    let text = |alert: &Value| {
        let part = |field: &str| alert[field].as_str().unwrap_or_default().to_owned();
        let lot = alert["lot"].as_str().map(|lot| format!("/{lot}")).unwrap_or_default();
        let seen = if alert["seen"].is_null() { "" } else { " seen" };
        format!("{} {}{lot}{seen}", part("alert"), part("sku"))
    };
    alerts.map(text).collect()
}

fn at_store(shop: &Store) -> Vec<String> {
    listed(&shop.ask(&["alerts"]))
}

fn at_hub(hub: &Hub) -> Vec<String> {
    listed(&hub.ask(&["alerts", "--store", "A01", "--all"]))
}

#[test]
fn a_store_alone_finds_what_is_wrong_and_the_hub_finds_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = Hub::start_new(&dir.path().join("hub"));
    let mut shop = hub.enrol("A01");
    let set = ["catalog", "set", "tea", "name_zh=茶", "price=3", "min_stock=5", "max_stock=20"];
    hub.ask(&set);
    hub.ask(&["catalog", "set", "cola", "name_zh=可乐", "price=3", "min_stock=2"]);
    shop.sync();
    hub.stop();

    // No hub from here on.
    shop.start();
    shop.ask(&["receive", "tea:30@1", "cola:4@1"]);
    shop.ask(&["receive", "milk:6@1", "--lot", "M1", "--expiry", "2020-01-31"]);
    assert_eq!(at_store(&shop), ["above_max tea", "expired milk/M1"]);
    shop.sell("tea:26");
    shop.sell("cola:5");
    let negative = ["negative cola", "below_min tea", "expired milk/M1"];
    assert_eq!(at_store(&shop), negative);
    until("the daemon has looked by itself", || shop.status()["alerts"] == 3);

    let refused = shop.run(&["alerts", "ack", "above_max", "tea"]);
    assert_eq!(refused.code, Some(1), "that is over: {}", refused.complaint);
    let ack = ["alerts", "ack", "below_min", "tea", "--remark", "ordered", "--request", "a1"];
    let first = shop.ask(&ack);
    assert_eq!(shop.ask(&ack)["fact"]["id"], first["fact"]["id"], "seen once");
    shop.ask(&["alerts", "ack", "expired", "milk", "--lot", "M1", "--until", "2020-02-01"]);
    let one_seen = ["negative cola", "below_min tea seen", "expired milk/M1"];
    assert_eq!(at_store(&shop), one_seen, "the other word is over");
    assert_eq!(shop.ask(&["alerts"])["alerts"][1]["seen"]["remark"], "ordered");

    // It ends by itself, and nobody has seen it when it comes back.
    shop.ask(&["receive", "tea:5@1"]);
    assert_eq!(at_store(&shop), ["negative cola", "expired milk/M1"]);
    shop.sell("tea:6");
    assert_eq!(at_store(&shop), negative);
    shop.ask(&["alerts", "ack", "negative", "cola", "--operator", "ann"]);
    let seen = ["negative cola seen", "below_min tea", "expired milk/M1"];
    shop.kill();
    shop.start();
    assert_eq!(at_store(&shop), seen, "nothing is lost");

    hub.start();
    shop.await_in_step();
    assert_eq!(at_hub(&hub), seen);
    let at_hub_by_ann = hub.ask(&["alerts", "--all", "--kind", "negative"]);
    assert_eq!(at_hub_by_ann["alerts"][0]["seen"]["by"], "ann");
    let waiting = hub.ask(&["alerts"]);
    assert_eq!(listed(&waiting), ["below_min tea", "expired milk/M1"]);
    assert_eq!(hub.standing("A01")["alerts"], 2);

    shop.ask(&["scrap", "milk:6", "--lot", "M1", "--reason", "expired"]);
    shop.ask(&["receive", "cola:9@1", "tea:9@1"]);
    assert_eq!(at_store(&shop), [""; 0]);
    until("the hub has nothing to say either", || at_hub(&hub).is_empty());
    shop.verify();
    hub.verify();
    shop.stop();
    hub.stop();
}

#[test]
fn lots_are_taken_by_date_and_goods_become_other_goods() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("S001");
    run("store-node", &folder, &["init", "S001", "--zone", "UTC"]).expect("init");
    let shop = Store::at("S001", &folder);
    shop.ask(&["receive", "wine:10@10", "--expiry", "2099-06-30"]);
    shop.ask(&["receive", "wine:5@16", "--lot", "B", "--expiry", "2099-03-31"]);
    shop.ask(&["receive", "cheese:12@3"]);
    let lots = |args: &[&str]| {
        let found = shop.ask(&[&["lots", "wine"], args].concat());
        let rows = found["lots"].as_array().unwrap().clone();
        let text =
            |field: &'static str| move |row: &Value| row[field].as_str().unwrap_or("-").to_owned();
        let row =
            |row: &Value| [text("lot"), text("left"), text("take")].map(|text| text(row)).join(" ");
        rows.iter().map(row).collect::<Vec<_>>()
    };
    assert_eq!(lots(&["--take", "7"]), ["B 5 5", "2099-06-30 10 2"]);
    shop.sell("wine:6@20");
    assert_eq!(lots(&[]), ["2099-06-30 9 -"]);

    // Wine at (100 + 80) / 15 = 12 a bottle: 2 × 12 + 4 × 3 + 2 for the work = 38.
    let of = ["--of", "wine:2", "--of", "cheese:4", "--labour", "2", "--request", "k1"];
    let kit = [&["assemble", "hamper:2"], &of[..]].concat();
    let made = shop.ask(&kit);
    assert_eq!(shop.ask(&kit)["repeated"], true);
    assert_eq!(made["fact"]["kind"], "assembly");
    let stock = shop.ask(&["stock", "hamper"])["items"][0].clone();
    assert_eq!((&stock["quantity"], &stock["value"]), (&"2".into(), &"38".into()));
    let apart = shop.ask(&["disassemble", "hamper:1", "--to", "wine:1", "--to", "cheese:2"]);
    let values: Vec<&Value> =
        apart["fact"]["movements"].as_array().unwrap().iter().map(|m| &m["value"]).collect();
    assert_eq!(values, ["19", "12.6666", "6.3334"], "by what they are worth, to the last unit");

    shop.ask(&["scrap", "cheese:1", "--reason", "damaged"]);
    let wrong = shop.ask(&["scrap", "cheese:2", "--reason", "damaged"]);
    shop.ask(&["reverse", wrong["fact"]["bill"].as_str().unwrap(), "--reason", "still good"]);
    shop.ask(&["overflow", "wine:1", "--reason", "found"]);
    assert_eq!(shop.run(&["overflow", "wine:-1", "--reason", "found"]).code, Some(2));
    let losses = shop.ask(&["losses"]);
    let rows = losses["rows"].as_array().unwrap().iter();
    let rows: Vec<_> = rows
        .map(|row| format!("{} {} {} {}", row["kind"], row["reason"], row["sku"], row["quantity"]))
        .collect();
    let expected =
        ["\"scrapped\" \"damaged\" \"cheese\" 1000", "\"found\" \"found\" \"wine\" 1000"];
    assert_eq!(rows, expected);
    shop.verify();
}
