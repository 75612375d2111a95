//! What connected stores keep of their facts, compared with what the hub keeps of the same.
//!
//! The stores are asked over their sessions, some at a time; of the rows that differ the facts say whose
//! is wrong. A run of the checks looks at the last weeks, a full one and `check compare` at all days.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use books::Reader;
use ledger::check::replicas::Judge;
use ledger::check::{Check, Finding, Proposal};
use ledger::id::{FactId, StoreId};
use ledger::time::BusinessDate;
use sync_proto::kept::{Comparison, NotCompared};

use super::Depth;
use super::report::{CheckFinding, Scope};
use crate::error::Result;
use crate::hub::Hub;
use crate::sessions::Compared;

/// How many days back an ordinary run compares: what was wrong before then has been found by the runs
/// of then, and a store of three years is not read through each time.
const RECENT_DAYS: i32 = 35;

/// How many stores are asked at once: enough to keep every core busy, and few enough that no till's
/// sales wait behind the hub's reading for all of them.
const AT_ONCE: usize = 32;

/// How long stores that were asked together may take. A store of a million rows answers three times
/// within some seconds.
const PATIENCE: Duration = Duration::from_secs(60);

/// What comparing with some stores has come to.
#[derive(Debug, Default)]
pub(crate) struct Replicas {
    /// Rows of earlier days were not compared.
    since: Option<BusinessDate>,
    pub(crate) stores: BTreeMap<StoreId, Met>,
}

/// What comparing with a store has come to.
#[derive(Debug)]
pub(crate) enum Met {
    /// Its rows were compared.
    Compared(Comparison),
    /// They were not.
    Not(NotCompared),
    /// It isn't connected.
    Away,
    /// It went away, or took too long.
    Lost,
}

/// Compares with the stores in scope that are connected and have caught up.
pub(super) fn compare(hub: &Hub, scope: &Scope, depth: Depth) -> Replicas {
    let check = Check::ReplicaDiffers;
    let wanted = |store: &StoreId| scope.covers(check, Some(store), None);
    let mut stores = hub.sessions().connected();
    stores.retain(|store| wanted(store) && hub.sessions().is_in_step(store));
    let recent = hub.now().utc_day().plus_days(-RECENT_DAYS);
    let since = match depth {
        Depth::Changed => scope.since.max(Some(recent)),
        Depth::Full => scope.since,
    };
    compare_with(hub, &stores, since)
}

/// Compares with these stores, without rows of days before `since`.
pub(crate) fn compare_with(hub: &Hub, stores: &[StoreId], since: Option<BusinessDate>) -> Replicas {
    let mut met = BTreeMap::new();
    for together in stores.chunks(AT_ONCE) {
        let asked: Vec<_> =
            together.iter().map(|store| (store, hub.sessions().compare(store, since))).collect();
        let until = Instant::now() + PATIENCE;
        for (store, answer) in asked {
            let came_to = match answer {
                None => Met::Away,
                Some(answer) => {
                    let left = until.saturating_duration_since(Instant::now());
                    Met::of(answer.recv_timeout(left))
                }
            };
            met.insert(store.clone(), came_to);
        }
    }
    Replicas { since, stores: met }
}

impl Met {
    fn of(answer: std::result::Result<Compared, RecvTimeoutError>) -> Self {
        match answer {
            Ok(Ok(comparison)) => Self::Compared(comparison),
            Ok(Err(why)) => Self::Not(why),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Self::Lost,
        }
    }
}

impl Replicas {
    /// Who is wrong where, by the facts that were compared.
    pub(crate) fn judge(&self, reader: &Reader) -> Result<Vec<Finding>> {
        let mut found = Vec::new();
        for (store, met) in &self.stores {
            if let Met::Compared(comparison) = met
                && !comparison.differences.is_empty()
            {
                found.extend(judge(reader, store, comparison)?);
            }
        }
        Ok(found)
    }

    /// How many differences nobody has looked into.
    pub(super) fn left_out(&self) -> u64 {
        self.comparisons().map(|(_, comparison)| comparison.left_out).sum()
    }

    /// Whether a finding of an earlier run is of a row that this one has not compared.
    pub(super) fn leaves_open(&self, finding: &CheckFinding) -> bool {
        let rebuild = matches!(finding.proposal, Proposal::Rebuild | Proposal::RebuildAtStore);
        if finding.check != Check::ReplicaDiffers || !rebuild {
            return false;
        }
        let compared: BTreeSet<_> = self.comparisons().map(|(store, _)| store).collect();
        let earlier = self.since.zip(finding.date).is_some_and(|(since, date)| date < since);
        earlier || finding.store.as_ref().is_some_and(|store| !compared.contains(store))
    }

    fn comparisons(&self) -> impl Iterator<Item = (&StoreId, &Comparison)> {
        self.stores.iter().filter_map(|(store, met)| match met {
            Met::Compared(comparison) => Some((store, comparison)),
            Met::Not(_) | Met::Away | Met::Lost => None,
        })
    }
}

fn judge(reader: &Reader, store: &StoreId, comparison: &Comparison) -> Result<Vec<Finding>> {
    let last = comparison.head.map(|head| FactId { epoch: head.epoch, seq: head.seq });
    let mut judge = Judge::new(store, comparison.differences.clone());
    for date in reader.days(store)? {
        if !judge.needs(date) {
            continue;
        }
        for stored in reader.facts_of_day(store, date)? {
            // What has come since is in neither side's rows.
            if Some(stored.fact.id) <= last {
                judge.fact(&stored.fact);
            }
        }
    }
    Ok(judge.finish())
}
