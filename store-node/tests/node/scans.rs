//! What scanners send, at the till and at the receiving desk.

use store_node::ask::scan::Scan;
use store_node::door::Door;

use crate::shop::{Shop, refusal, total};

/// A bag of 1.25 kg of item 42, as the shop's scales label it.
const BAG: &str = "2100042012509";

/// Cola, lot A7, of a case of 24.
const CASE: &str = "(02)06901234567892(10)A7(37)24";

#[test]
fn a_till_sells_what_any_code_is_on() {
    let shop = Shop::open_selling(&[("42", "12.80")]);
    shop.receive(&["cola:30@2", "42:9@8"]);
    let sold = shop.sell(&["(01)06901234567892(21)7-1", BAG], &[]).unwrap();
    assert_eq!(total(&sold), "19.5", "3.50 and 1.25 kg of 12.80");
    let moved: Vec<_> = sold.fact.movements.iter().map(|m| m.quantity.to_string()).collect();
    assert_eq!(moved, ["1", "1.25"]);
    let misread = refusal(shop.sell(&["2100042012508"], &[]));
    assert_eq!(misread, "line 1: no product has the SKU or barcode `2100042012508`");
}

#[test]
fn a_delivery_brings_its_lot_and_pieces() {
    let shop = Shop::open();
    let mut line: store_node::InboundLine = CASE.parse().unwrap();
    line.cost = store_node::request::Cost::PerUnit("2".parse().unwrap());
    let receive = store_node::Receive { lines: vec![line], supplier: None };
    let booked = shop.node.receive(store_node::About::default(), receive).unwrap();
    let moved = &booked.fact.movements[0];
    assert_eq!(moved.quantity.to_string(), "24");
    assert_eq!(moved.lot.as_ref().map(ToString::to_string).as_deref(), Some("A7"));
    let scanned = shop.node.ask(Scan { code: CASE.to_owned() }).unwrap();
    assert_eq!(scanned.on_hand, Some("24".parse().unwrap()));
    assert_eq!(scanned.product.unwrap().sku.as_str(), "cola");
    assert!(shop.node.ask(Scan { code: "(01)06901234567890".to_owned() }).is_err());
}
