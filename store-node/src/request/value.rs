//! Stored value: topped up, and paid out again.

use ledger::amount::Money;
use ledger::fact::PaymentMethod;
use ledger::id::LetterNo;
use serde::{Deserialize, Serialize};

use crate::text;

/// A member pays money in. Whose it is stands in the request's [`About`](super::About).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopUp {
    /// How much.
    #[serde(with = "text")]
    pub amount: Money,
    /// How it is paid.
    #[serde(with = "text::method")]
    pub method: PaymentMethod,
}

/// A member gets money back for value, because a letter of head office allows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayOut {
    /// The letter.
    #[serde(with = "text")]
    pub letter: LetterNo,
    /// How much.
    #[serde(with = "text")]
    pub amount: Money,
    /// How it goes out.
    #[serde(with = "text::method")]
    pub method: PaymentMethod,
}
