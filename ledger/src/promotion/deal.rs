//! What a promotion gives.

use std::fmt;
use std::str::FromStr;

use super::FieldProblem;
use crate::amount::Money;
use crate::percent::Percent;

/// The most pieces that one bundle or gift counts: a pallet.
pub const MAX_PIECES: u32 = 1_000;

/// The most steps of a clearance: one for each week of half a year.
pub const MAX_STEPS: usize = 26;

/// What a promotion gives. *Pieces* are whole units; what is weighed counts by its whole units. The limit of the
/// promotion counts what is said here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deal {
    /// A share off (折扣): `percent:20`. The limit counts units, the dearest first.
    Percent(Percent),
    /// An amount off each unit (直降): `each:2.50`. The limit counts units, the dearest first.
    Each(Money),
    /// An amount off the goods together (满减): `total:10`. Once for each time that the promotion's minimum is
    /// there, once at all where it has none.
    Total(Money),
    /// Of so many pieces the cheapest are free (买赠): `buy:2+1`.
    BuyGet {
        /// How many are paid for.
        buy: u32,
        /// How many come on top.
        get: u32,
    },
    /// Of every two pieces the cheaper one has a share off (第二件折扣): `second:50`.
    Second(Percent),
    /// Any so many pieces for a price (任选): `bundle:3=10`, the dearest first.
    Bundle {
        /// How many.
        pieces: u32,
        /// What they cost together.
        price: Money,
    },
    /// One of each of the products for a price (套餐): `set:19.90`.
    Set {
        /// What they cost together.
        price: Money,
    },
    /// A share off that grows (清仓): `clearance-date:0=10,7=20` by the days since the promotion began,
    /// `clearance-stock:60=20,90=40` by the days for which what is on hand would last. The limit counts units,
    /// the dearest first.
    Clearance {
        /// What days are counted.
        by: Age,
        /// From how many days on which share; the days grow.
        steps: Vec<Step>,
    },
}

/// What days a clearance counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// Those since the promotion began.
    Date,
    /// Those for which the stock would last. Goods of which nobody knows that are not cleared.
    Stock,
}

/// A step of a clearance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// From so many days on,
    pub days: u32,
    /// this share is off.
    pub off: Percent,
}

/// The share off after so many days.
pub(crate) fn off_after(steps: &[Step], days: u32) -> Percent {
    let reached = steps.iter().rev().find(|step| step.days <= days);
    reached.map_or(Percent::ZERO, |step| step.off)
}

impl fmt::Display for Deal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Percent(off) => write!(f, "percent:{off}"),
            Self::Each(off) => write!(f, "each:{off}"),
            Self::Total(off) => write!(f, "total:{off}"),
            Self::BuyGet { buy, get } => write!(f, "buy:{buy}+{get}"),
            Self::Second(off) => write!(f, "second:{off}"),
            Self::Bundle { pieces, price } => write!(f, "bundle:{pieces}={price}"),
            Self::Set { price } => write!(f, "set:{price}"),
            Self::Clearance { by, steps } => {
                let by = match by {
                    Age::Date => "date",
                    Age::Stock => "stock",
                };
                let step = |step: &Step| format!("{}={}", step.days, step.off);
                let steps: Vec<String> = steps.iter().map(step).collect();
                write!(f, "clearance-{by}:{}", steps.join(","))
            }
        }
    }
}

impl FromStr for Deal {
    type Err = FieldProblem;

    fn from_str(text: &str) -> Result<Self, FieldProblem> {
        let (kind, terms) = text.trim().split_once(':').ok_or(FieldProblem::Deal)?;
        Ok(match kind.trim() {
            "percent" => Self::Percent(share(terms)?),
            "each" => Self::Each(amount(terms)?),
            "total" => Self::Total(amount(terms)?),
            "buy" => {
                let (buy, get) = terms.split_once('+').ok_or(FieldProblem::Deal)?;
                Self::BuyGet { buy: pieces(buy)?, get: pieces(get)? }
            }
            "second" => Self::Second(share(terms)?),
            "bundle" => {
                let (count, price) = terms.split_once('=').ok_or(FieldProblem::Deal)?;
                Self::Bundle { pieces: pieces(count)?, price: amount(price)? }
            }
            "set" => Self::Set { price: amount(terms)? },
            "clearance-date" => Self::Clearance { by: Age::Date, steps: steps(terms)? },
            "clearance-stock" => Self::Clearance { by: Age::Stock, steps: steps(terms)? },
            _ => return Err(FieldProblem::Deal),
        })
    }
}

fn share(text: &str) -> Result<Percent, FieldProblem> {
    let share: Percent = text.parse().map_err(FieldProblem::Percent)?;
    if share.is_zero() { Err(FieldProblem::Zero) } else { Ok(share) }
}

/// More than nothing, in coins: less than a coin can't be given.
fn amount(text: &str) -> Result<Money, FieldProblem> {
    let amount: Money = text.trim().parse().map_err(FieldProblem::Amount)?;
    match amount.is_positive() && amount.to_coins() == amount {
        true => Ok(amount),
        false => Err(FieldProblem::Coins),
    }
}

fn pieces(text: &str) -> Result<u32, FieldProblem> {
    let count = text.trim().parse().ok().filter(|count| (1..=MAX_PIECES).contains(count));
    count.ok_or(FieldProblem::Pieces)
}

fn steps(text: &str) -> Result<Vec<Step>, FieldProblem> {
    let mut steps: Vec<Step> = Vec::new();
    for part in text.split([',', ' ']).filter(|part| !part.is_empty()) {
        let (days, off) = part.split_once('=').ok_or(FieldProblem::Steps)?;
        let days = days.trim().parse().map_err(|_| FieldProblem::Steps)?;
        if steps.last().is_some_and(|last| last.days >= days) {
            return Err(FieldProblem::Steps);
        }
        steps.push(Step { days, off: share(off)? });
    }
    if (1..=MAX_STEPS).contains(&steps.len()) { Ok(steps) } else { Err(FieldProblem::Steps) }
}
