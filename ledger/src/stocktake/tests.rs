//! Every order in which few goods can be counted and sold, against the shelf as it truly is.

use std::collections::BTreeMap;

use super::*;
use crate::command::{Command, SaleLine};
use crate::cost::Position;
use crate::fact::{Fact, Priced};
use crate::id::Epoch;
use crate::movement::Account;
use crate::post::{Header, PostError, post};
use crate::time::Timestamp;

/// Goods that the books do not know of, or know of and are not there.
const VARIANCES: [i64; 3] = [-2, 0, 1];

fn units(count: i64) -> Quantity {
    Quantity::units(count).unwrap()
}

fn skus() -> [Sku; 2] {
    ["cola", "milk"].map(|sku| sku.parse().unwrap())
}

fn sell(sku: &Sku, quantity: Quantity) -> Command {
    let line = SaleLine {
        sku: sku.clone(),
        quantity,
        list_price: "3".parse().unwrap(),
        discount: Default::default(),
        tax_rate: Default::default(),
        priced: Priced::default(),
    };
    Command::Sell { lines: vec![line], payments: Vec::new() }
}

/// A shop whose shelves are not what its books say, and the sheet on which somebody counts them.
struct Shop {
    book: BTreeMap<Sku, Position>,
    /// What truly lies at each place.
    shelf: BTreeMap<(Sku, usize), i64>,
    facts: u64,
    sheet: Sheet,
}

impl Shop {
    /// The books say ten of each SKU; in truth it is so many more or less, shared by the places.
    fn open(places: usize, variance: i64) -> Self {
        let position = Position {
            quantity: units(10),
            value: "20".parse().unwrap(),
            last_cost: "2".parse().ok(),
        };
        let book = skus().into_iter().map(|sku| (sku, position)).collect();
        let mut shelf = BTreeMap::new();
        for sku in skus() {
            for place in 0..places {
                shelf.insert((sku.clone(), place), if place == 0 { 7 + variance } else { 3 });
            }
            if places == 1 {
                shelf.insert((sku, 0), 10 + variance);
            }
        }
        let (items, lines) = (BTreeMap::new(), Vec::new());
        Self { book, shelf, facts: 0, sheet: Sheet { tolerance: Quantity::ZERO, items, lines } }
    }

    fn book_of(&self, sku: &Sku) -> Quantity {
        self.book[sku].quantity
    }

    fn shelf_of(&self, sku: &Sku) -> i64 {
        self.shelf.iter().filter(|((of, _), _)| of == sku).map(|(_, there)| there).sum()
    }

    fn sell(&mut self, sku: &Sku, place: usize) {
        *self.shelf.get_mut(&(sku.clone(), place)).unwrap() -= 1;
        self.post(sell(sku, units(1))).unwrap();
    }

    fn count(&mut self, sku: &Sku, place: usize) {
        let anchor = FactId { epoch: Epoch::FIRST, seq: self.facts };
        let line = CountLine {
            counter: None,
            bin: format!("bin-{place}").parse().ok(),
            sku: sku.clone(),
            lot: None,
            quantity: units(self.shelf[&(sku.clone(), place)]),
            round: self.sheet.items.entry(sku.clone()).or_default().round,
            anchor: (self.facts > 0).then_some(anchor),
            book: self.book_of(sku),
        };
        self.sheet.lines.push(line);
    }

    fn recount(&mut self, sku: &Sku) {
        let item = self.sheet.items.get_mut(sku).unwrap();
        item.round = item.round.next();
    }

    fn post(&mut self, command: Command) -> Result<Fact, PostError> {
        self.facts += 1;
        let header = Header {
            id: FactId { epoch: Epoch::FIRST, seq: self.facts },
            store: "S012".parse().unwrap(),
            date: "2026-11-22".parse().unwrap(),
            true_date: None,
            at: Timestamp::from_millis(0),
            bill: "S012-A-1".parse().unwrap(),
            request: None,
            operator: None,
            shift: None,
            member: None,
        };
        let fact = post(header, command, &self.book)?.fact;
        for movement in &fact.movements {
            for (account, quantity, value) in movement.legs() {
                if *account == Account::OnHand {
                    let at = self.book.get_mut(&movement.sku).unwrap();
                    at.quantity = at.quantity.plus(quantity).unwrap();
                    at.value = at.value.plus(value).unwrap();
                }
            }
        }
        Ok(fact)
    }

    /// Posts the sheet whatever it says: every difference has its reason.
    fn post_sheet(&mut self) -> Fact {
        for item in self.sheet.items.values_mut() {
            item.reason = "known".parse().ok();
        }
        let lines = self.sheet.compared().unwrap().unwrap();
        self.post(Command::Stocktake { name: "".into(), lines, approved: None }).unwrap()
    }
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Count(usize, usize),
    Sell(usize, usize),
}

/// Every order of these steps.
fn orders(steps: &[Step]) -> Vec<Vec<Step>> {
    if steps.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for first in 0..steps.len() {
        let mut rest = steps.to_vec();
        let step = rest.remove(first);
        for mut order in orders(&rest) {
            order.insert(0, step);
            all.push(order);
        }
    }
    all
}

fn play(shop: &mut Shop, order: &[Step]) {
    let skus = skus();
    for step in order {
        match *step {
            Step::Count(sku, place) => shop.count(&skus[sku], place),
            Step::Sell(sku, place) => shop.sell(&skus[sku], place),
        }
    }
}

#[test]
fn whatever_is_sold_around_a_count_the_books_say_what_is_on_the_shelf() {
    let steps = [
        Step::Count(0, 0),
        Step::Count(1, 0),
        Step::Sell(0, 0),
        Step::Sell(0, 0),
        Step::Sell(1, 0),
        Step::Sell(1, 0),
    ];
    for variance in VARIANCES {
        for order in orders(&steps) {
            let mut shop = Shop::open(1, variance);
            play(&mut shop, &order);
            let fact = shop.post_sheet();
            for sku in skus() {
                assert_eq!(shop.book_of(&sku), units(shop.shelf_of(&sku)), "{order:?}");
            }
            let moved = fact.movements.iter().filter(|m| m.quantity == units(variance.abs()));
            assert_eq!(moved.count(), if variance == 0 { 0 } else { 2 }, "{order:?}");
            let crate::fact::Body::Stocktake { lines, .. } = &fact.body else { panic!("{fact:?}") };
            assert_eq!(lines.len(), 2, "equal lines are kept as evidence");
        }
    }
}

#[test]
fn places_counted_apart_are_right_or_said_to_be_uncertain_by_as_much() {
    let steps = [
        Step::Count(0, 0),
        Step::Count(0, 1),
        Step::Sell(0, 0),
        Step::Sell(0, 1),
        Step::Sell(0, 0),
    ];
    let [cola, _] = skus();
    let mut uncertain = 0;
    for variance in VARIANCES {
        for order in orders(&steps) {
            let mut shop = Shop::open(2, variance);
            play(&mut shop, &order);
            let standing = shop.sheet.standings().unwrap().remove(&cola).unwrap();
            let tally = standing.tally.unwrap();
            let off = tally.variance().unwrap().minus(units(variance)).unwrap().magnitude();
            assert!(off <= tally.moved, "{order:?}: off by {off}, moved {}", tally.moved);
            if !tally.moved.is_zero() {
                uncertain += 1;
                assert_eq!(standing.verdict, Verdict::Beyond, "{order:?}");
            }
            // Counted again with nothing sold between the places, it is exact.
            shop.recount(&cola);
            shop.sell(&cola, 1);
            shop.count(&cola, 1);
            shop.count(&cola, 0);
            shop.sell(&cola, 0);
            shop.post_sheet();
            assert_eq!(shop.book_of(&cola), units(shop.shelf_of(&cola)), "{order:?}");
        }
    }
    assert!(uncertain > 0);
}

#[test]
fn counts_add_up_and_a_recount_replaces_them() {
    let [cola, milk] = skus();
    let mut shop = Shop::open(2, -2);
    shop.sheet.items.insert(milk.clone(), Item::default());
    shop.count(&cola, 0);
    shop.count(&cola, 1);
    let verdict = |shop: &Shop, sku: &Sku| shop.sheet.standings().unwrap()[sku].clone();
    let first = verdict(&shop, &cola);
    assert_eq!(first.tally.unwrap().counted, units(8));
    assert_eq!(first.verdict, Verdict::Beyond);
    assert_eq!(verdict(&shop, &milk).verdict, Verdict::Uncounted);
    let refused = shop.sheet.compared().unwrap().unwrap_err();
    assert_eq!((refused.beyond, refused.recount), (vec![cola.clone()], vec![]));

    shop.recount(&cola);
    assert_eq!(verdict(&shop, &cola).verdict, Verdict::Recount);
    assert_eq!(shop.sheet.compared().unwrap().unwrap_err().recount, std::slice::from_ref(&cola));
    shop.count(&cola, 0);
    shop.count(&cola, 1);
    assert_eq!(verdict(&shop, &cola).tally.unwrap().counted, units(8));
    assert_eq!(verdict(&shop, &cola).verdict, Verdict::Settled);
    let compared = shop.sheet.compared().unwrap().unwrap();
    assert_eq!(compared.len(), 1, "what nobody counted is not said to be gone");
    assert_eq!(compared[0].round, Round::FIRST.next());

    shop.sheet.tolerance = units(2);
    assert_eq!(verdict(&shop, &cola).verdict, Verdict::Tolerated);
}

#[test]
fn less_than_nothing_cannot_be_counted() {
    let mut shop = Shop::open(1, 0);
    let [cola, _] = skus();
    shop.count(&cola, 0);
    shop.sheet.lines[0].quantity = units(-1);
    shop.sheet.items.get_mut(&cola).unwrap().reason = "odd".parse().ok();
    let lines = shop.sheet.compared().unwrap().unwrap();
    let refused = shop.post(Command::Stocktake { name: "".into(), lines, approved: None });
    assert!(matches!(refused, Err(PostError::BadQuantity { line: 1, .. })), "{refused:?}");
    let refused =
        shop.post(Command::Stocktake { name: "".into(), lines: Vec::new(), approved: None });
    assert_eq!(refused, Err(PostError::NoLines));
}
