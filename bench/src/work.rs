//! The work that scenarios share: a generated store's sales, posted and carried about.

use std::error::Error;
use std::path::Path;

use examples::generator::{Action, Chain, Event, Scale, Store};
use examples::till::Till;
use ledger::fact::Fact;
use ledger::id::RequestId;
use ledger::json;
use ledger::time::{BusinessDate, Timestamp};
use store_node::{Config, Node};
use sync_proto::clock::{Millis, Now};
use sync_proto::frame::PREFIX_LEN;
use sync_proto::replica::Replica;
use sync_proto::session::{self, Effect, Event as SessionEvent, Session};
use sync_proto::{
    Actor, Admission, Admitted, ChainId, DocId, DocTail, WireChange, Writer, day_book,
};

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The chain whose sales all scenarios ring up.
pub(crate) fn chain(stores: u16, sales_per_day: u32) -> Result<Chain> {
    let first_day = "2026-01-05".parse()?;
    Ok(Chain::new(Scale { seed: 20_261_122, stores, sales_per_day, first_day }))
}

/// A node of one of its stores, in a folder, that belongs to the chain of the measurements.
pub(crate) fn node(dir: &Path, store: &Store) -> Result<Node> {
    let config = Config { chain: chain_id(), ..Config::standalone(store.id.clone()) };
    Ok(Node::init(dir.join(store.id.as_str()), &config)?)
}

pub(crate) fn chain_id() -> ChainId {
    ChainId::new("bench").expect("the constant is plain letters")
}

/// The first `count` sales of a store, day after day.
pub(crate) fn sales(chain: &Chain, store: &Store, count: usize) -> Vec<(BusinessDate, Event)> {
    let sales =
        chain.days(store, i32::MAX).filter(|(_, e)| matches!(e.action, Action::Sell { .. }));
    sales.take(count).collect()
}

/// Opens a store's books and rings up its first `count` sales.
pub(crate) fn ring_up(till: &mut Till, chain: &Chain, store: &Store, count: usize) -> Result<()> {
    let opening = RequestId::new("opening")?;
    till.open(opening, chain.scale().first_day, &chain.opening(store))?;
    let sales = sales(chain, store, count);
    for day in sales.chunk_by(|(a, _), (b, _)| a == b) {
        let events: Vec<_> = day.iter().map(|(_, event)| event.clone()).collect();
        till.ring_up(day[0].0, &events)?;
    }
    Ok(())
}

/// The changes in which a day's facts of one store reach the hub, sealed as a node seals them.
pub(crate) fn seal(
    date: BusinessDate,
    facts: &[Fact],
    actor: Actor,
    admission: &Admission,
) -> Result<Vec<Admitted>> {
    let Some(last) = facts.last() else { return Ok(Vec::new()) };
    let doc = DocId::Book { store: last.store.clone(), date };
    let texts: Vec<_> = facts.iter().map(|fact| (fact.id, json::to_text(fact))).collect();
    let mut texts: &[_] = &texts.iter().map(|(id, text)| (*id, text.as_str())).collect::<Vec<_>>();
    let (mut changes, mut tail) = (Vec::new(), None::<DocTail>);
    while !texts.is_empty() {
        let (batch, rest) = texts.split_at(day_book::batch_len(texts));
        let bytes = day_book::seal(&doc, actor, tail.as_ref(), batch, last.at)?.bytes;
        let admitted = admission.admit(WireChange { doc: doc.clone(), bytes });
        let admitted = admitted.map_err(|refusal| format!("{refusal:?}"))?;
        tail = Some(admitted.tail());
        changes.push(admitted);
        texts = rest;
    }
    Ok(changes)
}

/// What passed between two replicas.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Traffic {
    /// Frame bytes, length prefixes included, both ways.
    pub(crate) bytes: usize,
    /// Times the direction changed from the store to the hub.
    pub(crate) round_trips: usize,
}

/// Lets two replicas meet in memory until both are in sync, and counts what passes.
pub(crate) fn meet(store: &impl Replica, hub: &impl Replica, name: &Writer) -> Result<Traffic> {
    meet_telling(store, hub, name, &mut |_| Ok(()))
}

/// As [`meet`], and tells what happens at the store.
pub(crate) fn meet_telling(
    store: &impl Replica,
    hub: &impl Replica,
    name: &Writer,
    told: &mut dyn FnMut(&SessionEvent) -> Result<()>,
) -> Result<Traffic> {
    let now = Now { ticks: Millis(0), wall: Timestamp::from_millis(1_795_312_800_000) };
    let writers = [name.clone(), Writer::Hub];
    let meet = |me: usize| {
        let (me, peer) = (writers[me].clone(), writers[1 - me].clone());
        Session::new(session::Config { chain: chain_id(), me, peer }, now)
    };
    let mut sessions = [meet(0), meet(1)];
    let (mut traffic, mut in_sync, mut last) = (Traffic::default(), 0, 1);
    while in_sync < 2 {
        let mut idle = true;
        for side in 0..2 {
            while let Some(effect) = sessions[side].poll_effect() {
                idle = false;
                match effect {
                    Effect::Send(frame) => {
                        traffic.bytes += frame.len();
                        if side == 0 && last == 1 {
                            traffic.round_trips += 1;
                        }
                        last = side;
                        sessions[1 - side].handle_frame(now, &frame[PREFIX_LEN..]);
                    }
                    Effect::Ask(id, ask) => {
                        let peer = &writers[1 - side];
                        let answer = if side == 0 {
                            sync_proto::ask::answer(store, peer, ask)
                        } else {
                            sync_proto::ask::answer(hub, peer, ask)
                        };
                        sessions[side].handle_answer(now, id, answer);
                    }
                    Effect::Event(event) => {
                        in_sync += i32::from(event == SessionEvent::InSync);
                        if side == 0 {
                            told(&event)?;
                        }
                    }
                    Effect::Close(reason) => {
                        return Err(format!("the session closed: {reason}").into());
                    }
                }
            }
        }
        if idle {
            return Err("the sessions stand still".into());
        }
    }
    Ok(traffic)
}
