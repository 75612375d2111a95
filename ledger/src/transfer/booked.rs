//! The ends of a transfer in the stores' books.
//!
//! What a store tells the others about goods is read off its fact, so that the order and the books
//! cannot say different things.

use std::num::NonZeroU32;

use super::event::{Liable, Route};
use crate::id::TransferId;

/// What a fact did for a transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booked {
    /// Which transfer.
    pub transfer: TransferId,
    /// From where to where.
    pub route: Route,
    /// What was done.
    pub act: Act,
}

/// What a store did with the goods of a transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// The source sent goods on their way (调拨出库).
    Ship {
        /// Which shipment of the transfer this is.
        shipment: NonZeroU32,
    },
    /// The destination took goods in (调拨入库).
    Receipt {
        /// Of which shipment.
        shipment: NonZeroU32,
        /// Which part of it.
        part: NonZeroU32,
    },
    /// Either store accounted for goods that did not arrive (调拨差异结清).
    Settlement {
        /// Which settlement of the transfer this is.
        settlement: NonZeroU32,
        /// Who answers for it.
        liable: Liable,
        /// Why.
        reason: Box<str>,
    },
}

impl Booked {
    /// The kind's name in the stored form and in lists.
    pub const fn kind(&self) -> &'static str {
        match self.act {
            Act::Ship { .. } => "transfer_ship",
            Act::Receipt { .. } => "transfer_receipt",
            Act::Settlement { .. } => "transfer_settlement",
        }
    }
}
