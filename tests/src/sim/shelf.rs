//! What the stores deal in, what it costs, and how a fact is posted from it.
//!
//! Every unit of a product costs the same everywhere and always, so that whoever recounts the goods
//! knows what they are worth without any costing.

use ledger::amount::{Money, Quantity};
use ledger::command::Command;
use ledger::cost::{Position, StockView};
use ledger::fact::Fact;
use ledger::id::{FactId, Sku, StoreId};
use ledger::post::{Header, post};
use ledger::time::{BusinessDate, Timestamp};

/// How many products there are: few, so that all stores touch the same.
pub(super) const PRODUCTS: u64 = 12;

/// What every store believes to have of each product, in thousandths: so much that nothing is
/// ever oversold, which would bring costs of its own.
const ON_THE_SHELF: i64 = 100_000;

/// The product of a number.
pub(super) fn product(number: u64) -> Sku {
    Sku::new(&format!("69{:011}", number % PRODUCTS)).expect("digits are a SKU")
}

/// What so many thousandths of a product cost, in ten-thousandths of the currency.
pub(super) fn cost(sku: &Sku, thousandths: i64) -> i64 {
    let number: i64 = sku.as_str()[11..].parse().unwrap_or(0);
    // A multiple of 1,000, so that any part of a unit has a whole cost.
    (10 + number) * thousandths
}

pub(super) fn quantity(thousandths: i64) -> Quantity {
    Quantity::from_thousandths(thousandths).unwrap_or_default()
}

pub(super) fn money(ten_thousandths: i64) -> Money {
    Money::from_ten_thousandths(ten_thousandths).unwrap_or_default()
}

/// When something happened, and to which day it is booked.
#[derive(Debug, Clone, Copy)]
pub(super) struct When {
    pub(super) at: Timestamp,
    pub(super) happened: BusinessDate,
    pub(super) date: BusinessDate,
}

/// The fact that a store's machine books for a command.
pub(super) fn booked(store: &StoreId, id: FactId, when: When, command: Command) -> Fact {
    post(header(store, id, when), command, &Shelf).expect("these commands can be booked").fact
}

/// What stands above a fact.
pub(super) fn header(store: &StoreId, id: FactId, when: When) -> Header {
    let When { at, happened, date } = when;
    Header {
        id,
        store: store.clone(),
        date,
        true_date: (date != happened).then_some(happened),
        at,
        bill: format!("{store}-{}-{}-{:05}", id.epoch.series(), date.compact(), id.seq)
            .parse()
            .expect("letters, digits and dashes are a bill number"),
        request: None,
        operator: None,
        shift: None,
        member: None,
    }
}

struct Shelf;

impl StockView for Shelf {
    fn position(&self, sku: &Sku) -> Position {
        let (quantity, value) = (quantity(ON_THE_SHELF), money(cost(sku, ON_THE_SHELF)));
        Position { quantity, value, last_cost: None }
    }
}
