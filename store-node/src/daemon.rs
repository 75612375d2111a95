//! The program that stays: it has the books open, answers commands on the local API, and keeps in
//! step with the hub.

use std::future::IntoFuture as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use books::BooksError;
use console::local::{LocalInfo, Published};
use sync_proto::quic::Dialer;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tracing::{info, warn};

use crate::error::{NodeError, Result};
use crate::node::Node;
use crate::node::close::due;
use crate::serve;
use crate::sync::{SyncTask, whole};

/// How long commands that are being answered may take to finish once the daemon is to stop.
const LAST_ANSWERS: Duration = Duration::from_secs(10);

/// How often old days are looked at.
const TIDY_EVERY: Duration = Duration::from_secs(3600);

/// How often it is looked whether a day is to be closed.
const CLOSE_EVERY: Duration = Duration::from_secs(30);

/// Days that stay as they are: late facts and a hub that comes back still add to them.
const FRESH_DAYS: i32 = 7;

/// Days that are packed in one go: each takes the writer some milliseconds.
const TIDY_AT_ONCE: usize = 16;

/// How often it is looked whether a history that is awaited is here.
const HISTORY_EVERY: Duration = Duration::from_secs(30);

/// How long commits are gathered before alerts are looked for: nobody reads them faster.
const ALERTS_GATHER: Duration = Duration::from_secs(2);

/// How often alerts are looked for though nothing was booked: the day may be another.
const ALERTS_EVERY: Duration = Duration::from_secs(600);

/// How long the hub may take to hear that the store leaves.
const FAREWELL: Duration = Duration::from_secs(3);

/// A daemon that answers commands.
pub struct Daemon {
    published: Published,
    node: Node,
    stop: watch::Sender<bool>,
    serving: tokio::task::JoinHandle<std::io::Result<()>>,
    sync: Option<SyncTask>,
    tidying: tokio::task::JoinHandle<()>,
    closing: tokio::task::JoinHandle<()>,
    correcting: tokio::task::JoinHandle<()>,
    alerting: tokio::task::JoinHandle<()>,
}

impl Daemon {
    /// Starts to answer commands on a loopback port, and to keep in step with the hub if there is
    /// one. Within a tokio runtime.
    pub async fn start(node: Node) -> Result<Self> {
        let broken = |source| NodeError::Serve { source };
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listener = TcpListener::bind(any).await.map_err(broken)?;
        let address = listener.local_addr().map_err(broken)?;
        let info = LocalInfo::of_this_process(address)?;
        let routes = serve::routes(node.clone(), &info.token);
        let (stop, stopping) = watch::channel(false);
        let serving = axum::serve(listener, routes).with_graceful_shutdown(raised(stopping));
        let serving = tokio::spawn(serving.into_future());
        let sync = match node.config().hub {
            Some(_) => Some(node.start_sync(Dialer::bind(node.clock().clone())?)?),
            None => None,
        };
        let tidying = tokio::spawn(tidy(node.clone()));
        let closing = tokio::spawn(close_days(node.clone()));
        let correcting = tokio::spawn(correct(node.clone()));
        let alerting = tokio::spawn(alert(node.clone()));
        // Last: whoever finds the address finds a daemon that answers.
        let published = info.publish(node.home().dir())?;
        info!(store = %node.store(), %address, "the daemon answers commands");
        Ok(Self { published, node, stop, serving, sync, tidying, closing, correcting, alerting })
    }

    /// The node that it serves.
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// Where it answers.
    pub fn info(&self) -> &LocalInfo {
        self.published.info()
    }

    /// Ends in good order: no new commands, the hub is told, what is being answered is finished.
    pub async fn stop(self) -> Result<()> {
        let Self { published, node, stop, serving, sync, tidying, closing, correcting, alerting } =
            self;
        drop(published);
        stop.send_replace(true);
        tidying.abort();
        closing.abort();
        correcting.abort();
        alerting.abort();
        if let Some(sync) = sync
            && timeout(FAREWELL, sync.stop()).await.is_err()
        {
            warn!("the hub did not hear that the store leaves");
        }
        match timeout(LAST_ANSWERS, serving).await {
            Ok(served) => {
                let served = served.map_err(|_| NodeError::Panicked)?;
                served.map_err(|source| NodeError::Serve { source })?;
            }
            Err(_) => warn!("a command was still being answered"),
        }
        info!(store = %node.store(), "the daemon has stopped");
        Ok(())
    }
}

/// Packs the changes of old days together, so that years of history stay small, and drops what is older than
/// the settings keep.
async fn tidy(node: Node) {
    loop {
        let pack = {
            let node = node.clone();
            move || -> Result<(), BooksError> {
                let before = node.today().plus_days(-FRESH_DAYS);
                let old = node.books().reader()?.compactable(before, TIDY_AT_ONCE)?;
                old.iter().try_for_each(|doc| node.books().compact(doc).map(drop))?;
                let Some(keep) = node.config().retain_days else { return Ok(()) };
                let dropped = node.books().drop_days(keep.since(node.today()), TIDY_AT_ONCE)?;
                if dropped.days > 0 {
                    info!(days = dropped.days, facts = dropped.facts, "dropped old books");
                }
                Ok(())
            }
        };
        match tokio::task::spawn_blocking(pack).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => warn!(error = %whole(&error), "old days could not be packed"),
            Err(_) => warn!("packing old days panicked"),
        }
        sleep(TIDY_EVERY).await;
    }
}

/// Closes the days that are over, where the settings say when. Days of which the daemon was not there are
/// closed as soon as it is.
async fn close_days(node: Node) {
    let Some(at) = node.config().close_at else { return };
    loop {
        let close = {
            let node = node.clone();
            move || {
                let until = due(node.zone(), node.now(), at, node.config().cutoff());
                node.close_open_days(until, None)
            }
        };
        match tokio::task::spawn_blocking(close).await {
            Ok(Ok(days)) => {
                for date in days {
                    info!(%date, "the day is closed");
                }
            }
            Ok(Err(error)) => {
                warn!(error = %whole(&error), "the days that are over could not be closed");
            }
            Err(_) => warn!("closing the days that are over panicked"),
        }
        sleep(CLOSE_EVERY).await;
    }
}

/// Books what head office has approved and answers its letters, at the start and whenever orders may have come.
async fn correct(node: Node) {
    let mut commits = node.books().commits();
    loop {
        let seen = commits.borrow_and_update().last_shared;
        let asked = node.clone();
        match tokio::task::spawn_blocking(move || asked.carry_out_corrections()).await {
            Ok(Ok(facts)) => {
                for fact in facts {
                    info!(%fact, "booked a correction that head office approved");
                }
            }
            Ok(Err(error)) => warn!(error = %whole(&error), "corrections could not be booked"),
            Err(_) => warn!("booking corrections panicked"),
        }
        let asked = node.clone();
        match tokio::task::spawn_blocking(move || asked.answer_letters()).await {
            Ok(Ok(facts)) => {
                for fact in facts {
                    info!(%fact, "moved rights to stored value as head office asked");
                }
            }
            Ok(Err(error)) => warn!(error = %whole(&error), "letters could not be answered"),
            Err(_) => warn!("answering letters panicked"),
        }
        // Corrections wait for a history that is still to come.
        let asked = node.clone();
        let awaits = move || Ok(asked.books().reader()?.carried()?.awaited > 0);
        let awaits = tokio::task::spawn_blocking(awaits).await;
        if matches!(awaits, Ok(Ok::<_, BooksError>(true))) {
            sleep(HISTORY_EVERY).await;
            continue;
        }
        if commits.wait_for(|commit| commit.last_shared != seen).await.is_err() {
            return;
        }
    }
}

/// Brings the open alerts up to date: after commits, and on another day.
async fn alert(node: Node) {
    let mut commits = node.books().commits();
    loop {
        commits.mark_unchanged();
        let asked = node.clone();
        match tokio::task::spawn_blocking(move || asked.look_for_alerts()).await {
            Ok(Ok(looked)) if looked.raised > 0 => {
                info!(raised = looked.raised, ended = looked.ended, "there are new alerts");
            }
            Ok(Ok(_)) => {}
            Ok(Err(error)) => warn!(error = %whole(&error), "alerts could not be looked for"),
            Err(_) => warn!("looking for alerts panicked"),
        }
        // Tills book several times a second: one look for all of that.
        sleep(ALERTS_GATHER).await;
        if let Ok(Err(_)) = timeout(ALERTS_EVERY, commits.changed()).await {
            return;
        }
    }
}

/// Waits for Ctrl+C or a request to terminate.
pub async fn asked_to_stop() -> Result<()> {
    let broken = |source| NodeError::Runtime { source };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).map_err(broken)?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted.map_err(broken),
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await.map_err(broken)
}

async fn raised(mut flag: watch::Receiver<bool>) {
    // An error means that the daemon is gone, which is reason enough.
    let _ = flag.wait_for(|raised| *raised).await;
}
