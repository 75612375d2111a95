//! Real files replayed: every sale of a chain's history at its own store, a fifth of the stores
//! offline at any time, each for the same number of days.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use console::{Out, Progress, words};
use jiff::civil::Date;
use ledger::id::StoreId;
use ledger::time::BusinessDate;
use store_node::import::{Import, ImportedDocument, Mapping, NoPrices, read_products};
use store_node::{About, Node, Request};

use super::summary::Summary;
use super::{StoryError, show};
use crate::proof::prove;
use crate::recount::Recount;
use crate::stage::Stage;
use crate::till::task_of;

/// Which history to replay, and how.
#[derive(Debug, Clone)]
pub struct Replay {
    /// The folder of the Maven Toys files.
    pub folder: PathBuf,
    /// Their mappings: products, opening stock, sales.
    pub mappings: [PathBuf; 3],
    /// How many of the stores take part, by number.
    pub stores: u16,
    /// For how many days a store is offline at a time.
    pub offline_days: u16,
}

/// The files, in the order of [`Replay::mappings`].
const FILES: [&str; 3] = ["products.csv.gz", "inventory.csv.gz", "sales.csv.gz"];

/// One in so many stores is offline at any time.
const TURNS: usize = 5;

/// Documents that share a transaction, as the import does it.
const BATCH: usize = 512;

/// Stores that replay at once: one for each core, and one that waits for its disk.
const AT_ONCE: usize = 3;

/// Some days of everybody's sales.
struct Window {
    from: Date,
    to: Date,
    by_shop: Vec<Vec<ImportedDocument>>,
}

/// Replays the files in a folder and proves that the books came out even.
pub async fn tell(replay: &Replay, dir: &Path, out: &Out) -> Result<Summary, StoryError> {
    let began = Instant::now();
    let files = FILES.map(|name| replay.folder.join(name));
    if let Some(path) = files.iter().find(|path| !path.exists()) {
        let hint = "--data names the folder of the Maven Toys files";
        return Err(StoryError::Missing { path: path.clone(), hint });
    }
    let [products, opening, sales] = &replay.mappings;
    let [products, opening, sales] =
        [Mapping::read(products)?, Mapping::read(opening)?, Mapping::read(sales)?];
    let mut recount = Recount::of_maven(&replay.folder)?;
    let ids = store_ids(replay.stores)?;
    recount.shops.retain(|store, _| ids.iter().any(|id| id.as_str() == store));

    let mut stage = Stage::open(dir, "Maven Toys").await?;
    let list = read_products(&products, &files[0], None, out.lang, &mut |_| {})?;
    stage.stock_catalog(&list.products)?;
    out.say(words::StoryOpening { stores: ids.len(), products: list.products.len() });
    let bar = Progress::bar(out, words::StoryEnrol, ids.len() as u64);
    for store in &ids {
        stage.enrol(store.clone(), store.to_string()).await?;
        stage.connect(stage.shops.len() - 1)?;
        bar.advance(1);
    }
    bar.clear();

    open_books(&stage, &Import::new(&opening, &files[1]).with_prices(&NoPrices), &ids)?;
    let rows = console::format::count(recount.documents() as u64);
    out.say(words::StoryReading { rows });
    let bar = Progress::bar(out, words::StorySelling, recount.documents() as u64);
    let (mut turn, mut offline_facts, mut bytes, mut catch_ups) = (0, 0, 0, Vec::new());
    let (mapping, file, days, shops) = (sales, files[2].clone(), replay.offline_days, ids.clone());
    let (windows, receive) = sync_channel(1);
    let reader = std::thread::spawn(move || read(&mapping, &file, days, &shops, &windows));
    while let Some(window) = next(&receive) {
        let away: Vec<usize> =
            (0..stage.shops.len()).filter(|n| n % TURNS == turn % TURNS).collect();
        let names: Vec<_> = away.iter().map(|shop| ids[*shop].as_str()).collect();
        let (from, to) = (window.from, window.to);
        bar.say(words::StoryWindow { from, to, away: names.join(" ") });
        for shop in &away {
            stage.caught_up(*shop).await?;
            stage.cut(*shop).await;
        }
        let nodes: Vec<_> = stage.shops.iter().map(|shop| shop.node.clone()).collect();
        tokio::task::block_in_place(|| book_side_by_side(&nodes, window.by_shop, &bar))?;
        for shop in &away {
            offline_facts += stage.lag(*shop)?;
        }
        let back = Instant::now();
        for shop in &away {
            stage.connect(*shop)?;
        }
        for shop in &away {
            stage.caught_up(*shop).await?;
        }
        catch_ups.push(back.elapsed());
        bytes += away.iter().map(|shop| stage.shops[*shop].bytes_sent()).sum::<u64>();
        turn += 1;
    }
    reader.join().unwrap_or(Ok(()))?;
    bar.clear();
    for shop in 0..stage.shops.len() {
        stage.caught_up(shop).await?;
    }
    show::fleet(&stage, &recount, out)?;

    let proving = Progress::spinner(out, words::StoryProving);
    let nodes: Vec<_> = stage.shops.iter().map(|shop| shop.node.books().clone()).collect();
    let proof = prove(stage.hub.books(), &nodes, &recount)?;
    proving.clear();
    let total: Duration = began.elapsed();
    let summary = Summary::of(&stage, &proof, offline_facts, bytes, &catch_ups, total)?;
    stage.close().await?;
    Ok(summary)
}

fn store_ids(stores: u16) -> Result<Vec<StoreId>, StoryError> {
    (1..=stores).map(|number| Ok(StoreId::new(&format!("S{number:03}"))?)).collect()
}

fn open_books(stage: &Stage, import: &Import<'_>, ids: &[StoreId]) -> Result<(), StoryError> {
    let mut by_shop = vec![Vec::new(); ids.len()];
    import.for_each_document(&mut |document| {
        if let Some(shop) = ids.iter().position(|id| *id == document.store) {
            by_shop[shop].push(document);
        }
        ControlFlow::Continue(())
    })?;
    for (shop, documents) in stage.shops.iter().zip(by_shop) {
        book(&shop.node, &documents)?;
    }
    Ok(())
}

/// Reads the sales and hands them on some days at a time.
fn read(
    mapping: &Mapping,
    file: &Path,
    days: u16,
    ids: &[StoreId],
    windows: &SyncSender<Window>,
) -> Result<(), StoryError> {
    let empty = |from: Date| {
        let to = BusinessDate::new(from).plus_days(i32::from(days.max(1)) - 1).date();
        Window { from, to, by_shop: vec![Vec::new(); ids.len()] }
    };
    let mut window: Option<Window> = None;
    Import::new(mapping, file).for_each_document(&mut |document| {
        let day = document.at.date();
        let current = window.get_or_insert_with(|| empty(day));
        if day > current.to {
            let full = std::mem::replace(current, empty(day));
            if windows.send(full).is_err() {
                return ControlFlow::Break(()); // the story has ended early
            }
        }
        if let Some(shop) = ids.iter().position(|id| *id == document.store) {
            current.by_shop[shop].push(document);
        }
        ControlFlow::Continue(())
    })?;
    if let Some(last) = window {
        // A story that has ended early needs no last window.
        windows.send(last).ok();
    }
    Ok(())
}

fn next(windows: &Receiver<Window>) -> Option<Window> {
    tokio::task::block_in_place(|| windows.recv().ok())
}

/// Lets the stores book their share of a window, some of them at once.
fn book_side_by_side(
    nodes: &[Node],
    by_shop: Vec<Vec<ImportedDocument>>,
    bar: &Progress,
) -> Result<(), StoryError> {
    let work = std::sync::Mutex::new(nodes.iter().zip(by_shop));
    let take = || work.lock().unwrap_or_else(std::sync::PoisonError::into_inner).next();
    std::thread::scope(|scope| {
        let book_shops = || -> Result<(), StoryError> {
            while let Some((node, documents)) = take() {
                let count = documents.len() as u64;
                book(node, &documents)?;
                bar.advance(count);
            }
            Ok(())
        };
        let threads: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(book_shops)).collect();
        threads.into_iter().try_for_each(|thread| thread.join().unwrap_or(Ok(())))
    })
}

fn book(node: &Node, documents: &[ImportedDocument]) -> Result<(), StoryError> {
    let refused = |document: &ImportedDocument, reason: String| StoryError::Refused {
        document: document.request.to_string(),
        reason,
    };
    for batch in documents.chunks(BATCH) {
        let mut requests = Vec::with_capacity(batch.len());
        for document in batch {
            let task = task_of(&document.command)
                .ok_or_else(|| refused(document, "no file holds such a thing".into()))?;
            let date = BusinessDate::new(document.at.date());
            let about = About::named(document.request.clone()).on(date);
            requests.push(Request { about, task });
        }
        for (document, booked) in batch.iter().zip(node.book_all(requests)?) {
            booked.map_err(|error| refused(document, error.to_string()))?;
        }
    }
    Ok(())
}
