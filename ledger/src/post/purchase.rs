//! Bought goods: a delivery as it was inspected, goods that go back at the cost at which they came,
//! and what becomes of goods in quarantine.

use std::collections::BTreeMap;

use super::shelf::Shelf;
use super::{PostError, amount_at, check_count, not_negative, positive, remark};
use crate::amount::{AmountError, Money, Quantity};
use crate::command::Reversed;
use crate::fact::{Body, Fact};
use crate::id::{Lot, Sku, SupplierId};
use crate::movement::{Account, Movement};
use crate::purchase::{
    Act, Back, Basis, Charged, Clearing, Delivery, Freight, Holdings, Inspected, Pile, SendBack,
    SentBack, Spread, Task, Way,
};

/// The most lines that an inspected delivery may have: each stands in the fact with what was found,
/// beside its two movements, at up to 1,200 bytes.
pub const MAX_DELIVERY_LINES: usize = 500;

/// The longest a line's reason or the name of its photo may be, in bytes.
pub const MAX_LINE_REMARK_LEN: usize = 120;

pub(super) fn book(shelf: &mut Shelf<'_>, task: Task) -> Result<Body, PostError> {
    match task {
        Task::Deliver(delivery) => deliver(shelf, delivery),
        Task::SendBack(back) => send_back(shelf, *back),
        Task::Clear(clearing) => clear(shelf, clearing),
    }
}

fn deliver(shelf: &mut Shelf<'_>, delivery: Delivery) -> Result<Body, PostError> {
    check_count(delivery.lines.len())?;
    if delivery.lines.len() > MAX_DELIVERY_LINES {
        return Err(PostError::TooManyDeliveryLines { found: delivery.lines.len() });
    }
    if let Basis::Invoice(number) = &delivery.basis {
        short(Some(number))?;
    }
    for (line, given) in (1..).zip(&delivery.lines) {
        check_line(line, given)?;
    }
    let values = |of: fn(&Inspected) -> Quantity| {
        let value = |(line, given): (usize, &Inspected)| {
            given.price.times(of(given)).map_err(amount_at(line))
        };
        (1..).zip(&delivery.lines).map(value).collect::<Result<Vec<Money>, _>>()
    };
    let mut accepted = values(|line| line.accepted)?;
    let mut rejected = values(|line| line.rejected)?;
    if let Some(freight) = delivery.freight {
        // What is kept bears the freight; if nothing is, what was brought does.
        let kept = delivery.lines.iter().any(|line| line.accepted.is_positive());
        let (costs, of): (_, fn(&Inspected) -> Quantity) = match kept {
            true => (&mut accepted, |line| line.accepted),
            false => (&mut rejected, |line| line.rejected),
        };
        let quantities: Vec<Quantity> = delivery.lines.iter().map(of).collect();
        let weights = match freight.by {
            Spread::Weight => weights(&delivery.lines, &quantities)?,
            Spread::Value | Spread::Quantity => Vec::new(),
        };
        land(costs, &quantities, &weights, freight).map_err(amount_at(0))?;
    }
    for (at, line) in delivery.lines.iter().enumerate() {
        let movement = |to, quantity, value| Movement {
            from: Account::Supplier,
            to,
            sku: line.sku.clone(),
            lot: line.lot.clone(),
            quantity,
            value,
        };
        if line.accepted.is_positive() {
            let came = movement(Account::OnHand, line.accepted, accepted[at]);
            shelf.put_at_new_cost(came).map_err(amount_at(at + 1))?;
        }
        if line.rejected.is_positive() {
            shelf.pass(movement(Account::Quarantine, line.rejected, rejected[at]));
        }
    }
    let supplier = Some(delivery.supplier.as_str().into());
    Ok(Body::GoodsReceipt { supplier, lots: Vec::new(), delivery: Some(Box::new(delivery)) })
}

fn check_line(line: usize, given: &Inspected) -> Result<(), PostError> {
    let Inspected { sku, accepted, rejected, price, reason, photo, .. } = given;
    for part in [accepted, rejected] {
        if part.is_negative() {
            positive(line, sku, *part)?;
        }
    }
    positive(line, sku, accepted.plus(*rejected).map_err(amount_at(line))?)?;
    not_negative(line, sku, *price)?;
    short(reason.as_deref())?;
    short(photo.as_deref())
}

fn short(text: Option<&str>) -> Result<(), PostError> {
    match text {
        Some(text) if text.len() > MAX_LINE_REMARK_LEN => Err(PostError::LineRemarkTooLong),
        _ => Ok(()),
    }
}

/// How heavy the goods of each line are, in millionths of a kilogram.
fn weights(lines: &[Inspected], quantities: &[Quantity]) -> Result<Vec<i128>, PostError> {
    let weight = |((line, given), quantity): ((usize, &Inspected), &Quantity)| {
        let unit = given.weight.filter(|weight| weight.is_positive());
        match (unit, quantity.is_zero()) {
            (_, true) => Ok(0),
            (Some(unit), false) => {
                Ok(i128::from(unit.thousandths()) * i128::from(quantity.thousandths()))
            }
            (None, false) => Err(PostError::NoWeight { line, sku: given.sku.clone() }),
        }
    };
    (1..).zip(lines).zip(quantities).map(weight).collect()
}

/// Adds to each line its share of the freight, so that all of it is spread to the last
/// ten-thousandth: the shares up to a line are rounded down together, and the last line that bears any
/// takes what is left. Goods that cost nothing bear it by how much they are.
fn land(
    costs: &mut [Money],
    quantities: &[Quantity],
    weights: &[i128],
    Freight { amount, by }: Freight,
) -> Result<(), AmountError> {
    if amount.is_negative() {
        return Err(AmountError::OutOfRange);
    }
    let by_value = || costs.iter().map(|cost| i128::from(cost.ten_thousandths())).collect();
    let by_quantity = || quantities.iter().map(|q| i128::from(q.thousandths())).collect();
    let weights: Vec<i128> = match by {
        Spread::Value if costs.iter().any(|cost| cost.is_positive()) => by_value(),
        Spread::Value | Spread::Quantity => by_quantity(),
        Spread::Weight => weights.to_vec(),
    };
    let all: i128 = weights.iter().sum();
    let (mut up_to, mut given) = (0, 0);
    for (cost, weight) in costs.iter_mut().zip(weights) {
        up_to += weight;
        let so_far = i128::from(amount.ten_thousandths()) * up_to / all.max(1);
        let share = i64::try_from(so_far - given).map_err(|_| AmountError::OutOfRange)?;
        *cost = cost.plus(Money::from_ten_thousandths(share)?)?;
        given = so_far;
    }
    Ok(())
}

fn send_back(shelf: &mut Shelf<'_>, back: SendBack) -> Result<Body, PostError> {
    let SendBack { receipt, earlier, reversed, number, kind, lines, held, charged, reason } = back;
    if let Reversed::By(by) = reversed {
        return Err(PostError::AlreadyReversed { id: receipt.id, by });
    }
    let Body::GoodsReceipt { supplier, delivery, .. } = &receipt.body else {
        return Err(PostError::NotAReceipt { id: receipt.id });
    };
    let supplier = supplier.as_deref().and_then(|supplier| SupplierId::new(supplier).ok());
    check_count(lines.len())?;
    let mut lots = Lots::of(&receipt);
    for fact in &earlier {
        lots.take_earlier(fact).map_err(amount_at(0))?;
    }
    let mut quarantine = Quarantine { held };
    for (line, given) in (1..).zip(&lines) {
        positive(line, &given.sku, given.quantity)?;
        let taken = lots.take(given).map_err(amount_at(line))?;
        let Some(taken) = taken else {
            let (received, left) = lots.of_sku(given).map_err(amount_at(line))?;
            let (receipt, sku) = (receipt.id, given.sku.clone());
            let asked = given.quantity;
            return Err(PostError::SendsBackTooMuch { receipt, sku, asked, received, left });
        };
        for movement in taken {
            match given.from {
                Pile::Shelf => shelf.take_at_cost(movement).map_err(amount_at(line))?,
                Pile::Quarantine => {
                    let residue = quarantine.leave(line, &movement)?;
                    shelf.pass(movement);
                    residue.into_iter().for_each(|residue| shelf.pass(residue));
                }
            }
        }
    }
    let credit = credit(&lines, &charged).map_err(amount_at(0))?;
    let order = delivery.as_ref().and_then(|delivery| delivery.order.clone());
    let reason = remark(reason)?;
    let receipt = receipt.id;
    let sent = SentBack { receipt, supplier, order, number, kind, credit, reason };
    Ok(Body::Purchase(Act::SentBack(sent)))
}

/// What the supplier gives back: what it asks for what it is paid for. That is not known unless it is for
/// each product. Goods in quarantine are in no invoice.
fn credit(lines: &[Back], charged: &BTreeMap<Sku, Charged>) -> Result<Option<Money>, AmountError> {
    let mut credit = None;
    for line in lines.iter().filter(|line| line.from == Pile::Shelf) {
        let Some(charged) = charged.get(&line.sku) else { return Ok(None) };
        let so_far = credit.unwrap_or(Money::ZERO);
        credit = Some(so_far.plus(charged.of(line.quantity)?)?);
    }
    Ok(credit)
}

fn clear(shelf: &mut Shelf<'_>, clearing: Clearing) -> Result<Body, PostError> {
    let Clearing { way, lines, held, reason } = clearing;
    check_count(lines.len())?;
    let mut quarantine = Quarantine { held };
    for (line, given) in (1..).zip(&lines) {
        positive(line, &given.sku, given.quantity)?;
        for mut movement in quarantine.take(line, &given.sku, given.quantity)? {
            match way {
                Way::Release => shelf.put(movement).map_err(amount_at(line))?,
                Way::Scrap => {
                    movement.to = Account::Scrap;
                    shelf.pass(movement);
                }
            }
        }
    }
    Ok(Body::Purchase(Act::Cleared { way, reason: remark(reason)? }))
}

/// What a receipt brought, while goods of it go back. Goods go back in the order in which they stand on
/// the receipt: from the shelf those that were accepted, then those that were rejected and released
/// since; from quarantine those that were rejected.
struct Lots {
    lots: Vec<Came>,
}

/// One movement of a receipt, and what is left of it.
struct Came {
    sku: Sku,
    lot: Option<Lot>,
    to: Account,
    all: Quantity,
    quantity: Quantity,
    value: Money,
}

impl Lots {
    fn of(receipt: &Fact) -> Self {
        let bought = receipt.movements.iter().filter(|m| m.from == Account::Supplier);
        let came = |m: &Movement| Came {
            sku: m.sku.clone(),
            lot: m.lot.clone(),
            to: m.to.clone(),
            all: m.quantity,
            quantity: m.quantity,
            value: m.value,
        };
        Self { lots: bought.map(came).collect() }
    }

    /// Takes off what went back before. It is found in the same order as it was taken.
    fn take_earlier(&mut self, fact: &Fact) -> Result<(), AmountError> {
        for movement in fact.movements.iter().filter(|m| m.to == Account::Supplier) {
            let at = self.order(&movement.sku, &movement.from).into_iter().find(|at| {
                let came = &self.lots[*at];
                came.lot == movement.lot && came.quantity >= movement.quantity
            });
            if let Some(came) = at.and_then(|at| self.lots.get_mut(at)) {
                came.quantity = came.quantity.minus(movement.quantity)?;
                came.value = came.value.minus(movement.value)?;
            }
        }
        Ok(())
    }

    /// The movements that send goods back, each at its share of what it cost; none if not so much is
    /// left. The last unit takes what is left of the cost.
    fn take(&mut self, given: &Back) -> Result<Option<Vec<Movement>>, AmountError> {
        let from = account(given.from);
        let (mut left, mut taken) = (given.quantity, Vec::new());
        for at in self.order(&given.sku, &from) {
            let came = &mut self.lots[at];
            let quantity = left.min(came.quantity);
            if !quantity.is_positive() {
                continue;
            }
            let value = came.value.share(quantity, came.quantity)?;
            came.quantity = came.quantity.minus(quantity)?;
            came.value = came.value.minus(value)?;
            left = left.minus(quantity)?;
            let (sku, lot) = (came.sku.clone(), came.lot.clone());
            let (from, to) = (from.clone(), Account::Supplier);
            taken.push(Movement { from, to, sku, lot, quantity, value });
        }
        Ok(left.is_zero().then_some(taken))
    }

    /// How much of a product came, and how much of it can still go back from there.
    fn of_sku(&self, given: &Back) -> Result<(Quantity, Quantity), AmountError> {
        let lots = self.order(&given.sku, &account(given.from));
        let sum = |of: fn(&Came) -> Quantity| {
            Quantity::sum(lots.iter().filter_map(|at| self.lots.get(*at)).map(of))
        };
        Ok((sum(|came| came.all)?, sum(|came| came.quantity)?))
    }

    /// The places of a product's lots in the order in which they go back from an account.
    fn order(&self, sku: &Sku, from: &Account) -> Vec<usize> {
        let places = |to: &Account| {
            let of = |(_, came): &(usize, &Came)| came.sku == *sku && came.to == *to;
            self.lots.iter().enumerate().filter(of).map(|(at, _)| at).collect::<Vec<_>>()
        };
        let mut order = places(from);
        if *from == Account::OnHand {
            order.extend(places(&Account::Quarantine));
        }
        order
    }
}

/// What is in quarantine, while goods leave it.
struct Quarantine {
    held: Holdings,
}

impl Quarantine {
    /// Takes goods of known cost out. Gives the movement that takes along what cost is left when nothing
    /// else is.
    fn leave(&mut self, line: usize, movement: &Movement) -> Result<Option<Movement>, PostError> {
        let key = (movement.sku.clone(), movement.lot.clone());
        let held = self.held.entry(key).or_default();
        if movement.quantity > held.quantity {
            let (sku, asked, left) = (movement.sku.clone(), movement.quantity, held.quantity);
            return Err(PostError::NotInQuarantine { sku, asked, left });
        }
        held.quantity = held.quantity.minus(movement.quantity).map_err(amount_at(line))?;
        held.value = held.value.minus(movement.value).map_err(amount_at(line))?;
        if !held.quantity.is_zero() || held.value.is_zero() {
            return Ok(None);
        }
        let value = std::mem::take(&mut held.value);
        let (to, quantity) = (Account::CostAdjustment, Quantity::ZERO);
        Ok(Some(Movement { to, quantity, value, ..movement.clone() }))
    }

    /// The movements that bring goods to the shelf, each at its share of what is in quarantine.
    fn take(
        &mut self,
        line: usize,
        sku: &Sku,
        asked: Quantity,
    ) -> Result<Vec<Movement>, PostError> {
        let of = |((held, _), _): &(&(Sku, Option<Lot>), _)| held == sku;
        let lots: Vec<_> = self.held.iter().filter(of).map(|(key, _)| key.clone()).collect();
        let mut all = Quantity::ZERO;
        let (mut rest, mut taken) = (asked, Vec::new());
        for key in lots {
            let held = self.held.entry(key.clone()).or_default();
            if !held.quantity.is_positive() {
                continue;
            }
            all = all.plus(held.quantity).map_err(amount_at(line))?;
            let quantity = rest.min(held.quantity);
            if !quantity.is_positive() {
                continue;
            }
            let value = held.value.share(quantity, held.quantity).map_err(amount_at(line))?;
            held.quantity = held.quantity.minus(quantity).map_err(amount_at(line))?;
            held.value = held.value.minus(value).map_err(amount_at(line))?;
            rest = rest.minus(quantity).map_err(amount_at(line))?;
            let (from, to) = (Account::Quarantine, Account::OnHand);
            let (sku, lot) = key;
            taken.push(Movement { from, to, sku, lot, quantity, value });
        }
        if !rest.is_zero() {
            return Err(PostError::NotInQuarantine { sku: sku.clone(), asked, left: all });
        }
        Ok(taken)
    }
}

const fn account(pile: Pile) -> Account {
    match pile {
        Pile::Shelf => Account::OnHand,
        Pile::Quarantine => Account::Quarantine,
    }
}

#[cfg(test)]
mod tests;
