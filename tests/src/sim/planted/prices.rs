//! Catalogs with other prices than head office has set.

use ledger::catalog::Term;
use ledger::id::Sku;
use ledger::scope::Scope;

use super::Planted;
use crate::sim::ending::Ending;
use crate::sim::tags::{Place, Priced, Tag};
use crate::sim::world::HUB;

pub(super) const FAULTS: [Planted; 4] = [
    Planted {
        name: "a scheduled price that one store has not heard of",
        found_by: "prices are as set",
        plant: |ending| {
            let (sku, _, text) = of_one_store(ending, 1)?;
            text.clear();
            Some(sku.to_string())
        },
    },
    Planted {
        name: "a scheduled price under another store's name",
        found_by: "prices are as set",
        plant: |ending| {
            let (sku, term, _) = of_one_store(ending, HUB)?;
            if let Term::Price(key) = term {
                key.scope = Scope::Store("S9".parse().ok()?);
            }
            Some(sku.to_string())
        },
    },
    Planted {
        name: "a price that was taken away and is there again",
        found_by: "prices are as set",
        plant: |ending| {
            // The people took it away; every catalog still has it.
            let (tag, set) = set_in_one_store(ending)?;
            *set = None;
            Some(tag.sku.to_string())
        },
    },
    Planted {
        name: "a scheduled price at another amount",
        found_by: "prices are as set",
        plant: |ending| {
            let (tag, set) = set_in_one_store(ending)?;
            set.as_mut()?.price += 1;
            Some(tag.sku.to_string())
        },
    },
];

/// A price of one store alone in a machine's catalog: when it begins, nothing is closer.
fn of_one_store(ending: &mut Ending, machine: usize) -> Option<&mut (Sku, Term, String)> {
    let held = ending.machines[machine].catalog.values_mut();
    held.flat_map(|held| &mut held.terms).find(
        |(_, term, _)| matches!(term, Term::Price(key) if matches!(key.scope, Scope::Store(_))),
    )
}

/// The same, as head office remembers it.
fn set_in_one_store(ending: &mut Ending) -> Option<(&Tag, &mut Option<Priced>)> {
    let of_one = |tag: &Tag| matches!(tag.place, Place::At(_));
    ending.shop.tags.iter_mut().find(|(tag, set)| of_one(tag) && set.is_some())
}
