//! Shipping: goods leave the source.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use ledger::fact::Fact;
use ledger::id::{Sku, TransferId};
use ledger::order::OrderStep;
use ledger::transfer::{Deed, Stage, Step, Task, Transfer, Wanted};

use super::{
    Known, TransferRefused, before, book, moved, next, quantity, reused, shipments, wanted,
};
use crate::error::Result;
use crate::node::{Node, When};
use crate::request::About;

impl Node {
    /// Ships goods of an approved transfer; without lines, all that is approved and has not left.
    pub fn ship_transfer(
        &self,
        about: About,
        transfer: TransferId,
        lines: Vec<Wanted>,
    ) -> Result<(Fact, When)> {
        let stamp = self.stamp();
        self.books().write(move |tx| {
            if let Some((request, fact)) = before(tx, &about, &transfer, "transfer_ship")? {
                let booked = match Step::of_fact(&fact) {
                    Some((_, Step::Ship { goods, .. })) => moved(&goods),
                    _ => BTreeMap::new(),
                };
                let same = lines.is_empty() || wanted(&lines) == booked;
                return if same { Ok((fact, When::Before)) } else { Err(reused(request)) };
            }
            let Known { entries, route, now } = Known::of(tx, &transfer)?;
            let stopped = now.cancel_asked.is_some() || now.stage == Stage::Rejected;
            let approved = now.lines.values().any(|line| line.approved > 0);
            if stopped || !approved {
                return Err(TransferRefused::NotApproved { transfer }.into());
            }
            let lines = if lines.is_empty() { due(&now)? } else { lines };
            if lines.is_empty() {
                return Err(TransferRefused::NothingDue { transfer }.into());
            }
            let shipment = shipments(&entries, &route).max().map_or(Some(NonZeroU32::MIN), next);
            let shipment =
                shipment.ok_or(TransferRefused::NothingDue { transfer: transfer.clone() })?;
            let deed = Deed::Ship { shipment, lines };
            book(tx, &stamp, &about, Task { transfer, route, deed })
        })
    }
}

/// What is approved and has not left.
fn due(now: &Transfer) -> Result<Vec<Wanted>> {
    let open = now.lines.iter().map(|(sku, line)| (sku, line.approved - line.shipped.quantity));
    let wanted =
        |(sku, raw): (&Sku, i128)| Ok(Wanted { sku: sku.clone(), quantity: quantity(raw)? });
    open.filter(|(_, raw)| *raw > 0).map(wanted).collect()
}
