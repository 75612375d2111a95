//! Which stores could give goods, by the hub's own books.

use console::suggest::SuggestedLine;
pub use console::suggest::{SuggestTransfer, Suggestions};
use ledger::id::StoreId;
use ledger::transfer::Offer;

use super::stock::sku_of;
use crate::door::Ask;
use crate::error::Result;
use crate::hub::Hub;

impl Ask for SuggestTransfer {
    const PATH: &'static str = "/v1/transfer/suggest";
    type Answer = Suggestions;

    fn answer(self, hub: &Hub) -> Result<Suggestions> {
        let reader = hub.reader()?;
        let mut lines = Vec::new();
        for line in self.lines {
            let sku = sku_of(&reader, &line.item)?;
            let product = reader.product(&sku)?;
            let kept = product.and_then(|product| product.min_stock);
            let minimum = self.min.or(kept).unwrap_or_default();
            let mut known = reader.available(&sku)?;
            known.retain(|row| self.to.as_ref() != Some(&row.store));
            for row in &mut known {
                // What a store in step has not said has not happened.
                if hub.sessions().is_in_step(&row.store) {
                    row.as_of = Some(hub.now());
                }
            }
            let kept =
                reader.kept_by(&sku, known.iter().map(|row| &row.store), hub.now().utc_day())?;
            let keeps = |store: &StoreId| {
                self.min.unwrap_or_else(|| kept.get(store).copied().unwrap_or_default())
            };
            let others = known.into_iter().map(Offer::from);
            lines.push(SuggestedLine::of(sku, line.quantity, (minimum, keeps), others));
        }
        Ok(Suggestions { now: hub.now(), lines })
    }
}
