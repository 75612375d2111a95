//! Shifts against their facts, and returns of other stores' sales.

use crate::amount::Money;
use crate::check::example::{Shop, check, cola, date, id, store};
use crate::check::returns::{self, Known};
use crate::check::{Check, Finding, Limits, Observed, Proposal};
use crate::command::Command;
use crate::fact::{Body, Elsewhere, Fact, PaymentMethod, ReturnTerms};
use crate::id::FactId;
use crate::shift::{Act, Counted, Drawer, Task};
use crate::time::Timestamp;

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

/// A shift on the first day that sells two colas for 6.50, and is closed with so much in the drawer.
fn shift(counted: Option<&str>) -> Shop {
    let mut shop = Shop::default();
    shop.receive(0, "10");
    let open = Task::Open { till: "1".parse().unwrap(), float: money("100") };
    shop.post(0, Command::Shift(open));
    shop.sell(0, "2");
    shop.facts[2].shift = Some(id(2));
    if let Some(counted) = counted {
        let drawer = Box::new(Drawer::of(id(2), &shop.facts));
        let counted = vec![(PaymentMethod::Cash, money(counted))];
        shop.post_in(Some(id(2)), 0, Command::Shift(Task::Close { counted, drawer }));
    }
    shop
}

fn only(found: Vec<Finding>) -> (Check, Option<FactId>, Observed, Observed) {
    assert_eq!(found.len(), 1, "one finding was due: {found:#?}");
    let finding = found.into_iter().next().unwrap();
    (finding.check, finding.first_divergent, finding.evidence.expected, finding.evidence.found)
}

#[test]
fn an_honest_shift_has_no_findings() {
    assert_eq!(check(&shift(Some("106.50")).facts), []);
    // Ten units of money may be off.
    assert_eq!(check(&shift(Some("96.50")).facts), []);
}

#[test]
fn a_difference_beyond_the_limit_is_found() {
    let told = only(check(&shift(Some("96.49")).facts));
    let (due, found) = (Observed::Money(1_065_000), Observed::Money(964_900));
    assert_eq!(told, (Check::ShiftDifference, Some(id(4)), due, found));
}

#[test]
fn a_close_that_reckons_with_other_facts_is_found() {
    let mut shop = shift(Some("106.50"));
    let Body::Shift(Act::Closed { counts }) = &mut shop.facts[3].body else { panic!("a close") };
    let expected = money("107");
    *counts = vec![Counted { expected, ..counts[0] }];
    let told = only(check(&shop.facts));
    let (due, found) = (Observed::Money(1_065_000), Observed::Money(1_070_000));
    assert_eq!(told, (Check::ShiftTakings, Some(id(4)), due, found));
}

#[test]
fn a_sale_after_the_close_is_found() {
    let mut shop = shift(Some("106.50"));
    shop.sell(0, "1");
    shop.facts[4].shift = Some(id(2));
    let told = only(check(&shop.facts));
    let (due, found) = (Observed::Fact(id(2)), Observed::Nothing);
    assert_eq!(told, (Check::ShiftTakings, Some(id(5)), due, found));
}

#[test]
fn a_shift_that_nobody_closed_is_found() {
    let told = only(check(&shift(None).facts));
    let (most, found) = (Observed::Days(1), Observed::Days(8));
    assert_eq!(told, (Check::ShiftOpen, Some(id(2)), most, found));
    let mut found = Vec::new();
    let mut shifts = super::super::shifts::Shifts::new(&store());
    let facts = shift(None).facts;
    facts.iter().for_each(|fact| shifts.fact(fact, Limits::default(), &mut found));
    let evening = Timestamp::from_millis(facts[1].at.millis() + 36_000_000);
    shifts.finish(evening, Limits::default(), &mut found);
    assert_eq!(found, []);
}

/// A return at `S7` of so many colas of the second sale of the honest shop, of three.
fn back(seq: u64, quantity: &str) -> Fact {
    let mut shop = Shop::default();
    let lines = vec![super::super::example::line(quantity)];
    let elsewhere =
        Some(Elsewhere { store: store(), bill: "S012-A-20261122-00003".parse().unwrap() });
    let terms = ReturnTerms { elsewhere, ..ReturnTerms::default() };
    shop.post(1, Command::Return { lines, payments: vec![], source: None, terms });
    Fact { id: id(seq), store: "S7".parse().unwrap(), ..shop.facts.remove(0) }
}

#[test]
fn more_than_was_sold_comes_back_at_two_stores() {
    let sale = &Shop::honest().facts[2];
    let told = |returns: &[Fact]| returns::check(Known { sale: Some(sale), returns });
    assert_eq!(told(&[back(1, "1"), back(2, "2")]), []);
    let found = told(&[back(1, "2"), back(2, "2")]);
    assert_eq!((found[0].sku.clone(), found[0].date), (Some(cola()), Some(date(1))));
    assert_eq!(found[0].subject.as_deref(), Some("S012-A-20261122-00003"));
    assert_eq!(found[0].proposal, Proposal::AskStore);
    let (sold, came) = (Observed::Quantity(3_000), Observed::Quantity(4_000));
    assert_eq!(only(found), (Check::ReturnsBeyondSale, Some(id(2)), sold, came));
}

#[test]
fn a_return_of_a_sale_that_nobody_wrote_is_found() {
    let found = returns::check(Known { sale: None, returns: &[back(1, "1")] });
    let (sold, came) = (Observed::Quantity(0), Observed::Quantity(1_000));
    assert_eq!(only(found), (Check::ReturnsBeyondSale, Some(id(1)), sold, came));
}
