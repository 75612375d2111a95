//! An inspected delivery as JSON.

use ledger::amount::{Money, Quantity};
use ledger::id::{DeliveryNote, Lot, PurchaseId, Sku, SupplierId};
use ledger::purchase::{Basis, Delivery, Inspected, Spread};
use ledger::time::BusinessDate;
use serde::{Deserialize, Serialize};

use crate::text;

/// What is known of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryView {
    /// From whom.
    #[serde(with = "text")]
    pub supplier: SupplierId,
    /// For which order.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub purchase: Option<PurchaseId>,
    /// The supplier's own number for it.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub note: Option<DeliveryNote>,
    /// How the prices are known: `estimated` until there is an invoice, or `invoice`.
    pub price: String,
    /// The invoice that came with the goods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice: Option<String>,
    /// What it cost to bring the goods here.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub freight: Option<Money>,
    /// What the share of a line in that goes by.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub spread: Option<Spread>,
    /// What came.
    pub lines: Vec<InspectedView>,
}

/// A line of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectedView {
    /// What.
    #[serde(with = "text")]
    pub sku: Sku,
    /// From which lot.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub lot: Option<Lot>,
    /// The last day on which it can be sold.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub expiry: Option<BusinessDate>,
    /// What is taken in.
    #[serde(with = "text")]
    pub accepted: Quantity,
    /// What is not.
    #[serde(with = "text")]
    pub rejected: Quantity,
    /// What a unit costs, without freight.
    #[serde(with = "text")]
    pub price: Money,
    /// Why something is not accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The name of a file that shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<String>,
}

/// Prices before there is an invoice.
const ESTIMATED: &str = "estimated";

impl DeliveryView {
    /// Whether there is no invoice yet.
    pub fn is_estimated(&self) -> bool {
        self.price == ESTIMATED
    }
}

impl From<&Delivery> for DeliveryView {
    fn from(delivery: &Delivery) -> Self {
        let (price, invoice) = match &delivery.basis {
            Basis::Estimated => (ESTIMATED, None),
            Basis::Invoice(number) => ("invoice", Some(number.to_string())),
        };
        Self {
            supplier: delivery.supplier.clone(),
            purchase: delivery.order.clone(),
            note: delivery.note.clone(),
            price: price.to_owned(),
            invoice,
            freight: delivery.freight.map(|freight| freight.amount),
            spread: delivery.freight.map(|freight| freight.by),
            lines: delivery.lines.iter().map(InspectedView::from).collect(),
        }
    }
}

impl From<&Inspected> for InspectedView {
    fn from(line: &Inspected) -> Self {
        Self {
            sku: line.sku.clone(),
            lot: line.lot.clone(),
            expiry: line.expiry,
            accepted: line.accepted,
            rejected: line.rejected,
            price: line.price,
            reason: line.reason.as_deref().map(str::to_owned),
            photo: line.photo.as_deref().map(str::to_owned),
        }
    }
}
