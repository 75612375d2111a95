//! Assembly (组装) and disassembly (拆卸): goods that become other goods in the shop.
//!
//! Components leave the shelf at cost into the account [`Assembly`](crate::movement::Account::Assembly), and the product
//! enters from there at their sum and what the work is said to cost; taking apart goes the other way. So what
//! went in and what came out differ by the work alone, which is what the account's value shows.

use crate::amount::{AmountError, MAX_MONEY, Money};
use crate::command::AdjustLine;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Components became a product.
    Assembled {
        /// What the work cost, which the product is worth beyond its components (加工费).
        labour: Money,
    },
    /// A product became its components.
    TakenApart,
}

impl Work {
    /// The name of its kind of fact.
    pub(crate) const fn kind(self) -> &'static str {
        match self {
            Self::Assembled { .. } => "assembly",
            Self::TakenApart => "disassembly",
        }
    }
}

/// What is to be put together or taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assembly {
    /// Which of the two, and what it cost.
    pub work: Work,
    /// The product, and how many of it; positive.
    pub product: AdjustLine,
    /// What it consists of, all together; positive.
    pub parts: Vec<AdjustLine>,
}

/// Divides a value by weights, to the last ten-thousandth: the shares add up to it exactly. By equal parts where
/// no weight is above nothing.
pub(crate) fn divide(value: Money, weights: &[Money]) -> Result<Vec<Money>, AmountError> {
    let raw = |weight: &Money| i128::from(weight.ten_thousandths().max(0));
    let total: i128 = weights.iter().map(raw).sum();
    let (mut so_far, mut given) = (0_i128, 0_i128);
    let mut shares = Vec::with_capacity(weights.len());
    let value = i128::from(value.ten_thousandths());
    let count = i128::try_from(weights.len()).unwrap_or(i128::MAX).max(1);
    for weight in weights {
        so_far += if total == 0 { 1 } else { raw(weight) };
        // At most 10^14 by 10^14 by 1,200 lines: far within 128 bits.
        let until = value * so_far / if total == 0 { count } else { total };
        let share = i64::try_from(until - given).unwrap_or(MAX_MONEY + 1);
        shares.push(Money::from_ten_thousandths(share)?);
        given = until;
    }
    Ok(shares)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn money(raw: i64) -> Money {
        Money::from_ten_thousandths(raw).unwrap()
    }

    proptest! {
        #[test]
        fn shares_add_up_to_the_whole_and_follow_the_weights(
            value in -1_000_000..1_000_000_i64,
            weights in prop::collection::vec(0..5_000_i64, 1..20),
        ) {
            let given: Vec<Money> = weights.iter().map(|weight| money(*weight)).collect();
            let shares = divide(money(value), &given).unwrap();
            let sum: i64 = shares.iter().map(|share| share.ten_thousandths()).sum();
            prop_assert_eq!(sum, value);
            let total: i64 = weights.iter().sum();
            for (share, weight) in shares.iter().zip(&weights) {
                let share = share.ten_thousandths();
                let off = if total == 0 {
                    share * i64::try_from(weights.len()).unwrap() - value
                } else {
                    share * total - value * weight
                };
                let unit = if total == 0 { i64::try_from(weights.len()).unwrap() } else { total };
                prop_assert!(off.abs() <= unit, "{} of {:?}", share, weights);
            }
        }
    }
}
