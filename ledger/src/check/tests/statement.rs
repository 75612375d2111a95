//! What a shop says of its day against its facts.

use crate::check::example::{Shop, check, cola, date, id, store};
use crate::check::{Check, Finding, Observed, Proposal};
use crate::command::Command;
use crate::fact::Stated;
use crate::id::FactId;

type Told = (Check, Option<FactId>, Observed, Observed);

/// What is found of the honest shop after it says so of the first day, on which it took in ten, sold
/// two, then three, and threw nothing away.
fn stating(opening: &str, sold: &str, scrapped: &str, closing: &str) -> Vec<Told> {
    let mut shop = Shop::honest();
    state(&mut shop, [opening, sold, scrapped, closing]);
    let told = |f: Finding| {
        assert_eq!((f.store, f.sku, f.date), (Some(store()), Some(cola()), Some(date(0))));
        assert_eq!(f.proposal, Proposal::ComparePaper);
        (f.check, f.first_divergent, f.evidence.expected, f.evidence.found)
    };
    check(&shop.facts).into_iter().map(told).collect()
}

fn state(shop: &mut Shop, parts: [&str; 4]) {
    let [opening, sold, scrapped, closing] =
        parts.map(|text| (!text.is_empty()).then(|| text.parse().unwrap()));
    let lines = vec![Stated { sku: cola(), opening, sold, scrapped, closing }];
    shop.post(0, Command::State { lines });
}

fn units(units: i128) -> Observed {
    Observed::Quantity(units * 1_000)
}

#[test]
fn an_honest_statement_has_no_findings() {
    assert_eq!(stating("10", "5", "0", "5"), []);
    assert_eq!(stating("", "", "", "5"), []);
    assert_eq!(stating("", "5", "", ""), []);
}

#[test]
fn numbers_that_do_not_add_up_are_found() {
    let statement = Some(id(7));
    let told = [(Check::StatementSum, statement, units(6), units(5))];
    assert_eq!(stating("11", "5", "0", "5"), told);
}

#[test]
fn facts_beyond_what_is_stated_name_the_first_of_them() {
    // The second sale, of three, goes beyond four.
    let told = [(Check::Statement, Some(id(3)), units(5), units(4))];
    assert_eq!(stating("", "4", "", ""), told);
    let told = [(Check::Statement, Some(id(2)), units(5), units(1))];
    assert_eq!(stating("", "1", "", ""), told);
}

#[test]
fn what_is_stated_beyond_the_facts_names_the_statement() {
    let told = |due, found| [(Check::Statement, Some(id(7)), units(due), units(found))];
    assert_eq!(stating("", "6", "", ""), told(5, 6));
    assert_eq!(stating("", "5", "1", ""), told(0, 1));
    assert_eq!(stating("", "5", "0", "4"), told(5, 4));
}

#[test]
fn the_last_statement_counts_and_a_reversed_one_does_not() {
    let mut shop = Shop::honest();
    state(&mut shop, ["", "4", "", ""]);
    state(&mut shop, ["", "5", "", ""]);
    assert_eq!(check(&shop.facts), []);
    let mut shop = Shop::honest();
    state(&mut shop, ["", "6", "", ""]);
    assert_eq!(check(&shop.facts).len(), 1);
    shop.reverse(1, 7);
    assert_eq!(check(&shop.facts), []);
}
