//! Posting (记账): a command and the stock at hand become a fact, or a reason why not.
//!
//! A completed sale is never refused for want of stock: goods that left the shelf have left it.
//! Overselling comes back as a [`Warning`] beside the fact.

mod assembly;
mod bin;
mod detail;
mod error;
mod invoice;
mod payment;
mod purchase;
mod receipt;
mod shelf;
mod shift;
mod transfer;
mod undo;
mod value;

use crate::alert::Acknowledgement;
use crate::amount::{AmountError, Money, Quantity};
use crate::command::{AdjustLine, Command, InboundLine};
use crate::cost::StockView;
use crate::fact::{Body, Detail, Fact, Stated};
use crate::id::{BillNo, FactId, Lot, MemberId, Operator, RequestId, Sku, StoreId};
use crate::lot::LotExpiry;
use crate::movement::{Account, Movement};
use crate::stocktake::Compared;
use crate::time::{BusinessDate, Timestamp};
pub use detail::detailed;
pub use error::PostError;
pub use purchase::{MAX_DELIVERY_LINES, MAX_LINE_REMARK_LEN};
use shelf::Shelf;

/// The most lines one command may have. The longest real invoice seen has 1,114; a fact of this
/// many lines, with the longest ids and amounts, still fits [`MAX_TEXT_LEN`](crate::json::MAX_TEXT_LEN).
pub const MAX_LINES: usize = 1_200;

/// The most payments one receipt may have.
pub const MAX_PAYMENTS: usize = 20;

/// The most named parts that the discounts of one receipt may have in all: more than any basket that
/// people carry, and few enough for [`MAX_TEXT_LEN`](crate::json::MAX_TEXT_LEN).
pub const MAX_REDUCTIONS: usize = 600;

/// The longest a reason or supplier may be, in bytes.
pub const MAX_REMARK_LEN: usize = 500;

/// What a fact bears beside its content. The caller takes it from its clock and its counters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The next name of the node's history.
    pub id: FactId,
    /// The node's store.
    pub store: StoreId,
    /// The day to book to.
    pub date: BusinessDate,
    /// The day on which it happened, if that one's book is closed.
    pub true_date: Option<BusinessDate>,
    /// Now.
    pub at: Timestamp,
    /// The next bill number of the node's series.
    pub bill: BillNo,
    /// The client's name for the command, if it gave one.
    pub request: Option<RequestId>,
    /// Who asks.
    pub operator: Option<Operator>,
    /// The shift at whose till it is asked.
    pub shift: Option<FactId>,
    /// The member whom it concerns.
    pub member: Option<MemberId>,
}

impl Header {
    /// The fact that bears this header.
    pub(crate) fn fact(self, body: Body, movements: Vec<Movement>) -> Fact {
        let Self { id, store, date, true_date, at, bill, request, operator, shift, member } = self;
        Fact {
            id,
            store,
            date,
            true_date,
            at,
            bill,
            request,
            operator,
            shift,
            member,
            body,
            movements,
            detail: Detail::default(),
        }
    }
}

/// A fact, and what a person should know about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// What happened.
    pub fact: Fact,
    /// What looks wrong about it.
    pub warnings: Vec<Warning>,
}

/// Something that does not stop a fact and that a person should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// More left the shelf than was booked in (超卖).
    Oversold {
        /// Of what.
        sku: Sku,
        /// What the books say is left; negative.
        on_hand: Quantity,
    },
    /// The goods left at no cost, because none is known yet.
    UnknownCost {
        /// Of what.
        sku: Sku,
    },
}

/// Books a command: fixes its amounts, its payments and what it moves at what cost.
pub fn post(header: Header, command: Command, stock: &dyn StockView) -> Result<Posted, PostError> {
    let mut shelf = Shelf::new(stock);
    let mut detail = Detail::default();
    let body = match command {
        Command::Opening { lines } => {
            inbound(&mut shelf, &lines, &Account::Opening)?;
            Body::Opening
        }
        Command::Receive { lines, supplier, lots } => {
            inbound(&mut shelf, &lines, &Account::Supplier)?;
            let named = |said: &LotExpiry| {
                let of = |line: &InboundLine| {
                    line.sku == said.sku && line.lot.as_ref() == Some(&said.lot)
                };
                lines.iter().any(of)
            };
            let lots = lots.into_iter().filter(named).collect();
            Body::GoodsReceipt { supplier: supplier.map(remark).transpose()?, lots, delivery: None }
        }
        Command::Sell { lines, payments } => receipt::sell(&mut shelf, &lines, &payments)?,
        Command::Return { lines, payments, source, terms } => {
            receipt::take_back(&mut shelf, &lines, &payments, source.as_deref(), terms)?
        }
        Command::Reverse { target, reason } => {
            detail = detail::undone(&target.fact.detail);
            undo::reverse(&mut shelf, &header.store, &target, remark(reason)?)?
        }
        Command::Adjust { lines, reason } => {
            adjust(&mut shelf, &lines)?;
            Body::StockAdjustment { reason: remark(reason)? }
        }
        Command::Scrap { lines, reason } => {
            scrap(&mut shelf, &lines)?;
            Body::Scrap { reason: remark(reason)? }
        }
        Command::Revalue { lines, reason } => {
            check_count(lines.len())?;
            lines.iter().for_each(|line| shelf.revalue(&line.sku, line.value));
            Body::StockAdjustment { reason: remark(reason)? }
        }
        Command::State { lines } => {
            check_count(lines.len())?;
            (1..).zip(&lines).try_for_each(|(line, stated)| not_less_than_none(line, stated))?;
            Body::Statement { lines }
        }
        Command::Stocktake { name, lines, approved } => {
            stocktake(&mut shelf, &lines)?;
            Body::Stocktake { name: remark(name)?, lines, approved }
        }
        Command::Assemble(assembly) => assembly::assemble(&mut shelf, &assembly)?,
        Command::Acknowledge(seen) => {
            let remark = remark(seen.remark)?;
            Body::AlertAck(Acknowledgement { remark, ..*seen })
        }
        Command::MoveBins { lines } => bin::bring(lines)?,
        Command::HomeBins { lines, stays } => {
            detail.bins = stays;
            bin::settle(lines)?
        }
        Command::Shift(task) => shift::book(&header, task)?,
        Command::Invoice(draft) => invoice::book(&mut shelf, *draft)?,
        Command::PaySupplier { payment, open } => payment::book(*payment, open)?,
        Command::Purchase(task) => purchase::book(&mut shelf, *task)?,
        Command::Value(task) => value::book(*task, header.member.as_ref())?,
        Command::Transfer(task) => transfer::book(&mut shelf, &header.store, *task)?,
    };
    let (movements, warnings) = shelf.finish();
    let fact = Fact { detail, ..header.fact(body, movements) };
    Ok(Posted { fact, warnings })
}

fn inbound(shelf: &mut Shelf<'_>, lines: &[InboundLine], from: &Account) -> Result<(), PostError> {
    check_count(lines.len())?;
    for (line, given) in (1..).zip(lines) {
        positive(line, &given.sku, given.quantity)?;
        not_negative(line, &given.sku, given.cost)?;
        let movement = Movement {
            from: from.clone(),
            to: Account::OnHand,
            sku: given.sku.clone(),
            lot: given.lot.clone(),
            quantity: given.quantity,
            value: given.cost,
        };
        shelf.put_at_new_cost(movement).map_err(amount_at(line))?;
    }
    Ok(())
}

fn adjust(shelf: &mut Shelf<'_>, lines: &[AdjustLine]) -> Result<(), PostError> {
    check_count(lines.len())?;
    for (line, AdjustLine { sku, lot, quantity }) in (1..).zip(lines) {
        if quantity.is_zero() {
            return Err(PostError::BadQuantity { line, sku: sku.clone(), quantity: *quantity });
        }
        differ(shelf, sku, lot.as_ref(), *quantity).map_err(amount_at(line))?;
    }
    Ok(())
}

/// Books a difference between shelf and books.
fn differ(
    shelf: &mut Shelf<'_>,
    sku: &Sku,
    lot: Option<&Lot>,
    quantity: Quantity,
) -> Result<(), AmountError> {
    if quantity.is_negative() {
        shelf.take_of_lot(sku, lot, quantity.magnitude(), Account::CountLoss).map(drop)
    } else {
        shelf.put_at_known_cost(sku, lot, quantity, Account::CountGain)
    }
}

fn stocktake(shelf: &mut Shelf<'_>, lines: &[Compared]) -> Result<(), PostError> {
    check_count(lines.len())?;
    for (line, Compared { sku, tally, .. }) in (1..).zip(lines) {
        if tally.counted.is_negative() {
            let (sku, quantity) = (sku.clone(), tally.counted);
            return Err(PostError::BadQuantity { line, sku, quantity });
        }
        let variance = tally.variance().map_err(amount_at(line))?;
        if !variance.is_zero() {
            differ(shelf, sku, None, variance).map_err(amount_at(line))?;
        }
    }
    Ok(())
}

fn scrap(shelf: &mut Shelf<'_>, lines: &[AdjustLine]) -> Result<(), PostError> {
    check_count(lines.len())?;
    for (line, AdjustLine { sku, lot, quantity }) in (1..).zip(lines) {
        positive(line, sku, *quantity)?;
        let taken = shelf.take_of_lot(sku, lot.as_ref(), *quantity, Account::Scrap);
        taken.map_err(amount_at(line))?;
    }
    Ok(())
}

fn check_count(found: usize) -> Result<(), PostError> {
    match found {
        0 => Err(PostError::NoLines),
        1..=MAX_LINES => Ok(()),
        _ => Err(PostError::TooManyLines { found }),
    }
}

fn positive(line: usize, sku: &Sku, quantity: Quantity) -> Result<(), PostError> {
    if quantity.is_positive() {
        return Ok(());
    }
    Err(PostError::BadQuantity { line, sku: sku.clone(), quantity })
}

/// Of nothing that is stated there can be less than none.
fn not_less_than_none(line: usize, stated: &Stated) -> Result<(), PostError> {
    let parts = [stated.opening, stated.sold, stated.scrapped, stated.closing];
    match parts.into_iter().flatten().find(|quantity| quantity.is_negative()) {
        Some(quantity) => Err(PostError::BadQuantity { line, sku: stated.sku.clone(), quantity }),
        None => Ok(()),
    }
}

fn not_negative(line: usize, sku: &Sku, amount: Money) -> Result<(), PostError> {
    if amount.is_negative() {
        return Err(PostError::NegativeAmount { line, sku: sku.clone(), amount });
    }
    Ok(())
}

fn remark(text: Box<str>) -> Result<Box<str>, PostError> {
    if text.len() > MAX_REMARK_LEN {
        return Err(PostError::RemarkTooLong);
    }
    Ok(text)
}

fn amount_at(line: usize) -> impl Fn(AmountError) -> PostError {
    move |source| PostError::Amount { line, source }
}
