//! What earlier runs have looked at, so that the next one looks only at what has changed.
//!
//! For each store it holds what stood in its books and what the checks made of them: at the end, and
//! after some of its days, more of them the nearer to the end. A store whose books are the same is not
//! looked at again; one with new facts is gone through from the last of those days before which nothing
//! has changed. It lives as long as the hub is open: the first run after a start looks at everything.
//!
//! Only what has come from a store is noticed. Kept numbers that were changed behind the hub's back are
//! found by a full run.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use books::Reader;
use books::read::Fingerprint;
use ledger::check::close::Closes;
use ledger::check::prices::PriceHistory;
use ledger::check::{Finding, Limits, Proposal, StoreChecks, Terms};
use ledger::id::{FactId, StoreId, TransferId};
use ledger::time::{BusinessDate, Timestamp};
use sync_proto::{Collection, Digest};

use super::MAX_FINDINGS;
use crate::error::Result;

/// The most SKUs of stores that are held, over all of them and their days: about 300 MB. Stores beyond
/// that are looked at in whole each time.
const MAX_SKUS: usize = 2_000_000;

/// A store's facts as checks have gone through them.
#[derive(Debug, Clone)]
pub(super) struct Looked {
    /// What was found, in the order in which it is reported.
    pub(super) found: Vec<Finding>,
    /// How many facts there are.
    pub(super) facts: u64,
    /// Those that moved goods of transfers.
    pub(super) transfers: Vec<(TransferId, FactId)>,
}

/// The checks of a store after some of its days.
#[derive(Debug, Clone)]
pub(super) struct Stop {
    /// How many days they have gone through.
    pub(super) days: usize,
    pub(super) checks: StoreChecks,
    pub(super) closes: Closes,
    pub(super) found: Vec<Finding>,
    pub(super) facts: u64,
}

impl Stop {
    /// How many SKUs it holds.
    fn size(&self) -> usize {
        self.checks.size() + self.closes.size()
    }
}

#[derive(Debug)]
struct Kept {
    digests: BTreeMap<String, Digest>,
    days: Vec<(BusinessDate, Fingerprint)>,
    stops: Vec<Stop>,
    /// None if it may look otherwise at a later moment.
    end: Option<Looked>,
}

/// What earlier runs have looked at.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// By which terms; when these change, nothing holds any more.
    terms: Option<(Timestamp, Limits, [u8; 32])>,
    stores: HashMap<StoreId, Kept>,
    skus: usize,
    /// What things cost when, as long as the catalog is the same.
    prices: Option<(Digest, Arc<PriceHistory>)>,
    /// Transfers with nothing wrong and nothing on the way, by what is held of them: of the order, and
    /// how many facts.
    pub(super) settled: HashMap<TransferId, (Fingerprint, usize)>,
}

impl Memory {
    /// Makes ready for a run under these terms.
    pub(super) fn begin(&mut self, terms: &Terms) {
        let holds = self.terms.is_some_and(|(at, limits, prices)| {
            at <= terms.now && limits == terms.limits && prices == terms.prices.hash_until(at)
        });
        if !holds {
            self.forget();
        }
        self.terms = Some((terms.now, terms.limits, terms.prices.hash_until(terms.now)));
    }

    /// Forgets everything: somebody may have changed what no store's word tells.
    pub(super) fn forget(&mut self) {
        *self = Self { prices: self.prices.take(), ..Self::default() };
    }

    /// What things cost when.
    pub(super) fn prices(&mut self, reader: &Reader) -> Result<Arc<PriceHistory>> {
        let digest = reader.collection_digest(&Collection::Catalog)?;
        match &self.prices {
            Some((held, prices)) if *held == digest => Ok(prices.clone()),
            _ => {
                let prices = Arc::new(reader.price_history()?);
                self.prices = Some((digest, prices.clone()));
                Ok(prices)
            }
        }
    }

    /// What a store comes to, if its books are as they were.
    pub(super) fn unchanged(&self, store: &StoreId, reader: &Reader) -> Result<Option<&Looked>> {
        let Some(Kept { digests, end: Some(end), .. }) = self.stores.get(store) else {
            return Ok(None);
        };
        Ok((*digests == reader.book_digests(store)?).then_some(end))
    }

    /// The last of the store's stops before which nothing has changed.
    pub(super) fn resume(
        &self,
        store: &StoreId,
        days: &[(BusinessDate, Fingerprint)],
    ) -> Option<Stop> {
        let kept = self.stores.get(store)?;
        let same = kept.days.iter().zip(days).take_while(|(old, new)| old == new).count();
        kept.stops.iter().filter(|stop| stop.days <= same).max_by_key(|stop| stop.days).cloned()
    }

    /// Keeps what a run has made of a store, in the place of what an earlier one did.
    pub(super) fn keep(
        &mut self,
        store: &StoreId,
        reader: &Reader,
        days: Vec<(BusinessDate, Fingerprint)>,
        stops: Vec<Stop>,
        end: Option<Looked>,
    ) -> Result<()> {
        let mut stops = stops;
        if let Some(old) = self.stores.remove(store) {
            self.skus -= old.stops.iter().map(Stop::size).sum::<usize>();
            let same = old.days.iter().zip(&days).take_while(|(old, new)| old == new).count();
            let first = stops.iter().map(|stop| stop.days).min().unwrap_or(usize::MAX);
            stops.extend(old.stops.into_iter().filter(|s| s.days <= same && s.days < first));
        }
        stops.sort_unstable_by_key(|stop| stop.days);
        let stops = thinned(stops, days.len());
        let size: usize = stops.iter().map(Stop::size).sum();
        let found = |found: &[Finding]| found.len() <= MAX_FINDINGS;
        let holds = stops.iter().all(|stop| found(&stop.found))
            && end.as_ref().is_none_or(|end| found(&end.found));
        if holds && self.skus + size <= MAX_SKUS {
            self.skus += size;
            let digests = reader.book_digests(store)?;
            self.stores.insert(store.clone(), Kept { digests, days, stops, end });
        }
        Ok(())
    }
}

/// Whether a stop may be taken up later: what was found by then stays so whatever happens. (Kept
/// numbers that were wrong may have been made anew.)
pub(super) fn is_lasting(checks: &StoreChecks, found: &[Finding]) -> bool {
    checks.is_final() && found.iter().all(|finding| finding.proposal != Proposal::Rebuild)
}

/// Whether a run over so many days keeps a stop after this many: the last, and those at distances of
/// powers of two from it.
pub(super) fn is_stop(after: usize, days: usize) -> bool {
    let distance = days - after;
    distance == 0 || distance.is_power_of_two()
}

/// Of the stops at distances within the same power of two the first and the last: a late fact makes at
/// most about twice the days be gone through that lie behind it.
fn thinned(stops: Vec<Stop>, days: usize) -> Vec<Stop> {
    let bucket = |stop: &Stop| usize::BITS - (days - stop.days.min(days)).leading_zeros();
    let buckets: Vec<u32> = stops.iter().map(bucket).collect();
    let mut at = 0_usize;
    let mut stops = stops;
    stops.retain(|_| {
        let (before, here, after) =
            (at.checked_sub(1).and_then(|n| buckets.get(n)), buckets[at], buckets.get(at + 1));
        at += 1;
        before != Some(&here) || after != Some(&here)
    });
    stops
}
