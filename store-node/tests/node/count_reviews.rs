//! What a stocktake covers, who approves it, and what is kept of it.

use store_node::ask::count::{
    AddCount, ApproveCount, CancelCount, CountSheet, PostCount, ShowCount, StartCount,
};
use store_node::ask::counted::ShowCounted;
use store_node::door::Door;
use store_node::{Config, CountRefused, CountRules, NodeError, Result};

use crate::shop::Shop;

fn count(shop: &Shop, line: &str, place: &str, by: &str) {
    let (lines, place) = (vec![line.parse().unwrap()], place.parse().ok());
    let operator = by.parse().ok();
    shop.node.ask(AddCount { lines, place, operator, ..AddCount::default() }).unwrap();
}

fn post(shop: &Shop, by: &str) -> Result<store_node::ask::count::CountResult> {
    shop.node.ask(PostCount { operator: by.parse().ok(), request: None })
}

fn approve(shop: &Shop, by: &str) -> Result<CountSheet> {
    shop.node.ask(ApproveCount { operator: by.parse().ok() })
}

fn refused<T>(result: Result<T>) -> CountRefused {
    match result.map(drop) {
        Err(NodeError::Count(refused)) => refused,
        other => panic!("{other:?}"),
    }
}

/// The products on a sheet that is started and given up.
fn covered(shop: &Shop, start: StartCount) -> Vec<String> {
    let sheet = shop.node.ask(start).unwrap();
    shop.node.ask(CancelCount {}).unwrap();
    sheet.items.iter().map(|item| item.sku.to_string()).collect()
}

/// A shop where differences above ten are approved by a second person.
fn strict() -> Shop {
    let shop = Shop::open();
    let count = CountRules { approve_above: "10".parse().ok() };
    let config = Config { count, ..shop.node.config().clone() };
    shop.node.home().write_config(&config).unwrap();
    let shop = shop.reopened();
    shop.receive(&["cola:24@2", "apple:5@8"]);
    shop
}

#[test]
fn differences_that_cost_much_need_a_second_person() {
    let shop = strict();
    let operator = "ann".parse().ok();
    let tolerance = "9".parse().ok();
    shop.node.ask(StartCount { operator, tolerance, ..StartCount::default() }).unwrap();
    count(&shop, "cola:20", "A1", "bob");
    // Four colas too few and one apple too many cost 8 + 8: they do not make up for each other.
    count(&shop, "apple:6", "A2", "bob");
    let needed = refused(post(&shop, "bob"));
    assert!(
        matches!(&needed, CountRefused::NeedsApproval { value, .. } if value.to_string() == "16")
    );
    for own in ["ann", "bob"] {
        assert!(matches!(refused(approve(&shop, own)), CountRefused::OwnCount { .. }));
    }
    let nobody = refused(shop.node.ask(ApproveCount::default()));
    assert!(matches!(nobody, CountRefused::NobodyApproves), "{nobody}");

    assert_eq!(approve(&shop, "eve").unwrap().approved, "eve".parse().ok());
    // What is counted afterwards nobody has approved.
    count(&shop, "apple:0", "A3", "bob");
    let sheet = shop.node.ask(ShowCount::default()).unwrap();
    assert_eq!(sheet.approved, None);
    assert!(matches!(refused(post(&shop, "bob")), CountRefused::NeedsApproval { .. }));
    approve(&shop, "eve").unwrap();
    assert!(matches!(refused(post(&shop, "eve")), CountRefused::SameApproves { .. }));
    let unnamed = refused(shop.node.ask(PostCount::default()));
    assert!(matches!(unnamed, CountRefused::SameApproves { .. }), "{unnamed}");

    let posted = post(&shop, "bob").unwrap().fact;
    assert_eq!(posted.stocktake.unwrap().approved, "eve".parse().ok());
    let shop = shop.reopened();
    let verified = shop.node.books().verify(|_| {}).unwrap();
    assert!(verified.is_whole(), "{:?}", verified.problems);
}

#[test]
fn differences_that_cost_little_need_nobody() {
    let shop = strict();
    let tolerance = "9".parse().ok();
    shop.node.ask(StartCount { tolerance, ..StartCount::default() }).unwrap();
    count(&shop, "cola:19", "A1", "bob");
    assert_eq!(post(&shop, "bob").unwrap().fact.stocktake.unwrap().approved, None);
}

#[test]
fn what_was_counted_where_is_kept_and_says_what_lies_there() {
    let shop = Shop::open();
    shop.receive(&["cola:24@2", "apple:5@8"]);
    let in_bin = |bin: &str| StartCount { bin: bin.parse().ok(), ..StartCount::default() };
    assert!(matches!(refused(shop.node.ask(in_bin("A1"))), CountRefused::NothingAtBin { .. }));
    shop.node.ask(StartCount::default()).unwrap();
    count(&shop, "cola:20", "A1", "bob");
    count(&shop, "cola:4", "B7", "eve");
    count(&shop, "apple:5", "A1", "bob");
    let posted = post(&shop, "bob").unwrap().fact;
    shop.node.books().rebuild(|_| {}).unwrap();
    let shop = shop.reopened();

    let bill = posted.bill.to_string();
    let kept = shop.node.ask(ShowCounted { fact: bill.parse().unwrap() }).unwrap();
    let line = |line: &store_node::ask::counted::CountedLine| {
        let text = |name: Option<String>| name.unwrap_or_default();
        let (place, by) = (line.place.as_ref(), line.operator.as_ref());
        let who = (text(place.map(ToString::to_string)), text(by.map(ToString::to_string)));
        format!("{} {} {} {}", line.sku, line.quantity, who.0, who.1)
    };
    let lines: Vec<_> = kept.lines.iter().map(line).collect();
    assert_eq!(lines, ["cola 20 A1 bob", "cola 4 B7 eve", "apple 5 A1 bob"]);
    let sale = shop.sell(&["cola:1"], &[]).unwrap().fact.bill.to_string();
    let other = refused(shop.node.ask(ShowCounted { fact: sale.parse().unwrap() }));
    assert!(matches!(other, CountRefused::NoStocktake { .. }), "{other}");

    assert_eq!(covered(&shop, in_bin("A1")), ["apple", "cola"]);
    assert_eq!(covered(&shop, in_bin("B7")), ["cola"]);
    // Counted again, and found elsewhere alone.
    shop.node.ask(StartCount::default()).unwrap();
    count(&shop, "cola:23", "C1", "bob");
    post(&shop, "bob").unwrap();
    assert_eq!(covered(&shop, in_bin("A1")), ["apple"]);
}

#[test]
fn classes_follow_sales_and_a_choice_can_be_made_again() {
    let shop = Shop::open();
    shop.receive(&["cola:90@2", "apple:50@8", "tape:9@1"]);
    shop.sell(&["apple:20"], &[]).unwrap();
    shop.sell(&["cola:10"], &[]).unwrap();
    let of = |class: &str| StartCount { abc: class.parse().ok(), ..StartCount::default() };
    // Apples bring 256 of 291, colas the 35 that are left.
    assert_eq!(covered(&shop, of("A")), ["apple"]);
    assert_eq!(covered(&shop, of("B")), ["cola"]);
    assert_eq!(covered(&shop, of("C")), ["tape"]);

    let spot = |seed: &str| StartCount {
        spot: Some(2),
        seed: Some(seed.to_owned()),
        ..StartCount::default()
    };
    let chosen = covered(&shop, spot("x"));
    assert_eq!(chosen.len(), 2);
    assert_eq!(covered(&shop, spot("x")), chosen);
    let choices = ["a", "b", "c", "d", "e", "f", "g", "h"].map(|seed| covered(&shop, spot(seed)));
    assert!(choices.iter().any(|other| *other != chosen), "another seed, another choice");
    let named = shop.node.ask(spot("x")).unwrap().name;
    assert!(named.ends_with("spot 2 (x)"), "{named}");
}
