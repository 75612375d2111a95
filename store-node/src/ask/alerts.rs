//! Alerts: list the open ones, and say that one was seen.

use books::read::{OpenAlert, Seen};
use ledger::alert::AlertKind;
use ledger::amount::Quantity;
use ledger::id::{Lot, Operator, Sku, StoreId};
use ledger::time::{BusinessDate, Timestamp};
use serde::{Deserialize, Serialize};

use super::Named;
use super::booking::Receipt;
use crate::door::Ask;
use crate::error::Result;
use crate::node::Node;
use crate::request::{About, Acknowledge, Request};
use crate::text;

/// List the alerts that are open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ShowAlerts {
    /// Only of this kind.
    #[serde(with = "text::option", skip_serializing_if = "Option::is_none")]
    pub kind: Option<AlertKind>,
}

/// Say that an alert was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AckAlert {
    /// Under which name, by whom, on which day.
    #[serde(default)]
    pub about: About,
    /// Which, and what is to be done.
    pub seen: Acknowledge,
}

/// The alerts of the store, the most urgent first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alerts {
    /// The store.
    #[serde(with = "text")]
    pub store: StoreId,
    /// When they were looked for.
    #[serde(with = "text::instant")]
    pub as_of: Timestamp,
    /// How many of those below nobody has seen.
    pub waiting: usize,
    /// The alerts.
    pub alerts: Vec<AlertView>,
}

/// An alert that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertView {
    /// What is wrong.
    #[serde(with = "text")]
    pub alert: AlertKind,
    /// With which product.
    #[serde(with = "text")]
    pub sku: Sku,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<Named>,
    /// With which lot.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub lot: Option<Lot>,
    /// The day on which it began, or the last day of which that is known.
    #[serde(with = "text")]
    pub since: BusinessDate,
    /// What is on hand.
    #[serde(with = "text")]
    pub on_hand: Quantity,
    /// The limit that is broken.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub limit: Option<Quantity>,
    /// The lot's last good day.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub expiry: Option<BusinessDate>,
    /// Who has seen it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<SeenView>,
}

/// That somebody has seen an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenView {
    /// Who.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub by: Option<Operator>,
    /// On which day.
    #[serde(with = "text")]
    pub date: BusinessDate,
    /// The last day for which it holds; none: as long as the alert lasts.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub until: Option<BusinessDate>,
    /// What is to be done, or why nothing is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remark: String,
}

impl Ask for ShowAlerts {
    const PATH: &'static str = "/v1/alerts";
    type Answer = Alerts;

    fn answer(self, node: &Node) -> Result<Alerts> {
        node.look_for_alerts()?;
        let open = node.books().reader()?.alerts(Some(node.store()), node.today())?;
        let wanted = |alert: &OpenAlert| self.kind.is_none_or(|kind| kind == alert.cause.kind);
        let mut alerts = Vec::new();
        for alert in open.into_iter().filter(wanted) {
            let product = node.product(alert.cause.sku.as_str())?;
            let product = product.as_deref().map(Named::from);
            alerts.push(AlertView { product, ..AlertView::from(alert) });
        }
        let waiting = alerts.iter().filter(|alert| alert.seen.is_none()).count();
        Ok(Alerts { store: node.store().clone(), as_of: node.now(), waiting, alerts })
    }
}

impl Ask for AckAlert {
    const PATH: &'static str = "/v1/alerts/ack";
    type Answer = Receipt;

    fn answer(self, node: &Node) -> Result<Receipt> {
        node.look_for_alerts()?;
        let Self { about, seen } = self;
        Request { about, task: seen.into() }.answer(node)
    }
}

impl From<OpenAlert> for AlertView {
    fn from(alert: OpenAlert) -> Self {
        let OpenAlert { cause, since, on_hand, limit, expiry, seen, .. } = alert;
        Self {
            alert: cause.kind,
            sku: cause.sku,
            product: None,
            lot: cause.lot,
            since,
            on_hand,
            limit,
            expiry,
            seen: seen.map(SeenView::from),
        }
    }
}

impl From<Seen> for SeenView {
    fn from(seen: Seen) -> Self {
        let Seen { by, date, until, remark, .. } = seen;
        Self { by, date, until, remark }
    }
}
