//! A digest that grows with each change and doesn't ask in which order they came.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub, SubAssign};

use super::{Actor, ChangeHash, DocId};

/// The domain of the digest's terms, so that they can collide with no other hash of the system.
const DOMAIN: &str = "evenstock document digest v1";

/// What a replica holds, in 16 bytes: the wrapping sum of one hash per document and actor.
///
/// Equal digests mean equal (document, actor, head) sets between replicas that don't attack each
/// other. An additive hash can be forged by someone who may pick many terms; what that would win a
/// store is that its own facts are not asked for, and the fact chain shows it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Digest(u128);

impl Digest {
    /// The digest of nothing.
    pub const EMPTY: Self = Self(0);

    /// The term of one actor's head in one document. When the head moves, the old term is
    /// subtracted and the new one added.
    pub fn of(doc: &DocId, actor: &Actor, seq: u64, head: &ChangeHash) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key(DOMAIN);
        hasher.update(actor.as_bytes());
        hasher.update(&seq.to_le_bytes());
        hasher.update(head.as_bytes());
        hasher.update(doc.to_string().as_bytes());
        let mut bytes = [0; 16];
        hasher.finalize_xof().fill(&mut bytes);
        Self(u128::from_le_bytes(bytes))
    }

    /// A digest read back from where it was kept.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_le_bytes(bytes))
    }

    /// Its bytes.
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0.to_le_bytes()
    }
}

impl Add for Digest {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.wrapping_add(other.0))
    }
}

impl Sub for Digest {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.wrapping_sub(other.0))
    }
}

impl AddAssign for Digest {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Digest {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Sum for Digest {
    fn sum<I: Iterator<Item = Self>>(terms: I) -> Self {
        terms.fold(Self::EMPTY, Add::add)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
