//! How long it takes until each step of a transfer, taken at one end of the chain, shows at the other:
//! request → approve → ship → receive, over live QUIC connections on loopback.

use std::time::{Duration, Instant};

use books::Books;
use examples::stage::Stage;
use hub::transfers::Word;
use ledger::id::TransferId;
use ledger::transfer::{Route, Stage as Progress, Wanted, status};
use store_node::request::Receive;
use store_node::{About, Node};

use crate::Outcome;
use crate::report::{Report, Times};
use crate::work::Result;

/// Transfers that are followed: enough for a p99 of two.
const TRANSFERS: usize = 200;

/// Pause between two steps, so that each travels on its own.
const PAUSE: Duration = Duration::from_millis(5);

/// What the issue asks of each step, in milliseconds.
const AIM_MS: f64 = 100.0;

/// What is moved.
const SKU: &str = "crate";

/// A step's figures, and who is to see it.
const STEPS: [([&str; 2], &str); 4] = [
    (
        ["transfers.request.p50", "transfers.request.p99"],
        "the destination's request, durable there to seen at the source",
    ),
    (
        ["transfers.approve.p50", "transfers.approve.p99"],
        "head office's approval, durable there to seen at the source",
    ),
    (
        ["transfers.ship.p50", "transfers.ship.p99"],
        "the source's shipment, durable there to seen at the destination",
    ),
    (
        ["transfers.receive.p50", "transfers.receive.p99"],
        "the destination's receipt, durable there to seen at the source",
    ),
];

pub(crate) fn run() -> Outcome {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let times = runtime.block_on(follow())?;
    let mut reports = Vec::new();
    for (([p50, p99], what), times) in STEPS.into_iter().zip(times) {
        let times = Times::new(times);
        let work = format!("{TRANSFERS} transfers of one line: {what}");
        let aim = "the aim for p99";
        let p50 = Report::lower(p50, "ms", times.percentile_ms(50));
        let p99 = Report::lower(p99, "ms", times.percentile_ms(99));
        reports.push(p50.against(aim, AIM_MS));
        reports.push(p99.against(aim, AIM_MS).work(work));
    }
    Ok(reports)
}

async fn follow() -> Result<[Vec<Duration>; 4]> {
    let dir = tempfile::tempdir()?;
    let mut stage = Stage::open(dir.path(), "bench").await?;
    for (at, store) in ["A01", "B02"].into_iter().enumerate() {
        stage.enrol(store.parse()?, store.to_owned()).await?;
        stage.connect(at)?;
    }
    let (source, target) = (stage.shops[0].node.clone(), stage.shops[1].node.clone());
    let lines = vec![format!("{SKU}:{TRANSFERS}@1.00").parse()?];
    source.receive(About::default(), Receive { lines, supplier: None })?;
    stage.caught_up(0).await?;
    let mut times: [Vec<Duration>; 4] = Default::default();
    for _ in 0..TRANSFERS {
        let id = request(&source, &target)?;
        times[0].push(seen(source.books(), &id, Progress::Requested).await?);
        seen(stage.hub.books(), &id, Progress::Requested).await?;
        stage.hub.decide_transfer(&id, None, Word::Approve(Vec::new()))?;
        times[1].push(seen(source.books(), &id, Progress::Approved).await?);
        source.ship_transfer(About::default(), id.clone(), Vec::new())?;
        times[2].push(seen(target.books(), &id, Progress::Shipped).await?);
        target.receive_transfer(About::default(), id.clone(), None, Vec::new(), Vec::new())?;
        times[3].push(seen(source.books(), &id, Progress::Received).await?);
    }
    stage.close().await?;
    Ok(times)
}

fn request(source: &Node, target: &Node) -> Result<TransferId> {
    let route = Route::new(source.store().clone(), target.store().clone())?;
    let lines = vec![Wanted { sku: SKU.parse()?, quantity: "1".parse()? }];
    Ok(target.request_transfer(About::default(), route, lines, None)?.0)
}

/// How long it takes from now until a replica shows a transfer at a stage.
async fn seen(books: &Books, id: &TransferId, stage: Progress) -> Result<Duration> {
    let durable = Instant::now();
    while status(&books.reader()?.transfer(id)?).stage != stage {
        tokio::task::yield_now().await;
    }
    let took = durable.elapsed();
    tokio::time::sleep(PAUSE).await;
    Ok(took)
}
