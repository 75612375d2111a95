//! An acknowledged alert as programs and people see it.

use ledger::alert::{Acknowledgement, AlertKind};
use ledger::id::{Lot, Sku};
use ledger::time::BusinessDate;
use serde::{Deserialize, Serialize};

use crate::text;

/// Which alert was seen. By whom, when and with which remark says the fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AckView {
    /// What it says.
    #[serde(with = "text")]
    pub alert: AlertKind,
    /// Of which product.
    #[serde(with = "text")]
    pub sku: Sku,
    /// Of which lot.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub lot: Option<Lot>,
    /// The last day for which it is seen; none: as long as it lasts.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub until: Option<BusinessDate>,
}

impl From<&Acknowledgement> for AckView {
    fn from(seen: &Acknowledgement) -> Self {
        let cause = seen.cause.clone();
        Self { alert: cause.kind, sku: cause.sku, lot: cause.lot, until: seen.until }
    }
}
