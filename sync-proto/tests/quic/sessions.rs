//! Sessions over real connections: two replicas meet, catch up, stay live and part.

use std::num::NonZeroUsize;
use std::sync::Arc;

use ledger::id::FactId;
use sync_proto::memory::MemoryReplica;
use sync_proto::quic::{
    ALPN_SYNC, CloseCode, Ended, Identity, SessionEnd, SessionStream, Surroundings, Traffic,
    Workers, run_session,
};
use sync_proto::session::{CloseReason, Event};
use sync_proto::{ChainId, Writer};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use crate::chain::Hub;
use crate::raw;

/// One end of a running session.
struct Running {
    replica: Arc<MemoryReplica>,
    changes: watch::Sender<()>,
    events: mpsc::UnboundedReceiver<Event>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<SessionEnd>,
}

impl Running {
    fn start(stream: SessionStream, replica: &Arc<MemoryReplica>, hub: &Hub) -> Self {
        let (changes, watching) = watch::channel(());
        let (telling, events) = mpsc::unbounded_channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let around = Surroundings {
            replica: replica.clone(),
            workers: Workers::threads(NonZeroUsize::MIN),
            clock: hub.clock.clone(),
            changes: watching,
            wishes: mpsc::channel(1).1,
        };
        let task = tokio::spawn(async move {
            let stopped = async {
                if stopped.await.is_err() {
                    std::future::pending::<()>().await;
                }
            };
            run_session(stream, around, stopped, |event| drop(telling.send(event))).await
        });
        Self { replica: replica.clone(), changes, events, stop, task }
    }

    async fn until(&mut self, wanted: impl Fn(&Event) -> bool) {
        while !wanted(&self.events.recv().await.unwrap()) {}
    }

    /// Books one more adjustment of a unit.
    fn book(&self) {
        book(&self.replica);
        self.changes.send_replace(());
    }
}

fn replica(writer: &str) -> Arc<MemoryReplica> {
    let chain: ChainId = "chain-1".parse().unwrap();
    Arc::new(MemoryReplica::new(chain, writer.parse().unwrap()))
}

fn book(replica: &MemoryReplica) {
    replica.record("2026-11-22".parse().unwrap(), |id: FactId| {
        format!(
            "{{\"v\":1,\"id\":\"{id}\",\"store\":\"S1\",\"date\":\"2026-11-22\",\"at\":1795312800000,\
             \"bill\":\"S1-A-20261122-{:05}\",\"kind\":\"adjustment\",\"body\":{{\"reason\":\"盘点\"}},\
             \"moves\":[[\"count_gain\",\"on_hand\",\"6901234567892\",1000,0]]}}",
            id.seq
        )
    });
}

/// A store and a hub that meet.
async fn meet(
    hub: &Hub,
    me: &Identity,
    ours: &Arc<MemoryReplica>,
    theirs: &Arc<MemoryReplica>,
) -> (Running, Running) {
    let link = hub.dialer.connect(hub.address, me).await.unwrap();
    let store = Running::start(link.open_session().await.unwrap(), ours, hub);
    let head_office = Running::start(hub.arrival().await.stream, theirs, hub);
    (store, head_office)
}

fn peer(name: &str) -> Writer {
    name.parse().unwrap()
}

#[tokio::test]
async fn two_replicas_catch_up_and_stay_live_until_one_leaves() {
    let hub = Hub::start();
    let me = hub.store("S1");
    let (ours, theirs) = (replica("store/S1"), replica("hub"));
    (0..3_000).for_each(|_| book(&ours));

    let (mut store, mut head_office) = meet(&hub, &me, &ours, &theirs).await;
    store.until(|event| *event == Event::InSync).await;
    head_office.until(|event| *event == Event::InSync).await;
    assert_eq!(theirs.facts(), ours.facts());
    assert_eq!(theirs.facts().len(), 3_000);

    store.book();
    head_office.until(|event| matches!(event, Event::Received { .. })).await;
    assert_eq!(theirs.facts(), ours.facts());
    store.until(|event| matches!(event, Event::AckedUpTo(head) if head.seq == 3_001)).await;

    store.stop.send(()).unwrap();
    let left = store.task.await.unwrap();
    assert!(matches!(left, SessionEnd::Closed(CloseReason::Asked)), "{left:?}");
    let told = head_office.task.await.unwrap();
    assert!(matches!(told, SessionEnd::Closed(CloseReason::Peer(_))), "{told:?}");
}

#[tokio::test]
async fn a_reconnect_with_nothing_new_is_cheap() {
    let hub = Hub::start();
    let me = hub.store("S1");
    let (ours, theirs) = (replica("store/S1"), replica("hub"));
    (0..1_000).for_each(|_| book(&ours));
    let (mut store, _office) = meet(&hub, &me, &ours, &theirs).await;
    store.until(|event| *event == Event::InSync).await;
    store.stop.send(()).unwrap();
    store.task.await.unwrap();

    let link = hub.dialer.connect(hub.address, &me).await.unwrap();
    let stream = link.open_session().await.unwrap();
    let meter = stream.meter();
    let mut store = Running::start(stream, &ours, &hub);
    let _office = Running::start(hub.arrival().await.stream, &theirs, &hub);
    store.until(|event| *event == Event::InSync).await;
    let Traffic { frames_sent, frames_received, .. } = meter.read();
    assert!(frames_sent + frames_received <= 200, "{frames_sent} + {frames_received}");
    assert!(frames_sent > 0 && frames_received > 0);
}

#[tokio::test]
async fn an_end_of_the_connection_reaches_the_session_with_its_reason() {
    let hub = Hub::start();
    let me = hub.store("S1");
    let (ours, theirs) = (replica("store/S1"), replica("hub"));

    // The hub's task dies.
    let (mut store, head_office) = meet(&hub, &me, &ours, &theirs).await;
    store.until(|event| *event == Event::InSync).await;
    head_office.task.abort();
    let ended = store.task.await.unwrap();
    assert!(matches!(ended, SessionEnd::Lost(Ended::Said(CloseCode::Stopping))), "{ended:?}");

    // The store is revoked.
    let (mut store, _office) = meet(&hub, &me, &ours, &theirs).await;
    store.until(|event| *event == Event::InSync).await;
    hub.handle.close_store(&"S1".parse().unwrap(), CloseCode::Revoked);
    let ended = store.task.await.unwrap();
    assert!(matches!(ended, SessionEnd::Lost(Ended::Said(CloseCode::Revoked))), "{ended:?}");
}

#[tokio::test]
async fn a_lying_length_ends_the_session_and_nothing_else() {
    let hub = Hub::start();
    let theirs = replica("hub");
    let connection = raw::connect(hub.address, Some(&hub.store("S2")), ALPN_SYNC).await;
    let lie = [&[1][..], &u32::MAX.to_be_bytes(), &[0; 64]].concat();
    let (mut send, _recv) = connection.open_bi().await.unwrap();
    send.write_all(&lie).await.unwrap();
    let office = Running::start(hub.arrival().await.stream, &theirs, &hub);
    let ended = office.task.await.unwrap();
    assert!(matches!(ended, SessionEnd::Closed(CloseReason::Frame(_))), "{ended:?}");
    assert_eq!(raw::end_of(&connection).await, Ended::Said(CloseCode::Protocol));

    let (ours, me) = (replica("store/S1"), hub.store("S1"));
    book(&ours);
    let (mut store, _office) = meet(&hub, &me, &ours, &theirs).await;
    store.until(|event| *event == Event::InSync).await;
    assert_eq!(theirs.root(&peer("store/S1")), ours.root(&peer("hub")));
}
