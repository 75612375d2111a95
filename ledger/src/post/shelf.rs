//! The shelf while a command is being booked: positions as they change line by line, and the
//! movements so far.

use std::collections::{BTreeMap, BTreeSet};

use super::Warning;
use crate::amount::{AmountError, Money, Quantity};
use crate::cost::{Position, StockView};
use crate::id::{Lot, Sku};
use crate::movement::{Account, Movement};

pub(super) struct Shelf<'a> {
    stock: &'a dyn StockView,
    touched: BTreeMap<Sku, Position>,
    movements: Vec<Movement>,
    costless: BTreeSet<Sku>,
}

impl<'a> Shelf<'a> {
    pub(super) fn new(stock: &'a dyn StockView) -> Self {
        let (touched, movements) = (BTreeMap::new(), Vec::new());
        Self { stock, touched, movements, costless: BTreeSet::new() }
    }

    /// Takes goods off the shelf at cost.
    pub(super) fn take(
        &mut self,
        sku: &Sku,
        quantity: Quantity,
        to: Account,
    ) -> Result<(), AmountError> {
        self.take_of_lot(sku, None, quantity, to).map(drop)
    }

    /// Takes goods of a lot off the shelf and says what they cost.
    pub(super) fn take_of_lot(
        &mut self,
        sku: &Sku,
        lot: Option<&Lot>,
        quantity: Quantity,
        to: Account,
    ) -> Result<Money, AmountError> {
        let position = self.position(sku);
        let known = position.unit_cost()?.is_some();
        let value = position.issue(quantity)?;
        if !known {
            self.costless.insert(sku.clone());
        }
        let (from, sku, lot) = (Account::OnHand, sku.clone(), lot.cloned());
        self.movements.push(Movement { from, to, sku, lot, quantity, value });
        Ok(value)
    }

    /// Puts goods on the shelf at what the movement says they cost, and remembers that cost.
    pub(super) fn put_at_new_cost(&mut self, movement: Movement) -> Result<(), AmountError> {
        let unit = movement.value.per_unit(movement.quantity)?;
        let sku = movement.sku.clone();
        self.put(movement)?;
        self.position(&sku).last_cost = Some(unit);
        Ok(())
    }

    /// Puts goods on the shelf at what the books say a unit is worth.
    pub(super) fn put_at_known_cost(
        &mut self,
        sku: &Sku,
        lot: Option<&Lot>,
        quantity: Quantity,
        from: Account,
    ) -> Result<(), AmountError> {
        let unit = self.position(sku).unit_cost()?.unwrap_or_default();
        let (value, sku, lot) = (unit.times(quantity)?, sku.clone(), lot.cloned());
        self.put(Movement { from, to: Account::OnHand, sku, lot, quantity, value })
    }

    /// Puts goods on the shelf and books the correction that earlier overselling makes due.
    pub(super) fn put(&mut self, movement: Movement) -> Result<(), AmountError> {
        let position = self.position(&movement.sku);
        let correction = position.take_in(movement.quantity, movement.value)?;
        let sku = movement.sku.clone();
        self.movements.push(movement);
        self.correct(&sku, correction);
        Ok(())
    }

    /// Takes goods off the shelf at what the movement says they cost, and books the correction that this
    /// makes due.
    pub(super) fn take_at_cost(&mut self, movement: Movement) -> Result<(), AmountError> {
        let (quantity, value) = (movement.quantity.negated(), movement.value.negated());
        let correction = self.position(&movement.sku).shift(quantity, value)?;
        let sku = movement.sku.clone();
        self.movements.push(movement);
        self.correct(&sku, correction);
        Ok(())
    }

    /// Lets what customers gave back leave the shelf again at what it came in at.
    pub(super) fn send_on(&mut self, to: &Account) -> Result<(), AmountError> {
        let came: Vec<_> =
            self.movements.iter().filter(|m| m.from == Account::Customer).cloned().collect();
        for movement in came {
            let (from, to) = (Account::OnHand, to.clone());
            self.take_at_cost(Movement { from, to, ..movement })?;
        }
        Ok(())
    }

    /// Corrects the cost of what is on the shelf.
    pub(super) fn revalue(&mut self, sku: &Sku, value: Money) {
        self.correct(sku, value);
    }

    /// Changes what goods cost after they came in: so much for `of` of them, of which those that are
    /// still here take their share. Gives that share; the rest is the caller's to book. Goods on hand
    /// are never worth less than nothing.
    pub(super) fn adjust_cost(
        &mut self,
        sku: &Sku,
        of: Quantity,
        difference: Money,
    ) -> Result<Money, AmountError> {
        let position = self.position(sku);
        if !position.quantity.is_positive() {
            return Ok(Money::ZERO);
        }
        let share = difference.share(position.quantity.min(of), of)?;
        let value = share.max(position.value.negated());
        position.value = position.value.plus(value)?;
        self.move_value(sku, Account::Supplier, Account::OnHand, value);
        Ok(value)
    }

    /// Books what goods that have left cost beyond what they left at.
    pub(super) fn charge(&mut self, sku: &Sku, value: Money) {
        self.move_value(sku, Account::Supplier, Account::CostAdjustment, value);
    }

    /// Books a movement that leaves the shelf as it is.
    pub(super) fn pass(&mut self, movement: Movement) {
        self.movements.push(movement);
    }

    /// What the books say a unit is worth; nothing, with a warning, when they do not know.
    pub(super) fn unit_cost(&mut self, sku: &Sku) -> Result<Money, AmountError> {
        let known = self.position(sku).unit_cost()?;
        if known.is_none() {
            self.costless.insert(sku.clone());
        }
        Ok(known.unwrap_or_default())
    }

    /// Undoes movements of an earlier fact at their frozen cost.
    pub(super) fn undo(&mut self, movements: &[Movement]) -> Result<(), AmountError> {
        let mut shifts: BTreeMap<&Sku, (Quantity, Money)> = BTreeMap::new();
        for movement in movements {
            for (account, quantity, value) in movement.legs() {
                if *account == Account::OnHand {
                    let shift = shifts.entry(&movement.sku).or_default();
                    *shift = (shift.0.minus(quantity)?, shift.1.minus(value)?);
                }
            }
        }
        self.movements.extend(movements.iter().map(Movement::undone));
        for (sku, (quantity, value)) in shifts {
            let correction = self.position(sku).shift(quantity, value)?;
            self.correct(sku, correction);
        }
        Ok(())
    }

    /// What was booked, and what looks wrong about it.
    pub(super) fn finish(self) -> (Vec<Movement>, Vec<Warning>) {
        let oversold = self.touched.iter().filter(|(sku, position)| {
            let before = self.stock.position(sku).quantity;
            position.quantity.is_negative() && position.quantity < before
        });
        let mut warnings: Vec<_> = oversold
            .map(|(sku, at)| Warning::Oversold { sku: sku.clone(), on_hand: at.quantity })
            .collect();
        warnings.extend(self.costless.into_iter().map(|sku| Warning::UnknownCost { sku }));
        (self.movements, warnings)
    }

    fn correct(&mut self, sku: &Sku, value: Money) {
        self.move_value(sku, Account::CostAdjustment, Account::OnHand, value);
    }

    fn move_value(&mut self, sku: &Sku, from: Account, to: Account, value: Money) {
        if value.is_zero() {
            return;
        }
        let (sku, quantity) = (sku.clone(), Quantity::ZERO);
        self.movements.push(Movement { from, to, sku, lot: None, quantity, value });
    }

    fn position(&mut self, sku: &Sku) -> &mut Position {
        let stock = self.stock;
        self.touched.entry(sku.clone()).or_insert_with(|| stock.position(sku))
    }
}
