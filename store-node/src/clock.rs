//! The time of day and the shop's calendar.

use jiff::tz::TimeZone;
use ledger::time::{BusinessDate, Timestamp};
pub use sync_proto::quic::{SystemClock, WallClock};

use crate::error::NodeError;

/// The zone by whose calendar the shop books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// The machine's own.
    pub fn system() -> Self {
        Self(TimeZone::system())
    }

    /// A zone by its name in the IANA database, e.g. `Asia/Shanghai`.
    pub fn named(name: &str) -> Result<Self, NodeError> {
        TimeZone::get(name)
            .map(Self)
            .map_err(|source| NodeError::Zone { name: name.to_owned(), source: Box::new(source) })
    }

    /// The shop's calendar day at an instant.
    pub fn day_of(&self, at: Timestamp) -> BusinessDate {
        BusinessDate::new(self.civil(at).date())
    }

    /// Minutes since the shop's midnight at an instant.
    pub fn minute_of_day(&self, at: Timestamp) -> u16 {
        let time = self.civil(at).time();
        u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs())
    }

    /// Its name, as far as it has one.
    pub fn name(&self) -> String {
        self.0.iana_name().map_or_else(|| "UTC?".to_owned(), str::to_owned)
    }

    /// As the formatting functions take it.
    pub fn time_zone(&self) -> TimeZone {
        self.0.clone()
    }

    fn civil(&self, at: Timestamp) -> jiff::civil::DateTime {
        // An instant that no calendar holds comes from a clock that is beyond help; any day will
        // do, and `doctor` complains.
        let instant = jiff::Timestamp::from_millisecond(at.millis()).unwrap_or_default();
        instant.to_zoned(self.0.clone()).datetime()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_the_shops_own() {
        // 16:30 UTC on the 21st is half past midnight on the 22nd in Shanghai.
        let at = Timestamp::from_millis(1_795_278_600_000);
        let day = |zone: &str| Zone::named(zone).unwrap().day_of(at).to_string();
        assert_eq!(day("Asia/Shanghai"), "2026-11-22");
        assert_eq!(day("UTC"), "2026-11-21");
        assert_eq!(Zone::named("Asia/Shanghai").unwrap().minute_of_day(at), 30);
        assert!(Zone::named("Mars/Olympus").is_err());
    }
}
