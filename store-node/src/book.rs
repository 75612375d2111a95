//! Booking: a [`Request`] becomes a fact, once.
//!
//! Pure but for its [`Lookup`]: the node calls it from inside its transaction.

mod command;
pub(crate) mod detail;
pub(crate) mod lookup;
mod refused;
mod retry;
mod returned;
mod selling;
pub(crate) mod supplier;
mod tell;
mod till;

use std::collections::BTreeMap;
use std::error::Error;

use books::BooksError;
use console::serials::PieceDoubt;
use console::sums::Units;
use ledger::amount::{Money, Quantity};
use ledger::cost::Position;
use ledger::escrow;
use ledger::fact::Fact;
use ledger::id::{Bin, MemberId, Serial, Sku};
use ledger::invoice::Compared;
use ledger::post::{self, Header, PostError, Warning};
use ledger::time::BusinessDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::request::{Request, TakeInvoice, Task};
use crate::text;
use lookup::Lookup;
pub use refused::Refused;

/// Why a request came to nothing.
#[derive(Debug, Error)]
pub(crate) enum BookError<E: Error> {
    /// It is not booked as it stands.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The books could not be asked.
    #[error(transparent)]
    Books(E),
}

impl From<BooksError> for BookError<BooksError> {
    fn from(error: BooksError) -> Self {
        Self::Books(error)
    }
}

/// Something that does not stop a request and that a person should look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Notice {
    /// More left the shelf than was booked in (超卖).
    Oversold {
        /// Of what.
        #[serde(with = "text")]
        sku: Sku,
        /// What the books say is left; negative.
        #[serde(with = "text")]
        on_hand: Quantity,
    },
    /// The goods left at no cost, because none is known yet.
    UnknownCost {
        /// Of what.
        #[serde(with = "text")]
        sku: Sku,
    },
    /// The catalog does not know the goods; they were booked under what was typed.
    UnknownProduct {
        /// The SKU that they were booked under.
        #[serde(with = "text")]
        sku: Sku,
    },
    /// The day on which it happened is closed, so it is booked to a later one.
    DayClosed {
        /// The day on which it happened.
        #[serde(with = "text")]
        happened: BusinessDate,
        /// The day that it is booked to.
        #[serde(with = "text")]
        booked: BusinessDate,
    },
    /// The line costs less than the product may be sold for, by a person's hand.
    BelowFloor {
        /// What.
        #[serde(with = "text")]
        sku: Sku,
        /// What the line costs.
        #[serde(with = "text")]
        total: Money,
        /// What it would cost at the floor price.
        #[serde(with = "text")]
        floor: Money,
    },
    /// The line costs less than the goods have cost.
    BelowCost {
        /// What.
        #[serde(with = "text")]
        sku: Sku,
        /// What the line costs.
        #[serde(with = "text")]
        total: Money,
        /// What the goods have cost.
        #[serde(with = "text")]
        cost: Money,
    },
    /// A single piece that cannot be where the fact puts it (序列号异常).
    Piece {
        /// Of which product.
        #[serde(with = "text")]
        sku: Sku,
        /// Its number.
        #[serde(with = "text")]
        serial: Serial,
        /// What cannot be.
        doubt: PieceDoubt,
    },
    /// A product is kept by serial number, and not every piece is named.
    PiecesUnnamed {
        /// Of which product.
        #[serde(with = "text")]
        sku: Sku,
        /// How many are named.
        named: usize,
        /// How many come or go.
        #[serde(with = "text")]
        quantity: Quantity,
    },
    /// More was taken from a bin than the books have there.
    BinOverdrawn {
        /// Of what.
        #[serde(with = "text")]
        sku: Sku,
        /// Which bin.
        #[serde(with = "text")]
        bin: Bin,
        /// What it shows then; negative.
        left: Units,
    },
    /// What a stocktake found in bins is too much for one fact, so the bins are as they were.
    BinsLeftOut,
    /// Head office lists the store's bins, and not this one.
    BinUnlisted {
        /// Which bin.
        #[serde(with = "text")]
        bin: Bin,
    },
    /// Head office has withdrawn the product, yet it was sold.
    Withdrawn {
        /// Which.
        #[serde(with = "text")]
        sku: Sku,
    },
}

impl From<Warning> for Notice {
    fn from(warning: Warning) -> Self {
        match warning {
            Warning::Oversold { sku, on_hand } => Self::Oversold { sku, on_hand },
            Warning::UnknownCost { sku } => Self::UnknownCost { sku },
        }
    }
}

/// What a request leads to.
pub(crate) struct Drafted {
    /// The fact, not yet in the books.
    pub(crate) fact: Fact,
    /// What a person should know about it.
    pub(crate) notices: Vec<Notice>,
}

/// Turns a request into a fact that bears the header.
pub(crate) fn draft<L: Lookup>(
    request: &Request,
    header: Header,
    books: &mut L,
) -> Result<Drafted, BookError<L::Error>> {
    let header = of_member(request, header, books)?;
    let command::Assembled { command, mut notices } = command::assemble(request, &header, books)?;
    let mut shelf: BTreeMap<Sku, Position> = BTreeMap::new();
    for sku in command::skus(&command) {
        shelf.insert(sku.clone(), books.position(sku).map_err(BookError::Books)?);
    }
    let posted = post::post(header, command, &shelf).map_err(Refused::Post)?;
    let rights = |member: &MemberId| books.value_rights(member);
    let afforded = escrow::check(&posted.fact, rights).map_err(BookError::Books)?;
    afforded.map_err(|error| Refused::Post(PostError::Value(error)))?;
    notices.extend(posted.warnings.into_iter().map(Notice::from));
    let fact = detail::told(&request.about, posted.fact)?;
    notices.extend(selling::too_cheap(&fact, &shelf));
    notices.extend(detail::notices(&fact, books)?);
    Ok(Drafted { fact, notices })
}

/// What undoes a fact, or takes goods of a sale back, concerns the member of that one.
fn of_member<L: Lookup>(
    request: &Request,
    header: Header,
    books: &mut L,
) -> Result<Header, BookError<L::Error>> {
    let of = match &request.task {
        Task::Reverse(reverse) => Some(&reverse.fact),
        Task::Return(back) => back.source.as_ref(),
        _ => None,
    };
    let Some(of) = of else { return Ok(header) };
    let fact = books.fact(of).map_err(BookError::Books)?;
    let of_fact = fact.and_then(|fact| fact.member);
    Ok(Header { member: of_fact.or(header.member), ..header })
}

/// What the three-way match says of an invoice. Nothing is booked.
pub(crate) fn match_invoice<L: Lookup>(
    invoice: &TakeInvoice,
    books: &mut L,
) -> Result<Vec<Compared>, BookError<L::Error>> {
    command::bench(books).matched(invoice)
}

/// Checks that a fact which bears the request's name is what the request asks for.
pub(crate) fn same_request<L: Lookup>(
    request: &Request,
    fact: &Fact,
    books: &mut L,
) -> Result<(), BookError<L::Error>> {
    if retry::answers(fact, request, books)? {
        return Ok(());
    }
    let Some(name) = &request.about.request else { return Ok(()) };
    let (request, bill) = (name.clone(), fact.bill.clone());
    Err(Refused::RequestReused { request, fact: fact.id, bill }.into())
}
