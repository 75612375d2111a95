//! Which numbers of a gapless series have been seen, as ranges: an unbroken history of any length
//! takes one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Numbers seen.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Numbers {
    /// From the first of each range to its last.
    ranges: BTreeMap<u64, u64>,
}

/// Whether a number was there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    New,
    Again,
}

impl Numbers {
    pub(super) fn insert(&mut self, number: u64) -> Seen {
        // Nearly every number is the next.
        if let Some(mut end) = self.ranges.last_entry()
            && end.get().checked_add(1) == Some(number)
        {
            *end.get_mut() = number;
            return Seen::New;
        }
        if self.contains(number) {
            return Seen::Again;
        }
        let mut range = (number, number);
        if let Some((&first, &last)) = self.ranges.range(..number).next_back()
            && last.checked_add(1) == Some(number)
        {
            range.0 = first;
        }
        if let Some(next) = number.checked_add(1)
            && let Some(last) = self.ranges.remove(&next)
        {
            range.1 = last;
        }
        self.ranges.insert(range.0, range.1);
        Seen::New
    }

    pub(super) fn contains(&self, number: u64) -> bool {
        self.ranges.range(..=number).next_back().is_some_and(|(_, &last)| number <= last)
    }

    /// The ranges of numbers, from one on, that are missing before a number that is there.
    pub(super) fn gaps(&self) -> impl Iterator<Item = (u64, u64)> {
        let mut due = 1;
        self.ranges.iter().filter_map(move |(&first, &last)| {
            let missing = (due < first).then(|| (due, first - 1));
            due = last.saturating_add(1);
            missing
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_order_makes_the_same_ranges() {
        for order in [[1, 2, 3, 7, 9], [9, 3, 1, 7, 2], [7, 9, 2, 1, 3]] {
            let mut numbers = Numbers::default();
            assert!(order.iter().all(|n| numbers.insert(*n) == Seen::New));
            assert_eq!(numbers.gaps().collect::<Vec<_>>(), [(4, 6), (8, 8)]);
            assert!(numbers.contains(2) && !numbers.contains(8) && !numbers.contains(10));
            assert_eq!(numbers.insert(2), Seen::Again);
        }
        let mut last = Numbers::default();
        assert_eq!(last.insert(u64::MAX), Seen::New);
        assert_eq!(last.gaps().collect::<Vec<_>>(), [(1, u64::MAX - 1)]);
    }
}
