//! Meet the hub now, and when to meet it.

use serde::{Deserialize, Serialize};

use crate::door::Ask;
use crate::error::Result;
use crate::node::Node;
use crate::sync::{Met, Policy, Progress};
use crate::text;

/// Meet the hub now, and wait until each side holds what the other has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncNow {}

/// The two are in step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Synced {
    /// What was exchanged.
    pub changes: Progress,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
}

impl From<Met> for Synced {
    fn from(met: Met) -> Self {
        let took_ms = u64::try_from(met.took.as_millis()).unwrap_or(u64::MAX);
        Self { changes: met.progress, took_ms }
    }
}

impl Ask for SyncNow {
    const PATH: &'static str = "/v1/sync/now";
    type Answer = Synced;

    fn answer(self, node: &Node) -> Result<Synced> {
        node.meet_now().map(Synced::from)
    }
}

/// Show or change when the store meets its hub.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SyncPolicy {
    /// The new policy; none to show the present one.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub set: Option<Policy>,
}

/// The policy in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyInForce {
    /// When the store meets its hub.
    #[serde(with = "text")]
    pub policy: Policy,
}

impl Ask for SyncPolicy {
    const PATH: &'static str = "/v1/sync/policy";
    type Answer = PolicyInForce;

    fn answer(self, node: &Node) -> Result<PolicyInForce> {
        if let Some(policy) = &self.set {
            node.set_sync_policy(policy)?;
        }
        Ok(PolicyInForce { policy: node.sync_policy()? })
    }
}
