//! What scanners send, at the till and at the receiving desk.

use ledger::catalog::Field;
use store_node::ask::catalog::{PutProducts, Sheet};
use store_node::ask::scan::Scan;
use store_node::door::Door;
use store_node::request::{CountLine, Scrap, Unheard};
use store_node::{About, Booked};

use crate::shop::{Shop, catalog, refusal, total};

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
    let booked = shop.node.receive(About::default(), receive).unwrap();
    let moved = &booked.fact.movements[0];
    assert_eq!(moved.quantity.to_string(), "24");
    assert_eq!(moved.lot.as_ref().map(ToString::to_string).as_deref(), Some("A7"));
    let scanned = shop.node.ask(Scan { code: CASE.to_owned() }).unwrap();
    assert_eq!(scanned.on_hand, Some("24".parse().unwrap()));
    assert_eq!(scanned.product.unwrap().sku.as_str(), "cola");
    assert!(shop.node.ask(Scan { code: "(01)06901234567890".to_owned() }).is_err());
}

#[test]
fn a_case_is_as_many_bottles_as_the_catalog_says() {
    let shop = Shop::open();
    let mut cola = catalog().remove(0);
    cola.set(Field::Packs, "箱=24 16901234567899; 盒=6").unwrap();
    cola.set(Field::MoreBarcodes, "96385074").unwrap();
    shop.node.ask(PutProducts { products: vec![Sheet::from(&cola)] }).unwrap();
    let moved = |booked: &Booked| booked.fact.movements[0].quantity.to_string();
    assert_eq!(moved(&shop.receive(&["16901234567899:2@2"])), "48");
    assert_eq!(moved(&shop.sell(&["16901234567899"], &[]).unwrap()), "24");
    assert_eq!(moved(&shop.sell(&["96385074x2"], &[]).unwrap()), "2");
    // As a scanner at the back door sends it: two cases, lot A7.
    let mut line: store_node::InboundLine = "(02)16901234567899(10)A7(37)2".parse().unwrap();
    line.cost = store_node::request::Cost::PerUnit("2".parse().unwrap());
    let receive = store_node::Receive { lines: vec![line], supplier: None };
    assert_eq!(moved(&shop.node.receive(About::default(), receive).unwrap()), "48");
    let scrap = Scrap {
        lines: vec![CountLine {
            item: "16901234567899".to_owned(),
            quantity: "1".parse().unwrap(),
            lot: None,
            unheard: Unheard::Refuse,
        }],
        reason: "fell over".to_owned(),
    };
    assert_eq!(moved(&shop.node.scrap(About::default(), scrap).unwrap()), "24");
    let scanned = shop.node.ask(Scan { code: "16901234567899".to_owned() }).unwrap();
    assert_eq!(scanned.product.unwrap().sku.as_str(), "cola");
    assert_eq!(scanned.count, Some("24".parse().unwrap()));
    let none = "line 1: an amount is out of range";
    assert_eq!(refusal(shop.sell(&["16901234567899:900000000"], &[])), none);
}
