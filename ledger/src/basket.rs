//! What a basket costs: the price of each line, what promotions and people take off it, and rounding.
//!
//! In this order:
//!
//! 1. A line whose price somebody has said costs that: no promotion touches it. Any other has the price of
//!    the customer's level. A member pays the member price where it is not above the retail price; a
//!    reseller the wholesale price where there is one.
//! 2. Lines of one product are one: how a customer's goods are spread over lines changes no total. Of the
//!    promotions that would take something off, the one of the highest priority is applied; of several, the
//!    one that takes off most; of several, the one whose number comes first. It takes the goods that it is
//!    on: those can only have others beside it that its [`Stacking`](crate::promotion::Stacking) allows, which
//!    then start from what is left of the price. This is done until none takes anything off. No promotion takes
//!    goods below their floor price.
//! 3. What a person takes off a line comes off what is left of it.
//! 4. What a person takes off the whole basket is spread over the lines by what is left of them, to the coin:
//!    those with the largest remainders bear the coins that are left over.
//! 5. What of the total is below the [`Rounding`] is left to the customer (抹零), spread in the same way over the
//!    lines whose price nobody has said.
//!
//! All amounts are whole coins, but for what comes off a price that somebody has said. A line never costs less than nothing. The total follows from what is in the basket,
//! not from the order of its lines (which only decides who bears a left-over coin).

mod deal;
mod discount;
mod level;
mod pool;
mod spread;

use thiserror::Error;

use crate::amount::{AmountError, Money, Quantity};
use crate::catalog::Product;
use crate::fact::{Cause, Priced, Reduction};
use crate::percent::COIN;
use crate::price::Level;
use crate::promotion::Promotion;
use crate::scope::Membership;
use crate::time::LocalTime;

pub use discount::{Discounts, Off, OffError, TooMuchOff};
pub(crate) use level::with_tax;
pub use level::{WholesaleTax, at_level};

use spread::spread;

/// What a customer wants to buy.
#[derive(Debug, Clone)]
pub struct Basket<'p> {
    /// The goods.
    pub lines: Vec<Line<'p>>,
    /// Whose prices hold.
    pub level: Level,
    /// What a person takes off all of it.
    pub off: Off,
}

/// Goods in a basket.
#[derive(Debug, Clone)]
pub struct Line<'p> {
    /// How much; more than nothing.
    pub quantity: Quantity,
    /// What it costs.
    pub price: Price<'p>,
    /// What a person takes off it.
    pub off: Off,
}

/// Where the price of a line comes from.
#[derive(Debug, Clone, Copy)]
pub enum Price<'p> {
    /// Somebody has said it.
    Said(Money),
    /// The product's price lists say it, and promotions may change it.
    Listed {
        /// The product, at the prices in force.
        product: &'p Product,
        /// For how many days what is on hand would last, where somebody has looked.
        stock_days: Option<u32>,
    },
}

/// Where the price of a line has come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Somebody has said it.
    Said,
    /// The price lists say it.
    Listed,
}

/// Where and when a basket is priced.
#[derive(Debug, Clone, Copy)]
pub struct Place<'s> {
    /// The store with its groups.
    pub store: &'s Membership,
    /// What the clock on its wall has shown.
    pub wall: LocalTime,
    /// To what totals are rounded.
    pub rounding: Rounding,
    /// Whether wholesale prices contain the tax.
    pub wholesale_tax: WholesaleTax,
}

/// To what the total of a basket is rounded down (抹零).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Rounding {
    /// To the coin, which it is anyway.
    #[default]
    Coin,
    /// To a tenth of the currency unit (角).
    Tenth,
    /// To the currency unit (元).
    One,
}

impl Rounding {
    /// What it rounds to, in ten-thousandths.
    const fn step(self) -> i128 {
        match self {
            Self::Coin => COIN,
            Self::Tenth => 1_000,
            Self::One => 10_000,
        }
    }
}

/// A basket with its price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// Its lines, in their order.
    pub lines: Vec<QuoteLine>,
}

/// What a line costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuoteLine {
    /// The price of a unit before anything comes off, tax included.
    pub list_price: Money,
    /// What comes off the line in all.
    pub discount: Money,
    /// Whose price it is, and the parts of the discount that have a cause of their own.
    pub priced: Priced,
    /// Where its price comes from.
    pub origin: Origin,
    /// What the line costs after promotions.
    pub promoted: Money,
    /// What a person has taken off the line.
    pub by_hand: Money,
    /// The line's share of what a person has taken off the basket.
    pub basket_share: Money,
    /// What it costs.
    pub total: Money,
}

/// Why a basket has no price.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BasketError {
    /// Nothing is sold at the floor price of all things.
    #[error("nobody buys at the level `floor`")]
    NoLevel,
    /// More is taken off a line than is left of its price.
    #[error("line {line}: {off} is taken off, {left} is left of its price")]
    LineOff {
        /// Which line, from one.
        line: usize,
        /// What is to be taken off.
        off: Money,
        /// What is left.
        left: Money,
    },
    /// More is taken off the basket than is left of its price.
    #[error("{off} is taken off the basket, which comes to {left}")]
    BasketOff {
        /// What is to be taken off.
        off: Money,
        /// What is left.
        left: Money,
    },
    /// Something is taken off that is less than nothing, or a part of a coin.
    #[error("line {line}: {off} cannot be taken off: it is no whole number of coins")]
    OddOff {
        /// Which line, from one; zero for the basket.
        line: usize,
        /// What is to be taken off.
        off: Money,
    },
    /// An amount leaves its range.
    #[error("line {line}: an amount is out of range")]
    Amount {
        /// Which line, from one; zero for the whole.
        line: usize,
        /// Why.
        #[source]
        source: AmountError,
    },
}

/// Prices a basket. Promotions that don't hold there and then may be among those given.
pub fn price<'a>(
    basket: &Basket<'_>,
    promotions: impl IntoIterator<Item = &'a Promotion>,
    place: Place<'_>,
) -> Result<Quote, BasketError> {
    if basket.level == Level::Floor {
        return Err(BasketError::NoLevel);
    }
    let lines = (1..).zip(&basket.lines).map(|(at, line)| Work::start(at, line, basket, place));
    let mut lines = lines.collect::<Result<Vec<_>, _>>()?;
    pool::promote(basket, &mut lines, promotions, place)?;
    for (at, (work, line)) in (1..).zip(lines.iter_mut().zip(&basket.lines)) {
        work.promoted = work.left;
        work.take_by_hand(at, line.off)?;
    }
    take_off_basket(&mut lines, basket.off)?;
    round(&mut lines, place.rounding);
    let lines = (1..).zip(lines).map(|(at, work)| work.finish(at));
    Ok(Quote { lines: lines.collect::<Result<_, _>>()? })
}

impl Quote {
    /// What the basket costs.
    pub fn total(&self) -> Result<Money, AmountError> {
        Money::sum(self.lines.iter().map(|line| line.total))
    }
}

/// A line while it is priced; amounts in ten-thousandths.
struct Work {
    level: Level,
    list_price: Money,
    /// The line without anything off.
    gross: i128,
    /// What is left of it.
    left: i128,
    /// How much promotions may still take off.
    room: i128,
    origin: Origin,
    promoted: i128,
    by_hand: i128,
    basket_share: i128,
    rounding_share: i128,
    reductions: Vec<(Cause, i128)>,
}

impl Work {
    fn start(
        at: usize,
        line: &Line<'_>,
        basket: &Basket<'_>,
        place: Place<'_>,
    ) -> Result<Self, BasketError> {
        let amount = amount_at(at);
        let (level, list_price, floor, origin) = match line.price {
            Price::Said(price) => (Level::Retail, price, Money::ZERO, Origin::Said),
            Price::Listed { product, .. } => {
                let (level, price) = at_level(product, basket.level, place.wholesale_tax);
                (level, price, product.floor_price.unwrap_or_default(), Origin::Listed)
            }
        };
        let gross = list_price.times(line.quantity).map_err(&amount)?.to_coins();
        let floor = floor.times(line.quantity).map_err(&amount)?;
        let (gross, floor) = (raw(gross), raw(floor));
        // Part of a coin below the floor is below the floor.
        let floor = (floor + COIN - 1).div_euclid(COIN) * COIN;
        Ok(Self {
            level,
            list_price,
            gross,
            left: gross,
            room: match origin {
                Origin::Listed => (gross - floor).max(0),
                Origin::Said => 0,
            },
            origin,
            promoted: gross,
            by_hand: 0,
            basket_share: 0,
            rounding_share: 0,
            reductions: Vec::new(),
        })
    }

    fn take_by_hand(&mut self, line: usize, off: Off) -> Result<(), BasketError> {
        let asked = match (off, self.origin) {
            // What was sold elsewhere stands as it was, also where it is no whole coin.
            (Off::Amount(amount), Origin::Said) => raw(amount),
            _ => off_of(off, self.left, line)?,
        };
        if asked > self.left && asked > 0 {
            let [off, left] = [asked, self.left].map(money);
            let amount = amount_at(line);
            return Err(BasketError::LineOff {
                line,
                off: off.map_err(&amount)?,
                left: left.map_err(&amount)?,
            });
        }
        self.by_hand = asked;
        self.left -= asked;
        Ok(())
    }

    fn finish(self, line: usize) -> Result<QuoteLine, BasketError> {
        let money = |raw| money(raw).map_err(amount_at(line));
        let basket = self.basket_share + self.rounding_share;
        let named = self.reductions.into_iter().chain([(Cause::Basket, basket)]);
        let reductions = named
            .filter(|(_, amount)| *amount > 0)
            .map(|(cause, amount)| Ok(Reduction { cause, amount: money(amount)? }))
            .collect::<Result<_, _>>()?;
        Ok(QuoteLine {
            list_price: self.list_price,
            discount: money(self.gross - self.left)?,
            priced: Priced { level: self.level, reductions, ..Priced::default() },
            origin: self.origin,
            promoted: money(self.promoted)?,
            by_hand: money(self.by_hand)?,
            basket_share: money(self.basket_share)?,
            total: money(self.left)?,
        })
    }
}

fn take_off_basket(lines: &mut [Work], off: Off) -> Result<(), BasketError> {
    let total: i128 = lines.iter().map(|work| work.left).sum();
    let asked = off_of(off, total, 0)?;
    if asked == 0 {
        return Ok(());
    }
    if asked > total {
        let [off, left] = [asked, total].map(money);
        let amount = amount_at(0);
        return Err(BasketError::BasketOff {
            off: off.map_err(&amount)?,
            left: left.map_err(&amount)?,
        });
    }
    let left: Vec<i128> = lines.iter().map(|work| work.left).collect();
    for (work, share) in lines.iter_mut().zip(spread(asked, &left, &left)) {
        work.basket_share = share;
        work.left -= share;
    }
    Ok(())
}

fn round(lines: &mut [Work], rounding: Rounding) {
    let total: i128 = lines.iter().map(|work| work.left).sum();
    let open = |work: &Work| match work.origin {
        Origin::Listed => work.left,
        Origin::Said => 0,
    };
    let open: Vec<i128> = lines.iter().map(open).collect();
    let odd = total.rem_euclid(rounding.step()).min(open.iter().sum());
    let odd = odd.max(0) / COIN * COIN;
    for (work, share) in lines.iter_mut().zip(spread(odd, &open, &open)) {
        work.rounding_share = share;
        work.left -= share;
    }
}

/// What comes off an amount, in ten-thousandths.
fn off_of(off: Off, left: i128, line: usize) -> Result<i128, BasketError> {
    match off {
        Off::Share(share) => Ok(share.of_raw(left)),
        Off::Amount(amount) if amount.is_negative() || amount.to_coins() != amount => {
            Err(BasketError::OddOff { line, off: amount })
        }
        Off::Amount(amount) => Ok(raw(amount)),
    }
}

fn raw(money: Money) -> i128 {
    money.ten_thousandths().into()
}

fn money(raw: i128) -> Result<Money, AmountError> {
    let raw = i64::try_from(raw).map_err(|_| AmountError::OutOfRange)?;
    Money::from_ten_thousandths(raw)
}

fn amount_at(line: usize) -> impl Fn(AmountError) -> BasketError {
    move |source| BasketError::Amount { line, source }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
