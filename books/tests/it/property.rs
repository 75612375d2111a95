//! Random histories against naive models: what two books say of the same facts is the same, and is
//! what adding up by hand says.

use std::collections::BTreeMap;

use books::read::{HistoryFilter, Page, Part, StockFilter};
use books::{Books, LinkKind, Sealed};
use ledger::amount::{Money, Quantity, TaxRate};
use ledger::command::{
    AdjustLine, Command, InboundLine, ReturnSource, ReversalTarget, Reversed, SaleLine,
};
use ledger::fact::{Body, Fact, Priced, ReturnTerms};
use ledger::fold::{Place as LedgerPlace, fold};
use ledger::id::{Lot, Sku, StoreId};
use ledger::measure::measures;
use ledger::movement::Account;
use ledger::time::BusinessDate;
use proptest::prelude::*;
use sync_proto::replica::Outcome;
use sync_proto::{Admitted, Writer};

use super::shop::{
    self, Place, ShopError, assert_in_step, assert_whole, day, lacking, post_in, read_model, sku,
    store,
};

const SKUS: [&str; 4] = ["cola", "苹果", "69012", "白菜 500g"];

#[derive(Debug, Clone)]
enum Step {
    Receive {
        sku: usize,
        quantity: i64,
        cost: i64,
        lot: Option<u8>,
    },
    Sell {
        lines: Vec<(usize, i64, i64)>,
    },
    ReturnBlind {
        sku: usize,
        quantity: i64,
    },
    ReturnFrom {
        pick: usize,
    },
    Reverse {
        pick: usize,
    },
    Adjust {
        sku: usize,
        quantity: i64,
    },
    Scrap {
        sku: usize,
        quantity: i64,
    },
    Seal,
    NextDay,
    /// Something is booked to the day before.
    Yesterday,
}

fn step() -> impl Strategy<Value = Step> {
    let (sku, quantity) = (0..SKUS.len(), 1..5_000_i64);
    let lot = prop::option::weighted(0.3, 0..3_u8);
    prop_oneof![
        4 => (sku.clone(), quantity.clone(), 0..900_000_i64, lot)
            .prop_map(|(sku, quantity, cost, lot)| Step::Receive { sku, quantity, cost, lot }),
        8 => prop::collection::vec((sku.clone(), quantity.clone(), 0..99_999_i64), 1..4)
            .prop_map(|lines| Step::Sell { lines }),
        1 => (sku.clone(), quantity.clone())
            .prop_map(|(sku, quantity)| Step::ReturnBlind { sku, quantity }),
        2 => any::<usize>().prop_map(|pick| Step::ReturnFrom { pick }),
        2 => any::<usize>().prop_map(|pick| Step::Reverse { pick }),
        1 => (sku.clone(), -3_000..3_000_i64)
            .prop_map(|(sku, quantity)| Step::Adjust { sku, quantity }),
        1 => (sku, quantity).prop_map(|(sku, quantity)| Step::Scrap { sku, quantity }),
        2 => Just(Step::Seal),
        2 => Just(Step::NextDay),
        1 => Just(Step::Yesterday),
    ]
}

/// A shop, and every fact it booked.
struct Shop {
    books: Books,
    facts: Vec<Fact>,
    day: i32,
}

impl Shop {
    fn play(&mut self, step: &Step) {
        match step {
            Step::Seal => {
                let sealed = self.books.write(|tx| tx.seal_pending()).unwrap();
                assert!(sealed == Sealed::Change || sealed == Sealed::Nothing);
            }
            Step::NextDay => self.day += 1,
            Step::Yesterday => {
                let command = shop::receive("cola", 1, "2");
                self.book(day(self.day - 1), command);
            }
            other => {
                if let Some(command) = self.command(other) {
                    self.book(day(self.day), command);
                }
            }
        }
    }

    /// Books what can be booked; what the ledger refuses leaves no trace.
    fn book(&mut self, date: BusinessDate, command: Command) {
        let next = self.books.write(|tx| tx.next_fact_id()).unwrap();
        match self.books.write(move |tx| post_in(tx, date, None, command)) {
            Ok(fact) => self.facts.push(fact),
            Err(ShopError::Post(_)) => {
                assert_eq!(self.books.write(|tx| tx.next_fact_id()).unwrap(), next);
            }
            Err(ShopError::Books(error)) => panic!("{error}"),
        }
    }

    fn command(&self, step: &Step) -> Option<Command> {
        let quantity = |raw: i64| Quantity::from_thousandths(raw).unwrap();
        let money = |raw: i64| Money::from_ten_thousandths(raw).unwrap();
        let sale_line = |at: usize, raw: i64, price: i64| SaleLine {
            sku: sku(SKUS[at]),
            quantity: quantity(raw),
            list_price: money(price),
            discount: Money::ZERO,
            tax_rate: TaxRate::from_basis_points(900).unwrap(),
            priced: Priced::default(),
        };
        let line = |at: usize, raw: i64| AdjustLine {
            sku: sku(SKUS[at]),
            lot: None,
            quantity: quantity(raw),
        };
        Some(match step {
            Step::Receive { sku: at, quantity: raw, cost, lot } => Command::Receive {
                lines: vec![InboundLine {
                    sku: sku(SKUS[*at]),
                    lot: lot.map(|lot| Lot::new(&format!("L{lot}")).unwrap()),
                    quantity: quantity(*raw),
                    cost: money(*cost),
                }],
                supplier: None,
                lots: Vec::new(),
            },
            Step::Sell { lines } => Command::Sell {
                lines: lines.iter().map(|(at, raw, price)| sale_line(*at, *raw, *price)).collect(),
                payments: Vec::new(),
            },
            Step::ReturnBlind { sku, quantity } => Command::Return {
                terms: ReturnTerms::default(),
                lines: vec![sale_line(*sku, *quantity, 10_000)],
                payments: Vec::new(),
                source: None,
            },
            Step::ReturnFrom { pick } => self.return_from(*pick)?,
            Step::Reverse { pick } => self.reverse(*pick)?,
            Step::Adjust { sku, quantity } => {
                Command::Adjust { lines: vec![line(*sku, *quantity)], reason: "盘点".into() }
            }
            Step::Scrap { sku, quantity } => {
                Command::Scrap { lines: vec![line(*sku, *quantity)], reason: "坏".into() }
            }
            Step::Seal | Step::NextDay | Step::Yesterday => return None,
        })
    }

    /// A return of the whole of a sale's first line, with all that the book knows of the sale.
    fn return_from(&self, pick: usize) -> Option<Command> {
        let sales: Vec<&Fact> =
            self.facts.iter().filter(|fact| matches!(fact.body, Body::RetailSale(_))).collect();
        let id = sales.get(pick % sales.len().max(1))?.id;
        let source = self.books.write(move |tx| {
            let sale = tx.fact(id)?.expect("an own fact is found").fact;
            let (mut returns, mut reversed) = (Vec::new(), Reversed::No);
            for link in tx.corrections(id)? {
                match link.kind {
                    LinkKind::Return => returns.push(tx.fact(link.id)?.unwrap().fact),
                    LinkKind::Reversal => reversed = Reversed::By(link.id),
                }
            }
            Ok::<_, books::BooksError>(ReturnSource { sale, returns, reversed })
        });
        let source = source.unwrap();
        let Body::RetailSale(receipt) = &source.sale.body else { panic!("not a sale") };
        let sold = &receipt.lines[0];
        let lines = vec![SaleLine {
            sku: sold.sku.clone(),
            quantity: sold.quantity,
            list_price: sold.list_price,
            discount: sold.discount,
            tax_rate: sold.tax_rate,
            priced: Priced::default(),
        }];
        Some(Command::Return {
            lines,
            payments: Vec::new(),
            source: Some(Box::new(source)),
            terms: ReturnTerms::default(),
        })
    }

    fn reverse(&self, pick: usize) -> Option<Command> {
        let fact = self.facts.get(pick % self.facts.len().max(1))?.clone();
        let links = self.books.reader().unwrap().corrections(&fact.store, fact.id).unwrap();
        let by = links.iter().find(|link| link.kind == LinkKind::Reversal);
        let target = ReversalTarget {
            fact,
            reversed: by.map_or(Reversed::No, |link| Reversed::By(link.id)),
            returns: links.iter().filter(|link| link.kind == LinkKind::Return).count(),
        };
        Some(Command::Reverse { target: Box::new(target), reason: "错".into() })
    }

    fn store(&self) -> &StoreId {
        self.books.me().store().unwrap()
    }
}

/// On hand by SKU up to a day, added up by hand.
fn naive(facts: &[Fact], until: BusinessDate) -> BTreeMap<Sku, (i64, i64)> {
    let mut sums: BTreeMap<Sku, (i64, i64)> = BTreeMap::new();
    for movement in facts.iter().filter(|fact| fact.date <= until).flat_map(|fact| &fact.movements)
    {
        let mut add = |sign: i64| {
            let sum = sums.entry(movement.sku.clone()).or_default();
            sum.0 += sign * movement.quantity.thousandths();
            sum.1 += sign * movement.value.ten_thousandths();
        };
        if movement.to == Account::OnHand {
            add(1);
        }
        if movement.from == Account::OnHand {
            add(-1);
        }
    }
    sums
}

/// What a book says of a shop, against the shop's facts.
fn check(books: &Books, shop: &Shop) {
    let reader = books.reader().unwrap();
    let (store, facts) = (shop.store(), shop.facts.as_slice());
    let stock_at = |at: Option<BusinessDate>| -> BTreeMap<Sku, (i64, i64)> {
        let rows =
            reader.stock(&StockFilter { store: Some(store.clone()), sku: None, at }).unwrap();
        let amounts = |stock: books::read::StockAmounts| {
            (stock.quantity.thousandths(), stock.value.ten_thousandths())
        };
        rows.into_iter().map(|row| (row.sku, amounts(row.stock))).collect()
    };
    let end = day(shop.day);
    assert_eq!(stock_at(None), naive(facts, end));
    for number in -1..=shop.day {
        assert_eq!(stock_at(Some(day(number))), naive(facts, day(number)), "on {}", day(number));
    }

    let folded = fold(facts).balances;
    let kept: Vec<_> = reader.balances(Some(store)).unwrap();
    assert_eq!(kept.len(), folded.iter().count());
    for row in kept {
        assert!(matches!(&row.place, LedgerPlace::Store(of, _) if of == store));
        let sum = folded.get(&(row.place, row.sku, row.lot));
        assert_eq!(sum.quantity, i128::from(row.stock.quantity.thousandths()));
        assert_eq!(sum.value, i128::from(row.stock.value.ten_thousandths()));
    }

    let mut totals = BTreeMap::new();
    for (measure, amount) in facts.iter().flat_map(measures) {
        *totals.entry(measure).or_insert(0) += amount;
    }
    totals.retain(|_, amount| *amount != 0);
    let mut kept = reader.totals(Some(store), None, None).unwrap();
    kept.retain(|_, amount| *amount != 0);
    assert_eq!(kept, totals);

    for name in SKUS {
        check_explained(books, shop, &sku(name));
    }
    let page = Page { before: None, limit: usize::MAX };
    let mut history = reader.history(store, &HistoryFilter::default(), page).unwrap();
    history.reverse();
    assert!(history.iter().map(|stored| &stored.fact).eq(facts));
    for fact in facts {
        assert_eq!(reader.fact(store, fact.id).unwrap().unwrap().fact, *fact);
        assert_eq!(reader.fact_by_bill(&fact.bill).unwrap().unwrap().fact, *fact);
    }
}

fn check_explained(books: &Books, shop: &Shop, sku: &Sku) {
    let reader = books.reader().unwrap();
    let middle = day(shop.day / 2);
    for (from, to) in [(None, None), (Some(middle), None), (None, Some(middle))] {
        let explained = reader.explain(shop.store(), sku, from, to).unwrap();
        let sum = |until| naive(&shop.facts, until).get(sku).copied().unwrap_or_default();
        let raw = |stock: books::read::StockAmounts| {
            (stock.quantity.thousandths(), stock.value.ten_thousandths())
        };
        assert_eq!(raw(explained.closing), sum(to.unwrap_or(day(shop.day))));
        let mut standing = explained.opening;
        for days in &explained.days {
            assert_eq!(days.opening, standing);
            assert_eq!(raw(days.closing), sum(days.date));
            let moved = |fact: &&Fact| {
                let on_hand =
                    |m: &ledger::movement::Movement| [&m.from, &m.to].contains(&&Account::OnHand);
                fact.date == days.date && fact.movements.iter().any(|m| m.sku == *sku && on_hand(m))
            };
            let expected: Vec<&Fact> = shop.facts.iter().filter(moved).collect();
            assert!(days.facts.iter().map(|stored| &stored.fact).eq(expected));
            standing = days.closing;
        }
        assert_eq!(standing, explained.closing);
    }
}

/// Sends what the hub lacks in batches of random sizes, some of it twice.
fn replicate(shop: &Shop, hub: &Books, sizes: &[usize]) {
    let changes: Vec<Admitted> = lacking(&shop.books, hub);
    let mut sizes = sizes.iter().cycle();
    let mut rest = changes.as_slice();
    while !rest.is_empty() {
        let size = (*sizes.next().unwrap()).min(rest.len());
        let (now, later) = rest.split_at(size);
        let outcomes = hub.write({
            let (peer, now) = (shop.books.me().clone(), now.to_vec());
            move |tx| tx.apply(&peer, &now)
        });
        assert!(outcomes.unwrap().iter().all(|outcome| *outcome == Outcome::Applied));
        if size > 1 {
            let again = now[..size / 2].to_vec();
            let peer = shop.books.me().clone();
            let outcomes = hub.write(move |tx| tx.apply(&peer, &again)).unwrap();
            assert!(outcomes.iter().all(|outcome| *outcome == Outcome::Duplicate));
        }
        rest = later;
    }
}

/// What the hub says of both shops together.
fn check_chain(hub: &Books, shops: &[Shop; 2]) {
    let mut expected: BTreeMap<Sku, (i64, i64, u64)> = BTreeMap::new();
    for shop in shops {
        for (sku, (quantity, value)) in naive(&shop.facts, day(shop.day)) {
            let sum = expected.entry(sku).or_default();
            *sum = (sum.0 + quantity, sum.1 + value, sum.2 + 1);
        }
    }
    let reader = hub.reader().unwrap();
    let raw = |row: &books::read::ChainStock| {
        (row.stock.quantity.thousandths(), row.stock.value.ten_thousandths(), row.stores)
    };
    let all = reader.chain_stock(None).unwrap();
    assert!(all.iter().map(|row| (row.sku.clone(), raw(row))).eq(expected.clone()));
    for (sku, sums) in expected {
        let one = reader.chain_stock(Some(&sku)).unwrap();
        assert_eq!(one.iter().map(raw).collect::<Vec<_>>(), [sums]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn books_agree_with_each_other_and_with_naive_sums(
        steps in prop::collection::vec((0..2_usize, step()), 1..60),
        meet in prop::collection::vec(any::<prop::sample::Index>(), 0..3),
        sizes in prop::collection::vec(1..9_usize, 1..5),
    ) {
        let place = Place::new();
        let hub = place.open("hub.db", Writer::Hub);
        let open = |name| place.open(name, store(name));
        let mut shops = ["S1", "S-2"]
            .map(|name| Shop { books: open(name), facts: Vec::new(), day: 0 });
        let meetings: Vec<usize> = meet.iter().map(|at| at.index(steps.len())).collect();
        for (at, (shop, step)) in steps.iter().enumerate() {
            shops[*shop].play(step);
            if meetings.contains(&at) {
                replicate(&shops[*shop], &hub, &sizes);
            }
        }
        for shop in &shops {
            check(&shop.books, shop);
            replicate(shop, &hub, &sizes);
            assert_in_step(&shop.books, &hub);
            check(&hub, shop);
            let part = Part::Store(shop.store());
            let (ours, theirs) = (shop.books.reader().unwrap(), hub.reader().unwrap());
            assert_eq!(ours.digest(part).unwrap(), theirs.digest(part).unwrap());
        }
        check_chain(&hub, &shops);
        for (books, name) in
            [(&hub, "hub.db"), (&shops[0].books, "S1"), (&shops[1].books, "S-2")]
        {
            assert_whole(books);
            let before = read_model(&place.file(name));
            books.rebuild(|_| {}).unwrap();
            assert_eq!(before, read_model(&place.file(name)), "{name} rebuilt");
        }
    }
}
