//! How head office shares a member's value out among stores, so that most of it can be spent without
//! asking.

use super::Holder;

/// The most stores among which one member's value is shared: people shop at a few. In a larger chain
/// these are the ones where the member has been.
pub const MAX_HOLDERS: usize = 8;

/// What head office keeps, in hundredths of the balance: for a store where the member turns up that
/// has too little. (Nine tenths are to be usable without contact, shares that are left over included.)
const RESERVE: i64 = 5;

/// How much of the shares goes by what was spent where, in hundredths; the rest to all alike, for
/// people also shop where they haven't been.
const BY_DEMAND: i64 = 90;

/// A store is topped up when it has less than this of its share, and head office when it has less of its
/// reserve, in hundredths: not after each sale.
const REFILL: i64 = 75;

/// Shares are whole amounts of the smallest coin.
const COIN: i64 = 100;

/// A store, as value is shared out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Which.
    pub holder: Holder,
    /// What it has, with what is on its way there, less what it was asked to give back.
    pub has: i64,
    /// How much the member has spent there.
    pub spent: i64,
}

/// What is to be granted to each store, or asked back from it where that is less than nothing, given the
/// member's balance and what the pool has. Stores that have enough are left alone.
pub fn share(balance: i64, pool: i64, stores: &[Share]) -> Vec<(Holder, i64)> {
    let Ok(count) = i64::try_from(stores.len()) else { return Vec::new() };
    if count == 0 || balance <= 0 {
        return Vec::new();
    }
    let spent: i128 = stores.iter().map(|store| i128::from(store.spent.max(0))).sum();
    let reserve = part(balance, RESERVE);
    let to_share = balance - reserve;
    let target = |store: &Share| {
        let alike = i128::from(to_share) / i128::from(count);
        let by_demand = match spent {
            0 => alike,
            spent => i128::from(to_share) * i128::from(store.spent.max(0)) / spent,
        };
        let target =
            (alike * i128::from(100 - BY_DEMAND) + by_demand * i128::from(BY_DEMAND)) / 100;
        i64::try_from(target).unwrap_or(i64::MAX) / COIN * COIN
    };
    let mut moves = Vec::new();
    let (mut left, mut missing) = (pool.max(0), 0_i64);
    for store in stores {
        let target = target(store);
        if store.has >= part(target, REFILL) || target <= store.has {
            continue;
        }
        let wanted = target - store.has;
        let given = wanted.min(left);
        left -= given;
        missing = missing.saturating_add(wanted - given);
        if given > 0 {
            moves.push((store.holder.clone(), given));
        }
    }
    if left < part(reserve, REFILL) {
        missing = missing.saturating_add(reserve - left);
    }
    for store in stores {
        let over = store.has.saturating_sub(target(store));
        if missing > 0 && over > 0 {
            let back = over.min(missing);
            missing -= back;
            moves.push((store.holder.clone(), -back));
        }
    }
    moves
}

/// So many hundredths of an amount.
fn part(amount: i64, hundredths: i64) -> i64 {
    let part = i128::from(amount) * i128::from(hundredths) / 100;
    i64::try_from(part).unwrap_or(i64::MAX)
}
