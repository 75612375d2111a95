//! Whether a receipt is the one that a sale asked for. Prices and promotions may have changed since;
//! what was taken off by hand, and at which level, is what was asked.

use ledger::amount::Money;
use ledger::basket::Off;
use ledger::fact::{Cause, Receipt, ReceiptLine};
use ledger::price::Level;

use super::means;
use crate::book::BookError;
use crate::book::lookup::Lookup;
use crate::request::{SaleLine, Sell};

/// What rounding leaves to customers at most: less than the currency unit, in ten-thousandths.
const MAX_ROUNDED: i64 = 10_000;

/// Whether the basket was sold on the terms that were asked for.
pub(super) fn same_terms(asked: &Sell, receipt: &Receipt) -> bool {
    let level = |line: &ReceiptLine| match line.priced.level {
        Level::Retail => true,
        level => level == asked.level,
    };
    let mut approved = receipt.lines.iter().filter_map(|line| line.priced.approved.as_ref());
    let approved = approved.all(|who| asked.approved.as_ref() == Some(who));
    approved && receipt.lines.iter().all(level) && same_basket_off(asked.basket_off, receipt)
}

/// Whether this much was taken off the basket, but for rounding, which takes off more.
fn same_basket_off(asked: Off, receipt: &Receipt) -> bool {
    let sum = |part: fn(&ReceiptLine) -> Money| Money::sum(receipt.lines.iter().map(part)).ok();
    let (Some(off), Some(total)) = (sum(basket_part), sum(|line| line.total)) else { return false };
    let asked = match asked {
        Off::Amount(amount) => Some(amount),
        Off::Share(share) => total.plus(off).ok().map(|whole| share.of(whole)),
    };
    let beyond = asked.and_then(|asked| off.minus(asked).ok());
    beyond.is_some_and(|beyond| (0..MAX_ROUNDED).contains(&beyond.ten_thousandths()))
}

pub(super) fn same_lines<L: Lookup>(
    books: &mut L,
    asked: &Sell,
    receipt: &Receipt,
) -> Result<bool, BookError<L::Error>> {
    if asked.lines.len() != receipt.lines.len() {
        return Ok(false);
    }
    for (asked, booked) in asked.lines.iter().zip(&receipt.lines) {
        let rate = asked.tax_rate.is_none_or(|rate| rate == booked.tax_rate.basis_points());
        let price = asked.price.is_none_or(|price| price == booked.list_price);
        let same = price && rate && asked.quantity == booked.quantity;
        if !same || !same_off(asked, booked) || !means(books, &asked.item, &booked.sku)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether what was taken off the line by hand is what was asked.
fn same_off(asked: &SaleLine, booked: &ReceiptLine) -> bool {
    let named = Money::sum(booked.priced.reductions.iter().map(|part| part.amount));
    let by_hand = named.and_then(|named| booked.discount.minus(named));
    let promoted = |by_hand: Money| booked.total.plus(basket_part(booked))?.plus(by_hand);
    let told = by_hand.and_then(|by_hand| Ok((by_hand, promoted(by_hand)?)));
    told.is_ok_and(|(by_hand, promoted)| by_hand == asked.off_from(promoted))
}

/// The line's share of what was taken off the basket.
fn basket_part(line: &ReceiptLine) -> Money {
    let of_basket = line.priced.reductions.iter().filter(|part| part.cause == Cause::Basket);
    // Parts of a discount, which is an amount.
    Money::sum(of_basket.map(|part| part.amount)).unwrap_or_default()
}
