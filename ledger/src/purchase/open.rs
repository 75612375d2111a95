//! What a purchase order does to the stock that others may count on.

use super::status::{Purchase, Stage};
use crate::amount::{MAX_QUANTITY, Quantity};
use crate::id::{Sku, StoreId};

/// What is to come of one line of an order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OpenLine {
    /// What was agreed to and has not come (在订量).
    pub on_order: Quantity,
    /// What was asked for, or ordered and not agreed to yet.
    pub planned: Quantity,
}

impl Purchase {
    /// The lines of which something is to come, by store and SKU. An order that was stopped brings
    /// nothing.
    pub fn open_lines(&self) -> impl Iterator<Item = (&StoreId, &Sku, OpenLine)> {
        let stage = self.stage;
        let lines = self.lines.iter().map(move |((store, sku), line)| {
            let open = match stage {
                Stage::Requested => OpenLine { planned: within(line.requested), ..none() },
                Stage::Draft | Stage::Submitted => {
                    OpenLine { planned: within(line.open), ..none() }
                }
                Stage::Approved | Stage::Sent | Stage::PartlyReceived => {
                    OpenLine { on_order: within(line.open), ..none() }
                }
                Stage::Unknown
                | Stage::Rejected
                | Stage::Cancelled
                | Stage::Received
                | Stage::ShortClosed => none(),
            };
            (store, sku, open)
        });
        lines.filter(|(_, _, open)| *open != none())
    }

    /// Whether goods are still to come after the day on which they were to.
    pub fn is_late(&self, today: crate::time::BusinessDate) -> bool {
        let waits = self.open_lines().any(|(_, _, open)| open.on_order.is_positive());
        waits && self.expected.is_some_and(|expected| expected < today)
    }
}

fn none() -> OpenLine {
    OpenLine::default()
}

/// A sum of a status as a quantity: not below nothing, and at most what a quantity can be.
fn within(sum: i128) -> Quantity {
    let sum = sum.clamp(0, MAX_QUANTITY.into());
    let narrow = i64::try_from(sum).ok().and_then(|raw| Quantity::from_thousandths(raw).ok());
    narrow.unwrap_or_default()
}
