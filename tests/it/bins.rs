//! Stores that know where their goods lie and which pieces they are, offline; the hub says the same when it hears
//! of it, and finds a piece that two stores have sold.

use serde_json::{Value, json};
use tests::daemon::{Hub, Store};

/// What lies where: bin, product and quantity.
fn bins(shown: &Value) -> Vec<Value> {
    let rows = shown["rows"].as_array().expect("rows").iter();
    rows.map(|row| json!([row["bin"], row["sku"], row["quantity"]])).collect()
}

#[test]
fn the_hub_shows_the_bins_of_a_store_that_was_offline() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = Hub::start_new(&dir.path().join("hub"));
    let shop = hub.enrol("S001");
    hub.ask(&["store", "set", "S001", "bins=A-01,B-07"]);
    shop.sync();
    hub.stop();

    shop.ask(&["receive", "tea:30@1", "--bin", "B-07", "--lot", "L1", "--expiry", "2031-05-01"]);
    shop.ask(&["bin", "home", "tea", "A-01"]);
    let received = shop.ask(&["receive", "tea:5@1", "cup:4@2", "--bin", "C-09"]);
    let notices = received["notices"].as_array().expect("notices");
    assert!(notices.iter().any(|notice| notice["kind"] == "bin_unlisted"), "{received}");
    shop.ask(&["receive", "tea:10@1"]);
    shop.sell("tea:12@3");
    let moved = ["bin", "move", "tea", "20", "--from", "B-07", "--to", "A-01", "--request", "m"];
    let first = shop.ask(&moved);
    assert_eq!(shop.ask(&moved)["fact"]["id"], first["fact"]["id"]);
    let expected = [
        json!(["A-01", "tea", "18"]),
        json!(["B-07", "tea", "10"]),
        json!(["C-09", "cup", "4"]),
        json!(["C-09", "tea", "5"]),
    ];
    assert_eq!(bins(&shop.ask(&["bin", "list"])), expected);
    assert_eq!(bins(&shop.ask(&["bin", "show", "C-09"])), expected[2..]);
    let picked = shop.ask(&["bin", "pick", "tea", "20"]);
    let takes: Vec<&Value> =
        picked["rows"].as_array().unwrap().iter().map(|r| &r["take"]).collect();
    assert_eq!(takes, [&json!("18"), &json!("2"), &Value::Null]);
    let lots = shop.ask(&["lots", "tea", "--take", "3"]);
    assert_eq!(lots["lots"][0]["bins"], json!(["B-07"]));

    hub.start();
    shop.sync();
    assert_eq!(bins(&hub.ask(&["bins", "S001"])), expected);
    assert_eq!(bins(&hub.ask(&["bins", "S001", "--bin", "C-09"])), expected[2..]);
    shop.verify();
    hub.verify();
    hub.stop();
}

/// A store sells a phone of a number.
fn sell(shop: &Store, serial: &str) -> Value {
    shop.ask(&["sell", "phone@999", "--serial", serial])
}

#[test]
fn a_piece_that_was_sold_at_two_stores_is_found_by_the_hub() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = Hub::start_new(&dir.path().join("hub"));
    hub.ask(&["catalog", "set", "phone", "price=999", "tracking=serial"]);
    let (one, two) = (hub.enrol("S001"), hub.enrol("S002"));
    one.sync();
    two.sync();
    hub.stop();

    one.ask(&["receive", "phone:2@700", "--serial", "A17", "--serial", "phone=A18"]);
    let unnamed = one.ask(&["receive", "phone:1@700"]);
    assert_eq!(unnamed["notices"][0]["kind"], "pieces_unnamed", "{unnamed}");
    assert_eq!(sell(&one, "A17")["notices"], Value::Null);
    // The other store has it on its shelf, as its books say: nobody can know better there.
    two.ask(&["receive", "phone:1@700", "--serial", "A17"]);
    assert_eq!(sell(&two, "A17")["notices"], Value::Null);
    let twice = sell(&two, "A17");
    assert_eq!(twice["notices"][0]["kind"], "oversold", "{twice}");
    assert_eq!(twice["notices"][1]["doubt"]["kind"], "sold_twice", "{twice}");
    let shown = one.ask(&["serial", "show", "A17"]);
    assert_eq!((&shown[0]["place"], &shown[0]["doubts"]), (&json!("sold"), &Value::Null));
    assert_eq!(one.ask(&["serial", "list", "phone"])[0]["serial"], "A18");
    assert_eq!(one.ask(&["serial", "show", "nothing"]), json!([]));

    hub.start();
    one.sync();
    two.sync();
    let shown = hub.ask(&["serial", "show", "A17"]);
    assert_eq!(shown[0]["story"].as_array().unwrap().len(), 5);
    assert_eq!(shown[0]["doubts"][0], json!({"kind": "sold_twice", "stores": ["S001", "S002"]}));
    let report = hub.run(&["check", "run"]).answer;
    let findings = report["findings"].as_array().expect("findings").iter();
    let pieces: Vec<_> = findings.filter(|found| found["check"] == "serial-number").collect();
    assert_eq!(pieces.len(), 1, "{report}");
    assert_eq!((&pieces[0]["subject"], &pieces[0]["sku"]), (&json!("A17"), &json!("phone")));
    hub.verify();
    hub.stop();
}
