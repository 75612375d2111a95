//! The ends of a transfer in the stores' books.
//!
//! What a store tells the others about goods is read off its fact, so that the order and the books
//! cannot say different things.

use std::num::NonZeroU32;

use super::event::{Goods, Liable, Route, Step};
use crate::fact::{Body, Fact};
use crate::id::TransferId;
use crate::movement::{Account, Movement};

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

impl Step {
    /// What the store of a fact tells the other parties about it; nothing for facts that are no
    /// part of a transfer.
    pub fn of_fact(fact: &Fact) -> Option<Self> {
        let Body::Transfer(booked) = &fact.body else { return None };
        let transit = Account::InTransit(booked.transfer.clone());
        let left_for = |account: Account| {
            let leaves = |m: &&Movement| m.from == transit && m.to == account;
            fact.movements.iter().filter(leaves).map(goods).collect()
        };
        let entered = fact.movements.iter().filter(|m| m.to == transit);
        let id = fact.id;
        Some(match &booked.act {
            Act::Ship { shipment } => {
                Self::Ship { shipment: *shipment, fact: id, goods: entered.map(goods).collect() }
            }
            Act::Receipt { shipment, part } => Self::Receive {
                shipment: *shipment,
                part: *part,
                fact: id,
                received: left_for(Account::OnHand),
                damaged: left_for(Account::Quarantine),
            },
            Act::Settlement { settlement, liable, reason } => Self::Settle {
                settlement: *settlement,
                fact: id,
                lost: left_for(Account::TransitLoss),
                damaged: left_for(Account::Scrap),
                returned: left_for(Account::OnHand),
                surplus: entered.map(goods).collect(),
                liable: *liable,
                reason: reason.clone(),
            },
        })
    }
}

fn goods(movement: &Movement) -> Goods {
    let Movement { sku, quantity, value, .. } = movement;
    Goods { sku: sku.clone(), quantity: *quantity, value: *value }
}
