//! Shifts at tills: what belongs to one, what it comes to, and that nobody learns that before counting.

use ledger::fact::{Body, PaymentMethod};
use ledger::id::FactId;
use ledger::shift::{Act, Counted};
use store_node::ask::receipt::{PrintReceipt, Purpose};
use store_node::ask::shift::{ListShifts, ShowShift};
use store_node::door::Door as _;
use store_node::home::TillRules;
use store_node::request::{FactRef, Request, Shift, Task};
use store_node::{About, Booked, Config, NodeError, Result, Reverse};

use crate::shop::{Shop, refusal, sale};

fn ask(shop: &Shop, about: About, shift: Shift) -> Result<Booked> {
    shop.node.book(Request { about, task: Task::Shift(shift) })
}

fn open(shop: &Shop, about: About) -> FactId {
    ask(shop, about, Shift::Open { float: "100".parse().unwrap() }).unwrap().fact.id
}

fn close(shop: &Shop, about: About, counted: &[&str]) -> Result<Booked> {
    let counted = counted.iter().map(|line| line.parse().unwrap()).collect();
    ask(shop, about, Shift::Close { counted })
}

fn counts(booked: &Booked) -> Vec<(PaymentMethod, Option<String>, String)> {
    let Body::Shift(Act::Closed { counts }) = &booked.fact.body else { panic!("a close") };
    let told = |count: &Counted| {
        let counted = count.counted.map(|amount| amount.to_string());
        (count.method, counted, count.expected.to_string())
    };
    counts.iter().map(told).collect()
}

#[test]
fn a_shift_is_what_was_done_at_its_till() {
    let shop = Shop::open();
    let before = shop.sell(&["cola"], &[]).unwrap();
    assert_eq!(before.fact.shift, None, "a sale needs no shift");

    let shift = open(&shop, About::default());
    let second = open(&shop, About::default().at("2".parse().unwrap()));
    let sold = shop.sell(&["cola:2"], &["mobile=5@4200/2611", "cash:10"]).unwrap();
    assert_eq!(sold.fact.shift, Some(shift));
    let Body::RetailSale(receipt) = &sold.fact.body else { panic!("a sale") };
    assert_eq!(receipt.payments[0].reference.as_ref().unwrap().as_str(), "4200/2611");
    let other = About::default().at("2".parse().unwrap());
    let other = shop.node.sell(other, sale(&["cola"], &[])).unwrap();
    assert_eq!(other.fact.shift, Some(second));
    let back = shop.give_back(&sold, &["cola"]).unwrap();
    assert_eq!(back.fact.shift, Some(shift));
    let (amount, reason) = ("50".parse().unwrap(), "to the safe".to_owned());
    ask(&shop, About::default(), Shift::CashOut { amount, reason }).unwrap();
    let reverse =
        Reverse { fact: FactRef::Id(before.fact.id), reason: "wrong customer".to_owned() };
    let undone = shop.node.reverse(About::default(), reverse).unwrap();
    assert_eq!(undone.fact.shift, Some(shift));
    // Booked for another day, it was not done at the till now.
    let yesterday = About::default().on("2026-11-21".parse().unwrap());
    assert_eq!(shop.node.sell(yesterday, sale(&["cola"], &[])).unwrap().fact.shift, None);

    // 100 + 2 - 3.50 - 50 - 3.50 in cash, 5 by phone.
    let closed = close(&shop, About::default(), &["cash=44.90"]).unwrap();
    assert_eq!(
        counts(&closed),
        [
            (PaymentMethod::Cash, Some("44.9".to_owned()), "45".to_owned()),
            (PaymentMethod::Mobile, None, "5".to_owned()),
        ]
    );
    assert_eq!(shop.sell(&["cola"], &[]).unwrap().fact.shift, None);
    let shifts = shop.node.ask(ListShifts::default()).unwrap().shifts;
    let told: Vec<_> = shifts.iter().map(|it| (it.shift, it.closed)).collect();
    assert_eq!(told, [(second, None), (shift, Some(closed.fact.id))]);
}

#[test]
fn a_till_has_one_shift_at_a_time_and_asking_twice_opens_one() {
    let shop = Shop::open();
    let about = About::named("open-1".parse().unwrap());
    let shift = open(&shop, about.clone());
    assert_eq!(open(&shop, about), shift);
    let twice = ask(&shop, About::default(), Shift::Open { float: "1".parse().unwrap() });
    assert_eq!(refusal(twice), "a shift is open at till 1: 1-1");
    assert_eq!(refusal(close(&shop, About::default(), &["card=5"])), "nobody has counted the cash");

    let about = About::named("close-1".parse().unwrap());
    let closed = close(&shop, about.clone(), &["cash=100"]).unwrap();
    assert_eq!(close(&shop, about.clone(), &["cash=100"]).unwrap().fact, closed.fact);
    assert!(refusal(close(&shop, about, &["cash=99"])).contains("something else"));
    assert_eq!(refusal(close(&shop, About::default(), &["cash=1"])), "no shift is open at till 1");
    assert_ne!(open(&shop, About::default()), shift);
}

#[test]
fn nobody_learns_what_ought_to_be_there_before_counting() {
    let shop = Shop::open();
    open(&shop, About::default());
    shop.sell(&["cola:3"], &[]).unwrap();
    let shown = shop.node.ask(ShowShift::default()).unwrap();
    assert_eq!((shown.receipts, shown.counts.len()), (1, 0));
    let text = serde_json::to_string(&shown).unwrap();
    assert!(!text.contains("10.5") && !text.contains("110.5"), "{text}");
    close(&shop, About::default(), &["cash=110.50"]).unwrap();
    let shown = shop.node.ask(ShowShift::default()).unwrap();
    assert_eq!(shown.counts[0].expected.to_string(), "110.5");
}

#[test]
fn a_shop_may_require_a_shift() {
    let shop = Shop::open();
    let till = TillRules { require_shift: true, ..TillRules::default() };
    let config = Config { till, ..shop.node.config().clone() };
    shop.node.home().write_config(&config).unwrap();
    let shop = shop.reopened();
    assert_eq!(refusal(shop.sell(&["cola"], &[])), "no shift is open at till 1");
    open(&shop, About::default());
    let shop = shop.reopened();
    shop.sell(&["cola"], &[]).unwrap();
    shop.node.books().rebuild(|_| {}).unwrap();
    shop.sell(&["cola"], &[]).unwrap();
}

#[test]
fn a_receipt_is_an_original_once() {
    let shop = Shop::open();
    let sold = shop.sell(&["cola:2-0.50"], &["cash:10"]).unwrap();
    let print = |purpose| PrintReceipt {
        fact: FactRef::Bill(sold.fact.bill.clone()),
        purpose,
        lang: "zh".to_owned(),
    };
    shop.node.ask(print(Purpose::Look)).unwrap();
    let slip = shop.node.ask(print(Purpose::Print)).unwrap();
    assert_eq!((slip.printed, slip.lines[0].name.as_str()), (0, "cola（中文）"));
    assert_eq!(slip.lines[0].cuts[0].amount.to_string(), "0.5");
    assert_eq!(slip.payments[0].change.to_string(), "3.5");
    let shop = shop.reopened();
    assert_eq!(shop.node.ask(print(Purpose::Print)).unwrap().printed, 1);
    assert_eq!(shop.node.ask(print(Purpose::Print)).unwrap().printed, 2);
    let received = shop.receive(&["cola:1@2"]);
    let none = PrintReceipt { fact: FactRef::Id(received.fact.id), ..print(Purpose::Print) };
    assert!(matches!(shop.node.ask(none), Err(NodeError::Refused(_))));
}
