//! How often one network address may try something.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use tokio::time::Instant;

use super::limits::MAX_COUNTED_ADDRESSES;

/// A token bucket per address, kept as the one moment at which the bucket is full again.
#[derive(Debug)]
pub(super) struct Attempts {
    burst: u32,
    refill: Duration,
    full_at: BTreeMap<IpAddr, Instant>,
}

impl Attempts {
    /// Allows `burst` attempts at once and one more after each `refill`.
    pub(super) const fn new(burst: u32, refill: Duration) -> Self {
        Self { burst, refill, full_at: BTreeMap::new() }
    }

    /// Whether this address may try now; counts the attempt if so.
    pub(super) fn allow(&mut self, address: IpAddr, now: Instant) -> bool {
        let key = subscriber(address);
        let full_at = self.full_at.get(&key).copied().unwrap_or(now).max(now) + self.refill;
        if full_at.duration_since(now) > self.refill.saturating_mul(self.burst) {
            return false;
        }
        self.full_at.insert(key, full_at);
        self.forget(now);
        true
    }

    /// Takes back one counted attempt: it went well, and whoever sets up a whole chain from one desk
    /// tries nothing.
    pub(super) fn forgive(&mut self, address: IpAddr) {
        if let Some(full_at) = self.full_at.get_mut(&subscriber(address)) {
            *full_at = full_at.checked_sub(self.refill).unwrap_or(*full_at);
        }
    }

    /// When there are too many: drops the buckets that are full again, and if that is not enough, the quieter
    /// half, so that a flood of addresses costs little for each.
    fn forget(&mut self, now: Instant) {
        if self.full_at.len() <= MAX_COUNTED_ADDRESSES {
            return;
        }
        self.full_at.retain(|_, full_at| *full_at > now);
        if self.full_at.len() > MAX_COUNTED_ADDRESSES {
            let mut moments: Vec<Instant> = self.full_at.values().copied().collect();
            let middle = moments.len() / 2;
            let (_, middle, _) = moments.select_nth_unstable(middle);
            let middle = *middle;
            self.full_at.retain(|_, full_at| *full_at > middle);
        }
    }
}

/// One subscriber of IPv6 owns a whole /64; of IPv4, one address.
pub(super) fn subscriber(address: IpAddr) -> IpAddr {
    const HOST_BITS: u32 = 64;
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) >> HOST_BITS << HOST_BITS).into()),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_well_does_not_count() {
        let start = Instant::now();
        let mut attempts = Attempts::new(2, Duration::from_secs(10));
        let desk = IpAddr::V4([10, 0, 0, 1].into());
        for _ in 0..100 {
            assert!(attempts.allow(desk, start));
            attempts.forgive(desk);
        }
        let tries: Vec<_> = (0..3).map(|_| attempts.allow(desk, start)).collect();
        assert_eq!(tries, [true, true, false]);
    }

    #[test]
    fn a_burst_then_a_trickle_and_others_are_unaffected() {
        let mut attempts = Attempts::new(3, Duration::from_secs(10));
        let start = Instant::now();
        let noisy: IpAddr = "2001:db8::1".parse().unwrap();
        let same_house: IpAddr = "2001:db8::2".parse().unwrap();
        let mut after =
            |address, seconds| attempts.allow(address, start + Duration::from_secs(seconds));
        assert_eq!([(); 4].map(|()| after(noisy, 0)), [true, true, true, false]);
        assert!(!after(same_house, 9));
        assert!(after(same_house, 10));
        assert!(!after(noisy, 10));
        assert!(after("192.0.2.1".parse().unwrap(), 10));
        assert!(after("::ffff:192.0.2.1".parse().unwrap(), 10));
    }

    #[test]
    fn memory_stays_bounded() {
        let mut attempts = Attempts::new(2, Duration::from_secs(10));
        let start = Instant::now();
        for host in 0..=u32::try_from(MAX_COUNTED_ADDRESSES).unwrap() * 2 {
            attempts.allow(IpAddr::V4(host.into()), start);
        }
        assert!(attempts.full_at.len() <= MAX_COUNTED_ADDRESSES);
    }
}
