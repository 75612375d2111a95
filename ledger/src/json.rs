//! The stored form of facts: one JSON object, version 1.
//!
//! A fact's *text* is what is kept, hashed and sent; nobody writes a fact's text a second time. So
//! a fact once written stays readable, and fields that this version does not know survive every
//! journey. A kind that it does not know is read as [`Body::Unknown`], its movements in full.
//!
//! ```text
//! {"v":1,"id":"1-42","store":"S012","date":"2026-11-22","at":1795312800000,
//!  "bill":"S012-A-20261122-00042","kind":"sale","body":{…},
//!  "moves":[["on_hand","customer","6901234567892",2000,53000]]}
//! ```
//!
//! Quantities are thousandths, money is ten-thousandths, `at` is milliseconds. A movement is
//! `[from, to, sku, quantity, value]`, with the lot as a sixth element where there is one. A fact that was
//! found out when its day's book was closed bears its true day as `on`; one of a shift or a member names it as `shift` or
//! `member`. Single pieces and bins, where a fact names any, stand behind its movements as `serials` and `bins`.

mod alert;
mod assembly;
mod bin;
mod close;
mod invoice;
mod lots;
mod purchase;
mod quick;
mod row;
mod serial;
mod shift;
mod statement;
mod stocktake;
mod transfer;
mod value;

use serde_json::value::RawValue;
use thiserror::Error;

use crate::amount::AmountError;
use crate::assembly::Work;
use crate::escrow;
use crate::fact::{Body, Detail, Fact, SignedReceipt};
use crate::id::{IdError, MemberId, Operator, RequestId};
use crate::purchase::{Act, Way};
use crate::shift::Act as Turn;
use crate::time::Timestamp;
use alert::AlertRow;
use assembly::AssemblyRow;
use bin::{HomesRow, MovesRow, PlacedRow};
pub(crate) use close::{read_statement, statement_text};
use invoice::{InvoiceRow, PaymentRow};
use row::{AdjustRow, FactRow, ReceiptRow, ReturnRow, ReversalRow, rows_of};
use serial::PieceRow;
use statement::StatementRow;
use stocktake::StocktakeRow;
use transfer::TransferRow;

/// The version of the form that [`to_text`] writes.
pub const VERSION: u32 = 1;

/// The longest text a fact may have, in bytes: [`MAX_LINES`](crate::post::MAX_LINES) lines with
/// their movements at up to 450 bytes each, and a header.
pub const MAX_TEXT_LEN: usize = 640 * 1024;

/// Why a text is not a fact.
#[derive(Debug, Error)]
pub enum FactTextError {
    /// Not JSON, or not of the form.
    #[error("the fact's text is not of the known form")]
    Syntax(#[source] serde_json::Error),
    /// Written by a version of the form that this one cannot read.
    #[error("the fact is of form {found}; this version reads up to {VERSION}")]
    Version {
        /// The version it names.
        found: u32,
    },
    /// An id in it is wrong.
    #[error("the fact's `{field}` is wrong")]
    Id {
        /// Which field.
        field: &'static str,
        /// Why.
        #[source]
        source: IdError,
    },
    /// An amount in it is out of range.
    #[error("the fact's `{field}` is wrong")]
    Amount {
        /// Which field.
        field: &'static str,
        /// Why.
        #[source]
        source: AmountError,
    },
    /// A word in it is not one of the known ones.
    #[error("the fact's `{field}` says `{found}`")]
    Word {
        /// Which field.
        field: &'static str,
        /// What it says.
        found: String,
    },
}

/// Writes a fact. Only its author does, once.
pub fn to_text(fact: &Fact) -> String {
    let body = match &fact.body {
        Body::Opening | Body::Unknown { .. } => raw(&serde_json::Map::new()),
        Body::GoodsReceipt { supplier, lots, delivery } => {
            raw(&purchase::ReceiptRow::of(supplier.as_deref(), lots, delivery.as_deref()))
        }
        Body::Purchase(Act::SentBack(sent)) => raw(&purchase::SentBackRow::of(sent)),
        Body::Purchase(Act::Cleared { reason, .. }) => {
            raw(&AdjustRow { reason: reason.as_ref().into() })
        }
        Body::RetailSale(receipt) => raw(&ReceiptRow::of(receipt)),
        Body::SaleReturn { receipt, source, terms } => raw(&ReturnRow::of(receipt, *source, terms)),
        Body::Reversal { of, receipt, reason } => {
            let (sale, back) = match receipt {
                Some(SignedReceipt::OfSale(receipt)) => (Some(ReceiptRow::of(receipt)), None),
                Some(SignedReceipt::OfReturn(receipt)) => (None, Some(ReceiptRow::of(receipt))),
                None => (None, None),
            };
            let (of, reason) = (of.to_string().into(), reason.as_ref().into());
            raw(&ReversalRow { of, reason, sale, back })
        }
        Body::StockAdjustment { reason } | Body::Scrap { reason } => {
            raw(&AdjustRow { reason: reason.as_ref().into() })
        }
        Body::Assembly(work) => raw(&AssemblyRow::of(*work)),
        Body::Transfer(booked) => raw(&TransferRow::of(booked)),
        Body::DayClose(close) => close::body(close),
        Body::Statement { lines } => raw(&StatementRow::of(lines)),
        Body::Stocktake { name, lines, approved } => {
            raw(&StocktakeRow::of(name, lines, approved.as_ref()))
        }
        Body::Shift(Turn::Opened { till, float }) => raw(&shift::OpenRow::of(till, *float)),
        Body::Shift(Turn::Moved(moved)) => raw(&shift::MoveRow::of(moved)),
        Body::Shift(Turn::Closed { counts }) => raw(&shift::CloseRow::of(counts)),
        Body::AlertAck(seen) => raw(&AlertRow::of(seen)),
        Body::BinMove { lines } => raw(&MovesRow::of(lines)),
        Body::BinHome { lines } => raw(&HomesRow::of(lines)),
        Body::Value(escrow::Act::TopUp { payments }) => raw(&value::PaidRow::top_up(payments)),
        Body::Value(escrow::Act::PaidOut { letter, payments }) => {
            raw(&value::PaidRow::paid_out(letter, payments))
        }
        Body::Value(escrow::Act::Moved(moved)) => raw(&value::MovedRow::of(moved)),
        Body::Invoice(invoice) => raw(&InvoiceRow::of(invoice)),
        Body::SupplierPayment(payment) => raw(&PaymentRow::of(payment)),
    };
    let row = FactRow {
        v: VERSION,
        id: fact.id.to_string().into(),
        store: fact.store.as_str().into(),
        date: fact.date.to_string().into(),
        on: fact.true_date.map(|date| date.to_string().into()),
        at: fact.at.millis(),
        bill: fact.bill.as_str().into(),
        req: fact.request.as_ref().map(|id| id.as_str().into()),
        op: fact.operator.as_ref().map(|id| id.as_str().into()),
        shift: fact.shift.map(|id| id.to_string().into()),
        member: fact.member.as_ref().map(|id| id.as_str().into()),
        kind: fact.body.kind().into(),
        body: &body,
        moves: rows_of(&fact.movements),
        serials: fact.detail.serials.iter().map(PieceRow::of).collect(),
        bins: fact.detail.bins.iter().map(PlacedRow::of).collect(),
    };
    serde_json::to_string(&row).expect("rows of numbers and strings always serialize")
}

/// Reads a fact.
pub fn from_text(text: &str) -> Result<Fact, FactTextError> {
    quick::sale(text).map_or_else(|| general(text), Ok)
}

/// Reads a fact of any kind, in whatever way its JSON is written.
fn general(text: &str) -> Result<Fact, FactTextError> {
    let row: FactRow<'_> = serde_json::from_str(text).map_err(FactTextError::Syntax)?;
    if row.v != VERSION {
        return Err(FactTextError::Version { found: row.v });
    }
    let body = body(&row)?;
    Ok(Fact {
        id: row.id.parse().map_err(id_error("id"))?,
        store: row.store.parse().map_err(id_error("store"))?,
        date: row.date.parse().map_err(id_error("date"))?,
        true_date: optional(row.on.as_deref(), str::parse, "on")?,
        at: Timestamp::from_millis(row.at),
        bill: row.bill.parse().map_err(id_error("bill"))?,
        request: optional(row.req.as_deref(), RequestId::new, "req")?,
        operator: optional(row.op.as_deref(), Operator::new, "op")?,
        shift: optional(row.shift.as_deref(), str::parse, "shift")?,
        member: optional(row.member.as_deref(), MemberId::new, "member")?,
        body,
        movements: row.moves.into_iter().map(|m| m.read()).collect::<Result<_, _>>()?,
        detail: Detail {
            serials: row.serials.iter().map(PieceRow::read).collect::<Result<_, _>>()?,
            bins: row.bins.iter().map(PlacedRow::read).collect::<Result<_, _>>()?,
        },
    })
}

fn body(row: &FactRow<'_>) -> Result<Body, FactTextError> {
    let json = row.body.get();
    Ok(match row.kind.as_ref() {
        "opening" => Body::Opening,
        "receipt" => parse::<purchase::ReceiptRow<'_>>(json)?.read()?,
        "sale" => Body::RetailSale(parse::<ReceiptRow<'_>>(json)?.read()?),
        "return" => {
            let row: ReturnRow<'_> = parse(json)?;
            let source = optional(row.source.as_deref(), str::parse, "source")?;
            let terms = row.terms()?;
            Body::SaleReturn { receipt: row.receipt.read()?, source, terms }
        }
        "reversal" => {
            let row: ReversalRow<'_> = parse(json)?;
            let receipt = match (row.sale, row.back) {
                (Some(sale), _) => Some(SignedReceipt::OfSale(sale.read()?)),
                (None, Some(back)) => Some(SignedReceipt::OfReturn(back.read()?)),
                (None, None) => None,
            };
            let of = row.of.parse().map_err(id_error("of"))?;
            Body::Reversal { of, receipt, reason: row.reason.as_ref().into() }
        }
        "adjustment" => Body::StockAdjustment { reason: reason(json)? },
        "scrap" => Body::Scrap { reason: reason(json)? },
        statement::STATEMENT => Body::Statement { lines: parse::<StatementRow<'_>>(json)?.read()? },
        stocktake::STOCKTAKE => {
            let row: StocktakeRow<'_> = parse(json)?;
            let approved = optional(row.approved.as_deref(), Operator::new, "approved")?;
            Body::Stocktake { lines: row.read()?, name: row.name.as_ref().into(), approved }
        }
        invoice::INVOICE => Body::Invoice(Box::new(parse::<InvoiceRow<'_>>(json)?.read()?)),
        invoice::PAYMENT => Body::SupplierPayment(Box::new(parse::<PaymentRow<'_>>(json)?.read()?)),
        assembly::ASSEMBLY => Body::Assembly(parse::<AssemblyRow>(json)?.assembled()?),
        assembly::DISASSEMBLY => Body::Assembly(Work::TakenApart),
        shift::OPEN => Body::Shift(parse::<shift::OpenRow<'_>>(json)?.read()?),
        shift::MOVE => Body::Shift(parse::<shift::MoveRow<'_>>(json)?.read()?),
        shift::CLOSE => Body::Shift(parse::<shift::CloseRow<'_>>(json)?.read()?),
        alert::ALERT_ACK => match parse::<AlertRow<'_>>(json)?.read()? {
            Some(seen) => Body::AlertAck(seen),
            None => Body::Unknown { kind: alert::ALERT_ACK.into() },
        },
        bin::MOVE => parse::<MovesRow<'_>>(json)?.read()?,
        bin::HOME => parse::<HomesRow<'_>>(json)?.read()?,
        value::TOP_UP | value::PAID_OUT => Body::Value(parse::<value::PaidRow<'_>>(json)?.read()?),
        value::MOVED => {
            Body::Value(escrow::Act::Moved(parse::<value::MovedRow<'_>>(json)?.read()?))
        }
        transfer::SHIP => Body::Transfer(parse::<TransferRow<'_>>(json)?.ship()?),
        transfer::RECEIPT => Body::Transfer(parse::<TransferRow<'_>>(json)?.receipt()?),
        transfer::SETTLEMENT => Body::Transfer(parse::<TransferRow<'_>>(json)?.settlement()?),
        purchase::RETURN => Body::Purchase(parse::<purchase::SentBackRow<'_>>(json)?.read()?),
        purchase::RELEASE => cleared(Way::Release, json)?,
        purchase::SCRAP => cleared(Way::Scrap, json)?,
        close::KIND => Body::DayClose(Box::new(close::read(&parse(json)?)?)),
        kind => Body::Unknown { kind: kind.into() },
    })
}

fn cleared(way: Way, json: &str) -> Result<Body, FactTextError> {
    Ok(Body::Purchase(Act::Cleared { way, reason: reason(json)? }))
}

fn reason(json: &str) -> Result<Box<str>, FactTextError> {
    Ok(parse::<AdjustRow<'_>>(json)?.reason.as_ref().into())
}

fn parse<'a, T: serde::Deserialize<'a>>(json: &'a str) -> Result<T, FactTextError> {
    serde_json::from_str(json).map_err(FactTextError::Syntax)
}

fn raw(body: &impl serde::Serialize) -> Box<RawValue> {
    serde_json::value::to_raw_value(body).expect("rows of numbers and strings always serialize")
}

fn optional<T>(
    text: Option<&str>,
    read: impl Fn(&str) -> Result<T, IdError>,
    field: &'static str,
) -> Result<Option<T>, FactTextError> {
    text.map(read).transpose().map_err(id_error(field))
}

fn id_error(field: &'static str) -> impl Fn(IdError) -> FactTextError {
    move |source| FactTextError::Id { field, source }
}

fn amount_error(field: &'static str) -> impl Fn(AmountError) -> FactTextError {
    move |source| FactTextError::Amount { field, source }
}

#[cfg(test)]
mod tests;
