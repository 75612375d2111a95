//! What a store's till and back office book besides transfers.

use ledger::amount::{Money, TaxRate};
use ledger::command::{AdjustLine, Command, InboundLine, SaleLine};
use ledger::fact::{Priced, ReturnTerms};
use ledger::id::{Sku, StoreId};

use super::shelf::{self, money, product, quantity};
use super::shop::{Passing, Spot};
use crate::dice::Dice;

/// Something to book, as the till was asked.
#[derive(Debug, Clone)]
pub(super) struct Sale {
    pub(super) command: Command,
    /// What it is.
    pub(super) name: &'static str,
    goods: Vec<(Sku, i64)>,
    /// The account at the other end, and whether goods leave the shelf for it.
    other_end: (&'static str, Leg),
    /// Booked to the day before.
    pub(super) late: bool,
}

#[derive(Debug, Clone, Copy)]
enum Leg {
    Out,
    In,
}

impl Sale {
    /// Whatever the next customer or clerk wants.
    pub(super) fn any(dice: &mut Dice) -> Self {
        let count = dice.between(1, 3);
        let start = dice.below(shelf::PRODUCTS);
        let goods: Vec<(Sku, i64)> =
            (0..count).map(|n| (product(start + n), dice.between(1, 5) as i64 * 1_000)).collect();
        let (command, name, other_end) = match dice.below(11) {
            0..6 => {
                let lines = receipt(&goods);
                (Command::Sell { lines, payments: Vec::new() }, "sale", ("customer", Leg::Out))
            }
            6 => {
                let (lines, payments) = (receipt(&goods), Vec::new());
                (
                    Command::Return {
                        lines,
                        payments,
                        source: None,
                        terms: ReturnTerms::default(),
                    },
                    "return",
                    ("customer", Leg::In),
                )
            }
            7 => {
                let lines = inbound(&goods);
                (
                    Command::Receive { lines, supplier: None, lots: Vec::new() },
                    "receipt",
                    ("supplier", Leg::In),
                )
            }
            8 => {
                let (lines, reason) = (adjust(&goods, 1), "broken".into());
                (Command::Scrap { lines, reason }, "scrap", ("scrap", Leg::Out))
            }
            9 => {
                let (lines, reason) = (adjust(&goods, 1), "counted".into());
                (Command::Adjust { lines, reason }, "count gain", ("count_gain", Leg::In))
            }
            _ => {
                let (lines, reason) = (adjust(&goods, -1), "counted".into());
                (Command::Adjust { lines, reason }, "count loss", ("count_loss", Leg::Out))
            }
        };
        Self { command, name, goods, other_end, late: dice.percent(5) }
    }

    /// The goods it is meant to move.
    pub(super) fn passings(&self, store: &StoreId) -> Vec<Passing> {
        let at = |account: &str| Spot::At(store.clone(), account.to_owned());
        let (account, leg) = self.other_end;
        let (from, to) = match leg {
            Leg::Out => (at("on_hand"), at(account)),
            Leg::In => (at(account), at("on_hand")),
        };
        let passing = |(sku, quantity): &(Sku, i64)| Passing {
            from: from.clone(),
            to: to.clone(),
            sku: sku.clone(),
            quantity: *quantity,
        };
        self.goods.iter().map(passing).collect()
    }
}

fn receipt(goods: &[(Sku, i64)]) -> Vec<SaleLine> {
    let line = |(sku, thousandths): &(Sku, i64)| SaleLine {
        sku: sku.clone(),
        quantity: quantity(*thousandths),
        list_price: money(35_000),
        discount: Money::ZERO,
        tax_rate: TaxRate::ZERO,
        priced: Priced::default(),
    };
    goods.iter().map(line).collect()
}

fn inbound(goods: &[(Sku, i64)]) -> Vec<InboundLine> {
    let line = |(sku, thousandths): &(Sku, i64)| InboundLine {
        sku: sku.clone(),
        lot: None,
        quantity: quantity(*thousandths),
        cost: money(shelf::cost(sku, *thousandths)),
    };
    goods.iter().map(line).collect()
}

fn adjust(goods: &[(Sku, i64)], sign: i64) -> Vec<AdjustLine> {
    let line = |(sku, thousandths): &(Sku, i64)| AdjustLine {
        lot: None,
        sku: sku.clone(),
        quantity: quantity(sign * thousandths),
    };
    goods.iter().map(line).collect()
}
