//! A store's machine is replaced: from an empty folder to the first sale, with three years of
//! history at the hub.

use std::time::Instant;

use books::{Books, Config};
use examples::till::Till;
use store_node::{About, Sell};
use sync_proto::Writer;

use crate::Outcome;
use crate::report::Report;
use crate::work;

const YEARS: usize = 3;
const SALES_PER_DAY: usize = 1_000;

pub(crate) fn run() -> Outcome {
    let sales = YEARS * 365 * SALES_PER_DAY;
    let chain = work::chain(1, SALES_PER_DAY as u32)?;
    let store = &chain.stores()[0];
    let name = Writer::Store(store.id.clone());
    let dir = tempfile::tempdir()?;
    let config = Config { chain: work::chain_id(), me: Writer::Hub };
    let hub = Books::open(&dir.path().join("hub.db"), config)?;
    {
        let lost = work::node(&dir.path().join("lost"), store)?;
        work::ring_up(&mut Till::new(lost.clone()), &chain, store, sales)?;
        work::meet(lost.books(), &hub, &name)?;
    }

    let started = Instant::now();
    let node = work::node(&dir.path().join("new"), store)?;
    let traffic = work::meet(node.books(), &hub, &name)?;
    let sale = Sell { lines: vec!["rejoin@1.00".parse()?], payments: Vec::new() };
    node.sell(About::default(), sale)?;
    let seconds = started.elapsed().as_secs_f64();

    let held = node.books().reader()?.store(&store.id)?.map_or(0, |held| held.facts);
    let work = format!(
        "{held} facts, {} MB between, both ends durable, no network between",
        traffic.bytes / 1_000_000
    );
    Ok(vec![Report::lower("rejoin", "s", seconds).against("the aim", 10.0).work(work)])
}
