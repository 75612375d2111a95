//! What people take off by hand, and how much of it they may.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::{Origin, Quote};
use crate::amount::{AmountError, Money};
use crate::percent::{Percent, PercentError};

/// What a person takes off a price: an amount, or a share of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Off {
    /// So much.
    Amount(Money),
    /// This share.
    Share(Percent),
}

impl Off {
    /// Nothing.
    pub const NOTHING: Self = Self::Amount(Money::ZERO);
}

impl Default for Off {
    fn default() -> Self {
        Self::NOTHING
    }
}

/// Why a text says nothing that can be taken off.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OffError {
    /// No share.
    #[error(transparent)]
    Share(#[from] PercentError),
    /// No amount.
    #[error(transparent)]
    Amount(#[from] AmountError),
}

impl FromStr for Off {
    type Err = OffError;

    /// Reads `5`, or `10%`.
    fn from_str(text: &str) -> Result<Self, OffError> {
        match text.trim().ends_with(['%', '％']) {
            true => Ok(Self::Share(text.parse()?)),
            false => Ok(Self::Amount(text.trim().parse()?)),
        }
    }
}

impl fmt::Display for Off {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Amount(amount) => write!(f, "{amount}"),
            Self::Share(share) => write!(f, "{share}%"),
        }
    }
}

/// How much a person may take off without asking; none: anything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Discounts {
    /// Of what is left of a line after promotions.
    pub line_max: Option<Percent>,
    /// Of what the basket comes to.
    pub basket_max: Option<Percent>,
}

/// More is taken off than somebody may.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TooMuchOff {
    /// Of a line.
    #[error("line {line}: {off} is taken off {of}; at most {max} % may be")]
    Line {
        /// Which, from one.
        line: usize,
        /// What is taken off.
        off: Money,
        /// Of what.
        of: Money,
        /// How much may be.
        max: Percent,
    },
    /// Of the basket.
    #[error("{off} is taken off the basket of {of}; at most {max} % may be")]
    Basket {
        /// What is taken off.
        off: Money,
        /// Of what.
        of: Money,
        /// How much may be.
        max: Percent,
    },
}

impl Discounts {
    /// Whether what people have taken off by hand is within it. A line whose price somebody has said is not
    /// judged, for its price is no less in their hand.
    pub fn allow(self, quote: &Quote) -> Result<(), TooMuchOff> {
        let lines = (1..).zip(&quote.lines);
        for (number, line) in lines.filter(|(_, line)| line.origin == Origin::Listed) {
            if let Some(max) = self.line_max
                && max.is_exceeded_by(line.by_hand, line.promoted)
            {
                let (off, of) = (line.by_hand, line.promoted);
                return Err(TooMuchOff::Line { line: number, off, of, max });
            }
        }
        let sum = |part: fn(&super::QuoteLine) -> Money| {
            // Sums of what was added up before.
            Money::sum(quote.lines.iter().map(part)).unwrap_or_default()
        };
        let off = sum(|line| line.basket_share);
        let of = sum(|line| line.promoted).minus(sum(|line| line.by_hand)).unwrap_or_default();
        match self.basket_max {
            Some(max) if max.is_exceeded_by(off, of) => Err(TooMuchOff::Basket { off, of, max }),
            _ => Ok(()),
        }
    }
}
