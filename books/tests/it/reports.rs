//! Reports of periods against going through the facts one by one.

use std::collections::BTreeMap;

use books::Books;
use books::read::StockFilter;
use ledger::command::{AdjustLine, Command, ReversalTarget, Reversed, SaleLine};
use ledger::fact::{Fact, ReturnTerms};
use ledger::id::StoreId;
use ledger::movement::Account;
use ledger::report::{
    Answer, Borders, Buckets, Cell, Column, Direction, Flow, Group, MarginGroup, Measured, Note,
    Period, PurchaseGroup, Question, Rank, Report, Scope, flows,
};
use proptest::prelude::*;
use rusqlite::Connection;
use sync_proto::Writer;

use super::carried::{acknowledge, close_all};
use super::shop::{
    Place, assert_whole, book, day, post_in, read_model, receive, seal, sell, send, sku, store,
    units,
};

const SKUS: [&str; 3] = ["cola", "tea", "白菜"];

#[derive(Debug, Clone)]
enum Step {
    Receive(i32, usize, i64),
    Sell(i32, usize, i64),
    Return(i32, usize, i64),
    Adjust(i32, usize, i64),
    Scrap(i32, usize, i64),
    Reverse(i32, usize),
    Seal,
}

fn steps(days: i32) -> impl Strategy<Value = Vec<Step>> {
    let moved = move || (0..days, 0..SKUS.len(), 1..9_i64);
    let step = prop_oneof![
        4 => moved().prop_map(|(date, sku, count)| Step::Receive(date, sku, count)),
        8 => moved().prop_map(|(date, sku, count)| Step::Sell(date, sku, count)),
        2 => moved().prop_map(|(date, sku, count)| Step::Return(date, sku, count)),
        1 => moved().prop_map(|(date, sku, count)| Step::Adjust(date, sku, count - 9)),
        1 => moved().prop_map(|(date, sku, count)| Step::Adjust(date, sku, count)),
        1 => moved().prop_map(|(date, sku, count)| Step::Scrap(date, sku, count)),
        2 => (0..days, 0..60_usize).prop_map(|(date, pick)| Step::Reverse(date, pick)),
        3 => Just(Step::Seal),
    ];
    prop::collection::vec(step, 1..60)
}

fn play(shop: &Books, steps: &[Step]) -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    let mut undone = Vec::new();
    for step in steps {
        let line = |which: usize, count| {
            vec![AdjustLine { sku: sku(SKUS[which]), lot: None, quantity: units(count) }]
        };
        let reason = || "x".into();
        let (date, command) = match *step {
            Step::Seal => {
                seal(shop);
                continue;
            }
            Step::Receive(date, which, count) => (date, receive(SKUS[which], count, "7.77")),
            Step::Sell(date, which, count) => (date, sell(SKUS[which], count)),
            Step::Return(date, which, count) => {
                let Command::Sell { lines, payments } = sell(SKUS[which], count) else { continue };
                let lines: Vec<SaleLine> = lines;
                (
                    date,
                    Command::Return {
                        lines,
                        payments,
                        source: None,
                        terms: ReturnTerms::default(),
                    },
                )
            }
            Step::Adjust(date, which, count) => {
                (date, Command::Adjust { lines: line(which, count), reason: reason() })
            }
            Step::Scrap(date, which, count) => {
                (date, Command::Scrap { lines: line(which, count), reason: reason() })
            }
            Step::Reverse(date, pick) => {
                let Some(fact) = facts.get(pick).filter(|fact| fact.body.kind() != "reversal")
                else {
                    continue;
                };
                if undone.contains(&fact.id) {
                    continue;
                }
                undone.push(fact.id);
                let fact = fact.clone();
                let target = Box::new(ReversalTarget { fact, reversed: Reversed::No, returns: 0 });
                (date, Command::Reverse { target, reason: reason() })
            }
        };
        facts.push(shop.write(move |tx| post_in(tx, day(date), None, command)).unwrap());
    }
    facts
}

fn ask(books: &Books, report: Report, from: i32, to: i32) -> Answer {
    let period = Period::new(day(from), day(to)).unwrap();
    let scope = Scope { period, stores: Vec::new(), category: None };
    books.reader().unwrap().report(&Question { report, scope }).unwrap()
}

fn movements(books: &Books, by: Group, from: i32, to: i32) -> Answer {
    ask(books, Report::Movements { by }, from, to)
}

/// The integers of a column, by the first texts of the rows.
fn column(answer: &Answer, keys: usize, column: &Column) -> BTreeMap<String, i128> {
    let cells = answer.sheet.cells(column).unwrap();
    let key = |row: &Vec<Cell>| {
        let text =
            |cell: &Cell| if let Cell::Text(text) = cell { text.to_string() } else { panic!() };
        row[..keys].iter().map(text).collect::<Vec<_>>().join("/")
    };
    answer.sheet.rows.iter().map(key).zip(cells.map(Cell::number)).collect()
}

/// What facts up to a day did to the shelf: quantity and value by SKU.
fn stood(facts: &[Fact], through: i32) -> BTreeMap<String, (i128, i128)> {
    let mut sums: BTreeMap<String, (i128, i128)> = BTreeMap::new();
    for fact in facts.iter().filter(|fact| fact.date <= day(through)) {
        for movement in &fact.movements {
            for (account, quantity, value) in movement.legs() {
                if *account == Account::OnHand {
                    let sum = sums.entry(movement.sku.to_string()).or_default();
                    sum.0 += i128::from(quantity.thousandths());
                    sum.1 += i128::from(value.ten_thousandths());
                }
            }
        }
    }
    sums
}

/// A report of a period says what its facts say, and balances.
fn assert_recounts(books: &Books, facts: &[Fact], from: i32, to: i32) {
    let answer = movements(books, Group::Product, from, to);
    assert_eq!(answer.notes, [], "it balances");
    let both = |of: fn(Measured) -> Column| {
        let quantities = column(&answer, 1, &of(Measured::Quantity));
        let values = column(&answer, 1, &of(Measured::Value));
        let pairs = quantities.into_iter().zip(values.into_values());
        pairs.map(|((sku, quantity), value)| (sku, (quantity, value))).collect::<BTreeMap<_, _>>()
    };
    let listed = |mut naive: BTreeMap<String, (i128, i128)>| {
        let rows = column(&answer, 1, &Column::Closing(Measured::Quantity));
        naive.retain(|sku, amounts| *amounts != (0, 0) || rows.contains_key(sku));
        for sku in rows.into_keys() {
            naive.entry(sku).or_default();
        }
        naive
    };
    assert_eq!(both(Column::Opening), listed(stood(facts, from - 1)));
    assert_eq!(both(Column::Closing), listed(stood(facts, to)));
    for flow in Flow::ALL {
        let mut naive: BTreeMap<String, i128> = BTreeMap::new();
        for fact in facts.iter().filter(|fact| (day(from)..=day(to)).contains(&fact.date)) {
            for (sku, _, part) in flows(fact).into_iter().filter(|found| found.1 == flow) {
                *naive.entry(sku.to_string()).or_default() += i128::from(part.quantity);
            }
        }
        let found = column(&answer, 1, &Column::Flow(flow, Measured::Quantity));
        for (sku, quantity) in found {
            assert_eq!(quantity, naive.remove(&sku).unwrap_or(0), "{flow:?} of {sku}");
        }
        assert!(naive.into_values().all(|quantity| quantity == 0));
    }
    let total = answer.sheet.total.as_ref().unwrap();
    let at = |wanted: Column| {
        let at = answer.sheet.columns.iter().position(|column| *column == wanted).unwrap();
        total[at].number()
    };
    for measured in [Measured::Quantity, Measured::Value] {
        let moved =
            at(Column::Sum(Direction::In, measured)) - at(Column::Sum(Direction::Out, measured));
        assert_eq!(at(Column::Opening(measured)) + moved, at(Column::Closing(measured)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_period_is_what_its_facts_say(
        steps in steps(9), periods in prop::collection::vec((-1..10_i32, 0..10_i32), 4),
    ) {
        let place = Place::new();
        let shop = place.open("s.db", store("S1"));
        let hub = place.open("h.db", Writer::Hub);
        let facts = play(&shop, &steps);
        for (from, days) in &periods {
            assert_recounts(&shop, &facts, *from, from + days);
        }
        // What ends today is what the books say now.
        let now = shop.reader().unwrap().stock(&StockFilter::default()).unwrap();
        let now: BTreeMap<String, i128> = now.into_iter()
            .map(|row| (row.sku.to_string(), i128::from(row.stock.quantity.thousandths())))
            .collect();
        let today = movements(&shop, Group::Product, 8, 30);
        for (sku, quantity) in column(&today, 1, &Column::Closing(Measured::Quantity)) {
            prop_assert_eq!(quantity, now[&sku]);
        }
        // Head office says the same.
        seal(&shop);
        send(&shop, &hub);
        let (from, days) = periods[0];
        let by = Group::StoreAndProduct;
        prop_assert_eq!(
            movements(&shop, by, from, from + days), movements(&hub, by, from, from + days)
        );
        assert_whole(&shop);
    }

    #[test]
    fn books_of_an_older_form_are_sorted_into_this_one(steps in steps(9)) {
        let place = Place::new();
        let shop = place.open("s.db", store("S1"));
        play(&shop, &steps);
        drop(shop);
        let before = read_model(&place.file("s.db"));
        forget_flows(&place);
        let shop = place.open("s.db", store("S1"));
        prop_assert_eq!(&before, &read_model(&place.file("s.db")));
        assert_whole(&shop);
    }

    #[test]
    fn dropped_days_are_sorted_by_what_their_accounts_say(steps in steps(9)) {
        let place = Place::new();
        let shop = place.open("s.db", store("S1"));
        let hub = place.open("h.db", Writer::Hub);
        let facts = play(&shop, &steps);
        close_all(&shop);
        send(&shop, &hub);
        acknowledge(&shop);
        shop.drop_days(day(5), 100).unwrap();
        drop(shop);
        forget_flows(&place);
        let shop = place.open("s.db", store("S1"));
        for date in 0..9 {
            let answer = movements(&shop, Group::Product, date, date);
            prop_assert_eq!(answer.notes, []);
            let found = movements(&shop, Group::Product, date, 9);
            let closing = column(&found, 1, &Column::Closing(Measured::Quantity));
            for (sku, (quantity, _)) in stood(&facts, 9) {
                prop_assert_eq!(closing.get(&sku).copied().unwrap_or(0), quantity);
            }
        }
    }
}

/// As a book was before it told why goods moved.
fn forget_flows(place: &Place) {
    let conn = Connection::open(place.file("s.db")).unwrap();
    conn.execute_batch(
        "DELETE FROM day_flow; INSERT INTO meta (key, value) VALUES ('unsorted', 'days')",
    )
    .unwrap();
}

/// Ten colas on day 0 and ten on day 6, for 1 and 2 each; seven sold on day 2, two on day 7.
fn two_deliveries() -> (Place, Books) {
    let place = Place::new();
    let shop = place.open("s.db", store("S1"));
    book(&shop, day(0), receive("cola", 10, "10"));
    book(&shop, day(2), sell("cola", 7));
    book(&shop, day(6), receive("cola", 10, "20"));
    book(&shop, day(7), sell("cola", 2));
    (place, shop)
}

fn cell(answer: &Answer, wanted: &Column) -> Vec<i128> {
    answer.sheet.cells(wanted).unwrap().map(Cell::number).collect()
}

#[test]
fn what_is_left_is_as_old_as_the_deliveries_that_cover_it() {
    let (_place, shop) = two_deliveries();
    let buckets: Buckets = "3,20".parse().unwrap();
    let report = Report::Ageing { by: Group::Product, buckets };
    let answer = ask(&shop, report, 0, 8);
    let age = |from, to| cell(&answer, &Column::Age(from, to, Measured::Quantity))[0];
    assert_eq!([age(0, Some(3)), age(4, Some(20)), age(21, None)], [10_000, 1_000, 0]);
}

#[test]
fn turnover_and_sell_through_follow_the_days() {
    let (_place, shop) = two_deliveries();
    // Worth at the end of days 0..=9: 10, 10, 3, 3, 3, 3, 23, then 2/13 less.
    let answer = ask(&shop, Report::Turnover { by: Group::Store }, 0, 9);
    let cost = 70_000 + 35_385;
    assert_eq!(cell(&answer, &Column::CostOfSales), [cost]);
    let daily = 100_000 * 2 + 30_000 * 4 + 230_000 + 3 * (230_000 - 35_385);
    assert_eq!(cell(&answer, &Column::AverageStock), [(daily + 5) / 10]);
    let answer = ask(&shop, Report::SellThrough { by: Group::Store }, 0, 9);
    assert_eq!(cell(&answer, &Column::SellThrough), [4_500], "nine of twenty");
    assert_eq!(cell(&answer, &Column::ActiveRate), [10_000]);
    let report = Report::Cost { by: Group::Store, rate: 3_650, store_rates: Vec::new() };
    let answer = ask(&shop, report, 0, 9);
    assert_eq!(cell(&answer, &Column::HoldingCost), [(daily + 500) / 1_000], "a thousandth a day");
}

#[test]
fn suppliers_are_told_by_their_receipts() {
    let (_place, shop) = two_deliveries();
    let answer = ask(&shop, Report::Suppliers, 0, 9);
    assert_eq!(cell(&answer, &Column::Deliveries), [2]);
    assert_eq!(cell(&answer, &Column::BoughtValue), [300_000]);
    assert_eq!(cell(&answer, &Column::PriceTrend), [10_000], "twice as dear");
    let months = ask(&shop, Report::Purchases { by: PurchaseGroup::Month }, 0, 20);
    assert_eq!(months.sheet.rows[0][0], Cell::text("2026-11"));
    let abc = Report::Abc { rank: Rank::Margin, borders: Borders::default() };
    let abc = ask(&shop, abc, 0, 9);
    assert_eq!(abc.sheet.rows[0][0], Cell::text("A"));
    // Nine at 3.50 with 13 % in it, each receipt's tax to the coin.
    assert_eq!(cell(&abc, &Column::Sales), [315_000]);
    assert_eq!(cell(&abc, &Column::Margin), [315_000 - (28_200 + 8_100) - 105_385]);
}

#[test]
fn margin_and_tax_come_from_the_receipts() {
    let (_place, shop) = two_deliveries();
    let net = 315_000 - (28_200 + 8_100);
    for by in [MarginGroup::Product, MarginGroup::Store, MarginGroup::Operator] {
        let answer = ask(&shop, Report::Margin { by }, 0, 9);
        assert_eq!(cell(&answer, &Column::NetSales), [net]);
        assert_eq!(cell(&answer, &Column::CostOfSales), [105_385]);
        assert_eq!(cell(&answer, &Column::Margin), [net - 105_385]);
    }
    let tax = ask(&shop, Report::Tax, 0, 9);
    assert_eq!(cell(&tax, &Column::Rate), [1_300]);
    assert_eq!(cell(&tax, &Column::TaxDue), [36_300]);
    let profit = ask(&shop, Report::Profit, 0, 9);
    assert_eq!(cell(&profit, &Column::GrossProfit), [net - 105_385]);
    // Nobody is owed anything before there is an invoice.
    assert_eq!(ask(&shop, Report::Payables, 9, 9).sheet.rows.len(), 0);
}

#[test]
fn a_ledger_runs_from_opening_to_closing() {
    let (_place, shop) = two_deliveries();
    let answer = ask(&shop, Report::Ledger { sku: sku("cola") }, 1, 9);
    let running = cell(&answer, &Column::Closing(Measured::Quantity));
    assert_eq!(running, [10_000, 3_000, 13_000, 11_000]);
    let matrix = ask(&shop, Report::Matrix, 9, 9);
    let at = Column::At(StoreId::new("S1").unwrap());
    assert_eq!(cell(&matrix, &at), [11_000]);
    let stock = ask(&shop, Report::Stock, 2, 2);
    assert_eq!(cell(&stock, &Column::Closing(Measured::Quantity)), [3_000]);
}

#[test]
fn rows_that_do_not_balance_are_told() {
    let (place, shop) = two_deliveries();
    drop(shop);
    let conn = Connection::open(place.file("s.db")).unwrap();
    conn.execute_batch("UPDATE day_flow SET quantity = quantity + 1 WHERE date = 20261122")
        .unwrap();
    drop(conn);
    let shop = place.open("s.db", store("S1"));
    let answer = movements(&shop, Group::Product, 0, 9);
    assert_eq!(answer.notes, [Note::Unbalanced { rows: 1 }]);
    assert!(!shop.verify(|_| {}).unwrap().is_whole());
}
