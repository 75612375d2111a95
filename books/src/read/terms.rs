//! What the lines of an order cost by its supplier's terms.

use std::collections::BTreeMap;

use ledger::amount::{Money, Quantity};
use ledger::id::{Sku, SupplierId};
use ledger::supplier::{Offer, Unpriced, priced};

use super::Reader;
use super::supplier::OfferFilter;
use crate::error::Result;

impl Reader {
    /// What a unit of each line costs: as given, else by the supplier's offer and terms, else as the catalog
    /// says; none where nobody says anything.
    pub fn order_prices(
        &self,
        supplier: &SupplierId,
        lines: &[(Sku, Quantity, Option<Money>)],
    ) -> Result<Vec<Option<Money>>> {
        let mut offers: BTreeMap<Sku, Offer> = BTreeMap::new();
        let mut unpriced = Vec::with_capacity(lines.len());
        for (sku, quantity, given) in lines {
            let of = OfferFilter { supplier: Some(supplier.clone()), sku: Some(sku.clone()) };
            offers.extend(self.offers(&of)?.into_iter().map(|((_, sku), offer)| (sku, offer)));
            let usual = self.product(sku)?.and_then(|product| product.purchase_price);
            let (sku, quantity, given) = (sku.clone(), *quantity, *given);
            unpriced.push(Unpriced { sku, quantity, given, usual });
        }
        let priced = priced(self.supplier(supplier)?.as_ref(), &offers, &unpriced);
        Ok(priced.into_iter().map(|line| line.map(|line| line.price)).collect())
    }
}
