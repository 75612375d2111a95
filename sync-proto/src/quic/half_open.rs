//! Handshakes in progress: a bounded number, and of those no one address may hold them all.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::attempts::subscriber;
use super::limits::{MAX_HANDSHAKES, MAX_HANDSHAKES_PER_ADDRESS};

/// Counts the handshakes in progress.
#[derive(Debug, Clone, Default)]
pub(super) struct HalfOpen(Arc<Mutex<Counts>>);

#[derive(Debug, Default)]
struct Counts {
    all: usize,
    by_address: BTreeMap<IpAddr, usize>,
}

/// A place among them, given back when dropped.
#[derive(Debug)]
pub(super) struct Place {
    counts: HalfOpen,
    address: IpAddr,
}

impl HalfOpen {
    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.counts().all
    }

    /// A place for one more, if there is room.
    pub(super) fn enter(&self, address: IpAddr) -> Option<Place> {
        let address = subscriber(address);
        let mut counts = self.counts();
        let held = counts.by_address.get(&address).copied().unwrap_or(0);
        if counts.all >= MAX_HANDSHAKES || held >= MAX_HANDSHAKES_PER_ADDRESS {
            return None;
        }
        counts.all += 1;
        counts.by_address.insert(address, held + 1);
        Some(Place { counts: self.clone(), address })
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        // No code between lock and unlock can panic half-way through a change.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.counts.counts();
        counts.all -= 1;
        let held = counts.by_address.remove(&self.address).unwrap_or(1);
        if held > 1 {
            counts.by_address.insert(self.address, held - 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_cannot_take_all_places_and_each_comes_back() {
        let half_open = HalfOpen::default();
        let noisy: IpAddr = "192.0.2.1".parse().unwrap();
        let mut held: Vec<Place> = std::iter::from_fn(|| half_open.enter(noisy)).collect();
        assert_eq!(held.len(), MAX_HANDSHAKES_PER_ADDRESS);
        let others = (0..).map_while(|host: u32| half_open.enter(IpAddr::V4(host.into())));
        held.extend(others.take(MAX_HANDSHAKES));
        assert_eq!(half_open.count(), MAX_HANDSHAKES);
        assert!(half_open.enter("198.51.100.1".parse().unwrap()).is_none());
        held.clear();
        assert_eq!(half_open.count(), 0);
        assert!(half_open.counts().by_address.is_empty());
    }
}
