//! The consistency checks (数据核对) over the hub's books: what is found, kept as a numbered report and
//! compared with the one before.
//!
//! A run reads one view of the books, store by store, and holds the facts of one day at a time. Books
//! that have not changed since the last run are not read again.

pub(crate) mod archive;
mod chain;
pub(crate) mod correct;
pub mod export;
pub mod life;
mod memory;
pub mod page;
mod pass;
pub mod report;
pub(crate) mod say;
pub mod schedule;
pub mod workbook;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};

use books::Reader;
use ledger::check::{Finding, Terms};
use ledger::id::StoreId;
use ledger::time::{BusinessDate, Timestamp};
use tokio::sync::Notify;

use crate::error::Result;
use crate::hub::Hub;
use crate::registry::RegistryError;
use archive::Archive;
use chain::Moved;
use memory::Memory;
pub use pass::Depth;
use pass::Pass;
use report::{CheckFinding, CheckReport, Scope, State};

/// The most findings that a report lists; the others are counted. Books in which more is wrong have
/// one fault that shows everywhere.
pub const MAX_FINDINGS: usize = 10_000;

/// The checks of an open hub: who runs them, and how far they are.
#[derive(Debug, Default)]
pub(crate) struct Checks {
    /// One run at a time, since each takes the next number.
    running: Mutex<Memory>,
    done: AtomicU64,
    total: AtomicU64,
    /// Somebody changed the schedules.
    rescheduled: Notify,
}

impl Checks {
    /// Waits until somebody changes the schedules.
    pub(crate) async fn rescheduled(&self) {
        self.rescheduled.notified().await;
    }

    fn reschedule(&self) {
        self.rescheduled.notify_one();
    }

    /// Days of stores gone through by the run under way, and in all.
    pub(crate) fn progress(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }

    /// Forgets what earlier runs have looked at, since kept numbers are made anew.
    pub(crate) fn forget(&self) {
        self.memory().forget();
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.running.lock().unwrap_or_else(|broken| {
            // What a run that panicked has kept of its pass may be half.
            let mut memory = broken.into_inner();
            memory.forget();
            self.running.clear_poison();
            memory
        })
    }

    fn begin(&self) -> MutexGuard<'_, Memory> {
        let turn = self.memory();
        self.done.store(0, Ordering::Relaxed);
        self.total.store(0, Ordering::Relaxed);
        turn
    }
}

/// Runs every check on what is in scope, and keeps the report.
pub(crate) fn run(hub: &Hub, scope: Scope, depth: Depth) -> Result<CheckReport> {
    let mut turn = hub.checks().begin();
    let archive = Archive::of(hub.home());
    let earlier = archive.newest_covering(&scope)?;
    let Seen { sieve, stores, facts, read, at } = look(hub, scope, depth, &mut turn)?;
    let Sieve { scope, kept, left_out } = sieve;
    let findings: Vec<_> = kept.iter().map(|finding| CheckFinding::of(finding, at)).collect();
    let mut report = CheckReport {
        number: archive.next_number()?,
        chain: Some(hub.config().title().to_owned()),
        at,
        scope,
        stores,
        facts,
        facts_read: Some(read),
        findings,
        left_out,
        resolved: Vec::new(),
        compared_with: None,
    };
    if let Some(earlier) = earlier {
        compare(&mut report, earlier);
    }
    name_operators(hub, &mut report)?;
    archive.keep(&report)?;
    Ok(report)
}

/// What a run has seen.
struct Seen {
    sieve: Sieve,
    stores: u64,
    facts: u64,
    read: u64,
    at: Timestamp,
}

/// Goes through one view of the books.
fn look(hub: &Hub, scope: Scope, depth: Depth, memory: &mut Memory) -> Result<Seen> {
    let reader = hub.reader()?;
    let stores = stores_in(hub, &reader, &scope)?;
    let days = days_of(&reader, stores)?;
    let total = days.iter().map(|(_, days)| days.len() as u64).sum();
    hub.checks().total.store(total, Ordering::Relaxed);

    let mut sieve = Sieve::new(scope);
    let at = hub.now();
    let limits = hub.config().checks.limits();
    let terms = Terms { now: at, limits, prices: memory.prices(&reader)? };
    memory.begin(&terms);
    let (reader, terms, done) = (&reader, &terms, &hub.checks().done);
    let moved = Moved::new();
    let mut pass = Pass { hub, reader, terms, depth, memory, done, facts: 0, read: 0, moved };
    let stores = days.len() as u64;
    for (store, days) in days {
        sieve.take(pass.store(&store, &days)?);
    }
    let Pass { facts, read, moved, memory, .. } = pass;
    sieve.take(chain::transfers(reader, moved, terms, depth, memory)?);
    sieve.take(chain::stores(hub, reader, terms)?);
    if sieve.scope.store.is_none() {
        sieve.take(chain::accounts(reader)?);
        sieve.take(chain::catalog(reader)?);
    }
    Ok(Seen { sieve, stores, facts, read, at })
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
            if !self.scope.covers(finding.check, finding.store.as_ref(), finding.date) {
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

/// Says of each new finding who recorded its first divergent fact, and when.
fn name_operators(hub: &Hub, report: &mut CheckReport) -> Result<()> {
    let reader = hub.reader()?;
    for finding in &mut report.findings {
        if let (Some(store), Some(fact), None) = (&finding.store, finding.fact, finding.at)
            && let Some(stored) = reader.fact(store, fact)?
        {
            finding.at = Some(stored.fact.at);
            finding.operator = stored.fact.operator;
        }
    }
    Ok(())
}

/// Says of each finding whether the report before had it, and which of that one's are gone.
fn compare(report: &mut CheckReport, earlier: CheckReport) {
    let known: BTreeMap<_, _> =
        earlier.findings.iter().map(|finding| (finding.identity(), finding)).collect();
    for finding in &mut report.findings {
        if let Some(known) = known.get(&finding.identity()) {
            finding.state = State::Persisting;
            (finding.at, finding.operator) = (known.at, known.operator.clone());
        }
    }
    report.compared_with = Some(earlier.number);
    // Of what is not listed nobody can say that it is gone.
    if report.left_out == 0 {
        let here: BTreeSet<_> = report.findings.iter().map(CheckFinding::identity).collect();
        let scope = &report.scope;
        let gone = |finding: &CheckFinding| {
            scope.covers(finding.check, finding.store.as_ref(), finding.date)
                && !here.contains(&finding.identity())
        };
        let resolved = |finding| CheckFinding { state: State::Resolved, ..finding };
        report.resolved = earlier.findings.into_iter().filter(gone).map(resolved).collect();
    }
}

#[cfg(test)]
mod tests;
