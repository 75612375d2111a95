//! The stores at a glance: who is there, how far, how fresh, and what needs a person.

use std::collections::{BTreeMap, BTreeSet};

use books::read::{EpochStatus, PeerStatus, QuarantinedItem, StoreStatus};
use ledger::id::StoreId;
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};
use sync_proto::Writer;

use crate::door::Ask;
use crate::error::{HubError, Result};
use crate::events::Event;
use crate::hub::Hub;
use crate::registry::{RegistryError, Standing, StoreRecord};
use crate::sessions::{SessionState, Step};
use crate::text;

/// Events that are shown beside the stores.
const SHOWN_EVENTS: usize = 20;

/// Show how the stores stand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowStatus {
    /// Only this store.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreId>,
}

/// How the stores stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The chain's id.
    pub chain: String,
    /// What people call it.
    pub name: String,
    /// Where the hub listens; none when it does not run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listening: Option<String>,
    /// Each store, by id.
    pub stores: Vec<StoreState>,
    /// Fields of products that are in conflict.
    pub conflicts: usize,
    /// What happened lately, newest first. Empty when the hub does not run.
    pub events: Vec<Event>,
    /// When the question was answered.
    #[serde(with = "text::instant")]
    pub now: Timestamp,
}

/// How one store stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreState {
    /// Its id.
    #[serde(with = "text")]
    pub store: StoreId,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether it may connect. None for a store whose facts are here but which was never added.
    pub standing: Option<Standing>,
    /// The connection, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<Connection>,
    /// When it was last heard from.
    #[serde(default, with = "text::instant::option", skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<Timestamp>,
    /// The epoch of its newest fact here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<u32>,
    /// The number of its newest fact here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seq: Option<u64>,
    /// When that fact was recorded, by the store's clock.
    #[serde(default, with = "text::instant::option", skip_serializing_if = "Option::is_none")]
    pub newest_fact: Option<Timestamp>,
    /// How old it is, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest_fact_age_seconds: Option<i64>,
    /// How many of its facts are here.
    pub facts: u64,
    /// Its alerts that nobody has seen.
    #[serde(default)]
    pub alerts: usize,
    /// Documents with changes that the store has not confirmed to hold.
    pub unacknowledged_documents: u64,
    /// Those changes.
    pub unacknowledged_changes: u64,
    /// What was refused, of the store or by it.
    pub quarantined: Vec<Quarantined>,
    /// Histories of the store that have forked and are frozen.
    pub forks: Vec<Fork>,
    /// Until when its certificate is in force.
    #[serde(default, with = "text::instant::option", skip_serializing_if = "Option::is_none")]
    pub certificate_until: Option<Timestamp>,
}

/// A connection as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Since when.
    #[serde(with = "text::instant")]
    pub since: Timestamp,
    /// From which address.
    pub from: String,
    /// Whether both sides hold the same, but for what is under way.
    pub in_step: bool,
    /// Changes received of those that were lacking here.
    pub received: u64,
    /// How many were lacking here.
    pub to_receive: u64,
    /// Changes that the store confirmed of those that it lacked.
    pub sent: u64,
    /// How many it lacked.
    pub to_send: u64,
    /// By how many milliseconds the store's clock is ahead, if that is too much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_ahead_ms: Option<i64>,
}

/// A change that was not taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantined {
    /// The document it was for.
    pub document: String,
    /// Which side refused it: `us` or `peer`.
    pub refused_by: String,
    /// Why.
    pub reason: String,
    /// When that happened first.
    #[serde(with = "text::instant")]
    pub first: Timestamp,
    /// When it happened last.
    #[serde(with = "text::instant")]
    pub last: Timestamp,
    /// How often.
    pub times: u64,
}

/// A history that has two ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fork {
    /// Its epoch.
    pub epoch: u32,
    /// The last fact that was taken in.
    pub last_seq: u64,
    /// What was found.
    pub reason: String,
}

impl Ask for ShowStatus {
    const PATH: &'static str = "/v1/status";
    type Answer = Status;

    fn answer(self, hub: &Hub) -> Result<Status> {
        let reader = hub.reader()?;
        let now = hub.now();
        let books = |status: StoreStatus| (status.store.clone(), status);
        let mut known: BTreeMap<StoreId, StoreStatus> =
            reader.stores()?.into_iter().map(books).collect();
        let by_store = |peer: PeerStatus| Some((peer.peer.store()?.clone(), peer));
        let peers: BTreeMap<StoreId, PeerStatus> =
            reader.peers()?.into_iter().filter_map(by_store).collect();
        let mut quarantine = by_peer(reader.quarantined()?);
        let records: BTreeMap<StoreId, StoreRecord> = hub.register().read(|registry| {
            registry.stores().map(|record| (record.store.clone(), record.clone())).collect()
        });
        let all: BTreeSet<StoreId> = known.keys().chain(records.keys()).cloned().collect();
        if let Some(store) = self.store.as_ref().filter(|store| !all.contains(store)) {
            return Err(HubError::Registry(RegistryError::Unknown { store: store.clone() }));
        }
        let mut stores = Vec::new();
        for store in all.into_iter().filter(|one| self.store.as_ref().is_none_or(|s| s == one)) {
            let record = records.get(&store);
            let books = known.remove(&store);
            let peer = peers.get(&store);
            let session = hub.sessions().of(&store);
            let unsent = reader.unsent(&Writer::Store(store.clone()))?;
            let newest_fact = books.as_ref().and_then(|books| books.last_fact_at);
            let age = |at: Timestamp| now.millis().saturating_sub(at.millis()) / 1_000;
            let end = books.as_ref().and_then(|books| books.epochs.last());
            stores.push(StoreState {
                name: record.and_then(|record| record.name.clone()),
                standing: record.map(StoreRecord::standing),
                last_seen: match session {
                    Some(_) => Some(now),
                    None => peer.and_then(|peer| peer.seen_at),
                },
                connection: session.map(connection),
                epoch: end.map(|end| end.epoch.number()),
                last_seq: end.map(|end| end.seq),
                newest_fact,
                newest_fact_age_seconds: newest_fact.map(age),
                facts: books.as_ref().map_or(0, |books| books.facts),
                alerts: reader.alert_count(&store, now.utc_day())?.waiting,
                unacknowledged_documents: unsent.documents,
                unacknowledged_changes: unsent.changes,
                quarantined: quarantine.remove(&store).unwrap_or_default(),
                forks: books.as_ref().map(forks).unwrap_or_default(),
                certificate_until: record
                    .and_then(|record| record.machine.as_ref())
                    .map(|machine| machine.certificate_until),
                store,
            });
        }
        let of_store = |event: &Event| self.store.is_none() || event.store == self.store;
        let events = hub.events().recent().into_iter().filter(of_store);
        Ok(Status {
            chain: hub.config().chain.to_string(),
            name: hub.config().title().to_owned(),
            listening: hub.listening().map(|address| address.to_string()),
            stores,
            conflicts: reader.conflicts()?.len(),
            events: events.take(SHOWN_EVENTS).collect(),
            now,
        })
    }
}

fn connection(session: SessionState) -> Connection {
    Connection {
        since: session.since,
        in_step: session.step == Step::InStep,
        received: session.progress.received,
        to_receive: session.progress.to_receive,
        sent: session.progress.sent,
        to_send: session.progress.to_send,
        clock_ahead_ms: session.clock_ahead_ms,
        from: session.from,
    }
}

fn by_peer(items: Vec<QuarantinedItem>) -> BTreeMap<StoreId, Vec<Quarantined>> {
    let mut by_peer: BTreeMap<StoreId, Vec<Quarantined>> = BTreeMap::new();
    for item in items {
        let Some(store) = item.peer.as_ref().and_then(Writer::store) else { continue };
        by_peer.entry(store.clone()).or_default().push(Quarantined {
            document: item.doc,
            refused_by: item.refused_by,
            reason: item.reason,
            first: item.first_at,
            last: item.last_at,
            times: item.times,
        });
    }
    by_peer
}

fn forks(books: &StoreStatus) -> Vec<Fork> {
    let fork = |end: &EpochStatus| {
        let reason = end.frozen.clone()?;
        Some(Fork { epoch: end.epoch.number(), last_seq: end.seq, reason })
    };
    books.epochs.iter().filter_map(fork).collect()
}
