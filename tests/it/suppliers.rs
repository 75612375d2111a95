//! Suppliers of head office at a store that is cut off: goods come in at an estimate, some are sold, the
//! invoice says another price, part of it is paid; then head office sees the same account.

use serde_json::{Value, json};
use tests::daemon::{Hub, Store, until};

/// A supplier with an offer, as head office keeps them, in a file that also has rows that are wrong.
const SUPPLIERS: &str = "supplier,中文名,账期,email\n\
    V007,东方批发,30,wang@east.example\n\
    V008,东方批发,30,\n\
    V009,西城粮油,soon,\n";
const OFFERS: &str = "supplier,sku,price,lead_days,pack\nV007,cola,2.10,3,12\nV007,tea,1.00,3,\n";

#[test]
fn an_invoice_at_another_price_leaves_the_same_account_everywhere() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = Hub::start_new(&dir.path().join("hub"));
    let mut shop = hub.enrol("S001");
    shop.start();
    shop.await_in_step();
    head_office_enters(&hub, dir.path());
    until("the store knows the supplier", || shop.ask(&["supplier", "list"])["total"] == 1);
    hub.stop();

    let receipt = shop.ask(&["receive", "cola:24@2.00", "--supplier", "东方批发"]);
    let receipt = receipt["fact"]["bill"].as_str().unwrap().to_owned();
    shop.sell("cola:6@3.50");
    invoice_is_matched(&shop, &receipt);
    let booked = invoice_is_booked(&shop, &receipt);
    let before_payment = shop.ask(&["supplier", "account", "V007"]);
    assert_eq!(before_payment["balance"], "59.66");
    assert_eq!(before_payment["uninvoiced"], "0");

    let paid = ["supplier", "pay", "V007", "20", "--invoice", "2026/0815", "--request", "pay-1"];
    shop.ask(&paid);
    assert_eq!(shop.ask(&paid)["repeated"], true, "the same request pays once");
    let too_much = shop.run(&["supplier", "pay", "V007", "40", "--invoice", "2026/0815"]);
    assert_eq!(too_much.code, Some(1), "{}", too_much.complaint);
    let undone = shop.run(&["reverse", &receipt, "--reason", "wrong"]);
    assert_eq!(undone.code, Some(1), "an invoice covers it");

    let here = shop.ask(&["supplier", "account", "东方批发"]);
    assert_eq!((&here["balance"], &here["open"][0]["open"]), (&json!("39.66"), &json!("39.66")));
    let statement = shop.ask(&["supplier", "statement", "V007"]);
    assert_eq!((&statement["opening"], &statement["closing"]), (&json!("0"), &json!("39.66")));
    assert_eq!(statement["lines"].as_array().unwrap().len(), 2);

    hub.start();
    shop.await_in_step();
    let there = hub.ask(&["supplier", "account", "V007"]);
    assert_eq!(there["open"], here["open"]);
    assert_eq!((&there["balance"], &there["ageing"]), (&here["balance"], &here["ageing"]));
    let all = hub.ask(&["supplier", "account", "--store", "S001"]);
    assert_eq!(all["accounts"][0]["balance"], "39.66");
    assert_eq!(hub.ask(&["supplier", "statement", "V007"])["lines"], statement["lines"]);
    let compared = hub.ask(&["supplier", "compare", "cola"]);
    let compared = &compared["suppliers"][0];
    assert_eq!((&compared["price"], &compared["deliveries"]), (&json!("2.1"), &json!(1)));
    assert_eq!((&compared["quantity"], &compared["last_price"]), (&json!("24"), &json!("2")));

    // Undone, nothing is owed but what was paid ahead, and the goods wait for an invoice again.
    shop.ask(&["reverse", &booked, "--reason", "wrong"]);
    let after = shop.ask(&["supplier", "account", "V007"]);
    assert_eq!((&after["balance"], &after["unapplied"]), (&json!("-20"), &json!("20")));
    assert_eq!(after["uninvoiced"], "48");
    shop.await_in_step();
    assert_eq!(hub.ask(&["supplier", "account", "V007"])["balance"], "-20");
    shop.verify();
    hub.verify();
}

fn head_office_enters(hub: &Hub, dir: &std::path::Path) {
    let [suppliers, offers] = ["suppliers.csv", "offers.csv"].map(|name| dir.join(name));
    std::fs::write(&suppliers, SUPPLIERS).unwrap();
    std::fs::write(&offers, OFFERS).unwrap();
    let (suppliers, offers) = (suppliers.display().to_string(), offers.display().to_string());
    hub.ask(&["catalog", "set", "cola", "name_zh=可乐", "price=3.50"]);
    let taken = hub.run(&["supplier", "import", &suppliers]);
    assert_eq!(taken.code, Some(1), "rows were rejected");
    assert_eq!((&taken.answer["added"], rejected(&taken.answer)), (&json!(1), vec![3, 4]));
    let taken = hub.run(&["supplier", "import", &offers, "--offers"]);
    assert_eq!((&taken.answer["added"], rejected(&taken.answer)), (&json!(1), vec![3]));
    let kept = std::fs::read_to_string(dir.join("offers.rejected.csv")).unwrap();
    assert!(kept.lines().nth(1).unwrap().starts_with("V007,tea"), "{kept}");
    let wrong = hub.run(&["supplier", "set", "V007", "terms=whenever"]);
    assert_eq!(wrong.code, Some(2), "{}", wrong.complaint);
    hub.ask(&["supplier", "set", "V007", "phone=021-5555"]);
    hub.ask(&["supplier", "offer", "东方批发", "cola", "minimum=24"]);
    assert_eq!(hub.ask(&["supplier", "show", "V007"])["offers"][0]["minimum"], "24");
}

fn rejected(imported: &Value) -> Vec<u64> {
    let rows = imported["rejected"].as_array().unwrap().iter();
    rows.map(|row| row["line"].as_u64().unwrap()).collect()
}

const LINE: &str = "cola:24@2.20";

fn invoice_is_matched(shop: &Store, receipt: &str) {
    let invoice = ["--supplier", "V007", "--number", "2026/0815", "--receipt", receipt];
    let matched = shop.run(&[&["invoice", "match", LINE][..], &invoice].concat());
    assert_eq!(matched.code, Some(1));
    assert_eq!(matched.answer["lines"][0]["verdicts"], json!(["price_differs"]));
    let short = shop.run(&[&["invoice", "match", "cola:20@2.00"][..], &invoice].concat());
    assert_eq!(short.answer["lines"][0]["verdicts"], json!(["quantity_differs"]));
    let whole = shop.run(&[&["invoice", "match"][..], &invoice].concat());
    assert_eq!((whole.code, &whole.answer["matches"]), (Some(0), &json!(true)));
    let refused = shop.run(&[&["invoice", "add", LINE][..], &invoice].concat());
    assert_eq!(refused.code, Some(1), "nobody has accepted the price");
    assert!(refused.complaint.contains("--accept"), "{}", refused.complaint);
}

/// Books the invoice and gives its bill number.
fn invoice_is_booked(shop: &Store, receipt: &str) -> String {
    let add = ["invoice", "add", LINE, "--supplier", "V007", "--number", "2026/0815"];
    let more = ["--receipt", receipt, "--tax-rate", "13", "--accept", "price list of November"];
    let once = [&add[..], &more, &["--request", "inv-1"]].concat();
    let booked = shop.ask(&once);
    assert_eq!(shop.ask(&once)["repeated"], true, "the same request books once");
    let twice = shop.run(&[&add[..], &more].concat());
    assert_eq!(twice.code, Some(1), "the same invoice twice");
    // 24 came in at 2.00 and cost 2.20: 3.60 for the 18 on hand, 1.20 for the six that were sold.
    let moves: Vec<(&str, &str, &str)> = booked["fact"]["movements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| {
            let text = |name: &str| m[name].as_str().unwrap();
            (text("to"), text("quantity"), text("value"))
        })
        .collect();
    assert_eq!(moves, [("on_hand", "0", "3.6"), ("cost_adjustment", "0", "1.2")]);
    let invoice = &booked["fact"]["invoice"];
    assert_eq!((&invoice["net"], &invoice["tax"]), (&json!("52.8"), &json!("6.86")));
    let stock = shop.ask(&["stock"]);
    assert_eq!(stock["items"][0]["value"], "39.6");
    let list = shop.ask(&["invoice", "list", "--open"]);
    assert_eq!(list["invoices"][0]["number"], "2026/0815");
    booked["fact"]["bill"].as_str().unwrap().to_owned()
}
