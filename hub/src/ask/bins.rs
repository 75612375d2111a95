//! Where goods lie in the stores.

pub use console::bins::BinsView;
use ledger::id::{Bin, Sku, StoreId};
use serde::{Deserialize, Serialize};

use crate::door::Ask;
use crate::error::Result;
use crate::hub::Hub;
use crate::text;

/// Show what lies where in a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowBins {
    /// Which store.
    #[serde(with = "text")]
    pub store: StoreId,
    /// Of one product: its SKU.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub sku: Option<Sku>,
    /// In one bin.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub bin: Option<Bin>,
}

impl Ask for ShowBins {
    const PATH: &'static str = "/v1/bins";
    type Answer = BinsView;

    fn answer(self, hub: &Hub) -> Result<BinsView> {
        let reader = hub.reader()?;
        let mut view = BinsView::of(self.store.clone());
        for (sku, bins) in reader.bins(&self.store, self.sku.as_ref())? {
            let standing = bins.standing();
            if self.bin.as_ref().is_some_and(|bin| standing.of(bin) == 0) {
                continue;
            }
            let product = reader.product(&sku)?;
            view.add((&sku, product.as_ref()), (&standing, bins.home.as_ref()), None);
        }
        if let Some(bin) = &self.bin {
            view.rows.retain(|row| row.bin.as_ref() == Some(bin));
        }
        view.sort();
        Ok(view)
    }
}
