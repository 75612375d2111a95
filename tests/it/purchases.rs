//! Purchases with the real programs: a store orders, takes in, sends back and closes without any
//! network; head office agrees, buys and follows.

use std::fs::{self, OpenOptions};
use std::io::Write as _;

use serde_json::Value;
use tests::daemon::{Hub, Store, until};

/// A hub that is down and a store that has joined it, and may approve orders up to 500.
fn alone(dir: &std::path::Path) -> (Hub, Store) {
    let mut hub = Hub::start_new(&dir.join("hub"));
    let shop = hub.enrol("S1");
    hub.stop();
    let mut config = OpenOptions::new().append(true).open(shop.dir().join("config.toml")).unwrap();
    config.write_all(b"approve_purchases_up_to = \"500\"\n").unwrap();
    (hub, shop)
}

/// An order that a store has agreed to and sent.
fn sent(shop: &Store, lines: &[&str]) -> String {
    let mut args = vec!["purchase", "order", "--supplier", "V7", "--expected", "2020-01-31"];
    args.extend(lines);
    let ordered = shop.ask(&args);
    let id = ordered["purchase"].as_str().unwrap().to_owned();
    shop.ask(&["purchase", "submit", &id]);
    shop.ask(&["purchase", "approve", &id, "--operator", "li"]);
    shop.ask(&["purchase", "send", &id]);
    id
}

fn line<'a>(shown: &'a Value, sku: &str) -> &'a Value {
    let lines = shown["lines"].as_array().expect("a purchase has lines");
    lines.iter().find(|line| line["sku"] == sku).unwrap_or(&Value::Null)
}

fn rest(shown: &Value, sku: &str) -> [String; 3] {
    let line = line(shown, sku);
    ["open", "short", "over"].map(|part| line[part].as_str().unwrap_or_default().to_owned())
}

/// Another program's view of a purchase, without what depends on who looks.
fn told(shown: &Value) -> Vec<Value> {
    ["purchase", "supplier", "stage", "approved_by", "lines", "waits_for", "anomalies", "steps"]
        .map(|part| shown[part].clone())
        .to_vec()
}

#[test]
fn a_store_without_a_network_goes_all_the_way() {
    let dir = tempfile::tempdir().unwrap();
    let (mut hub, mut shop) = alone(dir.path());
    let id = sent(&shop, &["cola:24@2.50", "milk:12@4"]);
    let late = shop.ask(&["purchase", "list", "--late"]);
    assert_eq!((&late[0]["purchase"], &late[0]["late"]), (&id.as_str().into(), &true.into()));
    shop.ask(&["purchase", "track", &id, "--carrier", "SF", "--expected", "2999-01-01"]);
    assert_eq!(shop.ask(&["purchase", "list", "--late"]), Value::Array(vec![]));

    // Two tills take the same delivery in; one of them hears no answer and asks again.
    shop.start();
    let receive = [
        "purchase",
        "receive",
        &id,
        "cola:20",
        "--rejected",
        "cola:2",
        "--reason",
        "leaking",
        "--photo",
        "7.jpg",
        "--delivery",
        "SH-88",
        "--freight",
        "10",
        "--lot",
        "cola=L7",
        "--expiry",
        "cola=2999-06-30",
        "--request",
        "g1",
    ];
    let came = shop.ask(&receive);
    let bill = came["fact"]["bill"].as_str().unwrap();
    assert_eq!(came["fact"]["delivery"]["price"], "estimated");
    assert_eq!(came["fact"]["delivery"]["lines"][1]["reason"], "leaking");
    assert_eq!(came["fact"]["movements"][0]["value"], "60", "50 and 10 of freight");
    assert_eq!(came["purchase"]["stage"], "partly_received");
    shop.kill();
    shop.start();
    let again = shop.ask(&receive);
    assert_eq!((&again["repeated"], &again["fact"]["bill"]), (&true.into(), &bill.into()));
    let other_till = ["purchase", "receive", &id, "--delivery", "SH-88", "--request", "g2"];
    let refused = shop.run(&other_till);
    assert_eq!(refused.code, Some(1));
    assert!(refused.complaint.contains(bill), "{}", refused.complaint);
    let other = ["purchase", "receive", &id, "cola:1", "--delivery", "SH-89", "--request", "g1"];
    assert_eq!(shop.run(&other).code, Some(1), "the request id means something else");
    assert_eq!(shop.stock()["cola"], 20_000, "what was rejected is not for sale");

    // One leaking bottle goes back for another, one is fine after all; two that were accepted go back.
    let held = shop.ask(&["quarantine", "list"]);
    assert_eq!((&held[0]["quantity"], &held[0]["lot"]), (&"2".into(), &"L7".into()));
    let back = [
        "purchase",
        "return",
        bill,
        "cola",
        "--from",
        "quarantine",
        "--exchange",
        "--reason",
        "leaking",
        "--request",
        "b1",
    ];
    let exchanged = shop.ask(&back);
    assert_eq!(rest(&exchanged["purchase"], "cola"), ["3", "0", "0"], "it is due again");
    assert_eq!(shop.ask(&back)["repeated"], true);
    let release = ["quarantine", "release", "cola", "--reason", "fine", "--request", "q1"];
    shop.ask(&release);
    assert_eq!(shop.ask(&release)["repeated"], true);
    assert_eq!(shop.ask(&["quarantine", "list"]), Value::Array(vec![]));
    let returned = shop.ask(&["purchase", "return", bill, "cola:2", "--reason", "too many"]);
    assert_eq!(returned["fact"]["movements"][0]["value"], "6", "at the cost at which they came");
    let too_many = shop.run(&["purchase", "return", bill, "cola:20", "--reason", "more"]);
    assert_eq!(too_many.code, Some(1), "never more than came");
    let undo = shop.run(&["reverse", bill, "--reason", "oops"]);
    assert_eq!(undo.code, Some(1), "the order says that it came");

    let cancel = shop.run(&["purchase", "cancel", &id, "--reason", "enough"]);
    assert_eq!(cancel.code, Some(1), "goods have come");
    let closed = shop.ask(&["purchase", "close", &id, "--reason", "sold out"]);
    assert_eq!((&closed["stage"], &closed["approved_by"]), (&"short_closed".into(), &"S1".into()));
    assert_eq!(rest(&closed, "milk"), ["0", "12", "0"]);
    assert_eq!((shop.stock().get("milk"), shop.stock()["cola"]), (None, 19_000));
    shop.verify();

    hub.start();
    shop.ask(&["sync", "now"]);
    until("the hub shows the same", || {
        let ran = hub.run(&["purchase", "show", &id]);
        ran.is_done() && told(&ran.answer) == told(&shop.ask(&["purchase", "show", &id]))
    });
    assert_eq!(hub.stock("S1"), shop.stock());
    hub.verify();
    shop.verify();
    let report = hub.ask(&["check", "run"]);
    assert_eq!(report["findings"], Value::Array(Vec::new()), "{report}");
    shop.stop();
    hub.stop();
}

#[test]
fn a_store_agrees_only_to_what_its_settings_let_it() {
    let dir = tempfile::tempdir().unwrap();
    let (mut hub, shop) = alone(dir.path());
    let large = ["purchase", "order", "--supplier", "V7", "cola:300@2.50", "--request", "o1"];
    let ordered = shop.ask(&large);
    let id = ordered["purchase"].as_str().unwrap();
    assert_eq!(shop.ask(&large)["repeated"], true);
    assert_eq!(shop.run(&["purchase", "receive", id]).code, Some(1), "nobody has agreed to it");
    let over = shop.run(&["purchase", "approve", id]);
    assert_eq!(over.code, Some(1));
    assert!(over.complaint.contains("750"), "{}", over.complaint);
    // Less of it passes; what was agreed to is not changed any more.
    let less = ["purchase", "order", "--of", id, "--supplier", "V7", "cola:200@2.50"];
    assert_eq!(line(&shop.ask(&less), "cola")["ordered"], "200");
    shop.ask(&["purchase", "approve", id]);
    let more = ["purchase", "order", "--of", id, "--supplier", "V7", "cola:900@2.50"];
    assert_eq!(shop.run(&more).code, Some(1));
    assert_eq!(shop.run(&["purchase", "reject", id, "--reason", "no"]).code, Some(1));

    let config = shop.dir().join("config.toml");
    let without = fs::read_to_string(&config).unwrap();
    let without: Vec<_> = without.lines().filter(|line| !line.starts_with("approve_")).collect();
    fs::write(&config, without.join("\n")).unwrap();
    let small = shop.ask(&["purchase", "order", "--supplier", "V7", "cola@1"]);
    let small = small["purchase"].as_str().unwrap();
    let refused = shop.run(&["purchase", "approve", small]);
    assert!(refused.complaint.contains("hub purchase approve"), "{}", refused.complaint);
    shop.ask(&["purchase", "submit", small]);

    hub.start();
    shop.sync();
    assert_eq!(hub.ask(&["purchase", "approve", small])["stage"], "approved");
    until("the store hears of it", || {
        shop.sync();
        shop.ask(&["purchase", "show", small])["stage"] == "approved"
    });
    hub.stop();
}

#[test]
fn head_office_buys_for_its_stores_and_approves_by_rule() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = Hub::start_new(&dir.path().join("hub"));
    let (one, two) = (hub.enrol("S1"), hub.enrol("S2"));
    hub.ask(&["purchase", "rule", "set", "small", "--max-value", "100"]);
    assert_eq!(hub.ask(&["purchase", "rule", "list"])[0]["name"], "small");
    let asked = one.ask(&["purchase", "request", "cola:10", "--note", "for the weekend"]);
    let request = asked["purchase"].as_str().unwrap();
    one.sync();
    let by_store = ["purchase", "order", "--of", request, "--supplier", "V7", "cola:10@2.50"];
    one.ask(&by_store);
    one.ask(&["purchase", "submit", request]);
    one.sync();
    until("it is approved by rule", || {
        one.sync();
        one.ask(&["purchase", "show", request])["rule"] == "small"
    });
    let empty = hub.run(&["purchase", "order", "--supplier", "V7", "cola:1@1"]);
    assert_eq!(empty.code, Some(2), "for nobody");
    let unknown = hub.run(&["purchase", "order", "--supplier", "V7", "S9/cola:1@1"]);
    assert_eq!(unknown.code, Some(1), "there is no such store");

    let order = [
        "purchase",
        "order",
        "--supplier",
        "V7",
        "--for",
        "S1",
        "--for",
        "S2",
        "cola:10@2",
        "S2/milk:4@3",
    ];
    let bought = hub.ask(&order);
    let id = bought["purchase"].as_str().unwrap();
    assert!(id.starts_with("S1+S2-"), "{id}");
    for step in ["submit", "approve", "send"] {
        hub.ask(&["purchase", step, id]);
    }
    for shop in [&one, &two] {
        until("the store hears of it", || {
            shop.sync();
            let ran = shop.run(&["purchase", "show", id]);
            let waits = ran.answer["waits_for"].as_array();
            waits.is_some_and(|waits| waits.iter().any(|wait| wait["who"] == shop.id()))
        });
        shop.ask(&["purchase", "receive", id]);
        shop.sync();
    }
    let shown = hub.ask(&["purchase", "show", id]);
    assert_eq!(shown["stage"], "received");
    assert_eq!(hub.stock("S1")["cola"], 10_000);
    assert_eq!((hub.stock("S2")["cola"], hub.stock("S2")["milk"]), (10_000, 4_000));
    assert_eq!(one.run(&["purchase", "receive", id]).code, Some(1), "nothing is still to come");
    one.sync();
    two.sync();
    one.verify();
    two.verify();
    hub.verify();
    hub.stop();
}
