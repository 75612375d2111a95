//! What a fact says of bins and single pieces, as programs and people see it.

use ledger::amount::Quantity;
use ledger::bins::{BinMove, Home, Placed};
use ledger::fact::Body;
use ledger::id::{Bin, Lot, Serial, Sku};
use ledger::serial::Piece;
use serde::{Deserialize, Serialize};

use crate::text;

/// What a fact is about that is about bins.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BinWork {
    /// It is about something else.
    #[default]
    None,
    /// Goods were brought from bin to bin.
    Moved(Vec<MovedView>),
    /// Products belong somewhere else.
    Homes(Vec<HomeView>),
}

/// Goods brought from one bin to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedView {
    /// What.
    #[serde(with = "text")]
    pub sku: Sku,
    /// From which lot.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub lot: Option<Lot>,
    /// How much.
    #[serde(with = "text")]
    pub quantity: Quantity,
    /// From where.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub from: Option<Bin>,
    /// To where.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub to: Option<Bin>,
}

/// Where a product belongs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeView {
    /// Which product.
    #[serde(with = "text")]
    pub sku: Sku,
    /// Its home bin; none: it has none any more.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub bin: Option<Bin>,
}

/// A single piece.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SerialView {
    /// Of which product.
    #[serde(with = "text")]
    pub sku: Sku,
    /// Its number.
    #[serde(with = "text")]
    pub serial: Serial,
}

/// What was put into a bin or, below nothing, taken from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacedView {
    /// What.
    #[serde(with = "text")]
    pub sku: Sku,
    /// From which lot.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub lot: Option<Lot>,
    /// Which bin.
    #[serde(with = "text")]
    pub bin: Bin,
    /// How much.
    #[serde(with = "text")]
    pub quantity: Quantity,
}

impl BinWork {
    /// What a fact is about that is about bins.
    pub(super) fn of(body: &Body) -> Self {
        match body {
            Body::BinMove { lines } => Self::Moved(lines.iter().map(MovedView::from).collect()),
            Body::BinHome { lines } => Self::Homes(lines.iter().map(HomeView::from).collect()),
            _ => Self::None,
        }
    }

    /// Whether it is about something else.
    pub fn is_none(&self) -> bool {
        *self == Self::None
    }
}

impl From<&BinMove> for MovedView {
    fn from(moved: &BinMove) -> Self {
        let BinMove { sku, lot, quantity, from, to } = moved.clone();
        Self { sku, lot, quantity, from, to }
    }
}

impl From<&Home> for HomeView {
    fn from(home: &Home) -> Self {
        Self { sku: home.sku.clone(), bin: home.bin.clone() }
    }
}

impl From<&Piece> for SerialView {
    fn from(piece: &Piece) -> Self {
        Self { sku: piece.sku.clone(), serial: piece.serial.clone() }
    }
}

impl From<&Placed> for PlacedView {
    fn from(placed: &Placed) -> Self {
        let Placed { sku, lot, bin, quantity } = placed.clone();
        Self { sku, lot, bin, quantity }
    }
}
