//! The stored form of acknowledged alerts:
//!
//! ```text
//! alert_ack  {"alert":"expiring","sku":"6901…","lot":"L7","until":"2026-12-01","note":"…"}
//! ```
//!
//! Not in it are the lot of an alert that is about none, an end that nobody set, and what nobody said. An
//! alert of a kind that a later version knows is kept as a fact of an unknown kind: it moves nothing.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{FactTextError, id_error, optional};
use crate::alert::{Acknowledgement, AlertKind, Cause};
use crate::id::{Lot, Sku};

pub(super) const ALERT_ACK: &str = "alert_ack";

#[derive(Serialize, Deserialize)]
pub(super) struct AlertRow<'a> {
    #[serde(borrow)]
    alert: Cow<'a, str>,
    #[serde(borrow)]
    sku: Cow<'a, str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    lot: Option<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    until: Option<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "str::is_empty")]
    note: Cow<'a, str>,
}

impl<'a> AlertRow<'a> {
    pub(super) fn of(seen: &'a Acknowledgement) -> Self {
        Self {
            alert: seen.cause.kind.name().into(),
            sku: seen.cause.sku.as_str().into(),
            lot: seen.cause.lot.as_ref().map(|lot| lot.as_str().into()),
            until: seen.until.map(|day| day.to_string().into()),
            note: seen.remark.as_ref().into(),
        }
    }

    /// None for a kind of alert that this version does not know.
    pub(super) fn read(&self) -> Result<Option<Acknowledgement>, FactTextError> {
        let Some(kind) = AlertKind::named(&self.alert) else { return Ok(None) };
        let sku = Sku::new(&self.sku).map_err(id_error("sku"))?;
        let lot = optional(self.lot.as_deref(), Lot::new, "lot")?;
        let until = optional(self.until.as_deref(), str::parse, "until")?;
        let (cause, remark) = (Cause { kind, sku, lot }, self.note.as_ref().into());
        Ok(Some(Acknowledgement { cause, until, remark }))
    }
}
