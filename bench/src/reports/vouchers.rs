//! Vouchers of a chain's whole history, by day; and the memory that takes, beside a tenth of the stores.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use books::{Books, Config};
use ledger::id::StoreId;
use ledger::voucher::{Journal, Mapping, Remainders, Voucher};
use sync_proto::Writer;
use sync_proto::replica::Replica as _;

use super::toys::Toys;
use crate::Outcome;
use crate::report::Report;
use crate::work::{self, Result};

/// What vouchers of all may take, in seconds.
const AIM: f64 = 10.0;

/// How much more memory all stores may take than a tenth of them.
const FLAT: f64 = 1.5;

/// What a process says of its run.
struct Run {
    seconds: f64,
    peak: f64,
    vouchers: u64,
    facts: u64,
}

pub(crate) fn run() -> Outcome {
    let dir = tempfile::tempdir()?;
    let path = dir.path().join("hub.db");
    let toys = Toys::read()?;
    {
        let hub = Books::open(&path, Config { chain: work::chain_id(), me: Writer::Hub })?;
        for store in toys.stores() {
            hub.apply(&Writer::Store(store.id.clone()), toys.history(store)?.1)?;
        }
    }
    let stores = toys.stores().len();
    let (tenth, all) = (in_a_process(&path, stores / 10)?, in_a_process(&path, stores)?);
    let work = format!(
        "{stores} stores, {} facts, {} vouchers, {}",
        all.facts,
        all.vouchers,
        toys.source()
    );
    Ok(vec![
        Report::lower("vouchers.time", "s", all.seconds).against("the aim", AIM).work(work.clone()),
        Report::lower("vouchers.memory", "MB", all.peak / 1e6)
            .against("half as much again as for a tenth of the stores", tenth.peak * FLAT / 1e6)
            .work(work),
    ])
}

fn in_a_process(path: &Path, stores: usize) -> Result<Run> {
    let mut command = Command::new(std::env::current_exe()?);
    let output = command.arg("--part=vouchers").arg(path).arg(stores.to_string()).output()?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let figures: Vec<&str> = printed.split_whitespace().collect();
    let [seconds, peak, vouchers, facts] = figures[..] else {
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(format!("the run said {printed:?} {complaint}").into());
    };
    Ok(Run {
        seconds: seconds.parse()?,
        peak: peak.parse()?,
        vouchers: vouchers.parse()?,
        facts: facts.parse()?,
    })
}

/// Makes the vouchers of the first stores, and says how long that took and the most memory it held.
pub(crate) fn part(args: &[String]) -> Result<()> {
    let [path, stores] = args else {
        return Err("a path and a number of stores are needed".into());
    };
    let books = Books::open(Path::new(path), Config { chain: work::chain_id(), me: Writer::Hub })?;
    let reader = books.reader()?;
    let names: Vec<StoreId> = reader.store_names()?.into_iter().take(stores.parse()?).collect();
    let last = names.iter().filter_map(|store| reader.days(store).ok()?.pop()).max();
    let (Some(first), Some(last)) = (reader.first_day()?, last) else {
        return Err("the books are empty".into());
    };
    let (mapping, nothing) = (Mapping::standard(), Default::default());
    let mut journal = Journal::new(&mapping, Remainders::default());
    let (mut vouchers, mut facts, mut day) = (0, 0, first);
    let started = Instant::now();
    while day <= last {
        for store in &names {
            let (made, left) = reader.vouchers_of_day(&mut journal, store, day, &[], &nothing)?;
            if !left.is_empty() || !made.iter().all(Voucher::is_balanced) {
                return Err(format!("{store} on {day}: a voucher is not even").into());
            }
            vouchers += made.len();
            facts += made.iter().map(|voucher| voucher.facts).sum::<u64>();
        }
        day = day.plus_days(1);
    }
    println!("{} {} {vouchers} {facts}", started.elapsed().as_secs_f64(), peak()?);
    Ok(())
}

/// The most memory that this process has held, in bytes.
fn peak() -> std::io::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|rest| rest.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok());
    Ok(kib.unwrap_or(0) * 1_024)
}
