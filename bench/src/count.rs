//! Counting the shelves while the tills go on: how long a sale takes with and without.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use examples::till::Till;
use ledger::amount::Quantity;
use ledger::command::InboundLine;
use ledger::id::{RequestId, Sku};
use store_node::ask::count::{AddCount, PostCount, StartCount};
use store_node::door::Door;
use store_node::{Node, Request};

use crate::Outcome;
use crate::report::{Report, Times};
use crate::work::{self, Result};

/// Counted lines in all, and how many a stocktake has.
const LINES: usize = 10_000;
const SHEET: usize = 1_112;

/// Lines that a counter hands in at once: a shelf.
const SHELF: usize = 4;

/// Counters put down so many lines a second, all together.
const LINES_PER_SECOND: usize = 200;

/// Sales a second.
const SALES_PER_SECOND: u32 = 50;

/// Sales without counting: as many as during the count.
const SALES: usize = LINES / LINES_PER_SECOND * SALES_PER_SECOND as usize;

/// Sales that are generated: enough for both, should counting take longer.
const GENERATED: usize = 4 * SALES;

pub(crate) fn run() -> Outcome {
    let chain = work::chain(1, 1_000)?;
    let dir = tempfile::tempdir()?;
    let store = &chain.stores()[0];
    let node = work::node(dir.path(), store)?;
    let mut till = Till::new(node.clone());
    let first_day = chain.scale().first_day;
    till.open(RequestId::new("opening")?, first_day, &chain.opening(store))?;
    let goods: Vec<String> = (0..SHEET).map(|number| format!("shelf-{number}")).collect();
    for (at, part) in goods.chunks(SHEET / 2).enumerate() {
        let line = |sku: &String| -> Result<InboundLine> {
            let (quantity, cost) = (Quantity::units(10)?, "10".parse()?);
            Ok(InboundLine { sku: Sku::new(sku)?, lot: None, quantity, cost })
        };
        let lines = part.iter().map(line).collect::<Result<Vec<_>>>()?;
        till.open(RequestId::new(&format!("shelves-{at}"))?, first_day, &lines)?;
    }
    let request = |(date, event)| examples::till::sale(date, &event);
    let sales: Option<Vec<Request>> =
        work::sales(&chain, store, GENERATED).into_iter().map(request).collect();
    let sales = sales.ok_or("not a sale")?;
    let (alone, beside) = sales.split_at(SALES);

    let stop = AtomicBool::new(false);
    let quiet = sell(&node, alone, &stop)?;
    let counting = || -> std::result::Result<Duration, String> {
        let started = Instant::now();
        let counted = count(&node, &goods).map_err(|error| error.to_string());
        stop.store(true, Ordering::Relaxed);
        counted.map(|()| started.elapsed())
    };
    let (took, busy) = thread::scope(|scope| -> Result<_> {
        let counter = scope.spawn(counting);
        let busy = sell(&node, beside, &stop);
        Ok((counter.join().expect("a counter does not panic")?, busy?))
    })?;
    let work = format!(
        "{LINES} lines of {} stocktakes in {:.0} s, {SALES_PER_SECOND} sales/s, {} sales",
        LINES.div_ceil(SHEET),
        took.as_secs_f64(),
        busy.len()
    );
    let (quiet, busy) = (Times::new(quiet), Times::new(busy));
    let report = |name, percent| {
        Report::lower(name, "ms", busy.percentile_ms(percent))
            .against("the same without counting", quiet.percentile_ms(percent))
            .work(work.clone())
    };
    Ok(vec![report("count.sale_p50", 50), report("count.sale_p99", 99)])
}

/// Sells so many a second until the sales are over or somebody says stop. How long each took.
fn sell(node: &Node, sales: &[Request], stop: &AtomicBool) -> Result<Vec<Duration>> {
    let started = Instant::now();
    let mut times = Vec::with_capacity(sales.len());
    for (number, sale) in (0_u32..).zip(sales) {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        wait_until(started, Duration::from_secs(1) * number / SALES_PER_SECOND);
        let began = Instant::now();
        node.book(sale.clone())?;
        times.push(began.elapsed());
    }
    Ok(times)
}

/// Counts every product, sheet after sheet, and posts each sheet.
fn count(node: &Node, goods: &[String]) -> Result<()> {
    let started = Instant::now();
    let mut done = 0;
    while done < LINES {
        node.ask(StartCount::default())?;
        for shelf in goods[..SHEET.min(LINES - done)].chunks(SHELF) {
            let at = Duration::from_secs(1) * u32::try_from(done)? / LINES_PER_SECOND as u32;
            wait_until(started, at);
            let line = |sku: &String| format!("{sku}:10").parse();
            let lines = shelf.iter().map(line).collect::<std::result::Result<_, _>>()?;
            node.ask(AddCount { lines, ..AddCount::default() })?;
            done += shelf.len();
        }
        node.ask(PostCount::default())?;
    }
    Ok(())
}

fn wait_until(started: Instant, at: Duration) {
    thread::sleep(at.saturating_sub(started.elapsed()));
}
