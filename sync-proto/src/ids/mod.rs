//! Names of replicated things: documents, writers, changes, and what a replica has of them.

mod actor;
mod change;
mod collection;
mod digest;
mod doc;
mod order;
mod text;
mod version;
mod writer;

pub use actor::Actor;
pub use change::{ChangeHash, DocTail, NewChange};
pub use collection::{Collection, Month};
pub use digest::Digest;
pub use doc::{CATALOG_BUCKETS, DocId, PARTY_BUCKETS, catalog_bucket, store_bucket};
pub use order::{MAX_ORDER_PARTIES, OrderId, OrderKind};
pub use version::VersionVector;
pub use writer::{Authorship, ChainId, Writer};

#[cfg(test)]
mod tests;
