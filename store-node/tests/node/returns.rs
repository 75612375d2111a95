//! Giving back, and no more than was bought.

use ledger::fact::Body;
use store_node::{About, GiveBack, Reverse};

use crate::shop::{Shop, refusal, total};

#[test]
fn a_sale_comes_back_in_parts_to_the_last_coin() {
    let shop = Shop::open();
    shop.receive(&["cola:10@2"]);
    // Three for 10.00: none of them costs a whole number of coins.
    let sold = shop.sell(&["cola:3-0.50"], &["mobile"]).unwrap();
    let parts: Vec<String> =
        (0..3).map(|_| total(&shop.give_back(&sold, &["cola"]).unwrap())).collect();
    assert_eq!(parts, ["3.33", "3.33", "3.34"]);
    let more = refusal(shop.give_back(&sold, &["cola"]));
    assert_eq!(more, "1 of cola is given back, of the 3 sold on 1-2 0 can be");
    let rest = refusal(shop.give_back(&sold, &[]));
    assert_eq!(rest, "nothing is left to give back of S012-A-20261122-00002");
}

#[test]
fn without_lines_all_that_is_left_comes_back() {
    let shop = Shop::open();
    let sold = shop.sell(&["cola:2", "apple:1.5-0.20", "cola:1@3"], &[]).unwrap();
    shop.give_back(&sold, &["cola", "apple:0.5"]).unwrap();
    let rest = shop.give_back(&sold, &[]).unwrap();
    let Body::SaleReturn { receipt, source, .. } = &rest.fact.body else { panic!("not a return") };
    assert_eq!(*source, Some(sold.fact.id));
    let lines: Vec<_> =
        receipt.lines.iter().map(|line| (line.sku.as_str(), line.quantity.to_string())).collect();
    assert_eq!(lines, [("apple", "1".to_owned()), ("cola", "2".to_owned())]);
    // 29.00 was paid in all, 3.33 and 6.33 of it came back before.
    assert_eq!(total(&rest), "19.34");
}

#[test]
fn limits_hold_for_goods_money_and_foreign_lines() {
    let shop = Shop::open();
    let sold = shop.sell(&["cola:2"], &[]).unwrap();
    let dear = refusal(shop.give_back(&sold, &["cola:1@20"]));
    assert_eq!(dear, "20 is asked back for cola, of the 7 paid on 1-1 7 can be");
    let twice = refusal(shop.give_back(&sold, &["cola", "cola:2"]));
    assert_eq!(twice, "2 of cola is given back, of the 2 sold on 1-1 1 can be");
    let foreign = refusal(shop.give_back(&sold, &["apple:1"]));
    assert_eq!(foreign, "1 of apple is given back, of the 0 sold on 1-1 0 can be");
    let back = shop.give_back(&sold, &["cola"]).unwrap();
    let of_return = refusal(shop.give_back(&back, &["cola"]));
    assert_eq!(of_return, "1-2 is not a sale");
}

#[test]
fn a_return_that_was_undone_no_longer_counts() {
    let shop = Shop::open();
    let sold = shop.sell(&["cola:2"], &[]).unwrap();
    let back = shop.give_back(&sold, &[]).unwrap();
    let reverse = |fact: &store_node::Booked| Reverse {
        fact: store_node::FactRef::Id(fact.fact.id),
        reason: "wrong bill".to_owned(),
    };
    let blocked = shop.node.reverse(About::default(), reverse(&sold)).unwrap_err().to_string();
    assert_eq!(blocked, "1 returns stand against 1-1");
    shop.node.reverse(About::default(), reverse(&back)).unwrap();
    assert_eq!(total(&shop.give_back(&sold, &["cola"]).unwrap()), "3.5");
    let undone = shop.node.reverse(About::default(), reverse(&back)).unwrap_err().to_string();
    assert_eq!(undone, "1-2 was reversed by 1-3");
}

#[test]
fn without_a_receipt_the_catalog_says_what_goods_are_worth() {
    let shop = Shop::open();
    let lines = vec!["cola:2".parse().unwrap(), "apple:0.5@10".parse().unwrap()];
    let give_back =
        GiveBack { lines, payments: vec!["card".parse().unwrap()], ..GiveBack::default() };
    let back = shop.node.give_back(About::default(), give_back).unwrap();
    assert_eq!(total(&back), "12");
}
