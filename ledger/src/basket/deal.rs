//! What a promotion takes off goods, as they stand.

use std::cmp::Reverse;

use super::pool::Pool;
use super::raw;
use super::spread::spread;
use crate::amount::Money;
use crate::percent::{COIN, Percent};
use crate::promotion::{Age, Deal, Promotion, off_after};
use crate::time::LocalTime;

/// Thousandths in a whole unit.
const UNIT: i128 = 1_000;

/// What a promotion takes off of which of the goods that are open to it; amounts in ten-thousandths, in
/// whole coins and within what may come off.
pub(super) fn cuts(
    promotion: &Promotion,
    pools: &[Pool<'_>],
    open: &[usize],
    wall: LocalTime,
) -> Vec<(usize, i128)> {
    let goods = Goods { pools, open, limit: promotion.limit.map(i128::from) };
    let cuts = match &promotion.deal {
        Deal::Percent(off) => goods.shares_off(|_| *off),
        Deal::Each(off) => goods.each_off(raw(*off)),
        Deal::Total(off) => goods.together_off(raw(*off) * goods.times_reached(promotion)),
        Deal::BuyGet { buy, get } => {
            let (buy, get) = (i128::from(*buy), i128::from(*get));
            let times = goods.at_most(goods.pieces() / (buy + get));
            goods.cheapest_off(times * get, Percent::ALL)
        }
        Deal::Second(off) => goods.cheapest_off(goods.at_most(goods.pieces() / 2), *off),
        Deal::Bundle { pieces, price } => goods.bundled(i128::from(*pieces), raw(*price)),
        Deal::Set { price } => goods.as_sets(promotion.goods.skus.len(), *price),
        Deal::Clearance { by, steps } => {
            let began = promotion.window.from.map_or(0, |from| days_between(from, wall));
            goods.shares_off(|pool| match by {
                Age::Date => off_after(steps, began),
                Age::Stock => pool.stock_days.map_or(Percent::ZERO, |days| off_after(steps, days)),
            })
        }
    };
    let capped = cuts.into_iter().map(|(at, cut)| (at, cut.min(pools[at].room)));
    capped.filter(|(_, cut)| *cut > 0).collect()
}

fn days_between(from: LocalTime, to: LocalTime) -> u32 {
    let span = to.day().date().since(from.day().date());
    span.ok().and_then(|span| span.get_days().try_into().ok()).unwrap_or(0)
}

/// The goods of one promotion.
struct Goods<'a> {
    pools: &'a [Pool<'a>],
    open: &'a [usize],
    limit: Option<i128>,
}

/// So many thousandths of a unit of a pool.
type Share = (usize, i128);

impl Goods<'_> {
    fn pieces(&self) -> i128 {
        self.open.iter().map(|at| self.pools[*at].pieces()).sum()
    }

    fn at_most(&self, times: i128) -> i128 {
        self.limit.map_or(times, |limit| times.min(limit))
    }

    /// The pools, the dearest unit first; of units of one price the one whose SKU comes first.
    fn dearest_first(&self) -> Vec<usize> {
        let mut order = self.open.to_vec();
        // As thousandths of ten-thousandths: two prices that differ by less are the same to a till.
        order.sort_by_key(|at| {
            let pool = &self.pools[*at];
            (Reverse(pool.left * UNIT * UNIT / pool.quantity.max(1)), *at)
        });
        order
    }

    /// What of each pool a limit that counts units leaves, the dearest first.
    fn limited(&self) -> Vec<Share> {
        let mut left = self.limit.map(|limit| limit * UNIT);
        let share = |at: usize| {
            let quantity = self.pools[at].quantity;
            let taken = left.map_or(quantity, |left| quantity.min(left));
            left = left.map(|left| left - taken);
            (at, taken)
        };
        self.dearest_first().into_iter().map(share).collect()
    }

    fn shares_off(&self, off: impl Fn(&Pool<'_>) -> Percent) -> Vec<(usize, i128)> {
        let cut = |(at, quantity): Share| {
            let pool = &self.pools[at];
            (at, off(pool).of_raw(pool.worth(quantity)))
        };
        self.limited().into_iter().map(cut).collect()
    }

    fn each_off(&self, off: i128) -> Vec<(usize, i128)> {
        let cut = |(at, quantity): Share| {
            let worth = coins(self.pools[at].worth(quantity));
            (at, coins(off * quantity / UNIT).min(worth))
        };
        self.limited().into_iter().map(cut).collect()
    }

    /// How often the minimum of a promotion is there.
    fn times_reached(&self, promotion: &Promotion) -> i128 {
        let sum = |part: fn(&Pool<'_>) -> i128| {
            self.open.iter().map(|at| part(&self.pools[*at])).sum::<i128>()
        };
        let amount = promotion.min_amount.map(|least| sum(|pool| pool.gross) / raw(least));
        let quantity = promotion
            .min_quantity
            .map(|least| sum(|pool| pool.quantity) / i128::from(least.thousandths()));
        self.at_most(amount.into_iter().chain(quantity).min().unwrap_or(1))
    }

    /// An amount off all of the goods together.
    fn together_off(&self, off: i128) -> Vec<(usize, i128)> {
        let whole = |at: &usize| (*at, self.pools[*at].left);
        self.spread(off, &self.open.iter().map(whole).collect::<Vec<_>>())
    }

    /// A share off the cheapest pieces.
    fn cheapest_off(&self, pieces: i128, off: Percent) -> Vec<(usize, i128)> {
        let mut left = pieces;
        let mut cuts = Vec::new();
        for at in self.dearest_first().into_iter().rev() {
            let pool = &self.pools[at];
            let taken = pool.pieces().min(left);
            left -= taken;
            cuts.push((at, off.of_raw(pool.worth(taken * UNIT))));
        }
        cuts
    }

    /// Any so many pieces for a price, as long as that is less than they cost.
    fn bundled(&self, pieces: i128, price: i128) -> Vec<(usize, i128)> {
        let mut bundles_left = self.limit;
        let mut worth: Vec<(usize, i128)> = Vec::new();
        let mut saved = 0;
        let mut begun = Bundle::default();
        for at in self.dearest_first() {
            let pool = &self.pools[at];
            let (mut there, mut used) = (pool.pieces(), 0);
            while there > 0 && bundles_left.is_none_or(|left| left > 0) {
                // Bundles of this product alone are all the same.
                let bundles = match begun.pieces {
                    0 => bundles_left.map_or(there / pieces, |left| left.min(there / pieces)),
                    _ => 0,
                };
                let taken =
                    if bundles > 0 { bundles * pieces } else { there.min(pieces - begun.pieces) };
                let value = pool.worth((used + taken) * UNIT) - pool.worth(used * UNIT);
                (there, used) = (there - taken, used + taken);
                begun.pieces += taken;
                begun.goods.push((at, value));
                if begun.pieces < pieces {
                    continue;
                }
                let bundles = begun.pieces / pieces;
                let saves =
                    begun.goods.iter().map(|(_, value)| value).sum::<i128>() - bundles * price;
                if saves <= 0 {
                    // Those that follow are of cheaper goods.
                    return self.spread(coins(saved), &worth);
                }
                saved += saves;
                worth.append(&mut begun.goods);
                begun.pieces = 0;
                bundles_left = bundles_left.map(|left| left - bundles);
            }
        }
        self.spread(coins(saved), &worth)
    }

    /// One of each product for a price.
    fn as_sets(&self, products: usize, price: Money) -> Vec<(usize, i128)> {
        let pieces = self.open.iter().map(|at| self.pools[*at].pieces()).min();
        let sets = self.at_most(pieces.filter(|_| self.open.len() == products).unwrap_or(0));
        let worth = |at: &usize| (*at, self.pools[*at].worth(sets * UNIT));
        let worth: Vec<(usize, i128)> = self.open.iter().map(worth).collect();
        let saved = worth.iter().map(|(_, value)| value).sum::<i128>() - sets * raw(price);
        self.spread(coins(saved.max(0)), &worth)
    }

    /// Spreads an amount over goods by what they are worth, as far as it may come off them.
    fn spread(&self, amount: i128, worth: &[(usize, i128)]) -> Vec<(usize, i128)> {
        let of = |at: &usize| worth.iter().filter(|(of, _)| of == at).map(|(_, value)| value).sum();
        let weights: Vec<i128> = self.open.iter().map(of).collect();
        let room = |(at, weight): (&usize, &i128)| self.pools[*at].room.min(coins(*weight));
        let caps: Vec<i128> = self.open.iter().zip(&weights).map(room).collect();
        let amount = amount.min(caps.iter().sum());
        self.open.iter().copied().zip(spread(amount, &weights, &caps)).collect()
    }
}

/// A bundle that is not full yet.
#[derive(Default)]
struct Bundle {
    pieces: i128,
    goods: Vec<(usize, i128)>,
}

/// What of an amount is whole coins, to the nearest.
fn coins(raw: i128) -> i128 {
    (raw + COIN / 2).div_euclid(COIN) * COIN
}
