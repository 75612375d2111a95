//! How much to order of one product for one store.

use super::{Demand, Limits, LimitsFrom};
use crate::amount::{MAX_QUANTITY, Money, Quantity};
use crate::catalog::Product;
use crate::id::SupplierId;

/// What a store has of a product and awaits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// On the shelf; negative when more was sold than booked in.
    pub on_hand: Quantity,
    /// Promised to others of that.
    pub reserved: Quantity,
    /// On its way from other stores.
    pub incoming: Quantity,
    /// Ordered from suppliers and not yet received.
    pub on_order: Quantity,
}

impl Standing {
    /// What there will be when all that is promised has left and all that is awaited has come, in
    /// thousandths.
    fn position(&self) -> i64 {
        // Four quantities fit an i64 millions of times.
        self.on_hand.thousandths() - self.reserved.thousandths()
            + self.incoming.thousandths()
            + self.on_order.thousandths()
    }
}

/// How a product is bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Days from an order to its delivery (到货周期).
    pub lead_days: u32,
    /// Days from one look at the plan to the next (订货周期).
    pub review_days: u32,
    /// Only multiples of this are sold; none: any quantity.
    pub pack: Option<Quantity>,
    /// The least that is sold at once (最小起订量).
    pub minimum: Option<Quantity>,
    /// An order is due, too, when less than this share of the room between the limits is left, in per
    /// cent (补货点): for goods that sell by jumps that no history foretells. Zero: only when what was
    /// sold at worst asks for it.
    pub refill_percent: u8,
}

impl Terms {
    /// For how many days a store must be able to sell on what it has and awaits: until the order of
    /// the next look arrives.
    pub const fn reach(&self) -> u32 {
        self.lead_days.saturating_add(self.review_days)
    }

    /// Of what an order is a multiple: one unit where packs are of no size.
    pub(super) fn step(&self) -> Quantity {
        self.pack.filter(|pack| pack.is_positive()).unwrap_or(Quantity::ONE)
    }
}

/// What to buy of one product for one store, and what that follows from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanLine {
    /// The product.
    pub product: Product,
    /// What there is of it and is awaited.
    pub standing: Standing,
    /// What is expected to be sold.
    pub demand: Demand,
    /// Between what it is kept.
    pub limits: Limits,
    /// Who says so.
    pub limits_from: LimitsFrom,
    /// From whom, if anybody offers it: whoever asks least.
    pub supplier: Option<SupplierId>,
    /// What a unit of so many costs there without tax, or else as the catalog says.
    pub list_price: Option<Money>,
    /// The same, less what comes off the whole order to that supplier.
    pub unit_price: Option<Money>,
    /// How it is bought.
    pub terms: Terms,
    /// How much to order.
    pub proposal: Proposal,
}

/// What to order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// How much; zero where nothing is due.
    pub quantity: Quantity,
    /// Whether something is due.
    pub due: Due,
    /// What a person should look at.
    pub concerns: Vec<Concern>,
}

/// Whether an order is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// What there is and is awaited lasts.
    No,
    /// It may fall below the minimum before the next order could arrive.
    Soon,
    /// It is below the minimum now, whatever is awaited.
    Now,
}

/// What is not as it should be about a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concern {
    /// The room between the limits is less than what may be sold until a delivery: the store will fall
    /// below its minimum at times.
    TightLimits,
    /// Even the least that can be ordered is more than there is room for.
    AboveMaximum,
    /// There is and is awaited more than the maximum.
    Overstocked,
    /// All that is ordered of this supplier comes to less than it delivers for.
    BelowOrderMinimum,
}

/// Says how much to order. Never fails: what does not fit is a [`Concern`].
pub fn propose(standing: &Standing, limits: &Limits, demand: &Demand, terms: &Terms) -> Proposal {
    let position = standing.position();
    let (min, peak) = (limits.min.thousandths(), demand.peak().thousandths());
    let step = terms.step().thousandths();
    let max = match limits.max {
        Some(max) => max.thousandths().max(min),
        // What may go until the next order arrives, and what is expected until the one after that.
        None => min + peak + demand.expected(terms.review_days).thousandths() + step,
    };
    let mut concerns = Vec::new();
    // An order has room for whole packs only.
    if peak > 0 && max - min < peak.saturating_add(step) {
        concerns.push(Concern::TightLimits);
    }
    if position > max {
        concerns.push(Concern::Overstocked);
    }
    // Percents of a quantity fit an i64 by far.
    let refill = (max - min) / 100 * i64::from(terms.refill_percent.min(100));
    let enough = min + peak.max(refill);
    let due = if standing.on_hand.thousandths() < min {
        Due::Now
    } else if position < enough {
        Due::Soon
    } else {
        Due::No
    };
    let quantity = match due_quantity(position, enough, max, terms) {
        Fits::Nothing => 0,
        Fits::Within(quantity) => quantity,
        Fits::Beyond(quantity) => {
            concerns.push(Concern::AboveMaximum);
            quantity
        }
    };
    let quantity = Quantity::from_thousandths(quantity.min(MAX_QUANTITY / step * step));
    Proposal { quantity: quantity.unwrap_or_default(), due, concerns }
}

/// What an order comes to, against the room for it.
enum Fits {
    Nothing,
    Within(i64),
    /// More than there is room for. With the minimum in danger a pack too many is the smaller evil.
    Beyond(i64),
}

/// How much fills a position that is under `enough` up to `max`, in whole packs.
fn due_quantity(position: i64, enough: i64, max: i64, terms: &Terms) -> Fits {
    if position >= enough || position >= max {
        return Fits::Nothing;
    }
    let (step, room) = (terms.step().thousandths(), max - position);
    let least = terms.minimum.map_or(0, Quantity::thousandths).max(1);
    let full = room / step * step;
    if full >= least {
        return Fits::Within(full);
    }
    let packs = least / step + i64::from(least % step > 0);
    Fits::Beyond(packs.saturating_mul(step))
}
