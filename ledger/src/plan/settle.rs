//! What the lines of a plan cost, once it is known how much is ordered of whom.

use std::collections::BTreeMap;

use super::{Concern, PlanLine};
use crate::amount::Money;
use crate::id::{Sku, SupplierId};
use crate::supplier::{Offer, Supplier, Unpriced, priced};

/// Prices each supplier's lines as one order: by quantity, less its discount. `offers` are those that the
/// plan chose; a line's `unit_price` is what the catalog says.
pub fn settle(lines: &mut [PlanLine], suppliers: &[Supplier], offers: &BTreeMap<Sku, Offer>) {
    let mut orders: BTreeMap<Option<SupplierId>, Vec<&mut PlanLine>> = BTreeMap::new();
    for line in lines {
        orders.entry(line.supplier.clone()).or_default().push(line);
    }
    for (id, mut lines) in orders {
        let supplier = suppliers.iter().find(|supplier| Some(&supplier.id) == id.as_ref());
        let unpriced = |line: &&mut PlanLine| Unpriced {
            sku: line.product.sku.clone(),
            quantity: line.proposal.quantity,
            given: None,
            usual: line.unit_price,
        };
        let order: Vec<Unpriced> = lines.iter().map(unpriced).collect();
        let mut value = 0;
        for (line, priced) in lines.iter_mut().zip(priced(supplier, offers, &order)) {
            line.list_price = priced.map(|priced| priced.list);
            line.unit_price = priced.map(|priced| priced.price);
            let cost = line.list_price.and_then(|price| price.times(line.proposal.quantity).ok());
            value += i128::from(cost.map_or(0, Money::ten_thousandths));
        }
        let least = supplier.and_then(|supplier| supplier.minimum_order);
        let least = i128::from(least.map_or(0, Money::ten_thousandths));
        for line in lines {
            if line.proposal.quantity.is_positive() && value < least {
                line.proposal.concerns.push(Concern::BelowOrderMinimum);
            }
        }
    }
}
