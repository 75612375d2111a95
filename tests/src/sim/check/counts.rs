//! Stocktakes: the books keep what people counted, and what they had when they did.

use std::collections::BTreeMap;

use ledger::amount::Quantity;
use ledger::fact::Body;
use ledger::id::Sku;
use ledger::stocktake::Compared;

use crate::sim::ending::Ending;
use crate::sim::shop::Found;

/// Each product of each stocktake, also where shelf and books agreed. What was missing or too much has
/// moved: that is said by the checks of stock.
pub(super) fn are_as_made(ending: &Ending) -> Result<(), String> {
    for (store, days) in &ending.hub().days {
        for (fact, text) in days.values().flatten() {
            let Body::Stocktake { lines, .. } = &fact.body else { continue };
            let told: BTreeMap<Sku, Found> = lines.iter().map(told).collect();
            let made = ending.shop.counts.get(&(store.clone(), fact.id, text.clone()));
            if made != Some(&told) || told.len() != lines.len() {
                let id = fact.id;
                return Err(format!("{store} {id}: told {told:?}, people found {made:?}"));
            }
        }
    }
    Ok(())
}

fn told(Compared { sku, tally, .. }: &Compared) -> (Sku, Found) {
    let [counted, book, moved] =
        [tally.counted, tally.book, tally.moved].map(Quantity::thousandths);
    (sku.clone(), Found { counted, book, moved })
}
