//! Reports of a chain's whole history at head office, each against one query by hand on the same database.

mod sql;
mod toys;
pub(crate) mod vouchers;

use std::time::Instant;

use books::Books;
use books::Config;
use ledger::report::{
    Cell, Column, Flow, Group, Measured, Period, Question, Report as Kind, Scope,
};
use sync_proto::Writer;
use sync_proto::replica::Replica as _;

use crate::Outcome;
use crate::report::Report;
use crate::work::{self, Result};
use toys::Toys;

/// How often each is measured, one after the other; the median counts.
const TURNS: usize = 9;

/// What a month of the chain may take, in milliseconds.
const AIM: f64 = 200.0;

pub(crate) fn run() -> Outcome {
    let dir = tempfile::tempdir()?;
    let path = dir.path().join("hub.db");
    let hub = Books::open(&path, Config { chain: work::chain_id(), me: Writer::Hub })?;
    let toys = Toys::read()?;
    let mut sales = 0;
    for store in toys.stores() {
        let (facts, changes) = toys.history(store)?;
        hub.apply(&Writer::Store(store.id.clone()), changes)?;
        sales += facts;
    }
    let work = format!("{} stores, 35 SKUs, {sales} sales, {}", toys.stores().len(), toys.source());
    let conn = rusqlite::Connection::open(&path)?;
    let mut reports = Vec::new();
    for (name, period) in [
        // Halfway: as far from the beginning as from now.
        ("reports.month", toys.month_in_the_middle()),
        ("reports.last_month", toys.last_month()),
    ] {
        let scope = Scope { period, stores: Vec::new(), category: None };
        let question = Question { report: Kind::Movements { by: Group::StoreAndProduct }, scope };
        let (ours, theirs) =
            side_by_side(|| Ok(figures(&hub, &question)?), || sql::month(&conn, period))?;
        reports.push(
            Report::lower(name, "ms", ours)
                .against("one query by hand on the same database", theirs)
                .work(format!("{period}, {work}")),
        );
        reports.push(Report::lower("reports.month.aim", "ms", ours).against("the aim", AIM));
    }
    let at = toys.month_in_the_middle().to();
    let scope = Scope { period: Period::day(at), stores: Vec::new(), category: None };
    let question = Question { report: Kind::Stock, scope };
    let (ours, theirs) = side_by_side(|| Ok(held(&hub, &question)?), || sql::stock(&conn, at))?;
    reports.push(
        Report::lower("reports.stock_at", "ms", ours)
            .against("one query by hand on the same database", theirs)
            .work(format!("{at}, {work}")),
    );
    Ok(reports)
}

/// What a report of a month comes to: rows, opening, sold, closing.
type Figures = (usize, i128, i128, i128);

fn figures(hub: &Books, question: &Question) -> books::Result<Figures> {
    let answer = hub.reader()?.report(question)?;
    let sum = |column| answer.sheet.cells(&column).into_iter().flatten().map(Cell::number).sum();
    let quantity = Measured::Quantity;
    Ok((
        answer.sheet.rows.len(),
        sum(Column::Opening(quantity)),
        sum(Column::Flow(Flow::Sold, quantity)),
        sum(Column::Closing(quantity)),
    ))
}

fn held(hub: &Books, question: &Question) -> books::Result<Figures> {
    let answer = hub.reader()?.report(question)?;
    let cells = answer.sheet.cells(&Column::Closing(Measured::Quantity));
    let held = cells.into_iter().flatten().map(Cell::number).sum();
    Ok((answer.sheet.rows.len(), 0, 0, held))
}

/// The median times of both, in milliseconds, taken in turns; they must come to the same.
fn side_by_side(
    ours: impl Fn() -> Result<Figures>,
    theirs: impl Fn() -> Result<Figures>,
) -> Result<(f64, f64)> {
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let started = Instant::now();
        let found = ours()?;
        a.push(started.elapsed());
        let started = Instant::now();
        let expected = theirs()?;
        b.push(started.elapsed());
        if found != expected {
            return Err(format!("the report says {found:?}, the query {expected:?}").into());
        }
    }
    let median = |mut times: Vec<std::time::Duration>| {
        times.sort_unstable();
        times[TURNS / 2].as_secs_f64() * 1_000.0
    };
    Ok((median(a), median(b)))
}
