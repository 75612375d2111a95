//! Prices by quantity (阶梯价): who takes more pays less for each.

use std::fmt;
use std::str::FromStr;

use super::{FieldProblem, field};
use crate::amount::{Money, Quantity};

/// The most steps that an offer may have: price lists of suppliers have three to five.
pub const MAX_BREAKS: usize = 12;

/// From which quantities on a unit costs how much. As text: `48=1.90 144=1.75`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Breaks(Vec<(Quantity, Money)>);

impl Breaks {
    /// What a unit costs of so many; none below the first step.
    pub fn price_of(&self, quantity: Quantity) -> Option<Money> {
        let reached = self.0.iter().rev().find(|(from, _)| *from <= quantity);
        reached.map(|(_, price)| *price)
    }
}

impl fmt::Display for Breaks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, (from, price)) in self.0.iter().enumerate() {
            let space = if number == 0 { "" } else { " " };
            write!(f, "{space}{from}={price}")?;
        }
        Ok(())
    }
}

impl FromStr for Breaks {
    type Err = FieldProblem;

    fn from_str(text: &str) -> Result<Self, FieldProblem> {
        let mut breaks: Vec<(Quantity, Money)> = Vec::new();
        for step in text.split_whitespace() {
            let (from, price) = step.split_once('=').ok_or(FieldProblem::Breaks)?;
            breaks.push((field::quantity(from)?, field::money(price)?));
        }
        breaks.sort_unstable();
        // Who takes more and pays more for each would order twice.
        let falls = breaks.windows(2).all(|two| two[0].0 < two[1].0 && two[0].1 >= two[1].1);
        if falls && breaks.len() <= MAX_BREAKS {
            Ok(Self(breaks))
        } else {
            Err(FieldProblem::Breaks)
        }
    }
}
