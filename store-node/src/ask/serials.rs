//! Single pieces by their numbers.

use console::serials::PieceView;
use ledger::id::Serial;
use serde::{Deserialize, Serialize};

use super::item;
use crate::door::Ask;
use crate::error::Result;
use crate::node::Node;
use crate::text;

/// Show where a piece is, and how it came there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowSerial {
    /// Its number.
    #[serde(with = "text")]
    pub serial: Serial,
    /// Of one product: its SKU or barcode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
}

impl Ask for ShowSerial {
    const PATH: &'static str = "/v1/serial";
    type Answer = Vec<PieceView>;

    fn answer(self, node: &Node) -> Result<Vec<PieceView>> {
        let reader = node.books().reader()?;
        let sku = self.item.as_deref().map(|text| item(&reader, text)).transpose()?;
        let pieces = reader.pieces(&self.serial, sku.as_ref())?;
        Ok(pieces.iter().map(|(piece, story)| PieceView::of(piece, story)).collect())
    }
}

/// List the pieces of a product that are on hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListSerials {
    /// The product: its SKU or barcode.
    pub item: String,
}

impl Ask for ListSerials {
    const PATH: &'static str = "/v1/serials";
    type Answer = Vec<PieceView>;

    fn answer(self, node: &Node) -> Result<Vec<PieceView>> {
        let reader = node.books().reader()?;
        let sku = item(&reader, &self.item)?;
        let pieces = reader.pieces_at(node.store(), &sku)?;
        // Each with the entry that says since when it is here.
        Ok(pieces.into_iter().map(|(piece, last)| PieceView::of(&piece, &[last])).collect())
    }
}
