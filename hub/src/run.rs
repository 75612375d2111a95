//! A hub that runs: stores connect, each in a task of its own, and commands come in.

mod session;

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use books::{BooksError, Commit, Refreshed, Tx};
use sync_proto::quic::{CloseCode, Listener, Workers};
use sync_proto::replica::{More, Row};
use sync_proto::session::STOCK_INTERVAL;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::checks::schedule;
use crate::enrol::Desk;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::local::LocalApi;
use crate::peers::GATHER;
use crate::purchases::rules::keep_approving_purchases;
use crate::transfers::rules::keep_approving;
use crate::value::keep_sharing;
use session::attend;

/// How often the hub looks whether its own certificate is due for renewal, which happens every month.
const RENEWAL_CHECK: Duration = Duration::from_secs(60 * 60);

/// The longest wait before schedules of checks are looked at again.
const SCHEDULE_CHECK: Duration = Duration::from_secs(60);

/// How long changes are gathered before alerts are looked for: nobody reads them faster.
const ALERTS_GATHER: Duration = Duration::from_secs(3);

/// How often alerts are looked for though nothing has come: the day may be another.
const ALERTS_EVERY: Duration = Duration::from_secs(600);

/// How many replicas are asked at once. The writer commits what waits for it as one group, so this
/// is also how many stores' sales share a sync of the disk.
const WORKERS: NonZeroUsize = NonZeroUsize::new(16).expect("sixteen is not zero");

/// How many stores catch up at once. Each may hold four chunks of 256 KiB and what they are decoded
/// to, about 4 MB; and a live sale waits behind one chunk of each, a few milliseconds.
const CATCHING_UP: NonZeroUsize = NonZeroUsize::new(16).expect("sixteen is not zero");

/// How long stopping waits for the sessions' last words.
const FAREWELL: Duration = Duration::from_secs(5);

/// A hub while stores can connect to it. [`RunningHub::stop`] ends that in good order; dropping it
/// ends it at once, which loses nothing that was acknowledged.
pub struct RunningHub {
    hub: Hub,
    address: SocketAddr,
    stop: watch::Sender<Stop>,
    api: JoinHandle<Result<()>>,
    sessions: JoinHandle<()>,
    chores: JoinSet<()>,
}

/// Whether everything is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    NotYet,
    Now,
}

impl Hub {
    /// Lets stores connect at a UDP address, and commands through the local API. Within a tokio
    /// runtime.
    pub async fn start(&self, listen: SocketAddr) -> Result<RunningHub> {
        let identity = self.authority().hub_identity(&self.home().identity(), self.now())?;
        let desk = Arc::new(Desk::of(self));
        let refused = |source| HubError::Listen { address: listen, source };
        let listener =
            Listener::bind(listen, &identity, desk, self.clock().clone()).map_err(refused)?;
        let handle = listener.handle();
        let address = handle.local_addr().map_err(|source| HubError::Serve { source })?;
        let api = LocalApi::open(self).await?;
        *self.listener() = Some(handle);
        let (stop, stopped) = watch::channel(Stop::NotYet);
        let shared = self.books().commits().borrow().last_shared;
        let shared = watch::Sender::new(Shared { row: shared, stock: 0 });
        let news = shared.subscribe();
        let mut chores = JoinSet::new();
        chores.spawn(pass_on(self.books().commits(), shared.clone()));
        chores.spawn(tell_stock(self.clone(), shared));
        chores.spawn(look_for_alerts(self.clone()));
        chores.spawn(renew_identity(self.clone()));
        chores.spawn(write_news(self.clone()));
        chores.spawn(keep_approving(self.clone()));
        chores.spawn(keep_approving_purchases(self.clone()));
        chores.spawn(keep_sharing(self.clone()));
        chores.spawn(check_on_schedule(self.clone()));
        let serving = Serving {
            hub: self.clone(),
            workers: Workers::threads(WORKERS).with_turns(CATCHING_UP),
            news,
            stop: stopped.clone(),
        };
        Ok(RunningHub {
            hub: self.clone(),
            address,
            stop,
            api: tokio::spawn(api.serve(until(stopped))),
            sessions: tokio::spawn(serve_all(serving, listener)),
            chores,
        })
    }

    /// Runs until `shutdown` is ready, then stops in good order.
    pub async fn run(&self, listen: SocketAddr, shutdown: impl Future<Output = ()>) -> Result<()> {
        let running = self.start(listen).await?;
        shutdown.await;
        running.stop().await
    }
}

impl RunningHub {
    /// Where stores connect.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The hub that runs.
    pub const fn hub(&self) -> &Hub {
        &self.hub
    }

    /// Tells the stores that the hub goes away, and waits until all is written.
    pub async fn stop(mut self) -> Result<()> {
        self.stop.send_replace(Stop::Now);
        self.chores.shutdown().await;
        // A panic in there was logged where it happened.
        let _ = (&mut self.sessions).await;
        let served = (&mut self.api).await.unwrap_or(Err(HubError::Panicked));
        let handle = self.hub.listener().take();
        if let Some(handle) = handle {
            handle.close(CloseCode::Stopping);
            // A store that does not hear it notices by itself.
            let _ = timeout(FAREWELL, handle.closed()).await;
        }
        self.hub.peer_news().write(self.hub.books()).await?;
        served
    }
}

impl Drop for RunningHub {
    fn drop(&mut self) {
        self.sessions.abort();
        self.api.abort();
        if let Some(handle) = self.hub.listener().take() {
            handle.close(CloseCode::Stopping);
        }
    }
}

/// What every session of a running hub needs.
#[derive(Clone)]
pub(crate) struct Serving {
    hub: Hub,
    workers: Workers,
    news: watch::Receiver<Shared>,
    stop: watch::Receiver<Stop>,
}

/// What concerns every session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shared {
    /// The last change of a document that all stores share.
    row: Row,
    /// The last number given to something that stores are told of each other's stock.
    stock: u64,
}

/// Gives each store that connects a task of its own, so that whatever becomes of one session, the
/// others go on.
async fn serve_all(serving: Serving, mut listener: Listener) {
    let mut sessions = JoinSet::new();
    let mut stopping = Box::pin(until(serving.stop.clone()));
    loop {
        tokio::select! {
            link = listener.next() => match link {
                Some(link) => drop(sessions.spawn(attend(serving.clone(), link))),
                None => break,
            },
            Some(ended) = sessions.join_next(), if !sessions.is_empty() => {
                if let Err(error) = ended {
                    tracing::error!(%error, "a session broke; its store connects again");
                }
            }
            () = &mut stopping => break,
        }
    }
    // The sessions have been told to stop as well; those that take too long are cut off, which
    // loses nothing.
    let all = async { while sessions.join_next().await.is_some() {} };
    let _ = timeout(FAREWELL, all).await;
}

/// Tells the sessions when something was appended that all stores share. A store's own sales concern
/// no other session: without this each of them would make a thousand sessions look.
async fn pass_on(mut commits: watch::Receiver<Commit>, to: watch::Sender<Shared>) {
    while commits.changed().await.is_ok() {
        let row = commits.borrow_and_update().last_shared;
        to.send_if_modified(|told| {
            let moved = told.row != row;
            told.row = row;
            moved
        });
    }
}

/// Works out what stores are told of each other's stock, where changes have come in.
async fn tell_stock(hub: Hub, to: watch::Sender<Shared>) {
    let mut commits = hub.books().commits();
    let mut rounds = interval(Duration::from_millis(STOCK_INTERVAL.0));
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        rounds.tick().await;
        commits.mark_unchanged();
        match refresh_stock(&hub).await {
            Ok(version) => drop(to.send_if_modified(|told| {
                let moved = told.stock != version;
                told.stock = version;
                moved
            })),
            Err(error) => {
                tracing::warn!(%error, "stores cannot be told of each other's stock");
            }
        }
        if commits.changed().await.is_err() {
            return;
        }
    }
}

/// The last number given to something that stores are told.
async fn refresh_stock(hub: &Hub) -> std::result::Result<u64, BooksError> {
    loop {
        let refresh = |tx: &mut Tx<'_>| -> std::result::Result<Refreshed, BooksError> {
            tx.refresh_availability()
        };
        let Refreshed { version, more } = hub.books().write_async(refresh).await?;
        if more == More::No {
            return Ok(version);
        }
    }
}

/// Brings the stores' open alerts up to date: where changes have come in, and on another day.
async fn look_for_alerts(hub: Hub) {
    let mut commits = hub.books().commits();
    loop {
        commits.mark_unchanged();
        let asked = hub.clone();
        match tokio::task::spawn_blocking(move || asked.look_for_alerts()).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::warn!(%error, "alerts cannot be looked for"),
            Err(_) => tracing::error!("looking for alerts panicked"),
        }
        tokio::time::sleep(ALERTS_GATHER).await;
        if let Ok(Err(_)) = timeout(ALERTS_EVERY, commits.changed()).await {
            return;
        }
    }
}

/// Keeps the hub's own certificate fresh.
async fn renew_identity(hub: Hub) {
    let mut rounds = interval(RENEWAL_CHECK);
    loop {
        rounds.tick().await;
        let asked = hub.clone();
        let renewal = tokio::task::spawn_blocking(move || {
            asked.authority().hub_identity(&asked.home().identity(), asked.now())
        });
        let identity = match renewal.await {
            Ok(Ok(identity)) => identity,
            Ok(Err(error)) => {
                tracing::error!(%error, "the hub's certificate cannot be renewed");
                continue;
            }
            Err(_) => continue,
        };
        if let Some(listener) = hub.listener().as_ref()
            && let Err(error) = listener.use_identity(&identity)
        {
            tracing::error!(%error, "the hub's renewed certificate cannot be used");
        }
    }
}

/// Runs the checks that are due, at the start and whenever the next ones are.
async fn check_on_schedule(hub: Hub) {
    loop {
        let asked = hub.clone();
        let due = match tokio::task::spawn_blocking(move || schedule::run_due(&asked)).await {
            Ok(Ok(next)) => next,
            Ok(Err(error)) => {
                tracing::error!(%error, "the checks that were due did not run");
                None
            }
            Err(_) => None,
        };
        // The clock may be set meanwhile, so it is looked at often.
        let left = due.map(|due| due.millis().saturating_sub(hub.now().millis()));
        let left = left.and_then(|left| u64::try_from(left).ok()).map(Duration::from_millis);
        let wait = left.unwrap_or(SCHEDULE_CHECK).min(SCHEDULE_CHECK);
        // Whatever woke it up, it looks.
        let _ = timeout(wait, hub.checks().rescheduled()).await;
    }
}

/// Writes down what is remembered of the stores.
async fn write_news(hub: Hub) {
    let mut rounds = interval(GATHER);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        rounds.tick().await;
        if let Err(error) = hub.peer_news().write(hub.books()).await {
            tracing::warn!(%error, "cannot remember what the stores have confirmed");
        }
    }
}

async fn until(mut stop: watch::Receiver<Stop>) {
    // An error means that the running hub was dropped: that is an end, too.
    let _ = stop.wait_for(|stop| *stop == Stop::Now).await;
}
