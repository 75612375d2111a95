//! Bins and single pieces in requests.

use std::str::FromStr;

use ledger::amount::Quantity;
use ledger::id::{Bin, IdError, Lot, Serial};
use serde::{Deserialize, Serialize};

use crate::text;

/// Goods to be brought from bin to bin.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoveBins {
    /// What, from where and to where.
    pub lines: Vec<BinLine>,
}

/// A product to be brought from one bin to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BinLine {
    /// The barcode or SKU.
    pub item: String,
    /// How much.
    #[serde(with = "text")]
    pub quantity: Quantity,
    /// Of which lot, where somebody says.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub lot: Option<Lot>,
    /// From where; none for goods in no bin.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub from: Option<Bin>,
    /// To where; none for no bin in particular.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub to: Option<Bin>,
}

/// Where products belong.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HomeBins {
    /// Their barcodes or SKUs.
    pub items: Vec<String>,
    /// Their home bin from now on; none: they have none.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub bin: Option<Bin>,
}

/// A single piece. As text: `[ITEM=]NUMBER`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedPiece {
    /// The barcode or SKU; empty where the document has only one product.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub item: String,
    /// Its number.
    #[serde(with = "text")]
    pub serial: Serial,
}

impl FromStr for NamedPiece {
    type Err = IdError;

    /// Reads `[ITEM=]NUMBER`: `A17`, `phone=A17`.
    fn from_str(text: &str) -> Result<Self, IdError> {
        let (item, serial) = text.rsplit_once('=').unwrap_or(("", text));
        Ok(Self { item: item.trim().to_owned(), serial: serial.trim().parse()? })
    }
}
