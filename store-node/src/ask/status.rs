//! How the store stands: its books, its hub, what waits for a person.

use std::collections::BTreeMap;

use books::read::StockFilter;
use ledger::id::StoreId;
use ledger::measure::Measure;
use ledger::profile::Profile;
use ledger::time::{BusinessDate, Timestamp};
use serde::{Deserialize, Serialize};
use sync_proto::Writer;
use sync_proto::quic::Identity;

use super::held::NotHere;
use crate::door::Ask;
use crate::error::Result;
use crate::node::Node;
use crate::node::forks::Fate;
use crate::node::profile::Differs;
use crate::sync::{Policy, SyncState};
use crate::text;
use crate::view;

/// Show how the store stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowStatus {}

/// How the store stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The store.
    #[serde(with = "text")]
    pub store: StoreId,
    /// The chain that it belongs to.
    pub chain: String,
    /// When the books were asked.
    #[serde(with = "text::instant")]
    pub as_of: Timestamp,
    /// Today, in the shop's zone.
    #[serde(with = "text")]
    pub today: BusinessDate,
    /// The process that answers: the daemon's, if it runs.
    pub pid: u32,
    /// The epoch in which the store writes.
    pub epoch: u32,
    /// The number of its last fact in that epoch.
    pub last_seq: u64,
    /// How many facts it holds.
    pub facts: u64,
    /// What of the history is not here.
    #[serde(default, skip_serializing_if = "NotHere::is_nothing")]
    pub not_here: NotHere,
    /// When the newest was recorded.
    #[serde(default, with = "text::instant::option", skip_serializing_if = "Option::is_none")]
    pub last_fact_at: Option<Timestamp>,
    /// Today's totals: counts are whole numbers, all others money.
    pub totals: BTreeMap<String, String>,
    /// The last closed day.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub closed_through: Option<BusinessDate>,
    /// What head office says of the store, if it has said anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<ProfileStatus>,
    /// Products below zero.
    pub negative: usize,
    /// Alerts that nobody has seen.
    #[serde(default)]
    pub alerts: usize,
    /// The hub, if the store belongs to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hub: Option<HubStatus>,
    /// Changes that were not taken in, by this side or by the hub.
    pub quarantined: Vec<Quarantined>,
    /// Facts that were set aside and wait for a decision.
    pub set_aside: usize,
}

/// What head office says of the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileStatus {
    /// What people call it.
    pub name: String,
    /// The groups that it belongs to, the narrowest first.
    pub groups: Vec<String>,
    /// Settings here that head office believes to be others. Those here count.
    pub differs: Vec<Differs>,
}

impl ProfileStatus {
    fn of(node: &Node, profile: &Profile) -> Self {
        let (name, differs) = (profile.name.to_string(), node.differences(profile));
        Self { name, groups: profile.groups.iter().map(ToString::to_string).collect(), differs }
    }
}

/// How the store stands towards its hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HubStatus {
    /// Its address.
    pub address: String,
    /// When the store meets it.
    #[serde(with = "text")]
    pub policy: Policy,
    /// What goes on.
    pub sync: SyncState,
    /// When it was last heard from.
    #[serde(default, with = "text::instant::option", skip_serializing_if = "Option::is_none")]
    pub last_contact: Option<Timestamp>,
    /// Facts that the hub has not acknowledged.
    pub unsynced_facts: u64,
    /// Documents with changes that the hub has not acknowledged.
    pub unsynced_documents: u64,
    /// When the store's certificate runs out.
    #[serde(default, with = "text::instant::option", skip_serializing_if = "Option::is_none")]
    pub certificate_until: Option<Timestamp>,
}

/// A change that was not taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantined {
    /// The document it was for.
    pub document: String,
    /// Who refused it: `us` or `peer`.
    pub refused_by: String,
    /// Why.
    pub reason: String,
    /// When it happened first.
    #[serde(with = "text::instant")]
    pub since: Timestamp,
    /// How often.
    pub times: u64,
}

impl Ask for ShowStatus {
    const PATH: &'static str = "/v1/status";
    type Answer = Status;

    fn answer(self, node: &Node) -> Result<Status> {
        // What cannot be looked at now is as it was; how the store stands is told all the same.
        if let Err(error) = node.look_for_alerts() {
            tracing::warn!(%error, "alerts could not be looked for");
        }
        let reader = node.books().reader()?;
        let (store, today) = (node.store().clone(), node.today());
        let held = reader.store(&store)?;
        let epoch = reader.epoch()?;
        let last = held.as_ref().and_then(|held| held.epochs.iter().find(|e| e.epoch == epoch));
        let totals = reader.totals(Some(&store), Some(today), Some(today))?;
        let stock = StockFilter { store: Some(store.clone()), sku: None, at: None };
        let stock = reader.stock(&stock)?;
        let quarantined = reader.quarantined()?.into_iter().map(|item| Quarantined {
            document: item.doc,
            refused_by: item.refused_by,
            reason: item.reason,
            since: item.first_at,
            times: item.times,
        });
        let set_aside = node.set_aside()?;
        Ok(Status {
            chain: node.config().chain.to_string(),
            as_of: node.now(),
            today,
            pid: std::process::id(),
            epoch: epoch.number(),
            last_seq: last.map_or(0, |last| last.seq),
            facts: held.as_ref().map_or(0, |held| held.facts),
            not_here: NotHere::of(&reader)?,
            last_fact_at: held.as_ref().and_then(|held| held.last_fact_at),
            totals: totals.into_iter().map(total).collect(),
            closed_through: reader.closed_through(&store)?,
            profile: reader
                .profiles(Some(&store))?
                .first()
                .map(|profile| ProfileStatus::of(node, profile)),
            negative: stock.iter().filter(|row| row.stock.quantity.is_negative()).count(),
            alerts: reader.alert_count(&store, today)?.waiting,
            hub: hub(node)?,
            quarantined: quarantined.collect(),
            set_aside: set_aside.iter().filter(|fact| fact.fate == Fate::Open).count(),
            store,
        })
    }
}

fn total((measure, raw): (Measure, i64)) -> (String, String) {
    (measure.name().to_owned(), view::total(measure, raw))
}

fn hub(node: &Node) -> Result<Option<HubStatus>> {
    let Some(address) = node.config().hub.clone() else { return Ok(None) };
    let reader = node.books().reader()?;
    let peer = reader.peers()?.into_iter().find(|peer| peer.peer == Writer::Hub);
    let unsent = reader.unsent(&Writer::Hub)?;
    let identity = Identity::load(&node.home().identity()).ok().flatten();
    Ok(Some(HubStatus {
        address,
        policy: node.sync_policy()?,
        sync: node.sync().state(),
        last_contact: peer.as_ref().and_then(|peer| peer.seen_at),
        unsynced_facts: unsent.sealed_facts + unsent.pending_facts,
        unsynced_documents: unsent.documents,
        certificate_until: identity.map(|identity| identity.me().not_after),
    }))
}
