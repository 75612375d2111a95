//! Between what a store keeps of a product.

use super::{Demand, Terms};
use crate::amount::{MAX_QUANTITY, Quantity};

/// How little and how much of a product a store is to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Never less (最低库存).
    pub min: Quantity,
    /// Never more (最高库存); none: as much as the demand asks for.
    pub max: Option<Quantity>,
}

/// Where limits come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitsFrom {
    /// Head office has set them.
    HeadOffice,
    /// They follow from what was sold.
    Sales,
}

/// Limits that fit a demand and a supplier's terms, for products for which nobody has set any: as
/// minimum what goes in `reserve_days`, as maximum what is sold at worst until the next order
/// arrives, on top of that, with a pack's room because packs are not split.
pub fn limits(demand: &Demand, terms: &Terms, reserve_days: u32) -> Limits {
    let min = whole(demand.expected(reserve_days));
    let room = Quantity::sum([min, demand.peak(), terms.step(), terms.step()]);
    let max = room.map_or(Quantity::from_thousandths(MAX_QUANTITY).ok(), |room| Some(whole(room)));
    Limits { min, max }
}

/// Up to the next whole unit: shelves are planned in them.
fn whole(quantity: Quantity) -> Quantity {
    let up = quantity.thousandths().div_euclid(1_000)
        + i64::from(quantity.thousandths().rem_euclid(1_000) > 0);
    Quantity::units(up).unwrap_or(quantity)
}
