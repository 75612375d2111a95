//! A node starts with a year of history: when it is ready to sell, and what memory it takes.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use examples::till::Till;
use store_node::Node;

use crate::Outcome;
use crate::report::{Report, resident};
use crate::work::{self, Result};

const SALES: usize = 365_000;
const SALES_PER_DAY: u32 = 1_000;

pub(crate) fn run() -> Outcome {
    let chain = work::chain(1, SALES_PER_DAY)?;
    let store = &chain.stores()[0];
    let dir = tempfile::tempdir()?;
    let node = work::node(dir.path(), store)?;
    work::ring_up(&mut Till::new(node.clone()), &chain, store, SALES)?;
    drop(node);
    let folder = dir.path().join(store.id.as_str());
    let size = std::fs::metadata(folder.join("books.db"))?.len();
    let output =
        Command::new(std::env::current_exe()?).arg("--part=restart-node").arg(&folder).output()?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut figures = printed.split_whitespace().map(str::parse::<f64>);
    let (Some(Ok(seconds)), Some(Ok(bytes))) = (figures.next(), figures.next()) else {
        return Err(format!("the node said {printed:?}").into());
    };
    let work = format!("{SALES} sales, {} MB on disk", size / 1_000_000);
    Ok(vec![
        Report::lower("restart.time", "s", seconds).against("the aim", 0.5).work(work.clone()),
        Report::lower("restart.memory", "MB", bytes / 1e6).against("the aim", 60.0).work(work),
    ])
}

/// Opens the node, sells once, and says how long that took and what memory it holds.
pub(crate) fn node(args: &[String]) -> Result<()> {
    let folder = args.first().ok_or("no folder given")?;
    let started = Instant::now();
    let node = Node::open(Path::new(folder))?;
    let sale = store_node::Sell { lines: vec!["restart@1.00".parse()?], ..Default::default() };
    node.sell(store_node::About::default(), sale)?;
    println!("{} {}", started.elapsed().as_secs_f64(), resident(std::process::id())?);
    Ok(())
}
