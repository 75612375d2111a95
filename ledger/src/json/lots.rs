//! The stored form of what a receipt says of lots: `"lots":[{"sku":"6901…","lot":"L7","exp":"2026-12-01"}]`.
//! Which goods came from which lot stands in the movements.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{FactTextError, id_error};
use crate::id::{Lot, Sku};
use crate::lot::LotExpiry;

#[derive(Serialize, Deserialize)]
pub(super) struct LotRow<'a> {
    #[serde(borrow)]
    sku: Cow<'a, str>,
    #[serde(borrow)]
    lot: Cow<'a, str>,
    #[serde(borrow)]
    exp: Cow<'a, str>,
}

impl<'a> LotRow<'a> {
    pub(super) fn of(lot: &'a LotExpiry) -> Self {
        Self {
            sku: lot.sku.as_str().into(),
            lot: lot.lot.as_str().into(),
            exp: lot.expiry.to_string().into(),
        }
    }

    pub(super) fn read(&self) -> Result<LotExpiry, FactTextError> {
        Ok(LotExpiry {
            sku: Sku::new(&self.sku).map_err(id_error("lots"))?,
            lot: Lot::new(&self.lot).map_err(id_error("lots"))?,
            expiry: self.exp.parse().map_err(id_error("lots"))?,
        })
    }
}
