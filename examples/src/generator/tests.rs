//! What a generated chain promises.

use std::collections::{BTreeMap, BTreeSet};

use ledger::amount::{Money, Quantity};
use ledger::command::{Command, ReturnSource, Reversed};
use ledger::cost::{Position, inbound_cost};
use ledger::fact::{Fact, PaymentMethod, ReturnTerms};
use ledger::id::{BillNo, Epoch, FactId, Sku};
use ledger::movement::Account;
use ledger::post::{Header, Warning, post};
use ledger::scan::Gtin;

use super::*;
use crate::generator::basket::line_total;

fn scale(seed: u64) -> Scale {
    let first_day = "2026-11-16".parse().unwrap();
    Scale { seed, stores: 6, sales_per_day: 300, first_day }
}

fn total(lines: &[SaleLine]) -> Money {
    Money::sum(lines.iter().map(line_total)).unwrap()
}

#[test]
fn a_seed_is_a_chain_and_a_day_stands_alone() {
    let (chain, again, other) = (Chain::new(scale(1)), Chain::new(scale(1)), Chain::new(scale(2)));
    let whole = |chain: &Chain| {
        let store = &chain.stores()[3];
        chain.days(store, 4).collect::<Vec<_>>()
    };
    assert_eq!(whole(&chain), whole(&again));
    assert_ne!(whole(&chain), whole(&other));
    assert_eq!(chain.items(), again.items());
    assert_eq!(chain.opening(&chain.stores()[3]), again.opening(&again.stores()[3]));

    let date = chain.scale().first_day.plus_days(3);
    let from_the_start: Vec<Event> = whole(&chain)
        .into_iter()
        .filter_map(|(day, event)| (day == date).then_some(event))
        .collect();
    assert_eq!(again.day(&again.stores()[3], date), from_the_start);
    // A longer chain begins with the same stores.
    let longer = Chain::new(Scale { stores: 40, ..scale(1) });
    assert_eq!(&longer.stores()[..6], chain.stores());
}

#[test]
fn one_seed_is_the_same_on_every_machine() {
    let chain = Chain::new(scale(20_261_122));
    let mut text = String::new();
    for item in chain.items() {
        text += &format!("{} {:?}\n", item.product.sku, item.product.barcode);
    }
    for (_, event) in chain.days(&chain.stores()[0], 3) {
        text += &format!("{} {}\n", event.request, event.at.millis());
        if let Action::Sell { lines, payments } = &event.action {
            for SaleLine { sku, quantity, discount, .. } in lines {
                text += &format!("{sku} {quantity} {discount}\n");
            }
            for Tender { method, amount, .. } in payments {
                text += &format!("{} {amount}\n", method.name());
            }
        }
    }
    // Whoever recorded figures of a generated chain counts on this.
    assert_eq!(
        products::label(&text),
        10_020_204_070_316_766_387,
        "the same seed now makes another chain"
    );
}

#[test]
fn products_have_barcodes_and_names_of_their_own() {
    let chain = Chain::new(scale(1));
    let products: Vec<_> = chain.items().iter().map(|item| &item.product).collect();
    assert!((280..=340).contains(&products.len()), "{}", products.len());
    let distinct = |of: fn(&ledger::catalog::Product) -> &str| {
        products.iter().map(|product| of(product)).collect::<BTreeSet<_>>().len()
    };
    assert_eq!(distinct(|p| p.sku.as_str()), products.len());
    assert_eq!(distinct(|p| &p.name_zh), products.len());
    assert_eq!(distinct(|p| &p.name_en), products.len());
    assert_eq!(distinct(|p| p.barcode.as_deref().unwrap()), products.len());
    assert!(products.is_sorted_by_key(|product| &product.sku));
    for item in chain.items() {
        let Item { product, cost, .. } = item;
        let barcode = product.barcode.as_deref().unwrap();
        assert!(barcode.len() == 13 && Gtin::new(barcode).is_ok(), "{barcode}");
        let prefix = if item.is_weighed() { "21" } else { "69" };
        assert!(barcode.starts_with(prefix), "{barcode}");
        assert!(product.name_en.is_ascii(), "{}", product.name_en);
        assert!(cost.is_positive() && *cost < product.price, "{}", product.name_en);
        assert!([900, 1_300].contains(&product.tax_rate.basis_points()));
        let (clean, errors) = ledger::catalog::Product::from_fields(
            product.sku.clone(),
            product.fields().iter().map(|(field, text)| (*field, text.as_str())),
        );
        assert_eq!((&clean, errors), (product, Vec::new()));
    }
    let weighed = chain.items().iter().find(|item| item.is_weighed()).unwrap();
    let label = weighed.weighed_label("0.456".parse().unwrap()).unwrap();
    assert!(label.len() == 13 && Gtin::new(&label).is_ok() && &label[7..12] == "00456", "{label}");
}

#[test]
fn stores_have_names_of_their_own() {
    let chain = Chain::new(Scale { stores: 200, ..scale(1) });
    let distinct =
        |of: fn(&Store) -> &str| chain.stores().iter().map(of).collect::<BTreeSet<_>>().len();
    assert_eq!(distinct(|s| &s.name_zh), 200);
    assert_eq!(distinct(|s| &s.name_en), 200);
    assert_eq!(distinct(|s| s.id.as_str()), 200);
}

/// Four weeks of every store, once.
fn month(chain: &Chain) -> Vec<(&Store, BusinessDate, Event)> {
    let each = |store| chain.days(store, 28).map(move |(date, event)| (store, date, event));
    chain.stores().iter().flat_map(each).collect()
}

#[test]
fn a_month_looks_like_a_month() {
    let chain = Chain::new(scale(1));
    let month = month(&chain);
    let mut sales = 0_u64;
    let mut revenue = 0_i64;
    let mut lines = 0_usize;
    let mut paid: BTreeMap<PaymentMethod, usize> = BTreeMap::new();
    let mut days: BTreeMap<(&str, BusinessDate), u64> = BTreeMap::new();
    let mut hours = [0_u64; 24];
    let mut bought: BTreeMap<&str, u64> = BTreeMap::new();
    for (store, date, event) in &month {
        let Action::Sell { lines: basket, payments } = &event.action else { continue };
        sales += 1;
        revenue += total(basket).ten_thousandths();
        lines += basket.len();
        *days.entry((store.id.as_str(), *date)).or_default() += 1;
        let local = event.at.millis() / 3_600_000 + 8;
        hours[usize::try_from(local % 24).unwrap()] += 1;
        for line in basket {
            *bought.entry(line.sku.as_str()).or_default() += 1;
        }
        for tender in payments {
            *paid.entry(tender.method).or_default() += 1;
        }
    }
    // Six stores of about 300 customers, four weeks; they spend as in a convenience store.
    assert!((40_000..=62_000).contains(&sales), "{sales}");
    let basket = revenue / i64::try_from(sales).unwrap() / 100;
    assert!((1_200..=3_500).contains(&basket), "{basket} fen");
    assert!((18..=27).contains(&(lines * 10 / usize::try_from(sales).unwrap())));
    assert!(paid[&PaymentMethod::Mobile] * 10 > usize::try_from(sales).unwrap() * 8);
    assert!(paid.len() == 4);
    assert!(days.values().all(|count| (60..=800).contains(count)));
    assert!(hours[..6].iter().sum::<u64>() == 0 && hours[12] > hours[15] && hours[18] > hours[22]);
    // A few products that everybody buys, and nearly every product finds a buyer.
    let mut counts: Vec<u64> = bought.values().copied().collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    let top: u64 = counts.iter().take(30).sum();
    assert!(counts.len() * 100 >= chain.items().len() * 98, "{}", counts.len());
    assert!((30..=60).contains(&(top * 100 / lines as u64)), "{top} of {lines}");
}

#[test]
fn money_and_goods_of_a_month_add_up() {
    let chain = Chain::new(scale(1));
    let mut names = BTreeSet::new();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    let mut sold: BTreeMap<RequestId, (Timestamp, Vec<SaleLine>)> = BTreeMap::new();
    let mut returned = BTreeSet::new();
    let mut last = None;
    for (store, date, event) in month(&chain) {
        assert!(names.insert(event.request.clone()), "{}", event.request);
        assert!(last.is_none_or(|(place, at)| place != (&store.id, date) || at <= event.at));
        last = Some(((&store.id, date), event.at));
        let kind = match &event.action {
            Action::Sell { lines, payments } => {
                let skus: BTreeSet<_> = lines.iter().map(|line| &line.sku).collect();
                assert_eq!(skus.len(), lines.len());
                let due = total(lines);
                let paid = Money::sum(payments.iter().map(|tender| tender.amount)).unwrap();
                let cash = payments.iter().any(|t| t.method == PaymentMethod::Cash);
                assert!(paid == due || (paid > due && cash), "{paid} for {due}");
                assert!(due.is_positive() && due == due.to_coins());
                sold.insert(event.request.clone(), (event.at, lines.clone()));
                if paid > due { "sale with change" } else { "sale" }
            }
            Action::Return { lines, payments, source } => {
                let paid = Money::sum(payments.iter().map(|tender| tender.amount)).unwrap();
                assert_eq!(paid, total(lines));
                if let Some(source) = source {
                    let (at, bought) = &sold[source];
                    assert!(*at < event.at && source.as_str().starts_with(store.id.as_str()));
                    assert!(returned.insert(source.clone()), "{source} came back twice");
                    let line = bought.iter().find(|line| line.sku == lines[0].sku).unwrap();
                    assert!(lines[0].quantity <= line.quantity);
                    assert!(total(lines) <= line_total(line));
                    "return"
                } else {
                    "return without receipt"
                }
            }
            Action::Receive { lines, .. } => {
                assert!(lines.iter().all(|l| l.quantity.is_positive() && l.cost.is_positive()));
                "delivery"
            }
            Action::Scrap { lines, .. } => {
                assert!(lines.iter().all(|line| line.quantity.is_positive()));
                "scrap"
            }
            Action::Adjust { lines, .. } => {
                assert!(lines.iter().all(|line| !line.quantity.is_zero()));
                "count"
            }
        };
        *kinds.entry(kind).or_default() += 1;
    }
    assert_eq!(kinds.len(), 7, "{kinds:?}");
    assert!(kinds["return"] > 250 && kinds["return without receipt"] > 25, "{kinds:?}");
}

#[test]
fn stock_lasts_with_a_few_exceptions() {
    let chain = Chain::new(scale(1));
    let store = &chain.stores()[0];
    let mut stock: BTreeMap<_, i64> = BTreeMap::new();
    for line in chain.opening(store) {
        stock.insert(line.sku, line.quantity.thousandths());
    }
    assert_eq!(stock.len(), chain.items().len());
    let mut below_zero = BTreeSet::new();
    for (_, event) in chain.days(store, 28) {
        let moves: Vec<(_, Quantity)> = match event.action {
            Action::Sell { lines, .. } => {
                lines.into_iter().map(|l| (l.sku, l.quantity.negated())).collect()
            }
            Action::Return { lines, .. } => {
                lines.into_iter().map(|l| (l.sku, l.quantity)).collect()
            }
            Action::Receive { lines, .. } => {
                lines.into_iter().map(|l| (l.sku, l.quantity)).collect()
            }
            Action::Scrap { lines, .. } => {
                lines.into_iter().map(|l| (l.sku, l.quantity.negated())).collect()
            }
            Action::Adjust { lines, .. } => {
                lines.into_iter().map(|l| (l.sku, l.quantity)).collect()
            }
        };
        for (sku, quantity) in moves {
            let left = stock.get_mut(&sku).unwrap();
            *left += quantity.thousandths();
            if *left < 0 {
                below_zero.insert(sku);
            }
        }
    }
    let share = below_zero.len() * 100 / chain.items().len();
    assert!((1..=25).contains(&share), "{} products sold below zero", below_zero.len());
}

/// One store's books, kept in memory.
#[derive(Default)]
struct Books {
    stock: BTreeMap<Sku, Position>,
    facts: BTreeMap<RequestId, Fact>,
    oversold: usize,
}

impl Books {
    fn book(&mut self, store: &Store, date: BusinessDate, event: &Event, command: Command) {
        let seq = self.facts.len() as u64 + 1;
        let header = Header {
            id: FactId { epoch: Epoch::FIRST, seq },
            store: store.id.clone(),
            date,
            true_date: None,
            at: event.at,
            bill: BillNo::new(&format!("{}-A-{}-{seq:05}", store.id, date.compact())).unwrap(),
            request: Some(event.request.clone()),
            operator: Some(event.operator.clone()),
            shift: None,
            member: None,
        };
        let posted = post(header, command, &self.stock).expect("the ledger takes whatever happens");
        let oversold = |warning: &Warning| matches!(warning, Warning::Oversold { .. });
        self.oversold += usize::from(posted.warnings.iter().any(oversold));
        for movement in &posted.fact.movements {
            for (account, quantity, value) in movement.legs() {
                if *account == Account::OnHand {
                    let position = self.stock.entry(movement.sku.clone()).or_default();
                    position.quantity = position.quantity.plus(quantity).unwrap();
                    position.value = position.value.plus(value).unwrap();
                }
            }
        }
        for (sku, cost) in inbound_cost(&posted.fact) {
            self.stock.entry(sku).or_default().last_cost = Some(cost);
        }
        self.facts.insert(event.request.clone(), posted.fact);
    }
}

#[test]
fn the_ledger_takes_everything_that_happens() {
    let chain = Chain::new(scale(3));
    let store = &chain.stores()[1];
    let mut books = Books::default();
    let (date, first) = chain.days(store, 1).next().unwrap();
    let opening = Event { request: RequestId::new("opening").unwrap(), ..first };
    books.book(store, date, &opening, Command::Opening { lines: chain.opening(store) });
    for (date, event) in chain.days(store, 10) {
        let command = match event.action.clone() {
            Action::Sell { lines, payments } => Command::Sell { lines, payments },
            Action::Return { lines, payments, source } => {
                let sale = source.map(|source| books.facts[&source].clone());
                let source = sale.map(|sale| ReturnSource {
                    sale,
                    returns: Vec::new(),
                    reversed: Reversed::No,
                });
                Command::Return {
                    lines,
                    payments,
                    source: source.map(Box::new),
                    terms: ReturnTerms::default(),
                }
            }
            Action::Receive { lines, supplier } => {
                Command::Receive { lines, supplier: Some(supplier.into()), lots: Vec::new() }
            }
            Action::Scrap { lines, reason } => Command::Scrap { lines, reason: reason.into() },
            Action::Adjust { lines, reason } => Command::Adjust { lines, reason: reason.into() },
        };
        books.book(store, date, &event, command);
    }
    assert!(books.facts.len() > 2_000, "{}", books.facts.len());
    // Some goods are sold before they are booked in, and what stands at nothing costs nothing.
    assert!((1..=200).contains(&books.oversold), "{}", books.oversold);
    assert!(books.stock.values().all(|p| !p.quantity.is_zero() || p.value.is_zero()));
}
