//! The replicated documents, the wire, and the session that reconciles two replicas.
//!
//! The core is pure: no clock, no I/O, no threads, no order that depends on a random seed. Feature
//! `quic` adds the endpoint, identities and the driver that runs a session over a connection.

pub mod admission;
pub mod ask;
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
pub mod limits;
pub mod message;
pub mod order;
#[cfg(feature = "quic")]
pub mod quic;
mod refusal;
pub mod replica;
pub mod session;
#[cfg(test)]
mod testing;

pub use admission::Admission;
pub use change::{Admitted, AdmittedFact, Content, WireChange};
pub use document::DocumentError;
pub use genesis::{genesis, genesis_hash};
pub use ids::{
    Actor, Authorship, CATALOG_BUCKETS, ChainId, ChangeHash, Collection, Digest, DocId, DocTail,
    Month, NewChange, OrderId, OrderKind, PARTY_BUCKETS, VersionVector, Writer, catalog_bucket,
};
pub use refusal::{Claim, Refusal, RefusalReason};
