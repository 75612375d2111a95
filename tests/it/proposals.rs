//! Products that a store proposes while head office is not there, with the real programs: sold and received
//! at once, and accepted, merged or rejected later, with every fact staying what it was.

use serde_json::Value;
use tests::daemon::{Hub, Store, bill};

fn propose(shop: &Store, args: &[&str]) -> String {
    let made = shop.ask(&[&["product", "propose"], args].concat());
    made["sku"].as_str().expect("a proposal has a SKU").to_owned()
}

fn states(rows: &Value) -> Vec<(String, String)> {
    let text = |row: &Value, field: &str| row[field].as_str().unwrap_or_default().to_owned();
    let rows = rows.as_array().expect("a list").iter();
    rows.map(|row| (text(row, "sku"), text(row, "state"))).collect()
}

fn price(receipt: &Value) -> &str {
    receipt["fact"]["receipt"]["lines"][0]["price"].as_str().expect("a line has a price")
}

#[test]
fn a_product_that_nobody_knew_is_sold_at_once_and_settled_later() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = Hub::start_new(&dir.path().join("hub"));
    let (shop, other) = (hub.enrol("A01"), hub.enrol("B02"));
    hub.ask(&["catalog", "set", "cola", "name_zh=可乐", "price=3", "barcode=6901234567892"]);
    shop.sync();
    hub.stop();

    // Nobody is there to ask.
    let ginger = ["--name", "姜汁汽水", "--barcode", "6901234567908", "--price", "4.50"];
    let soda = propose(&shop, &ginger);
    assert_eq!(soda, "P-A01-1");
    let coke = propose(&shop, &["--name", "罐装可乐", "--price", "3"]);
    let fake = propose(&shop, &["--name", "假货", "--price", "1"]);
    let again = shop.run(&[&["product", "propose"][..], &ginger].concat());
    assert_eq!(again.code, Some(1), "its code is on the first one: {}", again.complaint);
    let known = shop.run(&["product", "propose", "--name", "可乐", "--barcode", "6901234567892"]);
    assert_eq!(known.code, Some(1));
    shop.ask(&["receive", "6901234567908:10@3", &format!("{coke}:6@2")]);
    let sold = shop.ask(&["sell", "6901234567908:2"]);
    assert_eq!(price(&sold), "4.5");
    shop.ask(&["sell", &coke]);
    let before = shop.facts();

    hub.start();
    shop.sync();
    let open = [&soda, &coke, &fake].map(|sku| (sku.clone(), "open".to_owned()));
    assert_eq!(states(&hub.ask(&["product", "proposals"])), open);
    assert_eq!(hub.run(&["product", "accept", "cola"]).code, Some(1), "nobody has proposed it");
    hub.ask(&["product", "accept", &soda, "price=5", "tax_rate=13%"]);
    assert_eq!(hub.run(&["product", "merge", &coke, &fake]).code, Some(2));
    hub.ask(&["product", "merge", &coke, "cola"]);
    hub.ask(&["product", "reject", &fake, "--reason", "来源不明"]);
    assert_eq!(hub.ask(&["product", "proposals"]), Value::Array(vec![]));
    shop.sync();
    other.sync();

    // The accepted one is a product everywhere, at head office's price.
    assert_eq!(price(&shop.ask(&["sell", "6901234567908"])), "5");
    assert_eq!(price(&other.ask(&["sell", "6901234567908"])), "5");
    let told = shop.ask(&["product", "list"]);
    let ended = [(&soda, "accepted"), (&coke, "merged"), (&fake, "rejected")];
    assert_eq!(states(&told), ended.map(|(sku, state)| (sku.clone(), state.to_owned())));

    // What is left of the merged one is moved by a fact of its own, once.
    assert_eq!((shop.stock()[&coke], shop.stock().get("cola")), (5_000, None));
    let settle = ["product", "settle", coke.as_str(), "--request", "settle-1"];
    let moved = bill(&shop.ask(&settle));
    assert_eq!((shop.stock().get(&coke), shop.stock()["cola"]), (None, 5_000));
    assert_eq!(bill(&shop.ask(&settle)), moved, "asked twice, done once");
    assert_eq!(shop.stock()["cola"], 5_000);
    assert_eq!(shop.run(&["product", "settle", &coke]).code, Some(1), "nothing is left");
    assert_eq!(shop.run(&["product", "settle", &soda]).code, Some(1), "it was not merged");
    let after = shop.facts();
    assert_eq!(after[..before.len()], before, "what was booked stays what it was");

    shop.sync();
    assert_eq!(hub.stock("A01"), shop.stock());
    assert_eq!(hub.bills("A01", "cola"), [moved]);
    shop.verify();
    other.verify();
    hub.verify();
    hub.stop();
}
