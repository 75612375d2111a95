//! What is asked of a till beside selling: shifts and cash moves; goods exchanged.

use std::str::FromStr;

use ledger::amount::{AmountError, Money};
use ledger::fact::PaymentMethod;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{GiveBack, Pay, Sell};
use crate::text;

/// What is to be done with a till's drawer. At which till, says [`About`](super::About).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Shift {
    /// Begin a shift (开班).
    Open {
        /// The change in the drawer (备用金).
        #[serde(with = "text")]
        float: Money,
    },
    /// Put cash in (存入).
    CashIn {
        /// How much.
        #[serde(with = "text")]
        amount: Money,
        /// Why.
        reason: String,
    },
    /// Take cash out (取出).
    CashOut {
        /// How much.
        #[serde(with = "text")]
        amount: Money,
        /// Why.
        reason: String,
    },
    /// End the shift with what was counted (交班).
    Close {
        /// What was counted, by payment method; cash always.
        counted: Vec<CountedLine>,
    },
}

/// What was counted of a payment method. As text: `cash=523.00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountedLine {
    /// Which method.
    #[serde(with = "text::method")]
    pub method: PaymentMethod,
    /// How much was there.
    #[serde(with = "text")]
    pub amount: Money,
}

/// Why a text is not a count.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CountedError {
    /// Not of the form.
    #[error("`{text}` is not like cash=523.00")]
    Form {
        /// What was given.
        text: String,
    },
    /// The amount is no amount.
    #[error("`{text}` has a wrong amount")]
    Amount {
        /// What was given.
        text: String,
        /// Why.
        #[source]
        source: AmountError,
    },
}

impl FromStr for CountedLine {
    type Err = CountedError;

    fn from_str(text: &str) -> Result<Self, CountedError> {
        let form = || CountedError::Form { text: text.to_owned() };
        let (name, amount) = text.split_once('=').ok_or_else(form)?;
        let method = PaymentMethod::named(name).ok_or_else(form)?;
        let wrong = |source| CountedError::Amount { text: text.to_owned(), source };
        Ok(Self { method, amount: amount.parse().map_err(wrong)? })
    }
}

/// Goods that come back and others that go in their place, in one step (换货).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// What comes back; its own payments are left empty.
    pub back: GiveBack,
    /// What goes; its own payments are left empty.
    pub take: Sell,
    /// How the difference is paid, or paid back; empty for cash.
    #[serde(default)]
    pub payments: Vec<Pay>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read() {
        let counted: CountedLine = "card=12.50".parse().unwrap();
        assert_eq!(counted.method, PaymentMethod::Card);
        assert_eq!(counted.amount.to_string(), "12.5");
        assert!(matches!("card".parse::<CountedLine>(), Err(CountedError::Form { .. })));
        assert!(matches!("gold=1".parse::<CountedLine>(), Err(CountedError::Form { .. })));
        assert!(matches!("cash=x".parse::<CountedLine>(), Err(CountedError::Amount { .. })));
    }
}
