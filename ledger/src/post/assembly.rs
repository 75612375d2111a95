//! Booking assemblies and disassemblies: goods become other goods, at what they cost.

use super::shelf::Shelf;
use super::{PostError, amount_at, check_count, not_negative, positive};
use crate::amount::Money;
use crate::assembly::{Assembly, Work, divide};
use crate::command::AdjustLine;
use crate::fact::Body;
use crate::movement::{Account, Movement};

/// The product is line 1, its parts are the lines after it.
pub(super) fn assemble(shelf: &mut Shelf<'_>, assembly: &Assembly) -> Result<Body, PostError> {
    let Assembly { work, product, parts } = assembly;
    if parts.is_empty() {
        return Err(PostError::NoLines);
    }
    check_count(parts.len() + 1)?;
    for (line, part) in (1..).zip(std::iter::once(product).chain(parts)) {
        positive(line, &part.sku, part.quantity)?;
        if line > 1 && part.sku == product.sku {
            let (sku, quantity) = (part.sku.clone(), part.quantity);
            return Err(PostError::BadQuantity { line, sku, quantity });
        }
    }
    match work {
        Work::Assembled { labour } => {
            not_negative(1, &product.sku, *labour)?;
            let mut cost = *labour;
            for (line, part) in (2..).zip(parts) {
                let taken = take(shelf, line, part)?;
                cost = cost.plus(taken).map_err(amount_at(line))?;
            }
            put(shelf, 1, product, cost)?;
        }
        Work::TakenApart => {
            let cost = take(shelf, 1, product)?;
            let mut worth = Vec::with_capacity(parts.len());
            for (line, part) in (2..).zip(parts) {
                let unit = shelf.unit_cost(&part.sku).map_err(amount_at(line))?;
                worth.push(unit.times(part.quantity).map_err(amount_at(line))?);
            }
            let shares = divide(cost, &worth).map_err(amount_at(1))?;
            for ((line, part), share) in (2..).zip(parts).zip(shares) {
                put(shelf, line, part, share)?;
            }
        }
    }
    Ok(Body::Assembly(*work))
}

/// Takes goods off the shelf and says what they cost.
fn take(shelf: &mut Shelf<'_>, line: usize, goods: &AdjustLine) -> Result<Money, PostError> {
    let AdjustLine { sku, lot, quantity } = goods;
    let taken = shelf.take_of_lot(sku, lot.as_ref(), *quantity, Account::Assembly);
    taken.map_err(amount_at(line))
}

fn put(
    shelf: &mut Shelf<'_>,
    line: usize,
    goods: &AdjustLine,
    value: Money,
) -> Result<(), PostError> {
    let AdjustLine { sku, lot, quantity } = goods.clone();
    let (from, to) = (Account::Assembly, Account::OnHand);
    let movement = Movement { from, to, sku, lot, quantity, value };
    shelf.put_at_new_cost(movement).map_err(amount_at(line))
}
