//! When to meet the hub: the policy people choose, and how to try again when it fails.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::clock::Millis;

/// The minutes of a day.
const DAY_MINUTES: u16 = 24 * 60;

/// The longest interval between two meetings that can be set: a day. Who wants less syncs by hand.
const MAX_INTERVAL_MINUTES: u16 = DAY_MINUTES;

/// The most times of day that can be set: one every half hour. Who wants more sets an interval.
const MAX_TIMES: usize = 48;

/// The longest wait before the first new attempt. Most breaks last a moment.
const FIRST_RETRY: Millis = Millis::seconds(1);

/// The longest wait between attempts. After an outage of any length every store is back within a
/// minute, and 5,000 of them trying once a minute are 83 handshakes a second, of which one core
/// serves 2,900.
const MAX_RETRY: Millis = Millis::minutes(1);

/// When a store meets the hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SyncPolicy {
    /// Always, and stays connected: a sale is at the hub within a moment.
    Live,
    /// Every so often.
    Every(Interval),
    /// At set times of the day, the shop's own time.
    At(BTreeSet<TimeOfDay>),
    /// Only when a person says so.
    Manual,
}

/// A number of minutes from 1 to a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Interval(u16);

impl Interval {
    /// An interval of so many minutes.
    pub const fn minutes(minutes: u16) -> Option<Self> {
        if minutes == 0 || minutes > MAX_INTERVAL_MINUTES { None } else { Some(Self(minutes)) }
    }
}

/// A time of the day, to the minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// The time so many minutes after midnight.
    pub const fn minutes_after_midnight(minutes: u16) -> Option<Self> {
        if minutes < DAY_MINUTES { Some(Self(minutes)) } else { None }
    }

    /// How long after `earlier` on the clock's face this is: less than a day.
    const fn since(self, earlier: Self) -> u16 {
        (self.0 + DAY_MINUTES - earlier.0) % DAY_MINUTES
    }
}

/// When the next meeting is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// At once.
    Now,
    /// After this long.
    In(Millis),
    /// When a person says so.
    OnRequest,
}

impl SyncPolicy {
    /// When to meet next, `since_last` after the last meeting that got in sync (if there was one),
    /// at this time of the day. A time that passed while the machine was off is made up for.
    pub fn due(&self, since_last: Option<Millis>, time: TimeOfDay) -> Due {
        match self {
            Self::Live => Due::Now,
            Self::Manual => Due::OnRequest,
            Self::Every(interval) => {
                let interval = Millis::minutes(u64::from(interval.0));
                due_after(since_last.map_or(Millis(0), |ago| interval - ago))
            }
            Self::At(times) => {
                let Some(passed) = times.iter().map(|at| time.since(*at)).min() else {
                    return Due::OnRequest;
                };
                // The minute that runs now counts as passed only when it is over.
                let missed = Millis::minutes(u64::from(passed) + 1);
                if since_last.is_none_or(|ago| ago > missed) {
                    return Due::Now;
                }
                let ahead = times.iter().map(|at| match at.since(time) {
                    0 => DAY_MINUTES,
                    minutes => minutes,
                });
                Due::In(Millis::minutes(u64::from(ahead.min().unwrap_or(DAY_MINUTES))))
            }
        }
    }

    /// Whether to stay connected once in sync.
    pub const fn stays_connected(&self) -> bool {
        matches!(self, Self::Live)
    }
}

const fn due_after(wait: Millis) -> Due {
    if wait.0 == 0 { Due::Now } else { Due::In(wait) }
}

impl fmt::Display for SyncPolicy {
    /// `live`, `every 15m`, `at 09:00,21:30`, `manual`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Live => f.pad("live"),
            Self::Manual => f.pad("manual"),
            Self::Every(interval) => write!(f, "every {}m", interval.0),
            Self::At(times) => {
                let times: Vec<String> = times.iter().map(ToString::to_string).collect();
                write!(f, "at {}", times.join(","))
            }
        }
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// Why a text is not a policy.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PolicyError {
    /// Not one of the four forms.
    #[error(
        "`{text}` is not a sync policy: write `live`, `every 15m`, `at 09:00,21:30` or `manual`"
    )]
    Form {
        /// What was given.
        text: String,
    },
    /// Not a time of day.
    #[error("`{text}` is not a time of day like 09:30")]
    Time {
        /// What was given.
        text: String,
    },
    /// The interval is not within a day.
    #[error("the interval must be 1 to {MAX_INTERVAL_MINUTES} minutes")]
    Interval,
    /// More times than can be set.
    #[error("at most {MAX_TIMES} times of day can be set")]
    TooManyTimes,
}

impl FromStr for SyncPolicy {
    type Err = PolicyError;

    /// Reads what [`Display`](fmt::Display) writes; the `m` may be left out.
    fn from_str(text: &str) -> Result<Self, PolicyError> {
        let form = || PolicyError::Form { text: text.to_owned() };
        match text.trim() {
            "live" => return Ok(Self::Live),
            "manual" => return Ok(Self::Manual),
            _ => {}
        }
        let (word, rest) = text.trim().split_once(' ').ok_or_else(form)?;
        match word {
            "every" => {
                let minutes: u16 = rest.trim().trim_end_matches('m').parse().map_err(|_| form())?;
                Interval::minutes(minutes).map(Self::Every).ok_or(PolicyError::Interval)
            }
            "at" => {
                let times = rest.split(',').map(|time| time.trim().parse());
                let times: BTreeSet<TimeOfDay> = times.collect::<Result<_, _>>()?;
                if times.len() > MAX_TIMES {
                    return Err(PolicyError::TooManyTimes);
                }
                Ok(Self::At(times))
            }
            _ => Err(form()),
        }
    }
}

impl FromStr for TimeOfDay {
    type Err = PolicyError;

    fn from_str(text: &str) -> Result<Self, PolicyError> {
        let parse = || {
            let (hours, minutes) = text.split_once(':')?;
            let digits = |s: &str| {
                let plain = s.len() == 2 && s.bytes().all(|b| b.is_ascii_digit());
                if plain { s.parse::<u16>().ok() } else { None }
            };
            let (hours, minutes) = (digits(hours)?, digits(minutes)?);
            (minutes < 60).then(|| Self::minutes_after_midnight(hours * 60 + minutes))?
        };
        parse().ok_or_else(|| PolicyError::Time { text: text.to_owned() })
    }
}

/// How long to wait before trying again after so many failures in a row (0: after the first).
///
/// The bound doubles from [`FIRST_RETRY`] to [`MAX_RETRY`], and the wait is somewhere in its upper
/// half, chosen by `random`: stores that lost the hub at the same moment don't come back at the same
/// moment, and none waits so little that it hammers.
pub fn backoff(failures: u32, random: u64) -> Millis {
    let bound = FIRST_RETRY.0.saturating_mul(1 << failures.min(16)).min(MAX_RETRY.0);
    let half = bound / 2;
    Millis(half + random % (bound - half + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(text: &str) -> SyncPolicy {
        text.parse().unwrap()
    }

    fn time(text: &str) -> TimeOfDay {
        text.parse().unwrap()
    }

    #[test]
    fn policies_read_what_they_print() {
        for text in ["live", "every 15m", "at 09:00,21:30", "manual"] {
            assert_eq!(policy(text).to_string(), text);
        }
        assert_eq!(policy(" every 90 ").to_string(), "every 90m");
        assert_eq!(policy("at 21:30, 09:00,09:00").to_string(), "at 09:00,21:30");
        for text in [
            "",
            "often",
            "every",
            "every day",
            "every 0m",
            "every 1441m",
            "at 24:00",
            "at 9:00",
            "at +9:00",
            "at",
        ] {
            assert!(text.parse::<SyncPolicy>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_interval_counts_from_the_last_meeting() {
        let every = policy("every 15m");
        assert_eq!(every.due(None, time("12:00")), Due::Now);
        assert_eq!(every.due(Some(Millis::minutes(15)), time("12:00")), Due::Now);
        let wait = Due::In(Millis::minutes(11));
        assert_eq!(every.due(Some(Millis::minutes(4)), time("12:00")), wait);
    }

    #[test]
    fn a_missed_time_of_day_is_made_up_for() {
        let at = policy("at 09:00,21:30");
        let minutes = |minutes| Some(Millis::minutes(minutes));
        // Met at 09:00; it is 12:00 now: the evening is 9 h 30 min away.
        assert_eq!(at.due(minutes(180), time("12:00")), Due::In(Millis::minutes(570)));
        // Last met yesterday evening, the machine was off at nine.
        assert_eq!(at.due(minutes(840), time("12:00")), Due::Now);
        assert_eq!(at.due(None, time("12:00")), Due::Now);
        // Met a moment ago, at nine sharp.
        assert_eq!(at.due(Some(Millis(5)), time("09:00")), Due::In(Millis::minutes(750)));
    }

    #[test]
    fn waits_grow_and_stay_within_their_bounds() {
        for failures in 0..40 {
            for random in [0, 1, 499, 12_345, u64::MAX] {
                let wait = backoff(failures, random);
                assert!(wait >= Millis(500) && wait <= MAX_RETRY, "{failures} {random}: {wait:?}");
            }
        }
        assert!(backoff(0, u64::MAX) <= Millis(1_000));
        assert!(backoff(30, 0) >= Millis(30_000));
    }
}
