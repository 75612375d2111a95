//! Commands: what a person or till asks to be booked. [`post`](crate::post::post) turns one into
//! a fact or says why not.

use crate::alert::Acknowledgement;
use crate::amount::{Money, Quantity, TaxRate};
use crate::assembly::Assembly;
use crate::bins::{BinMove, Home, Placed};
use crate::escrow::Moved;
use crate::fact::{Fact, PaymentMethod, Priced, ReturnTerms, Stated};
use crate::id::{LetterNo, Lot, Operator, PaymentRef, Sku};
use crate::invoice;
use crate::lot::LotExpiry;
use crate::payable::SupplierPayment;
use crate::purchase;
use crate::shift;
use crate::stocktake::Compared;
use crate::transfer;

/// What to book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Start the books with this stock.
    Opening {
        /// The stock, at cost.
        lines: Vec<InboundLine>,
    },
    /// Take in bought goods.
    Receive {
        /// The goods, at what they cost.
        lines: Vec<InboundLine>,
        /// From whom.
        supplier: Option<Box<str>>,
        /// Until when its lots are good, where somebody says.
        lots: Vec<LotExpiry>,
    },
    /// Sell over the counter.
    Sell {
        /// What is sold.
        lines: Vec<SaleLine>,
        /// How it is paid. Empty: exactly, in cash.
        payments: Vec<Tender>,
    },
    /// Take goods back.
    Return {
        /// What is given back, at what was paid for it.
        lines: Vec<SaleLine>,
        /// How the money goes out. Empty: in cash.
        payments: Vec<Tender>,
        /// The sale of this store they come from, if there is a receipt.
        source: Option<Box<ReturnSource>>,
        /// What else is said of them.
        terms: ReturnTerms,
    },
    /// Undo a whole fact.
    Reverse {
        /// The fact and what has been done to it since.
        target: Box<ReversalTarget>,
        /// Why.
        reason: Box<str>,
    },
    /// Correct the quantity on hand.
    Adjust {
        /// The differences.
        lines: Vec<AdjustLine>,
        /// Why.
        reason: Box<str>,
    },
    /// Throw goods away.
    Scrap {
        /// What goes; quantities are positive.
        lines: Vec<AdjustLine>,
        /// Why.
        reason: Box<str>,
    },
    /// Correct the cost of what is on hand, without moving goods.
    Revalue {
        /// The differences.
        lines: Vec<RevalueLine>,
        /// Why.
        reason: Box<str>,
    },
    /// Say how a day went, without moving anything.
    State {
        /// A line for each product.
        lines: Vec<Stated>,
    },
    /// Book what a stocktake found.
    Stocktake {
        /// What it is called; perhaps nothing.
        name: Box<str>,
        /// A line for each product that was counted.
        lines: Vec<Compared>,
        /// Who has approved it, where a second person had to.
        approved: Option<Operator>,
    },
    /// Take in a supplier's invoice.
    Invoice(Box<invoice::Draft>),
    /// Pay a supplier.
    PaySupplier {
        /// What is paid.
        payment: Box<SupplierPayment>,
        /// What the invoices that it names have open, in ten-thousandths.
        open: i128,
    },
    /// Put goods together, or take them apart.
    Assemble(Box<Assembly>),
    /// Open or close a shift, or move cash.
    Shift(shift::Task),
    /// Say that an alert was seen.
    Acknowledge(Box<Acknowledgement>),
    /// Bring goods from bin to bin.
    MoveBins {
        /// What, from where and to where.
        lines: Vec<BinMove>,
    },
    /// Say where products belong.
    HomeBins {
        /// A line for each product.
        lines: Vec<Home>,
        /// What to name so that all other bins stay as they are: see [`bins::settled`](crate::bins::settled).
        stays: Vec<Placed>,
    },
    /// Take an inspected delivery in, send goods back, or decide on what is in quarantine.
    Purchase(Box<purchase::Task>),
    /// Top stored value up, pay it out, or move rights to it.
    Value(Box<ValueTask>),
    /// Ship, receive or settle goods of a transfer.
    Transfer(Box<transfer::Task>),
}

/// What to book of stored value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueTask {
    /// The member pays money in.
    TopUp {
        /// How.
        payments: Vec<Tender>,
    },
    /// The member gets money back.
    PayOut {
        /// The letter that allows it.
        letter: LetterNo,
        /// How much it allows.
        allowed: Money,
        /// How it goes out.
        payments: Vec<Tender>,
    },
    /// The answer to a letter.
    Answer(Moved),
}

/// Goods that come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboundLine {
    /// What.
    pub sku: Sku,
    /// From which production lot.
    pub lot: Option<Lot>,
    /// How much; positive.
    pub quantity: Quantity,
    /// What the line cost in all.
    pub cost: Money,
}

/// Goods over the counter, either way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaleLine {
    /// What.
    pub sku: Sku,
    /// How much; positive.
    pub quantity: Quantity,
    /// The price per unit, tax included.
    pub list_price: Money,
    /// What comes off the whole line.
    pub discount: Money,
    /// The tax rate that applies.
    pub tax_rate: TaxRate,
    /// How price and discount came about.
    pub priced: Priced,
}

/// Money offered for a receipt, or paid out for a return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tender {
    /// How.
    pub method: PaymentMethod,
    /// What is handed over. Cash may be more than is due: the rest is change.
    pub amount: Money,
    /// The other side's number for it.
    pub reference: Option<PaymentRef>,
}

/// A difference in stock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdjustLine {
    /// What.
    pub sku: Sku,
    /// Of which production lot, where somebody said.
    pub lot: Option<Lot>,
    /// The difference: positive was found, negative is missing.
    pub quantity: Quantity,
}

/// A difference in cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevalueLine {
    /// Of what.
    pub sku: Sku,
    /// The difference: positive is added to what is on hand.
    pub value: Money,
}

/// The sale behind a return, with what came back from it before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnSource {
    /// The sale.
    pub sale: Fact,
    /// Returns already booked against it.
    pub returns: Vec<Fact>,
    /// Whether the sale itself was reversed.
    pub reversed: Reversed,
}

/// A fact to undo, with what was done to it since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReversalTarget {
    /// The fact.
    pub fact: Fact,
    /// Whether it was undone before.
    pub reversed: Reversed,
    /// How many returns stand against it (undone ones not counted).
    pub returns: usize,
}

/// Whether a fact has been undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reversed {
    /// By this fact.
    By(crate::id::FactId),
    /// It stands.
    No,
}
