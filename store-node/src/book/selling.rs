//! A sale before it is booked: what its basket costs, by price lists, promotions and hand.

use std::collections::BTreeMap;

use ledger::amount::Money;
use ledger::basket::{self, Basket, BasketError, Line, Price, Quote};
use ledger::catalog::Product;
use ledger::command::{self, Command};
use ledger::cost::Position;
use ledger::fact::{Body, Fact, Priced};
use ledger::id::{Operator, Sku};
use ledger::post::PostError;
use ledger::price::Level;

use super::command::{Bench, amount_at, tenders};
use super::lookup::{Counter, Lookup};
use super::refused::Refused;
use super::{BookError, Notice};
use crate::request::{SaleLine, Sell};

impl<L: Lookup> Bench<'_, L> {
    /// A sale with the price of its basket.
    pub(super) fn sell(
        &mut self,
        asked: &Sell,
        operator: Option<&Operator>,
    ) -> Result<Command, BookError<L::Error>> {
        let mut products: Vec<Option<Product>> = Vec::with_capacity(asked.lines.len());
        let mut lines = Vec::with_capacity(asked.lines.len());
        for (line, given) in (1..).zip(&asked.lines) {
            let product = self.product(&given.item)?;
            lines.push(self.sale_line(line, given, product.clone())?);
            products.push(product);
        }
        let counter = self.books.counter().map_err(BookError::Books)?;
        let basket = basket_of(asked, &lines, &products, &counter);
        let quote = basket::price(&basket, counter.promotions.iter(), counter.place());
        let quote = quote.map_err(|error| refused(error, &lines))?;
        let approved = approval(asked, operator, &counter, &quote)?;
        for ((line, quoted), product) in lines.iter_mut().zip(quote.lines).zip(&products) {
            let by_hand = quoted.by_hand.is_positive() || quoted.basket_share.is_positive();
            let approved = approved.clone().filter(|_| by_hand);
            line.priced = Priced { approved, ..quoted.priced };
            (line.list_price, line.discount) = (quoted.list_price, quoted.discount);
            self.notices.extend(below_floor(product.as_ref(), line, quoted.total));
        }
        let payments = tenders(&asked.payments, &lines)?;
        Ok(Command::Sell { lines, payments })
    }
}

fn basket_of<'p>(
    asked: &Sell,
    lines: &[command::SaleLine],
    products: &'p [Option<Product>],
    counter: &Counter,
) -> Basket<'p> {
    let line =
        |((given, line), product): ((&SaleLine, &command::SaleLine), &'p Option<Product>)| {
            let price = match (given.price, product) {
                (None, Some(product)) => {
                    let stock_days = counter.stock_days.get(&product.sku).copied();
                    Price::Listed { product, stock_days }
                }
                _ => Price::Said(line.list_price),
            };
            Line { quantity: line.quantity, price, off: given.off() }
        };
    let lines = asked.lines.iter().zip(lines).zip(products).map(line).collect();
    Basket { lines, level: asked.level, off: asked.basket_off }
}

/// Who has allowed what was taken off by hand, where somebody had to.
fn approval(
    asked: &Sell,
    operator: Option<&Operator>,
    counter: &Counter,
    quote: &Quote,
) -> Result<Option<Operator>, Refused> {
    let Err(why) = counter.rules.discounts_of(operator).allow(quote) else { return Ok(None) };
    let Some(approver) = &asked.approved else { return Err(Refused::Discount(why)) };
    if operator == Some(approver) {
        return Err(Refused::OwnApproval { operator: approver.clone() });
    }
    counter.rules.discounts_of_approver(approver).allow(quote).map_err(Refused::Discount)?;
    Ok(Some(approver.clone()))
}

fn below_floor(
    product: Option<&Product>,
    line: &command::SaleLine,
    total: Money,
) -> Option<Notice> {
    let floor = product?.floor_price?.times(line.quantity).ok()?.to_coins();
    (total < floor).then(|| Notice::BelowFloor { sku: line.sku.clone(), total, floor })
}

/// The lines of a sale that cost less than their goods have cost.
pub(super) fn too_cheap(fact: &Fact, shelf: &BTreeMap<Sku, Position>) -> Vec<Notice> {
    let Body::RetailSale(receipt) = &fact.body else { return Vec::new() };
    let lines = receipt.lines.iter().filter_map(|line| {
        let unit = shelf.get(&line.sku)?.unit_cost().ok()??;
        let cost = unit.times(line.quantity).ok()?.to_coins();
        let (sku, total) = (line.sku.clone(), line.total);
        (total < cost).then_some(Notice::BelowCost { sku, total, cost })
    });
    lines.collect()
}

fn refused(error: BasketError, lines: &[command::SaleLine]) -> Refused {
    match error {
        BasketError::LineOff { line, off: discount, left: gross } => {
            let sku = lines.get(line - 1).map(|line| line.sku.clone());
            match sku {
                Some(sku) => PostError::DiscountTooLarge { line, sku, discount, gross }.into(),
                None => Refused::BasketOff { off: discount, left: gross },
            }
        }
        BasketError::OddOff { line, off } => Refused::OddOff { line, off },
        BasketError::BasketOff { off, left } => Refused::BasketOff { off, left },
        BasketError::NoLevel => Refused::NoLevel { level: Level::Floor },
        BasketError::Amount { line, source } => amount_at(line)(source),
    }
}
