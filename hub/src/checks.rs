//! The consistency checks (数据核对) over the hub's books: what is found, kept as a numbered report and
//! compared with the one before.
//!
//! A run reads one moment of the books, a store on each core, and holds the facts of one day of each.
//! Books that have not changed since the last run are not read again.

pub(crate) mod archive;
mod buying;
mod chain;
pub(crate) mod correct;
mod crew;
mod drawer;
pub mod export;
pub mod life;
mod memory;
pub mod page;
mod pass;
pub mod replicas;
pub mod report;
mod returns;
pub(crate) mod say;
pub mod schedule;
pub mod workbook;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::thread;

use books::Reader;
use ledger::check::accounts::Accounts;
use ledger::check::{Finding, Terms};
use ledger::id::StoreId;
use ledger::time::Timestamp;
use tokio::sync::Notify;

use crate::error::Result;
use crate::home::Home;
use crate::hub::Hub;
use crate::registry::RegistryError;
use archive::Archive;
use buying::Bought;
use chain::Moved;
use memory::{Looked, Memory};
pub use pass::Depth;
use pass::Pass;
use report::{CheckFinding, CheckReport, Scope, State};
use returns::Returned;

/// The most findings that a report lists; the others are counted. Books in which more is wrong have
/// one fault that shows everywhere.
pub const MAX_FINDINGS: usize = 10_000;

/// The most stores that are looked at at once. Each costs a page cache and a day's facts, some 20 MB.
const MAX_CREW: usize = 8;

/// The checks of an open hub: who runs them, and how far they are.
#[derive(Debug)]
pub(crate) struct Checks {
    /// One run at a time, since each takes the next number.
    running: Mutex<Memory>,
    done: AtomicU64,
    total: AtomicU64,
    /// Somebody changed the schedules.
    rescheduled: Notify,
}

impl Checks {
    pub(crate) fn new(home: &Home) -> Self {
        Self {
            running: Mutex::new(Memory::at(home.checked())),
            done: AtomicU64::default(),
            total: AtomicU64::default(),
            rescheduled: Notify::default(),
        }
    }

    /// Waits until somebody changes the schedules.
    pub(crate) async fn rescheduled(&self) {
        self.rescheduled.notified().await;
    }

    fn reschedule(&self) {
        self.rescheduled.notify_one();
    }

    /// Days of stores gone through by the run under way, and in all, of the stores that it looks at.
    pub(crate) fn progress(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }

    /// Forgets what earlier runs have looked at, since kept numbers are made anew.
    pub(crate) fn forget(&self) -> Result<()> {
        self.memory().forget()
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.running.lock().unwrap_or_else(|broken| {
            // What a run that panicked has kept of its pass may be half; what it wrote is whole.
            let mut memory = broken.into_inner();
            memory.distrust();
            self.running.clear_poison();
            memory
        })
    }

    /// Waits for the run under way, if any, to end; the next one begins when what is given is dropped.
    pub(crate) fn turn(&self) -> impl Drop + use<'_> {
        self.memory()
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
    let compared = replicas::compare(hub, &scope, depth);
    let Seen { mut sieve, stores, facts, read, at } = look(hub, scope, depth, &mut turn)?;
    sieve.take(compared.judge(&hub.reader()?)?);
    sieve.left_out += compared.left_out();
    let Sieve { scope, kept, left_out } = sieve;
    let mut findings: Vec<_> = kept.iter().map(|finding| CheckFinding::of(finding, at)).collect();
    if let Some(earlier) = &earlier {
        // What a store keeps is only known while it is connected.
        let unseen = |finding: &&CheckFinding| compared.leaves_open(finding);
        findings.extend(earlier.findings.iter().filter(unseen).cloned());
    }
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
    name_operators(hub, &mut report.findings)?;
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

/// Goes through one moment of the books.
fn look(hub: &Hub, scope: Scope, depth: Depth, memory: &mut Memory) -> Result<Seen> {
    let crew = thread::available_parallelism().map_or(1, usize::from).min(MAX_CREW);
    let mut readers = hub.books().readers(crew)?;
    let reader = &readers[0];
    let stores = stores_in(hub, reader, &scope)?;
    let at = hub.now();
    let limits = hub.config().checks.limits();
    let terms = &Terms { now: at, limits, prices: memory.prices(reader)? };
    memory.begin(terms)?;

    let Checks { done, total, .. } = hub.checks();
    let pass = Pass { hub, terms, memory, done };
    let mut work = Vec::with_capacity(stores.len());
    for store in &stores {
        let of_store = pass.work(reader, store, depth)?;
        total.fetch_add(of_store.days(), Ordering::Relaxed);
        work.push(of_store);
    }
    let mut whole = Whole { sieve: Sieve::new(scope), ..Whole::default() };
    let each = |reader: &Reader, number: usize| pass.store(reader, &stores[number], &work[number]);
    crew::each(&mut readers, stores.len(), each, |number, (looked, read)| {
        whole.take(&stores[number], looked, read);
    })?;

    let reader = &readers[0];
    let Whole { mut sieve, facts, read, moved, bought, returned, mut accounts } = whole;
    let ends = chain::ends(reader)?;
    sieve.take(chain::transfers(reader, moved, &ends, terms, depth, memory)?);
    sieve.take(buying::check(reader, bought, &ends, terms, depth, memory)?);
    sieve.take(returns::check(reader, returned)?);
    sieve.take(chain::stores(hub, reader, terms)?);
    if sieve.scope.store.is_none() {
        reader.each_balance_elsewhere(|sku, balance| accounts.balance(sku, balance))?;
        sieve.take(accounts.finish());
        sieve.take(chain::catalog(reader)?);
        sieve.take(chain::pieces(reader)?);
    }
    memory.end();
    Ok(Seen { sieve, stores: stores.len() as u64, facts, read, at })
}

/// What the stores come to.
#[derive(Default)]
struct Whole {
    sieve: Sieve,
    facts: u64,
    read: u64,
    moved: Moved,
    bought: Bought,
    returned: Returned,
    accounts: Accounts,
}

impl Whole {
    /// Takes the next store in, and how many of its facts were read for it.
    fn take(&mut self, store: &StoreId, looked: Looked, read: u64) {
        let Looked { found, facts, transfers, purchases, invoices, elsewhere, uneven } = looked;
        self.facts += facts;
        self.read += read;
        for (transfer, fact) in transfers {
            self.moved.entry(transfer).or_default().insert((store.clone(), fact));
        }
        self.bought.take(store, purchases, invoices);
        for (sale, fact) in elsewhere {
            self.returned.entry(sale).or_default().insert((store.clone(), fact));
        }
        uneven.into_iter().for_each(|(sku, sum)| self.accounts.balance(sku, sum));
        self.sieve.take(found);
    }
}

/// What of the findings belongs into the report.
#[derive(Default)]
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

/// Says of each new finding who recorded its first divergent fact, and when.
pub(crate) fn name_operators(hub: &Hub, findings: &mut [CheckFinding]) -> Result<()> {
    let reader = hub.reader()?;
    for finding in findings {
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
