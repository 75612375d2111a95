//! Goods between stores: they leave the source at its cost, travel with it and arrive with it.

use std::collections::BTreeMap;

use super::shelf::Shelf;
use super::{PostError, amount_at, check_count, positive, remark};
use crate::amount::{AmountError, Money, Quantity};
use crate::fact::Body;
use crate::id::{Sku, StoreId, TransferId};
use crate::movement::{Account, Movement};
use crate::transfer::{Act, Arrived, Booked, Carried, Deed, Outcome, Settled, Task, Wanted};

pub(super) fn book(shelf: &mut Shelf<'_>, store: &StoreId, task: Task) -> Result<Body, PostError> {
    check_end(store, &task)?;
    let Task { transfer, route, deed } = task;
    let act = match deed {
        Deed::Ship { shipment, lines } => {
            ship(shelf, &transfer, &lines)?;
            Act::Ship { shipment }
        }
        Deed::Receive { shipment, part, lines, on_the_way } => {
            let surplus = BTreeMap::new();
            receive(&mut Load { shelf, transfer: &transfer, on_the_way, surplus }, &lines)?;
            Act::Receipt { shipment, part }
        }
        Deed::Settle { settlement, lines, on_the_way, surplus, liable, reason } => {
            settle(&mut Load { shelf, transfer: &transfer, on_the_way, surplus }, &lines)?;
            Act::Settlement { settlement, liable, reason: remark(reason)? }
        }
    };
    Ok(Body::Transfer(Booked { transfer, route, act }))
}

/// Goods leave and come back at the source, arrive at the destination, and are missed at either.
fn check_end(store: &StoreId, task: &Task) -> Result<(), PostError> {
    let Task { transfer, route, deed } = task;
    let (source, destination) = (route.from() == store, route.to() == store);
    let here = match deed {
        Deed::Ship { .. } => source,
        Deed::Receive { .. } => destination,
        Deed::Settle { lines, .. } => {
            let back = lines.iter().any(|line| line.outcome == Outcome::Returned);
            source || (destination && !back)
        }
    };
    if here {
        return Ok(());
    }
    let (transfer, store) = (transfer.clone(), store.clone());
    let (from, to) = (route.from().clone(), route.to().clone());
    Err(PostError::NotThisEnd { transfer, store, from, to })
}

fn ship(shelf: &mut Shelf<'_>, transfer: &TransferId, lines: &[Wanted]) -> Result<(), PostError> {
    check_count(lines.len())?;
    for (line, Wanted { sku, quantity }) in (1..).zip(lines) {
        positive(line, sku, *quantity)?;
        let transit = Account::InTransit(transfer.clone());
        shelf.take(sku, *quantity, transit).map_err(amount_at(line))?;
    }
    Ok(())
}

fn receive(load: &mut Load<'_, '_>, lines: &[Arrived]) -> Result<(), PostError> {
    check_count(lines.len())?;
    for (line, Arrived { sku, received, damaged }) in (1..).zip(lines) {
        for quantity in [received, damaged] {
            if quantity.is_negative() {
                positive(line, sku, *quantity)?;
            }
        }
        let total = received.plus(*damaged).map_err(amount_at(line))?;
        positive(line, sku, total)?;
        load.receive(sku, total, *damaged).map_err(amount_at(line))?;
    }
    Ok(())
}

fn settle(load: &mut Load<'_, '_>, lines: &[Settled]) -> Result<(), PostError> {
    check_count(lines.len())?;
    for (line, Settled { sku, quantity, outcome }) in (1..).zip(lines) {
        positive(line, sku, *quantity)?;
        let left = match outcome {
            Outcome::Surplus => &load.surplus,
            Outcome::Lost | Outcome::Damaged | Outcome::Returned => &load.on_the_way,
        };
        let left = left.get(sku).copied().unwrap_or_default().quantity;
        if *quantity > left {
            let (transfer, sku) = (load.transfer.clone(), sku.clone());
            return Err(PostError::SettlesTooMuch { transfer, sku, asked: *quantity, left });
        }
        let booked = match outcome {
            Outcome::Lost => load.settle(sku, *quantity, Account::TransitLoss),
            Outcome::Damaged => load.settle(sku, *quantity, Account::Scrap),
            Outcome::Returned => load.settle(sku, *quantity, Account::OnHand),
            Outcome::Surplus => load.find(sku, *quantity),
        };
        booked.map_err(amount_at(line))?;
    }
    Ok(())
}

/// The goods of a transfer while they are being taken from it.
struct Load<'a, 'b> {
    shelf: &'a mut Shelf<'b>,
    transfer: &'a TransferId,
    on_the_way: BTreeMap<Sku, Carried>,
    surplus: BTreeMap<Sku, Carried>,
}

impl Load<'_, '_> {
    fn receive(
        &mut self,
        sku: &Sku,
        total: Quantity,
        damaged: Quantity,
    ) -> Result<(), AmountError> {
        let cost = self.unload(sku, total)?;
        let spoilt = cost.share(damaged, total)?;
        let good = self.movement(sku, Account::OnHand, total.minus(damaged)?, cost.minus(spoilt)?);
        if good.quantity.is_positive() {
            // Goods that came at no cost teach nothing about what a unit costs.
            if good.value.is_positive() {
                self.shelf.put_at_new_cost(good)?;
            } else {
                self.shelf.put(good)?;
            }
        }
        if damaged.is_positive() {
            self.shelf.pass(self.movement(sku, Account::Quarantine, damaged, spoilt));
        }
        Ok(())
    }

    fn settle(&mut self, sku: &Sku, quantity: Quantity, to: Account) -> Result<(), AmountError> {
        let cost = self.unload(sku, quantity)?;
        let movement = self.movement(sku, to, quantity, cost);
        if movement.to == Account::OnHand {
            return self.shelf.put(movement);
        }
        self.shelf.pass(movement);
        Ok(())
    }

    /// Puts what arrived unasked on the way after the fact, at the cost at which it was taken in: a
    /// loss between stores that turned out less than nothing.
    fn find(&mut self, sku: &Sku, quantity: Quantity) -> Result<(), AmountError> {
        let left = self.surplus.entry(sku.clone()).or_default();
        let value = left.value.share(quantity, left.quantity)?;
        let (rest, worth) = (left.quantity.minus(quantity)?, left.value.minus(value)?);
        *left = Carried { quantity: rest, value: worth };
        let (from, to) = (Account::TransitLoss, Account::InTransit(self.transfer.clone()));
        self.shelf.pass(Movement { from, to, sku: sku.clone(), lot: None, quantity, value });
        Ok(())
    }

    /// Takes goods from the load and returns their cost. The last unit takes all that is left of
    /// it; what is more than the load costs what a unit of it did, or else what one costs here.
    fn unload(&mut self, sku: &Sku, quantity: Quantity) -> Result<Money, AmountError> {
        let left = self.on_the_way.entry(sku.clone()).or_default();
        let before = *left;
        let known = quantity.min(before.quantity);
        let carried = before.value.share(known, before.quantity)?;
        *left = Carried {
            quantity: before.quantity.minus(known)?,
            value: before.value.minus(carried)?,
        };
        let excess = quantity.minus(known)?;
        if excess.is_zero() {
            return Ok(carried);
        }
        let unit = if before.quantity.is_positive() {
            before.value.per_unit(before.quantity)?
        } else {
            self.shelf.unit_cost(sku)?
        };
        carried.plus(unit.times(excess)?)
    }

    fn movement(&self, sku: &Sku, to: Account, quantity: Quantity, value: Money) -> Movement {
        let from = Account::InTransit(self.transfer.clone());
        Movement { from, to, sku: sku.clone(), lot: None, quantity, value }
    }
}

#[cfg(test)]
mod tests;
