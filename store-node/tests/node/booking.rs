//! Sales, prices, bill numbers.

use ledger::fact::{Body, PaymentMethod};
use ledger::time::BusinessDate;
use store_node::{About, Notice};

use crate::shop::{Shop, refusal, sale, total};

/// A day, in milliseconds.
const DAY_MS: i64 = 86_400_000;

#[test]
fn a_barcode_sells_its_product_at_the_catalogs_price() {
    let shop = Shop::open();
    shop.receive(&["cola:10@2", "apple:5@8"]);
    let sold = shop.sell(&["6901234567892x2", "apple:1.25@12-0.50"], &["cash:20", "mobile"]);
    let sold = sold.unwrap();
    assert!(sold.notices.is_empty(), "{:?}", sold.notices);
    assert_eq!(total(&sold), "21.5");
    let Body::RetailSale(receipt) = &sold.fact.body else { panic!("not a sale") };
    assert_eq!(receipt.lines[0].sku.as_str(), "cola");
    let paid: Vec<_> =
        receipt.payments.iter().map(|pay| (pay.method, pay.amount.to_string())).collect();
    let (cash, mobile) = (PaymentMethod::Cash, PaymentMethod::Mobile);
    assert_eq!(paid, [(cash, "20".to_owned()), (mobile, "1.5".to_owned())]);
}

#[test]
fn goods_in_hand_can_always_be_sold_for_a_price() {
    let shop = Shop::open();
    let unknown = refusal(shop.sell(&["cola", "6900000000000"], &[]));
    assert_eq!(unknown, "line 2: no product has the SKU or barcode `6900000000000`");
    let sold = shop.sell(&["6900000000000x2@1.50"], &[]).unwrap();
    assert_eq!(total(&sold), "3");
    let sku = sold.fact.movements[0].sku.clone();
    let kinds = [
        Notice::UnknownProduct { sku: sku.clone() },
        Notice::Oversold { sku: sku.clone(), on_hand: "-2".parse().unwrap() },
        Notice::UnknownCost { sku },
    ];
    assert_eq!(sold.notices, kinds);

    let no_price = refusal(shop.sell(&["unpriced"], &[]));
    assert_eq!(no_price, "line 1: there is no price for `unpriced`");
    assert_eq!(total(&shop.sell(&["unpriced@0"], &[]).unwrap()), "0", "given away on purpose");
    let half = refusal(shop.sell(&["cola:0.5"], &[]));
    assert_eq!(half, "line 1: `cola` is sold by the piece, 0.5 is no whole number");
    let withdrawn = shop.sell(&["tape"], &[]).unwrap();
    assert_eq!(withdrawn.notices[0], Notice::Withdrawn { sku: "tape".parse().unwrap() });
}

#[test]
fn payments_fill_up_and_must_add_up() {
    let shop = Shop::open();
    let two_open = refusal(shop.sell(&["cola"], &["cash", "card"]));
    assert_eq!(two_open, "only one payment may leave its amount open");
    assert_eq!(refusal(shop.sell(&["cola"], &["card:3"])), "3 is paid, 3.5 is due");
    // What is left to pay is nothing: the open payment does not show.
    let sold = shop.sell(&["cola"], &["cash:10", "card"]).unwrap();
    let Body::RetailSale(receipt) = &sold.fact.body else { panic!("not a sale") };
    assert_eq!(receipt.payments.len(), 1);
    assert_eq!(receipt.payments[0].change.to_string(), "6.5");
}

#[test]
fn bill_numbers_count_by_day_and_do_not_stop_at_a_restart() {
    let shop = Shop::open();
    let bill = |shop: &Shop| shop.sell(&["cola"], &[]).unwrap().fact.bill.to_string();
    assert_eq!(bill(&shop), "S012-A-20261122-00001");
    assert_eq!(bill(&shop), "S012-A-20261122-00002");
    refusal(shop.sell(&["nothing"], &[]));
    let shop = shop.reopened();
    assert_eq!(bill(&shop), "S012-A-20261122-00003", "a refused sale takes no number");
    shop.clock.advance(DAY_MS);
    assert_eq!(bill(&shop), "S012-A-20261123-00001");

    let yesterday: BusinessDate = "2026-11-22".parse().unwrap();
    let about = About::default().on(yesterday);
    let late = shop.node.sell(about, sale(&["cola"], &[])).unwrap();
    assert_eq!(late.fact.bill.as_str(), "S012-A-20261122-00004");
    assert_eq!(late.fact.date, yesterday);
}

#[test]
fn deliveries_without_a_cost_take_the_one_in_the_books() {
    let shop = Shop::open();
    let receive = |line: &str| {
        let lines = vec![line.parse().unwrap()];
        let task = store_node::Receive { lines, supplier: Some("东方批发".to_owned()) };
        shop.node.receive(About::default(), task)
    };
    let unknown = receive("cola:10").unwrap_err().to_string();
    assert_eq!(unknown, "line 1: the cost of `cola` is not known");
    receive("cola:10=21").unwrap();
    let again = receive("cola:10").unwrap();
    assert_eq!(again.fact.movements[0].value.to_string(), "21");
}
