//! What booking needs to know of the books. The node answers from inside its transaction; tests
//! answer from a map.

use std::error::Error;

use ledger::catalog::Product;
use ledger::command::Reversed;
use ledger::cost::Position;
use ledger::fact::Fact;
use ledger::id::Sku;

use crate::request::FactRef;

/// The books, as booking sees them.
pub(crate) trait Lookup {
    /// What a failed look-up is.
    type Error: Error;

    /// The product with this SKU or barcode.
    fn product(&mut self, item: &str) -> Result<Option<Product>, Self::Error>;

    /// What this store has on hand.
    fn position(&mut self, sku: &Sku) -> Result<Position, Self::Error>;

    /// A fact of this store.
    fn fact(&mut self, which: &FactRef) -> Result<Option<Fact>, Self::Error>;

    /// What was done to a fact since.
    fn aftermath(&mut self, fact: &Fact) -> Result<Aftermath, Self::Error>;
}

/// What was done to a fact after it was booked.
#[derive(Debug, Clone)]
pub(crate) struct Aftermath {
    /// Returns against it that stand.
    pub(crate) returns: Vec<Fact>,
    /// Whether it was undone.
    pub(crate) reversed: Reversed,
}
