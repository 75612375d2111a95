//! Stocktakes and bins: what lies in a bin by the books, and what a stocktake found there, which the bin shows
//! from then on.

use std::collections::BTreeMap;

use books::Tx;
use ledger::amount::{AmountError, Quantity};
use ledger::bins::{Placed, all_in};
use ledger::fact::Fact;
use ledger::id::{Bin, FactId, Sku};
use ledger::post::detailed;
use ledger::stocktake::Sheet;

use crate::book::{Notice, Refused};
use crate::error::Result;

/// What the books say lies in a bin.
pub(super) fn book(tx: &mut Tx<'_>, sku: &Sku, bin: &Bin) -> Result<Quantity> {
    quantity(tx.bins_of(sku)?.standing().of(bin))
}

/// Has the fact of a stocktake of one bin say that what differs, differs there. The home bin needs no word: what
/// names no bin is there.
pub(super) fn note_in(tx: &mut Tx<'_>, bin: &Bin, fact: &mut Fact) -> Result<Option<Notice>> {
    for placed in all_in(bin, &fact.movements) {
        if tx.bins_of(&placed.sku)?.home.as_ref() != Some(bin) {
            fact.detail.bins.push(placed);
        }
    }
    Ok(fitted(fact))
}

/// Has the fact of a sheet say what was counted in bins, where each line of a product names one. What was
/// brought from bin to bin after a line stays so: each bin is compared with what was named of it at its line.
/// The home bin needs no word: it shows what is left of the stock on hand.
pub(super) fn note(tx: &mut Tx<'_>, sheet: &Sheet, fact: &mut Fact) -> Result<Option<Notice>> {
    let mut found = Vec::new();
    for (sku, counted) in counted(sheet) {
        let last = counted.values().filter_map(|(_, anchor)| *anchor).max();
        let (home, latest) = (tx.bins_of(sku)?.home, tx.bins_named_at(sku, last)?);
        for bin in
            counted.keys().copied().chain(latest.keys()).filter(|bin| home.as_ref() != Some(bin))
        {
            let (quantity, anchor) = counted.get(bin).copied().unwrap_or((0, last));
            let named = tx.bins_named_at(sku, anchor)?.get(bin).copied().unwrap_or_default();
            found.push(((sku, bin.clone()), quantity - named));
        }
    }
    found.sort();
    found.dedup();
    for ((sku, bin), differs) in found.into_iter().filter(|(_, differs)| *differs != 0) {
        let quantity = quantity(differs)?;
        fact.detail.bins.push(Placed { sku: sku.clone(), lot: None, bin, quantity });
    }
    Ok(fitted(fact))
}

/// Leaves the bins out where they are too much for one fact: the quantities matter more, and are never held up by
/// what lies where.
fn fitted(fact: &mut Fact) -> Option<Notice> {
    if detailed(fact.clone(), Vec::new(), None).is_ok() {
        return None;
    }
    fact.detail.bins.clear();
    Some(Notice::BinsLeftOut)
}

fn quantity(raw: i128) -> Result<Quantity> {
    let narrow = i64::try_from(raw).map_err(|_| AmountError::OutOfRange);
    let quantity = narrow.and_then(Quantity::from_thousandths);
    Ok(quantity.map_err(|source| Refused::Amount { line: 0, source })?)
}

/// What was counted in a bin, and the last fact then.
type Counted = (i128, Option<FactId>);

/// The bins of the products of which each line that counts names one.
fn counted(sheet: &Sheet) -> BTreeMap<&Sku, BTreeMap<&Bin, Counted>> {
    let counts = |sku: &Sku| sheet.items.get(sku).map(|item| item.round);
    let lines = || sheet.lines.iter().filter(|line| counts(&line.sku) == Some(line.round));
    let mut bins: BTreeMap<&Sku, BTreeMap<&Bin, Counted>> = BTreeMap::new();
    for line in lines() {
        if let Some(bin) = &line.bin {
            let of_sku = bins.entry(&line.sku).or_default();
            let (quantity, anchor) = of_sku.entry(bin).or_insert((0, None));
            *quantity += i128::from(line.quantity.thousandths());
            *anchor = (*anchor).max(line.anchor);
        }
    }
    for line in lines().filter(|line| line.bin.is_none()) {
        bins.remove(&line.sku);
    }
    bins
}
