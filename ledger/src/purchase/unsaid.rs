//! What a store still has to say, so that its entries tell what its books hold.
//!
//! As for transfers (`transfer::unsaid`): when a store's facts and entries have parted, because it
//! went back to a backup or was cloned, it says what is missing and takes back what has no fact any
//! more, both by adding entries.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use super::event::{Entry, Event, Step};
use crate::fact::Fact;
use crate::id::StoreId;
use crate::transfer::Party;

/// What the store has to add to an order's entries, given all its own facts of that order; nothing
/// where they agree. Saying it twice does no harm.
pub fn unsaid<'a>(
    store: &StoreId,
    facts: impl IntoIterator<Item = &'a Fact>,
    entries: &[Entry],
) -> Vec<Step> {
    let me = Party::Store(store.clone());
    let own = |entry: &Entry| match entry {
        Entry::Said(Event { by, step, .. }) if *by == me => Some(step.clone()),
        _ => None,
    };
    let mut said: Vec<Step> = entries.iter().filter_map(own).collect();
    let withdrawn: BTreeSet<Step> = said.iter().filter_map(Step::withdrawn).cloned().collect();
    let stands = |step: &&Step| step.fact().is_some() && !withdrawn.contains(step);
    let told: BTreeSet<Step> = said.iter().filter(stands).cloned().collect();
    let booked: Vec<Step> =
        facts.into_iter().filter_map(Step::of_fact).map(|(_, step)| step).collect();
    let mut missing = Vec::new();
    let mut say = |step: Step| {
        let step = under_a_free_name(step, &said);
        said.push(step.clone());
        missing.push(step);
    };
    for step in &booked {
        if !told.iter().any(|told| told.tells_the_same(step)) {
            say(step.clone());
        }
    }
    for step in told {
        if !booked.iter().any(|booked| booked.tells_the_same(&step)) {
            say(Step::Withdraw { withdrawal: NonZeroU32::MIN, of: Box::new(step) });
        }
    }
    missing
}

/// The step under its own number if that is free, else under the next one that is.
fn under_a_free_name(mut step: Step, said: &[Step]) -> Step {
    let taken: BTreeSet<_> = said.iter().map(Step::name).collect();
    let mut number = NonZeroU32::MIN;
    while taken.contains(&step.name()) {
        step = step.numbered(number);
        number = number.saturating_add(1);
    }
    step
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::amount::{Money, Quantity};
    use crate::fact::Body;
    use crate::id::{Epoch, FactId};
    use crate::movement::{Account, Movement};
    use crate::purchase::{Basis, Delivery, Stage, status};
    use crate::time::Timestamp;

    fn store() -> StoreId {
        "S1".parse().unwrap()
    }

    /// A delivery of so many units, as the store books it.
    fn received(seq: u64, units: i64) -> Fact {
        let delivery = Delivery {
            supplier: "V7".parse().unwrap(),
            order: Some("S1-2611-s1A1".parse().unwrap()),
            receipt: NonZeroU32::MIN,
            note: None,
            basis: Basis::Estimated,
            freight: None,
            lines: Vec::new(),
        };
        let came = Movement {
            from: Account::Supplier,
            to: Account::OnHand,
            sku: "X".parse().unwrap(),
            lot: None,
            quantity: Quantity::units(units).unwrap(),
            value: Money::ZERO,
        };
        Fact {
            id: FactId { epoch: Epoch::FIRST, seq },
            store: store(),
            date: "2026-11-22".parse().unwrap(),
            true_date: None,
            at: Timestamp::from_millis(1),
            bill: "S1-1".parse().unwrap(),
            request: None,
            operator: None,
            shift: None,
            member: None,
            body: Body::GoodsReceipt {
                supplier: None,
                lots: Vec::new(),
                delivery: Some(Box::new(delivery)),
            },
            movements: vec![came],
        }
    }

    fn said(step: Step) -> Entry {
        let (by, at) = (Party::Store(store()), Timestamp::from_millis(1));
        Entry::Said(Event { by, at, operator: None, step })
    }

    /// Has the store say what is unsaid, and gives what it said.
    fn set_right(facts: &[Fact], entries: &mut Vec<Entry>) -> Vec<String> {
        let steps = unsaid(&store(), facts, entries);
        let names = steps.iter().map(|step| step.name().to_string()).collect();
        entries.extend(steps.into_iter().map(said));
        assert_eq!(unsaid(&store(), facts, entries), [], "nothing is left to say");
        names
    }

    fn units(entries: &[Entry]) -> i128 {
        let lines = status(entries).lines;
        lines.values().map(|line| line.accepted.quantity / 1_000).sum()
    }

    #[test]
    fn entries_follow_the_books_of_the_history_that_stands() {
        let (stands, parted) = (received(43, 4), received(43, 7));
        let mut entries = vec![said(Step::of_fact(&parted).unwrap().1)];
        assert_eq!(units(&entries), 7);
        let facts = std::slice::from_ref(&stands);
        assert_eq!(set_right(facts, &mut entries), ["receive/2", "withdraw/1"]);
        assert_eq!(units(&entries), 4);
        assert_eq!(set_right(&[stands, received(50, 7)], &mut entries), ["receive/3"]);
        assert_eq!(units(&entries), 11);
        assert_eq!(set_right(&[], &mut entries), ["withdraw/2", "withdraw/3"]);
        assert_eq!(status(&entries).stage, Stage::Unknown);
    }
}
