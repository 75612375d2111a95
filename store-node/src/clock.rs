//! The time of day and the shop's calendar.

use std::fmt;
use std::str::FromStr;

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

    /// The business day at an instant: it lasts until the cut-off of the next calendar day.
    pub fn business_day(&self, at: Timestamp, cutoff: TimeOfDay) -> BusinessDate {
        let before = self.minute_of_day(at) < cutoff.minutes();
        self.day_of(at).plus_days(if before { -1 } else { 0 })
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

/// A time of the shop's day, to the minute: `02:00`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// When days begin unless the settings say otherwise.
    pub const MIDNIGHT: Self = Self(0);

    /// Minutes since midnight.
    pub const fn minutes(self) -> u16 {
        self.0
    }
}

/// Why a text is no time of day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a time of day: those are written like 02:00")]
pub struct TimeError(String);

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl FromStr for TimeOfDay {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let parse = || {
            let (hours, minutes) = text.split_once(':')?;
            let number = |digits: &str, below: u16| {
                let plain = digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit());
                digits.parse::<u16>().ok().filter(|number| plain && *number < below)
            };
            Some(Self(number(hours, 24)? * 60 + number(minutes, 60)?))
        };
        parse().ok_or_else(|| TimeError(text.to_owned()))
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

    #[test]
    fn a_business_day_lasts_until_the_cut_off() {
        // Half past midnight on the 22nd in Shanghai.
        let at = Timestamp::from_millis(1_795_278_600_000);
        let zone = Zone::named("Asia/Shanghai").unwrap();
        let day = |cutoff: &str| zone.business_day(at, cutoff.parse().unwrap()).to_string();
        assert_eq!([day("00:00"), day("00:30")], ["2026-11-22"; 2]);
        assert_eq!([day("00:31"), day("04:00")], ["2026-11-21"; 2]);
        for text in ["24:00", "1:00", "01:60", "01", "+1:00", "01:00 "] {
            assert!(text.parse::<TimeOfDay>().is_err(), "{text}");
        }
    }
}
