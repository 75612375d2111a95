//! A day close as programs and people see it: the report of the day.

use std::collections::BTreeMap;

use ledger::amount::Money;
use ledger::close::{DayClose, Run};
use ledger::fold::Balance;
use ledger::id::{FactId, StoreId};
use ledger::measure::Measure;
use ledger::time::BusinessDate;
use serde::{Deserialize, Serialize};

use crate::text;

/// What a close says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloseView {
    /// Whose day.
    #[serde(with = "text")]
    pub store: StoreId,
    /// Which day.
    #[serde(with = "text")]
    pub date: BusinessDate,
    /// How many facts it covers.
    pub facts: u64,
    /// Which, by epoch. Facts of other days may lie between the first and the last.
    pub covers: Vec<Covered>,
    /// The seal over their texts.
    pub seal: String,
    /// How many there are of each kind.
    pub kinds: BTreeMap<String, u64>,
    /// The day's totals: counts are whole numbers, all others money.
    pub totals: BTreeMap<String, String>,
    /// What each account gained, in quantity and value.
    pub accounts: BTreeMap<String, Gained>,
    /// What was on hand in the evening.
    pub stock: Evening,
    /// Whether the store's key has signed it.
    pub signed: bool,
}

/// Covered facts of one epoch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Covered {
    /// The first.
    #[serde(with = "text")]
    pub first: FactId,
    /// The last.
    #[serde(with = "text")]
    pub last: FactId,
    /// How many.
    pub facts: u64,
}

/// A sum over all products: the quantity in thousandths, the value in ten-thousandths, as neither need
/// fit what one product may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gained {
    /// How much, in thousandths.
    pub quantity_thousandths: i128,
    /// What it cost, in ten-thousandths.
    pub value_ten_thousandths: i128,
}

/// A closing stock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evening {
    /// Of how many products there is anything.
    pub skus: u64,
    /// All of it together.
    pub total: Gained,
    /// A hash over product, quantity and value of each.
    pub digest: String,
}

impl From<&DayClose> for CloseView {
    fn from(close: &DayClose) -> Self {
        let said = close.figures();
        let covered = |run: &Run| Covered {
            first: FactId { epoch: run.epoch, seq: run.first },
            last: FactId { epoch: run.epoch, seq: run.last },
            facts: run.facts,
        };
        let totals = Measure::ALL.into_iter().filter_map(|measure| {
            let raw = *said.totals.get(&measure)?;
            Some((measure.name().to_owned(), total(measure, raw)))
        });
        Self {
            store: said.store.clone(),
            date: said.date,
            facts: said.facts(),
            covers: said.runs.iter().map(covered).collect(),
            seal: hex(said.seal.as_bytes()),
            kinds: said.kinds.iter().map(|(kind, count)| (kind.to_string(), *count)).collect(),
            totals: totals.collect(),
            accounts: said
                .accounts
                .iter()
                .map(|(name, sum)| (name.to_string(), Gained::from(*sum)))
                .collect(),
            stock: Evening {
                skus: said.stock.skus,
                total: said.stock.total.into(),
                digest: said.stock.digest.to_string(),
            },
            signed: close.signature().is_some(),
        }
    }
}

impl From<Balance> for Gained {
    fn from(sum: Balance) -> Self {
        Self { quantity_thousandths: sum.quantity, value_ten_thousandths: sum.value }
    }
}

/// A day's total as text.
pub(crate) fn total(measure: Measure, raw: i64) -> String {
    if measure.is_count() {
        return raw.to_string();
    }
    // A day's total beyond the range of money is shown as the raw number.
    Money::from_ten_thousandths(raw).map_or_else(|_| raw.to_string(), |sum| sum.to_string())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
