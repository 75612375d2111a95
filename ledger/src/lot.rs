//! Lots (批次) and their dates: what is left of each, and which to take first.
//!
//! Receipts name lots, sales name none: nobody scans a lot at a till. What is left of each is therefore a
//! *view*: goods that left without a name are taken to have gone first expired, first out (FEFO, 先到期先出),
//! as a shop picks them that follows this very list. The view needs the balances alone, no history. So goods that
//! left before a lot came are counted against it, too, if it expires before those that were there; whoever
//! finds a shelf otherwise scraps or counts it.

use crate::fact::{Body, Fact};
use crate::id::{Lot, Sku};
use crate::purchase::Inspected;
use crate::time::BusinessDate;

/// Until when a lot is good, as a receipt says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotExpiry {
    /// Of what.
    pub sku: Sku,
    /// Which lot.
    pub lot: Lot,
    /// Its last good day (有效期至).
    pub expiry: BusinessDate,
}

/// Until when the lots of a fact are good, as far as it says: a receipt on its own account, an
/// inspected delivery line by line.
pub fn expiries(fact: &Fact) -> impl Iterator<Item = LotExpiry> {
    let (plain, inspected): (&[LotExpiry], &[Inspected]) = match &fact.body {
        Body::GoodsReceipt { lots, delivery, .. } => {
            (lots, delivery.as_deref().map_or(&[], |delivery| &delivery.lines))
        }
        _ => (&[], &[]),
    };
    let of_line = |line: &Inspected| {
        let (lot, expiry) = (line.lot.clone()?, line.expiry?);
        Some(LotExpiry { sku: line.sku.clone(), lot, expiry })
    };
    plain.iter().cloned().chain(inspected.iter().filter_map(of_line))
}

/// What the books have of a lot at a store, or what is left of it. In thousandths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotStock {
    /// Which; none for goods that came without a name.
    pub lot: Option<Lot>,
    /// Its last good day, where somebody said.
    pub expiry: Option<BusinessDate>,
    /// How much.
    pub quantity: i64,
}

/// What is left of each lot of a product, the first to take first: by date, those without one last, goods
/// without a name at the very end. What the books have of a name is what came less what left under that name;
/// whatever is below nothing is taken from the others in that order. Lots of which nothing is left are not
/// in the list. Where all of it is below nothing, that is said of goods without a name.
pub fn remaining(books: impl IntoIterator<Item = LotStock>) -> Vec<LotStock> {
    let mut lots: Vec<LotStock> = books.into_iter().collect();
    lots.sort_by(|a, b| order(a).cmp(&order(b)));
    let short = lots.iter().map(|lot| lot.quantity.min(0));
    let mut owed = short.fold(0_i64, i64::saturating_add).saturating_neg();
    lots.retain(|lot| lot.quantity > 0);
    for lot in &mut lots {
        let taken = owed.min(lot.quantity);
        lot.quantity -= taken;
        owed -= taken;
    }
    lots.retain(|lot| lot.quantity > 0);
    if owed > 0 {
        lots.push(LotStock { lot: None, expiry: None, quantity: -owed });
    }
    lots
}

/// From which lots to take so much, the first expired first (先到期先出), as a hint for whoever picks. Less than
/// asked where less is there.
pub fn pick(remaining: &[LotStock], quantity: i64) -> Vec<LotStock> {
    let mut left = quantity.max(0);
    let mut picked = Vec::new();
    for lot in remaining.iter().filter(|lot| lot.quantity > 0) {
        let taken = left.min(lot.quantity);
        if taken == 0 {
            break;
        }
        left -= taken;
        picked.push(LotStock { quantity: taken, ..lot.clone() });
    }
    picked
}

/// By date and name; without a date after all dates, without a name after all names.
fn order(lot: &LotStock) -> (bool, bool, Option<BusinessDate>, Option<&Lot>) {
    (lot.lot.is_none(), lot.expiry.is_none(), lot.expiry, lot.lot.as_ref())
}

#[cfg(test)]
mod tests;
