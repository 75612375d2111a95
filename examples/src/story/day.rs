//! One day of a generated chain: a morning online, an afternoon with some stores cut off, an
//! evening when they come back. Meanwhile goods go from store to store.

use std::path::Path;
use std::time::Instant;

use console::{Out, Progress, words};
use ledger::id::RequestId;
use ledger::time::BusinessDate;

use super::moves::Moves;
use super::summary::Summary;
use super::{StoryError, show};
use crate::generator::{Chain, Event, Scale};
use crate::proof::prove;
use crate::recount::Recount;
use crate::stage::Stage;
use crate::till::Till;

/// Which day to tell.
#[derive(Debug, Clone, Copy)]
pub struct Day {
    /// Where all chance comes from.
    pub seed: u64,
    /// How many stores.
    pub stores: u16,
    /// How many of them lose their network at noon.
    pub cut: u16,
    /// Sales of a middling store.
    pub sales_per_day: u32,
    /// The day.
    pub date: BusinessDate,
}

/// What the stores' clocks are ahead of UTC, in milliseconds.
const UTC_PLUS_8: i64 = 8 * 3_600_000;

/// A day in milliseconds.
const DAY_MILLIS: i64 = 24 * 3_600_000;

/// Plays the day in a folder and proves that the books came out even.
pub async fn tell(day: Day, dir: &Path, out: &Out) -> Result<Summary, StoryError> {
    let began = Instant::now();
    let Day { seed, stores, sales_per_day, date, .. } = day;
    let chain = Chain::new(Scale { seed, stores, sales_per_day, first_day: date });
    let mut stage = Stage::open(dir, "Evenstock").await?;
    let products: Vec<_> = chain.items().iter().map(|item| item.product.clone()).collect();
    stage.stock_catalog(&products)?;
    out.say(words::StoryOpening { stores, products: products.len() });

    let bar = Progress::bar(out, words::StoryEnrol, u64::from(stores));
    for store in chain.stores() {
        let name = match out.lang {
            console::Lang::Zh => store.name_zh.clone(),
            console::Lang::En => store.name_en.clone(),
        };
        stage.enrol(store.id.clone(), name).await?;
        stage.connect(stage.shops.len() - 1)?;
        bar.advance(1);
    }
    bar.clear();

    let mut recount = Recount::default();
    let mut tills: Vec<_> = stage.shops.iter().map(|shop| Till::new(shop.node.clone())).collect();
    open_books(&chain, &mut tills, date, &mut recount)?;
    let events: Vec<_> = chain.stores().iter().map(|store| chain.day(store, date)).collect();

    out.say(words::StoryMorning { date });
    sell(&chain, &mut tills, date, &events, before_noon, &mut recount, out)?;
    let mut moves = Moves::plan(&chain);
    moves.ask(&stage, out).await?;
    let away: Vec<usize> = (0..usize::from(day.cut.min(stores))).collect();
    for shop in &away {
        stage.caught_up(*shop).await?;
        stage.cut(*shop).await;
    }
    let names: Vec<_> = away.iter().map(|shop| stage.shops[*shop].name.as_str()).collect();
    out.say(words::StoryCut { stores: names.join(", ") });
    sell(&chain, &mut tills, date, &events, |event| !before_noon(event), &mut recount, out)?;
    let moved = moves.carry(&stage, date, &mut recount, out).await?;
    for shop in away.len()..stage.shops.len() {
        stage.caught_up(shop).await?;
    }
    let offline_sales = away.iter().map(|shop| stage.lag(*shop)).sum::<Result<u64, _>>()?;
    out.say(words::StoryEvening);
    show::fleet(&stage, &recount, out)?;

    out.say(words::StoryBack);
    let back = Instant::now();
    for shop in &away {
        stage.connect(*shop)?;
    }
    let bar = Progress::bar(out, words::StoryCatchUp, away.len() as u64);
    for shop in &away {
        stage.caught_up(*shop).await?;
        bar.advance(1);
    }
    let caught_up_in = back.elapsed();
    bar.clear();
    moves.are_over(&stage).await?;
    out.say(words::StoryAfter);
    show::fleet(&stage, &recount, out)?;

    let nodes: Vec<_> = stage.shops.iter().map(|shop| shop.node.books().clone()).collect();
    let proof = prove(stage.hub.books(), &nodes, &recount)?;
    let bytes = away.iter().map(|shop| stage.shops[*shop].bytes_sent()).sum();
    let summary =
        Summary::of(&stage, &proof, offline_sales, bytes, &[caught_up_in], began.elapsed())?;
    let summary = summary.with_transfers(moved);
    stage.close().await?;
    Ok(summary)
}

fn open_books(
    chain: &Chain,
    tills: &mut [Till],
    date: BusinessDate,
    recount: &mut Recount,
) -> Result<(), StoryError> {
    for (till, store) in tills.iter_mut().zip(chain.stores()) {
        let request = RequestId::new(&format!("{}-opening", store.id))?;
        let lines = chain.opening(store);
        let counted: Vec<_> =
            lines.iter().map(|l| (l.sku.to_string(), l.quantity.thousandths())).collect();
        till.open(request.clone(), date, &lines)?;
        recount.open(store.id.as_str(), request.as_str(), &counted);
    }
    Ok(())
}

/// Rings up a part of every store's day, store beside store.
fn sell(
    chain: &Chain,
    tills: &mut [Till],
    date: BusinessDate,
    events: &[Vec<Event>],
    part: impl Fn(&Event) -> bool + Sync,
    recount: &mut Recount,
    out: &Out,
) -> Result<(), StoryError> {
    let total = events.iter().flatten().filter(|event| part(event)).count();
    let bar = Progress::bar(out, words::StorySelling, total as u64);
    for ((till, store), events) in tills.iter_mut().zip(chain.stores()).zip(events) {
        let now: Vec<_> = events.iter().filter(|event| part(event)).cloned().collect();
        till.ring_up(date, &now)?;
        // Only what was acknowledged is counted.
        now.iter().for_each(|event| recount.record(store.id.as_str(), event));
        bar.advance(now.len() as u64);
    }
    bar.clear();
    Ok(())
}

fn before_noon(event: &Event) -> bool {
    (event.at.millis() + UTC_PLUS_8).rem_euclid(DAY_MILLIS) < DAY_MILLIS / 2
}
