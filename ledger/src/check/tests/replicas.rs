//! Rows that store and hub keep differently.

use super::*;
use crate::check::Proposal;
use crate::check::replicas::{Difference, Judge, RowKey};
use crate::id::Epoch;

fn judged(key: RowKey, at_store: Option<Vec<i64>>, at_hub: Option<Vec<i64>>) -> Vec<Finding> {
    let facts = Shop::honest().facts;
    let mut judge = Judge::new(&store(), vec![Difference { key, at_store, at_hub }]);
    let needed = |fact: &&Fact| judge.needs(fact.date);
    let facts: Vec<_> = facts.iter().filter(needed).cloned().collect();
    facts.iter().for_each(|fact| judge.fact(fact));
    judge.finish()
}

fn on_hand_on(day: i32) -> RowKey {
    RowKey::DayBalance { account: Account::OnHand, date: date(day), sku: cola() }
}

#[test]
fn the_side_that_the_facts_contradict_is_named_with_the_fact_it_lost() {
    let right = Some(vec![10_000, 5_000, 200_000, 100_000]);
    // The second sale, of three at 2 each, is missing.
    let wrong = Some(vec![10_000, 2_000, 200_000, 40_000]);
    let found = only(judged(on_hand_on(0), wrong.clone(), right.clone()));
    let (due, kept) = (stock(5_000, 100_000), stock(2_000, 40_000));
    assert_eq!(
        told(&found),
        (Check::ReplicaDiffers, Some(id(3)), &Observed::Stock(due), &Observed::Stock(kept))
    );
    assert_eq!((found.store, found.sku, found.date), (Some(store()), Some(cola()), Some(date(0))));
    assert_eq!(found.subject.as_deref(), Some("S012: day_balance on_hand"));
    assert_eq!(found.proposal, Proposal::RebuildAtStore);

    let found = only(judged(on_hand_on(0), right, wrong));
    assert_eq!(found.subject.as_deref(), Some("hub: day_balance on_hand"));
    assert_eq!((found.first_divergent, found.proposal), (Some(id(3)), Proposal::Rebuild));
}

#[test]
fn a_row_that_stopped_following_is_wrong_from_the_next_fact_on() {
    let mut shop = Shop::default();
    shop.receive(0, "10");
    for (day, quantity) in [(0, "2"), (0, "3"), (1, "4")] {
        shop.sell(day, quantity);
    }
    let key = RowKey::Balance { account: Account::OnHand, sku: cola(), lot: None };
    // By then ten came in and two were sold.
    let at_store = Some(vec![8_000, 160_000]);
    let mut judge = Judge::new(&store(), vec![Difference { key, at_store, at_hub: None }]);
    shop.facts.iter().for_each(|fact| judge.fact(fact));
    let found = judge.finish();
    let (due, kept) = (Observed::Stock(stock(1_000, 20_000)), stock(8_000, 160_000));
    assert_eq!(found.len(), 2, "neither side has what the facts say");
    let check = Check::ReplicaDiffers;
    assert_eq!(told(&found[0]), (check, Some(id(3)), &due, &Observed::Stock(kept)));
    assert_eq!(told(&found[1]), (check, Some(id(1)), &due, &Observed::Nothing));
}

#[test]
fn a_row_without_any_fact_and_a_days_totals_are_judged_too() {
    let ghost = only(judged(on_hand_on(7), Some(vec![1_000, 0, 0, 0]), None));
    assert_eq!((ghost.first_divergent, ghost.date), (None, Some(date(7))));
    assert_eq!(ghost.evidence.expected, Observed::Stock(stock(0, 0)));

    let key = RowKey::Day { date: date(0), epoch: Epoch::FIRST };
    let found = judged(key, None, None);
    assert_eq!(found.len(), 2);
    assert_eq!(
        told(&found[0]),
        (Check::ReplicaDiffers, Some(id(1)), &Observed::Count(3), &Observed::Nothing)
    );
}
