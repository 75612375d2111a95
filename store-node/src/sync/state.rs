//! How the store stands towards its hub, for whoever asks.

use std::time::Duration;

use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};
use sync_proto::session;

use crate::text;

/// How the store stands towards its hub, as the running daemon sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncState {
    /// What goes on.
    pub phase: Phase,
    /// Since when.
    #[serde(default, with = "text::instant::option", skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// When the next meeting is due, if that is known.
    #[serde(default, with = "text::instant::option", skip_serializing_if = "Option::is_none")]
    pub next: Option<Timestamp>,
    /// How far catching up has come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
    /// Attempts that failed since the last one that went well.
    #[serde(default)]
    pub failures: u32,
    /// Why the last attempt failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// How far the hub's clock is ahead of ours, in milliseconds, as of the last meeting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hub_ahead_ms: Option<i64>,
}

/// What goes on between the store and its hub.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// No daemon runs, so nothing does.
    #[default]
    NotRunning,
    /// Not connected.
    Waiting,
    /// Looking for the hub.
    Connecting,
    /// Exchanging what the other lacks.
    CatchingUp,
    /// Connected, and each side holds what the other has.
    InStep,
}

/// Counts of changes in catching up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Durable at the hub.
    pub sent: u64,
    /// That the hub lacked.
    pub to_send: u64,
    /// Durable here.
    pub received: u64,
    /// That were lacking here.
    pub to_receive: u64,
}

impl From<session::Progress> for Progress {
    fn from(progress: session::Progress) -> Self {
        let session::Progress { sent, to_send, received, to_receive } = progress;
        Self { sent, to_send, received, to_receive }
    }
}

impl Progress {
    /// How long what is left to come will take, at the pace since catching up began.
    pub fn time_left(&self, since: Timestamp, now: Timestamp) -> Option<Duration> {
        let took = u64::try_from(now.millis().saturating_sub(since.millis())).ok()?;
        let left = self.to_receive.saturating_sub(self.received);
        let millis = u128::from(took) * u128::from(left) / u128::from(self.received.max(1));
        let known = self.received > 0 && left > 0;
        known.then(|| Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX)))
    }
}

impl SyncState {
    /// Enters a phase. What is known of the hub stays.
    pub(crate) fn enter(&mut self, phase: Phase, now: Timestamp) {
        if self.phase != phase {
            (self.phase, self.since) = (phase, Some(now));
        }
        self.next = None;
    }
}
