//! Promotions with the real programs: head office sets them, stores sell by them without a network, and the
//! merged facts name them.

use std::fs;

use serde_json::{Value, json};
use tests::daemon::{Hub, Store};

/// A hub with goods, and an enrolled store that has some.
fn chain(dir: &std::path::Path) -> (Hub, Store) {
    let hub = Hub::start_new(&dir.join("hub"));
    let shop = hub.enrol("A01");
    let set = |sku: &str, fields: &[&str]| {
        hub.ask(&[&["catalog", "set", sku], fields].concat());
    };
    set(
        "tea",
        &["name_zh=红茶", "price=10", "member_price=9", "floor_price=4", "category=饮料/茶"],
    );
    set("milk", &["name_zh=牛奶", "price=6", "category=乳品"]);
    shop.ask(&["receive", "tea:50@3", "milk:50@3"]);
    (hub, shop)
}

fn add(hub: &Hub, number: &str, fields: &[&str]) -> Value {
    hub.ask(&[&["promotion", "add", "--number", number], fields].concat())
}

/// Total and reductions of each line of a receipt.
fn told(receipt: &Value) -> Vec<(String, Vec<String>)> {
    let lines = receipt["lines"].as_array().expect("a receipt has lines").iter();
    let part = |part: &Value| {
        format!("{} {}", part["cause"].as_str().unwrap(), part["amount"].as_str().unwrap())
    };
    let parts = |line: &Value| {
        line["reductions"].as_array().map_or_else(Vec::new, |all| all.iter().map(part).collect())
    };
    lines.map(|line| (line["total"].as_str().unwrap().to_owned(), parts(line))).collect()
}

fn line(total: &str, reductions: &[&str]) -> (String, Vec<String>) {
    (total.to_owned(), reductions.iter().map(|&part| part.to_owned()).collect())
}

/// What a run of the checks finds, by check.
fn found(hub: &Hub) -> Vec<String> {
    let report = hub.run(&["check", "run"]).answer;
    let findings = report["findings"].as_array().expect("a report has findings").iter();
    findings.map(|f| f["check"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_store_sells_by_promotions_while_the_hub_is_away() {
    let dir = tempfile::tempdir().unwrap();
    let (mut hub, shop) = chain(dir.path());
    add(&hub, "TEA2", &["name=第二件半价", "deal=second:50", "categories=饮料", "priority=1"]);
    add(&hub, "MILK", &["name=牛奶日", "deal=percent:10", "skus=milk", "stores=store:A01"]);
    add(&hub, "ELSE", &["name=x", "deal=percent:90", "stores=group:south"]);
    add(&hub, "LATE", &["name=x", "deal=percent:90", "from=2090-01-01"]);
    shop.sync();
    hub.stop();

    let numbers = |rows: &Value| {
        let rows = rows.as_array().expect("a list").iter();
        rows.map(|row| row["promotion"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(numbers(&shop.ask(&["promotion", "list"])), ["LATE", "MILK", "TEA2"]);
    let now = shop.ask(&["promotion", "list", "--at", "2026-12-01"]);
    assert_eq!(numbers(&now), ["MILK", "TEA2"]);

    let basket = ["tea", "tea:2", "milk:2", "--basket-off", "1"];
    let quote = shop.ask(&[&["price", "quote"], &basket[..]].concat());
    // Three tea: a pair, 5 off by 10 and 20. 30 - 5 and 12 - 1.20; the 1.00 by what is left of 35.80.
    let expected = [
        line("8.1", &["promotion:TEA2 1.67", "basket 0.23"]),
        line("16.2", &["promotion:TEA2 3.33", "basket 0.47"]),
        line("10.5", &["promotion:MILK 1.2", "basket 0.3"]),
    ];
    assert_eq!(told(&quote["receipt"]), expected);
    assert_eq!(
        (&quote["total"], &quote["promotions"]["TEA2"]),
        (&json!("34.8"), &json!("第二件半价"))
    );
    let before = shop.facts().len();
    let sale = [&["sell", "--request", "till-1"], &basket[..]].concat();
    let sold = shop.ask(&sale);
    assert_eq!(told(&sold["fact"]["receipt"]), expected);
    assert_eq!(shop.facts().len(), before + 1, "the quote was not booked");
    let again = shop.ask(&sale);
    assert_eq!((&again["repeated"], &again["fact"]), (&json!(true), &sold["fact"]));
    let other = shop.run(&["sell", "--request", "till-1", "tea", "tea:2", "milk:2"]);
    assert_eq!(other.code, Some(1), "the same name for something else: {}", other.complaint);

    // An explicit price is the price; members have theirs.
    let said = shop.ask(&["sell", "tea:2@8", "milk", "--level", "member"]);
    let expected = [line("16", &[]), line("5.4", &["promotion:MILK 0.6"])];
    assert_eq!(told(&said["fact"]["receipt"]), expected);
    let member = shop.ask(&["sell", "tea", "--level", "member"]);
    assert_eq!(member["fact"]["receipt"]["lines"][0]["level"], "member");
    assert_eq!(told(&member["fact"]["receipt"]), [line("9", &[])]);

    hub.start();
    shop.sync();
    // Promotions and levels are as they should be; the price that somebody said is nobody's.
    assert_eq!(found(&hub), ["price-list"]);
    shop.verify();
    hub.verify();

    // What has ended is over at the store that hears of it, whatever the till remembers.
    let end = ["promotion", "end", "TEA2", "--at", "2026-01-01"];
    hub.ask(&end);
    assert_eq!(hub.run(&end).code, Some(1), "it is over");
    shop.sync();
    let sold = shop.ask(&["sell", "tea:2"]);
    assert_eq!(told(&sold["fact"]["receipt"]), [line("20", &[])]);
    hub.stop();
}

#[test]
fn discounts_beyond_the_limit_need_somebody_else() {
    let dir = tempfile::tempdir().unwrap();
    let (hub, shop) = chain(dir.path());
    shop.sync();
    let path = shop.dir().join("config.toml");
    let rules = "\n[till]\nrounding = \"0.1\"\nline_discount_max = \"10\"\nbasket_discount_max = \"5\"\n\
                 [till.roles.manager]\noperators = [\"Wang\"]\n";
    fs::write(&path, fs::read_to_string(&path).unwrap() + rules).unwrap();
    let lines = |args: &[&str]| {
        let sold = shop.ask(&[&["sell", "--operator", "Li"], args].concat());
        told(&sold["fact"]["receipt"])
    };
    assert_eq!(lines(&["tea", "--discount", "1=10%"]), [line("9", &[])]);
    assert_eq!(lines(&["tea", "--basket-off", "0.43"]), [line("9.5", &["basket 0.5"])], "rounded");
    for args in [&["tea:1-1.01"][..], &["tea", "--basket-off", "6%"]] {
        let sell = |more: &[&str]| shop.run(&[&["sell", "--operator", "Li"], args, more].concat());
        let refused = sell(&[]);
        assert_eq!(refused.code, Some(1));
        assert!(refused.complaint.contains("--approve"), "{}", refused.complaint);
        assert_eq!(sell(&["--approve", "Li"]).code, Some(1), "not by oneself");
        assert_eq!(sell(&["--approve", "Zhao"]).code, Some(1), "who may no more");
        let allowed = sell(&["--approve", "Wang"]).expect("a manager may");
        assert_eq!(allowed["fact"]["receipt"]["lines"][0]["approved"], "Wang");
    }
    let cheap = shop.ask(&["sell", "--operator", "Wang", "tea:1-7.5"]);
    let kinds = cheap["notices"].as_array().expect("notices").iter();
    let kinds: Vec<&str> = kinds.map(|notice| notice["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["below_floor", "below_cost"]);
    drop(hub);
}

#[test]
fn promotions_come_from_files_and_what_is_wrong_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let (hub, _) = chain(dir.path());
    let file = dir.path().join("promotions.csv");
    let text = "promotion,name,deal,skus,from,until\n\
                SP1,套餐,set:12,tea;milk,2026-12-01,2026-12-13\n\
                SP2,x,percent:200,,,\n\
                SP3,x,percent:20,wine,,\n";
    fs::write(&file, text).unwrap();
    let imported = hub.run(&["promotion", "import", file.to_str().unwrap()]);
    assert_eq!(imported.code, Some(1), "rows were rejected");
    assert_eq!((&imported.answer["added"], &imported.answer["rows"]), (&json!(1), &json!(3)));
    let rejects = fs::read_to_string(dir.path().join("promotions.rejected.csv")).unwrap();
    assert!(rejects.contains("SP2") && rejects.contains("SP3"), "{rejects}");
    assert_eq!(hub.ask(&["promotion", "show", "SP1"])["deal"], "set:12");

    let list = hub.ask(&["promotion", "list"]);
    let json = dir.path().join("promotions.json");
    fs::write(&json, list.to_string()).unwrap();
    let again = hub.ask(&["promotion", "import", json.to_str().unwrap()]);
    assert_eq!(again["unchanged"], 1);
    let unnumbered = hub.ask(&["promotion", "add", "name=y", "deal=percent:5"]);
    assert!(unnumbered["promotion"].as_str().unwrap().starts_with("SP20"), "{unnumbered}");
    assert_eq!(hub.run(&["promotion", "add", "name=y", "deal=free"]).code, Some(2));
    assert_eq!(hub.run(&["promotion", "add", "name=y", "colour=red"]).code, Some(2));
    assert_eq!(hub.run(&["promotion", "show", "SP9"]).code, Some(1));
}
