//! Price lists with the real programs: head office schedules a change for some stores, which take effect
//! by the clock on each shop's wall, with or without a network.

use std::fs;
use std::sync::Arc;

use ledger::fact::Body;
use ledger::time::Timestamp;
use serde_json::Value;
use store_node::Node;
use store_node::clock::WallClock;
use store_node::request::{About, Sell};
use tests::daemon::{Hub, Store};

/// The change comes so many hours from now by UTC: later than now in UTC, and over in the Line Islands,
/// which are 14 hours ahead of it.
const AHEAD: i64 = 6;

/// Where it is 14 hours later than by UTC.
const EAST: &str = "Pacific/Kiritimati";

/// A clock that stands.
#[derive(Debug)]
struct Standing(Timestamp);

impl WallClock for Standing {
    fn now(&self) -> Timestamp {
        self.0
    }
}

fn soon() -> String {
    let at = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(AHEAD);
    at.to_zoned(jiff::tz::TimeZone::UTC).strftime("%Y-%m-%dT%H:%M").to_string()
}

/// The list price on the one line of a sale of cola.
fn sold_at(shop: &Store) -> String {
    let receipt = shop.ask(&["sell", "cola"]);
    receipt["fact"]["receipt"]["lines"][0]["price"].as_str().expect("a line has a price").to_owned()
}

/// Moves a shop 14 hours east: its wall shows what it would 14 hours later.
fn move_east(shop: &Store) {
    let path = shop.dir().join("config.toml");
    let config = fs::read_to_string(&path).unwrap();
    assert!(config.contains("\"UTC\""), "{config}");
    fs::write(&path, config.replace("\"UTC\"", &format!("\"{EAST}\""))).unwrap();
}

fn upcoming(shop: &Store) -> usize {
    let found = shop.ask(&["price", "list", "--upcoming"]);
    found.as_array().map_or(0, Vec::len)
}

/// What a run of the checks finds, by check.
fn found(hub: &Hub) -> Vec<String> {
    let report = hub.run(&["check", "run"]).answer;
    let findings = report["findings"].as_array().expect("a report has findings").iter();
    findings.map(|f| f["check"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_scheduled_change_takes_effect_in_its_group_also_offline() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = Hub::start_new(&dir.path().join("hub"));
    let shops = ["A01", "B02", "C03"].map(|store| hub.enrol(store));
    let [north, airport, south] = &shops;
    hub.ask(&["store", "set", "A01", "groups=north", "name=北站店"]);
    hub.ask(&["store", "set", "B02", "groups=airport north", "zone=Asia/Shanghai"]);
    hub.ask(&["catalog", "set", "cola", "name_zh=可乐", "price=3"]);
    let from = soon();
    let set = hub.ask(&["price", "set", "cola", "2.5", "--group", "north", "--from", &from]);
    let number = set["number"].as_str().expect("a price change has a number").to_owned();
    assert_eq!(set["set"][0]["price"], "2.5");
    let again = hub.ask(&["price", "set", "cola", "2.5", "--group", "north", "--from", &from]);
    assert_eq!((&again["number"], &again["unchanged"]), (&Value::Null, &Value::from(1)));
    for shop in &shops {
        shop.ask(&["receive", "cola:24@2"]);
        shop.sync();
        assert_eq!(sold_at(shop), "3", "not yet at {}", shop.id());
    }
    assert_eq!([north, airport, south].map(upcoming), [1, 1, 0]);
    let status = airport.status();
    assert_eq!(status["profile"]["differs"][0]["field"], "zone", "{}", status["profile"]);
    hub.stop();

    // Nobody is reached any more, and the time comes.
    shops.iter().for_each(move_east);
    assert_eq!([north, airport, south].map(sold_at), ["2.5", "2.5", "3"]);
    assert_eq!([north, airport, south].map(upcoming), [0; 3]);
    let sheet = north.ask(&["price", "cola"]);
    let retail = &sheet["prices"][0];
    assert_eq!((&retail["base"], &retail["price"]), (&"3".into(), &"2.5".into()));
    assert_eq!(retail["because"]["number"], number.as_str());
    assert_eq!(north.ask(&["scan", "cola"])["product"]["price"], "2.5");
    let day = &from[..10];
    let labels = dir.path().join("labels.svg");
    let labels = labels.to_str().unwrap();
    let printed = north.ask(&["label", "--changing-on", day, "--out", labels]);
    assert_eq!(printed["labels"], 1);
    assert!(fs::read_to_string(labels).unwrap().contains("2.50"));

    hub.start();
    shops.iter().for_each(Store::sync);
    assert_eq!(found(&hub), [""; 0]);
    // The checks are not blind to it: nobody's list has this price.
    north.ask(&["sell", "cola:1@2.2"]);
    north.sync();
    assert_eq!(found(&hub), ["price-list"]);

    let cancelled = hub.ask(&["price", "cancel", &number]);
    assert_eq!(cancelled["cancelled"].as_array().map(Vec::len), Some(1));
    north.sync();
    assert_eq!(sold_at(north), "3");
    let next = hub.ask(&["price", "set", "cola", "2.8", "--store", "A01", "--from", "2026-01-01"]);
    assert_ne!(next["number"], number.as_str(), "numbers are never used again");
    north.sync();
    assert_eq!(sold_at(north), "2.8");
    shops.iter().for_each(Store::verify);
    hub.verify();
    hub.stop();
}

#[test]
fn the_price_changes_with_the_minute() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = Hub::start_new(&dir.path().join("hub"));
    let shop = hub.enrol("A01");
    hub.ask(&["catalog", "set", "cola", "price=3"]);
    let list = dir.path().join("list.csv");
    let text = "sku,price,from,until,kind\n\
                cola,2.5,2040-03-01 00:00,2040-03-01 12:00,\n\
                cola,2.9,2040-03-01,,member\n\
                coal,2.5,2040-03-01,,\n";
    fs::write(&list, text).unwrap();
    let list = list.to_str().unwrap();
    let tried = hub.run(&["price", "import", list, "--dry-run"]);
    assert_eq!(tried.answer["taken"], 2);
    assert_eq!(hub.ask(&["price", "list"]), Value::Array(vec![]), "only tried");
    let imported = hub.run(&["price", "import", list]);
    assert_eq!(imported.code, Some(1), "a row was rejected");
    let rejects = fs::read_to_string(dir.path().join("list.rejected.csv")).unwrap();
    assert!(rejects.contains("coal"), "{rejects}");
    assert_eq!(hub.ask(&["price", "list", "--upcoming"]).as_array().map(Vec::len), Some(2));
    let held = hub.ask(&["price", "list", "--store", "A01", "--at", "2040-03-01T11:59"]);
    assert_eq!(held.as_array().map(Vec::len), Some(2));
    shop.sync();
    hub.stop();

    let sold = |at: &str| {
        let at: jiff::Timestamp = at.parse().unwrap();
        let clock = Standing(Timestamp::from_millis(at.as_millisecond()));
        let node = Node::open_with(shop.dir(), Arc::new(clock)).unwrap();
        let sell = Sell { lines: vec!["cola".parse().unwrap()], ..Sell::default() };
        let booked = node.sell(About::default(), sell).unwrap();
        let Body::RetailSale(receipt) = booked.fact.body else { panic!("a sale") };
        receipt.lines[0].list_price.to_string()
    };
    assert_eq!(sold("2040-02-29T23:59:59.999Z"), "3");
    assert_eq!(sold("2040-03-01T00:00:00Z"), "2.5");
    assert_eq!(sold("2040-03-01T11:59:59Z"), "2.5");
    assert_eq!(sold("2040-03-01T12:00:00Z"), "3");
    // The clock of the till was set back: its price is what it shows.
    assert_eq!(sold("2040-03-01T11:00:00Z"), "2.5");
}
