//! Why goods came to a store's shelf or left it.

use crate::fact::{Body, Fact, Receipt, SignedReceipt};
use crate::id::Sku;
use crate::movement::Account;
use crate::transfer::Act;

/// Which way goods went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To the shelf.
    In,
    /// From it.
    Out,
}

/// Why goods came or went: a column of the stock movement summary (进销存汇总表). What undoes a fact is
/// taken off the column that the fact stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flow {
    /// From suppliers (采购入库).
    Received,
    /// From other stores (调入).
    TransferredIn,
    /// Back from customers (销售退货).
    Returned,
    /// Found by counting (盘盈).
    Found,
    /// Opening stock, out of inspection, put together, corrections of cost (其他入库).
    OtherIn,
    /// To customers (销售).
    Sold,
    /// To other stores, less what came back undelivered (调出).
    TransferredOut,
    /// Back to suppliers (采购退货).
    SentBack,
    /// Missed by counting (盘亏).
    Lost,
    /// Thrown away (报损).
    Scrapped,
    /// Into inspection, into other goods, and whatever else (其他出库).
    OtherOut,
}

impl Flow {
    /// Every one, in the order in which reports list them.
    pub const ALL: [Self; 11] = [
        Self::Received,
        Self::TransferredIn,
        Self::Returned,
        Self::Found,
        Self::OtherIn,
        Self::Sold,
        Self::TransferredOut,
        Self::SentBack,
        Self::Lost,
        Self::Scrapped,
        Self::OtherOut,
    ];

    /// Its name in machine-readable output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::TransferredIn => "transferred_in",
            Self::Returned => "returned",
            Self::Found => "found",
            Self::OtherIn => "other_in",
            Self::Sold => "sold",
            Self::TransferredOut => "transferred_out",
            Self::SentBack => "sent_back",
            Self::Lost => "lost",
            Self::Scrapped => "scrapped",
            Self::OtherOut => "other_out",
        }
    }

    /// The number under which a book keeps it. Part of the file format.
    pub const fn code(self) -> i64 {
        match self {
            Self::Received => 1,
            Self::TransferredIn => 2,
            Self::Returned => 3,
            Self::Found => 4,
            Self::OtherIn => 5,
            Self::Sold => 6,
            Self::TransferredOut => 7,
            Self::SentBack => 8,
            Self::Lost => 9,
            Self::Scrapped => 10,
            Self::OtherOut => 11,
        }
    }

    /// The one that is kept under a number.
    pub fn of_code(code: i64) -> Option<Self> {
        let place = usize::try_from(code.checked_sub(1)?).ok()?;
        Self::ALL.get(place).copied()
    }

    /// Its place in [`Flow::ALL`].
    pub const fn place(self) -> usize {
        self.code().unsigned_abs() as usize - 1
    }

    /// Which way it goes.
    pub const fn direction(self) -> Direction {
        match self {
            Self::Received | Self::TransferredIn | Self::Returned | Self::Found | Self::OtherIn => {
                Direction::In
            }
            Self::Sold
            | Self::TransferredOut
            | Self::SentBack
            | Self::Lost
            | Self::Scrapped
            | Self::OtherOut => Direction::Out,
        }
    }

    /// Whether goods that come so are new to the store: their age begins then. A customer's return
    /// brings back goods whose age is counted already.
    pub const fn begins_age(self) -> bool {
        matches!(self, Self::Received | Self::TransferredIn | Self::Found | Self::OtherIn)
    }
}

/// What went one way: thousandths and ten-thousandths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Part {
    /// How much, less what was undone.
    pub quantity: i64,
    /// What it cost.
    pub value: i64,
    /// What customers paid for it, or were paid back, tax included.
    pub paid: i64,
    /// The tax in that.
    pub tax: i64,
}

impl Part {
    /// The sum, if it can be written down.
    pub fn plus(self, other: Self) -> Option<Self> {
        Some(Self {
            quantity: self.quantity.checked_add(other.quantity)?,
            value: self.value.checked_add(other.value)?,
            paid: self.paid.checked_add(other.paid)?,
            tax: self.tax.checked_add(other.tax)?,
        })
    }
}

/// How a fact moved the goods on the shelf of its store. What goes in less what goes out is what its
/// movements do to [`Account::OnHand`].
pub fn flows(fact: &Fact) -> Vec<(&Sku, Flow, Part)> {
    let mut flows = Vec::with_capacity(fact.movements.len() * 2);
    for movement in &fact.movements {
        let (other, sign) = match (&movement.from, &movement.to) {
            (Account::OnHand, Account::OnHand) => continue,
            (Account::OnHand, other) => (other, -1),
            (other, Account::OnHand) => (other, 1),
            _ => continue,
        };
        let quantity = movement.quantity.thousandths() * sign;
        let value = movement.value.ten_thousandths() * sign;
        let way = if (quantity, value) < (0, 0) { Direction::Out } else { Direction::In };
        let flow = flow_of(&fact.body, other, way);
        let sign = if flow.direction() == Direction::In { 1 } else { -1 };
        let part = Part { quantity: quantity * sign, value: value * sign, ..Part::default() };
        flows.push((&movement.sku, flow, part));
    }
    match &fact.body {
        Body::RetailSale(receipt) => add_money(&mut flows, receipt, Flow::Sold, 1),
        Body::SaleReturn { receipt, .. } => add_money(&mut flows, receipt, Flow::Returned, 1),
        Body::Reversal { receipt: Some(SignedReceipt::OfSale(receipt)), .. } => {
            add_money(&mut flows, receipt, Flow::Sold, -1);
        }
        Body::Reversal { receipt: Some(SignedReceipt::OfReturn(receipt)), .. } => {
            add_money(&mut flows, receipt, Flow::Returned, -1);
        }
        _ => {}
    }
    flows
}

fn add_money<'f>(
    flows: &mut Vec<(&'f Sku, Flow, Part)>,
    receipt: &'f Receipt,
    flow: Flow,
    sign: i64,
) {
    for line in &receipt.lines {
        let (paid, tax) = (line.total.ten_thousandths(), line.tax.ten_thousandths());
        let part = Part { paid: paid * sign, tax: tax * sign, ..Part::default() };
        flows.push((&line.sku, flow, part));
    }
}

/// Why goods passed between the shelf and another account.
fn flow_of(body: &Body, other: &Account, way: Direction) -> Flow {
    // What undoes a fact goes the other way than the fact did.
    let undoes = matches!(body, Body::Reversal { .. });
    let came = (way == Direction::In) != undoes;
    let either = |inward, outward| if came { inward } else { outward };
    match other {
        Account::Customer => either(Flow::Returned, Flow::Sold),
        // An invoice corrects what a receipt was booked at, up or down.
        Account::Supplier if matches!(body, Body::Invoice(_)) => Flow::Received,
        Account::Supplier => either(Flow::Received, Flow::SentBack),
        Account::InTransit(_) => match body {
            Body::Transfer(booked) if matches!(booked.act, Act::Settlement { .. }) => {
                Flow::TransferredOut
            }
            _ => either(Flow::TransferredIn, Flow::TransferredOut),
        },
        Account::CountGain | Account::CountLoss | Account::TransitLoss => {
            either(Flow::Found, Flow::Lost)
        }
        Account::Scrap => either(Flow::OtherIn, Flow::Scrapped),
        // Moves value alone, up or down.
        Account::CostAdjustment => Flow::OtherIn,
        Account::Opening | Account::Quarantine | Account::Assembly | Account::OnHand => {
            either(Flow::OtherIn, Flow::OtherOut)
        }
    }
}
