//! A transfer as both programs show it, to people and as JSON.

mod item;

use ledger::id::TransferId;
use ledger::transfer::{Anomaly, Entry, Stage, Transfer, Waiting, status};
use serde::{Deserialize, Serialize};

pub use item::{ItemLine, ItemLineError};

use crate::{Column, Lang, Page, Table, format, text, words};

/// Asks for the transfers that a program knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListTransfers {
    /// The language of what is shown: `zh` or `en`.
    pub lang: String,
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
    /// What it waits for.
    pub waits_for: Vec<String>,
    /// What looks wrong.
    pub anomalies: Vec<String>,
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
            waits_for: transfer.waits_for.iter().map(|what| waiting(lang, *what)).collect(),
            anomalies: transfer.anomalies.iter().map(|what| anomaly(lang, what)).collect(),
            repeated: false,
        }
    }

    /// Shows it to a person.
    pub fn print(&self, page: &mut Page) {
        let lang = page.lang();
        let end = |end: &Option<String>| end.clone().unwrap_or_else(|| "?".to_owned());
        let (transfer, from, to) = (&self.transfer, end(&self.from), end(&self.to));
        page.heading(words::TransferHeading { transfer, from, to });
        page.line(stage(lang, &self.stage));
        let mut table = Table::new([
            Column::flexible(lang.say(words::Sku)),
            Column::number(lang.say(words::TransferRequested)),
            Column::number(lang.say(words::TransferApproved)),
            Column::number(lang.say(words::TransferShipped)),
            Column::number(lang.say(words::TransferReceived)),
            Column::number(lang.say(words::TransferDamaged)),
            Column::number(lang.say(words::TransferLost)),
            Column::number(lang.say(words::TransferReturned)),
            Column::number(lang.say(words::TransferInTransit)),
        ]);
        for line in &self.lines {
            table.row([
                line.sku.as_str(),
                &line.requested,
                &line.approved,
                &line.shipped,
                &line.received,
                &line.damaged,
                &line.lost,
                &line.returned,
                &line.in_transit,
            ]);
        }
        page.table(&table);
        if self.cancel_asked_by.is_some() {
            page.say(words::TransferCancelAsked);
        }
        for what in &self.waits_for {
            page.say(words::TransferWaits { what });
        }
        for what in &self.anomalies {
            page.say(words::TransferAnomaly { what });
        }
        if self.repeated {
            page.say(words::TransferRepeated);
        }
    }

    /// Shows several to a person, a row each.
    pub fn print_list(list: &[Self], page: &mut Page) {
        let lang = page.lang();
        if list.is_empty() {
            return page.say(words::TransfersNone);
        }
        page.heading(words::TransfersHeading);
        let mut table = Table::new([
            Column::text(lang.say(words::TransferColumn)),
            Column::text(lang.say(words::TransferFrom)),
            Column::text(lang.say(words::TransferTo)),
            Column::text(lang.say(words::Status)),
        ]);
        for view in list {
            let end = |end: &Option<String>| end.clone().unwrap_or_else(|| "?".to_owned());
            let stage = stage(lang, &view.stage);
            table.row([view.transfer.clone(), end(&view.from), end(&view.to), stage]);
        }
        page.table(&table);
    }
}

fn lines(transfer: &Transfer) -> Vec<LineView> {
    let text = format::quantity_total;
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

fn stage(lang: Lang, name: &str) -> String {
    match STAGES.iter().find(|(_, known)| *known == name).map(|(stage, _)| *stage) {
        Some(Stage::Requested) => lang.say(words::StageRequested),
        Some(Stage::Approved) => lang.say(words::StageApproved),
        Some(Stage::Rejected) => lang.say(words::StageRejected),
        Some(Stage::Cancelled) => lang.say(words::StageCancelled),
        Some(Stage::Shipped) => lang.say(words::StageShipped),
        Some(Stage::PartlyReceived) => lang.say(words::StagePartlyReceived),
        Some(Stage::Received) => lang.say(words::StageReceived),
        Some(Stage::Settled) => lang.say(words::StageSettled),
        Some(Stage::Unknown) | None => lang.say(words::StageUnknown),
    }
}

fn waiting(lang: Lang, what: Waiting) -> String {
    match what {
        Waiting::Request => lang.say(words::WaitsRequest),
        Waiting::Approval => lang.say(words::WaitsApproval),
        Waiting::Shipment => lang.say(words::WaitsShipment),
        Waiting::ShipFact(n) => lang.say(words::WaitsShipFact { n }),
        Waiting::Receipt => lang.say(words::WaitsReceipt),
    }
}

fn anomaly(lang: Lang, anomaly: &Anomaly) -> String {
    match anomaly {
        Anomaly::NotEntitled { by, name } => lang.say(words::AnomalyNotEntitled { by, step: name }),
        Anomaly::SaidTwice { by, name } => lang.say(words::AnomalySaidTwice { by, step: name }),
        Anomaly::RequestedTwice { by } => lang.say(words::AnomalyRequestedTwice { by }),
        Anomaly::ApprovedAndRejected => lang.say(words::AnomalyBothWays),
        Anomaly::ShippedThoughRejected => lang.say(words::AnomalyThoughRejected),
        Anomaly::ShippedBeyondApproval { sku, quantity } => {
            lang.say(words::AnomalyBeyond { sku, quantity: format::quantity_total(*quantity) })
        }
        Anomaly::OverReceived { sku, quantity } => {
            lang.say(words::AnomalyOver { sku, quantity: format::quantity_total(*quantity) })
        }
        Anomaly::ValueInTransit { sku, value } => {
            lang.say(words::AnomalyValue { sku, value: format::money_total(*value) })
        }
        Anomaly::Unread(unread) => {
            lang.say(words::AnomalyUnread { by: &unread.by, name: &unread.name })
        }
    }
}
