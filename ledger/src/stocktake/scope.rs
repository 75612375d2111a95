//! What a stocktake is to cover, where it is neither everything nor a list: a class of goods in turn (循环盘点),
//! or some at random (抽盘).

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::id::{IdError, Sku};

/// A class of goods by what they sell for (ABC 分类). A goes first and most often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AbcClass {
    /// The goods that bring four fifths of the money, the best first.
    A,
    /// Those that bring the next fifteen in a hundred.
    B,
    /// All others.
    C,
}

/// What classes A, and A and B together, bring of the money, in hundredths.
const SHARES: [(AbcClass, i128); 2] = [(AbcClass::A, 80), (AbcClass::B, 95)];

impl fmt::Display for AbcClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
        })
    }
}

impl FromStr for AbcClass {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        match text {
            "A" | "a" => Ok(Self::A),
            "B" | "b" => Ok(Self::B),
            "C" | "c" => Ok(Self::C),
            _ => Err(IdError::Malformed { what: "class (A, B or C)", text: text.to_owned() }),
        }
    }
}

/// The class of each product by what it was sold for. A product belongs to the first class whose share is not
/// reached by those before it, so that A is never empty while anything is sold. What brought nothing is C.
pub fn abc(sales: &BTreeMap<Sku, i128>) -> BTreeMap<Sku, AbcClass> {
    let mut best_first: Vec<(&Sku, i128)> =
        sales.iter().map(|(sku, value)| (sku, (*value).max(0))).collect();
    best_first.sort_by_key(|(sku, value)| (std::cmp::Reverse(*value), *sku));
    let total: i128 = best_first.iter().map(|(_, value)| value).sum();
    let mut before = 0;
    let class = |(sku, value): (&Sku, i128)| {
        let fits = |(_, share): &&(AbcClass, i128)| value > 0 && before * 100 < total * share;
        let class = SHARES.iter().find(fits).map_or(AbcClass::C, |(class, _)| *class);
        before += value;
        (sku.clone(), class)
    };
    best_first.into_iter().map(class).collect()
}

/// So many products at random, the same for the same seed: whoever doubts the choice makes it again.
pub fn spot<'s>(skus: impl IntoIterator<Item = &'s Sku>, many: usize, seed: &str) -> Vec<Sku> {
    let mut drawn: Vec<([u8; 32], &Sku)> = skus
        .into_iter()
        .map(|sku| {
            let mut lot = blake3::Hasher::new();
            lot.update(seed.as_bytes()).update(b"\n").update(sku.as_str().as_bytes());
            (*lot.finalize().as_bytes(), sku)
        })
        .collect();
    drawn.sort_unstable();
    drawn.truncate(many);
    let mut chosen: Vec<Sku> = drawn.into_iter().map(|(_, sku)| sku.clone()).collect();
    chosen.sort_unstable();
    chosen
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn sku(number: usize) -> Sku {
        format!("P{number:03}").parse().unwrap()
    }

    #[test]
    fn classes_follow_the_money() {
        let sales = [(0, 700), (1, 150), (2, 100), (3, 40), (4, 10), (5, 0), (6, -30)];
        let sales = sales.map(|(number, value)| (sku(number), value)).into();
        let classes: Vec<String> =
            abc(&sales).into_values().map(|class| class.to_string()).collect();
        assert_eq!(classes, ["A", "A", "B", "C", "C", "C", "C"]);
        assert!(abc(&BTreeMap::new()).is_empty());
    }

    proptest! {
        #[test]
        fn nothing_outsells_a_better_class(values in prop::collection::vec(-50..1_000_i128, 1..30)) {
            let sales: BTreeMap<Sku, i128> = (0..).map(sku).zip(values).collect();
            let classes = abc(&sales);
            prop_assert_eq!(classes.len(), sales.len());
            for (one, class) in &classes {
                for (other, worse) in classes.iter().filter(|(_, other)| *other > class) {
                    prop_assert!(sales[one] >= sales[other], "{} {} and {} {}", one, class, other, worse);
                }
            }
            if sales.values().any(|value| *value > 0) {
                prop_assert!(classes.values().any(|class| *class == AbcClass::A));
            }
        }

        #[test]
        fn a_choice_can_be_made_again(total in 0..40_usize, many in 0..50_usize, seed in "[a-z]{0,4}") {
            let skus: Vec<Sku> = (0..total).map(sku).collect();
            let chosen = spot(&skus, many, &seed);
            prop_assert_eq!(&chosen, &spot(skus.iter().rev(), many, &seed));
            let distinct: BTreeSet<&Sku> = chosen.iter().collect();
            prop_assert_eq!(distinct.len(), many.min(total));
            prop_assert!(chosen.iter().all(|sku| skus.contains(sku)));
        }
    }
}
