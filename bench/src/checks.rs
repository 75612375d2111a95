//! The consistency checks over a hub's books: everything, and again after one more day, against one SQL
//! pass over the same rows.

use std::path::Path;
use std::time::Instant;

use examples::generator::Action;
use examples::till::Till;
use hub::ask::checks::RunChecks;
use hub::checks::Depth;
use hub::checks::report::{CheckReport, Scope};
use hub::{Door, Home, Hub, Setup};
use ledger::id::RequestId;
use rusqlite::Connection;
use store_node::{Config, Node};
use sync_proto::replica::{More, Outgoing, Replica, Row};
use sync_proto::{Admission, WireChange, Writer};

use crate::Outcome;
use crate::report::Report;
use crate::work::{self, Result};

/// Stores of the chain.
const STORES: u16 = 100;

/// Days that they sell before the first run.
const DAYS: i32 = 30;

/// Sales of a store on a day, on average.
const SALES: u32 = 500;

pub(crate) fn run() -> Outcome {
    let dir = tempfile::tempdir()?;
    let hub = Hub::init(&Home::at(dir.path().join("hub")), Setup::default())?;
    let chain = work::chain(STORES, SALES)?;
    let mut last_days = Vec::new();
    for store in chain.stores() {
        let config =
            Config { chain: hub.config().chain.clone(), ..Config::standalone(store.id.clone()) };
        let node = Node::init(dir.path().join(store.id.as_str()), &config)?;
        let mut till = Till::new(node.clone());
        let first_day = chain.scale().first_day;
        till.open(RequestId::new("opening")?, first_day, &chain.opening(store))?;
        let events: Vec<_> = chain
            .days(store, DAYS + 1)
            .filter(|(_, event)| matches!(event.action, Action::Sell { .. }))
            .collect();
        for day in events.chunk_by(|(a, _), (b, _)| a == b) {
            let sales: Vec<_> = day.iter().map(|(_, event)| event.clone()).collect();
            if day[0].0 < first_day.plus_days(DAYS) {
                till.ring_up(day[0].0, &sales)?;
            } else {
                last_days.push((node.clone(), day[0].0, sales));
            }
        }
        send(&node, Row::START, &hub)?;
    }

    let (full, whole) = timed(&hub, Depth::Full)?;
    let (same, idle) = timed(&hub, Depth::Changed)?;
    let mut more = last_days.into_iter();
    let mut one_more = |count: usize| -> Result<(CheckReport, f64)> {
        for (node, date, sales) in more.by_ref().take(count) {
            let after = node.books().commits().borrow().last;
            Till::new(node.clone()).ring_up(date, &sales)?;
            send(&node, after, &hub)?;
        }
        timed(&hub, Depth::Changed)
    };
    let (day_of_one, one) = one_more(1)?;
    let (day_of_all, all) = one_more(usize::from(STORES))?;
    let path = hub.home().dir().join("books.db");
    drop(hub);
    let (rows, pass) = sql_pass(&path)?;

    let work = format!("{STORES} stores, {DAYS} days, {} facts", full.facts);
    let rate = full.facts as f64 / whole;
    let per = |report: &CheckReport| {
        format!("{} of {} facts read", report.facts_read.unwrap_or(0), report.facts)
    };
    Ok(vec![
        Report::higher("checks", "facts/s", rate)
            .against("one SQL pass over the same rows", rows as f64 / pass)
            .work(work),
        Report::lower("checks.again", "s", idle).against("a full run", whole).work(per(&same)),
        Report::lower("checks.day_of_one", "s", one)
            .against("a full run", whole)
            .work(per(&day_of_one)),
        Report::lower("checks.day_of_all", "s", all)
            .against("a full run", whole)
            .work(per(&day_of_all)),
    ])
}

fn timed(hub: &Hub, depth: Depth) -> Result<(CheckReport, f64)> {
    let started = Instant::now();
    let report = hub.ask(RunChecks { scope: Scope::default(), depth })?;
    Ok((report, started.elapsed().as_secs_f64()))
}

/// What a store's session does, without the network between.
fn send(node: &Node, mut after: Row, hub: &Hub) -> Result<()> {
    let peer = Writer::Store(node.store().clone());
    let admission = Admission::new(hub.config().chain.clone(), Writer::Hub, peer.clone());
    loop {
        let batch = node.books().tail(&Writer::Hub, after, 1 << 20)?;
        after = batch.last;
        let mut changes = Vec::new();
        for Outgoing { doc, bytes, .. } in batch.changes {
            let admitted = admission.admit(WireChange { doc, bytes });
            changes.push(admitted.map_err(|refusal| format!("{refusal:?}"))?);
        }
        hub.books().apply(&peer, changes)?;
        if batch.more == More::No {
            return Ok(());
        }
    }
}

/// Reads every change and every kept row once, as SQLite hands them out, and adds the rows up.
fn sql_pass(path: &Path) -> Result<(i64, f64)> {
    let conn = Connection::open(path)?;
    let facts: i64 = conn.query_row("SELECT sum(facts) FROM day", [], |row| row.get(0))?;
    let started = Instant::now();
    let _: i64 = conn.query_row(
        "SELECT (SELECT sum(length(CAST(body AS BLOB))) FROM change) \
         + (SELECT sum(quantity_in - quantity_out + value_in - value_out) FROM day_balance) \
         + (SELECT sum(quantity + value) FROM balance) + (SELECT sum(facts + sales_net) FROM day)",
        [],
        |row| row.get(0),
    )?;
    Ok((facts, started.elapsed().as_secs_f64()))
}
