//! Goods: the ledger's sums against a recount of what people meant to move.

use std::collections::{BTreeMap, BTreeSet};

use ledger::fold::Balance;
use ledger::id::Sku;

use crate::sim::ending::Ending;
use crate::sim::shop::{Heap, Spot};

/// Every account of every store, and everything on the way, in quantity and in value.
pub(super) fn is_as_recounted(ending: &Ending) -> Result<(), String> {
    let mut recount: BTreeMap<&(Spot, Sku), Heap> = BTreeMap::new();
    let mut spots = Vec::new();
    for ((store, id), text) in &ending.hub().facts {
        let Some(deal) = ending.shop.deals.get(&(store.clone(), *id, text.clone())) else {
            continue; // said by another check
        };
        for goods in &deal.goods {
            spots.push(((goods.from.clone(), goods.sku.clone()), -goods.quantity));
            spots.push(((goods.to.clone(), goods.sku.clone()), goods.quantity));
        }
    }
    for (spot, thousandths) in &spots {
        recount.entry(spot).or_default().add(&spot.1, *thousandths);
    }
    let folded = &ending.hub().stock;
    let named: BTreeSet<&(Spot, Sku)> = folded.keys().chain(recount.keys().copied()).collect();
    for key in named {
        let counted = recount.get(key).copied().unwrap_or_default();
        let Balance { quantity, value } = folded.get(key).copied().unwrap_or_default();
        if (Heap { quantity, value }) != counted {
            let (spot, sku) = key;
            let stock = Heap { quantity, value };
            return Err(format!("{spot}, {sku}: the hub has {stock}, recounted {counted}"));
        }
    }
    Ok(())
}

/// What left one account has entered another, on the way or at an end.
pub(super) fn is_conserved(ending: &Ending) -> Result<(), String> {
    let mut sums: BTreeMap<&Sku, Heap> = BTreeMap::new();
    for ((_, sku), balance) in &ending.hub().stock {
        let sum = sums.entry(sku).or_default();
        sum.quantity += balance.quantity;
        sum.value += balance.value;
    }
    match sums.iter().find(|(_, sum)| **sum != Heap::default()) {
        Some((sku, sum)) => Err(format!("over the chain {sum} of {sku} came from nowhere")),
        None => Ok(()),
    }
}
