//! Spreading an amount over several, to the coin.

use crate::percent::COIN;

/// Spreads an amount of whole coins by weights, to the coin, none more than its cap: each gets its share rounded
/// down, and those with the largest remainders the coins that are left over; what is beyond a cap goes to those
/// that have room, in their order. The caps are whole coins and hold the amount together.
pub(super) fn spread(amount: i128, weights: &[i128], caps: &[i128]) -> Vec<i128> {
    let (coins, whole) = (amount / COIN, weights.iter().sum::<i128>());
    if coins == 0 || whole == 0 {
        return fill(vec![0; weights.len()], coins * COIN, caps);
    }
    let mut shares: Vec<i128> = weights.iter().map(|weight| coins * weight / whole).collect();
    let mut left = coins - shares.iter().sum::<i128>();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|at| (-(coins * weights[*at] % whole), *at));
    for at in order {
        let coin = left.min(1);
        shares[at] += coin;
        left -= coin;
    }
    let shares: Vec<i128> = shares.into_iter().map(|share| share * COIN).collect();
    let capped: Vec<i128> = shares.iter().zip(caps).map(|(share, cap)| *share.min(cap)).collect();
    let beyond = amount - capped.iter().sum::<i128>();
    fill(capped, beyond, caps)
}

/// Adds an amount to shares in their order, as far as their caps have room.
fn fill(mut shares: Vec<i128>, mut amount: i128, caps: &[i128]) -> Vec<i128> {
    for (share, cap) in shares.iter_mut().zip(caps) {
        let more = amount.min(cap - *share).max(0);
        *share += more;
        amount -= more;
    }
    shares
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_largest_remainders_bear_the_coins_left_over() {
        let coins = |counts: [i128; 3]| counts.map(|count| count * COIN);
        let caps = coins([10_000; 3]);
        let spread = |count: i128, weights: [i128; 3], caps: [i128; 3]| {
            spread(count * COIN, &weights, &caps)
        };
        assert_eq!(spread(100, [1, 1, 1], caps), coins([34, 33, 33]));
        assert_eq!(spread(100, [5, 3, 3], caps), coins([46, 27, 27]));
        assert_eq!(spread(100, [1, 1, 1], coins([10, 80, 80])), coins([10, 57, 33]));
        assert_eq!(spread(0, [1, 0, 0], caps), [0; 3]);
    }

    proptest! {
        #[test]
        fn parts_add_up_and_stay_below_their_caps(
            parts in prop::collection::vec((0..5_000_i128, 0..5_000_i128), 1..8),
            part in 0..=100_i128,
        ) {
            let weights: Vec<i128> = parts.iter().map(|(weight, _)| weight * COIN).collect();
            let caps: Vec<i128> = parts.iter().map(|(_, cap)| cap * COIN).collect();
            let amount = caps.iter().sum::<i128>() / COIN * part / 100 * COIN;
            let shares = spread(amount, &weights, &caps);
            prop_assert_eq!(shares.iter().sum::<i128>(), amount);
            for (share, cap) in shares.iter().zip(&caps) {
                prop_assert!((0..=*cap).contains(share) && share % COIN == 0);
            }
        }
    }
}
