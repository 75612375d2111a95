//! When the price at a store changes.

use std::collections::BTreeSet;

use super::{Entry, Level, in_force};
use crate::amount::Money;
use crate::scope::Membership;
use crate::time::LocalTime;

/// A price that becomes another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change<'e> {
    /// From which minute on.
    pub at: LocalTime,
    /// What it was.
    pub before: Option<Money>,
    /// What it is then.
    pub after: Option<Money>,
    /// The entry that is in force then; none, if the base price is.
    pub entry: Option<&'e Entry>,
}

/// Every change of a price at a store from one minute to another, both included, the earliest first.
/// What begins and makes no difference is no change.
pub fn changes<'e>(
    entries: &'e [Entry],
    level: Level,
    base: Option<Money>,
    store: &Membership,
    (first, last): (LocalTime, LocalTime),
) -> Vec<Change<'e>> {
    let turns = |entry: &Entry| [Some(entry.key.from), entry.until];
    let turns: BTreeSet<LocalTime> = entries.iter().flat_map(turns).flatten().collect();
    let at = |at| {
        let entry = in_force(entries, level, store, at);
        (entry.map(|entry| entry.price).or(base), entry)
    };
    let mut before = at(first.minute_before()).0;
    let mut found = Vec::new();
    for turn in turns.into_iter().filter(|turn| (first..=last).contains(turn)) {
        let (after, entry) = at(turn);
        if after != before {
            found.push(Change { at: turn, before, after, entry });
        }
        before = after;
    }
    found
}
