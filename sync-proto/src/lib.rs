//! The replicated documents, the wire, and the session that reconciles two replicas.
//!
//! The core is pure: no clock, no I/O, no threads, no order that depends on a random seed. Feature
//! `quic` adds the endpoint, identities and the driver that runs a session over a connection.
//!
//! Two replicas reconcile in memory:
//!
//! ```
//! use sync_proto::ask::answer;
//! use sync_proto::frame::PREFIX_LEN;
//! use sync_proto::memory::MemoryReplica;
//! use sync_proto::session::{Config, Effect, Event, Session};
//! use sync_proto::{ChainId, Writer};
//! # use sync_proto::clock::{Millis, Now};
//! # use ledger::{id::FactId, time::Timestamp};
//! # let now = Now { ticks: Millis(0), wall: Timestamp::from_millis(0) };
//! # let fact = |id: FactId| format!(
//! #     r#"{{"v":1,"id":"{id}","store":"S1","date":"2026-11-22","at":0,"bill":"S1-A-{id}",
//! #     "kind":"adjustment","body":{{"reason":"found"}},
//! #     "moves":[["count_gain","on_hand","cola",1000,0]]}}"#);
//!
//! let chain = ChainId::new("demo")?;
//! let writers = [Writer::Store("S1".parse()?), Writer::Hub];
//! let replicas = writers.clone().map(|me| MemoryReplica::new(chain.clone(), me));
//! replicas[0].record("2026-11-22".parse()?, fact); // sold while nobody listened
//!
//! let [store, hub] = writers.clone();
//! let meet = |me, peer| Session::new(Config { chain: chain.clone(), me, peer }, now);
//! let mut sessions = [meet(store.clone(), hub.clone()), meet(hub, store)];
//! let mut in_sync = 0;
//! while in_sync < 2 {
//!     for side in 0..2 {
//!         let other = 1 - side;
//!         while let Some(effect) = sessions[side].poll_effect() {
//!             match effect {
//!                 Effect::Send(frame) => sessions[other].handle_frame(now, &frame[PREFIX_LEN..]),
//!                 Effect::Ask(id, ask) => {
//!                     let answer = answer(&replicas[side], &writers[other], ask);
//!                     sessions[side].handle_answer(now, id, answer);
//!                 }
//!                 Effect::Event(event) => in_sync += i32::from(event == Event::InSync),
//!                 Effect::Close(reason) => panic!("{reason}"),
//!             }
//!         }
//!     }
//! }
//! assert_eq!(replicas[0].facts(), replicas[1].facts());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod admission;
pub mod ask;
pub mod carryover;
pub mod catalog;
mod change;
pub mod chunk;
pub mod clock;
mod codec;
pub mod day_book;
mod document;
pub mod frame;
mod genesis;
pub mod ids;
pub mod kept;
pub mod limits;
pub mod memory;
pub mod message;
pub mod order;
pub mod party;
pub mod profile;
#[cfg(feature = "quic")]
pub mod quic;
mod refusal;
pub mod replica;
pub mod schedule;
pub mod session;
pub mod stock;
#[cfg(test)]
mod testing;

pub use admission::Admission;
pub use change::{Admitted, AdmittedFact, Content, WireChange};
pub use document::DocumentError;
pub use genesis::{genesis, genesis_hash};
pub use ids::{
    Actor, Authorship, CATALOG_BUCKETS, ChainId, ChangeHash, Collection, Digest, DocId, DocTail,
    MAX_ORDER_PARTIES, Month, NewChange, OrderId, OrderKind, PARTY_BUCKETS, VersionVector, Writer,
    catalog_bucket, store_bucket,
};
pub use refusal::{Claim, Refusal, RefusalReason};
