//! Moving weighted average cost (移动加权平均) per store and SKU.
//!
//! The writer of a fact computes the cost once, when it posts, and freezes it in the movements;
//! nothing is ever costed again. Goods sold before they were booked in leave at the last known
//! cost; the next receipt sets the difference right with a movement of value alone.

use std::collections::BTreeMap;

use crate::amount::{AmountError, Money, Quantity};
use crate::fact::{Body, Fact};
use crate::id::Sku;
use crate::movement::Account;
use crate::transfer::{Act, Booked};

/// What a store has on hand of one SKU, over all lots.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Position {
    /// How much; negative when more was sold than was booked in.
    pub quantity: Quantity,
    /// What it cost.
    pub value: Money,
    /// What a unit cost when goods last came in from outside, if they ever did.
    pub last_cost: Option<Money>,
}

/// The stock of one store, as its writer knows it.
pub trait StockView {
    /// What is on hand of `sku`; an empty position for one never seen.
    fn position(&self, sku: &Sku) -> Position;
}

impl StockView for BTreeMap<Sku, Position> {
    fn position(&self, sku: &Sku) -> Position {
        self.get(sku).copied().unwrap_or_default()
    }
}

/// What a fact teaches about the cost of a unit, line by line: only goods that come in from outside
/// the store do, and those that other goods became. What came at no cost by a transfer or so, because
/// none was known, teaches nothing.
pub fn inbound_cost(fact: &Fact) -> Vec<(Sku, Money)> {
    let least = match &fact.body {
        Body::Opening | Body::GoodsReceipt { .. } => i64::MIN,
        // What became of other goods is worth what they and the work cost.
        Body::Assembly(_) => 1,
        Body::Transfer(Booked { act: Act::Receipt { .. }, .. }) => 1,
        _ => return Vec::new(),
    };
    let inbound = fact.movements.iter().filter(|m| m.to == Account::OnHand);
    inbound
        .filter(|m| m.quantity.is_positive() && m.value.ten_thousandths() >= least)
        .filter_map(|m| Some((m.sku.clone(), m.value.per_unit(m.quantity).ok()?)))
        .collect()
}

impl Position {
    /// What a unit is worth here: the average while there is stock, else the last known cost.
    pub fn unit_cost(&self) -> Result<Option<Money>, AmountError> {
        if self.quantity.is_positive() {
            return self.value.per_unit(self.quantity).map(Some);
        }
        Ok(self.last_cost)
    }

    /// Takes `quantity` (positive) out and returns its cost. What is not there leaves at the last
    /// known cost; without one it leaves at nothing.
    pub(crate) fn issue(&mut self, quantity: Quantity) -> Result<Money, AmountError> {
        let value = if !self.quantity.is_positive() {
            self.last_cost.unwrap_or_default().times(quantity)?
        } else if quantity <= self.quantity {
            // The last unit takes all that is left, so that nothing on hand is worth nothing.
            self.value.share(quantity, self.quantity)?
        } else {
            let missing = quantity.minus(self.quantity)?;
            let unit = match self.last_cost {
                Some(cost) => cost,
                None => self.value.per_unit(self.quantity)?,
            };
            self.value.plus(unit.times(missing)?)?
        };
        self.quantity = self.quantity.minus(quantity)?;
        self.value = self.value.minus(value)?;
        Ok(value)
    }

    /// Puts `quantity` (positive) worth `value` in and returns the correction of value that is
    /// due because goods had left before they came.
    pub(crate) fn take_in(
        &mut self,
        quantity: Quantity,
        value: Money,
    ) -> Result<Money, AmountError> {
        let before = *self;
        self.quantity = before.quantity.plus(quantity)?;
        let plain = before.value.plus(value)?;
        self.value = if before.quantity.is_positive() {
            plain
        } else if self.quantity.is_negative() {
            // Part of the debt is paid; the rest stays at what it was booked at.
            before.value.share(self.quantity, before.quantity)?
        } else {
            // The debt is paid at this delivery's cost; what is left over is worth its share.
            value.share(self.quantity, quantity)?
        };
        self.value.minus(plain)
    }

    /// Moves both amounts as given, for undoing a fact at its frozen cost, and returns the
    /// correction of value due: nothing on hand is worth nothing, and value has the sign of
    /// quantity.
    pub(crate) fn shift(&mut self, quantity: Quantity, value: Money) -> Result<Money, AmountError> {
        self.quantity = self.quantity.plus(quantity)?;
        let plain = self.value.plus(value)?;
        let same_sign = self.quantity.is_negative() == plain.is_negative() || plain.is_zero();
        self.value = if self.quantity.is_zero() {
            Money::ZERO
        } else if same_sign {
            plain
        } else {
            self.last_cost.unwrap_or_default().times(self.quantity)?
        };
        self.value.minus(plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn qty(text: &str) -> Quantity {
        text.parse().unwrap()
    }

    fn money(text: &str) -> Money {
        text.parse().unwrap()
    }

    #[test]
    fn the_last_unit_takes_the_remainder() {
        let mut position = Position::default();
        position.take_in(qty("3"), money("10")).unwrap();
        let costs: Vec<_> = (0..3).map(|_| position.issue(qty("1")).unwrap().to_string()).collect();
        assert_eq!(costs, ["3.3333", "3.3334", "3.3333"]);
        assert!(position.quantity.is_zero() && position.value.is_zero());
    }

    #[test]
    fn a_delivery_corrects_what_was_sold_before_it() {
        // Two sold at the last known cost of 5; ten come in at 6: the two cost 12, not 10.
        let mut position = Position { last_cost: Some(money("5")), ..Position::default() };
        assert_eq!(position.issue(qty("2")).unwrap(), money("10"));
        let correction = position.take_in(qty("10"), money("60")).unwrap();
        assert_eq!(correction, money("-2"));
        assert_eq!((position.quantity, position.value), (qty("8"), money("48")));
    }

    #[test]
    fn a_delivery_that_ends_at_nothing_leaves_no_value() {
        let mut position = Position { last_cost: Some(money("5")), ..Position::default() };
        position.issue(qty("2")).unwrap();
        position.take_in(qty("1"), money("7")).unwrap();
        assert_eq!((position.quantity, position.value), (qty("-1"), money("-5")));
        position.take_in(qty("1"), money("7")).unwrap();
        assert_eq!((position.quantity, position.value), (qty("0"), money("0")));
    }
}
