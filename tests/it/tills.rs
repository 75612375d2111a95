//! Tills with the real programs: shifts and takings at store and hub, and a receipt that is shown at two stores.

use serde_json::Value;
use tests::daemon::{Hub, Store, bill};

fn findings(hub: &Hub) -> Vec<(String, String)> {
    let report = hub.run(&["check", "run"]).answer;
    let findings = report["findings"].as_array().cloned().unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    findings.iter().map(|it| (text(&it["check"]), text(&it["store"]))).collect()
}

fn takings(report: &Value) -> Vec<[String; 4]> {
    let rows = report["rows"].as_array().unwrap_or_else(|| panic!("a report has rows: {report}"));
    let cell = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let told = |row: &Value| ["store", "method", "receipts", "net_taken"].map(|it| cell(row, it));
    rows.iter().map(told).collect()
}

#[test]
fn a_shift_comes_to_the_same_at_the_store_and_at_the_hub() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::start_new(&dir.path().join("hub"));
    let shop = hub.enrol("S001");
    shop.ask(&["receive", "tea:100@1"]);
    let open = shop.ask(&["shift", "open", "--float", "100", "--operator", "Lin"]);
    let shift = open["fact"]["id"].as_str().unwrap().to_owned();
    let sold = shop.ask(&["sell", "tea:3@2.50", "--pay", "mobile=5@4200/2611", "--pay", "cash:10"]);
    assert_eq!(sold["fact"]["receipt"]["payments"][0]["reference"], "4200/2611");
    let sale = bill(&sold);
    shop.ask(&["return", "tea", "--bill", &sale]);
    shop.ask(&["shift", "cash", "out", "40", "--reason", "safe"]);
    let closed = shop.ask(&["close"]);
    assert_eq!(
        closed["open_shifts"][0]["shift"],
        shift.as_str(),
        "a warning, and the day is closed"
    );
    assert_eq!(shop.run(&["shift", "close", "card=1"]).code, Some(2), "nobody counted the cash");
    let done = shop.ask(&["shift", "close", "cash=40", "mobile=5"]);
    let counts = &done["fact"]["drawer"]["closed"]["counts"];
    let told = |at: usize| (&counts[at]["expected"], &counts[at]["difference"]);
    assert_eq!(told(0), (&"60".into(), &"-20".into()));
    assert_eq!(told(1), (&"5".into(), &"0".into()));
    shop.verify();

    shop.sync();
    let report = ["report", "takings", "--by", "store"];
    let (here, there) = (shop.ask(&report), hub.run(&report).answer);
    let row = |method: &str, receipts: &str, net: &str| {
        ["S001", method, receipts, net].map(str::to_owned)
    };
    assert_eq!(takings(&here), [row("cash", "2", "0"), row("mobile", "1", "5")]);
    assert_eq!(takings(&here), takings(&there));
    let by_shift = hub.run(&["report", "takings", "--by", "shift"]).answer;
    assert_eq!(by_shift["rows"][0]["till"], "1");
    assert_eq!(by_shift["rows"][0]["shift"], shift.as_str());
    assert_eq!(findings(&hub), [("shift-difference".to_owned(), "S001".to_owned())]);
}

#[test]
fn a_receipt_that_is_shown_at_two_stores_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::start_new(&dir.path().join("hub"));
    let (seller, other) = (hub.enrol("S001"), hub.enrol("S002"));
    seller.ask(&["receive", "tea:100@1"]);
    let sale = seller.sell("tea:3@2.50");
    let back = |shop: &Store, lines: &str| shop.ask(&["return", lines, "--bill", &sale]);
    back(&seller, "tea:2");
    let far = back(&other, "tea:1@2.50");
    assert_eq!(far["fact"]["terms"]["bill"], sale.as_str());
    // The seller is offline: what the other store took back is believed until the books say otherwise.
    other.sync();
    assert_eq!(findings(&hub), []);
    seller.sync();
    assert_eq!(findings(&hub), []);

    back(&other, "tea:1@2.50");
    assert_eq!(
        seller.run(&["return", "tea:2", "--bill", &sale]).code,
        Some(1),
        "more than is left"
    );
    other.sync();
    assert_eq!(findings(&hub), [("returns-beyond-sale".to_owned(), "S002".to_owned())]);
}
