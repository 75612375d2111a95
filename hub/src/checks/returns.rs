//! Goods that came back to another store than the one that sold them.

use std::collections::{BTreeMap, BTreeSet};

use books::{LinkKind, Reader};
use ledger::check::Finding;
use ledger::check::returns::{self, Known};
use ledger::fact::{Elsewhere, Fact};
use ledger::id::{FactId, StoreId};

use crate::error::Result;

/// The facts that took goods of each sale back, at other stores.
pub(super) type Returned = BTreeMap<Elsewhere, BTreeSet<(StoreId, FactId)>>;

/// What came back of sales at other stores, with what came back at their own.
pub(super) fn check(reader: &Reader, returned: Returned) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    for (from, names) in returned {
        let Some(reached) = reader.days(&from.store)?.pop() else { continue };
        let sale = reader.fact_by_bill(&from.bill)?.map(|stored| stored.fact);
        let day = ledger::returns::origin(&from.bill).map(|(_, day)| day);
        // The sale may still be on its way here.
        if sale.is_none() && day.is_none_or(|day| reached <= day) {
            continue;
        }
        let mut backs = Vec::new();
        for (store, id) in names {
            backs.extend(standing(reader, &store, id)?);
        }
        let mut sale = sale.filter(|sale| sale.store == from.store);
        if let Some(sold) = &sale {
            let links = reader.corrections(&from.store, sold.id)?;
            let undone = links.iter().any(|link| link.kind == LinkKind::Reversal);
            for link in links.iter().filter(|link| link.kind == LinkKind::Return) {
                backs.extend(standing(reader, &from.store, link.id)?);
            }
            sale = sale.filter(|_| !undone);
        }
        found.extend(returns::check(Known { sale: sale.as_ref(), returns: &backs }));
    }
    Ok(found)
}

/// A return, unless it was undone.
fn standing(reader: &Reader, store: &StoreId, id: FactId) -> Result<Option<Fact>> {
    let links = reader.corrections(store, id)?;
    if links.iter().any(|link| link.kind == LinkKind::Reversal) {
        return Ok(None);
    }
    Ok(reader.fact(store, id)?.map(|stored| stored.fact))
}
