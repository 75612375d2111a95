//! Time, as the core is told it.

use std::ops::{Add, Sub};

use ledger::time::Timestamp;

/// What the driver's clocks say at the moment of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// A clock that only goes forward: it runs the timers.
    pub ticks: Millis,
    /// The wall clock, which people set and which may jump: it is only compared with the peer's.
    pub wall: Timestamp,
}

/// Milliseconds, as a point on a monotonic clock or as a span of one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Millis(pub u64);

impl Millis {
    /// A span of whole seconds.
    pub const fn seconds(seconds: u64) -> Self {
        Self(seconds * 1_000)
    }

    /// A span of whole minutes.
    pub const fn minutes(minutes: u64) -> Self {
        Self::seconds(minutes * 60)
    }
}

impl Add for Millis {
    type Output = Self;

    /// The later point; the end of time when there is none.
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Millis {
    type Output = Self;

    /// The span between; nothing when `other` is later.
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}
