//! Entries of price lists that hide a base price that somebody sets: it is in the catalog, and no till takes
//! it while they hold.

use std::collections::{BTreeMap, BTreeSet};

use console::prices::EntryRow;
use ledger::catalog::Field;
use ledger::id::Sku;
use ledger::price::Level;
use ledger::time::LocalTime;

use crate::error::Result;
use crate::hub::Hub;

impl Hub {
    /// The entries in force that go before base prices of these edits.
    pub(crate) fn hiding(&self, edits: &BTreeMap<Sku, BTreeSet<Field>>) -> Result<Vec<EntryRow>> {
        let is_price = |field: &Field| Level::ALL.iter().any(|level| level.field() == *field);
        if !edits.values().flatten().any(is_price) {
            return Ok(Vec::new());
        }
        let now = LocalTime::reached(self.now(), &jiff::tz::TimeZone::system());
        // One product is looked up, of many a file is full.
        let only = edits.keys().next().filter(|_| edits.len() == 1);
        let entries = self.reader()?.price_entries(only, None)?;
        let hides = |row: &books::read::PriceRow| {
            let set = edits.get(&row.sku);
            set.is_some_and(|set| set.contains(&row.entry.key.level.field()))
                && row.entry.holds_at(now)
        };
        let hiding = entries.into_iter().filter(hides);
        Ok(hiding.map(|row| EntryRow::of(row.sku, &row.entry)).collect())
    }
}
