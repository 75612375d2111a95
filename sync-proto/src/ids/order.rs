//! Orders (单据) and their kinds.

use std::fmt;
use std::str::FromStr;

use ledger::id::IdError;

use super::text;

/// What kind of intention an order states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrderKind {
    /// Goods between two stores (调拨).
    Transfer,
    /// Goods from a supplier (采购).
    Purchase,
    /// Goods promised to a customer (销售订单).
    Sale,
    /// A count of a store's stock (盘点).
    Stocktake,
    /// What a store is to book because a check found something (更正).
    Correction,
}

impl OrderKind {
    /// Every kind there is.
    pub const ALL: [Self; 5] =
        [Self::Transfer, Self::Purchase, Self::Sale, Self::Stocktake, Self::Correction];

    /// Its name in document ids.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Transfer => "transfer",
            Self::Purchase => "purchase",
            Self::Sale => "sale",
            Self::Stocktake => "stocktake",
            Self::Correction => "correction",
        }
    }
}

impl fmt::Display for OrderKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for OrderKind {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let named = Self::ALL.into_iter().find(|kind| kind.name() == text);
        named.ok_or_else(|| text::malformed("kind of order", text))
    }
}

/// The number of an order, e.g. `T-20261122-7`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderId(Box<str>);

impl OrderId {
    /// Parses the id: letters and digits of ASCII, `-`, `_`, `.`.
    pub fn new(text: &str) -> Result<Self, IdError> {
        text::plain("order id", text).map(Self)
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for OrderId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::new(text)
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
