//! Closing periods for finance.

use books::Reader;
use ledger::time::BusinessDate;
use ledger::voucher::{Locked, Remainders, Unmapped};
use serde::{Deserialize, Serialize};

use super::kept::Writer;
use super::{FinanceError, Open, mapping};
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::text;

/// Closed periods stand in the hub's notes, each under its last day.
const PREFIX: &str = "finance.close.";

/// A closed period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Close {
    /// Its first day.
    #[serde(with = "text")]
    pub from: BusinessDate,
    /// Its last day.
    #[serde(with = "text")]
    pub through: BusinessDate,
    /// How many vouchers it has.
    pub vouchers: u64,
    /// How many facts are in them.
    pub facts: u64,
    /// Stands for the vouchers.
    pub digest: String,
    /// The facts that are in none.
    pub unmapped: Vec<Unmapped>,
    /// What rounding has left.
    pub remainders: Remainders,
    /// What was held then.
    pub locked: Locked,
}

/// What becomes of a period with facts that are in no voucher.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Leave {
    /// It is not closed.
    #[default]
    Nothing,
    /// It is closed, and they stay listed.
    Unmapped,
}

impl Close {
    /// The file of its vouchers.
    pub(super) fn file(&self) -> String {
        file(self.through)
    }
}

/// The closed periods, the oldest first.
pub fn all(reader: &Reader) -> Result<Vec<Close>> {
    let read = |(key, text): (String, String)| {
        serde_json::from_str(&text)
            .map_err(|source| HubError::Record { key, source: source.into() })
    };
    reader.notes(PREFIX)?.into_iter().map(read).collect()
}

/// Closes the open days through one.
pub fn close(hub: &Hub, through: BusinessDate, today: BusinessDate, leave: Leave) -> Result<Close> {
    if through >= today {
        return Err(FinanceError::NotOver { day: through }.into());
    }
    // Two that close at once would write one file.
    let _turn = hub.finance_turn();
    let reader = hub.reader()?;
    let closes = all(&reader)?;
    let last = closes.last();
    if let Some(last) = last.filter(|last| last.through >= through) {
        return Err(FinanceError::ClosedBefore { through: last.through }.into());
    }
    let mapping = mapping(hub)?;
    let mut open = Open::begin(&reader, &mapping, last, None, through)?;
    let from = open.day;
    if reader.first_day()?.is_none_or(|first| first > through) {
        return Err(FinanceError::Nothing { through }.into());
    }
    let stores = reader.store_names()?;
    let mut writer = Writer::begin(hub.home(), &file(through))?;
    let (mut vouchers, mut facts, mut unmapped) = (0, 0, Vec::new());
    while open.day <= through {
        open.next(&stores, |made, left| {
            for voucher in made {
                vouchers += 1;
                facts += voucher.facts;
                writer.add(&voucher)?;
            }
            unmapped.extend(left);
            Ok(())
        })?;
    }
    if leave == Leave::Nothing && !unmapped.is_empty() {
        return Err(FinanceError::Unmapped { facts: unmapped.len() }.into());
    }
    let digest = writer.finish()?;
    let remainders = open.journal.into_remainders();
    let locked = reader.lock(through)?;
    let close = Close { from, through, vouchers, facts, digest, unmapped, remainders, locked };
    let key = format!("{PREFIX}{through}");
    let text = serde_json::to_string(&close).expect("texts and numbers always serialize");
    // The file is durable already: a note without its file would be a period without vouchers.
    hub.books().write(move |tx| tx.set_note(&key, &text))?;
    Ok(close)
}

fn file(through: BusinessDate) -> String {
    format!("{through}.jsonl.zst")
}
