//! Protocol versions and their negotiation.

/// The versions that this build speaks. From 2 on a hub tells stores of each other's stock; from 3 on it
/// compares what they keep with what it keeps itself, and tells a new machine what its store's history
/// comes to before it sends the history.
pub const PROTOCOL: Versions = Versions { oldest: 1, newest: 3 };

/// A range of protocol versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Versions {
    /// The oldest one spoken.
    pub oldest: u16,
    /// The newest one spoken.
    pub newest: u16,
}

impl Versions {
    /// The newest version that both speak.
    pub fn common(self, other: Self) -> Option<u16> {
        let newest = self.newest.min(other.newest);
        (newest >= self.oldest.max(other.oldest)).then_some(newest)
    }
}

impl std::fmt::Display for Versions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.oldest == self.newest {
            return write!(f, "{}", self.newest);
        }
        write!(f, "{} to {}", self.oldest, self.newest)
    }
}
