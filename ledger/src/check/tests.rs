//! For each check an input that makes it fail, told with its first divergent fact and nothing
//! beside it; and one that every check passes.

mod invoices;
mod purchases;
mod reference;
mod replicas;
mod shifts;
mod statement;
mod transfers;

use super::example::{DAY, MINUTE, MORNING, Shop, check, check_kept, cola, date, id, stock, store};
use super::{Check, Finding, Observed, Proposal, Severity, accounts::Accounts};
use crate::amount::{Money, Quantity};
use crate::fact::{Body, Fact, Receipt, SignedReceipt};
use crate::id::FactId;
use crate::movement::{Account, Movement};
use crate::time::Timestamp;

/// What the checks say of the honest shop after a fault was planted in its facts.
fn after(plant: impl FnOnce(&mut Vec<Fact>)) -> Vec<Finding> {
    let mut facts = Shop::honest().facts;
    plant(&mut facts);
    check(&facts)
}

/// The only finding.
fn only(mut found: Vec<Finding>) -> Finding {
    assert_eq!(found.len(), 1, "one finding was due: {found:#?}");
    found.remove(0)
}

fn told(finding: &Finding) -> (Check, Option<FactId>, &Observed, &Observed) {
    let evidence = &finding.evidence;
    (finding.check, finding.first_divergent, &evidence.expected, &evidence.found)
}

fn receipt(fact: &mut Fact) -> &mut Receipt {
    let Body::RetailSale(receipt) = &mut fact.body else { panic!("a sale") };
    receipt
}

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

#[test]
fn honest_books_have_no_findings() {
    assert_eq!(check(&Shop::honest().facts), []);
    assert_eq!(check(&[]), []);
}

#[test]
fn a_kept_day_that_lost_a_fact_names_that_fact() {
    let shop = Shop::honest();
    let mut kept = shop.kept();
    // The second sale, of three at 2 each, is missing from what is kept of the day.
    kept.get_mut(&date(0)).unwrap().outward = stock(2_000, 40_000);
    let found = only(check_kept(&shop.facts, &kept, |end| end));
    let (due, kept) = (stock(5_000, 100_000), stock(8_000, 160_000));
    assert_eq!(
        told(&found),
        (Check::StockEquation, Some(id(3)), &Observed::Stock(due), &Observed::Stock(kept))
    );
    assert_eq!((found.store, found.sku), (Some(store()), Some(cola())));
    assert_eq!((found.date, found.proposal), (Some(date(0)), Proposal::Rebuild));
}

#[test]
fn errors_that_cancel_each_other_in_the_evening_are_found() {
    let shop = Shop::honest();
    let mut kept = shop.kept();
    let day = kept.get_mut(&date(1)).unwrap();
    day.inward.quantity += 1_000;
    day.outward.quantity += 1_000;
    let found = only(check_kept(&shop.facts, &kept, |end| end));
    let (due, kept) = (stock(4_000, 80_000), stock(5_000, 80_000));
    assert_eq!(
        told(&found),
        (Check::StockEquation, Some(id(4)), &Observed::Stock(due), &Observed::Stock(kept))
    );
}

#[test]
fn kept_days_and_stock_without_facts_are_found() {
    let shop = Shop::honest();
    let mut kept = shop.kept();
    let mut ghost = kept[&date(1)].clone();
    (ghost.inward, ghost.outward) = (stock(1_000, 0), stock(0, 0));
    kept.insert(date(2), ghost);
    let found = only(check_kept(&shop.facts, &kept, |end| end));
    assert_eq!((found.check, found.first_divergent), (Check::StockEquation, None));
    assert_eq!(found.date, Some(date(2)));

    let bend = |end: crate::fold::Balance| stock(end.quantity - 1_000, end.value);
    let found = only(check_kept(&shop.facts, &shop.kept(), bend));
    assert_eq!((found.check, found.date), (Check::StockEquation, None));
    // A day of which nothing is kept is wrong from its first fact on.
    let mut kept = shop.kept();
    kept.remove(&date(1));
    let found = only(check_kept(&shop.facts, &kept, |end| end));
    assert_eq!((found.check, found.first_divergent), (Check::StockEquation, Some(id(4))));
}

#[test]
fn accounts_that_do_not_add_up_are_found() {
    let mut even = Accounts::default();
    even.balance(cola(), stock(-5_000, -9));
    even.balance(cola(), stock(5_000, 9));
    assert_eq!(even.finish(), []);
    let mut odd = Accounts::default();
    odd.balance(cola(), stock(-5_000, -9));
    odd.balance(cola(), stock(5_000, 10));
    let found = only(odd.finish());
    assert_eq!((found.check, found.store, found.sku), (Check::AccountSum, None, Some(cola())));
    assert_eq!(found.evidence.found, Observed::Stock(stock(0, 1)));
}

#[test]
fn a_missing_fact_names_the_first_after_the_gap() {
    // Its bill is missing, too, and what names it leads nowhere.
    let found = after(|facts| drop(facts.remove(2)));
    let told: Vec<_> = found.iter().map(told).collect();
    assert_eq!(
        told,
        [
            (Check::Sequence, Some(id(4)), &Observed::Numbers(3, 3), &Observed::Nothing),
            (Check::OrphanReference, Some(id(5)), &Observed::Fact(id(3)), &Observed::Nothing),
        ]
    );
}

#[test]
fn a_number_given_twice_is_found() {
    let found = after(|facts| facts[2].id = id(2));
    assert!(found.iter().any(|f| (f.check, f.first_divergent) == (Check::Sequence, Some(id(2)))));
}

#[test]
fn bills_are_there_once_without_gaps_and_in_their_place() {
    let found = only(after(|facts| facts[2].bill = facts[1].bill.clone()));
    let bill = Observed::Bill("S012-A-20261122-00002".parse().unwrap());
    assert_eq!(told(&found), (Check::DuplicateBill, Some(id(3)), &Observed::Nothing, &bill));

    let far: crate::id::BillNo = "S012-A-20261122-00007".parse().unwrap();
    let found = only(after(|facts| facts[2].bill = far.clone()));
    let (missing, bill) = (Observed::Numbers(3, 6), Observed::Bill(far));
    assert_eq!(told(&found), (Check::MissingBill, Some(id(3)), &missing, &bill));

    for elsewhere in ["S013-A-20261122-00003", "S012-B-20261122-00003", "S012-A-20261121-00003"] {
        let found = only(after(|facts| facts[2].bill = elsewhere.parse().unwrap()));
        assert_eq!((found.check, found.first_divergent), (Check::MisnamedBill, Some(id(3))));
        assert_eq!(found.severity(), Severity::Warning);
    }
}

#[test]
fn negative_stock_is_told_with_the_fact_that_made_it_so() {
    let mut shop = Shop::honest();
    shop.sell(1, "8");
    shop.sell(1, "1");
    let found = only(check(&shop.facts));
    let (due, missing) = (Observed::Quantity(0), Observed::Quantity(-1_000));
    assert_eq!(told(&found), (Check::NegativeStock, Some(id(8)), &due, &missing));
    assert_eq!((found.date, found.proposal), (Some(date(1)), Proposal::Count));
    // What was made good is no finding.
    shop.receive(1, "5");
    assert_eq!(check(&shop.facts), []);
}

#[test]
fn value_that_stays_when_the_goods_are_gone_is_found() {
    let mut shop = Shop::honest();
    shop.sell(1, "8");
    let last = shop.facts.last_mut().unwrap();
    last.movements[0].value = last.movements[0].value.minus(money("0.0001")).unwrap();
    let found = only(check(&shop.facts));
    let (none, left) = (Observed::Money(0), Observed::Money(1));
    assert_eq!(told(&found), (Check::ValueWithoutQuantity, Some(id(7)), &none, &left));
}

#[test]
fn payments_that_are_not_the_total_are_found() {
    let found = only(after(|facts| receipt(&mut facts[1]).payments[0].amount = money("6.4")));
    let (due, paid) = (Observed::Money(65_000), Observed::Money(64_000));
    assert_eq!(told(&found), (Check::Payments, Some(id(2)), &due, &paid));
    assert_eq!(found.severity(), Severity::Error);
}

#[test]
fn a_line_that_does_not_multiply_is_found_beyond_a_coin() {
    let raise = |facts: &mut Vec<Fact>, to: &str| {
        let receipt = receipt(&mut facts[1]);
        receipt.lines[0].total = money(to);
        receipt.payments[0].amount = money(to);
    };
    assert_eq!(after(|facts| raise(facts, "6.51")), []);
    let found = only(after(|facts| raise(facts, "6.52")));
    let (due, total) = (Observed::Money(65_000), Observed::Money(65_200));
    assert_eq!(told(&found), (Check::LineTotal, Some(id(2)), &due, &total));
    assert_eq!(found.evidence.line, Some(1));
}

#[test]
fn a_line_sold_below_nothing_is_found() {
    // 2 × 3.50 − 8 = −1, paid as such: everything adds up, and no shop sells so.
    let found = only(after(|facts| {
        let receipt = receipt(&mut facts[1]);
        receipt.lines[0].discount = money("8");
        receipt.lines[0].total = money("-1");
        receipt.payments[0].amount = money("-1");
    }));
    let (least, total) = (Observed::Money(0), Observed::Money(-10_000));
    assert_eq!(told(&found), (Check::BelowNothing, Some(id(2)), &least, &total));
}

#[test]
fn goods_that_are_on_the_receipt_and_did_not_move_are_found() {
    let found = only(after(|facts| {
        facts[1].movements[0].quantity = Quantity::units(1).unwrap();
    }));
    let (due, moved) = (Observed::Quantity(2_000), Observed::Quantity(1_000));
    assert_eq!(told(&found), (Check::ReceiptGoods, Some(id(2)), &due, &moved));
    assert_eq!(found.sku, Some(cola()));
    // Another SKU that left with it is one too many.
    let found = only(after(|facts| {
        let movement = facts[1].movements[0].clone();
        let (from, sku) = (Account::Quarantine, "apple".parse().unwrap());
        facts[1].movements.push(Movement { from, sku, ..movement });
    }));
    assert_eq!((found.check, found.sku), (Check::ReceiptGoods, Some("apple".parse().unwrap())));
}

#[test]
fn clocks_that_run_back_or_ahead_are_told_once() {
    let set = |fact: &mut Fact, at: i64| fact.at = Timestamp::from_millis(at);
    let found = only(after(|facts| set(&mut facts[2], MORNING - 10 * MINUTE)));
    assert_eq!((found.check, found.first_divergent), (Check::ClockSkew, Some(id(3))));
    let earlier = Observed::Time(Timestamp::from_millis(MORNING + 2 * MINUTE));
    assert_eq!(found.evidence.expected, earlier);
    assert_eq!(after(|facts| set(&mut facts[2], MORNING - 2 * MINUTE)), []);

    // Two facts of next month, and two of 1970.
    for start in [MORNING + 30 * DAY, 0] {
        let found = only(
            after(|facts| {
                set(&mut facts[1], start + DAY);
                set(&mut facts[2], start + 2 * DAY);
                if start == 0 {
                    (facts[1].date, facts[2].date) = (facts[0].date, facts[0].date);
                }
            })
            .into_iter()
            .filter(|found| found.check == Check::ClockSkew)
            .collect(),
        );
        assert_eq!(found.first_divergent, Some(id(2)));
        assert_eq!(found.proposal, Proposal::SetClock);
    }
}

#[test]
fn a_day_that_had_not_begun_is_implausible() {
    let found = after(|facts| {
        let fact = &mut facts[5];
        fact.date = date(3);
        fact.bill = "S012-A-20261125-00001".parse().unwrap();
    });
    let found = only(found);
    let (latest, booked) = (Observed::Day(date(2)), Observed::Day(date(3)));
    assert_eq!(told(&found), (Check::ImplausibleDate, Some(id(6)), &latest, &booked));
}

#[test]
fn a_reference_to_nothing_or_to_itself_is_found() {
    for named in [id(99), id(4), FactId { epoch: id(1).epoch.next(), seq: 1 }] {
        let found = only(after(|facts| {
            let Body::SaleReturn { source, .. } = &mut facts[3].body else { panic!("a return") };
            *source = Some(named);
        }));
        let (due, nothing) = (Observed::Fact(named), Observed::Nothing);
        assert_eq!(told(&found), (Check::OrphanReference, Some(id(4)), &due, &nothing));
    }
}

#[test]
fn names_lead_back_to_what_they_name() {
    for check in Check::ALL {
        assert_eq!(check.to_string().parse(), Ok(*check));
    }
    for severity in Severity::ALL {
        assert_eq!(severity.to_string().parse(), Ok(severity));
    }
    assert!("all-well".parse::<Check>().is_err());
    for proposal in Proposal::ALL {
        assert_eq!(proposal.to_string().parse(), Ok(proposal));
    }
}

#[test]
fn a_wrong_receipt_that_was_reversed_is_right_again() {
    let mut shop = Shop::honest();
    shop.sell(1, "1");
    receipt(&mut shop.facts[6]).payments[0].amount = money("2");
    assert_eq!(only(check(&shop.facts)).check, Check::Payments);
    shop.reverse(1, 7);
    assert_eq!(check(&shop.facts), []);
    // What undid an honest sale and bears a mistake is wrong.
    let Body::Reversal { receipt: Some(SignedReceipt::OfSale(receipt)), .. } =
        &mut shop.facts[4].body
    else {
        panic!("a reversal of a sale")
    };
    receipt.payments[0].amount = money("2");
    assert_eq!(only(check(&shop.facts)).first_divergent, Some(id(5)));
}
