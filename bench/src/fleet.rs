//! Two thousand connected stores against one hub: what each costs the hub in memory, and how fast a
//! sale from each arrives. The hub runs in a process of its own, so that its memory is its own.

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use hub::ask::stores::{Invite, InviteKind};
use hub::{Door as _, Home, Hub, Setup};
use ledger::id::StoreId;
use ledger::time::BusinessDate;
use sync_proto::memory::MemoryReplica;
use sync_proto::quic::{Dialer, Surroundings, SystemClock, Workers, run_session};
use sync_proto::session::Event;
use sync_proto::{ChainId, Writer};
use tokio::sync::{mpsc, watch};

use crate::Outcome;
use crate::report::{Report, resident};
use crate::work::Result;

const STORES: usize = 2_000;

/// Answers that the stores' replicas give at once: two cores are shared with the hub.
const WORKERS: NonZeroUsize = NonZeroUsize::MIN;

/// How long the hub is left in peace before its memory is read.
const SETTLE: Duration = Duration::from_secs(2);

pub(crate) fn run() -> Outcome {
    let dir = tempfile::tempdir()?;
    let mut hub = HubProcess::start(dir.path())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let result = runtime.block_on(measure(&mut hub, dir.path()));
    hub.child.kill()?;
    hub.child.wait()?;
    result
}

async fn measure(hub: &mut HubProcess, dir: &std::path::Path) -> Outcome {
    let dialer = Dialer::bind(Arc::new(SystemClock))?;
    let mut identities = Vec::with_capacity(STORES);
    for (number, code) in hub.codes.iter().enumerate() {
        let folder = dir.join(format!("store-{number}"));
        std::fs::create_dir(&folder)?;
        identities.push(dialer.join(hub.address, &code.parse()?, &folder).await?);
    }
    let before = resident(hub.child.id())?;

    let (told, mut events) = mpsc::unbounded_channel();
    let mut shops = Vec::with_capacity(STORES);
    for (number, identity) in identities.into_iter().enumerate() {
        let writer = Writer::Store(store_id(number)?);
        let replica = Arc::new(MemoryReplica::new(hub.chain.clone(), writer));
        let (sold, changes) = watch::channel(0_u64);
        let link = dialer.connect(hub.address, &identity).await?;
        let stream = link.open_session().await?;
        let around = Surroundings {
            replica: Arc::clone(&replica),
            workers: Workers::threads(WORKERS),
            clock: Arc::new(SystemClock),
            changes,
            wishes: mpsc::channel(1).1,
        };
        let told = told.clone();
        tokio::spawn(async move {
            let tell = |event| drop(told.send((number, event)));
            run_session(stream, around, std::future::pending(), tell).await;
            drop(link);
        });
        shops.push((replica, sold));
    }
    wait_for(&mut events, |event| matches!(event, Event::InSync)).await?;
    tokio::time::sleep(SETTLE).await;
    let idle = resident(hub.child.id())?;

    let date: BusinessDate = "2026-11-22".parse()?;
    let started = Instant::now();
    for (number, (replica, sold)) in shops.iter().enumerate() {
        let store = store_id(number)?;
        replica.record(date, |id| sale(&store, &id.to_string()));
        sold.send_modify(|count| *count += 1);
    }
    wait_for(&mut events, |event| matches!(event, Event::AckedUpTo(head) if head.seq == 1)).await?;
    let seconds = started.elapsed().as_secs_f64();

    let per_store = idle.saturating_sub(before) as f64 / STORES as f64 / 1_000.0;
    let work = format!("{STORES} stores connected over QUIC with mutual TLS");
    Ok(vec![
        Report::lower("fleet.memory", "KB/store", per_store).against("the aim", 100.0).work(work),
        Report::lower("fleet.sale_from_each", "s", seconds)
            .against("a second", 1.0)
            .work("one sale at every store, to the last durable at the hub"),
    ])
}

/// Waits until every store has told such an event.
async fn wait_for(
    events: &mut mpsc::UnboundedReceiver<(usize, Event)>,
    wanted: impl Fn(&Event) -> bool,
) -> Result<()> {
    let mut seen = vec![false; STORES];
    let mut missing = STORES;
    while missing > 0 {
        let (store, event) = events.recv().await.ok_or("the stores have gone")?;
        if wanted(&event) && !seen[store] {
            seen[store] = true;
            missing -= 1;
        }
    }
    Ok(())
}

fn store_id(number: usize) -> Result<StoreId> {
    Ok(StoreId::new(&format!("S{number:04}"))?)
}

/// A sale of one bottle, as its store would write it.
fn sale(store: &StoreId, id: &str) -> String {
    format!(
        r#"{{"v":1,"id":"{id}","store":"{store}","date":"2026-11-22","at":1795312800000,"bill":"{store}-A-20261122-00001","kind":"sale","body":{{"lines":[{{"sku":"6901234567892","qty":1000,"price":20000,"total":20000}}],"pay":[{{"by":"mobile","sum":20000}}]}},"moves":[["on_hand","customer","6901234567892",1000,11000]]}}"#
    )
}

/// The hub as a process, and what it printed.
struct HubProcess {
    child: Child,
    address: SocketAddr,
    chain: ChainId,
    codes: Vec<String>,
}

impl HubProcess {
    fn start(dir: &std::path::Path) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("--part=fleet-hub")
            .arg(dir.join("hub"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = child.stdout.take().ok_or("the hub has no output")?;
        let mut lines = BufReader::new(stdout).lines();
        let mut line = || lines.next().ok_or("the hub said too little")?.map_err(Into::into);
        let result: Result<_> = (|| {
            let (address, chain) = (line()?.parse()?, ChainId::new(&line()?)?);
            let codes = (0..STORES).map(|_| line()).collect::<Result<_>>()?;
            Ok((address, chain, codes))
        })();
        match result {
            Ok((address, chain, codes)) => Ok(Self { child, address, chain, codes }),
            Err(error) => {
                child.kill()?;
                Err(error)
            }
        }
    }
}

/// The hub's part: invites every store, says how to join, and serves until its input ends.
pub(crate) fn hub(args: &[String]) -> Result<()> {
    let folder = args.first().ok_or("no folder given")?;
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let setup = Setup { name: None, listen: Some(any), public: None };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let hub = Hub::init(&Home::at(folder), setup)?;
        let running = hub.start(any).await?;
        let mut out = std::io::stdout().lock();
        writeln!(out, "{}\n{}", running.address(), hub.books().chain())?;
        for number in 0..STORES {
            let (store, kind) = (store_id(number)?, InviteKind::First);
            let invite = Invite { store, name: None, kind, life_minutes: 60 };
            writeln!(out, "{}", hub.ask(invite)?.code)?;
        }
        out.flush()?;
        tokio::task::spawn_blocking(|| std::io::stdin().read(&mut [0])).await??;
        Ok(())
    })
}
