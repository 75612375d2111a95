//! What was known when a period was closed, so that what comes later is told from it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::text;
use crate::fact::Fact;
use crate::id::StoreId;
use crate::time::BusinessDate;

/// What was held when days were closed for finance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Locked {
    /// The last closed day.
    #[serde(with = "text")]
    pub through: BusinessDate,
    /// What was held of each store.
    pub stores: BTreeMap<StoreId, LockedStore>,
}

/// What was held of a store.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockedStore {
    /// The last fact of each epoch, by the epoch's number.
    pub ends: BTreeMap<u32, u64>,
    /// Stands for what was held of each month's closed days: months that are as they were need no look.
    pub months: BTreeMap<String, String>,
}

impl Locked {
    /// Whether a fact belongs to a closed day and came too late for it.
    pub fn is_late(&self, fact: &Fact) -> bool {
        let end = || self.stores.get(&fact.store)?.ends.get(&fact.id.epoch.number());
        fact.date <= self.through && end().is_none_or(|last| fact.id.seq > *last)
    }
}
