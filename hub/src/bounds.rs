//! Stock bounds by store and season, set in head office's name.

pub mod sheet;

use std::collections::BTreeMap;

use books::TermEdits;
use ledger::bounds::{Entry, Key};
use ledger::catalog::Term;
use ledger::id::Sku;

use crate::error::{HubError, Result};
use crate::events::What;
use crate::hub::Hub;

/// What is to become of bounds: set, or taken away.
pub type BoundsEdits = BTreeMap<(Sku, Key), Option<Entry>>;

impl Hub {
    /// Sets and takes away bounds. Gives how many of them were otherwise before.
    pub fn set_bounds(&self, wanted: BoundsEdits) -> Result<usize> {
        let catalog = self.catalog()?;
        let mut known: BTreeMap<(Sku, Key), Entry> = BTreeMap::new();
        for row in self.reader()?.bounds_entries(None)? {
            known.insert((row.sku, row.entry.key.clone()), row.entry);
        }
        let mut edits = TermEdits::new();
        let mut changed = 0;
        for (place, entry) in wanted {
            if !catalog.contains_key(&place.0) {
                return Err(HubError::NoProduct { item: place.0.to_string() });
            }
            if known.get(&place) == entry.as_ref() {
                continue;
            }
            changed += 1;
            let (sku, key) = place;
            let text = entry.as_ref().map(Entry::text).unwrap_or_default();
            edits.entry(sku).or_default().insert(Term::Bounds(key), text);
        }
        if changed > 0 {
            let (now, products) = (self.now(), edits.len() as u64);
            self.books().write(move |tx| -> Result<()> {
                tx.edit_terms(&edits, now)?;
                Ok(())
            })?;
            self.note_event(None, What::CatalogChanged { products });
        }
        Ok(changed)
    }
}
