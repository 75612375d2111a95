//! Single pieces by their numbers, over all stores.

pub use console::serials::PieceView;
use ledger::id::{Serial, Sku};
use serde::{Deserialize, Serialize};

use crate::door::Ask;
use crate::error::Result;
use crate::hub::Hub;
use crate::text;

/// Show where a piece is, and how it came there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowSerial {
    /// Its number.
    #[serde(with = "text")]
    pub serial: Serial,
    /// Of one product: its SKU.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub sku: Option<Sku>,
}

impl Ask for ShowSerial {
    const PATH: &'static str = "/v1/serial";
    type Answer = Vec<PieceView>;

    fn answer(self, hub: &Hub) -> Result<Vec<PieceView>> {
        let pieces = hub.reader()?.pieces(&self.serial, self.sku.as_ref())?;
        Ok(pieces.iter().map(|(piece, story)| PieceView::of(piece, story)).collect())
    }
}
