//! The list price of a product at a level.

use crate::amount::{Money, TaxRate};
use crate::catalog::Product;
use crate::price::Level;

/// Basis points in a whole.
const WHOLE: i128 = 10_000;

/// Whether wholesale prices contain the tax.
///
/// A receipt's prices always do. Where the tax is added (价外税), the line has the price with the tax added to it, to
/// the ten-thousandth of the currency unit: `100` at 13 % stands there as `113`, of which `13` is tax.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WholesaleTax {
    /// They do (含税价).
    #[default]
    Included,
    /// They don't: it is added (不含税价).
    Added,
}

/// The price of a unit at a level, tax included, and whose price it is: at a level for which the product has
/// none, the retail price.
pub fn at_level(product: &Product, level: Level, tax: WholesaleTax) -> (Level, Money) {
    let retail = (Level::Retail, product.price);
    match level {
        Level::Retail | Level::Floor => retail,
        Level::Member => {
            let lower = product.member_price.filter(|price| *price <= product.price);
            lower.map_or(retail, |price| (Level::Member, price))
        }
        Level::Wholesale => product.wholesale_price.map_or(retail, |price| {
            let with_tax = with_tax(price, product.tax_rate);
            (Level::Wholesale, if tax == WholesaleTax::Added { with_tax } else { price })
        }),
    }
}

/// A price with its tax added, to the ten-thousandth; a price that would leave the range stays as it is.
pub(crate) fn with_tax(price: Money, rate: TaxRate) -> Money {
    let raw = i128::from(price.ten_thousandths());
    let with = (raw * (WHOLE + i128::from(rate.basis_points())) + WHOLE / 2) / WHOLE;
    let with = i64::try_from(with).ok().map(Money::from_ten_thousandths);
    with.and_then(Result::ok).unwrap_or(price)
}
