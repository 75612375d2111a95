//! Days that are over, and what is found out late.

use ledger::close::ClosingStock;
use ledger::fact::{Body, Fact};
use ledger::json;
use store_node::{About, CloseRefused, NodeError, Notice, When};

use crate::shop::{Shop, sale};

/// An hour, in milliseconds.
const HOUR_MS: i64 = 3_600_000;

#[test]
fn a_business_day_lasts_until_the_cut_off() {
    let shop = Shop::open_until(Some("03:00"));
    shop.receive(&["cola:10@2"]);
    // Half past two at night.
    shop.clock.advance(17 * HOUR_MS + HOUR_MS / 2);
    let late = shop.sell(&["cola"], &[]).unwrap();
    assert_eq!(late.fact.date.to_string(), "2026-11-22");
    shop.clock.advance(HOUR_MS);
    let early = shop.sell(&["cola"], &[]).unwrap();
    assert_eq!(early.fact.date.to_string(), "2026-11-23");
}

#[test]
fn what_is_sold_after_the_close_belongs_to_the_next_day_and_says_when_it_was() {
    let shop = Shop::open();
    let today = shop.node.today();
    shop.receive(&["cola:10@2"]);
    let closed = shop.node.close_day(Some(today), None).unwrap();
    assert_eq!((closed.when, closed.fact.date), (When::Now, today));

    let sold = shop.sell(&["cola"], &[]).unwrap();
    let tomorrow = today.plus_days(1);
    assert_eq!((sold.fact.date, sold.fact.true_date), (tomorrow, Some(today)));
    assert_eq!(sold.notices, [Notice::DayClosed { happened: today, booked: tomorrow }]);
    let again = shop.node.close_day(Some(today), None).unwrap();
    assert_eq!((again.when, again.fact.id), (When::Before, closed.fact.id));
    let refused = shop.node.close_day(Some(tomorrow), None).unwrap_err();
    assert!(matches!(refused, NodeError::Close(CloseRefused::Future { .. })), "{refused}");

    // An imported slip of long ago goes to the open day as well.
    let about = About::default().on(today.plus_days(-40));
    let slip = shop.node.sell(about, sale(&["cola"], &[])).unwrap();
    assert_eq!((slip.fact.date, slip.fact.happened_on()), (tomorrow, today.plus_days(-40)));
}

#[test]
fn evenings_after_a_fact_that_came_back_are_closed_again() {
    let shop = Shop::open();
    let (first, second) = (shop.node.today(), shop.node.today().plus_days(1));
    shop.receive(&["cola:10@2"]);
    shop.node.close_day(Some(first), None).unwrap();
    shop.clock.advance(24 * HOUR_MS);
    shop.sell(&["cola"], &[]).unwrap();
    shop.node.close_day(Some(second), None).unwrap();
    // A sale of the first day, as the hub gives it back to a restored machine.
    let sold = shop.sell(&["cola:2"], &[]).unwrap().fact;
    let back = move |tx: &mut books::Tx<'_>| {
        let (id, bill) = (tx.next_fact_id()?, tx.next_bill(first)?);
        let fact = Fact { id, bill, date: first, true_date: None, request: None, ..sold };
        tx.append_fact(&fact, &json::to_text(&fact))
    };
    shop.node.books().write(back).unwrap();

    let closed = shop.node.close_day(Some(first), None).unwrap();
    assert_eq!((closed.when, closed.fact.date), (When::Now, first));
    assert_eq!((closed.earlier, closed.later), (vec![], vec![second]));
    let reader = shop.node.books().reader().unwrap();
    let evenings: Vec<_> = reader.closes(shop.node.store(), 9).unwrap();
    let on_hand = evenings.iter().map(|stored| match &stored.fact.body {
        Body::DayClose(close) => close.figures().stock.total.quantity,
        _ => panic!("{stored:?}"),
    });
    assert_eq!(on_hand.collect::<Vec<_>>(), [7_000, 8_000], "the last day first");
    let again = shop.node.close_day(Some(first), None).unwrap();
    assert_eq!((again.when, again.later), (When::Before, vec![]));
}

#[test]
fn each_of_many_open_days_is_closed_with_its_own_evening() {
    let shop = Shop::open();
    let last = shop.node.today();
    for days in (0..20).rev() {
        let about = || About::default().on(last.plus_days(-days));
        if days % 3 == 0 {
            let lines = vec!["cola:7@2.10".parse().unwrap()];
            let delivery = store_node::Receive { lines, supplier: None };
            shop.node.receive(about(), delivery).unwrap();
        }
        shop.node.sell(about(), sale(&["cola:2", "apple:0.4"], &[])).unwrap();
    }
    let closed = shop.node.close_day(None, Some("林晓".parse().unwrap())).unwrap();
    assert_eq!((closed.fact.date, closed.earlier.len()), (last, 19));

    let reader = shop.node.books().reader().unwrap();
    let closes = reader.closes(shop.node.store(), 99).unwrap();
    assert_eq!(closes.len(), 20);
    let mut facts = Vec::new();
    let keep = |stored: books::StoredFact| {
        facts.push(stored.fact);
        Ok::<_, books::BooksError>(())
    };
    reader.each_fact(shop.node.store(), keep).unwrap();
    for stored in closes {
        let Body::DayClose(close) = &stored.fact.body else { panic!("{stored:?}") };
        let mut evening = ClosingStock::default();
        let so_far = facts.iter().filter(|fact| fact.date <= stored.fact.date);
        so_far.for_each(|fact| evening.fact(fact));
        assert_eq!(close.figures().stock, evening.summary(), "{}", stored.fact.date);
        assert_eq!(stored.fact.operator, Some("林晓".parse().unwrap()));
    }
    assert!(shop.node.books().verify(|_| {}).unwrap().is_whole());
}
