//! The hub takes in a backlog: from received frames to a durable read model, against the same rows
//! written in bulk by bare rusqlite.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use books::{Books, Config};
use examples::till::Till;
use ledger::fact::Fact;
use ledger::id::StoreId;
use sync_proto::limits::CHUNK_LEN;
use sync_proto::replica::{More, Replica, Row};
use sync_proto::{Admission, Content, Writer, chunk};

use crate::Outcome;
use crate::bare::Bare;
use crate::report::Report;
use crate::work::{self, Result};

/// Stores that come back at once.
const STORES: u16 = 100;

/// Sales that each of them brings.
const SALES: usize = 2_000;

/// A store's backlog as it travels.
struct Backlog {
    store: StoreId,
    chunks: Vec<Vec<u8>>,
}

/// The number of a store, a chunk of its and the facts in it.
type Batch = (i64, Vec<u8>, Vec<Fact>);

pub(crate) fn run() -> Outcome {
    let backlogs = backlogs()?;
    let dir = tempfile::tempdir()?;
    let path = dir.path().join("hub.db");
    let config = Config { chain: work::chain_id(), me: Writer::Hub };
    let hub = Books::open(&path, config)?;

    let started = Instant::now();
    let facts = take_in_all(&hub, &backlogs)?;
    let ours = facts as f64 / started.elapsed().as_secs_f64();
    drop(hub);

    let batches = read(&backlogs)?;
    let mut bare = Bare::of(&path)?;
    bare.know(batches.iter().flat_map(|(_, _, facts)| facts));
    let started = Instant::now();
    for (store, bytes, facts) in &batches {
        bare.take_in(*store, bytes, facts)?;
    }
    let reference = facts as f64 / started.elapsed().as_secs_f64();

    Ok(vec![
        Report::higher("ingest", "sales/s", ours)
            .against("bare rusqlite, same rows, a transaction per chunk", reference)
            .work(format!("{STORES} stores, {SALES} sales each, a session on every core")),
        Report::higher("ingest.aim", "sales/s", ours).against("the aim", 50_000.0),
    ])
}

/// Takes the backlogs in as the hub does: as many sessions run at once as there are cores, and one
/// writer commits for all of them.
fn take_in_all(hub: &Books, backlogs: &[Backlog]) -> Result<usize> {
    let next = AtomicUsize::new(0);
    let session = || {
        let mut facts = 0;
        while let Some(backlog) = backlogs.get(next.fetch_add(1, Ordering::Relaxed)) {
            facts += take_in(hub, backlog).map_err(|error| error.to_string())?;
        }
        Ok::<_, String>(facts)
    };
    let cores = thread::available_parallelism()?.get();
    thread::scope(|scope| {
        let sessions: Vec<_> = (0..cores).map(|_| scope.spawn(session)).collect();
        let join = |session: thread::ScopedJoinHandle<'_, std::result::Result<usize, String>>| {
            session.join().expect("a session does not panic").map_err(Into::into)
        };
        sessions.into_iter().map(join).sum()
    })
}

/// What the hub's session does with the chunks of one store, without the network between.
fn take_in(hub: &Books, backlog: &Backlog) -> Result<usize> {
    let peer = Writer::Store(backlog.store.clone());
    let admission = Admission::new(work::chain_id(), Writer::Hub, peer.clone());
    let mut facts = 0;
    for body in &backlog.chunks {
        let mut changes = Vec::new();
        for change in chunk::unpack(body)? {
            let admitted = admission.admit(change).map_err(|refusal| format!("{refusal:?}"))?;
            if let Content::Facts(added) = &admitted.content {
                facts += added.len();
            }
            changes.push(admitted);
        }
        hub.apply(&peer, changes)?;
    }
    Ok(facts)
}

/// The facts of every chunk, with its bytes, for the reference.
fn read(backlogs: &[Backlog]) -> Result<Vec<Batch>> {
    let mut batches = Vec::new();
    for (number, backlog) in (1..).zip(backlogs) {
        let peer = Writer::Store(backlog.store.clone());
        let admission = Admission::new(work::chain_id(), Writer::Hub, peer);
        for body in &backlog.chunks {
            let mut facts = Vec::new();
            for change in chunk::unpack(body)? {
                let admitted = admission.admit(change).map_err(|refusal| format!("{refusal:?}"))?;
                if let Content::Facts(added) = admitted.content {
                    facts.extend(added.into_iter().map(|added| added.fact));
                }
            }
            batches.push((number, body.clone(), facts));
        }
    }
    Ok(batches)
}

/// Lets every store sell, and packs what it has.
fn backlogs() -> Result<Vec<Backlog>> {
    let chain = work::chain(STORES, 500)?;
    let dir = tempfile::tempdir()?;
    let mut backlogs = Vec::new();
    for store in chain.stores() {
        let node = work::node(dir.path(), store)?;
        work::ring_up(&mut Till::new(node.clone()), &chain, store, SALES)?;
        let (mut after, mut chunks) = (Row::START, Vec::new());
        loop {
            let batch = node.books().tail(&Writer::Hub, after, CHUNK_LEN)?;
            after = batch.last;
            if !batch.changes.is_empty() {
                chunks.push(chunk::pack(&batch.changes));
            }
            if batch.more == More::No {
                break;
            }
        }
        backlogs.push(Backlog { store: store.id.clone(), chunks });
    }
    Ok(backlogs)
}
