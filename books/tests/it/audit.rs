//! What the books keep, against the facts: the checks find nothing in whole books, and what was
//! changed behind their back with its first fact.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use books::{Books, Reader};
use ledger::check::accounts::Accounts;
use ledger::check::{Check, Finding, Limits, StoreChecks, Terms};
use ledger::id::StoreId;
use ledger::time::Timestamp;
use rusqlite::Connection;

use super::shop::{Place, book, day, open, receive, seal, sell, store};

/// Two sealed days and a third that is pending.
fn shop(place: &Place) -> Books {
    let books = place.open("s.db", store("S1"));
    for number in 0..2 {
        book(&books, day(number), receive("cola", 100, "200"));
        book(&books, day(number), sell("cola", 3));
        book(&books, day(number), sell("cola", 1));
        seal(&books);
    }
    book(&books, day(2), sell("cola", 1));
    books
}

fn findings(books: &Books) -> Vec<Finding> {
    let reader = books.reader().unwrap();
    let me = StoreId::new("S1").unwrap();
    assert_eq!(reader.store_names().unwrap(), std::slice::from_ref(&me));
    let now = Timestamp::from_millis(i64::MAX / 2);
    let prices = reader.price_history().unwrap().into();
    let terms = Terms { now, limits: Limits::default(), prices };
    let mut checks = StoreChecks::new(&me, terms);
    for date in reader.days(&me).unwrap() {
        let facts = reader.facts_of_day(&me, date).unwrap();
        let facts = facts.iter().map(|stored| &stored.fact);
        facts.clone().for_each(|fact| checks.fact(fact));
        checks.close_day(date, &reader.flows_of_day(&me, date).unwrap(), &facts);
    }
    let balances = reader.store_balances(&me).unwrap();
    let mut found = checks.finish(balances.on_hand);
    let mut accounts = Accounts::default();
    balances.uneven.into_iter().for_each(|(sku, balance)| accounts.balance(sku, balance));
    reader.each_balance_elsewhere(|sku, balance| accounts.balance(sku, balance)).unwrap();
    found.extend(accounts.finish());
    found
}

fn findings_after(damage: &str) -> Vec<(Check, Option<String>)> {
    let place = Place::new();
    drop(shop(&place));
    let conn = Connection::open(place.file("s.db")).unwrap();
    assert!(conn.execute(damage, []).unwrap() > 0, "{damage}");
    drop(conn);
    let books = open(&place.file("s.db"), store("S1"));
    let told = |finding: Finding| (finding.check, finding.first_divergent.map(|id| id.to_string()));
    findings(&books).into_iter().map(told).collect()
}

#[test]
fn whole_books_have_no_findings() {
    let place = Place::new();
    let books = shop(&place);
    assert_eq!(findings(&books), []);
    seal(&books);
    assert_eq!(findings(&books), []);
    assert_eq!(books.reader().unwrap().days(&StoreId::new("S9").unwrap()).unwrap(), []);
}

#[test]
fn a_changed_day_is_found_with_its_fact() {
    // On hand is store 1, account 1. The fifth fact sold three.
    let lost = "UPDATE day_balance SET quantity_out = quantity_out - 3000, \
         value_out = value_out - 60000 WHERE place = 17 AND date = 20261121";
    let found = findings_after(lost);
    assert_eq!(found, [(Check::StockEquation, Some("1-5".to_owned()))]);

    let ghost = "INSERT INTO day_balance SELECT place, 20261201, sku, 1000, 0, 0, 0 \
         FROM day_balance WHERE place = 17 AND date = 20261121";
    assert_eq!(findings_after(ghost), [(Check::StockEquation, None)]);
}

#[test]
fn a_changed_balance_breaks_the_equation_and_the_sum() {
    let found = findings_after("UPDATE balance SET quantity = quantity + 1 WHERE place = 17");
    assert_eq!(found, [(Check::StockEquation, None), (Check::AccountSum, None)]);
    let found = findings_after("UPDATE balance SET value = value + 1 WHERE place <> 17");
    assert_eq!(found, [(Check::AccountSum, None)]);
}

#[test]
fn views_for_several_threads_show_one_moment() {
    let place = Place::new();
    let books = shop(&place);
    let me = StoreId::new("S1").unwrap();
    let is_done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_done.load(Ordering::Relaxed) {
                book(&books, day(2), sell("cola", 1));
            }
        });
        let mut sizes = Vec::new();
        for _ in 0..40 {
            let readers = books.readers(3).unwrap();
            let facts = |reader: &Reader| reader.facts_of_day(&me, day(2)).unwrap().len();
            let seen: Vec<_> = readers.iter().map(facts).collect();
            assert!(seen.iter().all(|facts| *facts == seen[0]), "{seen:?}");
            sizes.push(seen.len());
        }
        is_done.store(true, Ordering::Relaxed);
        assert!(sizes.contains(&3), "there is a moment between two commits: {sizes:?}");
    });
}
