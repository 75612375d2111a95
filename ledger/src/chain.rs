//! The hash chain over a node's facts: equal (sequence number, head) proves equal histories.
//!
//! Each link is BLAKE3 of the link before and the fact's text. The links are kept beside the facts
//! and compared at every meeting of two replicas, not written into the facts: 32 random bytes in
//! each would more than double what travels.

use std::fmt;

use crate::id::{Epoch, StoreId};
use crate::time::BusinessDate;

/// The domain of the first link, so that it can collide with no other hash of the system.
const GENESIS_DOMAIN: &str = "evenstock fact chain v1";

/// The domain of the first link of a day's own chain.
const DAY_DOMAIN: &str = "evenstock day chain v1";

/// One link: the hash of a history up to some fact.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChainLink([u8; 32]);

impl ChainLink {
    /// The link before the first fact of an epoch.
    pub fn genesis(store: &StoreId, epoch: Epoch) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key(GENESIS_DOMAIN);
        hasher.update(store.as_str().as_bytes());
        hasher.update(&epoch.number().to_le_bytes());
        Self(*hasher.finalize().as_bytes())
    }

    /// The link before the first fact of a day's book, in the chain through that book alone.
    pub fn of_day(store: &StoreId, date: BusinessDate) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key(DAY_DOMAIN);
        hasher.update(date.to_string().as_bytes());
        hasher.update(store.as_str().as_bytes());
        Self(*hasher.finalize().as_bytes())
    }

    /// The link after a fact with this text.
    #[must_use]
    pub fn then(&self, fact_text: &str) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.0);
        hasher.update(fact_text.as_bytes());
        Self(*hasher.finalize().as_bytes())
    }

    /// A link read back from where it was kept.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for ChainLink {
    /// The first eight bytes in hex: enough for people to compare.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0[..8].iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ChainLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
