//! A reconnect with nothing new: what it costs after a day of history and after three years.

use books::{Books, Config};
use examples::till::Till;
use sync_proto::Writer;

use crate::Outcome;
use crate::report::Report;
use crate::work::{self, Result, Traffic};

/// Sales a day: few, so that three years are soon rung up. The size of a day does not matter here,
/// the number of days does.
const SALES_PER_DAY: u32 = 10;

pub(crate) fn run() -> Outcome {
    let day = after(1)?;
    let years = after(3 * 365)?;
    let bytes = |traffic: Traffic| traffic.bytes as f64;
    let trips = |traffic: Traffic| traffic.round_trips as f64;
    Ok(vec![
        Report::lower("idle.bytes.1_day", "B", bytes(day)).against("the aim", 200.0),
        Report::lower("idle.bytes.3_years", "B", bytes(years)).against("after one day", bytes(day)),
        Report::lower("idle.round_trips.3_years", "round trips", trips(years))
            .against("the aim", 1.0),
    ])
}

fn after(days: usize) -> Result<Traffic> {
    let chain = work::chain(1, SALES_PER_DAY)?;
    let store = &chain.stores()[0];
    let dir = tempfile::tempdir()?;
    let node = work::node(dir.path(), store)?;
    let mut till = Till::new(node.clone());
    work::ring_up(&mut till, &chain, store, 1)?;
    for number in 1..days {
        let date = chain.scale().first_day.plus_days(i32::try_from(number)?);
        let events = chain.day(store, date).into_iter();
        let sales = events.filter(|e| matches!(e.action, examples::generator::Action::Sell { .. }));
        till.ring_up(date, &sales.collect::<Vec<_>>())?;
    }
    let config = Config { chain: work::chain_id(), me: Writer::Hub };
    let hub = Books::open(&dir.path().join("hub.db"), config)?;
    let me = Writer::Store(store.id.clone());
    work::meet(node.books(), &hub, &me)?;
    work::meet(node.books(), &hub, &me)
}
