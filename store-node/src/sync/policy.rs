//! When to meet the hub: the policy of the store, and patience after failures.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use ledger::time::Timestamp;
use thiserror::Error;

/// Minutes in a day.
const DAY: u16 = 24 * 60;

/// Milliseconds in a minute.
const MINUTE_MS: i64 = 60_000;

/// The most hours of the day that a policy may name.
const MAX_TIMES: usize = 24;

/// The wait after the first failure.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// The longest wait after failures: a hub that comes back is found again within minutes.
const LONGEST_WAIT: Duration = Duration::from_secs(5 * 60);

/// When a store meets its hub.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Policy {
    /// Always connected, as far as the network allows.
    #[default]
    Live,
    /// Every so many minutes.
    Every(u16),
    /// At these minutes of the shop's day, in order.
    At(Vec<u16>),
    /// Only when a person asks.
    Manual,
}

/// Why a text is not a policy.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not a sync policy: live, every MINUTES (1 to 1440), at HH:MM,HH:MM or manual")]
pub struct PolicyError {
    text: String,
}

impl PolicyError {
    /// What was given.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Live => f.write_str("live"),
            Self::Every(minutes) => write!(f, "every {minutes}"),
            Self::Manual => f.write_str("manual"),
            Self::At(times) => {
                f.write_str("at ")?;
                for (place, time) in times.iter().enumerate() {
                    let comma = if place == 0 { "" } else { "," };
                    write!(f, "{comma}{:02}:{:02}", time / 60, time % 60)?;
                }
                Ok(())
            }
        }
    }
}

impl FromStr for Policy {
    type Err = PolicyError;

    fn from_str(text: &str) -> Result<Self, PolicyError> {
        let parse = || match text.split_once(' ') {
            None if text == "live" => Some(Self::Live),
            None if text == "manual" => Some(Self::Manual),
            Some(("every", minutes)) => {
                let minutes = minutes.trim().parse().ok()?;
                (1..=DAY).contains(&minutes).then_some(Self::Every(minutes))
            }
            Some(("at", times)) => {
                let mut times: Vec<u16> = times.split(',').map(minute).collect::<Option<_>>()?;
                times.sort_unstable();
                times.dedup();
                (times.len() <= MAX_TIMES).then_some(Self::At(times))
            }
            _ => None,
        };
        parse().ok_or_else(|| PolicyError { text: text.to_owned() })
    }
}

/// When the next meeting is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Now.
    Now,
    /// At this instant.
    At(Timestamp),
    /// When a person asks.
    OnRequest,
}

impl Policy {
    /// When the next meeting is due, given the last one that went well. `minute_of_day` is `now` on
    /// the shop's clock. A meeting that was missed, because the machine was off, is due at once.
    pub fn due(&self, last: Option<Timestamp>, now: Timestamp, minute_of_day: u16) -> Due {
        match self {
            Self::Live => Due::Now,
            Self::Manual => Due::OnRequest,
            Self::Every(minutes) => {
                let Some(last) = last else { return Due::Now };
                let span = i64::from(*minutes) * MINUTE_MS;
                let next = last.millis().saturating_add(span);
                // A clock that was set back must not stop the store for years.
                let next = next.min(now.millis().saturating_add(span));
                if next <= now.millis() { Due::Now } else { Due::At(Timestamp::from_millis(next)) }
            }
            Self::At(times) => {
                let back = |time: u16| (minute_of_day + DAY - time) % DAY;
                let Some(latest) = times.iter().map(|time| back(*time)).min() else {
                    return Due::OnRequest;
                };
                let this_minute = now.millis() - now.millis().rem_euclid(MINUTE_MS);
                let was_due = this_minute - i64::from(latest) * MINUTE_MS;
                if last.is_none_or(|last| last.millis() < was_due) {
                    return Due::Now;
                }
                let ahead = times.iter().map(|time| DAY - back(*time)).min().unwrap_or(DAY);
                Due::At(Timestamp::from_millis(this_minute + i64::from(ahead) * MINUTE_MS))
            }
        }
    }
}

/// How long to wait after so many failures in a row: doubling, and scattered by `dice` so that the
/// stores of a chain do not all come back in the same second.
pub(super) fn wait_after(failures: u32, dice: u64) -> Duration {
    let doubled = FIRST_WAIT.saturating_mul(1 << failures.saturating_sub(1).min(16));
    let full = doubled.min(LONGEST_WAIT);
    let millis = u64::try_from(full.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(millis / 2 + dice % (millis / 2 + 1))
}

/// `08:30` as minutes since midnight.
fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: i64 = 1_795_320_000_000;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_millis(NOON + minutes * MINUTE_MS)
    }

    #[test]
    fn policies_read_as_they_print() {
        for text in ["live", "every 15", "at 08:00,21:30", "manual"] {
            assert_eq!(text.parse::<Policy>().unwrap().to_string(), text);
        }
        assert_eq!("at 21:30, 8:00".parse::<Policy>().unwrap().to_string(), "at 08:00,21:30");
        for text in ["", "sometimes", "every", "every 0", "every 1441", "at", "at 24:00", "at 8"] {
            assert!(text.parse::<Policy>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_missed_hour_is_made_up_for_and_then_the_next_one_counts() {
        let policy: Policy = "at 08:00,21:30".parse().unwrap();
        let due = |last| policy.due(last, at(0), 12 * 60);
        assert_eq!(due(None), Due::Now);
        assert_eq!(due(Some(at(-5 * 60))), Due::Now, "08:00 was missed");
        let evening = Due::At(at(9 * 60 + 30));
        assert_eq!(due(Some(at(-60))), evening);
        assert_eq!(due(Some(at(-4 * 60))), evening, "the meeting of 08:00 sharp counts");
        let later = policy.due(Some(at(600)), at(660), 23 * 60);
        assert_eq!(later, Due::At(at(20 * 60)), "tomorrow at 08:00");
    }

    #[test]
    fn an_interval_counts_from_the_last_meeting_whatever_the_clock_does() {
        let policy = Policy::Every(15);
        assert_eq!(policy.due(Some(at(-10)), at(0), 0), Due::At(at(5)));
        assert_eq!(policy.due(Some(at(-15)), at(0), 0), Due::Now);
        assert_eq!(policy.due(Some(at(1_000_000)), at(0), 0), Due::At(at(15)));
    }

    #[test]
    fn waits_grow_scatter_and_end() {
        let bounds = |failures| (wait_after(failures, 0), wait_after(failures, u64::MAX / 3));
        assert_eq!(wait_after(1, 0), FIRST_WAIT / 2);
        for failures in [1, 5, 40, u32::MAX] {
            let (least, some) = bounds(failures);
            assert!(least <= some && some <= LONGEST_WAIT, "{failures}");
        }
        assert_eq!(wait_after(u32::MAX, 0), LONGEST_WAIT / 2);
    }
}
