//! The stored form of what stores book for a transfer:
//!
//! ```text
//! transfer_ship        {"transfer":"T-1","from":"S1","to":"S2","no":1}
//! transfer_receipt     {"transfer":"T-1","from":"S1","to":"S2","no":1,"part":1}
//! transfer_settlement  {"transfer":"T-1","from":"S1","to":"S2","no":1,"liable":"carrier","reason":"…"}
//! ```

use std::borrow::Cow;
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use super::{FactTextError, id_error};
use crate::transfer::{Act, Booked, Liable, Route};

pub(super) const SHIP: &str = "transfer_ship";
pub(super) const RECEIPT: &str = "transfer_receipt";
pub(super) const SETTLEMENT: &str = "transfer_settlement";

#[derive(Serialize, Deserialize)]
pub(super) struct TransferRow<'a> {
    #[serde(borrow)]
    transfer: Cow<'a, str>,
    #[serde(borrow)]
    from: Cow<'a, str>,
    #[serde(borrow)]
    to: Cow<'a, str>,
    no: NonZeroU32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    part: Option<NonZeroU32>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    liable: Option<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    reason: Option<Cow<'a, str>>,
}

impl<'a> TransferRow<'a> {
    pub(super) fn of(booked: &'a Booked) -> Self {
        let (no, part, liable, reason) = match &booked.act {
            Act::Ship { shipment } => (*shipment, None, None, None),
            Act::Receipt { shipment, part } => (*shipment, Some(*part), None, None),
            Act::Settlement { settlement, liable, reason } => {
                (*settlement, None, Some(liable.name()), Some(reason.as_ref()))
            }
        };
        Self {
            transfer: booked.transfer.as_str().into(),
            from: booked.route.from().as_str().into(),
            to: booked.route.to().as_str().into(),
            no,
            part,
            liable: liable.map(Into::into),
            reason: reason.map(Into::into),
        }
    }

    pub(super) fn ship(&self) -> Result<Booked, FactTextError> {
        self.booked(Act::Ship { shipment: self.no })
    }

    pub(super) fn receipt(&self) -> Result<Booked, FactTextError> {
        let part = self.part.unwrap_or(NonZeroU32::MIN);
        self.booked(Act::Receipt { shipment: self.no, part })
    }

    pub(super) fn settlement(&self) -> Result<Booked, FactTextError> {
        let named = self.liable.as_deref().unwrap_or_default();
        let unknown = || FactTextError::Word { field: "liable", found: named.to_owned() };
        let liable = Liable::named(named).ok_or_else(unknown)?;
        let reason = self.reason.as_deref().unwrap_or_default().into();
        self.booked(Act::Settlement { settlement: self.no, liable, reason })
    }

    fn booked(&self, act: Act) -> Result<Booked, FactTextError> {
        let from = self.from.parse().map_err(id_error("from"))?;
        let to = self.to.parse().map_err(id_error("to"))?;
        Ok(Booked {
            transfer: self.transfer.parse().map_err(id_error("transfer"))?,
            route: Route::new(from, to).map_err(id_error("to"))?,
            act,
        })
    }
}
