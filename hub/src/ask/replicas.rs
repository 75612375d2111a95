//! Compare what connected stores keep of their facts with what the hub keeps of the same.

use ledger::id::{FactId, StoreId};
use ledger::time::BusinessDate;
use serde::{Deserialize, Serialize};
use sync_proto::kept::NotCompared;

use crate::checks::replicas::{self, Met};
use crate::checks::report::CheckFinding;
use crate::door::Ask;
use crate::error::Result;
use crate::hub::Hub;
use crate::registry::RegistryError;
use crate::text;

/// Compare with stores, and say of each row that differs whose is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompareStores {
    /// With these; with all that are connected, if none is named.
    #[serde(default, with = "text::list")]
    pub stores: Vec<StoreId>,
    /// Leaves rows of earlier days out.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub since: Option<BusinessDate>,
}

/// What it has come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedStores {
    /// Store by store.
    pub stores: Vec<StoreCompared>,
    /// The rows that are wrong.
    pub findings: Vec<CheckFinding>,
}

/// What comparing with one store has come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreCompared {
    /// Which.
    #[serde(with = "text")]
    pub store: StoreId,
    /// How it ended.
    pub outcome: Outcome,
    /// The store's last fact that was counted.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub head: Option<FactId>,
    /// How many rows the hub keeps of it.
    #[serde(default)]
    pub rows: u64,
    /// How often the store was asked.
    #[serde(default)]
    pub round_trips: u32,
    /// How many rows differ, of those that were looked into.
    #[serde(default)]
    pub differing: u64,
    /// How many more differ, or how many groups of rows.
    #[serde(default)]
    pub left_out: u64,
}

/// How comparing ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Both sides keep the same.
    Same,
    /// They do not.
    Differs,
    /// The store isn't connected.
    Away,
    /// It went away meanwhile, or took too long.
    Lost,
    /// Its program is too old to be asked.
    Older,
    /// It booked faster than answers came.
    Busy,
}

impl Ask for CompareStores {
    const PATH: &'static str = "/v1/check/compare";
    type Answer = ComparedStores;

    fn answer(self, hub: &Hub) -> Result<ComparedStores> {
        let Self { mut stores, since } = self;
        for store in &stores {
            if hub.register().read(|known| known.store(store).is_none()) {
                return Err(RegistryError::Unknown { store: store.clone() }.into());
            }
        }
        if stores.is_empty() {
            stores = hub.sessions().connected();
        }
        let _turn = hub.checks().turn();
        let compared = replicas::compare_with(hub, &stores, since);
        let now = hub.now();
        let found = compared.judge(&hub.reader()?)?;
        let findings = found.iter().map(|finding| CheckFinding::of(finding, now)).collect();
        let stores = compared.stores.iter().map(|(store, met)| StoreCompared::of(store, met));
        let mut answer = ComparedStores { stores: stores.collect(), findings };
        crate::checks::name_operators(hub, &mut answer.findings)?;
        Ok(answer)
    }
}

impl StoreCompared {
    fn of(store: &StoreId, met: &Met) -> Self {
        let outcome = match met {
            Met::Compared(told) if told.differences.is_empty() && told.left_out == 0 => {
                Outcome::Same
            }
            Met::Compared(_) => Outcome::Differs,
            Met::Not(NotCompared::OlderPeer) => Outcome::Older,
            Met::Not(NotCompared::Busy) => Outcome::Busy,
            Met::Away => Outcome::Away,
            Met::Lost => Outcome::Lost,
        };
        let (store, (head, rows, round_trips, differing, left_out)) = (
            store.clone(),
            match met {
                Met::Compared(told) => (
                    told.head.map(|head| FactId { epoch: head.epoch, seq: head.seq }),
                    told.rows,
                    told.round_trips,
                    told.differences.len() as u64,
                    told.left_out,
                ),
                Met::Not(_) | Met::Away | Met::Lost => (None, 0, 0, 0, 0),
            },
        );
        Self { store, outcome, head, rows, round_trips, differing, left_out }
    }
}
