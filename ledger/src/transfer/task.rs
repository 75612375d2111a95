//! What a store is asked to book for a transfer.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use super::event::{Liable, Route, Wanted};
use super::status::{Transfer, Waiting};
use crate::amount::{AmountError, Money, Quantity};
use crate::fold::Balance;
use crate::id::{Sku, TransferId};

/// Something to book for a transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Which transfer.
    pub transfer: TransferId,
    /// From where to where.
    pub route: Route,
    /// What to do.
    pub deed: Deed,
}

/// What to do with the goods of a transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Send goods on their way; at the source.
    Ship {
        /// The number of the shipment.
        shipment: NonZeroU32,
        /// What goes; quantities are positive.
        lines: Vec<Wanted>,
    },
    /// Take goods in; at the destination. More than was sent, or something else, is taken in too:
    /// it is there.
    Receive {
        /// Of which shipment.
        shipment: NonZeroU32,
        /// Which part of it.
        part: NonZeroU32,
        /// What arrived.
        lines: Vec<Arrived>,
        /// What is known to be on the way, and what it cost.
        on_the_way: BTreeMap<Sku, Carried>,
    },
    /// Account for goods that did not arrive, or that nobody shipped; at either end.
    Settle {
        /// The number of the settlement.
        settlement: NonZeroU32,
        /// What became of them; at most what is on the way, or what arrived beyond it.
        lines: Vec<Settled>,
        /// What is known to be on the way, and what it cost.
        on_the_way: BTreeMap<Sku, Carried>,
        /// What arrived beyond what was shipped, and at what cost it was taken in.
        surplus: BTreeMap<Sku, Carried>,
        /// Who answers for it.
        liable: Liable,
        /// Why.
        reason: Box<str>,
    },
}

impl Task {
    /// The SKUs that it moves.
    pub fn skus(&self) -> Vec<&Sku> {
        match &self.deed {
            Deed::Ship { lines, .. } => lines.iter().map(|line| &line.sku).collect(),
            Deed::Receive { lines, .. } => lines.iter().map(|line| &line.sku).collect(),
            Deed::Settle { lines, .. } => lines.iter().map(|line| &line.sku).collect(),
        }
    }
}

/// Goods that arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// What.
    pub sku: Sku,
    /// How much in order; not negative.
    pub received: Quantity,
    /// How much that cannot be sold as it is; not negative.
    pub damaged: Quantity,
}

/// Goods that did not arrive, or that no shipment names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// What.
    pub sku: Sku,
    /// How much; positive.
    pub quantity: Quantity,
    /// What became of them.
    pub outcome: Outcome,
}

/// What became of goods that did not arrive, or where others came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// They are gone (丢失).
    Lost,
    /// They were ruined on the way and thrown away (破损).
    Damaged,
    /// They came back to the source, which alone can say so (退回).
    Returned,
    /// They arrived though no shipment names them, and none will (多收).
    Surplus,
}

/// Goods on the way, with their cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Carried {
    /// How much.
    pub quantity: Quantity,
    /// What it cost.
    pub value: Money,
}

impl Transfer {
    /// What is on the way, as posting takes it. Lines of which more has arrived than is known to
    /// have left are not: they carry no cost that could be known.
    pub fn on_the_way(&self) -> Result<BTreeMap<Sku, Carried>, AmountError> {
        let lines = self.lines.iter().filter(|(_, line)| line.in_transit.quantity > 0);
        lines.map(|(sku, line)| Ok((sku.clone(), Carried::of(line.in_transit)?))).collect()
    }

    /// What arrived beyond what was shipped. Nothing, while a shipment has not been heard of: it
    /// may have been in there.
    pub fn surplus(&self) -> Result<BTreeMap<Sku, Carried>, AmountError> {
        if self.waits_for.iter().any(|what| matches!(what, Waiting::ShipFact(_))) {
            return Ok(BTreeMap::new());
        }
        let lines = self.lines.iter().filter(|(_, line)| line.in_transit.quantity < 0);
        let beyond = |at: Balance| Balance { quantity: -at.quantity, value: -at.value };
        lines.map(|(sku, line)| Ok((sku.clone(), Carried::of(beyond(line.in_transit))?))).collect()
    }
}

impl Carried {
    fn of(balance: Balance) -> Result<Self, AmountError> {
        let narrow = |wide: i128| i64::try_from(wide).map_err(|_| AmountError::OutOfRange);
        Ok(Self {
            quantity: Quantity::from_thousandths(narrow(balance.quantity)?)?,
            value: Money::from_ten_thousandths(narrow(balance.value)?)?,
        })
    }
}
