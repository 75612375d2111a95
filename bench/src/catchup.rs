//! A store comes back after a month offline: how long it takes, and what travels for each sale.

use std::time::Instant;

use books::{Books, Config};
use examples::till::Till;
use sync_proto::Writer;

use crate::Outcome;
use crate::report::Report;
use crate::work;

const DAYS: usize = 30;
const SALES_PER_DAY: usize = 1_000;

pub(crate) fn run() -> Outcome {
    let chain = work::chain(1, SALES_PER_DAY as u32)?;
    let store = &chain.stores()[0];
    let dir = tempfile::tempdir()?;
    let node = work::node(dir.path(), store)?;
    let sales = DAYS * SALES_PER_DAY;
    work::ring_up(&mut Till::new(node.clone()), &chain, store, sales)?;

    let config = Config { chain: work::chain_id(), me: Writer::Hub };
    let hub = Books::open(&dir.path().join("hub.db"), config)?;
    let started = Instant::now();
    let traffic = work::meet(node.books(), &hub, &Writer::Store(store.id.clone()))?;
    let seconds = started.elapsed().as_secs_f64();

    let mut lines = String::new();
    node.books().reader()?.each_fact::<books::BooksError>(&store.id, |stored| {
        lines.push_str(&stored.text);
        lines.push('\n');
        Ok(())
    })?;
    let packed = zstd::encode_all(lines.as_bytes(), 19)?.len();

    let per_sale = |bytes: usize| bytes as f64 / sales as f64;
    let work = format!("{sales} sales, {DAYS} days offline, both ends durable, no network between");
    Ok(vec![
        Report::lower("catchup.bytes", "B/sale", per_sale(traffic.bytes))
            .against("zstd-19 of the facts as JSON lines", per_sale(packed))
            .work(work.clone()),
        Report::lower("catchup.time", "s", seconds).against("the aim", 2.0).work(work),
    ])
}
