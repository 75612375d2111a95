mod carry;
mod kept;
mod stock;

use std::cell::Cell;

use ledger::id::{FactId, StoreId};
use ledger::time::Timestamp;

use super::*;
use crate::ask::answer;
use crate::chunk;
use crate::frame::PREFIX_LEN;
use crate::limits::CHUNK_LEN;
use crate::memory::MemoryReplica;
use crate::message::{ByeCode, CarryoverPage, Chunk, Verdict, Versions};
use crate::replica::{
    Applied, Batch, Overview, Quarantined, RefusedBy, Replica, Row, Span, Tips, Wanted,
};
use crate::stock::StockPage;
use crate::testing::{NOW, chain, fact_text, store};
use crate::{Admitted, Digest, DocId};

const STORE: usize = 0;
const HUB: usize = 1;

/// A store and the hub, connected by a wire that loses nothing.
struct Pair<R> {
    replicas: [R; 2],
    sessions: [Session; 2],
    ticks: u64,
    /// The frames sent by each side, without their lengths.
    sent: [Vec<Vec<u8>>; 2],
    events: [Vec<Event>; 2],
    closed: [Option<CloseReason>; 2],
}

impl Pair<MemoryReplica> {
    fn new() -> Self {
        Self::of([store("S1"), Writer::Hub].map(|me| MemoryReplica::new(chain(), me)))
    }
}

impl<R: Replica> Pair<R> {
    fn of(replicas: [R; 2]) -> Self {
        let mut pair = Self {
            replicas,
            sessions: [session(STORE), session(HUB)],
            ticks: 0,
            sent: Default::default(),
            events: Default::default(),
            closed: Default::default(),
        };
        pair.reconnect();
        pair
    }

    fn reconnect(&mut self) {
        self.sessions = [session(STORE), session(HUB)];
        self.sent = Default::default();
        self.events = Default::default();
        self.closed = Default::default();
    }

    /// Runs until nothing is left to do.
    fn run(&mut self) {
        while self.step(STORE) | self.step(HUB) {}
    }

    /// Carries out what one side wants; whether there was anything.
    fn step(&mut self, side: usize) -> bool {
        let mut any = false;
        while let Some(effect) = self.sessions[side].poll_effect() {
            any = true;
            let now = at(self.ticks);
            match effect {
                Effect::Send(frame) => {
                    let message = frame[PREFIX_LEN..].to_vec();
                    self.sessions[1 - side].handle_frame(now, &message);
                    self.sent[side].push(message);
                }
                Effect::Ask(id, ask) => {
                    let answer = answer(&self.replicas[side], &writer(1 - side), ask);
                    self.sessions[side].handle_answer(now, id, answer);
                }
                Effect::Event(event) => self.events[side].push(event),
                Effect::Close(reason) => self.closed[side] = Some(reason),
            }
        }
        any
    }

    fn quarantined(&self, side: usize) -> Vec<&Quarantined> {
        let events = self.events[side].iter();
        events
            .filter_map(|event| match event {
                Event::Quarantined(item) => Some(item),
                _ => None,
            })
            .collect()
    }
}

fn writer(side: usize) -> Writer {
    if side == STORE { store("S1") } else { Writer::Hub }
}

fn session(side: usize) -> Session {
    let config = Config { chain: chain(), me: writer(side), peer: writer(1 - side) };
    Session::new(config, at(0))
}

fn at(ticks: u64) -> Now {
    Now { ticks: Millis(ticks), wall: Timestamp::from_millis(NOW.millis() + ticks as i64) }
}

fn book(replica: &MemoryReplica, day: i32, facts: usize) {
    let date = "2026-11-22".parse::<ledger::time::BusinessDate>().unwrap().plus_days(day);
    let doc = DocId::Book { store: StoreId::new("S1").unwrap(), date };
    for _ in 0..facts {
        replica.record(date, |id: FactId| fact_text(&doc, id));
    }
}

#[test]
fn an_idle_reconnect_is_one_round_trip_of_few_bytes_after_three_years() {
    let mut pair = Pair::new();
    for day in 0..1_096 {
        book(&pair.replicas[STORE], -day, 1);
    }
    pair.run();
    assert_eq!(pair.replicas[HUB].facts().len(), 1_096);
    pair.reconnect();
    pair.run();
    assert_eq!(pair.sent.each_ref().map(Vec::len), [1, 1], "a Hello and a Welcome");
    let bytes: usize = pair.sent.iter().flatten().map(|message| PREFIX_LEN + message.len()).sum();
    assert!(bytes <= 200, "{bytes} bytes");
    assert!(pair.events.iter().all(|events| events.contains(&Event::InSync)));
}

#[test]
fn nothing_that_is_durable_is_sent_again() {
    let mut pair = Pair::new();
    book(&pair.replicas[STORE], 0, 6_000);
    // The connection breaks when some chunks are durable at the hub and others under way.
    let acks = |pair: &Pair<MemoryReplica>| pair.sent[HUB].iter().filter(|m| m[0] == 8).count();
    while acks(&pair) < 2 {
        pair.step(STORE);
        pair.step(HUB);
    }
    let durable = pair.replicas[HUB].changes().len();
    assert!(durable > 0 && durable < pair.replicas[STORE].changes().len());
    pair.reconnect();
    pair.run();
    let again: usize = pair.sent[STORE].iter().map(|message| changes_in(message)).sum();
    assert_eq!(again, pair.replicas[STORE].changes().len() - durable);
    assert_eq!(pair.replicas[HUB].facts().len(), 6_000);
}

/// How many changes a message brings.
fn changes_in(message: &[u8]) -> usize {
    match Message::decode(message).unwrap() {
        Message::Changes(chunk) => chunk::unpack(&chunk.body).unwrap().len(),
        _ => 0,
    }
}

#[test]
fn a_live_fact_travels_at_once_and_is_acknowledged() {
    let mut pair = Pair::new();
    pair.run();
    book(&pair.replicas[STORE], 0, 1);
    pair.sessions[STORE].handle_local_change(at(5));
    pair.run();
    assert_eq!(pair.replicas[HUB].facts(), pair.replicas[STORE].facts());
    let head = pair.replicas[STORE].summary(&Writer::Hub).unwrap().head.unwrap();
    assert_eq!(pair.events[STORE].last(), Some(&Event::AckedUpTo(head)));
}

#[test]
fn catching_up_tells_how_far_it_is() {
    let mut pair = Pair::new();
    book(&pair.replicas[STORE], 0, 3_000);
    pair.run();
    let last = pair.events[STORE].iter().rev().find_map(|event| match event {
        Event::Progress(progress) => Some(*progress),
        _ => None,
    });
    let changes = pair.replicas[STORE].changes().len() as u64;
    assert_eq!(
        last,
        Some(Progress { sent: changes, to_send: changes, received: 0, to_receive: 0 })
    );
}

/// A replica that damages what it sends of one document.
struct Damaged(MemoryReplica, Cell<usize>);

impl Damaged {
    fn damage(&self, mut batch: Batch) -> Batch {
        for change in &mut batch.changes {
            if change.doc.to_string() == "book/S1/2026-11-22" {
                self.1.set(self.1.get() + 1);
                *change.bytes.last_mut().unwrap() ^= 1;
            }
        }
        batch
    }
}

type Done<T> = Result<T, crate::replica::ReplicaError>;

impl Replica for Damaged {
    fn summary(&self, peer: &Writer) -> Done<Summary> {
        self.0.summary(peer)
    }
    fn head_of(&self, store: &StoreId, epoch: Epoch) -> Done<Option<Head>> {
        self.0.head_of(store, epoch)
    }
    fn link_at(&self, s: &StoreId, e: Epoch, seq: u64) -> Done<Option<ledger::chain::ChainLink>> {
        self.0.link_at(s, e, seq)
    }
    fn collections(&self, peer: &Writer) -> Done<Overview> {
        self.0.collections(peer)
    }
    fn tips(&self, peer: &Writer, of: &BTreeSet<crate::Collection>) -> Done<Tips> {
        self.0.tips(peer, of)
    }
    fn conflicts(&self, theirs: &Tips) -> Done<Vec<(DocId, Actor)>> {
        self.0.conflicts(theirs)
    }
    fn missing(&self, peer: &Writer, wanted: &Wanted, span: Span, max: usize) -> Done<Batch> {
        self.0.missing(peer, wanted, span, max).map(|batch| self.damage(batch))
    }
    fn tail(&self, peer: &Writer, after: Row, max: usize) -> Done<Batch> {
        self.0.tail(peer, after, max).map(|batch| self.damage(batch))
    }
    fn apply(&self, peer: &Writer, changes: Vec<Admitted>) -> Done<Applied> {
        self.0.apply(peer, changes)
    }
    fn take_back(&self, order: &crate::replica::TakeBack) -> Done<()> {
        self.0.take_back(order)
    }
    fn set_aside(&self, doc: &DocId, actor: Actor) -> Done<()> {
        self.0.set_aside(doc, actor)
    }
    fn quarantine(&self, peer: &Writer, item: &Quarantined) -> Done<()> {
        self.0.quarantine(peer, item)
    }
    fn stock_after(&self, peer: &Writer, after: Cursor) -> Done<Option<StockPage>> {
        self.0.stock_after(peer, after)
    }
    fn learn_stock(&self, page: StockPage) -> Done<()> {
        self.0.learn_stock(page)
    }
    fn kept(&self, peer: &Writer, question: crate::kept::Question) -> Done<crate::kept::Kept> {
        self.0.kept(peer, question)
    }
    fn carry_over(&self, peer: &Writer) -> Done<Option<Carryover>> {
        self.0.carry_over(peer)
    }
    fn take_over(&self, carryover: &Carryover) -> Done<()> {
        self.0.take_over(carryover)
    }
}

#[test]
fn a_refused_change_is_reported_and_does_not_stop_other_documents() {
    let new = |side| Damaged(MemoryReplica::new(chain(), writer(side)), Cell::new(0));
    let mut pair = Pair::of([new(STORE), new(HUB)]);
    let store = &pair.replicas[STORE].0;
    book(store, 0, 2);
    let sku: ledger::id::Sku = "cola".parse().unwrap();
    let name = BTreeMap::from([(ledger::catalog::Field::NameZh, "可乐".to_owned())]);
    store.edit_catalog(&BTreeMap::from([(sku, name)]), NOW).unwrap();
    pair.run();
    let held: Vec<DocId> = pair.replicas[HUB].0.changes().into_iter().map(|(doc, _)| doc).collect();
    assert_eq!(held.len(), 1, "{held:?}");
    assert!(matches!(held[0], DocId::Catalog { .. }));
    for (side, by) in [(HUB, RefusedBy::Us), (STORE, RefusedBy::Peer)] {
        let told = pair.quarantined(side);
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(
            (told[0].refused_by, told[0].doc.to_string()),
            (by, "book/S1/2026-11-22".into())
        );
        assert_eq!(pair.replicas[side].0.quarantined().len(), 1);
    }
    // It stays refused: later facts of that day stay here, and nothing goes round in circles.
    let tried = pair.replicas[STORE].1.get();
    book(&pair.replicas[STORE].0, 0, 3);
    pair.sessions[STORE].handle_local_change(at(5));
    pair.run();
    assert_eq!(pair.replicas[STORE].1.get(), tried + 1, "one look, nothing sent");
    assert_eq!(pair.quarantined(HUB).len(), 1);
    assert!(pair.closed.iter().all(Option::is_none));
}

#[test]
fn a_peer_that_breaks_the_protocol_is_told_so() {
    let hello = |change: fn(&mut Hello)| {
        let mut hello = Hello {
            versions: PROTOCOL,
            chain: chain(),
            store: StoreId::new("S1").unwrap(),
            head: MemoryReplica::new(chain(), store("S1"))
                .summary(&Writer::Hub)
                .unwrap()
                .head
                .unwrap(),
            root: Digest::EMPTY,
            clock: NOW,
            stock: None,
            history: History::Whole,
        };
        change(&mut hello);
        Message::Hello(hello)
    };
    let chunk = |number| Message::Changes(Chunk { number, body: chunk::pack(&[]) });
    let good = hello(|_| {});
    let cases = [
        (vec![hello(|h| h.versions = Versions { oldest: 7, newest: 9 })], ByeCode::Version),
        (vec![hello(|h| h.chain = "other".parse().unwrap())], ByeCode::WrongChain),
        (vec![hello(|h| h.store = StoreId::new("S2").unwrap())], ByeCode::WrongStore),
        (vec![hello(|h| h.head.epoch = Epoch::new(4_000_000_000).unwrap())], ByeCode::Protocol),
        (vec![chunk(1)], ByeCode::Protocol),
        (vec![Message::Done], ByeCode::Protocol),
        (vec![good.clone(), chunk(2)], ByeCode::Protocol),
        (vec![good.clone(), chunk(1), chunk(2), chunk(3), chunk(4), chunk(5)], ByeCode::Protocol),
        (
            vec![
                good.clone(),
                Message::Ack(crate::message::Ack { chunk: 1, head: None, refused: vec![] }),
            ],
            ByeCode::Protocol,
        ),
    ];
    for (messages, code) in cases {
        let mut hub = session(HUB);
        for message in &messages {
            hub.handle_frame(at(0), &message.encode());
        }
        assert_eq!(bye(&mut hub), Some(code), "{messages:?}");
        // After its end it listens to nothing.
        hub.handle_frame(at(1), &good.encode());
        assert!(hub.poll_effect().is_none() && hub.poll_timeout().is_none());
    }
    let mut hub = session(HUB);
    hub.handle_frame(at(0), &[77]);
    assert_eq!(bye(&mut hub), Some(ByeCode::Protocol));
}

/// The code that a session that closed gave its peer.
fn bye(session: &mut Session) -> Option<ByeCode> {
    let mut code = None;
    while let Some(effect) = session.poll_effect() {
        if let Effect::Send(frame) = effect
            && let Ok(Message::Bye(bye)) = Message::decode(&frame[PREFIX_LEN..])
        {
            code = Some(bye.code);
        }
    }
    session.is_closed().then_some(code)?
}

#[test]
fn silence_ends_a_session_and_quiet_is_checked_from_time_to_time() {
    let mut pair = Pair::new();
    pair.run();
    // In sync, only the store has a timer: to compare anew.
    assert_eq!(pair.sessions[HUB].poll_timeout(), None);
    let due = pair.sessions[STORE].poll_timeout().unwrap();
    assert_eq!(due, RECHECK_INTERVAL);
    // Something got into the hub that no session was told of.
    let sku: ledger::id::Sku = "cola".parse().unwrap();
    let price = BTreeMap::from([(ledger::catalog::Field::Price, "3.5".to_owned())]);
    pair.replicas[HUB].edit_catalog(&BTreeMap::from([(sku, price)]), NOW).unwrap();
    pair.ticks = due.0;
    pair.sessions[STORE].handle_timeout(at(pair.ticks));
    pair.run();
    assert_eq!(pair.replicas[STORE].root(&Writer::Hub), pair.replicas[HUB].root(&store("S1")));

    let mut alone = session(HUB);
    let deadline = alone.poll_timeout().unwrap();
    alone.handle_timeout(at(deadline.0 - 1));
    assert!(!alone.is_closed());
    alone.handle_timeout(at(deadline.0));
    assert_eq!(bye(&mut alone), Some(ByeCode::Silent));
}

#[test]
fn clocks_that_differ_are_reported() {
    let mut store = session(STORE);
    let replica = MemoryReplica::new(chain(), writer(STORE));
    let mut hub = session(HUB);
    let ahead = Now { ticks: Millis(0), wall: Timestamp::from_millis(NOW.millis() + 3_600_000) };
    while let Some(effect) = store.poll_effect() {
        match effect {
            Effect::Ask(id, ask) => {
                store.handle_answer(ahead, id, answer(&replica, &Writer::Hub, ask));
            }
            Effect::Send(frame) => hub.handle_frame(at(0), &frame[PREFIX_LEN..]),
            _ => {}
        }
    }
    let event = std::iter::from_fn(|| hub.poll_effect()).find_map(|effect| match effect {
        Effect::Event(event) => Some(event),
        _ => None,
    });
    assert_eq!(event, Some(Event::PeerClockSkew { ahead_ms: 3_600_000 }));
}

#[test]
fn a_restored_store_takes_back_what_it_forgot() {
    let mut pair = Pair::new();
    book(&pair.replicas[STORE], 0, 5);
    pair.run();
    let backup = pair.replicas[STORE].backup();
    book(&pair.replicas[STORE], 0, 4);
    pair.sessions[STORE].handle_local_change(at(1));
    pair.run();
    // The disk is replaced by the backup, and the till sells on before there is a network.
    pair.replicas[STORE] = backup;
    book(&pair.replicas[STORE], 1, 2);
    pair.reconnect();
    pair.run();
    let verdict = pair.events[STORE].iter().find_map(|event| match event {
        Event::Connected { verdict, .. } => Some(*verdict),
        _ => None,
    });
    assert_eq!(verdict, Some(Verdict::Forked));
    assert_eq!(pair.replicas[STORE].facts(), pair.replicas[HUB].facts());
    assert_eq!(pair.replicas[STORE].facts().len(), 9);
    assert_eq!(pair.replicas[STORE].set_aside_facts().len(), 2);
    assert_eq!(pair.replicas[STORE].epoch().number(), 2);
    assert_eq!(pair.replicas[STORE].root(&Writer::Hub), pair.replicas[HUB].root(&store("S1")));
}

/// A store whose backup was put back and that began a new history, as whoever restores does, before it
/// met the hub. The hub holds nine facts of the former one, of which the backup has five.
fn restored_by_command(sold_before: usize) -> Pair<MemoryReplica> {
    let mut pair = Pair::new();
    book(&pair.replicas[STORE], 0, 5);
    pair.run();
    let backup = pair.replicas[STORE].backup();
    book(&pair.replicas[STORE], 0, 4);
    pair.sessions[STORE].handle_local_change(at(1));
    pair.run();
    pair.replicas[STORE] = backup;
    book(&pair.replicas[STORE], 1, sold_before);
    pair.replicas[STORE].open_epoch();
    book(&pair.replicas[STORE], 2, 3);
    pair.reconnect();
    pair.run();
    assert_eq!(pair.replicas[STORE].facts(), pair.replicas[HUB].facts());
    assert_eq!(pair.replicas[STORE].facts().len(), 12);
    assert_eq!(pair.replicas[STORE].root(&Writer::Hub), pair.replicas[HUB].root(&store("S1")));
    assert_eq!(pair.quarantined(STORE), [] as [&Quarantined; 0]);
    assert_eq!(pair.quarantined(HUB), [] as [&Quarantined; 0]);
    pair
}

#[test]
fn what_is_missing_of_a_former_history_comes_back_beside_what_is_there() {
    let pair = restored_by_command(0);
    assert_eq!(pair.replicas[STORE].set_aside_facts(), []);
    assert_eq!(pair.replicas[STORE].epoch().number(), 2, "there was nothing to settle");
}

#[test]
fn what_a_clone_sold_in_a_former_history_gives_way_to_what_the_hub_has() {
    // The disk that was copied was a clone's, which had sold two before it was copied.
    let pair = restored_by_command(2);
    assert_eq!(pair.replicas[STORE].set_aside_facts().len(), 2);
}

#[test]
fn a_chunk_is_never_more_than_it_may_be() {
    let mut pair = Pair::new();
    book(&pair.replicas[STORE], 0, 5_500);
    pair.run();
    let sizes = pair.sent[STORE].iter().filter_map(|message| match Message::decode(message) {
        Ok(Message::Changes(chunk)) => Some(chunk::unpack(&chunk.body).unwrap()),
        _ => None,
    });
    let sizes: Vec<usize> =
        sizes.map(|changes| changes.iter().map(|change| change.bytes.len()).sum()).collect();
    assert!(
        sizes.len() > MAX_UNACKED_CHUNKS && sizes.iter().all(|size| *size <= CHUNK_LEN),
        "{sizes:?}"
    );
}
