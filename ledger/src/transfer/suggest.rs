//! Which stores could give goods without falling short themselves (调拨建议).

use std::cmp::Reverse;

use crate::amount::Quantity;
use crate::id::StoreId;
use crate::time::Timestamp;

/// What can be had at a store, as far as is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Where.
    pub store: StoreId,
    /// How much: on hand, less what is promised.
    pub available: Quantity,
    /// How old that is: when its newest fact was recorded.
    pub as_of: Option<Timestamp>,
}

/// A store that could give some of what is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// What is known of it.
    pub offer: Offer,
    /// What it keeps for itself.
    pub keeps: Quantity,
    /// How much it could give beside that; positive.
    pub spare: Quantity,
    /// How much of what is wanted it could give: all, or what it can spare.
    pub gives: Quantity,
}

/// The stores that could give some of what is wanted and keep their own minimum, the best first: those that
/// can give all of it before those that cannot, because one shipment is less work than two; then
/// those that can spare more, which are the surest to have it still; then those heard of last.
pub fn suggest(
    wanted: Quantity,
    keeps: impl Fn(&StoreId) -> Quantity,
    offers: impl IntoIterator<Item = Offer>,
) -> Vec<Suggestion> {
    let suggestion = |offer: Offer| {
        let keeps = keeps(&offer.store);
        let spare = offer.available.minus(keeps).ok().filter(|spare| spare.is_positive())?;
        Some(Suggestion { offer, keeps, spare, gives: spare.min(wanted) })
    };
    let mut found: Vec<Suggestion> = offers.into_iter().filter_map(suggestion).collect();
    found.sort_by(|a, b| {
        let order = |s: &Suggestion| (s.gives < wanted, Reverse(s.spare), Reverse(s.offer.as_of));
        order(a).cmp(&order(b)).then_with(|| a.offer.store.cmp(&b.offer.store))
    });
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn units(units: i64) -> Quantity {
        Quantity::units(units).unwrap()
    }

    fn offer(store: &str, available: i64, as_of: Option<i64>) -> Offer {
        let as_of = as_of.map(Timestamp::from_millis);
        Offer { store: StoreId::new(store).unwrap(), available: units(available), as_of }
    }

    #[test]
    fn who_can_give_all_comes_first_then_who_has_most_then_who_was_heard_of_last() {
        let offers = [
            offer("short", 7, Some(9)),
            offer("old", 20, Some(1)),
            offer("new", 20, Some(5)),
            offer("never", 20, None),
            offer("rich", 30, Some(1)),
            offer("exact", 15, Some(1)),
            offer("poor", 5, Some(9)),
            offer("oversold", -3, Some(9)),
        ];
        let found = suggest(units(10), |_| units(5), offers);
        let told: Vec<_> = found.iter().map(|s| (s.offer.store.as_str(), s.gives)).collect();
        let all = units(10);
        let best = [("rich", all), ("new", all), ("old", all), ("never", all), ("exact", all)];
        assert_eq!(told, [best.as_slice(), &[("short", units(2))]].concat());
        assert_eq!(found[0].spare, units(25));
    }

    #[test]
    fn each_store_keeps_what_it_needs_itself() {
        let keeps = |store: &StoreId| units(if store.as_str() == "busy" { 18 } else { 5 });
        let offers = [offer("busy", 20, None), offer("quiet", 20, None)];
        let found = suggest(units(10), keeps, offers);
        let told: Vec<_> = found.iter().map(|s| (s.offer.store.as_str(), s.gives)).collect();
        assert_eq!(told, [("quiet", units(10)), ("busy", units(2))]);
    }

    fn offers() -> impl Strategy<Value = Vec<Offer>> {
        let one = (-20..60_i64, prop::option::of(0..5_i64));
        prop::collection::vec(one, 0..12).prop_map(|rows| {
            let name = |at: usize| format!("S{at}");
            rows.iter().enumerate().map(|(at, (n, t))| offer(&name(at), *n, *t)).collect()
        })
    }

    proptest! {
        #[test]
        fn nobody_falls_under_the_minimum(offers in offers(), wanted in 1..40_i64, min in 0..20_i64) {
            let found = suggest(units(wanted), |_| units(min), offers.clone());
            for offer in offers {
                let given = found.iter().find(|s| s.offer == offer).map(|s| s.gives);
                let could = offer.available.thousandths() - min * 1_000;
                prop_assert_eq!(given.is_some(), could > 0);
                let given = given.unwrap_or_default().thousandths();
                prop_assert_eq!(given, could.clamp(0, wanted * 1_000));
            }
        }

        #[test]
        fn the_order_of_the_offers_does_not_matter(
            (offers, shuffled) in offers().prop_flat_map(|o| (Just(o.clone()), Just(o).prop_shuffle())),
        ) {
            let suggested = |offers| suggest(units(10), |_| units(2), offers);
            prop_assert_eq!(suggested(offers), suggested(shuffled));
        }
    }
}
