//! Lots with their dates: what is left of each, and which to take first.

use ledger::amount::Quantity;
use ledger::id::{Bin, Lot, Sku, StoreId};
use ledger::lot::{LotStock, pick};
use ledger::time::BusinessDate;
use serde::{Deserialize, Serialize};

use super::{Named, item};
use crate::book::Refused;
use crate::door::Ask;
use crate::error::Result;
use crate::node::Node;
use crate::text;

/// Show the lots that are on hand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ShowLots {
    /// Of one product: its SKU or barcode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// Only those that are past their date or will be in so many days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiring: Option<u16>,
    /// Of which lots to take so much, of one product; none that is past its date.
    #[serde(with = "text::option", skip_serializing_if = "Option::is_none")]
    pub pick: Option<Quantity>,
}

/// The lots that are on hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lots {
    /// The store.
    #[serde(with = "text")]
    pub store: StoreId,
    /// The day for which the days left are counted.
    #[serde(with = "text")]
    pub today: BusinessDate,
    /// The lots, by product and in the order in which they are to be taken.
    pub lots: Vec<LotRow>,
}

/// What is left of a lot, or of goods without one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotRow {
    /// Of which product.
    #[serde(with = "text")]
    pub sku: Sku,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<Named>,
    /// Which lot; none for goods that came without one.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub lot: Option<Lot>,
    /// Its last good day.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub expiry: Option<BusinessDate>,
    /// Days until then; less than none when it is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_left: Option<i32>,
    /// How much is left, as if the first to expire had always gone first.
    #[serde(with = "text")]
    pub left: Quantity,
    /// How much of what is asked for to take of it.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub take: Option<Quantity>,
    /// The bins that it was put into.
    #[serde(default, with = "text::list", skip_serializing_if = "Vec::is_empty")]
    pub bins: Vec<Bin>,
}

impl Ask for ShowLots {
    const PATH: &'static str = "/v1/lots";
    type Answer = Lots;

    fn answer(self, node: &Node) -> Result<Lots> {
        let reader = node.books().reader()?;
        let sku = self.item.as_deref().map(|text| item(&reader, text)).transpose()?;
        let today = node.today();
        let until = self.expiring.map(|days| today.plus_days(days.into()));
        let mut lots = Vec::new();
        for of_sku in reader.lots(node.store(), sku.as_ref())? {
            let product = reader.product(&of_sku.sku)?.as_ref().map(Named::from);
            let picked = match (self.pick, &sku) {
                (Some(quantity), Some(_)) => {
                    // Nobody is given what is past its date.
                    let is_good = |lot: &&LotStock| lot.expiry.is_none_or(|until| until >= today);
                    let good: Vec<_> = of_sku.lots.iter().filter(is_good).cloned().collect();
                    Some(pick(&good, quantity.thousandths()))
                }
                _ => None,
            };
            let wanted = |lot: &LotStock| {
                until.is_none_or(|until| lot.expiry.is_some_and(|expiry| expiry <= until))
            };
            for left in of_sku.lots.iter().filter(|lot| wanted(lot)) {
                let of_this = |taken: &&LotStock| taken.lot == left.lot;
                let bins = match &left.lot {
                    Some(lot) => reader.bins_of_lot(node.store(), &of_sku.sku, lot)?,
                    None => Vec::new(),
                };
                let take = picked.iter().flatten().find(of_this).map(|taken| taken.quantity);
                lots.push(LotRow {
                    sku: of_sku.sku.clone(),
                    product: product.clone(),
                    lot: left.lot.clone(),
                    expiry: left.expiry,
                    days_left: left.expiry.map(|expiry| days_between(today, expiry)),
                    left: quantity(left.quantity)?,
                    take: take.map(quantity).transpose()?,
                    bins,
                });
            }
        }
        Ok(Lots { store: node.store().clone(), today, lots })
    }
}

fn days_between(from: BusinessDate, to: BusinessDate) -> i32 {
    let days = from.date().until(to.date()).map(|span| span.get_days());
    days.unwrap_or_default()
}

fn quantity(thousandths: i64) -> Result<Quantity> {
    let out_of_range = |source| Refused::Amount { line: 0, source };
    Ok(Quantity::from_thousandths(thousandths).map_err(out_of_range)?)
}
