//! A purchase order as both programs show it, to people and as JSON; and what both let people say.

mod args;
mod ask;
mod line;
mod print;
mod refused;
mod say;
mod steps;

use ledger::id::{PurchaseId, Sku, StoreId};
use ledger::purchase::{Approval, Entry, Line, Purchase, Waiting, status};
use ledger::time::BusinessDate;
use serde::{Deserialize, Serialize};

use crate::order::WaitView;
use crate::{Lang, format, text};

pub use args::{
    ByArgs, ListArgs, NoteArgs, OrderArgs, PurchaseCommand, RequestArgs, Steps, TrackArgs, WhyArgs,
};
pub use ask::{
    ListPurchases, OrderPurchase, RequestPurchase, Said, SayPurchase, ShowPurchase, Which,
};
pub use line::{PurchaseLine, PurchaseLineError};
pub use refused::PurchaseRefused;
pub use steps::{PurchaseGoods, PurchaseStep};

/// A purchase order, its lines and what is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseView {
    /// Its number.
    pub purchase: String,
    /// From whom, once that is known.
    pub supplier: Option<String>,
    /// Who orders: a store, or `hub` for head office.
    pub buyer: Option<String>,
    /// How far it has come.
    pub stage: String,
    /// What it comes to, at the order's prices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Who agreed to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
    /// By which rule it was agreed to automatically.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// When the goods are to come.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub expected: Option<BusinessDate>,
    /// Whether goods are still to come after that day.
    pub late: bool,
    /// Who asked to cancel it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_asked_by: Option<String>,
    /// Its lines.
    pub lines: Vec<PurchaseLineView>,
    /// What it waits for, and who is to act.
    pub waits_for: Vec<WaitView>,
    /// What looks wrong.
    pub anomalies: Vec<String>,
    /// Who did what, the earliest first.
    pub steps: Vec<PurchaseStep>,
    /// Whether the request was carried out before, and not again.
    #[serde(default)]
    pub repeated: bool,
}

/// A line of a purchase; quantities and amounts as decimal texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseLineView {
    /// For which store.
    pub store: String,
    /// What.
    pub sku: String,
    /// Asked for before anything was ordered.
    pub requested: String,
    /// Ordered.
    pub ordered: String,
    /// At which price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<String>,
    /// Came and was taken in.
    pub received: String,
    /// Came and was not accepted.
    pub rejected: String,
    /// Went back to the supplier.
    pub returned: String,
    /// Of that, due again.
    pub exchanged: String,
    /// Still to come.
    pub open: String,
    /// Not waited for any more.
    pub short: String,
    /// Came beyond what was ordered.
    pub over: String,
}

impl PurchaseView {
    /// The view of what the parties have said, with reasons in a language.
    pub fn of(id: &PurchaseId, entries: &[Entry], lang: Lang, today: BusinessDate) -> Self {
        let now = status(entries);
        let value = now.order.as_ref().and_then(|(_, order)| order.value().ok());
        let agreed = now.approval.as_ref();
        Self {
            purchase: id.to_string(),
            supplier: now.supplier.as_ref().map(ToString::to_string),
            buyer: now.buyer.as_ref().map(ToString::to_string),
            stage: now.stage.name().to_owned(),
            value: value.map(|value| value.to_string()),
            approved_by: agreed.map(|Approval { by, .. }| by.to_string()),
            rule: agreed.and_then(|approval| approval.rule.as_deref()).map(Into::into),
            expected: now.expected,
            late: now.is_late(today),
            cancel_asked_by: now.cancel_asked.as_ref().map(|asked| asked.by.to_string()),
            lines: lines(&now),
            waits_for: now.waits_for.iter().map(|what| wait(lang, what)).collect(),
            anomalies: now.anomalies.iter().map(|what| say::anomaly(lang, what)).collect(),
            steps: steps::of(entries),
            repeated: false,
        }
    }
}

fn lines(now: &Purchase) -> Vec<PurchaseLineView> {
    let text = format::plain_quantity_total;
    let line = |((store, sku), line): (&(StoreId, Sku), &Line)| PurchaseLineView {
        store: store.to_string(),
        sku: sku.to_string(),
        requested: text(line.requested),
        ordered: text(line.ordered),
        price: line.price.map(|price| price.to_string()),
        received: text(line.accepted.quantity),
        rejected: text(line.rejected.quantity),
        returned: text(line.returned.quantity),
        exchanged: text(line.exchanged),
        open: text(line.open),
        short: text(line.short),
        over: text(line.over),
    };
    now.lines.iter().map(line).collect()
}

fn wait(lang: Lang, what: &Waiting) -> WaitView {
    let who = what.party().map(|party| party.to_string());
    WaitView { kind: what.name().to_owned(), what: say::waiting(lang, what), who }
}
