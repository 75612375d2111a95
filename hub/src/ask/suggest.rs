//! Which stores could give goods, by the hub's own books.

use console::suggest::SuggestedLine;
pub use console::suggest::{SuggestTransfer, Suggestions};
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
            let known = reader.available(&sku)?.into_iter();
            let others = known.filter(|row| self.to.as_ref() != Some(&row.store));
            lines.push(SuggestedLine::of(sku, line.quantity, minimum, others.map(Offer::from)));
        }
        Ok(Suggestions { now: hub.now(), lines })
    }
}
