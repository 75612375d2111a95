//! The stored form of assemblies. What was put together or taken apart stands in the movements:
//!
//! ```text
//! assembly     {"labour":12500}
//! disassembly  {}
//! ```
//!
//! `labour` is left out where the work cost nothing.

use serde::{Deserialize, Serialize};

use super::{FactTextError, amount_error};
use crate::amount::Money;
use crate::assembly::Work;

pub(super) const ASSEMBLY: &str = "assembly";
pub(super) const DISASSEMBLY: &str = "disassembly";

#[derive(Serialize, Deserialize)]
pub(super) struct AssemblyRow {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    labour: Option<i64>,
}

impl AssemblyRow {
    pub(super) fn of(work: Work) -> Self {
        let labour = match work {
            Work::Assembled { labour } if !labour.is_zero() => Some(labour.ten_thousandths()),
            Work::Assembled { .. } | Work::TakenApart => None,
        };
        Self { labour }
    }

    pub(super) fn assembled(&self) -> Result<Work, FactTextError> {
        let labour = Money::from_ten_thousandths(self.labour.unwrap_or_default());
        Ok(Work::Assembled { labour: labour.map_err(amount_error("labour"))? })
    }
}
