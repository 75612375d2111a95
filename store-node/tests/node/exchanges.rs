//! Goods in bad condition, of other stores, too late, and exchanged for others.

use ledger::fact::{Body, Cause, Condition, Reduction};
use ledger::movement::Account;
use store_node::ask::basket::{DropBasket, ListBaskets, ParkBasket, ShowBasket};
use store_node::door::Door as _;
use store_node::home::{NoReceipt, ReturnRules};
use store_node::request::{Exchange, FactRef, Request, SaleLine};
use store_node::{About, Booked, Config, GiveBack, Result, Sell};

use crate::shop::{Shop, refusal, sale, total};

fn lines(lines: &[&str]) -> Vec<SaleLine> {
    lines.iter().map(|line| line.parse().unwrap()).collect()
}

fn exchange(
    shop: &Shop,
    about: About,
    (of, back, take): (&Booked, &str, &str),
    pay: &[&str],
) -> Result<Booked> {
    let source = Some(FactRef::Id(of.fact.id));
    let back = GiveBack { source, lines: lines(&[back]), ..GiveBack::default() };
    let take = Sell { lines: lines(&[take]), ..Sell::default() };
    let payments = pay.iter().map(|pay| pay.parse().unwrap()).collect();
    shop.node.book(Request { about, task: Exchange { back, take, payments }.into() })
}

fn paid(fact: &ledger::fact::Fact) -> Vec<(&'static str, String)> {
    let (receipt, _) = ledger::shift::money_of(fact).unwrap();
    receipt.payments.iter().map(|it| (it.method.name(), it.amount.to_string())).collect()
}

#[test]
fn an_exchange_is_a_return_and_a_sale_of_which_the_difference_is_paid() {
    let shop = Shop::open();
    shop.receive(&["cola:10@2", "apple:10@5"]);
    let sold = shop.sell(&["cola:2"], &[]).unwrap();
    let about = About::named("swap".parse().unwrap());
    let swap = (&sold, "cola:1", "apple:1");
    let done = exchange(&shop, about.clone(), swap, &["card"]).unwrap();
    let taken = done.also.clone().expect("a sale");
    let Body::SaleReturn { terms, .. } = &done.fact.body else { panic!("a return") };
    assert_eq!(terms.exchange, Some(taken.id));
    assert_eq!(paid(&done.fact), [("cash", "3.5".to_owned())]);
    assert_eq!(paid(&taken), [("cash", "3.5".to_owned()), ("card", "9.3".to_owned())]);

    // Asked again it is the same; something else under its name is refused.
    let again = exchange(&shop, about.clone(), swap, &["card"]).unwrap();
    assert_eq!((&again.fact, again.also.as_ref()), (&done.fact, Some(&taken)));
    let other = exchange(&shop, about, (&sold, "cola:1", "apple:2"), &["card"]);
    assert!(refusal(other).contains("something else"));

    // Dearer goods come back: the rest is paid back, and no more than was sold.
    let apples = Booked { fact: taken, ..done };
    let about = About::default();
    let back = exchange(&shop, about.clone(), (&apples, "apple:1", "cola:1"), &[]).unwrap();
    assert_eq!(paid(&back.fact), [("cash", "3.5".to_owned()), ("cash", "9.3".to_owned())]);
    let before = shop.node.books().reader().unwrap().stock(&Default::default()).unwrap();
    let more = exchange(&shop, about.clone(), (&apples, "apple:1", "cola:1"), &[]);
    assert!(refusal(more).contains("0 can be"));
    // Without cash nobody gets change.
    let card = exchange(&shop, about, (&sold, "cola:1", "apple:1"), &["card:12"]);
    assert_eq!(refusal(card), "12 is paid without cash, the difference is 9.3");
    let after = shop.node.books().reader().unwrap().stock(&Default::default()).unwrap();
    assert_eq!(before, after, "what is refused has moved nothing");
}

#[test]
fn damaged_goods_do_not_come_back_to_the_shelf() {
    let shop = Shop::open();
    shop.receive(&["cola:10@2"]);
    let sold = shop.sell(&["cola:3"], &[]).unwrap();
    let back = |condition| GiveBack {
        source: Some(FactRef::Id(sold.fact.id)),
        lines: lines(&["cola"]),
        condition,
        ..GiveBack::default()
    };
    for (condition, to) in [
        (Condition::Sellable, Account::OnHand),
        (Condition::Damaged, Account::Quarantine),
        (Condition::Worthless, Account::Scrap),
    ] {
        let booked = shop.node.give_back(About::default(), back(condition)).unwrap();
        let last = booked.fact.movements.last().unwrap();
        assert_eq!((&last.to, last.value.to_string()), (&to, "2".to_owned()));
        assert_eq!(total(&booked), "3.5");
    }
    let stock = shop.node.books().reader().unwrap().stock(&Default::default()).unwrap();
    assert_eq!(stock[0].stock.quantity.to_string(), "8");
}

#[test]
fn the_rules_of_the_shop_hold() {
    let shop = Shop::open();
    let returns = ReturnRules {
        window_days: Some(7),
        without_receipt: NoReceipt::Refused,
        approve_above: "20".parse().ok(),
    };
    let config = Config { returns, ..shop.node.config().clone() };
    shop.node.home().write_config(&config).unwrap();
    let shop = shop.reopened();
    let sold = shop.sell(&["cola:10"], &[]).unwrap();
    let back = |lines: Vec<SaleLine>, approved: Option<&str>| GiveBack {
        source: Some(FactRef::Id(sold.fact.id)),
        lines,
        approved: approved.map(|name| name.parse().unwrap()),
        ..GiveBack::default()
    };
    let lin = About::default().by("林晓".parse().unwrap());
    let give = |about: &About, back| shop.node.give_back(about.clone(), back);
    let unproven = GiveBack { source: None, ..back(lines(&["cola"]), None) };
    assert_eq!(refusal(give(&lin, unproven)), "goods are not taken back without a receipt");
    let much = back(lines(&["cola:6"]), None);
    assert_eq!(
        refusal(give(&lin, much.clone())),
        "21 is more than 20, above which a second person approves"
    );
    let own = back(lines(&["cola:6"]), Some("林晓"));
    assert_eq!(refusal(give(&lin, own)), "林晓 cannot approve their own return");
    give(&lin, back(lines(&["cola:6"]), Some("周敏"))).unwrap();
    shop.clock.advance(8 * 86_400_000);
    let late = refusal(give(&lin, back(lines(&["cola"]), None)));
    assert_eq!(late, "the goods were sold 8 days ago; after 7 a second person approves");
}

#[test]
fn the_price_of_the_line_comes_back_with_its_causes() {
    let shop = Shop::open();
    let sold = shop.sell(&["cola:4-2.00"], &[]).unwrap();
    // As the shop's promotions will have it.
    let mut fact = sold.fact.clone();
    let Body::RetailSale(receipt) = &mut fact.body else { panic!("a sale") };
    let promotion = Cause::Promotion("SP1".parse().unwrap());
    let cut = |cause, amount: &str| Reduction { cause, amount: amount.parse().unwrap() };
    receipt.lines[0].priced.reductions = vec![cut(promotion, "1"), cut(Cause::Basket, "0.5")];
    fact.id.seq += 1;
    fact.bill = "S012-A-20261122-00002".parse().unwrap();
    let text = ledger::json::to_text(&fact);
    let id = fact.id;
    shop.node
        .books()
        .write(move |tx| -> Result<(), books::BooksError> { tx.append_fact(&fact, &text) })
        .unwrap();
    let give_back =
        GiveBack { source: Some(FactRef::Id(id)), lines: lines(&["cola"]), ..GiveBack::default() };
    let back = shop.node.give_back(About::default(), give_back).unwrap();
    let Body::SaleReturn { receipt, .. } = &back.fact.body else { panic!("a return") };
    let line = &receipt.lines[0];
    assert_eq!((line.total.to_string(), line.discount.to_string()), ("3".into(), "0.5".into()));
    let told: Vec<_> = line.priced.reductions.iter().map(|it| it.amount.to_string()).collect();
    assert_eq!(told, ["0.25", "0.13"]);
}

#[test]
fn a_sale_of_another_store_comes_back_at_what_is_known_here() {
    let shop = Shop::open();
    shop.receive(&["cola:10@2"]);
    let give_back = GiveBack {
        source: Some(FactRef::Bill("S003-A-20261120-00012".parse().unwrap())),
        lines: lines(&["cola:2@3"]),
        ..GiveBack::default()
    };
    let about = About::named("far".parse().unwrap());
    let back = shop.node.give_back(about.clone(), give_back.clone()).unwrap();
    let Body::SaleReturn { source: None, terms, .. } = &back.fact.body else { panic!("a return") };
    let from = terms.elsewhere.as_ref().unwrap();
    assert_eq!((from.store.as_str(), from.bill.as_str()), ("S003", "S003-A-20261120-00012"));
    assert_eq!((total(&back), back.fact.movements[0].value.to_string()), ("6".into(), "4".into()));
    assert_eq!(shop.node.give_back(about.clone(), give_back.clone()).unwrap().fact, back.fact);
    let source = Some(FactRef::Bill("S003-A-20261120-00013".parse().unwrap()));
    let other = shop.node.give_back(about, GiveBack { source, ..give_back });
    assert!(refusal(other).contains("something else"));
}

#[test]
fn a_parked_basket_waits_through_a_restart_and_is_sold_once() {
    let shop = Shop::open();
    let park = |line: &str| ParkBasket {
        name: "table 4".parse().unwrap(),
        basket: sale(&[line], &[]),
        operator: None,
    };
    let parked = shop.node.ask(park("cola:2")).unwrap();
    assert_eq!(shop.node.ask(park("cola:2")).unwrap(), parked);
    let other = shop.node.ask(park("cola:3")).unwrap_err().to_string();
    assert_eq!(other, "another basket is parked as table 4");

    let shop = shop.reopened();
    shop.clock.advance(60_000);
    let found = shop.node.ask(ListBaskets {}).unwrap();
    assert_eq!(found.as_of.millis() - found.baskets[0].at.millis(), 60_000);
    let name = parked.name.clone();
    let shown = shop.node.ask(ShowBasket { name: name.clone() }).unwrap();
    let sell = || {
        let about = About { request: shown.request(), ..About::default() };
        shop.node.sell(about, shown.basket.clone()).unwrap()
    };
    assert_eq!(total(&sell()), "7");
    assert_eq!(sell().fact.id, sell().fact.id, "sold under its own name it is sold once");
    shop.node.ask(DropBasket { name: name.clone() }).unwrap();
    shop.node.ask(DropBasket { name: name.clone() }).unwrap();
    assert_eq!(shop.node.ask(ListBaskets {}).unwrap().baskets, []);
    let gone = shop.node.ask(ShowBasket { name }).unwrap_err().to_string();
    assert_eq!(gone, "no basket is parked as table 4");
    // The name is free for the next one, which is another sale.
    shop.clock.advance(60_000);
    let next = shop.node.ask(park("cola")).unwrap();
    assert_ne!(next.request(), shown.request());
}
