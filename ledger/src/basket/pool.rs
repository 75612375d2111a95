//! Which promotions are applied to a basket, and in which order.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::spread::spread;
use super::{Basket, BasketError, Place, Price, Work, deal, raw};
use crate::catalog::Product;
use crate::fact::Cause;
use crate::id::Sku;
use crate::promotion::{Promotion, Stacking};

/// All of one product in a basket; amounts in ten-thousandths.
pub(super) struct Pool<'p> {
    product: &'p Product,
    lines: Vec<usize>,
    /// In thousandths of the unit.
    pub(super) quantity: i128,
    /// What it costs without promotions.
    pub(super) gross: i128,
    /// What is left of that.
    pub(super) left: i128,
    /// How much may still come off.
    pub(super) room: i128,
    pub(super) stock_days: Option<u32>,
    taken: Taken<'p>,
}

/// By which promotions goods are taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Taken<'a> {
    By(Option<&'a str>),
    Not,
}

/// A promotion that is on goods of the basket.
struct Candidate<'a> {
    promotion: &'a Promotion,
    /// The pools of its goods.
    goods: Vec<usize>,
    /// What it would take off of which pool, as they stand.
    cuts: Vec<(usize, i128)>,
    saves: i128,
}

/// Applies promotions to the lines that have a list price.
pub(super) fn promote<'a>(
    basket: &Basket<'_>,
    lines: &mut [Work],
    promotions: impl IntoIterator<Item = &'a Promotion>,
    place: Place<'_>,
) -> Result<(), BasketError> {
    let mut pools = pools(basket, lines);
    let timely = promotions.into_iter().filter(|promotion| {
        promotion.levels.contains(&basket.level) && promotion.holds(place.store, place.wall)
    });
    let mut candidates: Vec<Candidate<'_>> =
        timely.filter_map(|promotion| Candidate::of(promotion, &pools, place)).collect();
    while let Some(best) = best(&candidates) {
        let Candidate { promotion, cuts, goods, .. } = candidates.swap_remove(best);
        for (at, cut) in cuts {
            take(&mut pools[at], lines, promotion, cut);
        }
        let by = match &promotion.stacking {
            Stacking::Exclusive => None,
            Stacking::With(group) => Some(&**group),
        };
        let now: Vec<usize> =
            goods.into_iter().filter(|at| pools[*at].is_open_to(promotion)).collect();
        for at in &now {
            pools[*at].taken = Taken::By(by);
        }
        for other in &mut candidates {
            if other.goods.iter().any(|at| now.contains(at)) {
                other.look(&pools, place);
            }
        }
        candidates.retain(|candidate| candidate.saves > 0);
    }
    Ok(())
}

/// The goods of a basket by product, in the order of their SKUs.
fn pools<'p>(basket: &Basket<'p>, lines: &[Work]) -> Vec<Pool<'p>> {
    let mut pools: BTreeMap<&Sku, Pool<'p>> = BTreeMap::new();
    for (at, (line, work)) in basket.lines.iter().zip(lines).enumerate() {
        let Price::Listed { product, stock_days } = line.price else { continue };
        let pool = pools.entry(&product.sku).or_insert_with(|| Pool {
            product,
            lines: Vec::new(),
            quantity: 0,
            gross: 0,
            left: 0,
            room: 0,
            stock_days,
            taken: Taken::Not,
        });
        pool.lines.push(at);
        pool.quantity += i128::from(line.quantity.thousandths());
        pool.gross += work.gross;
        pool.left += work.left;
        pool.room += work.room;
    }
    pools.into_values().collect()
}

impl Pool<'_> {
    /// How many whole units there are.
    pub(super) fn pieces(&self) -> i128 {
        self.quantity / 1_000
    }

    /// What is left of the price of so many thousandths of it.
    pub(super) fn worth(&self, quantity: i128) -> i128 {
        self.left * quantity / self.quantity.max(1)
    }

    fn is_open_to(&self, promotion: &Promotion) -> bool {
        match (self.taken, &promotion.stacking) {
            (Taken::Not, _) => true,
            (Taken::By(Some(by)), Stacking::With(group)) => by == &**group,
            _ => false,
        }
    }
}

impl<'a> Candidate<'a> {
    /// The promotion, if it takes something off.
    fn of(promotion: &'a Promotion, pools: &[Pool<'_>], place: Place<'_>) -> Option<Self> {
        let of = |(at, pool): (usize, &Pool<'_>)| promotion.goods.cover(pool.product).then_some(at);
        let goods: Vec<usize> = pools.iter().enumerate().filter_map(of).collect();
        if goods.is_empty() {
            return None;
        }
        let mut candidate = Self { promotion, goods, cuts: Vec::new(), saves: 0 };
        candidate.look(pools, place);
        (candidate.saves > 0).then_some(candidate)
    }

    /// Looks at what it would take off now.
    fn look(&mut self, pools: &[Pool<'_>], place: Place<'_>) {
        let promotion = self.promotion;
        let open = self.goods.iter().copied().filter(|at| pools[*at].is_open_to(promotion));
        let open: Vec<usize> = open.collect();
        self.cuts = if is_enough(promotion, pools, &open) {
            deal::cuts(promotion, pools, &open, place.wall)
        } else {
            Vec::new()
        };
        self.saves = self.cuts.iter().map(|(_, cut)| cut).sum();
    }
}

/// Whether the goods reach the promotion's minimum.
fn is_enough(promotion: &Promotion, pools: &[Pool<'_>], open: &[usize]) -> bool {
    let sum = |part: fn(&Pool<'_>) -> i128| open.iter().map(|at| part(&pools[*at])).sum::<i128>();
    let quantity = promotion.min_quantity.map(|least| i128::from(least.thousandths()));
    let amount = promotion.min_amount.map(raw);
    quantity.is_none_or(|least| sum(|pool| pool.quantity) >= least)
        && amount.is_none_or(|least| sum(|pool| pool.gross) >= least)
}

/// The one to apply next.
fn best(candidates: &[Candidate<'_>]) -> Option<usize> {
    let rank = |candidate: &Candidate<'_>| {
        let promotion = candidate.promotion;
        (promotion.priority, candidate.saves, Reverse(promotion.id.clone()))
    };
    (0..candidates.len()).max_by_key(|at| rank(&candidates[*at]))
}

/// Takes an amount off a product, spread over its lines.
fn take(pool: &mut Pool<'_>, lines: &mut [Work], promotion: &Promotion, cut: i128) {
    pool.left -= cut;
    pool.room -= cut;
    let of = |part: fn(&Work) -> i128| pool.lines.iter().map(|at| part(&lines[*at])).collect();
    let (weights, caps): (Vec<i128>, Vec<i128>) = (of(|work| work.left), of(|work| work.room));
    let shares = spread(cut, &weights, &caps);
    for (at, share) in pool.lines.iter().zip(shares).filter(|(_, share)| *share > 0) {
        let work = &mut lines[*at];
        work.left -= share;
        work.room -= share;
        work.reductions.push((Cause::Promotion(promotion.id.clone()), share));
    }
}
