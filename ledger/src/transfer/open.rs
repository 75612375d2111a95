//! What a transfer does to the stock that others may count on.

use super::status::{Line, Stage, Transfer};
use crate::amount::{MAX_QUANTITY, Quantity};
use crate::id::Sku;

/// What is open of one line of a transfer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OpenLine {
    /// What the source has promised and not sent yet (占用). It blocks nothing: whoever wants to
    /// sell it may.
    pub reserved: Quantity,
    /// What is on its way (在途).
    pub in_transit: Quantity,
}

impl Transfer {
    /// The lines of which something is promised or on its way, by SKU. A transfer that was stopped
    /// promises nothing; one of which the stores are not known yet, neither.
    pub fn open_lines(&self) -> impl Iterator<Item = (&Sku, OpenLine)> {
        let promises = self.route.is_some() && !self.is_stopped();
        let open = move |line: &Line| OpenLine {
            reserved: within(if promises { line.approved - line.shipped.quantity } else { 0 }),
            in_transit: within(line.in_transit.quantity),
        };
        let lines = self.lines.iter().map(move |(sku, line)| (sku, open(line)));
        lines.filter(|(_, line)| *line != OpenLine::default())
    }

    /// Whether head office or a party has stopped it. What has left is on its way all the same.
    fn is_stopped(&self) -> bool {
        use super::status::Anomaly::{ApprovedAndRejected, ShippedThoughRejected};
        let rejected = |what| matches!(what, &ApprovedAndRejected | &ShippedThoughRejected);
        let stopped = matches!(self.stage, Stage::Rejected | Stage::Cancelled);
        stopped || self.cancel_asked.is_some() || self.anomalies.iter().any(rejected)
    }
}

/// What can be had of goods on hand of which some are promised; less than nothing when more is
/// promised than there is.
pub fn available(on_hand: Quantity, reserved: Quantity) -> Quantity {
    on_hand.minus(reserved).unwrap_or_else(|_| {
        let lowest = Quantity::from_thousandths(-MAX_QUANTITY);
        lowest.expect("the lowest quantity is in range")
    })
}

/// A sum of a status as a quantity: not below nothing, and at most what a quantity can be.
fn within(sum: i128) -> Quantity {
    let sum = sum.clamp(0, MAX_QUANTITY.into());
    let narrow = i64::try_from(sum).ok().and_then(|raw| Quantity::from_thousandths(raw).ok());
    narrow.unwrap_or_default()
}

#[cfg(test)]
mod tests;
