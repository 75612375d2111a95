//! The consistency checks over a hub's books: everything, and again when nothing, or one more day, has
//! come in, against the same rows as bare SQLite reads them.

mod month;
mod sql;

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use hub::ask::checks::RunChecks;
use hub::checks::Depth;
use hub::checks::report::{CheckReport, Scope};
use hub::{Door, Home, Hub, Setup};
use ledger::catalog::Field;
use ledger::id::StoreId;
use ledger::time::{BusinessDate, Timestamp};
use sync_proto::quic::WallClock;
use sync_proto::replica::Replica as _;
use sync_proto::{Admitted, Writer};

use crate::Outcome;
use crate::report::{Report, Spent};
use crate::work::{self, Result};
use examples::generator::Chain;
use month::Shop;
use sql::Movements;

/// Stores of the chain.
const STORES: u16 = 100;

/// Days that they sell before the first run.
const DAYS: i32 = 30;

/// Sales of a store on a day, on average.
const SALES: u32 = 500;

/// How long before its first sale the chain sets its prices.
const PRICED_DAYS: i32 = 7;

/// A clock that stands still until it is set.
#[derive(Debug)]
struct HandClock(AtomicI64);

impl HandClock {
    /// Sets it to the first moment of a day.
    fn set(&self, date: BusinessDate) -> Result<()> {
        let at = date.date().to_zoned(jiff::tz::TimeZone::UTC)?.timestamp().as_millisecond();
        self.0.store(at, Ordering::Relaxed);
        Ok(())
    }
}

impl WallClock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::Relaxed))
    }
}

/// What a store sells on the day after the month.
type Tomorrow = (StoreId, Vec<Admitted>);

pub(crate) fn run() -> Outcome {
    let dir = tempfile::tempdir()?;
    let chain = work::chain(STORES, SALES)?;
    let first_day = chain.scale().first_day;
    let clock = Arc::new(HandClock(AtomicI64::default()));
    clock.set(first_day.plus_days(-PRICED_DAYS))?;
    let home = Home::at(dir.path().join("hub"));
    let hub = Hub::init_at(&home, Setup::default(), clock.clone())?;
    set_prices(&hub, &chain)?;
    let movements = Mutex::new(Movements::new(&dir.path().join("movements.db"))?);
    let tomorrow = sell_a_month(&hub, &chain, &movements)?;

    clock.set(first_day.plus_days(DAYS + 1))?;
    let (full, whole) = timed(&hub, Depth::Full)?;
    // As a hub that was started again: what it knows of the first run, it has read from its folder.
    drop(hub);
    let hub = Hub::open_at(&home, clock.clone())?;
    let (same, idle) = timed(&hub, Depth::Changed)?;
    clock.set(first_day.plus_days(DAYS + 2))?;
    let mut tomorrow = tomorrow.into_iter();
    let mut one_more_day = |stores: usize| -> Result<(CheckReport, Spent)> {
        for (store, changes) in tomorrow.by_ref().take(stores) {
            hub.books().apply(&Writer::Store(store), changes)?;
        }
        timed(&hub, Depth::Changed)
    };
    let (day_of_one, one) = one_more_day(1)?;
    let (day_of_all, all) = one_more_day(usize::from(STORES))?;
    drop(hub);
    let read = sql::read_rows(&home.dir().join("books.db"))?;
    let proven = movements.into_inner().unwrap_or_else(PoisonError::into_inner).prove()?;

    let (facts, cores) = (full.facts as f64, thread::available_parallelism()?.get());
    let of = |report: &CheckReport| {
        let (read, found) = (report.facts_read.unwrap_or(0), report.findings.len());
        format!("{read} of {} facts read, {found} findings", report.facts)
    };
    let work = format!("{STORES} stores, {DAYS} days, {}, {cores} cores", of(&full));
    let again = |name, report: &CheckReport, spent: Spent| {
        Report::lower(name, "s", spent.cpu)
            .against("a full run, both of one core", whole.cpu)
            .work(format!("{}; {:.3} s by the clock", of(report), spent.wall))
    };
    Ok(vec![
        Report::higher("checks", "facts/s", facts / whole.wall)
            .against("the aim for each core", 1_000_000.0 * cores as f64)
            .work(&work),
        Report::higher("checks.core", "facts/s", facts / whole.cpu)
            .against("the stock equation alone, proved by one SQL pass", facts / proven.cpu)
            .work("for a second of one core"),
        Report::higher("checks.read", "facts/s", facts / whole.cpu)
            .against("reading the hub's rows with SQL, proving nothing", facts / read.cpu)
            .work("for a second of one core"),
        again("checks.again", &same, idle),
        again("checks.day_of_one", &day_of_one, one),
        again("checks.day_of_all", &day_of_all, all),
    ])
}

/// Head office sets what everything costs.
fn set_prices(hub: &Hub, chain: &Chain) -> Result<()> {
    let price = |item: &examples::generator::Item| {
        let price = (Field::Price, item.product.price.to_string());
        (item.product.sku.clone(), [price].into())
    };
    hub.edit_catalog(chain.items().iter().map(price).collect())?;
    Ok(())
}

/// Every store books its days, a store on each core, and the hub takes them in as they come. What they
/// book on the day after is given back, for later.
fn sell_a_month(hub: &Hub, chain: &Chain, movements: &Mutex<Movements>) -> Result<Vec<Tomorrow>> {
    let next = AtomicUsize::new(0);
    let stores = || -> Result<Vec<(usize, Tomorrow)>> {
        let mut last_days = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(store) = chain.stores().get(number) else { return Ok(last_days) };
            let mut shop = Shop::new(hub.books().chain(), chain, store);
            let (mut facts, mut changes) = (Vec::new(), Vec::new());
            for day in 0..DAYS {
                let day = shop.day(chain.scale().first_day.plus_days(day))?;
                facts.extend(day.facts);
                changes.extend(day.changes);
            }
            let peer = Writer::Store(shop.store().clone());
            hub.books().apply(&peer, changes)?;
            movements.lock().unwrap_or_else(PoisonError::into_inner).book(number, &facts)?;
            let tomorrow = shop.day(chain.scale().first_day.plus_days(DAYS))?;
            last_days.push((number, (shop.store().clone(), tomorrow.changes)));
        }
    };
    let stores = || stores().map_err(|error| error.to_string());
    let cores = thread::available_parallelism()?.get();
    let mut last_days = Vec::new();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(stores)).collect();
        for worker in workers {
            last_days.extend(worker.join().expect("a store does not panic")?);
        }
        Ok::<_, String>(())
    })?;
    last_days.sort_by_key(|(number, _)| *number);
    Ok(last_days.into_iter().map(|(_, day)| day).collect())
}

fn timed(hub: &Hub, depth: Depth) -> Result<(CheckReport, Spent)> {
    Spent::on(|| Ok(hub.ask(RunChecks { scope: Scope::default(), depth })?))
}
