//! A pass over the books of a store, holding the facts of one day at a time.

use std::sync::atomic::{AtomicU64, Ordering};

use books::Reader;
use ledger::check::Terms;
use ledger::id::StoreId;
use ledger::time::BusinessDate;

use super::buying;
use super::memory::{Looked, Memory, Way, is_stop, prints};
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
#[derive(Clone, Copy)]
pub(super) struct Pass<'a> {
    pub(super) hub: &'a Hub,
    pub(super) terms: &'a Terms,
    pub(super) memory: &'a Memory,
    /// Days of stores gone through.
    pub(super) done: &'a AtomicU64,
}

/// What there is to do for a store.
pub(super) enum Work {
    /// Nothing: its books are as they were.
    Known(Looked),
    /// To look at its days, from the first one on or from where an earlier run has got to.
    Days(Vec<BusinessDate>, Depth),
}

impl Work {
    /// How many days there are.
    pub(super) fn days(&self) -> u64 {
        match self {
            Self::Known(_) => 0,
            Self::Days(days, _) => days.len() as u64,
        }
    }
}

impl Pass<'_> {
    /// What there is to do for a store. All of its days count whatever the scope: what is on hand in it
    /// began before it.
    pub(super) fn work(&self, reader: &Reader, store: &StoreId, depth: Depth) -> Result<Work> {
        let known = match depth {
            Depth::Changed => self.memory.unchanged(store, reader)?,
            Depth::Full => None,
        };
        Ok(match known {
            Some(looked) => Work::Known(looked),
            None => Work::Days(reader.days(store)?, depth),
        })
    }

    /// What a store comes to, and how many facts were read for it.
    pub(super) fn store(
        &self,
        reader: &Reader,
        store: &StoreId,
        work: &Work,
    ) -> Result<(Looked, u64)> {
        match work {
            Work::Known(looked) => Ok((looked.clone(), 0)),
            Work::Days(days, depth) => self.look(reader, store, days, *depth),
        }
    }

    fn look(
        &self,
        reader: &Reader,
        store: &StoreId,
        days: &[BusinessDate],
        depth: Depth,
    ) -> Result<(Looked, u64)> {
        let prints = prints(&reader.day_fingerprints(store)?, days);
        let resumed = match depth {
            Depth::Changed => self.memory.resume(store, &prints, self.terms),
            Depth::Full => None,
        };
        let mut way = resumed.unwrap_or_else(|| Way::new(store, self.terms));
        self.done.fetch_add(way.days as u64, Ordering::Relaxed);
        let (known, mut stops) = (way.facts, Vec::new());
        for date in &days[way.days..] {
            self.day(reader, store, *date, &mut way)?;
            self.done.fetch_add(1, Ordering::Relaxed);
            if is_stop(way.days, days.len()) {
                stops.extend(way.stop());
            }
        }
        let (is_lasting, read) = (way.is_lasting(), way.facts - known);
        let Way { checks, mut found, facts, .. } = way;
        let balances = reader.store_balances(store)?;
        let (transfers, uneven) = (checks.transfers().to_vec(), balances.uneven);
        let purchases = checks.purchases().to_vec();
        let invoices = checks.invoices().cloned().collect();
        let elsewhere = checks.elsewhere().to_vec();
        found.extend(checks.finish(balances.on_hand));
        found.extend(buying::invoiced(reader, store)?);
        let looked = Looked { found, facts, transfers, purchases, invoices, elsewhere, uneven };
        self.memory.keep(store, reader, prints, stops, is_lasting.then_some(&looked))?;
        Ok((looked, read))
    }

    fn day(
        &self,
        reader: &Reader,
        store: &StoreId,
        date: BusinessDate,
        way: &mut Way,
    ) -> Result<()> {
        let stored = reader.facts_of_day(store, date)?;
        let facts = stored.iter().map(|stored| &stored.fact);
        facts.clone().for_each(|fact| way.checks.fact(fact));
        way.checks.close_day(date, &reader.flows_of_day(store, date)?, &facts);
        let texts = stored.iter().map(|stored| (&stored.fact, stored.text.as_str()));
        way.checks.judge_close(texts, |close| witness(self.hub, store, close));
        way.found.extend(way.checks.take_found());
        way.facts += stored.len() as u64;
        way.days += 1;
        Ok(())
    }
}
