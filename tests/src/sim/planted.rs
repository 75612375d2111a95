//! Faults to plant in a world that has ended well. A checker that nothing ever fails proves nothing:
//! each of these must be found, by the check that is there for it.

mod books;
mod closes;
mod counts;
mod entries;
mod facts;
mod orders;
mod prices;
mod purchases;

use super::check;
use super::{Ending, Finding};

/// A fault that can be planted.
#[derive(Debug, Clone, Copy)]
pub struct Planted {
    /// What goes wrong.
    pub name: &'static str,
    /// The check that must find it.
    pub found_by: &'static str,
    /// Spoils an ending, if there is something in it to spoil, and names what was spoilt.
    plant: fn(&mut Ending) -> Option<String>,
}

impl Planted {
    /// Every fault.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        let posted = facts::FAULTS.iter().chain(&books::FAULTS).chain(&closes::FAULTS);
        posted
            .chain(&counts::FAULTS)
            .chain(&prices::FAULTS)
            .chain(&orders::FAULTS)
            .chain(&purchases::FAULTS)
    }

    /// What the checks find in an ending with this fault in it, and what was spoilt; nothing if the
    /// ending has nothing to spoil.
    pub fn in_a(&self, ending: &Ending) -> Option<(Vec<Finding>, String)> {
        let mut spoilt = ending.clone();
        let subject = (self.plant)(&mut spoilt)?;
        Some((check::findings(&spoilt), subject))
    }
}
