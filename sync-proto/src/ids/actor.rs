//! The Automerge actor of a writer's history.

use std::fmt;

use ledger::id::Epoch;

use super::{ChainId, Writer};

/// The domain of actor derivation, so that it can collide with no other hash of the system.
const DOMAIN: &str = "evenstock actor v1";

/// The Automerge actor of one writer in one epoch.
///
/// Derived, never chosen: whoever knows the chain, the writer and the epoch can tell whether an
/// actor is theirs, so a peer can't author changes under a name of its own making.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Actor([u8; 16]);

impl Actor {
    /// The actor of `writer` in `epoch`.
    pub fn derive(chain: &ChainId, writer: &Writer, epoch: Epoch) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key(DOMAIN);
        hasher.update(chain.as_str().as_bytes());
        // Neither text can contain a zero byte, so the three parts can't run into each other.
        hasher.update(&[0]);
        hasher.update(writer.to_string().as_bytes());
        hasher.update(&[0]);
        hasher.update(&epoch.number().to_le_bytes());
        let mut bytes = [0; 16];
        hasher.finalize_xof().fill(&mut bytes);
        Self(bytes)
    }

    /// An actor read back from where it was kept.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl From<Actor> for automerge::ActorId {
    fn from(actor: Actor) -> Self {
        Self::from(actor.0)
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
