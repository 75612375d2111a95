//! Where goods lie, and from where to take them.

use console::bins::BinsView;
use ledger::amount::Quantity;
use ledger::id::Bin;
use serde::{Deserialize, Serialize};

use super::item;
use crate::door::Ask;
use crate::error::Result;
use crate::node::Node;
use crate::text;

/// Show what lies where.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ShowBins {
    /// Of one product: its SKU or barcode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// In one bin.
    #[serde(with = "text::option", skip_serializing_if = "Option::is_none")]
    pub bin: Option<Bin>,
    /// From which bins to take so much of each product: the home bin first.
    #[serde(with = "text::option", skip_serializing_if = "Option::is_none")]
    pub pick: Option<Quantity>,
}

impl Ask for ShowBins {
    const PATH: &'static str = "/v1/bins";
    type Answer = BinsView;

    fn answer(self, node: &Node) -> Result<BinsView> {
        let reader = node.books().reader()?;
        let sku = self.item.as_deref().map(|text| item(&reader, text)).transpose()?;
        let wanted = self.pick.map(|quantity| i128::from(quantity.thousandths()));
        let mut view = BinsView::of(node.store().clone());
        for (sku, bins) in reader.bins(node.store(), sku.as_ref())? {
            let standing = bins.standing();
            if self.bin.as_ref().is_some_and(|bin| standing.of(bin) == 0) {
                continue;
            }
            let product = reader.product(&sku)?;
            view.add((&sku, product.as_ref()), (&standing, bins.home.as_ref()), wanted);
        }
        if let Some(bin) = &self.bin {
            view.rows.retain(|row| row.bin.as_ref() == Some(bin));
        }
        view.sort();
        Ok(view)
    }
}
