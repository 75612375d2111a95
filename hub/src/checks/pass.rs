//! A pass over the books, store by store, holding the facts of one day at a time.

use std::sync::atomic::{AtomicU64, Ordering};

use books::Reader;
use books::read::Fingerprint;
use ledger::check::close::Closes;
use ledger::check::{Finding, StoreChecks, Terms};
use ledger::id::StoreId;
use ledger::time::BusinessDate;

use super::chain::Moved;
use super::memory::{Looked, Memory, Stop, is_lasting, is_stop};
use crate::closes::witness;
use crate::error::Result;
use crate::hub::Hub;

/// Whether what earlier runs have looked at is looked at again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Depth {
    /// Only books that have changed since.
    #[default]
    Changed,
    /// All of them.
    Full,
}

/// A pass under way.
pub(super) struct Pass<'a> {
    pub(super) hub: &'a Hub,
    pub(super) reader: &'a Reader,
    pub(super) terms: &'a Terms,
    pub(super) depth: Depth,
    pub(super) memory: &'a mut Memory,
    /// Days of stores gone through.
    pub(super) done: &'a AtomicU64,
    /// Facts that there are.
    pub(super) facts: u64,
    /// Those that were read now.
    pub(super) read: u64,
    pub(super) moved: Moved,
}

impl Pass<'_> {
    /// What is found of a store. All of its days count whatever the scope: what is on hand in it
    /// began before it.
    pub(super) fn store(&mut self, store: &StoreId, days: &[BusinessDate]) -> Result<Vec<Finding>> {
        let known = match self.depth {
            Depth::Changed => self.memory.unchanged(store, self.reader)?.cloned(),
            Depth::Full => None,
        };
        let looked = match known {
            Some(looked) => {
                self.done.fetch_add(days.len() as u64, Ordering::Relaxed);
                looked
            }
            None => self.look(store, days)?,
        };
        self.facts += looked.facts;
        for (transfer, fact) in looked.transfers {
            self.moved.entry(transfer).or_default().insert((store.clone(), fact));
        }
        Ok(looked.found)
    }

    fn look(&mut self, store: &StoreId, days: &[BusinessDate]) -> Result<Looked> {
        let held = self.reader.day_fingerprints(store)?;
        let held = |date: &BusinessDate| held.get(date).copied().unwrap_or_default();
        let prints: Vec<(BusinessDate, Fingerprint)> =
            days.iter().map(|date| (*date, held(date))).collect();
        let resumed = match self.depth {
            Depth::Changed => self.memory.resume(store, &prints),
            Depth::Full => None,
        };
        let fresh = || Stop {
            days: 0,
            checks: StoreChecks::new(store, self.terms.clone()),
            closes: Closes::new(store),
            found: Vec::new(),
            facts: 0,
        };
        let mut stop = resumed.unwrap_or_else(fresh);
        stop.checks.resume(self.terms.clone());
        self.done.fetch_add(stop.days as u64, Ordering::Relaxed);
        let mut stops = Vec::new();
        for date in &days[stop.days..] {
            let stored = self.reader.facts_of_day(store, *date)?;
            for stored in &stored {
                stop.checks.fact(&stored.fact);
                stop.closes.fact(&stored.fact, &stored.text);
            }
            let facts = stored.iter().map(|stored| &stored.fact);
            stop.facts += stored.len() as u64;
            self.read += stored.len() as u64;
            stop.checks.close_day(*date, &self.reader.flows_of_day(store, *date)?, &facts);
            stop.found.extend(stop.checks.take_found());
            stop.closes.close_day(|close| witness(self.hub, store, close), &mut stop.found);
            stop.days += 1;
            self.done.fetch_add(1, Ordering::Relaxed);
            if is_stop(stop.days, days.len()) && is_lasting(&stop.checks, &stop.found) {
                stops.push(stop.clone());
            }
        }
        let Stop { checks, mut found, facts, .. } = stop;
        let (lasting, transfers) = (is_lasting(&checks, &found), checks.transfers().to_vec());
        let mut on_hand = Vec::new();
        self.reader.each_on_hand(store, |sku, balance| on_hand.push((sku, balance)))?;
        found.extend(checks.finish(on_hand));
        let looked = Looked { found, facts, transfers };
        let end = lasting.then(|| looked.clone());
        self.memory.keep(store, self.reader, prints, stops, end)?;
        Ok(looked)
    }
}
