//! Two stores post for one transfer; the order hears what their facts say.

use std::num::NonZeroU32;

use proptest::prelude::*;

use super::super::{Header, Posted, Warning, post};
use super::*;
use crate::command::{AdjustLine, Command, InboundLine, ReversalTarget, Reversed, SaleLine};
use crate::cost::{Position, inbound_cost};
use crate::fact::{Fact, Priced};
use crate::fold::{Balance, BalanceKey, Place, fold};
use crate::id::{Epoch, FactId};
use crate::json;
use crate::order::{OrderStep, Party};
use crate::time::Timestamp;
use crate::transfer::{Entry, Event, Liable, Route, Stage, Step, Transfer, status};

/// Two stores, the facts of both, and what they told each other.
struct Chain {
    stock: BTreeMap<(StoreId, Sku), Position>,
    facts: Vec<Fact>,
    entries: Vec<Entry>,
}

fn n(number: usize) -> NonZeroU32 {
    NonZeroU32::new(u32::try_from(number).unwrap()).unwrap()
}

fn store(name: &str) -> StoreId {
    StoreId::new(name).unwrap()
}

fn sku() -> Sku {
    Sku::new("X").unwrap()
}

fn quantity(raw: i64) -> Quantity {
    Quantity::from_thousandths(raw).unwrap()
}

fn money(raw: i64) -> Money {
    Money::from_ten_thousandths(raw).unwrap()
}

fn task(deed: Deed) -> Command {
    let route = Route::new(store("A"), store("B")).unwrap();
    Command::Transfer(Box::new(Task { transfer: "T-1".parse().unwrap(), route, deed }))
}

fn ship(shipment: usize, raw: i64) -> Command {
    let lines = vec![Wanted { sku: sku(), quantity: quantity(raw) }];
    task(Deed::Ship { shipment: n(shipment), lines })
}

impl Chain {
    /// A has goods, B has none.
    fn with(raw: i64, cost: i64) -> Self {
        let mut chain = Self { stock: BTreeMap::new(), facts: Vec::new(), entries: Vec::new() };
        let (quantity, cost) = (quantity(raw), money(cost));
        let lines = vec![InboundLine { sku: sku(), lot: None, quantity, cost }];
        chain.post("A", Command::Opening { lines }).unwrap();
        chain
    }

    fn receive(&mut self, part: usize, received: i64, damaged: i64) -> Result<Posted, PostError> {
        let (received, damaged) = (quantity(received), quantity(damaged));
        let lines = vec![Arrived { sku: sku(), received, damaged }];
        let on_the_way = self.status().on_the_way().unwrap();
        let deed = Deed::Receive { shipment: n(1), part: n(part), lines, on_the_way };
        self.post("B", task(deed))
    }

    fn settle(&mut self, by: &str, raw: i64, outcome: Outcome) -> Result<Posted, PostError> {
        let lines = vec![Settled { sku: sku(), quantity: quantity(raw), outcome }];
        let now = self.status();
        let (on_the_way, surplus) = (now.on_the_way().unwrap(), now.surplus().unwrap());
        let (settlement, liable, reason) = (n(self.facts.len()), Liable::Carrier, "gone".into());
        self.post(by, task(Deed::Settle { settlement, lines, on_the_way, surplus, liable, reason }))
    }

    fn post(&mut self, by: &str, command: Command) -> Result<Posted, PostError> {
        let by = store(by);
        let seq = self.facts.len() as u64 + 1;
        let header = Header {
            id: FactId { epoch: Epoch::FIRST, seq },
            store: by.clone(),
            date: "2026-11-22".parse().unwrap(),
            true_date: None,
            at: Timestamp::from_millis(1_795_312_800_000),
            bill: format!("{by}-A-{seq}").parse().unwrap(),
            request: None,
            operator: None,
            shift: None,
            member: None,
        };
        let here: BTreeMap<Sku, Position> =
            [(sku(), self.position(by.as_str()))].into_iter().collect();
        let posted = post(header, command, &here)?;
        assert_eq!(json::from_text(&json::to_text(&posted.fact)).unwrap(), posted.fact);
        let position = self.stock.entry((by.clone(), sku())).or_default();
        for (account, quantity, value) in posted.fact.movements.iter().flat_map(Movement::legs) {
            if *account == Account::OnHand {
                position.quantity = position.quantity.plus(quantity).unwrap();
                position.value = position.value.plus(value).unwrap();
            }
        }
        if let Some((_, cost)) = inbound_cost(&posted.fact).pop() {
            position.last_cost = Some(cost);
        }
        if let Some((_, step)) = Step::of_fact(&posted.fact) {
            let (at, operator) = (posted.fact.at, None);
            self.entries.push(Entry::Said(Event { by: Party::Store(by), at, operator, step }));
        }
        self.facts.push(posted.fact.clone());
        Ok(posted)
    }

    fn position(&self, by: &str) -> Position {
        self.stock.get(&(store(by), sku())).copied().unwrap_or_default()
    }

    fn status(&self) -> Transfer {
        status(&self.entries)
    }

    /// What the books of both stores say is on the way.
    fn in_transit(&self) -> Balance {
        let key: BalanceKey = (Place::Transit("T-1".parse().unwrap()), sku(), None);
        fold(&self.facts).balances.get(&key)
    }
}

#[test]
fn the_cost_travels_with_the_goods() {
    let mut chain = Chain::with(10_000, 100_000);
    chain.post("A", ship(1, 3_000)).unwrap();
    assert_eq!(chain.position("A").value, money(70_000));
    assert_eq!(chain.in_transit(), Balance { quantity: 3_000, value: 30_000 });
    chain.receive(1, 2_000, 1_000).unwrap();
    let at_b = chain.position("B");
    assert_eq!((at_b.quantity, at_b.value), (quantity(2_000), money(20_000)));
    assert_eq!(at_b.last_cost, Some(money(10_000)), "B has learned what a unit costs");
    assert_eq!(chain.in_transit(), Balance::default());
    assert_eq!(chain.status().stage, Stage::Received);
}

#[test]
fn the_last_part_takes_the_rest_of_the_cost() {
    let mut chain = Chain::with(3_000, 100_000);
    chain.post("A", ship(1, 3_000)).unwrap();
    for part in 1..=3 {
        chain.receive(part, 1_000, 0).unwrap();
    }
    assert_eq!(chain.position("B").value, money(100_000));
    assert_eq!(chain.in_transit(), Balance::default());
}

#[test]
fn what_is_more_than_was_shipped_is_taken_in() {
    let mut chain = Chain::with(10_000, 100_000);
    chain.post("A", ship(1, 3_000)).unwrap();
    chain.receive(1, 4_000, 0).unwrap();
    assert_eq!(chain.position("B").value, money(40_000));
    assert_eq!(chain.in_transit(), Balance { quantity: -1_000, value: -10_000 });
    // The source finds that it gave one more than it wrote down.
    chain.post("A", ship(2, 1_000)).unwrap();
    assert_eq!(chain.in_transit(), Balance::default());
    assert_eq!((chain.status().stage, chain.status().anomalies), (Stage::Received, vec![]));
}

#[test]
fn what_nobody_shipped_is_settled_at_the_cost_at_which_it_was_taken_in() {
    let mut chain = Chain::with(10_000, 100_000);
    chain.post("A", ship(1, 3_000)).unwrap();
    chain.receive(1, 5_000, 0).unwrap();
    chain.settle("B", 500, Outcome::Surplus).unwrap();
    assert_eq!(chain.in_transit(), Balance { quantity: -1_500, value: -15_000 });
    let most = chain.settle("A", 1_501, Outcome::Surplus).unwrap_err();
    assert!(matches!(most, PostError::SettlesTooMuch { .. }), "{most}");
    chain.settle("A", 1_500, Outcome::Surplus).unwrap();
    assert_eq!(chain.in_transit(), Balance::default());
    assert_eq!((chain.status().stage, chain.status().anomalies), (Stage::Settled, vec![]));
    assert_eq!(chain.position("B").quantity, quantity(5_000));
    assert_eq!(chain.position("A").quantity, quantity(7_000), "the source stays as it was");
}

#[test]
fn goods_nobody_knows_the_cost_of_are_taken_in_with_a_warning() {
    let mut chain = Chain::with(1_000, 10_000);
    let posted = chain.receive(1, 2_000, 0).unwrap();
    assert_eq!(posted.warnings, [Warning::UnknownCost { sku: sku() }]);
    assert_eq!(chain.position("B").last_cost, None, "nothing was learned from it");
}

#[test]
fn goods_sold_before_they_arrived_are_set_right() {
    let mut chain = Chain::with(10_000, 100_000);
    let line = SaleLine {
        sku: sku(),
        quantity: quantity(2_000),
        list_price: money(20_000),
        discount: Money::ZERO,
        tax_rate: crate::amount::TaxRate::ZERO,
        priced: Priced::default(),
    };
    chain.post("B", Command::Sell { lines: vec![line], payments: vec![] }).unwrap();
    chain.post("A", ship(1, 5_000)).unwrap();
    chain.receive(1, 5_000, 0).unwrap();
    let at_b = chain.position("B");
    assert_eq!((at_b.quantity, at_b.value), (quantity(3_000), money(30_000)));
}

#[test]
fn each_end_books_its_own_part() {
    let mut chain = Chain::with(10_000, 100_000);
    assert!(matches!(chain.post("B", ship(1, 1_000)), Err(PostError::NotThisEnd { .. })));
    chain.post("A", ship(1, 5_000)).unwrap();
    let back = chain.settle("B", 1_000, Outcome::Returned);
    assert!(matches!(back, Err(PostError::NotThisEnd { .. })));
    let error = chain.settle("B", 6_000, Outcome::Lost).unwrap_err();
    assert_eq!(error.to_string(), "6 of X is settled, 5 is on the way in transfer T-1");
    chain.settle("A", 2_000, Outcome::Returned).unwrap();
    chain.settle("B", 1_000, Outcome::Lost).unwrap();
    chain.settle("B", 2_000, Outcome::Damaged).unwrap();
    assert_eq!((chain.status().stage, chain.in_transit()), (Stage::Settled, Balance::default()));
    assert_eq!(chain.position("A").quantity, quantity(7_000));
    let error = chain.receive(1, 0, 0).unwrap_err();
    assert!(matches!(error, PostError::BadQuantity { .. }));
    let error = chain.receive(1, 2_000, -1_000).unwrap_err();
    assert!(matches!(error, PostError::BadQuantity { .. }));
}

#[test]
fn what_was_told_to_the_other_end_is_not_reversed() {
    let mut chain = Chain::with(10_000, 100_000);
    let fact = chain.post("A", ship(1, 5_000)).unwrap().fact;
    let target = Box::new(ReversalTarget { fact, reversed: Reversed::No, returns: 0 });
    let error = chain.post("A", Command::Reverse { target, reason: "oops".into() }).unwrap_err();
    assert_eq!(error.to_string(), "1-2 is part of transfer T-1: settle the transfer instead");
}

#[test]
fn the_longest_receipt_fits_the_stored_form() {
    use super::super::MAX_LINES;
    let most = quantity(crate::amount::MAX_QUANTITY / 2);
    let name = |at: usize| Sku::new(&format!("{at:0>64}")).unwrap();
    let worth = money(crate::amount::MAX_MONEY / 8);
    let carried = Carried { quantity: most, value: worth };
    let on_the_way = (0..MAX_LINES).map(|at| (name(at), carried)).collect();
    let half = quantity(most.thousandths() / 2);
    let line = |at| Arrived { sku: name(at), received: half, damaged: half };
    let lines = (0..MAX_LINES).map(line).collect();
    let deed =
        Deed::Receive { shipment: NonZeroU32::MAX, part: NonZeroU32::MAX, lines, on_the_way };
    let ends = ["A".repeat(64), "B".repeat(64)].map(|name| StoreId::new(&name).unwrap());
    let route = Route::new(ends[0].clone(), ends[1].clone()).unwrap();
    let task = Task { transfer: "T".repeat(64).parse().unwrap(), route, deed };
    let header = Header {
        id: FactId { epoch: Epoch::FIRST, seq: u64::MAX },
        store: ends[1].clone(),
        date: "2026-11-22".parse().unwrap(),
        true_date: None,
        at: Timestamp::from_millis(i64::MAX),
        bill: "9".repeat(64).parse().unwrap(),
        request: Some("r".repeat(64).parse().unwrap()),
        operator: Some("o".repeat(64).parse().unwrap()),
        shift: None,
        member: None,
    };
    // Every line had been oversold, so that each also corrects its cost.
    let short = Position { quantity: quantity(-1), value: money(-1), last_cost: Some(money(7)) };
    let stock: BTreeMap<Sku, Position> = (0..MAX_LINES).map(|at| (name(at), short)).collect();
    let posted = post(header, Command::Transfer(Box::new(task)), &stock).unwrap();
    assert_eq!(posted.fact.movements.len(), MAX_LINES * 3);
    assert!(json::to_text(&posted.fact).len() <= json::MAX_TEXT_LEN);
}

/// What a store does next in a random course.
#[derive(Debug, Clone)]
enum Move {
    Ship(i64),
    Receive(i64, i64),
    Settle(bool, i64, Outcome),
    Scrap(bool, i64),
}

fn a_move() -> impl Strategy<Value = Move> {
    use Outcome::{Damaged, Lost, Returned, Surplus};
    let outcome = prop::sample::select([Lost, Damaged, Returned, Surplus].as_slice());
    prop_oneof![
        (1..4_000_i64).prop_map(Move::Ship),
        (0..3_000_i64, 0..900_i64).prop_map(|(good, broken)| Move::Receive(good, broken)),
        (any::<bool>(), 1..2_000_i64, outcome).prop_map(|(a, q, to)| Move::Settle(a, q, to)),
        (any::<bool>(), 1..2_000_i64).prop_map(|(a, q)| Move::Scrap(a, q)),
    ]
}

proptest! {
    /// Whatever the stores book, the order's status and the books of the chain agree on what is on
    /// the way, and once it is over no cost is left behind on the road.
    #[test]
    fn order_and_books_agree(moves in prop::collection::vec(a_move(), 1..12)) {
        let mut chain = Chain::with(5_000, 77_777);
        let by = |a: bool| if a { "A" } else { "B" };
        for (at, next) in (1..).zip(moves) {
            let booked = match next {
                Move::Ship(raw) => chain.post("A", ship(at, raw)),
                Move::Receive(good, broken) => chain.receive(at, good, broken),
                Move::Settle(a, raw, outcome) => chain.settle(by(a), raw, outcome),
                Move::Scrap(a, raw) => {
                    let lines = vec![AdjustLine { sku: sku(), lot: None, quantity: quantity(raw) }];
                    chain.post(by(a), Command::Scrap { lines, reason: "old".into() })
                }
            };
            let refused = matches!(booked, Err(
                PostError::SettlesTooMuch { .. }
                | PostError::NotThisEnd { .. }
                | PostError::BadQuantity { .. }
            ));
            prop_assert!(booked.is_ok() || refused, "{:?}", booked);
            let line = chain.status().lines.get(&sku()).copied().unwrap_or_default();
            prop_assert_eq!(line.in_transit, chain.in_transit());
        }
        let sums = fold(&chain.facts).balances;
        let total: i128 = sums.iter().map(|(_, balance)| balance.quantity).sum();
        prop_assert_eq!(total, 0, "goods are neither made nor lost");
    }

    /// Received to the last unit, the goods bring their whole cost along.
    #[test]
    fn no_cost_is_left_on_the_road(parts in prop::collection::vec((1..500_i64, 0..90_i64), 1..8)) {
        let whole: i64 = parts.iter().map(|(good, broken)| good + broken).sum();
        let mut chain = Chain::with(whole + 17, 77_777);
        chain.post("A", ship(1, whole)).unwrap();
        for (part, (good, broken)) in (1..).zip(parts) {
            chain.receive(part, good, broken).unwrap();
        }
        prop_assert_eq!(chain.in_transit(), Balance::default());
        prop_assert_eq!(chain.status().anomalies, vec![]);
    }
}
