//! Receiving: goods reach the destination.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

use ledger::fact::Fact;
use ledger::id::{Sku, TransferId};
use ledger::transfer::{Arrived, Carried, Deed, Entry, Event, Step, Task, Wanted};

use super::{
    Known, TransferRefused, amount, before, book, moved, next, quantity, reused, shipments, wanted,
};
use crate::error::Result;
use crate::node::{Node, When};
use crate::request::About;

impl Node {
    /// Receives goods of a transfer; without lines, all that is on the way and not damaged arrived
    /// in order.
    pub fn receive_transfer(
        &self,
        about: About,
        transfer: TransferId,
        received: Vec<Wanted>,
        damaged: Vec<Wanted>,
    ) -> Result<(Fact, When)> {
        let stamp = self.stamp();
        self.books().write(move |tx| {
            if let Some((request, fact)) = before(tx, &about, &transfer, "transfer_receipt")? {
                let asked = [&received, &damaged].map(|lines| wanted(lines));
                let booked = match Step::of_fact(&fact) {
                    Some(Step::Receive { received, damaged, .. }) => {
                        [&received, &damaged].map(|goods| moved(goods))
                    }
                    _ => Default::default(),
                };
                let same = (received.is_empty() || asked[0] == booked[0]) && asked[1] == booked[1];
                return if same { Ok((fact, When::Before)) } else { Err(reused(request)) };
            }
            let Known { entries, route, now } = Known::of(tx, &transfer)?;
            let on_the_way = now.on_the_way().map_err(amount)?;
            let broken = wanted(&damaged);
            let good = if received.is_empty() {
                let rest = |(sku, carried): (&Sku, &Carried)| {
                    let broken = broken.get(sku).copied().unwrap_or(0);
                    (sku.clone(), (i128::from(carried.quantity.thousandths()) - broken).max(0))
                };
                on_the_way.iter().map(rest).collect()
            } else {
                wanted(&received)
            };
            let lines = arrived(&good, &broken)?;
            let shipment = shipments(&entries, &route).max();
            let (Some(shipment), false) = (shipment, lines.is_empty()) else {
                return Err(TransferRefused::NothingDue { transfer }.into());
            };
            let part = parts(&entries, shipment).max().map_or(Some(NonZeroU32::MIN), next);
            let part = part.ok_or(TransferRefused::NothingDue { transfer: transfer.clone() })?;
            let deed = Deed::Receive { shipment, part, lines, on_the_way };
            book(tx, &stamp, &about, Task { transfer, route, deed })
        })
    }
}

fn arrived(good: &BTreeMap<Sku, i128>, broken: &BTreeMap<Sku, i128>) -> Result<Vec<Arrived>> {
    let mut lines = Vec::new();
    let skus: BTreeSet<&Sku> = good.keys().chain(broken.keys()).collect();
    for sku in skus {
        let of = |sums: &BTreeMap<Sku, i128>| quantity(sums.get(sku).copied().unwrap_or(0));
        let line = Arrived { sku: sku.clone(), received: of(good)?, damaged: of(broken)? };
        if !line.received.is_zero() || !line.damaged.is_zero() {
            lines.push(line);
        }
    }
    Ok(lines)
}

fn parts(entries: &[Entry], of: NonZeroU32) -> impl Iterator<Item = NonZeroU32> + '_ {
    entries.iter().filter_map(move |entry| match entry {
        Entry::Said(Event { step: Step::Receive { shipment, part, .. }, .. })
            if *shipment == of =>
        {
            Some(*part)
        }
        _ => None,
    })
}
