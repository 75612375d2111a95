//! When checks run by themselves: set, list, remove.

use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::checks::Depth;
use crate::checks::report::Scope;
use crate::checks::schedule::{self, Rhythm, Schedule};
use crate::door::Ask;
use crate::error::Result;
use crate::hub::Hub;
use crate::text;

/// Set a schedule, in the place of an earlier one of its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetSchedule {
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
}

impl Ask for SetSchedule {
    const PATH: &'static str = "/v1/check/schedule/set";
    type Answer = Scheduled;

    fn answer(self, hub: &Hub) -> Result<Scheduled> {
        let Self { name, rhythm, scope, depth } = self;
        let schedule = Schedule { name, rhythm, scope, depth, last: hub.now() };
        schedule::set(hub, schedule.clone())?;
        Scheduled::of(hub, schedule)
    }
}

/// A schedule, and when it runs next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheduled {
    /// The schedule.
    #[serde(flatten)]
    pub schedule: Schedule,
    /// When the next run is due, while the hub runs.
    #[serde(default, with = "text::instant::option", skip_serializing_if = "Option::is_none")]
    pub next: Option<Timestamp>,
}

impl Scheduled {
    fn of(hub: &Hub, schedule: Schedule) -> Result<Self> {
        let next = schedule.rhythm.after(schedule.last, &schedule::zone(hub)?);
        Ok(Self { schedule, next })
    }
}

/// List the schedules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListSchedules {}

/// The schedules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedules {
    /// By name.
    pub schedules: Vec<Scheduled>,
}

impl Ask for ListSchedules {
    const PATH: &'static str = "/v1/check/schedule/list";
    type Answer = Schedules;

    fn answer(self, hub: &Hub) -> Result<Schedules> {
        let schedules = schedule::all(hub)?.into_iter();
        let schedules = schedules.map(|schedule| Scheduled::of(hub, schedule));
        Ok(Schedules { schedules: schedules.collect::<Result<_>>()? })
    }
}

/// Remove a schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemoveSchedule {
    /// Its name.
    pub name: String,
}

impl Ask for RemoveSchedule {
    const PATH: &'static str = "/v1/check/schedule/remove";
    type Answer = Schedule;

    fn answer(self, hub: &Hub) -> Result<Schedule> {
        schedule::remove(hub, &self.name)
    }
}
