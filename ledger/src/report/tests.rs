//! Reports against naive models: goods counted one by one, days gone through one by one.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::amount::{Money, Quantity, TaxRate};
use crate::command::{AdjustLine, Command, InboundLine, ReversalTarget, Reversed, SaleLine};
use crate::cost::Position;
use crate::fact::{Fact, Priced};
use crate::fold::Balance;
use crate::id::{BillNo, Epoch, FactId, Sku, StoreId};
use crate::movement::{Account, Movement};
use crate::post::{Header, post};
use crate::time::{BusinessDate, Timestamp};

fn day(offset: i32) -> BusinessDate {
    "2026-01-31".parse::<BusinessDate>().unwrap().plus_days(offset)
}

fn sku() -> Sku {
    "cola".parse().unwrap()
}

/// A shop with one product.
#[derive(Default)]
struct Shop {
    stock: BTreeMap<Sku, Position>,
    facts: Vec<Fact>,
}

impl Shop {
    fn book(&mut self, command: Command) -> &Fact {
        let seq = self.facts.len() as u64 + 1;
        let header = Header {
            id: FactId { epoch: Epoch::FIRST, seq },
            store: StoreId::new("S01").unwrap(),
            date: day(0),
            true_date: None,
            at: Timestamp::from_millis(0),
            bill: BillNo::new(&format!("S01-A-20260131-{seq:05}")).unwrap(),
            request: None,
            operator: None,
            shift: None,
            member: None,
        };
        let fact = post(header, command, &self.stock).unwrap().fact;
        let position = self.stock.entry(sku()).or_default();
        let change = on_hand(&fact);
        let whole = |number: i128| i64::try_from(number).unwrap();
        let quantity = Quantity::from_thousandths(whole(change.quantity)).unwrap();
        let value = Money::from_ten_thousandths(whole(change.value)).unwrap();
        position.quantity = position.quantity.plus(quantity).unwrap();
        position.value = position.value.plus(value).unwrap();
        for (_, cost) in crate::cost::inbound_cost(&fact) {
            position.last_cost = Some(cost);
        }
        self.facts.push(fact);
        self.facts.last().unwrap()
    }
}

fn on_hand(fact: &Fact) -> Balance {
    let mut sum = Balance::default();
    for (account, quantity, value) in fact.movements.iter().flat_map(Movement::legs) {
        if *account == Account::OnHand {
            sum.quantity += i128::from(quantity.thousandths());
            sum.value += i128::from(value.ten_thousandths());
        }
    }
    sum
}

fn summary<'f>(facts: impl IntoIterator<Item = &'f Fact>) -> Summary {
    let mut summary = Summary::default();
    for fact in facts {
        for (_, flow, part) in flows(fact) {
            summary.add_flow(flow, part.into());
        }
        let change = on_hand(fact);
        summary.closing.quantity += change.quantity;
        summary.closing.value += change.value;
    }
    summary
}

#[derive(Debug, Clone)]
enum Deed {
    Open(i64, i64),
    Receive(i64, i64),
    Sell(i64),
    Adjust(i64),
    Scrap(i64),
    UndoLast,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        (1..50_i64, 0..9_000_i64).prop_map(|(n, cost)| Deed::Open(n, cost)),
        (1..50_i64, 0..9_000_i64).prop_map(|(n, cost)| Deed::Receive(n, cost)),
        (1..30_i64).prop_map(Deed::Sell),
        (-9..9_i64).prop_filter("not nothing", |n| *n != 0).prop_map(Deed::Adjust),
        (1..9_i64).prop_map(Deed::Scrap),
        Just(Deed::UndoLast),
    ];
    prop::collection::vec(deed, 1..30)
}

fn command(deed: &Deed, shop: &Shop) -> Option<Command> {
    let quantity = |n: i64| Quantity::units(n).unwrap();
    let inbound = |n, cost| {
        let cost = Money::from_ten_thousandths(cost * 100).unwrap();
        vec![InboundLine { sku: sku(), lot: None, quantity: quantity(n), cost }]
    };
    let adjust = |n| vec![AdjustLine { sku: sku(), lot: None, quantity: quantity(n) }];
    Some(match *deed {
        Deed::Open(n, cost) => Command::Opening { lines: inbound(n, cost) },
        Deed::Receive(n, cost) => {
            Command::Receive { lines: inbound(n, cost), supplier: None, lots: vec![] }
        }
        Deed::Sell(n) => {
            let line = SaleLine {
                sku: sku(),
                quantity: quantity(n),
                list_price: "3.50".parse().unwrap(),
                discount: Money::ZERO,
                tax_rate: TaxRate::from_basis_points(1_300).unwrap(),
                priced: Priced::default(),
            };
            Command::Sell { lines: vec![line], payments: Vec::new() }
        }
        Deed::Adjust(n) => Command::Adjust { lines: adjust(n), reason: "x".into() },
        Deed::Scrap(n) => Command::Scrap { lines: adjust(n), reason: "x".into() },
        Deed::UndoLast => {
            let fact = shop.facts.last()?.clone();
            if fact.body.kind() == "reversal" {
                return None;
            }
            let target = Box::new(ReversalTarget { fact, reversed: Reversed::No, returns: 0 });
            Command::Reverse { target, reason: "x".into() }
        }
    })
}

proptest! {
    /// Whatever is booked: what came less what went is what the movements did to the shelf.
    #[test]
    fn every_summary_balances(deeds in deeds()) {
        let mut shop = Shop::default();
        for deed in &deeds {
            if let Some(command) = command(deed, &shop) {
                shop.book(command);
            }
        }
        for fact in &shop.facts {
            let one = summary([fact]);
            prop_assert!(one.balances(), "{fact:?}");
        }
        let (first, second) = shop.facts.split_at(shop.facts.len() / 2);
        let (mut before, after) = (summary(first), summary(second));
        before.add(&after);
        prop_assert_eq!(before, summary(&shop.facts));
    }

    /// What is undone at once leaves no trace in the quantities of any column.
    #[test]
    fn a_reversal_takes_off_the_column_it_undoes(deeds in deeds()) {
        let mut shop = Shop::default();
        for deed in deeds.iter().filter(|deed| !matches!(deed, Deed::UndoLast)) {
            let command = command(deed, &shop).unwrap();
            shop.book(command);
            let before = shop.facts.len() - 1;
            let undo = self::command(&Deed::UndoLast, &shop).unwrap();
            shop.book(undo);
            let both = summary(&shop.facts[before..]);
            for flow in Flow::ALL {
                prop_assert_eq!(both.flow(flow).quantity, 0, "{:?} in {:?}", flow, deed);
                prop_assert_eq!(both.flow(flow).paid, 0);
            }
        }
    }

    /// The classes of age are those of a shelf from which the oldest unit always goes first.
    #[test]
    fn ages_are_those_of_a_shelf_of_single_goods(
        days in prop::collection::vec((0..12_i128, 0..9_i128), 1..40),
        value in -999..9_999_i128,
    ) {
        let buckets: Buckets = "3,10,20".parse().unwrap();
        let at = day(days.len() as i32 - 1);
        let mut shelf: Vec<i32> = Vec::new();
        let mut came = Vec::new();
        for (offset, (arrives, leaves)) in (0..).zip(&days) {
            came.push((day(offset), *arrives));
            shelf.extend((0..*arrives).map(|_| offset));
            let gone = shelf.len().min(*leaves as usize);
            shelf.drain(..gone);
        }
        let held = Balance { quantity: shelf.len() as i128, value };
        let classes = age(held, came.into_iter().rev(), at, &buckets);
        let mut naive = vec![0; buckets.count()];
        for offset in shelf {
            let age = days.len() as i32 - 1 - offset;
            naive[[3, 10, 20].iter().filter(|bound| age > **bound).count()] += 1;
        }
        if held.quantity > 0 {
            let quantities: Vec<i128> = classes.iter().map(|class| class.quantity).collect();
            prop_assert_eq!(quantities, naive);
        }
        prop_assert_eq!(classes.iter().map(|class| class.quantity).sum::<i128>(), held.quantity);
        prop_assert_eq!(classes.iter().map(|class| class.value).sum::<i128>(), value);
    }

    /// Every row has a class, shares add up, and A never holds more rows than reach its border.
    #[test]
    fn classes_follow_the_running_share(amounts in prop::collection::vec(-50..1_000_i128, 0..40)) {
        let borders: Borders = "70,90".parse().unwrap();
        let classed = classify(&amounts, borders);
        let mut places: Vec<usize> = classed.iter().map(|classed| classed.place).collect();
        places.sort_unstable();
        prop_assert_eq!(places, (0..amounts.len()).collect::<Vec<_>>());
        let whole: i128 = amounts.iter().filter(|amount| **amount > 0).sum();
        let mut before = 0;
        for classed in &classed {
            let amount = amounts[classed.place].max(0);
            let expected = if amount > 0 && before * 10 < whole * 7 {
                Class::A
            } else if amount > 0 && before * 10 < whole * 9 {
                Class::B
            } else {
                Class::C
            };
            prop_assert_eq!(classed.class, expected);
            before += amount;
        }
        prop_assert!(classed.is_sorted_by_key(|classed| classed.class));
    }

    /// The average over the days is what going through them one by one gives.
    #[test]
    fn turnover_is_that_of_the_days(
        days in prop::collection::vec(0..100_000_i128, 1..60),
        cost in 0..10_000_000_i128,
    ) {
        let daily_stock: i128 = days.iter().sum();
        let turnover = Turnover { cost_of_sales: cost, daily_stock, days: days.len() as i64 };
        let exact = daily_stock as f64 / days.len() as f64;
        prop_assert!((turnover.average_stock() as f64 - exact).abs() <= 0.5);
        match turnover.times() {
            None => prop_assert_eq!(daily_stock, 0),
            Some(times) => {
                prop_assert!((times as f64 - 100.0 * cost as f64 / exact).abs() <= 0.5 + 1e-6);
            }
        }
    }
}

#[test]
fn quotients_are_rounded_away_from_zero() {
    let cases = [((7, 2), Some(4)), ((-7, 2), Some(-4)), ((5, 3), Some(2)), ((1, 3), Some(0))];
    for ((n, d), expected) in cases {
        assert_eq!(rounded(n, d), expected);
        assert_eq!(rounded(-n, -d), expected);
    }
    assert_eq!(rounded(1, 0), None);
    // 2 % a year of a million for 73 days.
    assert_eq!(holding_cost(73 * 1_000_000, 200), 4_000);
}

#[test]
fn a_period_is_a_month_or_a_range() {
    let month: Period = "2028-02".parse().unwrap();
    assert_eq!((month.to_string(), month.days()), ("2028-02-01..2028-02-29".to_owned(), 29));
    assert_eq!(month.days_left(month.from()), 29);
    assert!(Period::new(day(1), day(0)).is_err());
    for text in ["2026", "2026-13", "2026-1", "2026-01-01", ""] {
        assert!(text.parse::<Period>().is_err(), "{text}");
    }
}

#[test]
fn an_answer_survives_its_json() {
    let both = [Measured::Quantity, Measured::Value];
    let mut columns = vec![Column::Store, Column::Product, Column::Date, Column::Deliveries];
    for measured in both {
        columns.extend(Flow::ALL.map(|flow| Column::Flow(flow, measured)));
        columns.extend([Direction::In, Direction::Out].map(|way| Column::Sum(way, measured)));
        columns.extend([Column::Opening(measured), Column::Closing(measured)]);
        columns.extend([Column::Age(0, Some(30), measured), Column::Age(31, None, measured)]);
    }
    columns.push(Column::At(StoreId::new("S_1").unwrap()));
    let cell = |(at, column): (usize, &Column)| match column.form() {
        Form::Text | Form::Kind => Cell::text("x"),
        Form::Name => Cell::Name("可乐".into(), "cola".into()),
        Form::Date => Cell::Date(day(0)),
        _ if at % 5 == 0 => Cell::Empty,
        _ => Cell::Number(at as i128 * 1_001 - 20_000),
    };
    let row: Row = columns.iter().enumerate().map(cell).collect();
    let sheet = Sheet { columns, rows: vec![row.clone()], total: Some(row) };
    let scope = Scope {
        period: Period::new(day(0), day(9)).unwrap(),
        stores: vec![StoreId::new("S01").unwrap()],
        category: None,
    };
    let report = Report::Ageing { by: Group::Store, buckets: Buckets::default() };
    let notes = vec![Note::Unbalanced { rows: 2 }];
    let answer = Answer { question: Question { report, scope }, sheet, notes };
    let json = serde_json::to_string(&answer).unwrap();
    assert_eq!(serde_json::from_str::<Answer>(&json).unwrap(), answer, "{json}");
    assert!(json.starts_with(r#"{"report":"ageing","by":"store","buckets":"30,60,90,180,365""#));
}
