//! What deliveries, purchase returns and decisions on quarantine do to stock and cost.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use proptest::prelude::*;

use super::super::{Header, post};
use super::*;
use crate::command::{Command, ReversalTarget};
use crate::cost::Position;
use crate::fact::Priced;
use crate::fold::{Balances, Place, fold};
use crate::id::{Epoch, FactId, StoreId};
use crate::order::OrderStep;
use crate::purchase::{Held, ReturnKind, Step};
use crate::time::Timestamp;
use crate::transfer::Wanted;

/// A store and its facts.
#[derive(Default)]
struct Shop {
    stock: BTreeMap<Sku, Position>,
    facts: Vec<Fact>,
}

fn qty(text: &str) -> Quantity {
    text.parse().unwrap()
}

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

fn store() -> StoreId {
    "S1".parse().unwrap()
}

fn line(sku: &str, accepted: &str, rejected: &str, price: &str) -> Inspected {
    Inspected {
        sku: sku.parse().unwrap(),
        lot: None,
        expiry: None,
        accepted: qty(accepted),
        rejected: qty(rejected),
        price: money(price),
        weight: None,
        reason: None,
        photo: None,
    }
}

fn delivery(lines: Vec<Inspected>, freight: Option<Freight>) -> Delivery {
    Delivery {
        supplier: "V7".parse().unwrap(),
        order: Some("S1-2611-s1A1".parse().unwrap()),
        receipt: NonZeroU32::MIN,
        note: None,
        basis: Basis::Estimated,
        freight,
        lines,
    }
}

fn by(amount: &str, by: Spread) -> Option<Freight> {
    Some(Freight { amount: money(amount), by })
}

impl Shop {
    fn book(&mut self, command: Command) -> Result<&Fact, PostError> {
        let seq = self.facts.len() as u64 + 1;
        let header = Header {
            id: FactId { epoch: Epoch::FIRST, seq },
            store: store(),
            date: "2026-11-22".parse().unwrap(),
            true_date: None,
            at: Timestamp::from_millis(1),
            bill: format!("S1-A-{seq}").parse().unwrap(),
            request: None,
            operator: None,
            shift: None,
            member: None,
        };
        let fact = post(header, command, &self.stock)?.fact;
        for movement in &fact.movements {
            for (account, quantity, value) in movement.legs() {
                if *account == Account::OnHand {
                    let position = self.stock.entry(movement.sku.clone()).or_default();
                    position.quantity = position.quantity.plus(quantity).unwrap();
                    position.value = position.value.plus(value).unwrap();
                }
            }
        }
        for (sku, cost) in crate::cost::inbound_cost(&fact) {
            self.stock.entry(sku).or_default().last_cost = Some(cost);
        }
        self.facts.push(fact);
        Ok(self.facts.last().unwrap())
    }

    fn deliver(&mut self, delivery: Delivery) -> Result<&Fact, PostError> {
        self.book(Command::Purchase(Box::new(Task::Deliver(delivery))))
    }

    fn send_back(&mut self, of: usize, lines: &[(&str, &str, Pile)]) -> Result<&Fact, PostError> {
        let receipt = self.facts[of].clone();
        let sent = |fact: &&Fact| matches!(&fact.body, Body::Purchase(Act::SentBack(sent)) if sent.receipt == receipt.id);
        let line = |(sku, quantity, from): &(&str, &str, Pile)| Back {
            sku: sku.parse().unwrap(),
            quantity: qty(quantity),
            from: *from,
        };
        let back = SendBack {
            earlier: self.facts.iter().filter(sent).cloned().collect(),
            reversed: Reversed::No,
            number: NonZeroU32::MIN,
            kind: ReturnKind::Refund,
            lines: lines.iter().map(line).collect(),
            held: self.held(),
            charged: BTreeMap::default(),
            reason: "bad".into(),
            receipt,
        };
        self.book(Command::Purchase(Box::new(Task::SendBack(Box::new(back)))))
    }

    fn clear(&mut self, way: Way, sku: &str, quantity: &str) -> Result<&Fact, PostError> {
        let lines = vec![Wanted { sku: sku.parse().unwrap(), quantity: qty(quantity) }];
        let clearing = Clearing { way, lines, held: self.held(), reason: "looked again".into() };
        self.book(Command::Purchase(Box::new(Task::Clear(clearing))))
    }

    fn balances(&self) -> Balances {
        let folded = fold(&self.facts);
        assert_eq!(folded.anomalies, []);
        folded.balances
    }

    fn held(&self) -> Holdings {
        let here = Place::Store(store(), Account::Quarantine);
        let balances = self.balances();
        let held = balances.iter().filter(|((place, ..), _)| *place == here);
        held.map(|((_, sku, lot), balance)| {
            let raw = |amount: i128| i64::try_from(amount).unwrap();
            let quantity = Quantity::from_thousandths(raw(balance.quantity)).unwrap();
            let value = Money::from_ten_thousandths(raw(balance.value)).unwrap();
            ((sku.clone(), lot.clone()), Held { quantity, value })
        })
        .collect()
    }

    /// What is where, over all products: quantity and value, as text.
    fn at(&self, account: Account) -> (String, String) {
        let here = Place::Store(store(), account);
        let balances = self.balances();
        let (mut quantity, mut value) = (0, 0);
        for ((place, ..), balance) in balances.iter() {
            if *place == here {
                quantity += i64::try_from(balance.quantity).unwrap();
                value += i64::try_from(balance.value).unwrap();
            }
        }
        let quantity = Quantity::from_thousandths(quantity).unwrap().to_string();
        (quantity, Money::from_ten_thousandths(value).unwrap().to_string())
    }
}

fn pair(quantity: &str, value: &str) -> (String, String) {
    (quantity.to_owned(), value.to_owned())
}

#[test]
fn what_is_kept_is_on_the_shelf_and_what_is_not_in_quarantine() {
    let mut shop = Shop::default();
    let lines = vec![line("cola", "10", "2", "2.5"), line("milk", "4", "0", "5")];
    let fact = shop.deliver(delivery(lines, by("9", Spread::Value))).unwrap();
    let (order, step) = Step::of_fact(fact).unwrap();
    assert_eq!(order.as_str(), "S1-2611-s1A1");
    let Step::Receive { accepted, rejected, .. } = step else { panic!("{step:?}") };
    let told = |goods: &[crate::order::Goods]| {
        goods.iter().map(|g| format!("{}:{}={}", g.sku, g.quantity, g.value)).collect::<Vec<_>>()
    };
    assert_eq!(told(&accepted), ["cola:10=30", "milk:4=24"], "9 of freight by 25 and 20");
    assert_eq!(told(&rejected), ["cola:2=5"]);
    assert_eq!(shop.at(Account::OnHand), pair("14", "54"));
    assert_eq!(shop.at(Account::Quarantine), pair("2", "5"));
}

#[test]
fn freight_is_spread_to_the_last_unit() {
    let mut shop = Shop::default();
    let three = || ["a", "b", "c"].map(|sku| line(sku, "1", "0", "1")).to_vec();
    let fact = shop.deliver(delivery(three(), by("0.0010", Spread::Value))).unwrap();
    let costs: Vec<_> = fact.movements.iter().map(|m| m.value.to_string()).collect();
    assert_eq!(costs, ["1.0003", "1.0003", "1.0004"], "the last one takes what is left");
    // Goods that cost nothing bear it by how much they are, and rejected ones only if nothing is kept.
    let gifts = vec![line("a", "1", "0", "0"), line("b", "3", "0", "0")];
    let fact = shop.deliver(delivery(gifts, by("8", Spread::Value))).unwrap();
    let costs: Vec<_> = fact.movements.iter().map(|m| m.value.to_string()).collect();
    assert_eq!(costs, ["2", "6"]);
    let bad = vec![line("a", "0", "2", "3")];
    let fact = shop.deliver(delivery(bad, by("1", Spread::Quantity))).unwrap();
    assert_eq!(fact.movements[0].value, money("7"));
}

#[test]
fn freight_goes_by_weight_where_all_weights_are_known() {
    let mut shop = Shop::default();
    let weighing = |sku, accepted, kilograms: Option<&str>| Inspected {
        weight: kilograms.map(|weight| weight.parse().unwrap()),
        ..line(sku, accepted, "0", "1")
    };
    let lines = vec![weighing("a", "2", Some("1")), weighing("b", "1", Some("0.25"))];
    let fact = shop.deliver(delivery(lines, by("9", Spread::Weight))).unwrap();
    let costs: Vec<_> = fact.movements.iter().map(|m| m.value.to_string()).collect();
    assert_eq!(costs, ["10", "2"], "8 and 1 of the freight");
    let lines = vec![weighing("a", "2", Some("1")), weighing("b", "1", None)];
    let refused = shop.deliver(delivery(lines, by("9", Spread::Weight))).unwrap_err();
    assert_eq!(refused, PostError::NoWeight { line: 2, sku: "b".parse().unwrap() });
}

#[test]
fn goods_go_back_at_the_cost_at_which_they_came() {
    let mut shop = Shop::default();
    shop.deliver(delivery(vec![line("cola", "3", "1", "2")], by("4", Spread::Value))).unwrap();
    shop.deliver(delivery(vec![line("cola", "10", "0", "5")], None)).unwrap();
    let costs: Vec<_> = ["1", "1", "1"]
        .map(|one| shop.send_back(0, &[("cola", one, Pile::Shelf)]).unwrap().movements[0].value)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(costs, ["3.3333", "3.3334", "3.3333"], "the last one takes what is left of 10");
    assert_eq!(shop.at(Account::OnHand), pair("10", "50"));
    shop.send_back(0, &[("cola", "1", Pile::Quarantine)]).unwrap();
    assert_eq!(shop.at(Account::Quarantine), pair("0", "0"));
    let more = shop.send_back(0, &[("cola", "0.001", Pile::Shelf)]);
    assert!(matches!(more, Err(PostError::SendsBackTooMuch { .. })), "{more:?}");
    assert_eq!(shop.at(Account::Supplier), pair("-10", "-50"));
}

#[test]
fn what_is_sold_below_cost_leaves_no_value_behind() {
    let mut shop = Shop::default();
    shop.deliver(delivery(vec![line("cola", "1", "0", "9")], None)).unwrap();
    shop.deliver(delivery(vec![line("cola", "1", "0", "1")], None)).unwrap();
    let line = crate::command::SaleLine {
        sku: "cola".parse().unwrap(),
        quantity: qty("1"),
        list_price: money("6"),
        discount: Money::ZERO,
        tax_rate: crate::amount::TaxRate::ZERO,
        priced: Priced::default(),
    };
    // One is sold at the average of 5; the one that is left goes back at 9.
    shop.book(Command::Sell { lines: vec![line], payments: Vec::new() }).unwrap();
    shop.send_back(0, &[("cola", "1", Pile::Shelf)]).unwrap();
    assert_eq!(shop.at(Account::OnHand), pair("0", "0"));
    assert_eq!(shop.at(Account::CostAdjustment), pair("0", "-4"));
}

#[test]
fn quarantine_is_released_scrapped_or_sent_back() {
    let mut shop = Shop::default();
    shop.deliver(delivery(vec![line("cola", "5", "3", "2")], None)).unwrap();
    shop.deliver(delivery(vec![line("cola", "0", "1", "6")], None)).unwrap();
    assert_eq!(shop.at(Account::Quarantine), pair("4", "12"));
    shop.clear(Way::Release, "cola", "1").unwrap();
    assert_eq!(shop.at(Account::OnHand), pair("6", "13"), "at the average of 3");
    shop.clear(Way::Scrap, "cola", "1").unwrap();
    assert_eq!(shop.at(Account::Scrap), pair("1", "3"));
    let more = shop.clear(Way::Scrap, "cola", "3");
    assert!(matches!(more, Err(PostError::NotInQuarantine { .. })), "{more:?}");
    // Two are left at 6, and go back at 2 and at 6: what is left of the cost leaves with them.
    shop.send_back(1, &[("cola", "1", Pile::Quarantine)]).unwrap();
    shop.send_back(0, &[("cola", "1", Pile::Quarantine)]).unwrap();
    assert_eq!(shop.at(Account::Quarantine), pair("0", "0"));
    // The released one goes back from the shelf, after all that was accepted.
    shop.send_back(0, &[("cola", "6", Pile::Shelf)]).unwrap();
    assert_eq!(shop.at(Account::OnHand).0, "0");
}

#[test]
fn what_cannot_be_booked_is_refused() {
    let mut shop = Shop::default();
    let refused = |shop: &mut Shop, lines| shop.deliver(delivery(lines, None)).unwrap_err();
    assert_eq!(refused(&mut shop, vec![]), PostError::NoLines);
    let none = refused(&mut shop, vec![line("a", "0", "0", "1")]);
    assert!(matches!(none, PostError::BadQuantity { line: 1, .. }));
    let negative = refused(&mut shop, vec![line("a", "1", "-1", "1")]);
    assert!(matches!(negative, PostError::BadQuantity { .. }));
    let price = refused(&mut shop, vec![line("a", "1", "0", "-1")]);
    assert!(matches!(price, PostError::NegativeAmount { .. }));
    let many = vec![line("a", "1", "0", "1"); MAX_DELIVERY_LINES + 1];
    assert!(matches!(refused(&mut shop, many), PostError::TooManyDeliveryLines { .. }));
    let words = Inspected { reason: Some("x".repeat(121).into()), ..line("a", "1", "0", "1") };
    assert_eq!(refused(&mut shop, vec![words]), PostError::LineRemarkTooLong);
    let freight = by("-1", Spread::Value);
    let back = shop.deliver(delivery(vec![line("a", "1", "0", "1")], freight)).unwrap_err();
    assert!(matches!(back, PostError::Amount { .. }));
    assert!(shop.facts.is_empty());
}

#[test]
fn what_an_order_tells_of_is_not_reversed() {
    let mut shop = Shop::default();
    let fact = shop.deliver(delivery(vec![line("a", "1", "0", "1")], None)).unwrap().clone();
    let undo = |shop: &mut Shop, fact: Fact| {
        let target = Box::new(ReversalTarget { fact, reversed: Reversed::No, returns: 0 });
        shop.book(Command::Reverse { target, reason: "oops".into() }).map(|_| ())
    };
    assert!(matches!(undo(&mut shop, fact), Err(PostError::PartOfPurchase { .. })));
    let free = Delivery { order: None, ..delivery(vec![line("a", "1", "1", "1")], None) };
    let fact = shop.deliver(free).unwrap().clone();
    assert_eq!(Step::of_fact(&fact), None, "no order hears of it");
    undo(&mut shop, fact).unwrap();
    assert_eq!(shop.at(Account::OnHand), pair("1", "1"));
    assert_eq!(shop.at(Account::Quarantine), pair("0", "0"));
}

#[test]
fn the_longest_delivery_fits() {
    let long = |sign: &str| sign.repeat(64);
    let line = |n: usize| Inspected {
        sku: format!("{n:03}{}", "x".repeat(61)).parse().unwrap(),
        lot: Some(long("l").parse().unwrap()),
        expiry: Some("2026-11-22".parse().unwrap()),
        accepted: Quantity::from_thousandths(999_999_999).unwrap(),
        rejected: Quantity::from_thousandths(999_999_999).unwrap(),
        price: money("999.9999"),
        weight: None,
        reason: Some("\"".repeat(MAX_LINE_REMARK_LEN).into()),
        photo: Some("\"".repeat(MAX_LINE_REMARK_LEN).into()),
    };
    let lines = (0..MAX_DELIVERY_LINES).map(line).collect();
    let mut shop = Shop::default();
    let fact = shop.deliver(delivery(lines, by("1", Spread::Value))).unwrap();
    assert!(crate::json::to_text(fact).len() <= crate::json::MAX_TEXT_LEN);
}

proptest! {
    /// Whatever came and went back, every unit of money that came in is somewhere, and what is sent
    /// back in parts is what was sent back as a whole.
    #[test]
    fn a_receipt_comes_apart_exactly(
        price in 0..90_000_i64,
        freight in 0..90_000_i64,
        parts in prop::collection::vec(1..4_000_i64, 1..6),
    ) {
        let all: i64 = parts.iter().sum();
        let raw = |raw: i64| Quantity::from_thousandths(raw).unwrap();
        let mut shop = Shop::default();
        let came = Inspected {
            accepted: raw(all),
            price: Money::from_ten_thousandths(price).unwrap(),
            weight: None,
            ..line("a", "1", "0", "0")
        };
        let freight = Freight { amount: Money::from_ten_thousandths(freight).unwrap(), by: Spread::Value };
        let fact = shop.deliver(delivery(vec![came], Some(freight))).unwrap();
        let cost = fact.movements[0].value;
        let mut back = Money::ZERO;
        for part in parts {
            let sent = shop.send_back(0, &[("a", &raw(part).to_string(), Pile::Shelf)]).unwrap();
            back = back.plus(sent.movements[0].value).unwrap();
        }
        prop_assert_eq!(back, cost);
        prop_assert_eq!(shop.at(Account::OnHand), pair("0", "0"));
    }
}

#[test]
fn what_goes_back_is_credited_at_what_the_supplier_asks_tax_included() {
    let mut shop = Shop::default();
    // Three for 10 and a freight of 6 that somebody else asks for: they cost 12 each.
    let lines = vec![line("cola", "3", "0", "10")];
    shop.deliver(delivery(lines, by("6", Spread::Value))).unwrap();
    let asked = Charged { quantity: qty("3"), net: money("30"), tax: money("3.90") };
    let back = |quantity: &str, from, charged: Option<Charged>| SendBack {
        receipt: shop.facts[0].clone(),
        earlier: vec![],
        reversed: Reversed::No,
        number: NonZeroU32::MIN,
        kind: ReturnKind::Refund,
        lines: vec![Back { sku: "cola".parse().unwrap(), quantity: qty(quantity), from }],
        held: BTreeMap::default(),
        charged: charged.map(|charged| ("cola".parse().unwrap(), charged)).into_iter().collect(),
        reason: "bad".into(),
    };
    let backs = [
        (back("1", Pile::Shelf, Some(asked)), "11.3"),
        (back("2", Pile::Shelf, Some(asked)), "22.6"),
        (back("1", Pile::Shelf, None), "12"),
    ];
    for (back, credited) in backs {
        let mut shop = Shop { stock: shop.stock.clone(), facts: shop.facts.clone() };
        let fact = shop.book(Command::Purchase(Box::new(Task::SendBack(Box::new(back))))).unwrap();
        let Some((_, crate::payable::What::Credit { amount })) = crate::payable::what(fact) else {
            panic!("a credit was due: {fact:?}");
        };
        assert_eq!(amount, money(credited));
    }
}
