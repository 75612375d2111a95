//! Prices: what a receipt calls the list price was the list price, and nothing was sold below its
//! floor price.
//!
//! The catalog keeps its history: each of its changes names the moment at which head office made it.
//! When a change reached a till is known to nobody, since a store may be without a network for weeks.
//! So any price counts that was in force between the sale and
//! [`PRICE_DAYS`](super::limits::PRICE_DAYS) before it, and sales of products that had no price yet
//! are not judged. Nor are sales that were booked later than they happened, such as imported ones.
//!
//! *Fails on*: a line at a price that was typed in, or that head office has long replaced; a line
//! whose total is under floor price × quantity, to the coin.

use std::collections::BTreeMap;

use super::limits::Limits;
use super::{Check, Evidence, Finding, Observed, Proposal};
use crate::amount::Money;
use crate::catalog::Field;
use crate::fact::{Body, Fact, ReceiptLine};
use crate::id::Sku;
use crate::time::Timestamp;

/// How far a line may be off, in ten-thousandths: one coin, to which its total was rounded.
const ROUNDING: i128 = 100;

/// What prices were when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PriceHistory {
    products: BTreeMap<Sku, Prices>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Prices {
    list: Vec<(Timestamp, Option<Money>)>,
    floor: Vec<(Timestamp, Option<Money>)>,
}

impl PriceHistory {
    /// Takes in that head office set a field, in any order. Other fields than prices are left alone;
    /// a price that is empty, or nothing, is none.
    pub fn set(&mut self, sku: &Sku, field: Field, text: &str, at: Timestamp) {
        let price = text.parse().ok().filter(|price: &Money| !price.is_zero());
        if !matches!(field, Field::Price | Field::FloorPrice) {
            return;
        }
        let prices = self.products.entry(sku.clone()).or_default();
        let list = if field == Field::Price { &mut prices.list } else { &mut prices.floor };
        let place = list.partition_point(|(earlier, _)| *earlier <= at);
        list.insert(place, (at, price));
    }
}

impl PriceHistory {
    /// A hash of all that was set up to a moment.
    pub fn hash_until(&self, until: Timestamp) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        for (sku, prices) in &self.products {
            for list in [&prices.list, &prices.floor] {
                hasher.update(sku.as_str().as_bytes()).update(&[0]);
                for (at, price) in list.iter().filter(|(at, _)| *at <= until) {
                    let price = price.map_or(-1, Money::ten_thousandths);
                    hasher.update(&at.millis().to_le_bytes()).update(&price.to_le_bytes());
                }
            }
        }
        *hasher.finalize().as_bytes()
    }
}

/// The prices that were in force at some moment of a span, the newest last; nothing if there were none, or
/// a price was taken away in it.
fn in_force(
    history: &[(Timestamp, Option<Money>)],
    (from, until): (Timestamp, Timestamp),
) -> Option<impl DoubleEndedIterator<Item = Money> + Clone> {
    let first = history.partition_point(|(at, _)| *at <= from).saturating_sub(1);
    let last = history.partition_point(|(at, _)| *at <= until);
    let span = history.get(first..last)?;
    // Before the first price there was none to sell at.
    let unpriced = span.iter().take_while(|(_, price)| price.is_none()).count();
    let span = &span[unpriced..];
    let whole = !span.is_empty() && span.iter().all(|(_, price)| price.is_some());
    whole.then(|| span.iter().filter_map(|(_, price)| *price))
}

/// Checks the prices of a sale.
pub fn check(fact: &Fact, history: &PriceHistory, limits: Limits) -> Vec<Finding> {
    let Body::RetailSale(receipt) = &fact.body else { return Vec::new() };
    if history.products.is_empty() || !is_fresh(fact) {
        return Vec::new();
    }
    let span = span_of(fact, limits);
    let (mut list, mut floor) = (None, None);
    for (number, line) in (1..).zip(&receipt.lines) {
        let Some(prices) = history.products.get(&line.sku) else { continue };
        list = list.or_else(|| listed(number, line, prices, span));
        floor = floor.or_else(|| below_floor(number, line, prices, span));
    }
    let told = [(Check::PriceList, list), (Check::BelowFloor, floor)];
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
    prices: &Prices,
    span: (Timestamp, Timestamp),
) -> Option<(Sku, Evidence)> {
    let mut prices = in_force(&prices.list, span)?;
    let newest = prices.clone().next_back()?;
    let known = prices.any(|price| price == line.list_price);
    (!known).then(|| told(number, line, newest, line.list_price))
}

fn below_floor(
    number: usize,
    line: &ReceiptLine,
    prices: &Prices,
    span: (Timestamp, Timestamp),
) -> Option<(Sku, Evidence)> {
    let least = in_force(&prices.floor, span)?.min()?.times(line.quantity).ok()?;
    let short = i128::from(least.ten_thousandths()) - i128::from(line.total.ten_thousandths());
    (short > ROUNDING).then(|| told(number, line, least, line.total))
}

fn told(number: usize, line: &ReceiptLine, due: Money, found: Money) -> (Sku, Evidence) {
    let money = |money: Money| Observed::Money(money.ten_thousandths().into());
    (line.sku.clone(), Evidence::on_line(number, money(due), money(found)))
}
