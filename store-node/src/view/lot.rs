//! What a receipt says of its lots, as programs and people see it.

use ledger::id::{Lot, Sku};
use ledger::lot::LotExpiry;
use ledger::time::BusinessDate;
use serde::{Deserialize, Serialize};

use crate::text;

/// Until when a lot is good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotView {
    /// Of which product.
    #[serde(with = "text")]
    pub sku: Sku,
    /// Which lot.
    #[serde(with = "text")]
    pub lot: Lot,
    /// Its last good day.
    #[serde(with = "text")]
    pub expiry: BusinessDate,
}

impl From<&LotExpiry> for LotView {
    fn from(said: &LotExpiry) -> Self {
        Self { sku: said.sku.clone(), lot: said.lot.clone(), expiry: said.expiry }
    }
}
