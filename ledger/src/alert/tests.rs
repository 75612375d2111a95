use proptest::prelude::*;

use super::*;

fn day(number: i32) -> BusinessDate {
    "2026-01-01".parse::<BusinessDate>().unwrap().plus_days(number)
}

fn units(units: i64) -> Quantity {
    Quantity::units(units).unwrap()
}

#[test]
fn one_thing_at_a_time_is_wrong_with_a_quantity() {
    let limits = Limits { min: Some(units(5)), max: Some(units(20)) };
    let cases = [
        (-1, Some(AlertKind::Negative)),
        (0, Some(AlertKind::BelowMin)),
        (4, Some(AlertKind::BelowMin)),
        (5, None),
        (20, None),
        (21, Some(AlertKind::AboveMax)),
    ];
    for (on_hand, expected) in cases {
        assert_eq!(limits.judge(units(on_hand)), expected, "{on_hand}");
    }
    assert_eq!(Limits::default().judge(units(0)), None);
    assert_eq!(Limits::default().judge(units(-1)), Some(AlertKind::Negative));
}

#[test]
fn days_decide_what_lies_and_what_expires() {
    let patience = Patience::default();
    let idle = |days| patience.judge_idle(day(0), day(days));
    assert_eq!(
        [29, 30, 89, 90].map(idle),
        [None, Some(AlertKind::Slow), Some(AlertKind::Slow), Some(AlertKind::Dead)]
    );
    let expires = |days| patience.judge_expiry(day(days), day(0));
    assert_eq!(
        [31, 30, 0, -1].map(expires),
        [None, Some(AlertKind::Expiring), Some(AlertKind::Expiring), Some(AlertKind::Expired)]
    );
}

#[test]
fn every_kind_has_a_name_of_its_own() {
    for kind in AlertKind::ALL {
        assert_eq!(AlertKind::named(kind.name()), Some(kind));
    }
    assert_eq!(AlertKind::named("boring"), None);
}

#[test]
fn an_acknowledgement_ends_with_its_day() {
    let cause = Cause { kind: AlertKind::Slow, sku: "tea".parse().unwrap(), lot: None };
    let mut seen = Acknowledgement { cause, until: Some(day(3)), remark: "".into() };
    assert!(seen.holds_on(day(3)) && !seen.holds_on(day(4)));
    seen.until = None;
    assert!(seen.holds_on(day(4_000)));
}

/// A day of a history: what came in, what was sold, what else went.
fn history() -> impl Strategy<Value = Vec<(i64, i64, i64)>> {
    let amount = || prop_oneof![3 => Just(0), 1 => 0..5_i64];
    prop::collection::vec((amount(), amount(), amount()), 1..60)
}

proptest! {
    /// Against a model that walks forwards and sees every evening.
    #[test]
    fn goods_lie_since_the_last_sale_or_since_they_came(days in history(), horizon in -1..60_i32) {
        let (mut held, mut since) = (0_i64, day(-1));
        for (number, (inward, sold, gone)) in (0..).zip(&days) {
            let before = held;
            held += inward - sold - gone;
            if *sold > 0 || before <= 0 && held > 0 {
                since = day(number);
            }
        }
        let flows = (0..).zip(&days).map(|(number, (inward, sold, gone))| DayFlow {
            date: day(number),
            net: inward - sold - gone,
            sold: *sold,
        });
        let newest_first: Vec<_> = flows.collect::<Vec<_>>().into_iter().rev().collect();
        let found = idle_since(held, newest_first, day(horizon));
        prop_assert_eq!(found, (held > 0).then(|| since.max(day(horizon))));
    }

    /// Against a model that walks forwards and sees every evening.
    #[test]
    fn a_fault_began_where_the_row_of_bad_evenings_does(days in history(), least in 0..4_i64) {
        let is_wrong = |held: i64| held < least;
        let (mut held, mut began) = (0_i64, None);
        let moved = (0..).zip(&days).filter(|(_, (inward, sold, gone))| inward + sold + gone > 0);
        for (number, (inward, sold, gone)) in moved.clone() {
            held += inward - sold - gone;
            began = is_wrong(held).then(|| began.unwrap_or(day(number)));
        }
        let flows = moved.map(|(number, (inward, sold, gone))| {
            (day(number), inward - sold - gone)
        });
        let newest_first: Vec<_> = flows.collect::<Vec<_>>().into_iter().rev().collect();
        if let Some(began) = began {
            prop_assert_eq!(wrong_since(held, newest_first, day(-1), is_wrong), began);
        }
    }
}
