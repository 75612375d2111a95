use proptest::prelude::*;

use super::*;
use crate::amount::Quantity;

fn units(units: i64) -> Quantity {
    Quantity::units(units).unwrap()
}

fn terms(lead_days: u32, review_days: u32, pack: i64) -> Terms {
    Terms { lead_days, review_days, pack: Some(units(pack)), minimum: None, refill_percent: 0 }
}

fn on_hand(quantity: i64) -> Standing {
    Standing { on_hand: units(quantity), ..Standing::default() }
}

fn between(min: i64, max: i64) -> Limits {
    Limits { min: units(min), max: Some(units(max)) }
}

/// Two a day for ten days, and five on one of them.
fn steady() -> Vec<Quantity> {
    (0..10).map(|day| units(if day == 4 { 5 } else { 2 })).collect()
}

#[test]
fn demand_is_the_mean_and_the_worst_run_of_days() {
    let demand = demand(&steady(), 3);
    assert_eq!(demand.expected(10), units(23));
    assert_eq!(demand.expected(1), "2.3".parse().unwrap());
    assert_eq!(demand.peak(), units(9));
    assert_eq!(demand.days(), 10);
}

#[test]
fn what_was_brought_back_is_no_negative_demand() {
    let history = [units(3), units(-5), units(1)];
    let demand = demand(&history, 2);
    assert_eq!((demand.peak(), demand.expected(3)), (units(3), units(4)));
}

#[test]
fn nothing_was_sold_so_nothing_is_expected() {
    for history in [vec![], vec![Quantity::ZERO; 5]] {
        let demand = demand(&history, 7);
        assert_eq!((demand.peak(), demand.expected(30)), (Quantity::ZERO, Quantity::ZERO));
        let proposal = propose(&on_hand(0), &between(0, 10), &demand, &terms(2, 1, 1));
        assert_eq!(proposal.quantity, Quantity::ZERO);
    }
}

#[test]
fn an_order_fills_up_to_the_maximum_in_whole_packs() {
    let demand = demand(&steady(), 3);
    let proposal = propose(&on_hand(12), &between(5, 30), &demand, &terms(2, 1, 4));
    assert_eq!((proposal.quantity, proposal.due), (units(16), Due::Soon));
    assert!(proposal.concerns.is_empty());
    // What is awaited counts, what is promised does not.
    let awaited = Standing { on_order: units(10), incoming: units(2), ..on_hand(12) };
    let proposal = propose(&awaited, &between(5, 30), &demand, &terms(2, 1, 4));
    assert_eq!((proposal.quantity, proposal.due), (Quantity::ZERO, Due::No));
    let promised = Standing { reserved: units(11), ..awaited };
    let proposal = propose(&promised, &between(5, 30), &demand, &terms(2, 1, 4));
    assert_eq!(proposal.quantity, units(16));
}

#[test]
fn what_does_not_fit_is_said() {
    let demand = demand(&steady(), 3);
    let tight = propose(&on_hand(5), &between(5, 10), &demand, &terms(2, 1, 1));
    assert_eq!((tight.quantity, tight.concerns), (units(5), vec![Concern::TightLimits]));
    let large = Terms { minimum: Some(units(25)), ..terms(2, 1, 10) };
    let large = propose(&on_hand(12), &between(5, 30), &demand, &large);
    assert_eq!((large.quantity, large.concerns), (units(30), vec![Concern::AboveMaximum]));
    let full = propose(&on_hand(40), &between(5, 30), &demand, &terms(2, 1, 1));
    assert_eq!((full.quantity, full.concerns), (Quantity::ZERO, vec![Concern::Overstocked]));
}

#[test]
fn a_refill_point_orders_before_the_peak_asks_for_it() {
    let demand = demand(&steady(), 3);
    let early = Terms { refill_percent: 80, ..terms(2, 1, 1) };
    let order = |on_hand_units, terms: &Terms| {
        propose(&on_hand(on_hand_units), &between(5, 55), &demand, terms).quantity
    };
    assert_eq!((order(44, &terms(2, 1, 1)), order(44, &early)), (Quantity::ZERO, units(11)));
    assert_eq!(order(45, &early), Quantity::ZERO);
}

#[test]
fn a_shelf_below_its_minimum_is_due_now_even_when_goods_are_awaited() {
    let demand = demand(&steady(), 3);
    let awaited = Standing { on_order: units(25), ..on_hand(3) };
    let proposal = propose(&awaited, &between(5, 30), &demand, &terms(2, 1, 1));
    assert_eq!((proposal.quantity, proposal.due), (Quantity::ZERO, Due::Now));
}

/// A store that looks at its plan every `review` days and gets goods `lead` days later: its stock
/// at the end of each day.
fn replay(
    sold: &[Quantity],
    limits: &Limits,
    demand: &Demand,
    terms: &Terms,
    start: i64,
) -> Vec<i64> {
    let mut shelf = start;
    let mut awaited: Vec<(usize, i64)> = Vec::new();
    let mut stock = Vec::new();
    for (day, sold) in sold.iter().enumerate() {
        // Goods come in the morning; the plan is looked at before that day's sales.
        shelf += awaited.iter().filter(|(due, _)| *due == day).map(|(_, q)| q).sum::<i64>();
        awaited.retain(|(due, _)| *due > day);
        if day % terms.review_days as usize == 0 {
            let on_order = awaited.iter().map(|(_, q)| q).sum();
            let standing = Standing {
                on_hand: Quantity::from_thousandths(shelf).unwrap(),
                on_order: Quantity::from_thousandths(on_order).unwrap(),
                ..Standing::default()
            };
            let ordered = propose(&standing, limits, demand, terms).quantity.thousandths();
            match terms.lead_days as usize {
                0 => shelf += ordered,
                lead => awaited.push((day + lead, ordered)),
            }
        }
        shelf -= sold.thousandths();
        stock.push(shelf);
    }
    stock
}

fn days() -> impl Strategy<Value = Vec<Quantity>> {
    let sold = prop_oneof![3 => Just(0), 2 => 1..9_000_i64];
    prop::collection::vec(sold.prop_map(|raw| Quantity::from_thousandths(raw).unwrap()), 1..80)
}

proptest! {
    /// The promise of the plan: whoever sells no more than was ever sold within the reach stays
    /// between limits that leave room for it.
    #[test]
    fn a_store_stays_between_its_limits(
        sold in days(), lead in 0..6_u32, review in 1..5_u32, pack in 1..7_i64, reserve in 0..10_u32,
    ) {
        let terms = terms(lead, review, pack);
        let demand = demand(&sold, terms.reach());
        let limits = limits(&demand, &terms, reserve);
        let start = limits.min.plus(demand.peak()).unwrap().thousandths();
        let (min, max) = (limits.min.thousandths(), limits.max.unwrap().thousandths());
        for (day, stock) in replay(&sold, &limits, &demand, &terms, start).iter().enumerate() {
            prop_assert!((min..=max).contains(stock), "day {day}: {stock} not in {min}..={max}");
        }
    }

    #[test]
    fn an_order_is_whole_packs_and_goes_over_the_maximum_only_with_a_word(
        hand in -20..60_i64, awaited in 0..30_i64, min in 0..30_i64, more in 0..40_i64,
        pack in 1..12_i64, least in prop::option::of(1..40_i64), sold in days(),
    ) {
        let standing = Standing { on_order: units(awaited), ..on_hand(hand) };
        let (limits, demand) = (between(min, min + more), demand(&sold, 4));
        let terms = Terms { minimum: least.map(units), ..terms(3, 1, pack) };
        let proposal = propose(&standing, &limits, &demand, &terms);
        let (quantity, position) = (proposal.quantity.thousandths(), (hand + awaited) * 1_000);
        prop_assert_eq!(quantity % (pack * 1_000), 0);
        prop_assert!(quantity == 0 || quantity >= least.unwrap_or(0) * 1_000);
        let over = quantity > 0 && position + quantity > (min + more) * 1_000;
        prop_assert_eq!(over, proposal.concerns.contains(&Concern::AboveMaximum));
        let enough = position - demand.peak().thousandths() >= min * 1_000;
        let full = position >= (min + more) * 1_000;
        prop_assert_eq!(quantity == 0, enough || full);
    }

    #[test]
    fn the_peak_is_the_largest_sum_of_neighbours(sold in days(), reach in 0..100_u32) {
        let raw: Vec<i64> = sold.iter().map(|sold| sold.thousandths()).collect();
        let window = (reach as usize).clamp(1, raw.len());
        let naive = raw.windows(window).map(|days| days.iter().sum::<i64>()).max().unwrap();
        prop_assert_eq!(demand(&sold, reach).peak().thousandths(), naive);
    }
}
