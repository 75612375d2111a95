//! A transfer as both programs show it, to people and as JSON.

mod item;
mod print;
mod say;
mod steps;

use clap::Args;
use ledger::id::{StoreId, TransferId};
use ledger::time::BusinessDate;
use ledger::transfer::{Entry, Route, Stage, Transfer, Waiting, status};
use serde::{Deserialize, Serialize};

use crate::order::WaitView;
use crate::{Lang, format, text};

pub use item::{ItemLine, ItemLineError};
pub use steps::{MovedView, StepView};

/// Asks for the transfers that a program knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListTransfers {
    /// How far they have come.
    #[serde(default)]
    pub which: Which,
    /// Only those to which this store is party.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreId>,
    /// Only those begun on this day or later.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub since: Option<BusinessDate>,
    /// The language of what is shown: `zh` or `en`.
    pub lang: String,
}

/// How far the transfers that are listed have come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// However far.
    #[default]
    All,
    /// Those that wait for something, or look wrong.
    Open,
}

impl ListTransfers {
    /// Whether a transfer began when it was asked for.
    pub fn admits(&self, view: &TransferView) -> bool {
        let began = view.steps.first().map(|step| step.at.utc_day());
        self.since.is_none_or(|since| began.is_none_or(|began| began >= since))
    }
}

/// What `transfer list` lists.
#[derive(Debug, Clone, Args)]
pub struct ListArgs {
    /// Only those that wait for something, or look wrong · 仅未完成的
    #[arg(long)]
    open: bool,
    /// Only those of this store · 门店
    #[arg(long, value_name = "STORE")]
    store: Option<StoreId>,
    /// Only those begun on this day (UTC) or later · 起始日期
    #[arg(long, value_name = "YYYY-MM-DD")]
    since: Option<BusinessDate>,
}

impl ListArgs {
    /// What is asked for, to be shown in a language.
    pub fn ask(self, lang: String) -> ListTransfers {
        let Self { open, store, since } = self;
        let which = if open { Which::Open } else { Which::All };
        ListTransfers { which, store, since, lang }
    }
}

/// Asks for one transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowTransfer {
    /// Which.
    #[serde(with = "text")]
    pub transfer: TransferId,
    /// The language of what is shown: `zh` or `en`.
    pub lang: String,
}

/// A transfer, its lines and what is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferView {
    /// Its number.
    pub transfer: String,
    /// The source, once the request is known.
    pub from: Option<String>,
    /// The destination, once the request is known.
    pub to: Option<String>,
    /// How far it has come.
    pub stage: String,
    /// Who asked to cancel it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_asked_by: Option<String>,
    /// Its lines.
    pub lines: Vec<LineView>,
    /// What it waits for, and who is to act.
    pub waits_for: Vec<WaitView>,
    /// What looks wrong.
    pub anomalies: Vec<String>,
    /// Who did what, the earliest first.
    pub steps: Vec<StepView>,
    /// Whether the request was carried out before, and not again.
    #[serde(default)]
    pub repeated: bool,
}

/// A line of a transfer; quantities as decimal texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineView {
    /// What.
    pub sku: String,
    /// Asked for.
    pub requested: String,
    /// Agreed to.
    pub approved: String,
    /// Left the source.
    pub shipped: String,
    /// Arrived in order.
    pub received: String,
    /// Ruined on the way.
    pub damaged: String,
    /// Gone.
    pub lost: String,
    /// Came back to the source.
    pub returned: String,
    /// Still on the way.
    pub in_transit: String,
}

impl TransferView {
    /// The view of what the parties have said, with reasons in a language.
    pub fn of(id: &TransferId, entries: &[Entry], lang: Lang) -> Self {
        let transfer = status(entries);
        let route = transfer.route.as_ref();
        Self {
            transfer: id.to_string(),
            from: route.map(|route| route.from().to_string()),
            to: route.map(|route| route.to().to_string()),
            stage: stage_name(transfer.stage).to_owned(),
            cancel_asked_by: transfer.cancel_asked.as_ref().map(|asked| asked.by.to_string()),
            lines: lines(&transfer),
            waits_for: transfer.waits_for.iter().map(|what| wait(lang, *what, route)).collect(),
            anomalies: transfer.anomalies.iter().map(|what| say::anomaly(lang, what)).collect(),
            steps: steps::of(entries),
            repeated: false,
        }
    }
}

fn lines(transfer: &Transfer) -> Vec<LineView> {
    let text = format::plain_quantity_total;
    let line = |(sku, line): (&ledger::id::Sku, &ledger::transfer::Line)| LineView {
        sku: sku.to_string(),
        requested: text(line.requested),
        approved: text(line.approved),
        shipped: text(line.shipped.quantity),
        received: text(line.received.quantity),
        damaged: text(line.damaged.quantity),
        lost: text(line.lost.quantity),
        returned: text(line.returned.quantity),
        in_transit: text(line.in_transit.quantity),
    };
    transfer.lines.iter().map(line).collect()
}

const STAGES: [(Stage, &str); 9] = [
    (Stage::Unknown, "unknown"),
    (Stage::Requested, "requested"),
    (Stage::Approved, "approved"),
    (Stage::Rejected, "rejected"),
    (Stage::Cancelled, "cancelled"),
    (Stage::Shipped, "shipped"),
    (Stage::PartlyReceived, "partly_received"),
    (Stage::Received, "received"),
    (Stage::Settled, "settled"),
];

fn stage_name(stage: Stage) -> &'static str {
    STAGES.iter().find(|(known, _)| *known == stage).map_or("unknown", |(_, name)| name)
}

fn wait(lang: Lang, what: Waiting, route: Option<&Route>) -> WaitView {
    let kind = match what {
        Waiting::Request => "request",
        Waiting::Approval => "approval",
        Waiting::Shipment => "shipment",
        Waiting::ShipFact(_) => "ship_fact",
        Waiting::Receipt => "receipt",
    };
    let who = what.party(route).map(|party| party.to_string());
    WaitView { kind: kind.to_owned(), what: say::waiting(lang, what), who }
}
