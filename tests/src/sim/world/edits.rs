//! Edits of the catalog: by head office, which sets prices too, and by stores.

use std::collections::{BTreeMap, BTreeSet};

use ledger::catalog::Field;
use ledger::id::Sku;
use sync_proto::catalog::{CatalogError, TermEdits};

use super::{HUB, Happening, World};
use crate::sim::shelf;
use crate::sim::tags::{self, Tag};

impl World {
    pub(super) fn edit(&mut self, machine: usize) {
        let pause = self.dice.between(1_000, 90_000);
        let forgotten =
            machine == HUB && self.plan.hub_forgets_from().is_some_and(|from| self.ticks >= from);
        if self.ticks >= self.plan.clears_at || self.nodes[machine].scrapped || forgotten {
            return;
        }
        self.schedule(pause, Happening::Edit { machine });
        if !self.nodes[machine].up {
            return;
        }
        let edited = match machine {
            HUB if self.dice.percent(50) => self.change_prices(),
            _ => self.edit_product(machine),
        };
        if let Err(error) = edited {
            self.wrong = Some(format!("machine {machine} cannot edit the catalog: {error}"));
        }
        self.changed(machine, None);
    }

    fn edit_product(&mut self, machine: usize) -> Result<(), CatalogError> {
        let sku = shelf::product(self.dice.any());
        let value = self.dice.below(100);
        let field = match machine {
            HUB => *self.dice.pick(&[Field::Price, Field::NameZh]),
            _ => *self.dice.pick(&[Field::NameZh, Field::NameEn]),
        };
        if field == Field::Price {
            self.shop.bases.insert(sku.clone(), shelf::money(value as i64 * 10_000));
        }
        self.count("catalog edited");
        let node = &self.nodes[machine];
        let edits = BTreeMap::from([(sku, BTreeMap::from([(field, value.to_string())]))]);
        node.replica.edit_catalog(&edits, node.now(self.ticks).wall)
    }

    /// Head office sets the prices of some products, or takes them away, in one document.
    fn change_prices(&mut self) -> Result<(), CatalogError> {
        let mut edits = TermEdits::new();
        let skus: BTreeSet<Sku> =
            (0..self.dice.between(1, 6)).map(|_| shelf::product(self.dice.any())).collect();
        for sku in skus {
            let there = self.shop.tags.keys().find(|tag| tag.sku == sku).cloned();
            let tag = match there.filter(|_| self.dice.percent(60)) {
                Some(tag) => tag,
                None => Tag::any(sku.clone(), self.plan.stores as u64, &mut self.dice),
            };
            let (term, priced) = (tag.term(), tag.priced(&mut self.dice));
            self.count(match (self.shop.tags.get(&tag), priced) {
                (Some(Some(_)), None) => "price taken away",
                (_, None) => continue,
                (Some(_), Some(_)) => "price set anew",
                (None, Some(_)) => "price set",
            });
            let text = tags::text(&term, priced);
            edits.entry(sku).or_default().insert(term, text);
            self.shop.tags.insert(tag, priced);
        }
        let node = &self.nodes[HUB];
        node.replica.edit_terms(&edits, node.now(self.ticks).wall)
    }
}
