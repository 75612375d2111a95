//! Counting while the shop sells.

use ledger::amount::Quantity;
use ledger::fact::Body;
use ledger::id::Sku;
use store_node::ask::count::{
    AddCount, CancelCount, CountAdded, CountResult, CountSheet, ExplainCount, PostCount, Recount,
    ShowCount, Sight, StartCount,
};
use store_node::door::Door;
use store_node::{CountRefused, NodeError, Result, WhichRound};

use crate::shop::Shop;

fn open() -> Shop {
    let shop = Shop::open();
    shop.receive(&["cola:24@2", "apple:5@8"]);
    shop
}

fn start(shop: &Shop, tolerance: &str) -> CountSheet {
    let items = vec!["cola".to_owned(), "apple".to_owned()];
    let tolerance = tolerance.parse().ok();
    shop.node.ask(StartCount { items, tolerance, ..StartCount::default() }).unwrap()
}

fn add(shop: &Shop, lines: &[&str]) -> Result<CountAdded> {
    shop.node.ask(counts(lines))
}

fn counts(lines: &[&str]) -> AddCount {
    let lines = lines.iter().map(|line| line.parse().unwrap()).collect();
    AddCount { lines, ..AddCount::default() }
}

fn post(shop: &Shop) -> Result<CountResult> {
    shop.node.ask(PostCount::default())
}

/// What the reviewer sees of a product: its state, and how much differs.
fn review(shop: &Shop, sku: &str) -> (String, Option<String>) {
    let sheet = shop.node.ask(ShowCount { sight: Sight::Book }).unwrap();
    let item = sheet.items.iter().find(|item| item.sku.as_str() == sku).unwrap();
    (item.state.clone(), item.against.as_ref().map(|against| against.variance.to_string()))
}

fn on_hand(shop: &Shop, sku: &str) -> Quantity {
    let sku: Sku = sku.parse().unwrap();
    let filter = books::read::StockFilter { sku: Some(sku), ..Default::default() };
    let rows = shop.node.books().reader().unwrap().stock(&filter).unwrap();
    rows.first().map_or(Quantity::ZERO, |row| row.stock.quantity)
}

#[test]
fn sales_before_and_after_a_count_change_nothing_of_what_it_finds() {
    let shop = open();
    start(&shop, "0");
    shop.sell(&["cola:4"], &[]).unwrap();
    // Twenty should be there; one is missing.
    add(&shop, &["6901234567892x19"]).unwrap();
    shop.sell(&["cola:5", "apple:1"], &[]).unwrap();
    add(&shop, &["apple:4"]).unwrap();
    shop.sell(&["apple:0.5"], &[]).unwrap();
    assert_eq!(review(&shop, "cola"), ("beyond".to_owned(), Some("-1".to_owned())));
    assert_eq!(review(&shop, "apple"), ("equal".to_owned(), Some("0".to_owned())));

    let refused = post(&shop).unwrap_err();
    assert!(matches!(refused, NodeError::Count(CountRefused::Unsettled(_))), "{refused}");
    let reasons = vec!["cola=broken".parse().unwrap()];
    shop.node.ask(ExplainCount { reasons }).unwrap();
    let posted = post(&shop).unwrap();
    assert_eq!(on_hand(&shop, "cola"), "14".parse().unwrap());
    assert_eq!(on_hand(&shop, "apple"), "3.5".parse().unwrap());
    let found = posted.fact.stocktake.unwrap();
    let lines: Vec<_> = found.lines.iter().map(|line| line.sku.as_str()).collect();
    assert_eq!(lines, ["apple", "cola"], "what is equal is kept as well");
    assert_eq!(found.lines[1].reason.as_ref().unwrap().as_str(), "broken");
    assert_eq!(found.lines[1].anchor.unwrap().to_string(), "1-2");
    assert_eq!(posted.fact.movements.len(), 1);
    let none = post(&shop).unwrap_err();
    assert!(matches!(none, NodeError::Count(CountRefused::NoneGoesOn)), "{none}");

    shop.node.books().rebuild(|_| {}).unwrap();
    assert_eq!(on_hand(&shop, "cola"), "14".parse().unwrap());
    let problems = shop.node.books().verify(|_| {}).unwrap().problems;
    assert!(problems.is_empty(), "{problems:?}");
}

#[test]
fn two_counters_add_up_and_see_no_book_quantities() {
    let shop = open();
    let sheet = start(&shop, "1");
    assert!(sheet.items.iter().all(|item| item.state == "uncounted"));
    let at = |place: &str, by: &str, lines: &[&str]| AddCount {
        place: place.parse().ok(),
        operator: by.parse().ok(),
        ..counts(lines)
    };
    shop.node.ask(at("shelf", "林晓", &["cola:10"])).unwrap();
    let added = shop.node.ask(at("store room", "李雷", &["cola:14"])).unwrap();
    assert_eq!(added.lines[0].total, "24".parse().unwrap());
    let blind = shop.node.ask(ShowCount::default()).unwrap();
    let text = serde_json::to_string(&blind).unwrap();
    assert!(!text.contains("book") && !text.contains("variance"), "{text}");
    let cola = blind.items.iter().find(|item| item.sku.as_str() == "cola").unwrap();
    assert_eq!((cola.state.as_str(), cola.lines.len()), ("counted", 2));
    assert_eq!(review(&shop, "cola"), ("equal".to_owned(), Some("0".to_owned())));
    let posted = post(&shop).unwrap();
    assert_eq!(posted.uncounted, ["apple"]);
    assert_eq!(on_hand(&shop, "apple"), "5".parse().unwrap(), "nobody said that it is gone");
}

#[test]
fn a_sale_between_two_places_asks_for_a_recount_which_replaces_both() {
    let shop = open();
    start(&shop, "0");
    add(&shop, &["cola:10"]).unwrap();
    shop.sell(&["cola:2"], &[]).unwrap();
    add(&shop, &["cola:14"]).unwrap();
    assert_eq!(review(&shop, "cola"), ("beyond".to_owned(), Some("2".to_owned())));
    shop.node.ask(Recount { items: vec!["cola".to_owned()] }).unwrap();
    shop.node.ask(Recount { items: vec!["cola".to_owned()] }).unwrap();
    assert_eq!(review(&shop, "cola").0, "recount");
    assert!(post(&shop).is_err(), "nobody has counted again");
    add(&shop, &["cola:8"]).unwrap();
    let second = add(&shop, &["cola:14"]).unwrap();
    assert_eq!((second.lines[0].round, second.lines[0].total), (2, "22".parse().unwrap()));
    assert_eq!(review(&shop, "cola"), ("equal".to_owned(), Some("0".to_owned())));
    // Once more, in one step.
    let round = WhichRound::New;
    let third = shop.node.ask(AddCount { round, ..counts(&["cola:23"]) }).unwrap();
    assert_eq!(third.lines[0].round, 3);
    assert_eq!(review(&shop, "cola"), ("settled".to_owned(), Some("1".to_owned())));
    post(&shop).unwrap();
    assert_eq!(on_hand(&shop, "cola"), "23".parse().unwrap());
}

#[test]
fn what_was_counted_outlives_the_program_and_a_rebuild_and_is_posted_once() {
    let shop = open();
    start(&shop, "2");
    let named =
        |name: &str, lines: &[&str]| AddCount { request: name.parse().ok(), ..counts(lines) };
    shop.node.ask(named("c1", &["cola:23", "apple:5"])).unwrap();
    let shop = shop.reopened();
    shop.node.books().rebuild(|_| {}).unwrap();
    let again = shop.node.ask(named("c1", &["cola:23", "apple:5"])).unwrap();
    assert!(again.repeated);
    assert_eq!(again.lines[0].total, "23".parse().unwrap(), "nothing is counted twice");
    assert!(
        shop.node.ask(named("c1", &["cola:23"])).is_err(),
        "the name stands for something else"
    );

    let request = || PostCount { request: "p1".parse().ok(), operator: None };
    let first = shop.node.ask(request()).unwrap();
    let second = shop.node.ask(request()).unwrap();
    assert!(!first.repeated && second.repeated);
    assert_eq!(first.fact, second.fact);
    assert_eq!(on_hand(&shop, "cola"), "23".parse().unwrap());

    // A count that turns out wrong is undone as a whole, or corrected by another.
    let reverse = store_node::Reverse {
        fact: first.fact.id.to_string().parse().unwrap(),
        reason: "wrong shelf".to_owned(),
    };
    let undone = shop.node.reverse(store_node::About::default(), reverse).unwrap();
    assert!(matches!(undone.fact.body, Body::Reversal { .. }));
    assert_eq!(on_hand(&shop, "cola"), "24".parse().unwrap());
}

#[test]
fn a_sheet_from_a_backup_is_not_posted_a_second_time() {
    let shop = open();
    start(&shop, "9");
    add(&shop, &["cola:20"]).unwrap();
    shop.node.books().write(|tx| tx.open_epoch(None)).unwrap();
    for refused in [add(&shop, &["cola:1"]).map(drop), post(&shop).map(drop)] {
        let refused = refused.unwrap_err();
        assert!(matches!(refused, NodeError::Count(CountRefused::Restored)), "{refused}");
    }
    shop.node.ask(CancelCount {}).unwrap();
    start(&shop, "9");
    add(&shop, &["cola:20"]).unwrap();
    let posted = post(&shop).unwrap();
    let line = &posted.fact.stocktake.unwrap().lines[0];
    assert_eq!(line.anchor.unwrap().to_string(), "1-1", "the last fact is of the history before");
    assert_eq!(on_hand(&shop, "cola"), "20".parse().unwrap());
}

#[test]
fn what_cannot_be_counted_is_refused_whole() {
    let shop = open();
    assert!(matches!(add(&shop, &["cola"]), Err(NodeError::Count(CountRefused::NoneGoesOn))));
    let of = |category: &str| StartCount {
        category: Some(category.to_owned()),
        ..StartCount::default()
    };
    assert!(shop.node.ask(of("no such")).is_err());
    start(&shop, "1");
    let second = shop.node.ask(StartCount::default()).unwrap_err();
    assert!(matches!(second, NodeError::Count(CountRefused::GoesOn { .. })), "{second}");
    for lines in [["cola:3", "nothing:1"], ["cola:3", "cola:1.5"], ["cola:3", "apple:-1"]] {
        assert!(add(&shop, &lines).is_err(), "{lines:?}");
        assert_eq!(review(&shop, "cola").0, "uncounted");
    }
    let items = vec!["tape".to_owned()];
    assert!(shop.node.ask(Recount { items }).is_err(), "it is not on the sheet");
    // A box of 24, lot A7, scanned: the code says how much it is.
    let boxed = add(&shop, &["(02)06901234567892(10)A7(37)24"]).unwrap();
    assert_eq!(boxed.lines[0].total, "24".parse().unwrap());
    shop.node.ask(CancelCount {}).unwrap();
    assert!(shop.node.ask(ShowCount::default()).is_err());
    assert_eq!(on_hand(&shop, "cola"), "24".parse().unwrap());
}
