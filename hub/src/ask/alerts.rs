//! Alerts of the stores, with who has seen them.

use books::read::{OpenAlert, Seen};
use ledger::alert::AlertKind;
use ledger::amount::Quantity;
use ledger::id::{Lot, Operator, Sku, StoreId};
use ledger::time::{BusinessDate, Timestamp};
use serde::{Deserialize, Serialize};

use super::stock::{AsOf, ProductLabel, as_of};
use crate::door::Ask;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::registry::RegistryError;
use crate::text;

/// List the alerts that are open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ShowAlerts {
    /// Of one store.
    #[serde(with = "text::option", skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreId>,
    /// Of one kind.
    #[serde(with = "text::option", skip_serializing_if = "Option::is_none")]
    pub kind: Option<AlertKind>,
    /// Which of them.
    pub which: Which,
}

/// Which alerts to list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// Those that nobody has seen.
    #[default]
    Waiting,
    /// All that are open.
    All,
}

/// Open alerts: by store, the most urgent first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alerts {
    /// What people call the chain.
    pub chain: String,
    /// The alerts.
    pub alerts: Vec<AlertRow>,
    /// How old what is known of each store is.
    pub as_of: Vec<AsOf>,
    /// When the question was answered.
    #[serde(with = "text::instant")]
    pub now: Timestamp,
}

/// An alert that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertRow {
    /// Where.
    #[serde(with = "text")]
    pub store: StoreId,
    /// What is wrong.
    #[serde(with = "text")]
    pub alert: AlertKind,
    /// With which product.
    #[serde(with = "text")]
    pub sku: Sku,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductLabel>,
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
    pub seen: Option<SeenBy>,
}

/// That somebody has seen an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenBy {
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

    fn answer(self, hub: &Hub) -> Result<Alerts> {
        hub.look_for_alerts()?;
        let reader = hub.reader()?;
        if let Some(store) = &self.store {
            let known = hub.register().read(|registry| registry.store(store).is_some());
            if !known && !reader.store_names()?.contains(store) {
                return Err(HubError::Registry(RegistryError::Unknown { store: store.clone() }));
            }
        }
        let now = hub.now();
        let open = reader.alerts(self.store.as_ref(), now.utc_day())?;
        let wanted = |alert: &OpenAlert| {
            self.kind.is_none_or(|kind| kind == alert.cause.kind)
                && (self.which == Which::All || alert.seen.is_none())
        };
        let mut alerts = Vec::new();
        for alert in open.into_iter().filter(wanted) {
            let product = reader.product(&alert.cause.sku)?;
            let product = product.as_ref().map(ProductLabel::of);
            alerts.push(AlertRow { product, ..AlertRow::from(alert) });
        }
        let as_of = as_of(hub, &reader, self.store.as_ref())?;
        Ok(Alerts { chain: hub.config().title().to_owned(), alerts, as_of, now })
    }
}

impl From<OpenAlert> for AlertRow {
    fn from(alert: OpenAlert) -> Self {
        let OpenAlert { store, cause, since, on_hand, limit, expiry, seen } = alert;
        Self {
            store,
            alert: cause.kind,
            sku: cause.sku,
            product: None,
            lot: cause.lot,
            since,
            on_hand,
            limit,
            expiry,
            seen: seen.map(SeenBy::from),
        }
    }
}

impl From<Seen> for SeenBy {
    fn from(seen: Seen) -> Self {
        let Seen { by, date, until, remark, .. } = seen;
        Self { by, date, until, remark }
    }
}
