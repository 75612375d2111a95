//! Transfers between stores: approve, reject, look.

pub use console::transfer::{ListTransfers, ShowTransfer};
use console::{Lang, TransferView};
use ledger::id::{Operator, TransferId};
use ledger::transfer::{Entry, Event, Party, Step, status};
use serde::{Deserialize, Serialize};

use crate::door::Ask;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::text;

/// Decide on a transfer. Deciding the same again changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecideTransfer {
    /// Which.
    #[serde(with = "text")]
    pub transfer: TransferId,
    /// How.
    pub verdict: Verdict,
    /// Who decides.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
    /// The language of what is shown: `zh` or `en`.
    pub lang: String,
}

/// What head office says to a transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// All that was asked for may go.
    Approve,
    /// Nothing may, and why.
    Reject(String),
}

impl Ask for DecideTransfer {
    const PATH: &'static str = "/v1/transfer/decide";
    type Answer = TransferView;

    fn answer(self, hub: &Hub) -> Result<TransferView> {
        let step = match self.verdict {
            Verdict::Approve => Step::Approve { lines: Vec::new(), remark: None },
            Verdict::Reject(reason) => Step::Reject { reason: reason.into() },
        };
        let repeated = hub.decide_transfer(&self.transfer, self.operator, step)?;
        let mut view = view(hub, &self.transfer, &self.lang)?;
        view.repeated = repeated == Decided::Before;
        Ok(view)
    }
}

impl Ask for ListTransfers {
    const PATH: &'static str = "/v1/transfer/list";
    type Answer = Vec<TransferView>;

    fn answer(self, hub: &Hub) -> Result<Vec<TransferView>> {
        let reader = hub.reader()?;
        let lang = Lang::from_tag(&self.lang);
        let show = |id: TransferId| Ok(TransferView::of(&id, &reader.transfer(&id)?, lang));
        reader.transfers()?.into_iter().map(show).collect()
    }
}

impl Ask for ShowTransfer {
    const PATH: &'static str = "/v1/transfer/show";
    type Answer = TransferView;

    fn answer(self, hub: &Hub) -> Result<TransferView> {
        view(hub, &self.transfer, &self.lang)
    }
}

/// When a decision was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decided {
    Now,
    Before,
}

/// Whether head office has decided already, and the same.
pub(crate) fn decided(entries: &[Entry], id: &TransferId, step: &Step) -> Result<Decided> {
    if status(entries).route.is_none() {
        return Err(HubError::NoTransfer { transfer: id.clone() });
    }
    let decision = entries.iter().find_map(|entry| match entry {
        Entry::Said(Event { by: Party::HeadOffice, step, .. })
            if matches!(step, Step::Approve { .. } | Step::Reject { .. }) =>
        {
            Some(step)
        }
        _ => None,
    });
    match decision {
        None => Ok(Decided::Now),
        Some(earlier) if earlier == step => Ok(Decided::Before),
        Some(_) => Err(HubError::TransferDecided { transfer: id.clone() }),
    }
}

fn view(hub: &Hub, id: &TransferId, lang: &str) -> Result<TransferView> {
    let entries = hub.reader()?.transfer(id)?;
    if entries.is_empty() {
        return Err(HubError::NoTransfer { transfer: id.clone() });
    }
    Ok(TransferView::of(id, &entries, Lang::from_tag(lang)))
}
