//! Prices: what a receipt calls the list price was the list price of its level, the promotions that it names
//! were in force, and nothing was sold below its floor price.
//!
//! The catalog keeps its history: each of its changes names the moment at which head office made it.
//! When a change reached a till is known to nobody, since a store may be without a network for weeks.
//! So any price counts that was in force between the sale and
//! [`PRICE_DAYS`](super::limits::PRICE_DAYS) before it, and sales of products that had no price yet
//! are not judged. Nor are sales that were booked later than they happened, such as imported ones.
//!
//! Entries of price lists begin and end by the clock on each shop's wall. Which zone a shop is in is its
//! own setting, so what holds at the time of the sale on any wall on earth counts, for each of the lists
//! that the till may have known: those of the two weeks before the sale.
//!
//! A reseller's price may stand on the line with or without its tax added, since that is a shop's own setting, too.
//! Promotions are judged in the same way as entries of price lists; of their goods only those named by SKU, since
//! a product may have been in another category then.
//!
//! *Fails on*: a line at a price that was typed in, or that head office has long replaced; a line at a level for
//! which its product never had a price; a line that names a promotion which did not hold at the store then, or
//! not on that product; a line whose total is under floor price × quantity, to the coin.

mod history;
mod promoted;

use super::limits::Limits;
use super::{Check, Evidence, Finding, Observed, Proposal};
use crate::amount::Money;
use crate::basket::with_tax;
use crate::fact::{Body, Fact, ReceiptLine};
use crate::id::Sku;
use crate::price::Level;
use crate::time::Timestamp;
use history::{Prices, Sale};

pub use history::PriceHistory;

/// How far a line may be off, in ten-thousandths: one coin, to which its total was rounded.
const ROUNDING: i128 = 100;

/// Checks the prices of a sale.
pub fn check(fact: &Fact, history: &PriceHistory, limits: Limits) -> Vec<Finding> {
    let Body::RetailSale(receipt) = &fact.body else { return Vec::new() };
    if !is_fresh(fact) {
        return Vec::new();
    }
    let sale = Sale { store: &fact.store, at: fact.at, span: span_of(fact, limits) };
    let (mut list, mut floor, mut promotion) = (None, None, None);
    for (number, line) in (1..).zip(&receipt.lines) {
        promotion = promotion.or_else(|| promoted::out_of_force(number, line, history, sale));
        let Some(prices) = history.products.get(&line.sku) else { continue };
        list = list.or_else(|| listed(number, line, history, prices, sale));
        floor = floor.or_else(|| below_floor(number, line, history, prices, sale));
    }
    let told =
        [(Check::PriceList, list), (Check::BelowFloor, floor), (Check::Promotion, promotion)];
    let finding = |(check, (sku, evidence))| {
        let finding = Finding::at(check, fact, evidence, Proposal::AskStore);
        Finding { sku: Some(sku), ..finding }
    };
    told.into_iter().filter_map(|(check, told)| Some(finding((check, told?)))).collect()
}

/// Whether it was recorded on the day to which it is booked, whatever the zone.
fn is_fresh(fact: &Fact) -> bool {
    let Ok(at) = jiff::Timestamp::from_millisecond(fact.at.millis()) else { return false };
    let day = at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let apart = fact.date.date().since(day).map_or(i32::MAX, |span| span.get_days().abs());
    apart <= 1
}

fn span_of(fact: &Fact, limits: Limits) -> (Timestamp, Timestamp) {
    let at = fact.at.millis();
    let from = Timestamp::from_millis(at.saturating_sub(limits.price_ms()));
    (from, Timestamp::from_millis(at.saturating_add(limits.clock_ms())))
}

fn listed(
    number: usize,
    line: &ReceiptLine,
    history: &PriceHistory,
    prices: &Prices,
    sale: Sale<'_>,
) -> Option<(Sku, Evidence)> {
    let level = line.priced.level;
    let asked = |price: Money| {
        price == line.list_price
            || level == Level::Wholesale && with_tax(price, line.tax_rate) == line.list_price
    };
    let of_level = if prices.has(level) { level } else { Level::Retail };
    let seen = history.seen(prices, of_level, sale, asked)?;
    let right = seen.was_asked && of_level == level;
    (!right).then(|| told(number, line, seen.newest, line.list_price))
}

fn below_floor(
    number: usize,
    line: &ReceiptLine,
    history: &PriceHistory,
    prices: &Prices,
    sale: Sale<'_>,
) -> Option<(Sku, Evidence)> {
    let least = history.seen(prices, Level::Floor, sale, |_| true)?.least;
    let least = least.times(line.quantity).ok()?;
    let short = i128::from(least.ten_thousandths()) - i128::from(line.total.ten_thousandths());
    (short > ROUNDING).then(|| told(number, line, least, line.total))
}

fn told(number: usize, line: &ReceiptLine, due: Money, found: Money) -> (Sku, Evidence) {
    let money = |money: Money| Observed::Money(money.ten_thousandths().into());
    (line.sku.clone(), Evidence::on_line(number, money(due), money(found)))
}
