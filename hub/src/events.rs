//! What happened lately between the hub and its stores: to the log, and kept for `status`.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use console::{Lang, words};
use ledger::id::StoreId;
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::text;

/// How many events are kept: a screenful for the operator, and a little history. The log has all.
const KEPT: usize = 200;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When.
    #[serde(with = "text::instant")]
    pub at: Timestamp,
    /// With which store.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreId>,
    /// What.
    #[serde(flatten)]
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum What {
    /// A session began.
    Connected {
        /// From where.
        from: String,
    },
    /// A session ended.
    Disconnected {
        /// Why.
        why: String,
    },
    /// Both sides hold the same.
    InStep,
    /// The hub holds more of the store's history than the store does: a restored backup. It takes
    /// its facts back and opens a new epoch.
    StoreBehind {
        /// The last fact that the hub holds.
        held: String,
    },
    /// The store and the hub hold different facts in the same place: a cloned or restored machine
    /// that went on selling.
    Parted {
        /// The last fact that the hub holds.
        held: String,
    },
    /// Two histories of one author have parted in a document.
    Forked {
        /// In which document.
        document: String,
    },
    /// The store holds changes that only this hub can have given it, and that the hub lacks: the
    /// hub itself was restored from a backup.
    Forgotten {
        /// Of which document.
        document: String,
    },
    /// A change from the store was not taken in.
    Quarantined {
        /// Of which document.
        document: String,
        /// Why.
        reason: String,
    },
    /// The store did not take a change of ours.
    PeerRefused {
        /// Of which document.
        document: String,
        /// Why.
        reason: String,
    },
    /// A machine joined as the store.
    Joined {
        /// The fingerprint of its key, shortened.
        key: String,
    },
    /// The store's certificate was renewed.
    Renewed {
        /// Until when it is in force.
        #[serde(with = "text::instant")]
        until: Timestamp,
    },
    /// A join code was made.
    Invited,
    /// The store was shut out.
    Revoked,
    /// The clocks differ.
    ClockSkew {
        /// By how much the store's is ahead, in milliseconds.
        millis: i64,
    },
    /// A session failed on our side.
    SessionFailed {
        /// Why.
        why: String,
    },
    /// Head office changed products.
    CatalogChanged {
        /// How many.
        products: u64,
    },
}

impl Event {
    /// The event in words.
    pub fn say(&self, lang: Lang) -> String {
        let store = self.store.as_ref().map_or("", StoreId::as_str);
        match &self.what {
            What::Connected { from } => lang.say(words::EventConnected { store, from }),
            What::Disconnected { why } => lang.say(words::EventDisconnected { store, why }),
            What::InStep => lang.say(words::EventCaughtUp { store }),
            What::StoreBehind { held } => lang.say(words::EventStoreBehind { store, held }),
            What::Parted { held } => lang.say(words::EventParted { store, held }),
            What::Forked { document } => lang.say(words::EventForked { store, document }),
            What::Forgotten { document } => lang.say(words::EventForgotten { store, document }),
            What::Quarantined { document, reason } => {
                lang.say(words::EventQuarantined { store, document, reason })
            }
            What::PeerRefused { document, reason } => {
                lang.say(words::EventPeerRefused { store, document, reason })
            }
            What::Joined { key } => lang.say(words::EventJoined { store, key }),
            What::Renewed { until } => {
                let until = console::format::local_time(*until);
                lang.say(words::EventRenewed { store, until })
            }
            What::Invited => lang.say(words::EventInvited { store }),
            What::Revoked => lang.say(words::EventRevoked { store }),
            What::ClockSkew { millis } => {
                let span = std::time::Duration::from_millis(millis.unsigned_abs());
                let skew = console::format::duration(lang, span);
                lang.say(words::EventClockSkew { store, skew })
            }
            What::SessionFailed { why } => lang.say(words::EventSessionFailed { store, why }),
            What::CatalogChanged { products: n } => lang.say(words::EventCatalogChanged { n }),
        }
    }

    /// Whether a person should look at it.
    const fn is_alarming(&self) -> bool {
        matches!(
            self.what,
            What::StoreBehind { .. }
                | What::Parted { .. }
                | What::Forgotten { .. }
                | What::Forked { .. }
                | What::Quarantined { .. }
                | What::PeerRefused { .. }
                | What::ClockSkew { .. }
                | What::SessionFailed { .. }
        )
    }
}

/// The last events, oldest first.
#[derive(Debug, Default)]
pub struct Events(Mutex<VecDeque<Event>>);

impl Events {
    /// Logs an event and keeps it.
    pub fn add(&self, event: Event) {
        let text = event.say(Lang::En);
        if event.is_alarming() {
            tracing::warn!(store = event.store.as_ref().map(StoreId::as_str), "{text}");
        } else {
            tracing::info!(store = event.store.as_ref().map(StoreId::as_str), "{text}");
        }
        let mut kept = self.kept();
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back(event);
    }

    /// What is kept, newest first.
    pub fn recent(&self) -> Vec<Event> {
        self.kept().iter().rev().cloned().collect()
    }

    fn kept(&self) -> MutexGuard<'_, VecDeque<Event>> {
        // A list of events is whole at every moment, whoever panicked holding it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
