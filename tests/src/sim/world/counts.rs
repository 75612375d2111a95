//! Shelves that are counted while the store sells, and what a count books in the end.

use ledger::fold::{Place, fold};
use ledger::id::{FactId, Sku, StoreId};
use ledger::json;
use ledger::movement::Account;

use super::World;
use crate::dice::Dice;
use crate::sim::close::{self, Days};
use crate::sim::count::{Closed, Count, Look};
use crate::sim::shop::Spot;

impl World {
    /// Somebody at a store counts a product, or closes the sheet.
    pub(super) fn stocktake(&mut self, machine: usize, mut dice: Dice, acked: bool) {
        let Some(store) = self.nodes[machine].writer.store().cloned() else { return };
        let counting = self.nodes[machine].counting.take();
        let mut count = counting.unwrap_or_else(Count::new);
        if !count.has_lines() || dice.percent(65) {
            let (sku, name) = count.next(&mut dice);
            self.count(name);
            let days = close::days(&self.nodes[machine].replica, &store, &self.shop);
            count.look(&sku, self.look(&store, &sku, &days), &mut dice);
            self.nodes[machine].counting = Some(count);
            return;
        }
        match count.close(&store, &mut dice) {
            None => self.nodes[machine].counting = Some(count),
            Some(Closed { command, goods, found }) => {
                self.count("stocktake booked");
                let Some(fact) = self.book(machine, 0, command, goods, acked) else { return };
                let key = (fact.store.clone(), fact.id, json::to_text(&fact));
                self.shop.counts.insert(key, found);
            }
        }
    }

    /// What a store has of a product by its facts: by the ledger's sums, and recounted.
    fn look(&self, store: &StoreId, sku: &Sku, days: &Days) -> Look {
        let facts = || days.values().flatten();
        let here = Place::Store(store.clone(), Account::OnHand);
        let folded = fold(facts().map(|(fact, _)| fact));
        let balances = folded.balances.iter();
        let of_it = balances.filter(|((place, of, _), _)| *place == here && of == sku);
        let book = of_it.map(|(_, balance)| balance.quantity as i64).sum();
        let here = Spot::At(store.clone(), "on_hand".to_owned());
        let mut recounted = 0;
        for (fact, text) in facts() {
            let deal = self.shop.deals.get(&(store.clone(), fact.id, text.clone()));
            let goods = deal.into_iter().flat_map(|deal| &deal.goods).filter(|g| g.sku == *sku);
            for goods in goods {
                recounted += if goods.to == here { goods.quantity } else { 0 };
                recounted -= if goods.from == here { goods.quantity } else { 0 };
            }
        }
        let anchor: Option<FactId> = facts().map(|(fact, _)| fact.id).max();
        Look { anchor, book, recounted }
    }
}
