//! Transfers: the orders tell what the facts did, all of it once, and each ends or waits.

use std::collections::BTreeMap;

use ledger::fold::Balance;
use ledger::id::{Sku, TransferId};
use ledger::transfer::{Line, Stage};
use sync_proto::OrderId;

use super::orders::is_one_however_they_come;
use crate::sim::ending::{Ending, transfer_of, transfer_status};
use crate::sim::shop::{Heap, Spot};

pub(super) fn order_does_not_matter(ending: &Ending) -> Result<(), String> {
    for (doc, events) in &ending.hub().orders {
        let Some(id) = transfer_of(doc) else { continue };
        let now = ending.hub().transfers.get(&id);
        if let Some(now) = now
            && !is_one_however_they_come(events, now, |events| transfer_status(events))
        {
            return Err(format!("{id} looks different when its entries come in another order"));
        }
    }
    Ok(())
}

/// Shipped is received, damaged, lost, returned and in transit.
pub(super) fn lines_add_up(ending: &Ending) -> Result<(), String> {
    for (id, transfer) in &ending.hub().transfers {
        for (sku, line) in &transfer.lines {
            let ends = [line.received, line.damaged, line.lost, line.returned, line.in_transit];
            let quantity = ends.iter().map(|end| end.quantity).sum();
            let value = ends.iter().map(|end| end.value).sum();
            if line.shipped != (Balance { quantity, value }) {
                return Err(format!("{id}, {sku}: what was shipped is not all accounted for"));
            }
        }
    }
    Ok(())
}

/// Each line against a recount of the goods that the people at both ends moved.
pub(super) fn lines_are_as_recounted(ending: &Ending) -> Result<(), String> {
    let mut recount: BTreeMap<(&TransferId, &Sku), Counted> = BTreeMap::new();
    for ((store, id), text) in &ending.hub().facts {
        let Some(deal) = ending.shop.deals.get(&(store.clone(), *id, text.clone())) else {
            continue; // said by another check
        };
        for goods in &deal.goods {
            if let (Spot::At(_, account), Spot::Way(transfer)) = (&goods.from, &goods.to)
                && account == "transit_loss"
            {
                // More arrived than left, and stays so: a loss turned round.
                let counted = recount.entry((transfer, &goods.sku)).or_default();
                counted.lost.add(&goods.sku, -goods.quantity);
            } else if let Spot::Way(transfer) = &goods.to {
                let counted = recount.entry((transfer, &goods.sku)).or_default();
                counted.shipped.add(&goods.sku, goods.quantity);
            } else if let (Spot::Way(transfer), Spot::At(at, account)) = (&goods.from, &goods.to) {
                // The request may be lost; the number names the source first.
                let parties = OrderId::new(transfer.as_str()).map(|id| id.parties());
                let home = parties.is_ok_and(|parties| parties.first() == Some(at));
                let counted = recount.entry((transfer, &goods.sku)).or_default();
                let end = match (account.as_str(), home) {
                    ("on_hand", true) => &mut counted.returned,
                    ("on_hand", false) => &mut counted.received,
                    ("transit_loss", _) => &mut counted.lost,
                    _ => &mut counted.damaged,
                };
                end.add(&goods.sku, goods.quantity);
            }
        }
    }
    for (id, transfer) in &ending.hub().transfers {
        for (sku, line) in &transfer.lines {
            let counted = recount.remove(&(id, sku)).unwrap_or_default();
            if Counted::of(line) != counted {
                let told = Counted::of(line);
                return Err(format!("{id}, {sku}: told {told:?}, recounted {counted:?}"));
            }
        }
    }
    match recount.first_key_value() {
        Some(((id, sku), _)) => Err(format!("{id}: the order knows nothing of {sku}")),
        None => Ok(()),
    }
}

pub(super) fn each_is_over_or_waits(ending: &Ending) -> Result<(), String> {
    for (id, transfer) in &ending.hub().transfers {
        let over = matches!(
            transfer.stage,
            Stage::Received | Stage::Settled | Stage::Rejected | Stage::Cancelled
        );
        if !over && transfer.waits_for.is_empty() {
            return Err(format!("{id} is {:?} and waits for nothing", transfer.stage));
        }
    }
    Ok(())
}

/// What moved in one line of a transfer.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counted {
    shipped: Heap,
    received: Heap,
    damaged: Heap,
    lost: Heap,
    returned: Heap,
}

impl Counted {
    fn of(line: &Line) -> Self {
        let heap = |Balance { quantity, value }: Balance| Heap { quantity, value };
        Self {
            shipped: heap(line.shipped),
            received: heap(line.received),
            damaged: heap(line.damaged),
            lost: heap(line.lost),
            returned: heap(line.returned),
        }
    }
}
