//! One meeting with the hub.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::{Duration, Instant};

use books::PeerNote;
use ledger::id::FactId;
use sync_proto::Writer;
use sync_proto::quic::{
    CloseCode, DialError, Dialer, Ended, HubLink, Identity, SessionEnd, Surroundings, Workers,
    run_session,
};
use sync_proto::session::{CloseReason, Event};
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tracing::{info, warn};

use super::state::{Phase, Progress};
use super::until_true;
use crate::error::{NodeError, Result};
use crate::home::HUB_PORT;
use crate::node::Node;

/// The hub's acknowledgements are noted this often at most: each note is a commit, and a busy till
/// is acknowledged many times a second. What is not noted is only shown as unsent for that long.
const NOTE_EVERY: Duration = Duration::from_secs(1);

/// How long a meeting that ends once in step waits for the hub to tell of other stores' stock. That
/// is worth a moment, and not the next meeting.
const STOCK_PATIENCE: Duration = Duration::from_secs(10);

/// How long a meeting lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stay {
    /// Until the store can sell: old books may still be on their way.
    UntilReady,
    /// Until each side holds what the other has.
    UntilInStep,
    /// Until it is stopped or the connection ends.
    Connected,
}

/// What came of a meeting in which the two got in step.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Met {
    /// What was exchanged.
    pub(crate) progress: Progress,
    /// How long it took until they were.
    pub(crate) took: Duration,
    /// Whether it ended as it should; it may also have broken off later.
    pub(crate) ended: MeetingEnd,
}

/// How a meeting ended after the two had got in step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MeetingEnd {
    /// On purpose, here.
    Here,
    /// By the hub or the network.
    Lost,
    /// By the hub, because another machine came in this store's name: a clone runs.
    Superseded,
}

/// Meets the hub and reconciles. `stop` ends the meeting in good order.
pub(crate) async fn meet(
    node: &Node,
    dialer: &Dialer,
    stay: Stay,
    stop: impl Future<Output = ()>,
) -> Result<Met> {
    let began = Instant::now();
    node.sync().enter(Phase::Connecting, node.now());
    let identity = identity(node)?;
    let link = connect(node, dialer, &identity).await?;
    renew(node, &link).await;
    let stream = link.open_session().await?;
    node.sync().measure_by(stream.meter());
    let workers = Workers::threads(NonZeroUsize::MIN);
    let around = Surroundings {
        replica: Arc::new(node.books().clone()),
        workers,
        clock: node.clock().clone(),
        changes: node.books().commits(),
        wishes: mpsc::channel(1).1,
    };
    let (notes, noted) = watch::channel(PeerNote::default());
    let (over, is_over) = watch::channel(false);
    let keeping = tokio::spawn(keep_notes(node.clone(), noted, is_over));
    let (in_step, current, ready) = (Notify::new(), Notify::new(), Notify::new());
    let all_is_told = async {
        in_step.notified().await;
        // What was not told in time is told at the next meeting.
        let _ = timeout(STOCK_PATIENCE, current.notified()).await;
    };
    let stop = async {
        tokio::select! {
            () = stop => {}
            () = all_is_told, if stay != Stay::Connected => {}
            () = ready.notified(), if stay == Stay::UntilReady => {}
        }
    };
    let mut seen = Seen { progress: Progress::default(), in_step: None, ready: None };
    let mut saying = JoinSet::new();
    let end = run_session(stream, around, stop, |event| {
        note(&event, node, &notes);
        seen.take(&event, began);
        if seen.in_step.is_some() {
            in_step.notify_one();
        }
        match event {
            Event::StockCurrent => current.notify_one(),
            Event::Ready => ready.notify_one(),
            _ => {}
        }
        if event == Event::InSync {
            let node = node.clone();
            saying.spawn_blocking(move || tell_unsaid(&node));
        }
        tell(node, event);
    })
    .await;
    link.close(CloseCode::Done);
    while saying.join_next().await.is_some() {}
    drop(notes);
    over.send_replace(true);
    // The task only writes a last note; if it panicked, the next meeting writes a newer one.
    let _ = keeping.await;
    node.sync().enter(Phase::Waiting, node.now());
    let ended = match &end {
        SessionEnd::Closed(CloseReason::Asked) => MeetingEnd::Here,
        SessionEnd::Lost(Ended::Said(CloseCode::Superseded)) => MeetingEnd::Superseded,
        _ => MeetingEnd::Lost,
    };
    let ready = seen.ready.filter(|_| stay == Stay::UntilReady);
    match seen.in_step.or(ready) {
        Some(took) => {
            if ended != MeetingEnd::Here {
                info!(reason = %super::whole(&end), "the connection to the hub ended");
            }
            Ok(Met { progress: seen.progress, took, ended })
        }
        None => Err(NodeError::Session { source: Box::new(end) }),
    }
}

/// What a meeting has brought so far.
struct Seen {
    progress: Progress,
    in_step: Option<Duration>,
    ready: Option<Duration>,
}

impl Seen {
    fn take(&mut self, event: &Event, began: Instant) {
        match event {
            Event::Progress(progress) => self.progress = Progress::from(*progress),
            Event::InSync if self.in_step.is_none() => self.in_step = Some(began.elapsed()),
            Event::Ready => self.ready = Some(began.elapsed()),
            _ => {}
        }
    }
}

/// The key and certificates with which the store proves who it is.
pub(crate) fn identity(node: &Node) -> Result<Identity> {
    let config = node.config();
    let dir = node.home().identity();
    let identity = Identity::load(&dir)?.ok_or(NodeError::NoIdentity { dir })?;
    let name = &identity.me().name;
    let me = Writer::Store(config.store.clone());
    if name.chain != config.chain || name.writer != me {
        let settings = format!("{} ({})", me, config.chain);
        let certificate = format!("{} ({})", name.writer, name.chain);
        return Err(NodeError::OtherIdentity { certificate, settings });
    }
    Ok(identity)
}

/// The addresses behind a hub's name; the protocol's own port unless it gives one.
pub(crate) async fn resolve(hub: &str) -> Result<Vec<SocketAddr>> {
    let unknown = |source| NodeError::HubAddress { address: hub.to_owned(), source };
    let has_port = hub.parse::<SocketAddr>().is_ok()
        || hub
            .rsplit_once(':')
            .is_some_and(|(host, port)| !host.contains(':') && port.parse::<u16>().is_ok());
    let found = if has_port {
        tokio::net::lookup_host(hub).await.map_err(unknown)?.collect::<Vec<_>>()
    } else {
        let host = hub.trim_start_matches('[').trim_end_matches(']');
        tokio::net::lookup_host((host, HUB_PORT)).await.map_err(unknown)?.collect()
    };
    if found.is_empty() {
        return Err(unknown(std::io::Error::other("the name has no address")));
    }
    Ok(found)
}

async fn connect(node: &Node, dialer: &Dialer, identity: &Identity) -> Result<HubLink> {
    let hub = node.config().hub.as_deref().ok_or(NodeError::Standalone)?;
    let mut last = None;
    for address in resolve(hub).await? {
        match dialer.connect(address, identity).await {
            Ok(link) => return Ok(link),
            Err(error) => last = Some(error),
        }
    }
    let nowhere = || NodeError::HubAddress {
        address: hub.to_owned(),
        source: std::io::Error::other("the name has no address"),
    };
    Err(last.map_or_else(nowhere, |source: DialError| NodeError::Dial { source }))
}

/// Renews the certificate in time. That it failed is no reason not to meet: weeks are left.
async fn renew(node: &Node, link: &HubLink) {
    if !link.renewal_due() {
        return;
    }
    match link.renew(&node.home().identity()).await {
        Ok(identity) => info!(until = identity.me().not_after.millis(), "certificate renewed"),
        Err(error) => warn!(error = %super::whole(&error), "the certificate was not renewed"),
    }
}

/// Passes on what the hub has made durable.
fn note(event: &Event, node: &Node, notes: &watch::Sender<PeerNote>) {
    let now = node.now();
    notes.send_modify(|note| {
        note.seen_at = Some(now);
        match event {
            Event::AckedUpTo(head) => {
                note.acked_fact = Some(FactId { epoch: head.epoch, seq: head.seq });
            }
            Event::PeerHolds(row) => note.acked_row = Some(*row),
            _ => {}
        }
    });
}

/// Keeps the latest note in the books until the meeting is over.
async fn keep_notes(
    node: Node,
    mut noted: watch::Receiver<PeerNote>,
    mut over: watch::Receiver<bool>,
) {
    let mut written = PeerNote::default();
    loop {
        let open = noted.changed().await.is_ok();
        let note = *noted.borrow_and_update();
        if note != written {
            let write = node.books().write_async(move |tx| tx.note_peer(&Writer::Hub, &note));
            if let Err(error) = write.await {
                warn!(error = %super::whole(&error), "what the hub holds could not be noted");
            }
            written = note;
        }
        if !open {
            return;
        }
        tokio::select! {
            () = sleep(NOTE_EVERY) => {}
            () = until_true(&mut over) => {}
        }
    }
}

/// Lets the store's entries in transfers follow its books, now that those are settled.
fn tell_unsaid(node: &Node) {
    match node.books().tell_unsaid(node.now()) {
        Ok(0) => {}
        Ok(entries) => info!(entries, "transfers were told what has become of this store's facts"),
        // The mark stays, and the next meeting tries again.
        Err(error) => {
            warn!(error = %super::whole(&error), "transfers could not be told of this store's facts");
        }
    }
}

/// Tells the state, and the log.
fn tell(node: &Node, event: Event) {
    let (sync, now) = (node.sync(), node.now());
    match event {
        Event::Connected { version, verdict, .. } => {
            info!(version, ?verdict, "connected to the hub");
            sync.enter(Phase::CatchingUp, now);
        }
        Event::PeerClockSkew { ahead_ms } => sync.update(|state| {
            state.hub_ahead_ms = Some(ahead_ms);
        }),
        Event::Progress(progress) => sync.update(|state| {
            state.progress = Some(Progress::from(progress));
        }),
        Event::InSync => {
            info!("in step with the hub");
            sync.enter(Phase::InStep, now);
            sync.update(|state| {
                (state.failures, state.problem) = (0, None);
            });
        }
        Event::CarriedOver { facts } => info!(
            facts,
            "head office has told what this store's history comes to; its facts follow behind"
        ),
        Event::Ready => info!("ready to sell: what is left to come are old books"),
        Event::Received { changes, .. } => tracing::debug!(changes, "received from the hub"),
        Event::TakeBack(order) => warn!(
            epoch = order.epoch.number(),
            agreed = order.agreed,
            set_aside = order.set_aside_after.is_some(),
            "the hub knows another history of this store: a new epoch begins; `store-node status` \
             and `store-node forks list` tell more"
        ),
        Event::Quarantined(item) => {
            warn!(doc = %item.doc, refused_by = %item.refused_by, reason = item.reason, "quarantined");
        }
        Event::Forked { doc, actor } => {
            warn!(%doc, ?actor, "two histories of one writer have parted; a person must decide");
        }
        Event::Forgotten { doc, .. } => {
            warn!(%doc, "the hub has forgotten changes that it once sent: was it restored?");
        }
        // The last is the hub's to hear.
        Event::AckedUpTo(_) | Event::PeerHolds(_) | Event::StockCurrent | Event::Compared(_) => {}
    }
}
