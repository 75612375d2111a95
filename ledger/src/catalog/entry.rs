//! What is wrong with a product as a whole, though each of its fields is right: looked at when it is
//! entered. Documents merge field by field, so such products can still come to be.

use thiserror::Error;

use super::{Field, Product};
use crate::amount::{Money, Quantity};

/// Fields of a product that can't both be so.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Contradiction {
    /// A store would have to keep more than it may have.
    #[error("the minimum stock {min} is more than the maximum {max}")]
    MinAboveMax {
        /// The minimum.
        min: Quantity,
        /// The maximum.
        max: Quantity,
    },
    /// One code in two places may mean two quantities.
    #[error("the code {code} stands twice in one product")]
    CodeTwice {
        /// The code.
        code: Box<str>,
    },
}

/// What may be meant, and rarely is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Doubt {
    /// The price that is less than what the goods are bought for.
    pub field: Field,
    /// How much it is.
    pub price: Money,
    /// What they are bought for.
    pub purchase: Money,
}

impl Product {
    /// Why it can't be so, if something contradicts itself.
    pub fn contradiction(&self) -> Option<Contradiction> {
        if let (Some(min), Some(max)) = (self.min_stock, self.max_stock)
            && min > max
        {
            return Some(Contradiction::MinAboveMax { min, max });
        }
        let mut known: Vec<&str> = Vec::new();
        for (code, _) in self.codes() {
            if known.contains(&code) {
                return Some(Contradiction::CodeTwice { code: code.into() });
            }
            known.push(code);
        }
        None
    }

    /// Prices below what it is bought for. A price of nothing says that there is none yet.
    pub fn doubts(&self) -> Vec<Doubt> {
        let Some(purchase) = self.purchase_price else { return Vec::new() };
        let prices = [
            (Field::Price, Some(self.price).filter(|price| !price.is_zero())),
            (Field::FloorPrice, self.floor_price),
            (Field::WholesalePrice, self.wholesale_price),
            (Field::MemberPrice, self.member_price),
        ];
        let below = |(field, price): (Field, Option<Money>)| {
            let price = price.filter(|price| *price < purchase)?;
            Some(Doubt { field, price, purchase })
        };
        prices.into_iter().filter_map(below).collect()
    }
}
