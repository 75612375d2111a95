//! Other stores' stock, as the hub last told it: what there is, and who could give some.

use std::collections::HashMap;

use console::suggest::SuggestedLine;
pub use console::suggest::{SuggestTransfer, Suggestions};
use ledger::amount::Quantity;
use ledger::id::{Sku, StoreId};
use ledger::time::Timestamp;
use ledger::transfer::Offer;
use serde::{Deserialize, Serialize};

use super::{Named, item};
use crate::door::Ask;
use crate::error::Result;
use crate::node::Node;
use crate::text;

/// Show what can be had at other stores.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowElsewhere {
    /// Of one product only: its SKU or barcode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
}

/// What can be had at other stores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elsewhere {
    /// Of which product, if only one was asked for.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub item: Option<Sku>,
    /// When the question was answered.
    #[serde(with = "text::instant")]
    pub now: Timestamp,
    /// By SKU and store.
    pub rows: Vec<ElsewhereRow>,
}

/// What can be had of one product at one store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ElsewhereRow {
    /// What.
    #[serde(with = "text")]
    pub sku: Sku,
    /// Its name and unit, if the catalog knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<Named>,
    /// Where.
    #[serde(with = "text")]
    pub store: StoreId,
    /// How much: on hand there, less what is promised.
    #[serde(with = "text")]
    pub available: Quantity,
    /// When the newest fact behind it was recorded there.
    #[serde(default, with = "text::instant::option", skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Timestamp>,
}

impl Ask for ShowElsewhere {
    const PATH: &'static str = "/v1/stock/elsewhere";
    type Answer = Elsewhere;

    fn answer(self, node: &Node) -> Result<Elsewhere> {
        let reader = node.books().reader()?;
        let only = self.item.as_deref().map(|text| item(&reader, text)).transpose()?;
        let mut names: HashMap<Sku, Option<Named>> = HashMap::new();
        let mut rows = Vec::new();
        for row in reader.elsewhere(only.as_ref())? {
            let product = match names.get(&row.sku) {
                Some(known) => known.clone(),
                None => {
                    let named = reader.product(&row.sku)?.as_ref().map(Named::from);
                    names.insert(row.sku.clone(), named.clone());
                    named
                }
            };
            let (sku, store, available, as_of) = (row.sku, row.store, row.available, row.as_of);
            rows.push(ElsewhereRow { sku, product, store, available, as_of });
        }
        Ok(Elsewhere { item: only, now: node.now(), rows })
    }
}

impl Ask for SuggestTransfer {
    const PATH: &'static str = "/v1/transfer/suggest";
    type Answer = Suggestions;

    fn answer(self, node: &Node) -> Result<Suggestions> {
        let reader = node.books().reader()?;
        let mut lines = Vec::new();
        for line in self.lines {
            let sku = item(&reader, &line.item)?;
            let product = reader.product(&sku)?;
            let kept = product.and_then(|product| product.min_stock);
            let minimum = self.min.or(kept).unwrap_or_default();
            let mut known = reader.elsewhere(Some(&sku))?;
            known.retain(|row| self.to.as_ref() != Some(&row.store));
            let kept = reader.kept_by(&sku, known.iter().map(|row| &row.store), node.today())?;
            let keeps = |store: &StoreId| {
                self.min.unwrap_or_else(|| kept.get(store).copied().unwrap_or_default())
            };
            let others = known.into_iter().map(Offer::from);
            lines.push(SuggestedLine::of(sku, line.quantity, (minimum, keeps), others));
        }
        Ok(Suggestions { now: node.now(), lines })
    }
}
