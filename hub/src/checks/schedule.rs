//! When checks run by themselves. A schedule is a note in the books: it outlives restarts, and what
//! fell due while the hub was away is made good once.

mod cron;

use std::fmt;
use std::str::FromStr;

use books::BooksError;
use cron::CronText;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};
use ledger::id::IdError;
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::Depth;
use super::report::Scope;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::text;

/// What stands before a schedule's name in the key of its note.
const PREFIX: &str = "schedule/";

/// The form in which schedules are kept.
const VERSION: u32 = 1;

/// The longest name of a schedule, in bytes: it stands in a table.
pub const MAX_NAME: usize = 40;

/// The most schedules: enough for each check to have its own, twice.
pub const MAX_SCHEDULES: usize = 64;

/// The shortest time between runs, in minutes. A run of a large chain takes about one.
pub const MIN_MINUTES: u32 = 5;

/// The longest time between runs, in minutes: a week.
pub const MAX_MINUTES: u32 = 7 * 24 * 60;

/// When runs fall due. As text: `every 30`, `at 03:00`, `at 03:00,15:30` or `cron 0 3 * * 1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rhythm {
    /// So many minutes after the last one.
    Every(u32),
    /// Each day at these minutes of the day, in the hub's zone. Sorted, at least one.
    At(Vec<u16>),
    /// As five fields of cron say, in the hub's zone.
    Cron(Box<CronText>),
}

impl fmt::Display for Rhythm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Every(minutes) => write!(f, "every {minutes}"),
            Self::At(times) => {
                for (n, minute) in times.iter().enumerate() {
                    f.write_str(if n == 0 { "at " } else { "," })?;
                    write!(f, "{:02}:{:02}", minute / 60, minute % 60)?;
                }
                Ok(())
            }
            Self::Cron(cron) => write!(f, "cron {cron}"),
        }
    }
}

impl FromStr for Rhythm {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let what = "rhythm (`every 60`, at least 5 minutes and at most a week; `at 03:00,15:30`; \
                    `cron` and five fields, at least 5 minutes apart: `cron 0 3 * * 1-5`)";
        let parse = || match text.split_once(' ')? {
            ("every", minutes) => {
                let minutes = minutes.trim().parse().ok()?;
                (MIN_MINUTES..=MAX_MINUTES).contains(&minutes).then_some(Self::Every(minutes))
            }
            ("at", times) => {
                let minutes: Option<Vec<u16>> = times.split(',').map(minute_of_day).collect();
                let mut minutes = minutes?;
                minutes.sort_unstable();
                minutes.dedup();
                Some(Self::At(minutes))
            }
            ("cron", fields) => CronText::parse(fields).map(Box::new).map(Self::Cron),
            _ => None,
        };
        parse().ok_or_else(|| IdError::Malformed { what, text: text.to_owned() })
    }
}

/// `03:30` is 210.
fn minute_of_day(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let digits = [hour, minute].iter().all(|part| {
        (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    });
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (digits && hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

impl Rhythm {
    /// When the run after the one at `last` is due. An hour that a change of the clocks leaves out
    /// comes right after it; one that comes twice counts the first time.
    pub fn after(&self, last: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let last = jiff::Timestamp::from_millisecond(last.millis()).ok()?;
        let due = match self {
            Self::Every(minutes) => {
                last.checked_add(SignedDuration::from_mins(i64::from(*minutes))).ok()?
            }
            Self::Cron(cron) => cron.after(last, zone)?,
            Self::At(times) => {
                let today = last.to_zoned(zone.clone()).date();
                let days = [Some(today), today.checked_add(1.day()).ok()];
                let on = |day: jiff::civil::Date| {
                    let time = |minute: &u16| {
                        let (hour, minute) = ((minute / 60) as i8, (minute % 60) as i8);
                        let at = day.at(hour, minute, 0, 0);
                        zone.to_ambiguous_zoned(at).compatible().ok().map(|at| at.timestamp())
                    };
                    times.iter().filter_map(time).find(|at| *at > last)
                };
                days.into_iter().flatten().find_map(on)?
            }
        };
        Some(Timestamp::from_millis(due.as_millisecond()))
    }
}

/// A schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// What people call it.
    pub name: String,
    /// When it runs.
    #[serde(with = "text")]
    pub rhythm: Rhythm,
    /// What it looks at.
    pub scope: Scope,
    /// Whether it looks again at what has not changed.
    #[serde(default)]
    pub depth: Depth,
    /// When it ran last, or was set.
    #[serde(with = "text::instant")]
    pub last: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Note {
    v: u32,
    schedule: Schedule,
}

/// The zone in which daily times are meant.
pub(crate) fn zone(hub: &Hub) -> Result<TimeZone> {
    match &hub.config().checks.zone {
        None => Ok(TimeZone::system()),
        Some(name) => TimeZone::get(name).map_err(|source| HubError::Config {
            path: hub.home().dir().join("config.toml"),
            source: source.into(),
        }),
    }
}

/// The schedules, by name.
pub(crate) fn all(hub: &Hub) -> Result<Vec<Schedule>> {
    let read = |(key, text): (String, String)| {
        let note: Result<Note, _> = serde_json::from_str(&text);
        note.map(|note| note.schedule)
            .map_err(|source| HubError::Record { key, source: source.into() })
    };
    hub.reader()?.notes(PREFIX)?.into_iter().map(read).collect()
}

/// Sets a schedule, in the place of an earlier one of its name.
pub(crate) fn set(hub: &Hub, schedule: Schedule) -> Result<()> {
    let name = &schedule.name;
    let named = name.len() <= MAX_NAME
        && !name.is_empty()
        && name.trim() == name
        && !name.chars().any(|c| c.is_control() || c == '/');
    if !named {
        return Err(HubError::ScheduleName { name: name.clone() });
    }
    let known = all(hub)?;
    if known.len() >= MAX_SCHEDULES && known.iter().all(|other| other.name != *name) {
        return Err(HubError::TooManySchedules);
    }
    keep(hub, schedule)
}

fn keep(hub: &Hub, schedule: Schedule) -> Result<()> {
    let (key, text) = note(schedule);
    hub.books().write(move |tx| tx.set_note(&key, &text))?;
    hub.checks().reschedule();
    Ok(())
}

/// Notes that a schedule has run, unless somebody has changed or removed it meanwhile.
fn ran(hub: &Hub, schedule: Schedule, at: Timestamp) -> Result<()> {
    let after = note(Schedule { last: at, ..schedule.clone() });
    let (key, before) = note(schedule);
    Ok(hub.books().write(move |tx| -> Result<(), BooksError> {
        if tx.note(&key)?.as_deref() == Some(before.as_str()) {
            tx.set_note(&key, &after.1)?;
        }
        Ok(())
    })?)
}

/// The key and the text of a schedule's note.
fn note(schedule: Schedule) -> (String, String) {
    let key = format!("{PREFIX}{}", schedule.name);
    let text = serde_json::to_string(&Note { v: VERSION, schedule });
    (key, text.expect("names and numbers always serialize"))
}

/// Removes a schedule.
pub(crate) fn remove(hub: &Hub, name: &str) -> Result<Schedule> {
    let found = all(hub)?.into_iter().find(|schedule| schedule.name == name);
    let schedule = found.ok_or_else(|| HubError::NoSchedule { name: name.to_owned() })?;
    let key = format!("{PREFIX}{name}");
    hub.books().write(move |tx| tx.forget_note(&key))?;
    hub.checks().reschedule();
    Ok(schedule)
}

/// Runs what is due now; gives when the next run is due, if any is.
pub(crate) fn run_due(hub: &Hub) -> Result<Option<Timestamp>> {
    let zone = zone(hub)?;
    let mut next: Option<Timestamp> = None;
    for schedule in all(hub)? {
        let now = hub.now();
        let mut due = schedule.rhythm.after(schedule.last, &zone);
        // A clock that was set back must not put runs off for ever.
        if schedule.last > now || due.is_some_and(|due| due <= now) {
            let report = match super::run(hub, schedule.scope.clone(), schedule.depth) {
                Ok(report) => report,
                Err(error) => {
                    // It stays due; the others have their turn.
                    tracing::error!(schedule = schedule.name, %error, "checks did not run");
                    continue;
                }
            };
            tracing::info!(
                schedule = schedule.name,
                report = report.number,
                findings = report.findings.len(),
                "checked the books"
            );
            due = schedule.rhythm.after(now, &zone);
            ran(hub, schedule, now)?;
        }
        next = [next, due].into_iter().flatten().min();
    }
    Ok(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::from_millis(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn a_rhythm_has_one_spelling() {
        for text in ["every 5", "every 10080", "at 03:00", "at 00:00,23:59"] {
            assert_eq!(text.parse::<Rhythm>().unwrap().to_string(), text);
        }
        assert_eq!("at 15:30, 3:05".parse::<Rhythm>().unwrap().to_string(), "at 03:05,15:30");
        for text in ["", "every", "every 4", "every 10081", "at", "at 24:00", "at 3", "at 03:60"] {
            assert!(text.parse::<Rhythm>().is_err(), "{text}");
        }
    }

    #[test]
    fn cron_fields_are_read_or_refused() {
        for text in ["cron 0 3 * * *", "cron */30 8-22 * * 1-5", "cron 15 4 1,15 * *"] {
            assert_eq!(text.parse::<Rhythm>().unwrap().to_string(), text);
        }
        assert_eq!("cron  0   3 * * 1".parse::<Rhythm>().unwrap().to_string(), "cron 0 3 * * 1");
        for text in [
            "cron",
            "cron 0 3 * *",
            "cron 0 0 3 * * *",
            "cron 60 3 * * *",
            "cron 0 24 * * *",
            "cron 0 3 30 2 *",
            "cron * * * * *",
            "cron */4 * * * *",
            "cron 0,58 * * * *",
            "cron @daily",
        ] {
            assert!(text.parse::<Rhythm>().is_err(), "{text}");
        }
    }

    #[test]
    fn cron_means_the_wall_clock_of_the_zone() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let after = |rhythm: &str, last: &str| {
            rhythm.parse::<Rhythm>().unwrap().after(at(last), &berlin).unwrap()
        };
        // A Sunday; the next Monday is the 23rd.
        assert_eq!(after("cron 0 3 * * 1", "2026-11-22T10:00:00Z"), at("2026-11-23T02:00:00Z"));
        assert_eq!(after("cron 0 3 * * 1", "2026-11-23T02:00:00Z"), at("2026-11-30T02:00:00Z"));
        assert_eq!(
            after("cron */30 8-9 * * *", "2026-11-22T08:31:00Z"),
            at("2026-11-23T07:00:00Z")
        );
        assert_eq!(after("cron 0 6 1 * *", "2026-11-22T10:00:00Z"), at("2026-12-01T05:00:00Z"));
        // The hour that is left out in March comes right after it, and the one that comes twice in
        // October counts once.
        let daily = "cron 30 2 * * *";
        assert_eq!(after(daily, "2026-03-28T12:00:00Z"), at("2026-03-29T01:00:00Z"));
        assert_eq!(after(daily, "2026-03-29T01:00:00Z"), at("2026-03-30T00:30:00Z"));
        assert_eq!(after(daily, "2026-10-24T12:00:00Z"), at("2026-10-25T00:30:00Z"));
        assert_eq!(after(daily, "2026-10-25T00:30:00Z"), at("2026-10-26T01:30:00Z"));
    }

    #[test]
    fn runs_fall_due_by_the_wall_clock_of_the_zone() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let after = |rhythm: &str, last: &str| {
            rhythm.parse::<Rhythm>().unwrap().after(at(last), &berlin).unwrap()
        };
        assert_eq!(after("every 30", "2026-11-22T10:00:00Z"), at("2026-11-22T10:30:00Z"));
        let twice = "at 03:00,15:30";
        assert_eq!(after(twice, "2026-11-22T01:00:00Z"), at("2026-11-22T02:00:00Z"));
        assert_eq!(after(twice, "2026-11-22T02:00:00Z"), at("2026-11-22T14:30:00Z"));
        assert_eq!(after(twice, "2026-11-22T20:00:00Z"), at("2026-11-23T02:00:00Z"));
        // 02:30 is left out on the last Sunday of March, and comes twice on that of October.
        assert_eq!(after("at 02:30", "2026-03-28T12:00:00Z"), at("2026-03-29T01:30:00Z"));
        assert_eq!(after("at 02:30", "2026-10-24T12:00:00Z"), at("2026-10-25T00:30:00Z"));
        assert_eq!(after("at 02:30", "2026-10-25T00:30:00Z"), at("2026-10-26T01:30:00Z"));
    }
}
