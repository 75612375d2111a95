//! What earlier runs have looked at, so that the next one looks only at what has changed.
//!
//! For each store two files lie in the hub's folder: what the checks made of its books as they stood at the
//! end of a run, and how far they were after some of its days, more of them the nearer to the end. A store
//! whose books are the same is not looked at again; one with new facts is gone through from the last of those
//! days before which nothing has changed. A start of the hub forgets nothing; a new version of the program
//! looks at everything once.
//!
//! Only what has come from a store is noticed. Kept numbers that were changed behind the hub's back are
//! found by a full run.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use books::Reader;
use books::read::Fingerprint;
use ledger::check::invoices::Numbered;
use ledger::check::prices::PriceHistory;
use ledger::check::{Finding, Limits, Proposal, SoFar, StoreChecks, Terms};
use ledger::fact::Elsewhere;
use ledger::fold::Balance;
use ledger::id::{FactId, PurchaseId, Sku, StoreId, TransferId};
use ledger::time::{BusinessDate, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sync_proto::{Collection, Digest};

use super::MAX_FINDINGS;
use super::drawer::{Drawer, Series};
use crate::ca::CaError;
use crate::error::{HubError, Result};

/// The most bytes of a store's stops that are kept; beyond that the oldest go. A stop takes about 15 bytes
/// for each SKU that the store has ever had, and three years have up to twenty stops: with 10,000
/// SKUs 3 MB, a small part of what such a store's facts take.
pub(super) const MAX_STOPS_LEN: usize = 8 * 1024 * 1024;

/// How much stops are pressed: quickly, since every run writes some.
const PRESS_LEVEL: i32 = 1;

/// The most bytes that a stop unpacks to.
const MAX_STOP_LEN: usize = 256 * 1024 * 1024;

/// The file that says which series holds, and of what series it is itself.
const TERMS: (&str, Series) = ("terms", [0; 16]);

const TRANSFERS: &str = "transfers";

const PURCHASES: &str = "purchases";

/// A store's facts as checks have gone through them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Looked {
    /// What was found, in the order in which it is reported.
    pub(super) found: Vec<Finding>,
    /// How many facts there are.
    pub(super) facts: u64,
    /// Those that moved goods of transfers.
    pub(super) transfers: Vec<(TransferId, FactId)>,
    /// Those that moved goods of purchase orders.
    pub(super) purchases: Vec<(PurchaseId, FactId)>,
    /// The suppliers' invoices that stand.
    pub(super) invoices: Vec<Numbered>,
    /// Those that took goods of other stores' sales back.
    pub(super) elsewhere: Vec<(Elsewhere, FactId)>,
    /// What the store's accounts come to, where that is not nothing.
    pub(super) uneven: Vec<(Sku, Balance)>,
}

/// The checks of a store after some of its days.
#[derive(Debug)]
pub(super) struct Stop {
    /// How many days they have gone through.
    pub(super) days: usize,
    /// How long the checks are, written with what they have found.
    len: usize,
    /// The same, pressed.
    pressed: Vec<u8>,
}

/// The checks of a store on their way.
#[derive(Debug)]
pub(super) struct Way {
    pub(super) days: usize,
    pub(super) checks: StoreChecks,
    pub(super) found: Vec<Finding>,
    pub(super) facts: u64,
}

/// By what a day of a store is known again.
pub(super) type DayPrint = (BusinessDate, [u8; 32]);

/// A store at the end of a run, as it is written.
#[derive(Serialize, Deserialize)]
struct End {
    digests: BTreeMap<String, [u8; 16]>,
    looked: Looked,
}

/// What stands before a store's stops: its days, and for each stop how many of them it has behind it and
/// how many bytes it takes, written and pressed.
#[derive(Default, Serialize, Deserialize)]
struct Index {
    days: Vec<DayPrint>,
    stops: Vec<(usize, usize, usize)>,
}

/// By which terms everything kept was looked at; when these change, nothing holds any more.
#[derive(Debug, Serialize, Deserialize)]
struct Held {
    series: Series,
    at: Timestamp,
    limits: Limits,
    prices: [u8; 32],
}

/// Orders in which nothing is wrong and nothing can go wrong by itself, by what is held of them: of the
/// order, and how many facts.
pub(super) type Settled<Id> = HashMap<Id, ([u8; 32], usize)>;

/// What earlier runs have looked at.
#[derive(Debug)]
pub(super) struct Memory {
    drawer: Drawer,
    held: Option<Held>,
    /// What things cost when, as long as the catalog and the stores' groups are the same.
    prices: Option<([Digest; 2], Arc<PriceHistory>)>,
    /// Transfers with nothing wrong and nothing on the way.
    pub(super) settled: Settled<TransferId>,
    /// Purchases with nothing wrong, of which every fact that is named is here.
    pub(super) settled_purchases: Settled<PurchaseId>,
}

impl Memory {
    /// What lies in a folder.
    pub(super) fn at(dir: PathBuf) -> Self {
        let (settled, settled_purchases) = (Settled::new(), Settled::new());
        Self { drawer: Drawer::at(dir), held: None, prices: None, settled, settled_purchases }
    }

    /// Makes ready for a run under these terms.
    pub(super) fn begin(&mut self, terms: &Terms) -> Result<()> {
        if self.held.is_none() {
            self.held = self.drawer.read(&TERMS.1, TERMS.0).and_then(|bytes| read(&bytes));
            self.settled = self.of_series(TRANSFERS).unwrap_or_default();
            self.settled_purchases = self.of_series(PURCHASES).unwrap_or_default();
        }
        let holds = self.held.as_ref().is_some_and(|held| {
            held.at <= terms.now
                && held.limits == terms.limits
                && held.prices == terms.prices.hash_until(held.at)
        });
        if !holds {
            self.forget()?;
            self.drawer.clear();
        }
        let series = match &self.held {
            Some(held) => held.series,
            None => new_series()?,
        };
        let (at, limits) = (terms.now, terms.limits);
        let held = Held { series, at, limits, prices: terms.prices.hash_until(at) };
        self.drawer.write(&TERMS.1, TERMS.0, &written(&held));
        self.held = Some(held);
        Ok(())
    }

    /// Keeps what a run has learned of the chain as a whole.
    pub(super) fn end(&self) {
        self.write(TRANSFERS, &written(&self.settled));
        self.write(PURCHASES, &written(&self.settled_purchases));
    }

    /// Forgets everything: somebody may have changed what no store's word tells.
    pub(super) fn forget(&mut self) -> Result<()> {
        self.distrust();
        // Without it no other file counts.
        self.drawer.remove(TERMS.0).map_err(|source| HubError::File {
            what: "take away",
            path: self.drawer.dir().join(TERMS.0),
            source,
        })
    }

    /// Believes what is written, and nothing else.
    pub(super) fn distrust(&mut self) {
        self.held = None;
        self.settled.clear();
        self.settled_purchases.clear();
    }

    /// What things cost when.
    pub(super) fn prices(&mut self, reader: &Reader) -> Result<Arc<PriceHistory>> {
        let digests = [
            reader.collection_digest(&Collection::Catalog)?,
            reader.collection_digest(&Collection::Parties)?,
        ];
        match &self.prices {
            Some((held, prices)) if *held == digests => Ok(prices.clone()),
            _ => {
                let prices = Arc::new(reader.price_history()?);
                self.prices = Some((digests, prices.clone()));
                Ok(prices)
            }
        }
    }

    /// What a store comes to, if its books are as they were.
    pub(super) fn unchanged(&self, store: &StoreId, reader: &Reader) -> Result<Option<Looked>> {
        let Some(End { digests, looked }) = self.of_series(&end_of(store)) else { return Ok(None) };
        Ok((digests == self::digests(reader, store)?).then_some(looked))
    }

    /// The checks after the last of the store's stops before which nothing has changed.
    pub(super) fn resume(&self, store: &StoreId, days: &[DayPrint], terms: &Terms) -> Option<Way> {
        let (same, stops) = self.stops(store, days)?;
        let stop =
            stops.into_iter().filter(|stop| stop.days <= same).max_by_key(|stop| stop.days)?;
        stop.taken_up(terms)
    }

    /// Keeps what a run has made of a store, in the place of what an earlier one did.
    pub(super) fn keep(
        &self,
        store: &StoreId,
        reader: &Reader,
        days: Vec<DayPrint>,
        stops: Vec<Stop>,
        end: Option<&Looked>,
    ) -> Result<()> {
        let mut stops = stops;
        let first = stops.iter().map(|stop| stop.days).min().unwrap_or(usize::MAX);
        if let Some((same, old)) = self.stops(store, &days) {
            stops.extend(old.into_iter().filter(|stop| stop.days <= same && stop.days < first));
        }
        stops.sort_unstable_by_key(|stop| stop.days);
        let stops = fitting(thinned(stops, days.len()));
        let place = |stop: &Stop| (stop.days, stop.len, stop.pressed.len());
        let places = stops.iter().map(place).collect();
        let index = written(&Index { days, stops: places });
        let mut body = (index.len() as u64).to_le_bytes().to_vec();
        body.extend(index);
        stops.iter().for_each(|stop| body.extend(&stop.pressed));
        self.write(&stops_of(store), &body);
        if let Some(looked) = end.filter(|end| end.found.len() <= MAX_FINDINGS) {
            let end = End { digests: digests(reader, store)?, looked: looked.clone() };
            self.write(&end_of(store), &written(&end));
        }
        Ok(())
    }

    /// A store's stops, and how many of its days are as they were.
    fn stops(&self, store: &StoreId, days: &[DayPrint]) -> Option<(usize, Vec<Stop>)> {
        let held = self.held.as_ref()?;
        let body = self.drawer.read(&held.series, &stops_of(store))?;
        let (len, rest) = body.split_first_chunk()?;
        let (index, mut rest) = rest.split_at_checked(u64::from_le_bytes(*len).try_into().ok()?)?;
        let index: Index = read(index)?;
        let same = index.days.iter().zip(days).take_while(|(old, new)| old == new).count();
        let mut stops = Vec::new();
        for (days, len, pressed_len) in index.stops {
            let (pressed, later) = rest.split_at_checked(pressed_len)?;
            stops.push(Stop { days, len, pressed: pressed.to_vec() });
            rest = later;
        }
        Some((same, stops))
    }

    fn of_series<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        read(&self.drawer.read(&self.held.as_ref()?.series, name)?)
    }

    fn write(&self, name: &str, body: &[u8]) {
        if let Some(held) = &self.held {
            self.drawer.write(&held.series, name, body);
        }
    }
}

impl Way {
    /// From the first day on.
    pub(super) fn new(store: &StoreId, terms: &Terms) -> Self {
        let checks = StoreChecks::new(store, terms.clone());
        Self { days: 0, checks, found: Vec::new(), facts: 0 }
    }

    /// Whether it may be taken up later: what was found by then stays so whatever happens. (Kept numbers
    /// that were wrong may have been made anew.)
    pub(super) fn is_lasting(&self) -> bool {
        self.checks.is_final() && self.found.iter().all(|told| told.proposal != Proposal::Rebuild)
    }

    /// Where it stands, to be taken up later; none if that is not worth it.
    pub(super) fn stop(&self) -> Option<Stop> {
        if !self.is_lasting() || self.found.len() > MAX_FINDINGS {
            return None;
        }
        let state = written(&(self.checks.so_far(), &self.found, self.facts));
        let pressed = zstd::bulk::compress(&state, PRESS_LEVEL).ok()?;
        let len = state.len();
        (len <= MAX_STOP_LEN).then_some(Stop { days: self.days, len, pressed })
    }
}

impl Stop {
    fn taken_up(&self, terms: &Terms) -> Option<Way> {
        let state = zstd::bulk::decompress(&self.pressed, self.len.min(MAX_STOP_LEN)).ok()?;
        let (so_far, found, facts): (SoFar, _, _) = read(&state)?;
        let checks = StoreChecks::resume(so_far, terms.clone());
        Some(Way { days: self.days, checks, found, facts })
    }
}

/// Whether a run over so many days keeps a stop after this many: the last, and those at distances of
/// powers of two from it.
pub(super) fn is_stop(after: usize, days: usize) -> bool {
    let distance = days - after;
    distance == 0 || distance.is_power_of_two()
}

/// By what the days of a store are known again.
pub(super) fn prints(
    held: &BTreeMap<BusinessDate, Fingerprint>,
    days: &[BusinessDate],
) -> Vec<DayPrint> {
    let print = |date| *held.get(date).copied().unwrap_or_default().as_bytes();
    days.iter().map(|date| (*date, print(date))).collect()
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

/// The last of the stops, as many as fit.
fn fitting(mut stops: Vec<Stop>) -> Vec<Stop> {
    let mut room = MAX_STOPS_LEN;
    let fits = stops.iter().rev().take_while(|stop| {
        let fits = stop.pressed.len() <= room;
        room = room.saturating_sub(stop.pressed.len());
        fits
    });
    let count = fits.count();
    stops.drain(..stops.len() - count);
    stops
}

fn digests(reader: &Reader, store: &StoreId) -> Result<BTreeMap<String, [u8; 16]>> {
    let digests = reader.book_digests(store)?.into_iter();
    Ok(digests.map(|(name, digest)| (name, digest.to_bytes())).collect())
}

fn end_of(store: &StoreId) -> String {
    format!("{store}.end")
}

fn stops_of(store: &StoreId) -> String {
    format!("{store}.stops")
}

fn new_series() -> Result<Series> {
    let mut series = Series::default();
    getrandom::fill(&mut series).map_err(|_| CaError::NoRandomness)?;
    Ok(series)
}

fn written(value: &impl Serialize) -> Vec<u8> {
    postcard::to_stdvec(value).expect("numbers, names and lists always serialize")
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}
