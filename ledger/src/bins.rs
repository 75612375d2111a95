//! Bins (货位): in which places of a store goods lie.
//!
//! A bin moves no stock between accounts: it says where of what is on hand a part lies. Facts *name* bins only
//! where somebody knew them: a receipt into a bin, a move from bin to bin. What a till sells names none. So the
//! figures are a view, like what is left of lots: whatever came or left without a bin is taken to have come
//! to, or left, the *home bin* (默认货位) of its product. What facts name is a sum of integers, so the order in
//! which they arrive doesn't matter, and all bins and what is in none always add up to what is on hand.
//!
//! A home bin from which more left than came to it is shown below nothing: a shelf was filled up and nobody
//! said so. Where a product has no home bin, goods lie in no bin until somebody puts them into one; when
//! more left than lay in none, it left the bins in the order of their names.

use std::collections::BTreeMap;

use crate::amount::Quantity;
use crate::fact::{Body, Fact};
use crate::id::{Bin, FactId, Lot, Sku};
use crate::movement::{Account, Movement};

/// Goods brought from one bin to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BinMove {
    /// What.
    pub sku: Sku,
    /// From which production lot, where somebody said.
    pub lot: Option<Lot>,
    /// How much; positive.
    pub quantity: Quantity,
    /// From where; none for goods that lay where nobody named a bin.
    pub from: Option<Bin>,
    /// To where; none for no bin in particular.
    pub to: Option<Bin>,
}

/// Where a product belongs from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// Which product.
    pub sku: Sku,
    /// Its home bin; none: it has none any more.
    pub bin: Option<Bin>,
}

/// What a fact names of a bin: so much was put there or, below nothing, was taken from there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// What.
    pub sku: Sku,
    /// From which production lot, where somebody said.
    pub lot: Option<Lot>,
    /// Which bin.
    pub bin: Bin,
    /// How much.
    pub quantity: Quantity,
}

/// The goods of these movements in this bin: what comes on hand is put there, what leaves is taken from there.
pub fn all_in(bin: &Bin, movements: &[Movement]) -> Vec<Placed> {
    let placed = |movement: &Movement, quantity| Placed {
        sku: movement.sku.clone(),
        lot: movement.lot.clone(),
        bin: bin.clone(),
        quantity,
    };
    let legs = movements.iter().flat_map(|movement| {
        movement.legs().map(|(account, quantity, _)| (movement, account.clone(), quantity))
    });
    legs.filter(|(_, account, quantity)| *account == Account::OnHand && !quantity.is_zero())
        .map(|(movement, _, quantity)| placed(movement, quantity))
        .collect()
}

/// What a fact names of bins, added up.
pub fn placed(fact: &Fact) -> Vec<Placed> {
    let moves: &[BinMove] = match &fact.body {
        Body::BinMove { lines } => lines,
        _ => &[],
    };
    let moved = moves.iter().flat_map(|line| {
        let ends = [(&line.from, line.quantity.negated()), (&line.to, line.quantity)];
        ends.map(|(bin, quantity)| Some(((&line.sku, &line.lot, bin.as_ref()?), quantity)))
    });
    let said = fact.detail.bins.iter();
    let said = said.map(|placed| ((&placed.sku, &placed.lot, &placed.bin), placed.quantity));
    let mut sums: BTreeMap<(&Sku, &Option<Lot>, &Bin), i64> = BTreeMap::new();
    for (key, quantity) in moved.flatten().chain(said) {
        let sum = sums.entry(key).or_default();
        *sum = sum.saturating_add(quantity.thousandths());
    }
    let placed = |((sku, lot, bin), sum): ((&Sku, &Option<Lot>, &Bin), i64)| {
        // Only a fact that no honest node writes names more than there can be.
        let quantity = Quantity::from_thousandths(sum).ok().filter(|sum| !sum.is_zero())?;
        Some(Placed { sku: sku.clone(), lot: lot.clone(), bin: bin.clone(), quantity })
    };
    sums.into_iter().filter_map(placed).collect()
}

/// What a fact says of home bins. Of several facts the newest counts; of several lines the last.
pub fn homes(fact: &Fact) -> impl Iterator<Item = (FactId, &Home)> {
    let lines: &[Home] = match &fact.body {
        Body::BinHome { lines } => lines,
        _ => &[],
    };
    lines.iter().map(|home| (fact.id, home))
}

/// Where the goods of one product lie in a store, in thousandths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// What lies in each bin, less than nothing where more left than came. Empty bins are left out.
    pub bins: BTreeMap<Bin, i128>,
    /// What lies in no bin.
    pub unplaced: i128,
}

impl Standing {
    /// What lies in a bin.
    pub fn of(&self, bin: &Bin) -> i128 {
        self.bins.get(bin).copied().unwrap_or_default()
    }

    /// What lies in all of them, and in none: what is on hand.
    pub fn total(&self) -> i128 {
        self.bins.values().sum::<i128>() + self.unplaced
    }
}

/// Where the goods of a product lie: what is on hand, what facts name of each bin, and its home bin.
pub fn standing(on_hand: i128, named: &BTreeMap<Bin, i128>, home: Option<&Bin>) -> Standing {
    let mut bins = named.clone();
    let mut unplaced = on_hand - named.values().sum::<i128>();
    if let Some(home) = home {
        *bins.entry(home.clone()).or_default() += unplaced;
        unplaced = 0;
    } else {
        for held in bins.values_mut().filter(|held| **held > 0) {
            let taken = (-unplaced).clamp(0, *held);
            *held -= taken;
            unplaced += taken;
        }
    }
    bins.retain(|_, held| *held != 0);
    Standing { bins, unplaced }
}

/// What is to be named when a product gets another home bin, or none, so that every other bin goes on
/// showing what it shows: goods stay where they are. Only goods in no bin are in the new one from then on.
pub fn settled(
    now: &Standing,
    named: &BTreeMap<Bin, i128>,
    home: Option<&Bin>,
) -> BTreeMap<Bin, i128> {
    let others = now.bins.keys().chain(named.keys()).filter(|bin| Some(*bin) != home);
    let named = |bin: &Bin| named.get(bin).copied().unwrap_or_default();
    let differ = others.map(|bin| (bin.clone(), now.of(bin) - named(bin)));
    differ.filter(|(_, differs)| *differs != 0).collect()
}

/// From which bins to take so much (拣货): the home bin first, then the others by name. Less than asked where
/// less lies in bins.
pub fn pick(standing: &Standing, home: Option<&Bin>, quantity: i128) -> Vec<(Bin, i128)> {
    let mut left = quantity.max(0);
    let first = home.and_then(|home| standing.bins.get_key_value(home));
    let others = standing.bins.iter().filter(|(bin, _)| Some(*bin) != home);
    let mut picked = Vec::new();
    for (bin, held) in first.into_iter().chain(others) {
        let taken = left.min(*held);
        if taken > 0 {
            left -= taken;
            picked.push((bin.clone(), taken));
        }
    }
    picked
}

#[cfg(test)]
mod tests;
