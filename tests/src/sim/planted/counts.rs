//! Stocktakes that say something else than what people counted.

use ledger::fact::{Body, Fact};
use ledger::stocktake::Compared;

use super::Planted;
use crate::sim::ending::Ending;
use crate::sim::shelf::quantity;
use crate::sim::world::HUB;

pub(super) const FAULTS: [Planted; 3] = [
    Planted {
        name: "a count set against another moment's books",
        found_by: "counts are as made",
        plant: |ending| {
            in_a_count(ending, |lines| {
                let line = lines.first_mut()?;
                line.tally.book = quantity(line.tally.book.thousandths() + 1_000);
                Some(())
            })
        },
    },
    Planted {
        name: "a count that hides how uncertain it is",
        found_by: "counts are as made",
        plant: |ending| {
            in_a_count(ending, |lines| {
                let line = lines.iter_mut().find(|line| !line.tally.moved.is_zero())?;
                line.tally.moved = quantity(0);
                Some(())
            })
        },
    },
    Planted {
        name: "a product that was counted and is gone from the count",
        found_by: "counts are as made",
        plant: |ending| in_a_count(ending, |lines| lines.pop().map(drop)),
    },
];

/// Changes the lines of some stocktake at the hub. Gives the fact's id.
fn in_a_count(
    ending: &mut Ending,
    change: impl Fn(&mut Vec<Compared>) -> Option<()>,
) -> Option<String> {
    let days = ending.machines[HUB].days.values_mut().flat_map(|days| days.values_mut());
    days.flatten().find_map(|(Fact { id, body, .. }, _)| {
        let Body::Stocktake { lines, .. } = body else { return None };
        change(lines).map(|()| id.to_string())
    })
}
