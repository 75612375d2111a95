//! Counting a store's shelves while it sells: the sheet as the ledger keeps it, and beside it what the
//! people counted and believed to have.

use std::collections::BTreeMap;

use ledger::command::Command;
use ledger::id::{FactId, Sku, StoreId};
use ledger::stocktake::{CountLine, Item, Round, Sheet, Verdict};

use super::desk::{PART, at};
use super::shelf::{product, quantity};
use super::shop::{Found, Passing};
use crate::dice::Dice;

/// A count that goes on.
#[derive(Debug)]
pub(super) struct Count {
    sheet: Sheet,
    /// What the people found in the round that counts.
    found: BTreeMap<Sku, Found>,
}

/// What a store has of a product when somebody looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    /// The store's last fact.
    pub(super) anchor: Option<FactId>,
    /// By the ledger's sums, in thousandths.
    pub(super) book: i64,
    /// By a recount of what people moved.
    pub(super) recounted: i64,
}

/// A count that is over.
#[derive(Debug)]
pub(super) struct Closed {
    pub(super) command: Command,
    /// The goods that were missing or too much.
    pub(super) goods: Vec<Passing>,
    pub(super) found: BTreeMap<Sku, Found>,
}

impl Count {
    pub(super) fn new() -> Self {
        let (items, lines) = (BTreeMap::new(), Vec::new());
        Self { sheet: Sheet { tolerance: quantity(PART), items, lines }, found: BTreeMap::new() }
    }

    /// Somebody counts a product at one of its places.
    pub(super) fn look(&mut self, sku: &Sku, look: Look, dice: &mut Dice) {
        let odd = *dice.pick(&[0, 0, 0, 0, 1, -1, 3, -4]) * PART;
        let found = self.found.get(sku);
        let counted = match found {
            None => (look.recounted + odd).max(0),
            Some(_) => dice.below(4) as i64 * PART,
        };
        let round = self.sheet.items.entry(sku.clone()).or_default().round;
        self.sheet.lines.push(CountLine {
            counter: None,
            bin: None,
            sku: sku.clone(),
            lot: None,
            quantity: quantity(counted),
            round,
            anchor: look.anchor,
            book: quantity(look.book),
        });
        let before = found.copied().unwrap_or(Found { counted: 0, book: look.recounted, moved: 0 });
        let moved = before.moved + (look.recounted - before.book).abs();
        let now = Found { counted: before.counted + counted, book: look.recounted, moved };
        self.found.insert(sku.clone(), now);
    }

    /// What is to be booked of it, once no difference is in doubt. Each one in doubt is explained, or
    /// its product is to be counted again.
    pub(super) fn close(&mut self, store: &StoreId, dice: &mut Dice) -> Option<Closed> {
        for (sku, standing) in self.sheet.standings().expect("these sums are small") {
            let Item { mut round, mut reason } = standing.item;
            match standing.verdict {
                Verdict::Beyond if dice.percent(40) => {
                    round = round.next();
                    self.found.remove(&sku);
                }
                Verdict::Beyond => reason = "known".parse().ok(),
                _ => {}
            }
            self.sheet.items.insert(sku, Item { round, reason });
        }
        let lines = self.sheet.compared().expect("these sums are small").ok()?;
        let command = Command::Stocktake { name: "".into(), lines, approved: None };
        let passing = |(sku, found): (&Sku, &Found)| {
            let variance = found.counted - found.book;
            let ends =
                if variance > 0 { ("count_gain", "on_hand") } else { ("on_hand", "count_loss") };
            let (from, to) = (at(store, ends.0), at(store, ends.1));
            Passing { from, to, sku: sku.clone(), quantity: variance.abs() }
        };
        let goods = self.found.iter().map(passing).filter(|goods| goods.quantity > 0).collect();
        Some(Closed { command, goods, found: self.found.clone() })
    }

    /// The product that is to be counted next: one that is to be counted again, one that lies at another
    /// place too, or any.
    pub(super) fn next(&self, dice: &mut Dice) -> (Sku, &'static str) {
        let again = self.sheet.items.iter().filter(|(_, item)| item.round > Round::FIRST);
        let mut again = again.map(|(sku, _)| sku).filter(|sku| !self.found.contains_key(*sku));
        let counted: Vec<&Sku> = self.found.keys().collect();
        match again.next() {
            Some(sku) => (sku.clone(), "shelf counted again"),
            None if !counted.is_empty() && dice.percent(30) => {
                ((*dice.pick(&counted)).clone(), "other place counted")
            }
            None => (product(dice.any()), "shelf counted"),
        }
    }

    /// Whether anything was counted.
    pub(super) fn has_lines(&self) -> bool {
        !self.sheet.lines.is_empty()
    }
}
