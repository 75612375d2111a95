//! How long it takes until a sale at a store shows in the hub's stock, over QUIC on loopback.

use std::time::{Duration, Instant};

use books::Books;
use books::read::StockFilter;
use examples::stage::Stage;
use ledger::id::{Sku, StoreId};
use store_node::{About, Node, Sell};

use crate::Outcome;
use crate::report::{Report, Times};
use crate::work::Result;

/// Sales that are followed to the hub: enough for a p99 of five.
const SALES: usize = 500;

/// Pause between two sales, so that each travels on its own.
const PAUSE: Duration = Duration::from_millis(5);

/// What is sold.
const SKU: &str = "live";

pub(crate) fn run() -> Outcome {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let times = runtime.block_on(follow())?;
    Ok(vec![
        Report::lower("live.p50", "ms", times.percentile_ms(50)).against("the aim for p99", 50.0),
        Report::lower("live.p99", "ms", times.percentile_ms(99))
            .against("the aim", 50.0)
            .work(format!("{SALES} sales, durable at the store to seen in the hub's stock query")),
    ])
}

async fn follow() -> Result<Times> {
    let dir = tempfile::tempdir()?;
    let mut stage = Stage::open(dir.path(), "bench").await?;
    stage.enrol("S001".parse()?, "S001".to_owned()).await?;
    stage.connect(0)?;
    let (node, hub) = (stage.shops[0].node.clone(), stage.hub.books().clone());
    sell(&node)?;
    stage.caught_up(0).await?;
    let mut times = Vec::with_capacity(SALES);
    for sold in 2..=SALES as i64 + 1 {
        sell(&node)?;
        let durable = Instant::now();
        while seen(&hub, node.store())? < sold {
            tokio::task::yield_now().await;
        }
        times.push(durable.elapsed());
        tokio::time::sleep(PAUSE).await;
    }
    stage.close().await?;
    Ok(Times::new(times))
}

fn sell(node: &Node) -> Result<()> {
    let lines = vec![format!("{SKU}@1.00").parse()?];
    node.sell(About::default(), Sell { lines, ..Sell::default() })?;
    Ok(())
}

/// Units that the hub has seen sold.
fn seen(hub: &Books, store: &StoreId) -> Result<i64> {
    let filter = StockFilter { store: Some(store.clone()), sku: Some(Sku::new(SKU)?), at: None };
    let rows = hub.reader()?.stock(&filter)?;
    Ok(rows.first().map_or(0, |row| -row.stock.quantity.thousandths() / 1_000))
}
