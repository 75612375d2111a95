//! Keeping in step with the hub, beside the selling and never in its way.

mod meet;
mod policy;
pub(crate) mod state;

use std::collections::hash_map::RandomState;
use std::error::Error;
use std::future::pending;
use std::hash::BuildHasher as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use ledger::time::Timestamp;
use sync_proto::Writer;
use sync_proto::quic::{CloseCode, Dialer, Meter, Traffic};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::sleep;
use tracing::warn;

use crate::error::{NodeError, Result};
use crate::node::Node;
use meet::{MeetingEnd, Stay, meet};
pub(crate) use meet::{Met, identity, resolve};
pub use policy::{Due, Policy, PolicyError};
pub use state::{Phase, Progress, SyncState};

/// The note in the books that holds the policy.
const POLICY_NOTE: &str = "sync.policy";

/// Orders that may wait for the sync task: a person's, one at a time.
const MAX_ORDERS: usize = 16;

/// What people are told when the hub knows another machine by this store's name.
const CLONE_RUNS: &str = "another machine has connected in this store's name: stop one of the two";

/// A clone counts as this many failures, so that the two do not push each other out every second.
const CLONE_FAILURES: u32 = 10;

/// The longest wait before the policy is looked at again: a clock may have been set meanwhile.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// The node's end of the sync task: its state for whoever asks, and the way to give it orders.
pub(crate) struct Sync {
    state: watch::Sender<SyncState>,
    orders: Mutex<Option<mpsc::Sender<Order>>>,
    meter: Mutex<Option<Meter>>,
}

impl Default for Sync {
    fn default() -> Self {
        let state = watch::Sender::new(SyncState::default());
        Self { state, orders: Mutex::default(), meter: Mutex::default() }
    }
}

/// What the sync task can be told.
enum Order {
    /// Meet the hub now and say what came of it.
    Meet(oneshot::Sender<Result<Met>>),
    /// The policy is another one.
    PolicyChanged,
}

impl Sync {
    /// How things stand now.
    pub(crate) fn state(&self) -> SyncState {
        self.state.borrow().clone()
    }

    /// The way to the task that runs, if one does.
    fn orders(&self) -> Option<mpsc::Sender<Order>> {
        let orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        orders.clone().filter(|orders| !orders.is_closed())
    }

    /// Remembers what the present meeting costs.
    fn measure_by(&self, meter: Meter) {
        *self.meter.lock().unwrap_or_else(PoisonError::into_inner) = Some(meter);
    }

    fn update(&self, change: impl FnOnce(&mut SyncState)) {
        self.state.send_modify(change);
    }

    fn enter(&self, phase: Phase, now: Timestamp) {
        self.update(|state| state.enter(phase, now));
    }
}

/// A sync task that was started.
#[derive(Debug)]
pub struct SyncTask {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl SyncTask {
    /// Ends the task in good order: the hub is told.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        // A task that panicked is as stopped as it gets.
        let _ = self.task.await;
    }
}

impl Node {
    /// Starts to keep in step with the hub, on the tokio runtime of the caller. The dialer is the
    /// task's own: it is closed when the task stops. A second task beside one that runs is refused
    /// as [`NodeError::SyncRuns`].
    pub fn start_sync(&self, dialer: Dialer) -> Result<SyncTask> {
        if self.config().hub.is_none() {
            return Err(NodeError::Standalone);
        }
        let (orders, received) = mpsc::channel(MAX_ORDERS);
        {
            let mut place = self.sync().orders.lock().unwrap_or_else(PoisonError::into_inner);
            if place.as_ref().is_some_and(|orders| !orders.is_closed()) {
                return Err(NodeError::SyncRuns);
            }
            *place = Some(orders);
        }
        let (stop, stopping) = watch::channel(false);
        let task = tokio::spawn(keep_in_step(self.clone(), dialer, received, stopping));
        Ok(SyncTask { stop, task })
    }

    /// What the present meeting with the hub has cost so far, or the last one did; `None` before
    /// the first.
    pub fn traffic(&self) -> Option<Traffic> {
        let meter = self.sync().meter.lock().unwrap_or_else(PoisonError::into_inner);
        meter.as_ref().map(Meter::read)
    }

    /// Meets the hub once, now, and returns when each side holds what the other has: through the
    /// sync task if it runs, else by itself. Blocks.
    pub(crate) fn meet_now(&self) -> Result<Met> {
        if self.config().hub.is_none() {
            return Err(NodeError::Standalone);
        }
        if let Some(orders) = self.sync().orders() {
            let (reply, answer) = oneshot::channel();
            orders.blocking_send(Order::Meet(reply)).map_err(|_| NodeError::Stopping)?;
            return answer.blocking_recv().map_err(|_| NodeError::Stopping)?;
        }
        // A thread of its own, because the caller's may belong to a runtime already.
        std::thread::scope(|scope| {
            let meeting = scope.spawn(|| meet_once(self));
            meeting.join().unwrap_or(Err(NodeError::Panicked))
        })
    }

    /// When the store meets its hub.
    pub fn sync_policy(&self) -> Result<Policy> {
        let text = self.books().reader()?.note(POLICY_NOTE)?;
        // A policy of a later version: staying in touch is the safe reading.
        Ok(text.and_then(|text| text.parse().ok()).unwrap_or_default())
    }

    /// Changes when the store meets its hub.
    pub fn set_sync_policy(&self, policy: &Policy) -> Result<()> {
        let text = policy.to_string();
        self.books().write(move |tx| tx.set_note(POLICY_NOTE, &text))?;
        if let Some(orders) = self.sync().orders() {
            // A full queue means that it is about to look at its orders anyway.
            let _ = orders.try_send(Order::PolicyChanged);
        }
        Ok(())
    }
}

/// Meets the hub once on behalf of a store that has just joined: until it can sell. Old books follow at
/// later meetings.
pub(crate) async fn meet_first(node: &Node, dialer: &Dialer) -> Result<()> {
    let met = meet(node, dialer, Stay::UntilReady, pending()).await;
    node.sync().update(|state| *state = SyncState::default());
    met.map(drop)
}

fn meet_once(node: &Node) -> Result<Met> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|source| NodeError::Runtime { source })?;
    runtime.block_on(async {
        let dialer = Dialer::bind(node.clock().clone())?;
        let met = meet(node, &dialer, Stay::UntilInStep, pending()).await;
        dialer.close(CloseCode::Done).await;
        node.sync().update(|state| *state = SyncState::default());
        met
    })
}

/// Meets the hub when it is due or asked for, until told to stop.
async fn keep_in_step(
    node: Node,
    dialer: Dialer,
    mut orders: mpsc::Receiver<Order>,
    mut stopping: watch::Receiver<bool>,
) {
    let dice = RandomState::new();
    let mut asked: Option<oneshot::Sender<Result<Met>>> = None;
    let mut last = last_contact(&node);
    let mut failures = 0;
    while !*stopping.borrow() {
        if asked.is_none() {
            let delay = match failures {
                0 => None,
                failures => Some(policy::wait_after(failures, roll(&dice, node.now()))),
            };
            match wait(&node, last, delay, &mut orders, &mut stopping).await {
                Wake::Due => {}
                Wake::Asked(Order::Meet(reply)) => asked = Some(reply),
                Wake::Asked(Order::PolicyChanged) => continue,
                Wake::Stop => break,
            }
        }
        let policy = node.sync_policy().unwrap_or_default();
        let stay = match (&asked, policy) {
            (None, Policy::Live) => Stay::Connected,
            _ => Stay::UntilInStep,
        };
        let mut next = None;
        let interrupted = async {
            tokio::select! {
                order = orders.recv(), if stay == Stay::Connected => next = order,
                () = until_true(&mut stopping) => {}
            }
        };
        let met = meet(&node, &dialer, stay, interrupted).await;
        let problem = match &met {
            Ok(Met { ended: MeetingEnd::Superseded, .. }) => Some(CLONE_RUNS.to_owned()),
            Ok(_) => None,
            Err(error) => Some(whole(error)),
        };
        if let Some(problem) = &problem {
            warn!(%problem, "not in touch with the hub");
        }
        failures = match &met {
            Ok(Met { ended, .. }) => {
                last = Some(node.now());
                match ended {
                    MeetingEnd::Here => 0,
                    MeetingEnd::Lost => 1,
                    MeetingEnd::Superseded => CLONE_FAILURES,
                }
            }
            Err(_) => failures.saturating_add(1),
        };
        node.sync().update(|state| {
            (state.failures, state.problem) = (failures, problem);
        });
        if let Some(reply) = asked.take() {
            // Whoever asked may have gone; the meeting took place all the same.
            let _ = reply.send(met);
        }
        if let Some(Order::Meet(reply)) = next {
            asked = Some(reply);
        }
    }
    node.sync().update(|state| *state = SyncState::default());
    dialer.close(CloseCode::Stopping).await;
}

/// What ends a wait.
enum Wake {
    Due,
    Asked(Order),
    Stop,
}

async fn wait(
    node: &Node,
    last: Option<Timestamp>,
    delay: Option<Duration>,
    orders: &mut mpsc::Receiver<Order>,
    stopping: &mut watch::Receiver<bool>,
) -> Wake {
    let now = node.now();
    let policy = node.sync_policy().unwrap_or_default();
    let due = policy.due(last, now, node.zone().minute_of_day(now));
    let after = |span: Duration| {
        now.millis().saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX))
    };
    let next = match (due, delay) {
        (Due::OnRequest, _) => None,
        (Due::Now, None) => return Wake::Due,
        (Due::Now, Some(delay)) => Some(after(delay)),
        (Due::At(at), _) => Some(at.millis()),
    };
    node.sync().enter(Phase::Waiting, now);
    node.sync().update(|state| state.next = next.map(Timestamp::from_millis));
    loop {
        let left = next.map_or(LONGEST_SLEEP, |next| {
            let millis = next.saturating_sub(node.now().millis());
            Duration::from_millis(u64::try_from(millis).unwrap_or(0)).min(LONGEST_SLEEP)
        });
        tokio::select! {
            () = sleep(left) => {
                if next.is_some_and(|next| next <= node.now().millis()) {
                    return Wake::Due;
                }
            }
            order = orders.recv() => return order.map_or(Wake::Stop, Wake::Asked),
            () = until_true(stopping) => return Wake::Stop,
        }
    }
}

/// When the hub was last heard from, as the books remember.
fn last_contact(node: &Node) -> Option<Timestamp> {
    let peers = node.books().reader().and_then(|reader| reader.peers()).ok()?;
    peers.into_iter().find(|peer| peer.peer == Writer::Hub)?.seen_at
}

/// Waits until the flag is up, or will never be raised.
async fn until_true(flag: &mut watch::Receiver<bool>) {
    while !*flag.borrow_and_update() && flag.changed().await.is_ok() {}
}

/// A number that no other store rolls at the same time.
fn roll(dice: &RandomState, now: Timestamp) -> u64 {
    dice.hash_one(now.millis())
}

/// An error with its causes, for the log.
pub(crate) fn whole(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
