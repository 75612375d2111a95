//! Days and times: within a history a fact is not recorded before the one ahead of it, nothing is
//! recorded later than now or before there were such records, and nothing is booked to a day that
//! had not begun anywhere. Booking to an earlier day is no mistake: history is imported, and
//! yesterday's slip is booked this morning.
//!
//! *Fails on*: a clock that was set back between two facts, or is ahead, or has forgotten the date.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use jiff::tz::TimeZone;

use super::limits::Limits;
use super::{Check, Evidence, Finding, Observed, Proposal};
use crate::fact::Fact;
use crate::id::Epoch;
use crate::time::{BusinessDate, Timestamp};

/// 2020-01-01 00:00 UTC. A machine with a dead battery wakes up before it.
const EARLIEST_MS: i64 = 1_577_836_800_000;

/// How far the islands are ahead that are first into a day: 14 hours.
const AHEAD_MS: i64 = 14 * 60 * 60 * 1_000;

/// The checks of one store.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Clock {
    now: Timestamp,
    tolerance_ms: i64,
    last: BTreeMap<Epoch, Last>,
}

/// The fact of an epoch that was looked at last.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Last {
    seq: u64,
    at: Timestamp,
    bounds: Bounds,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Bounds {
    Within,
    TooEarly,
    TooLate,
}

impl Clock {
    /// At this moment; clocks may step back, or be ahead, within the limits.
    pub const fn new(now: Timestamp, limits: Limits) -> Self {
        Self { now, tolerance_ms: limits.clock_ms(), last: BTreeMap::new() }
    }

    /// Goes on at a later moment.
    pub(super) const fn set_now(&mut self, now: Timestamp) {
        self.now = now;
    }

    /// Takes a fact in. Times are compared with the fact seen before if that one was booked
    /// earlier, so days may overlap.
    pub fn fact(&mut self, fact: &Fact, found: &mut Vec<Finding>) {
        let bounds = self.bounds(fact.at);
        let now = Last { seq: fact.id.seq, at: fact.at, bounds };
        let last = self.last.insert(fact.id.epoch, now).filter(|last| last.seq < fact.id.seq);
        if let Some(limit) = self.limit(fact, bounds, last) {
            let evidence = Evidence::new(Observed::Time(limit), Observed::Time(fact.at));
            found.push(Finding::at(Check::ClockSkew, fact, evidence, Proposal::SetClock));
        }
        let date = fact.happened_on();
        if let Some(latest) = newest_day(fact.at).filter(|latest| date > *latest) {
            let evidence = Evidence::new(Observed::Day(latest), Observed::Day(date));
            let proposal = Proposal::SetClock;
            found.push(Finding::at(Check::ImplausibleDate, fact, evidence, proposal));
        }
    }

    fn bounds(&self, at: Timestamp) -> Bounds {
        if at.millis() < EARLIEST_MS {
            Bounds::TooEarly
        } else if at.millis() > self.now.millis().saturating_add(self.tolerance_ms) {
            Bounds::TooLate
        } else {
            Bounds::Within
        }
    }

    /// The time that the fact oversteps. A clock that stays wrong is told once.
    fn limit(&self, fact: &Fact, bounds: Bounds, last: Option<Last>) -> Option<Timestamp> {
        if bounds != Bounds::Within {
            let news = last.is_none_or(|last| last.bounds != bounds);
            let limit = match bounds {
                Bounds::TooLate => self.now,
                Bounds::Within | Bounds::TooEarly => Timestamp::from_millis(EARLIEST_MS),
            };
            return news.then_some(limit);
        }
        // Coming back from a time ahead is the mending, not the fault.
        let last = last.filter(|last| last.bounds == Bounds::Within)?;
        let back = fact.at.millis() < last.at.millis().saturating_sub(self.tolerance_ms);
        back.then_some(last.at)
    }
}

/// The newest day that had begun anywhere on Earth at an instant; none for an instant beyond the
/// calendar.
fn newest_day(at: Timestamp) -> Option<BusinessDate> {
    let instant = |millis| jiff::Timestamp::from_millisecond(millis).ok();
    instant(at.millis())?;
    let ahead = instant(at.millis().saturating_add(AHEAD_MS))?;
    Some(BusinessDate::new(ahead.to_zoned(TimeZone::UTC).date()))
}
