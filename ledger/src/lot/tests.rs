use proptest::prelude::*;

use super::*;

fn day(number: i32) -> BusinessDate {
    "2026-01-01".parse::<BusinessDate>().unwrap().plus_days(number)
}

fn stock(lot: &str, expiry: Option<i32>, quantity: i64) -> LotStock {
    let lot = (!lot.is_empty()).then(|| lot.parse().unwrap());
    LotStock { lot, expiry: expiry.map(day), quantity }
}

#[test]
fn what_left_without_a_name_went_first_expired_first() {
    let books = [
        stock("", None, -7_000),
        stock("C", None, 4_000),
        stock("B", Some(20), 5_000),
        stock("A", Some(10), 6_000),
    ];
    let left = remaining(books);
    assert_eq!(left, [stock("B", Some(20), 4_000), stock("C", None, 4_000)]);
    assert_eq!(pick(&left, 5_000), [stock("B", Some(20), 4_000), stock("C", None, 1_000)]);
    assert_eq!(pick(&left, 0), []);
}

#[test]
fn more_than_there_was_is_said_of_goods_without_a_name() {
    let left = remaining([stock("", None, -7_000), stock("A", Some(10), 6_000)]);
    assert_eq!(left, [stock("", None, -1_000)]);
    assert_eq!(pick(&left, 3_000), []);
}

/// A lot's books; several may say the same date.
fn books() -> impl Strategy<Value = Vec<LotStock>> {
    let dates = prop::collection::vec((prop::option::of(0..6_i32), -20..30_i64), 0..7);
    (dates, -40..20_i64).prop_map(|(lots, unnamed)| {
        let named = lots.into_iter().enumerate();
        let named = named.map(|(at, (expiry, held))| stock(&format!("L{at}"), expiry, held));
        named.chain([stock("", None, unnamed)]).collect()
    })
}

proptest! {
    /// The naive model takes one unit after the other from whatever expires first.
    #[test]
    fn lots_add_up_to_what_is_on_hand(books in books(), asked in 0..60_i64) {
        let on_hand: i64 = books.iter().map(|lot| lot.quantity).sum();
        let left = remaining(books.clone());
        prop_assert_eq!(left.iter().map(|lot| lot.quantity).sum::<i64>(), on_hand);
        prop_assert!(left.iter().all(|lot| lot.quantity > 0) || on_hand < 0);

        let mut naive: Vec<LotStock> = books.iter().filter(|lot| lot.quantity > 0).cloned().collect();
        let owed: i64 = books.iter().map(|lot| -lot.quantity.min(0)).sum();
        for _ in 0..owed {
            let first = naive.iter_mut().filter(|lot| lot.quantity > 0).min_by_key(|lot| {
                (lot.lot.is_none(), lot.expiry.map_or(i32::MAX, |on| on.compact().parse().unwrap()), lot.lot.clone())
            });
            if let Some(first) = first {
                first.quantity -= 1;
            }
        }
        for lot in naive.iter().filter(|lot| lot.quantity > 0) {
            prop_assert!(left.contains(lot), "{:?} is not in {:?}", lot, left);
        }

        let picked = pick(&left, asked);
        let sum: i64 = picked.iter().map(|lot| lot.quantity).sum();
        prop_assert_eq!(sum, asked.min(on_hand.max(0)));
        for (taken, lot) in picked.iter().zip(&left) {
            prop_assert!(taken.lot == lot.lot && taken.quantity <= lot.quantity);
        }
    }
}
