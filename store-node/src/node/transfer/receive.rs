//! Receiving: goods reach the destination.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

use ledger::fact::Fact;
use ledger::id::{RequestId, Sku, TransferId};
use ledger::order::{OrderStep, Party};
use ledger::transfer::{Arrived, Deed, Entry, Event, Step, Task, Wanted};

use super::{Known, TransferRefused, amount, before, book, moved, next, quantity, reused, wanted};
use crate::error::Result;
use crate::node::{Node, When};
use crate::request::About;

/// The kind of fact that a receipt is.
pub(super) const KIND: &str = "transfer_receipt";

/// What arrived, as a person says.
pub(super) struct Receipt {
    /// In order; empty for all that is due and not damaged.
    pub(super) received: Vec<Wanted>,
    /// What cannot be sold as it is.
    pub(super) damaged: Vec<Wanted>,
    /// Of which shipment, if that was said.
    pub(super) shipment: Option<NonZeroU32>,
}

/// What a receipt is about.
pub(super) struct Of<'a> {
    pub(super) transfer: TransferId,
    pub(super) shipment: NonZeroU32,
    /// What is due of it; all that is on the way if that is not known.
    pub(super) due: Option<&'a BTreeMap<Sku, i128>>,
}

impl Node {
    /// Receives goods of a transfer: of this shipment, or of the oldest of which such goods are still on
    /// the way. Without lines, all of it that is on the way and not damaged arrived in order.
    pub fn receive_transfer(
        &self,
        about: About,
        transfer: TransferId,
        shipment: Option<NonZeroU32>,
        received: Vec<Wanted>,
        damaged: Vec<Wanted>,
    ) -> Result<(Fact, When)> {
        let stamp = self.stamp();
        let receipt = Receipt { received, damaged, shipment };
        self.books().write(move |tx| {
            if let Some((request, fact)) = before(tx, &about, &transfer, KIND)? {
                return receipt.repeated(request, fact);
            }
            let known = Known::of(tx, &transfer)?;
            let due = known.due()?;
            let shipment = choose(&due, &receipt, &transfer)?;
            let due = due.get(&shipment).filter(|due| !due.is_empty());
            let of = Of { transfer, shipment, due };
            let task = known.receipt(of, &receipt)?;
            book(tx, &stamp, &about, task)
        })
    }
}

impl Receipt {
    /// The answer to a request that was carried out before, if it asks for the same now.
    pub(super) fn repeated(&self, request: &RequestId, fact: Fact) -> Result<(Fact, When)> {
        let asked = [&self.received, &self.damaged].map(|lines| wanted(lines));
        let booked = match Step::of_fact(&fact) {
            Some((_, Step::Receive { received, damaged, shipment, .. }))
                if self.shipment.is_none_or(|asked| asked == shipment) =>
            {
                [moved(&received), moved(&damaged)]
            }
            _ => return Err(reused(request)),
        };
        let same = (self.received.is_empty() || asked[0] == booked[0]) && asked[1] == booked[1];
        if same { Ok((fact, When::Before)) } else { Err(reused(request)) }
    }
}

/// Which shipment a receipt is of: the one that it names; else the oldest of which goods are on the
/// way, of those that it names if it names any; else the last one.
fn choose(
    due: &BTreeMap<NonZeroU32, BTreeMap<Sku, i128>>,
    receipt: &Receipt,
    transfer: &TransferId,
) -> Result<NonZeroU32> {
    if let Some(shipment) = receipt.shipment {
        let known = due.contains_key(&shipment);
        let unknown = || TransferRefused::NoShipment { transfer: transfer.clone(), shipment };
        return if known { Ok(shipment) } else { Err(unknown().into()) };
    }
    let named: BTreeSet<&Sku> =
        receipt.received.iter().chain(&receipt.damaged).map(|line| &line.sku).collect();
    let first = |fits: &dyn Fn(&BTreeMap<Sku, i128>) -> bool| {
        due.iter().find(|(_, goods)| fits(goods)).map(|(shipment, _)| *shipment)
    };
    let chosen = first(&|goods| goods.keys().any(|sku| named.contains(sku)))
        .or_else(|| first(&|goods| !goods.is_empty()))
        .or_else(|| due.last_key_value().map(|(shipment, _)| *shipment));
    chosen.ok_or_else(|| TransferRefused::NothingDue { transfer: transfer.clone() }.into())
}

impl Known {
    /// What is still on the way of each shipment. What was settled names no shipment: it was of the
    /// oldest ones.
    fn due(&self) -> Result<BTreeMap<NonZeroU32, BTreeMap<Sku, i128>>> {
        let mut due: BTreeMap<NonZeroU32, BTreeMap<Sku, i128>> = BTreeMap::new();
        for entry in &self.entries {
            if let Entry::Said(Event { by: Party::Store(store), step, .. }) = entry
                && store == self.route.from()
                && let Step::Ship { shipment, goods, .. } = step
            {
                due.insert(*shipment, moved(goods));
            }
        }
        let mut left: BTreeMap<Sku, i128> = BTreeMap::new();
        for (sku, carried) in self.now.on_the_way().map_err(amount)? {
            left.insert(sku, i128::from(carried.quantity.thousandths()));
        }
        // The newest shipments are the last to arrive.
        for (shipment, goods) in due.iter_mut().rev() {
            let received = self.received_of(*shipment);
            for (sku, quantity) in &mut *goods {
                let rest = *quantity - received.get(sku).copied().unwrap_or(0);
                let on_the_way = left.entry(sku.clone()).or_default();
                *quantity = rest.min(*on_the_way).max(0);
                *on_the_way -= *quantity;
            }
            goods.retain(|_, quantity| *quantity > 0);
        }
        Ok(due)
    }

    /// What to book for a receipt.
    pub(super) fn receipt(self, of: Of<'_>, receipt: &Receipt) -> Result<Task> {
        let Of { transfer, shipment, due } = of;
        let on_the_way = self.now.on_the_way().map_err(amount)?;
        let broken = wanted(&receipt.damaged);
        let good = if receipt.received.is_empty() {
            let mut rest = BTreeMap::new();
            for (sku, carried) in &on_the_way {
                let raw = i128::from(carried.quantity.thousandths());
                let raw = due.map_or(raw, |due| raw.min(due.get(sku).copied().unwrap_or(0)));
                let broken = broken.get(sku).copied().unwrap_or(0);
                rest.insert(sku.clone(), (raw - broken).max(0));
            }
            rest
        } else {
            wanted(&receipt.received)
        };
        let lines = arrived(&good, &broken)?;
        let part = parts(&self.entries, shipment).max().map_or(Some(NonZeroU32::MIN), next);
        let (Some(part), false) = (part, lines.is_empty()) else {
            return Err(TransferRefused::NothingDue { transfer }.into());
        };
        let deed = Deed::Receive { shipment, part, lines, on_the_way };
        Ok(Task { transfer, route: self.route, deed })
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
