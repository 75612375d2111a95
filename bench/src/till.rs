//! Durable sales at the till: one by one, and by sixteen tills at once, against the same rows
//! written by bare rusqlite.

use std::time::{Duration, Instant};

use examples::generator::{Chain, Event};
use examples::till::Till;
use ledger::fact::Fact;
use ledger::id::RequestId;
use ledger::time::BusinessDate;
use store_node::{Node, Request};

use crate::Outcome;
use crate::bare::Bare;
use crate::report::{Report, Times};
use crate::work::{self, Result};

/// Sales rung up one by one: enough for a p99 of thirty.
const ONE_BY_ONE: usize = 3_000;

/// Tills that sell at once.
const TILLS: usize = 16;

/// Sales of each of them.
const SALES_PER_TILL: usize = 1_500;

pub(crate) fn run() -> Outcome {
    let chain = work::chain(1, 1_000)?;
    let dir = tempfile::tempdir()?;
    let node = open(&chain, dir.path())?;
    let sales = requests(&chain, ONE_BY_ONE + TILLS * SALES_PER_TILL)?;
    let (single, many) = sales.split_at(ONE_BY_ONE);

    let mut facts = Vec::with_capacity(ONE_BY_ONE);
    let ours = Times::new(timed(single, |request| {
        facts.push(node.book(request.clone())?.fact);
        Ok(())
    })?);

    let started = Instant::now();
    let per_till = at_once(&node, many)?;
    let ours_many = rate(many.len(), started);
    drop(node);

    let mut bare = Bare::of(&dir.path().join(chain.stores()[0].id.as_str()).join("books.db"))?;
    bare.know(facts.iter().chain(per_till.iter().flatten()));
    let reference = Times::new(timed(&facts, |fact| bare.sell(std::slice::from_ref(fact)))?);

    // Sixteen tills hand in one sale each per commit, all ready beforehand.
    let started = Instant::now();
    for turn in 0..SALES_PER_TILL {
        let round: Vec<Fact> = per_till.iter().map(|till| till[turn].clone()).collect();
        bare.sell(&round)?;
    }
    let reference_many = rate(many.len(), started);

    let one = format!("{ONE_BY_ONE} sales one by one");
    let all = format!("{TILLS} tills, {SALES_PER_TILL} sales each");
    let same = "bare rusqlite, same rows and pragmas";
    Ok(vec![
        Report::lower("till.p50", "ms", ours.percentile_ms(50))
            .against(same, reference.percentile_ms(50))
            .work(one.clone()),
        Report::lower("till.p99", "ms", ours.percentile_ms(99))
            .against(same, reference.percentile_ms(99))
            .work(one),
        Report::higher("till.16_tills", "sales/s", ours_many)
            .against("bare rusqlite, same rows, 16 sales a commit", reference_many)
            .work(all),
    ])
}

fn open(chain: &Chain, dir: &std::path::Path) -> Result<Node> {
    let store = &chain.stores()[0];
    let node = work::node(dir, store)?;
    let mut till = Till::new(node.clone());
    till.open(RequestId::new("opening")?, chain.scale().first_day, &chain.opening(store))?;
    Ok(node)
}

/// Lets every till sell its share in a thread of its own.
fn at_once(node: &Node, requests: &[Request]) -> store_node::Result<Vec<Vec<Fact>>> {
    std::thread::scope(|scope| {
        let start = |share| {
            let book = |request: &Request| node.book(request.clone()).map(|booked| booked.fact);
            scope.spawn(move || <[Request]>::iter(share).map(book).collect())
        };
        let tills: Vec<_> = requests.chunks(SALES_PER_TILL).map(start).collect();
        tills.into_iter().map(|till| till.join().expect("a till does not panic")).collect()
    })
}

fn requests(chain: &Chain, count: usize) -> Result<Vec<Request>> {
    let request = |(date, event): (BusinessDate, Event)| examples::till::sale(date, &event);
    let sales = work::sales(chain, &chain.stores()[0], count);
    sales.into_iter().map(request).collect::<Option<_>>().ok_or_else(|| "not a sale".into())
}

fn timed<T>(items: &[T], mut each: impl FnMut(&T) -> Result<()>) -> Result<Vec<Duration>> {
    let time = |item| {
        let started = Instant::now();
        each(item)?;
        Ok(started.elapsed())
    };
    items.iter().map(time).collect()
}

fn rate(count: usize, started: Instant) -> f64 {
    count as f64 / started.elapsed().as_secs_f64()
}
