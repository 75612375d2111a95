//! What a store still has to say, so that its entries tell what its books hold.
//!
//! A fact and what is told of it are written together. A store that goes back to a backup, or that
//! was cloned, can lose one and keep the other: its facts and its entries part from the hub's at
//! different places. When its books are settled, it says what is missing and takes back what has no
//! fact any more; both by adding entries, like everything that is said.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use super::{Entry, Event, OrderStep, Party};
use crate::fact::Fact;
use crate::id::StoreId;

/// What the store has to add to an order's entries, given all its own facts of that order; nothing
/// where they agree. Saying it twice does no harm.
pub fn unsaid<'a, S: OrderStep>(
    store: &StoreId,
    facts: impl IntoIterator<Item = &'a Fact>,
    entries: &[Entry<S>],
) -> Vec<S> {
    let me = Party::Store(store.clone());
    let own = |entry: &Entry<S>| match entry {
        Entry::Said(Event { by, step, .. }) if *by == me => Some(step.clone()),
        _ => None,
    };
    let mut said: Vec<S> = entries.iter().filter_map(own).collect();
    let withdrawn: BTreeSet<S> = said.iter().filter_map(S::withdrawn).cloned().collect();
    let stands = |step: &&S| step.fact().is_some() && !withdrawn.contains(step);
    let told: BTreeSet<S> = said.iter().filter(stands).cloned().collect();
    let booked: Vec<S> = facts.into_iter().filter_map(S::of_fact).map(|(_, step)| step).collect();
    let mut missing = Vec::new();
    let mut say = |step: S| {
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
            say(S::taking_back(step));
        }
    }
    missing
}

/// The step under its own number if that is free, else under the next one that is.
fn under_a_free_name<S: OrderStep>(mut step: S, said: &[S]) -> S {
    let taken: BTreeSet<_> = said.iter().map(S::name).collect();
    let mut number = NonZeroU32::MIN;
    while taken.contains(&step.name()) {
        step = step.numbered(number);
        number = number.saturating_add(1);
    }
    step
}
