//! How much of a document a replica has.

use std::collections::BTreeMap;
use std::collections::btree_map;

use super::Actor;

/// For each actor the number of its last change held. A replica holds each actor's changes without
/// gaps, so this says exactly which changes it has.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VersionVector(BTreeMap<Actor, u64>);

impl VersionVector {
    /// The last change held of `actor`; zero if none.
    pub fn get(&self, actor: &Actor) -> u64 {
        self.0.get(actor).copied().unwrap_or(0)
    }

    /// Notes that the actor's changes up to `seq` are held.
    pub fn observe(&mut self, actor: Actor, seq: u64) {
        if seq > 0 {
            let held = self.0.entry(actor).or_insert(seq);
            *held = seq.max(*held);
        }
    }

    /// Whether this change is among those held.
    pub fn covers(&self, actor: &Actor, seq: u64) -> bool {
        self.get(actor) >= seq
    }

    /// Whether everything that `other` has is held here too.
    pub fn includes(&self, other: &Self) -> bool {
        other.iter().all(|(actor, seq)| self.covers(actor, seq))
    }

    /// The actors and the last change held of each, in the actors' order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Actor, u64)> {
        self.0.iter().map(|(actor, seq)| (actor, *seq))
    }

    /// How many actors there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is held.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(Actor, u64)> for VersionVector {
    fn from_iter<I: IntoIterator<Item = (Actor, u64)>>(held: I) -> Self {
        let mut versions = Self::default();
        versions.extend(held);
        versions
    }
}

impl Extend<(Actor, u64)> for VersionVector {
    fn extend<I: IntoIterator<Item = (Actor, u64)>>(&mut self, held: I) {
        for (actor, seq) in held {
            self.observe(actor, seq);
        }
    }
}

impl IntoIterator for VersionVector {
    type Item = (Actor, u64);
    type IntoIter = btree_map::IntoIter<Actor, u64>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
