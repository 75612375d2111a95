//! What the stores did, in the simulator's own words: the naive model that the hub is held against.
//!
//! It shares no code with the ledger's fold: it remembers for every fact what the till was asked to do.

use std::collections::BTreeMap;

use ledger::amount::{Money, Quantity, TaxRate};
use ledger::command::{AdjustLine, Command, InboundLine, SaleLine};
use ledger::cost::{Position, StockView};
use ledger::id::{FactId, Sku, StoreId};
use ledger::post::{Header, post};
use ledger::time::{BusinessDate, Timestamp};

use crate::dice::Dice;

/// How many products there are: few, so that all stores touch the same.
const PRODUCTS: u64 = 12;

/// Something to book, as the till was asked.
#[derive(Debug, Clone)]
pub(super) struct Sale {
    command: Command,
    /// What it does to the shelf, in thousandths.
    deltas: Vec<(Sku, i64)>,
    /// Booked to the day before.
    pub(super) late: bool,
}

/// A fact that some machine wrote.
#[derive(Debug, Clone)]
pub(super) struct Deal {
    /// The machine.
    pub(super) machine: usize,
    pub(super) deltas: Vec<(Sku, i64)>,
    /// The till was told that it is booked.
    pub(super) acked: bool,
    /// The disk it was on is gone: it may be lost, unless the hub has it.
    pub(super) excused: bool,
}

/// Every fact written, by store, name and text: after a fork one name stands for two facts.
#[derive(Debug, Default)]
pub(super) struct Shop {
    pub(super) deals: BTreeMap<(StoreId, FactId, String), Deal>,
}

/// Goods cost one and a half, whatever was paid.
struct Shelf;

impl StockView for Shelf {
    fn position(&self, _sku: &Sku) -> Position {
        let quantity = Quantity::from_thousandths(100_000).unwrap_or_default();
        let value = Money::from_ten_thousandths(1_500_000).unwrap_or_default();
        Position { quantity, value, last_cost: None }
    }
}

impl Sale {
    /// Whatever the next customer or clerk wants.
    pub(super) fn any(dice: &mut Dice) -> Self {
        let count = dice.between(1, 3);
        let start = dice.below(PRODUCTS);
        let goods: Vec<(Sku, i64)> = (0..count)
            .map(|n| {
                let sku = Sku::new(&format!("69{:011}", (start + n) % PRODUCTS));
                (sku.expect("digits are a SKU"), dice.between(1, 5) as i64 * 1_000)
            })
            .collect();
        let signed = |sign: i64| goods.iter().map(|(sku, q)| (sku.clone(), sign * q)).collect();
        let (command, deltas) = match dice.below(10) {
            0..6 => (Command::Sell { lines: receipt(&goods), payments: Vec::new() }, signed(-1)),
            6 => {
                let lines = receipt(&goods);
                (Command::Return { lines, payments: Vec::new(), source: None }, signed(1))
            }
            7 => (Command::Receive { lines: inbound(&goods), supplier: None }, signed(1)),
            8 => {
                let lines = adjust(&goods);
                (Command::Scrap { lines, reason: "broken".into() }, signed(-1))
            }
            _ => {
                let lines = adjust(&goods);
                (Command::Adjust { lines, reason: "counted".into() }, signed(1))
            }
        };
        Self { command, deltas, late: dice.percent(5) }
    }

    /// The fact's text.
    pub(super) fn text(
        &self,
        store: &StoreId,
        id: FactId,
        date: BusinessDate,
        at: Timestamp,
    ) -> String {
        let header = Header {
            id,
            store: store.clone(),
            date,
            true_date: None,
            at,
            bill: format!("{store}-{}-{}-{:05}", id.epoch.series(), date.compact(), id.seq)
                .parse()
                .expect("letters, digits and dashes are a bill number"),
            request: None,
            operator: None,
        };
        let posted =
            post(header, self.command.clone(), &Shelf).expect("these commands can be booked");
        ledger::json::to_text(&posted.fact)
    }

    pub(super) fn deal(&self, machine: usize, acked: bool) -> Deal {
        Deal { machine, deltas: self.deltas.clone(), acked, excused: false }
    }
}

fn receipt(goods: &[(Sku, i64)]) -> Vec<SaleLine> {
    let line = |(sku, quantity): &(Sku, i64)| SaleLine {
        sku: sku.clone(),
        quantity: thousandths(*quantity),
        list_price: Money::from_ten_thousandths(35_000).unwrap_or_default(),
        discount: Money::ZERO,
        tax_rate: TaxRate::ZERO,
    };
    goods.iter().map(line).collect()
}

fn inbound(goods: &[(Sku, i64)]) -> Vec<InboundLine> {
    let line = |(sku, quantity): &(Sku, i64)| InboundLine {
        sku: sku.clone(),
        lot: None,
        quantity: thousandths(*quantity),
        cost: Money::from_ten_thousandths(15_000 * quantity / 1_000).unwrap_or_default(),
    };
    goods.iter().map(line).collect()
}

fn adjust(goods: &[(Sku, i64)]) -> Vec<AdjustLine> {
    goods
        .iter()
        .map(|(sku, quantity)| AdjustLine { sku: sku.clone(), quantity: thousandths(*quantity) })
        .collect()
}

fn thousandths(raw: i64) -> Quantity {
    Quantity::from_thousandths(raw).unwrap_or_default()
}
