//! The time on the wall of a shop, whatever zone it is in.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;

use super::{BusinessDate, Timestamp};
use crate::id::IdError;

/// A day and a time of day, to the minute, by the clock on a shop's wall: `2026-12-01T00:00`. Every
/// shop reaches it at its own instant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalTime(DateTime);

impl LocalTime {
    /// What the wall of a shop in this zone has shown by an instant.
    ///
    /// Clocks that are set back at the end of summer show an hour twice. What was to begin in it has
    /// begun the first time and goes on: the second time counts as the end of that hour. An hour that is
    /// left out in spring is over when it is left out.
    pub fn reached(at: Timestamp, zone: &TimeZone) -> Self {
        let instant = jiff::Timestamp::from_millisecond(at.millis()).unwrap_or_default();
        let shown = zone.to_datetime(instant);
        let moment = jiff::SignedDuration::from_nanos(1);
        let latest = instant.checked_add(moment).ok();
        let latest = latest.and_then(|after| zone.preceding(after).next());
        let before = latest.and_then(|turn| {
            let last = turn.timestamp().checked_sub(moment).ok()?;
            // The wall would have shown this, had nobody touched it.
            Some(zone.to_offset(last).to_datetime(turn.timestamp()))
        });
        Self(to_minute(before.map_or(shown, |before| shown.max(before))))
    }

    /// The first minute of a day.
    pub fn start_of(day: BusinessDate) -> Self {
        Self(day.date().to_datetime(Time::midnight()))
    }

    /// The last minute of a day.
    pub fn end_of(day: BusinessDate) -> Self {
        Self(day.date().at(23, 59, 0, 0))
    }

    /// The minute before; the calendar's first at its end.
    #[must_use]
    pub fn minute_before(self) -> Self {
        use jiff::ToSpan as _;
        Self(self.0.saturating_sub(1.minute()))
    }

    /// Its day.
    pub fn day(self) -> BusinessDate {
        BusinessDate::new(self.0.date())
    }

    /// How many minutes of its day are over.
    pub fn minute_of_day(self) -> u16 {
        u16::from(self.0.hour().unsigned_abs()) * 60 + u16::from(self.0.minute().unsigned_abs())
    }

    /// Reads what a person types: a day alone is its first minute, and a space may stand for the `T`.
    pub fn typed(text: &str) -> Result<Self, IdError> {
        let text = text.trim();
        match text.parse::<BusinessDate>() {
            Ok(day) => Ok(Self::start_of(day)),
            Err(_) => text.replacen(' ', "T", 1).parse(),
        }
    }
}

fn to_minute(at: DateTime) -> DateTime {
    at.date().at(at.hour(), at.minute(), 0, 0)
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}T{:02}:{:02}", self.day(), self.0.hour(), self.0.minute())
    }
}

impl fmt::Debug for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for LocalTime {
    type Err = IdError;

    /// Reads `2026-12-01T00:00` and nothing looser, so that one time has one spelling.
    fn from_str(text: &str) -> Result<Self, IdError> {
        let what = "local time (YYYY-MM-DDTHH:MM)";
        let bad = || IdError::Malformed { what, text: text.to_owned() };
        let (day, time) = text.split_once('T').ok_or_else(bad)?;
        let day: BusinessDate = day.parse().map_err(|_| bad())?;
        let (hour, minute) = time.split_once(':').ok_or_else(bad)?;
        let number = |digits: &str| {
            let plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| digits.parse::<i8>().ok()).flatten().ok_or_else(bad)
        };
        let time = Time::new(number(hour)?, number(minute)?, 0, 0).map_err(|_| bad())?;
        Ok(Self(day.date().to_datetime(time)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Summer time from the second Sunday in March to the first in November.
    fn new_york() -> TimeZone {
        TimeZone::posix("EST5EDT,M3.2.0,M11.1.0").unwrap()
    }

    fn reached(instant: &str, zone: &TimeZone) -> String {
        let at: jiff::Timestamp = instant.parse().unwrap();
        LocalTime::reached(Timestamp::from_millis(at.as_millisecond()), zone).to_string()
    }

    #[test]
    fn a_time_has_one_spelling() {
        let time: LocalTime = "2026-12-01T08:05".parse().unwrap();
        assert_eq!(time.to_string(), "2026-12-01T08:05");
        assert_eq!(LocalTime::typed("2026-12-01 08:05"), Ok(time));
        assert_eq!(LocalTime::typed("2026-12-01").unwrap().to_string(), "2026-12-01T00:00");
        assert_eq!(LocalTime::end_of(time.day()).to_string(), "2026-12-01T23:59");
        for text in ["2026-12-01", "2026-12-01T8:05", "2026-12-01T24:00", "2026-12-01T00:60", ""] {
            assert!(text.parse::<LocalTime>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_hour_that_comes_twice_has_begun_the_first_time() {
        let zone = new_york();
        // 2026-11-01: at 06:00 UTC the wall goes from 02:00 back to 01:00.
        let walls = [
            ("2026-11-01T05:29:59Z", "2026-11-01T01:29"),
            ("2026-11-01T05:30:00Z", "2026-11-01T01:30"),
            ("2026-11-01T05:59:59Z", "2026-11-01T01:59"),
            ("2026-11-01T06:00:00Z", "2026-11-01T02:00"),
            ("2026-11-01T06:30:00Z", "2026-11-01T02:00"),
            ("2026-11-01T06:59:59Z", "2026-11-01T02:00"),
            ("2026-11-01T07:00:00Z", "2026-11-01T02:00"),
            ("2026-11-01T07:01:00Z", "2026-11-01T02:01"),
        ];
        for (instant, wall) in walls {
            assert_eq!(reached(instant, &zone), wall, "{instant}");
        }
    }

    #[test]
    fn an_hour_that_is_left_out_is_over_at_once() {
        let zone = new_york();
        // 2026-03-08: at 07:00 UTC the wall goes from 02:00 on to 03:00.
        assert_eq!(reached("2026-03-08T06:59:59Z", &zone), "2026-03-08T01:59");
        assert_eq!(reached("2026-03-08T07:00:00Z", &zone), "2026-03-08T03:00");
    }

    proptest! {
        #[test]
        fn what_was_reached_stays_reached(at in 0_i64..4_000_000_000_000, later in 0_i64..20_000_000) {
            let zone = new_york();
            let wall = |at| LocalTime::reached(Timestamp::from_millis(at), &zone);
            prop_assert!(wall(at) <= wall(at + later));
        }
    }
}
