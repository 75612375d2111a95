//! The consistency checks (数据核对) over the hub's books: what is found, kept as a numbered report and
//! compared with the one before.
//!
//! A run reads one view of the books, store by store, and holds the facts of one day at a time.

pub(crate) mod archive;
pub mod export;
pub mod report;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use books::Reader;
use ledger::check::accounts::Accounts;
use ledger::check::close::Closes;
use ledger::check::{Finding, StoreChecks};
use ledger::id::StoreId;
use ledger::time::{BusinessDate, Timestamp};

use crate::closes::witness;
use crate::error::Result;
use crate::hub::Hub;
use crate::registry::RegistryError;
use archive::Archive;
use report::{CheckFinding, CheckReport, Scope, State};

/// The most findings that a report lists; the others are counted. Books in which more is wrong have
/// one fault that shows everywhere.
pub const MAX_FINDINGS: usize = 10_000;

/// The checks of an open hub: who runs them, and how far they are.
#[derive(Debug, Default)]
pub(crate) struct Checks {
    /// One run at a time, since each takes the next number.
    running: Mutex<()>,
    done: AtomicU64,
    total: AtomicU64,
}

impl Checks {
    /// Days of stores gone through by the run under way, and in all.
    pub(crate) fn progress(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }

    fn begin(&self) -> MutexGuard<'_, ()> {
        // Nothing is guarded but the turn, so a panic leaves nothing half done.
        let turn = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        self.done.store(0, Ordering::Relaxed);
        self.total.store(0, Ordering::Relaxed);
        turn
    }
}

/// Runs every check on what is in scope, and keeps the report.
pub(crate) fn run(hub: &Hub, scope: Scope) -> Result<CheckReport> {
    let _turn = hub.checks().begin();
    let archive = Archive::of(hub.home());
    let earlier = archive.newest_covering(&scope)?;
    let reader = hub.reader()?;
    let stores = stores_in(hub, &reader, &scope)?;
    let days = days_of(&reader, stores)?;
    let total = days.iter().map(|(_, days)| days.len() as u64).sum();
    hub.checks().total.store(total, Ordering::Relaxed);

    let mut sieve = Sieve::new(scope);
    let mut facts = 0;
    let now = hub.now();
    let stores = days.len() as u64;
    for (store, days) in days {
        facts += check_store(hub, &reader, &store, days, now, &mut sieve)?;
    }
    if sieve.scope.store.is_none() {
        let mut accounts = Accounts::default();
        reader.each_balance(|sku, balance| accounts.balance(sku, balance))?;
        sieve.take(accounts.finish());
    }
    drop(reader);

    let Sieve { scope, kept, left_out } = sieve;
    let findings: Vec<_> = kept.iter().map(CheckFinding::of).collect();
    let mut report = CheckReport {
        number: archive.next_number()?,
        at: now,
        scope,
        stores,
        facts,
        findings,
        left_out,
        resolved: Vec::new(),
        compared_with: None,
    };
    if let Some(earlier) = earlier {
        compare(&mut report, earlier);
    }
    archive.keep(&report)?;
    Ok(report)
}

/// What of the findings belongs into the report.
struct Sieve {
    scope: Scope,
    kept: Vec<Finding>,
    left_out: u64,
}

impl Sieve {
    const fn new(scope: Scope) -> Self {
        Self { scope, kept: Vec::new(), left_out: 0 }
    }

    fn take(&mut self, found: Vec<Finding>) {
        for finding in found {
            if !self.scope.covers(finding.store.as_ref(), finding.date) {
                continue;
            }
            if self.kept.len() < MAX_FINDINGS {
                self.kept.push(finding);
            } else {
                self.left_out += 1;
            }
        }
    }
}

fn stores_in(hub: &Hub, reader: &Reader, scope: &Scope) -> Result<Vec<StoreId>> {
    let known = reader.store_names()?;
    match &scope.store {
        None => Ok(known),
        Some(store) if known.contains(store) => Ok(vec![store.clone()]),
        // Enrolled, and has booked nothing yet.
        Some(store) if hub.register().read(|stores| stores.store(store).is_some()) => {
            Ok(Vec::new())
        }
        Some(store) => Err(RegistryError::Unknown { store: store.clone() }.into()),
    }
}

fn days_of(reader: &Reader, stores: Vec<StoreId>) -> Result<Vec<(StoreId, Vec<BusinessDate>)>> {
    let days = |store| reader.days(&store).map(|days| (store, days));
    Ok(stores.into_iter().map(days).collect::<Result<_, _>>()?)
}

/// Gives the number of the store's facts. All days are gone through whatever the scope: what is on
/// hand in it began before it.
fn check_store(
    hub: &Hub,
    reader: &Reader,
    store: &StoreId,
    days: Vec<BusinessDate>,
    now: Timestamp,
    sieve: &mut Sieve,
) -> Result<u64> {
    let mut checks = StoreChecks::new(store, now);
    let mut closes = Closes::new(store);
    let mut facts = 0;
    for date in days {
        for stored in reader.facts_of_day(store, date)? {
            checks.fact(&stored.fact);
            closes.fact(&stored.fact, &stored.text);
            facts += 1;
        }
        checks.close_day(date, &reader.flows_of_day(store, date)?);
        let mut found = checks.take_found();
        closes.close_day(|close| witness(hub, store, close), &mut found);
        sieve.take(found);
        hub.checks().done.fetch_add(1, Ordering::Relaxed);
    }
    let mut on_hand = Vec::new();
    reader.each_on_hand(store, |sku, balance| on_hand.push((sku, balance)))?;
    sieve.take(checks.finish(on_hand));
    Ok(facts)
}

/// Says of each finding whether the report before had it, and which of that one's are gone.
fn compare(report: &mut CheckReport, earlier: CheckReport) {
    let known: BTreeSet<_> = earlier.findings.iter().map(CheckFinding::identity).collect();
    for finding in &mut report.findings {
        if known.contains(&finding.identity()) {
            finding.state = State::Persisting;
        }
    }
    report.compared_with = Some(earlier.number);
    // Of what is not listed nobody can say that it is gone.
    if report.left_out == 0 {
        let here: BTreeSet<_> = report.findings.iter().map(CheckFinding::identity).collect();
        let scope = &report.scope;
        let gone = |finding: &CheckFinding| {
            scope.covers(finding.store.as_ref(), finding.date)
                && !here.contains(&finding.identity())
        };
        let resolved = |finding| CheckFinding { state: State::Resolved, ..finding };
        report.resolved = earlier.findings.into_iter().filter(gone).map(resolved).collect();
    }
}
