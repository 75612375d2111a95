//! Opening, what came, what went, closing (进销存).

use super::flow::{Direction, Flow, Part};
use crate::fold::Balance;

/// What went one way, summed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moved {
    /// Thousandths of the unit.
    pub quantity: i128,
    /// What it cost, in ten-thousandths.
    pub value: i128,
    /// What customers paid or were paid back for it.
    pub paid: i128,
    /// The tax in that.
    pub tax: i128,
}

impl Moved {
    /// Adds to it.
    pub fn add(&mut self, other: Self) {
        self.quantity += other.quantity;
        self.value += other.value;
        self.paid += other.paid;
        self.tax += other.tax;
    }

    /// What is left without another.
    #[must_use]
    pub fn less(self, other: Self) -> Self {
        Self {
            quantity: self.quantity - other.quantity,
            value: self.value - other.value,
            paid: self.paid - other.paid,
            tax: self.tax - other.tax,
        }
    }
}

impl From<Part> for Moved {
    fn from(part: Part) -> Self {
        Self {
            quantity: part.quantity.into(),
            value: part.value.into(),
            paid: part.paid.into(),
            tax: part.tax.into(),
        }
    }
}

/// What a period did to stock. Opening and closing are the books' own; that they agree with what came and
/// went is for [`Summary::balances`] to say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Before the first day.
    pub opening: Balance,
    /// After the last day.
    pub closing: Balance,
    flows: [Moved; Flow::ALL.len()],
}

impl Summary {
    /// What went one way.
    pub fn flow(&self, flow: Flow) -> Moved {
        self.flows[flow.place()]
    }

    /// Adds to what went one way.
    pub fn add_flow(&mut self, flow: Flow, moved: Moved) {
        self.flows[flow.place()].add(moved);
    }

    /// All that came, or all that went.
    pub fn sum(&self, direction: Direction) -> Moved {
        let mut sum = Moved::default();
        for flow in Flow::ALL.into_iter().filter(|flow| flow.direction() == direction) {
            sum.add(self.flow(flow));
        }
        sum
    }

    /// What customers took, less what they brought back.
    pub fn sales(&self) -> Moved {
        self.flow(Flow::Sold).less(self.flow(Flow::Returned))
    }

    /// Adds that of other goods or another store.
    pub fn add(&mut self, other: &Self) {
        self.opening.add(other.opening);
        self.closing.add(other.closing);
        for flow in Flow::ALL {
            self.add_flow(flow, other.flow(flow));
        }
    }

    /// Whether opening + in − out = closing, in quantity and in value.
    pub fn balances(&self) -> bool {
        let moved = self.sum(Direction::In).less(self.sum(Direction::Out));
        self.opening.quantity + moved.quantity == self.closing.quantity
            && self.opening.value + moved.value == self.closing.value
    }

    /// Whether there was nothing and nothing happened.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}
