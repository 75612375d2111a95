//! The replicated documents, the wire, and the session that reconciles two replicas.
//!
//! The core is pure: no clock, no I/O, no threads, no order that depends on a random seed. Feature
//! `quic` adds the endpoint, identities and the driver that runs a session over a connection.

mod change;
pub mod clock;
mod codec;
pub mod frame;
pub mod ids;
pub mod limits;
mod refusal;
pub mod replica;

pub use change::{Admitted, AdmittedFact, Content, WireChange};
pub use ids::{
    Actor, Authorship, CATALOG_BUCKETS, ChainId, ChangeHash, Collection, Digest, DocId, DocTail,
    Month, NewChange, OrderId, OrderKind, PARTY_BUCKETS, VersionVector, Writer, catalog_bucket,
};
pub use refusal::{Claim, Refusal, RefusalReason};
