//! Vouchers (记账凭证): what facts come to in the accounts of a bookkeeper.
//!
//! [`entries`] says of a fact which amounts it moves and in which [`Role`]; a [`Mapping`] says which account
//! of the chart a role is at this store, for this category, payment method, tax rate or supplier; a
//! [`Journal`] gathers them to vouchers by day, by shift or by fact.
//!
//! Vouchers are to the cent, facts to the ten-thousandth. What a line is rounded by stays with its account
//! and goes into that account's next line, so an account is never further from the exact sum than half a
//! cent, however many vouchers there are. What a voucher's lines differ by then stands in the
//! rounding account. A fact that no rule maps is in no voucher: it is [`Unmapped`], and listed.

mod entry;
mod journal;
mod locked;
mod mapping;
mod remainder;
#[cfg(test)]
mod tests;
mod text;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::amount::{AmountError, MAX_MONEY, Money};
use crate::fact::PaymentMethod;
use crate::id::{FactId, StoreId};
use crate::time::BusinessDate;

pub use entry::{Entry, Role, Why, entries};
pub use journal::{Day, Journal};
pub use locked::{Locked, LockedStore};
pub use mapping::{
    Account, By, CHART, Correction, Dimension, Kind, Mapping, MappingError, Rule, Settings,
};
pub use remainder::{Remainder, Remainders};

/// Ten-thousandths in a cent.
const CENT: i128 = 100;

/// A voucher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voucher {
    /// Its name, which follows from what it is about: a fact that comes later doesn't change it.
    pub number: String,
    /// The day that it bears.
    #[serde(with = "text")]
    pub date: BusinessDate,
    /// Whose facts.
    pub store: StoreId,
    /// Of which kind the facts are, e.g. `sale`.
    pub kind: String,
    /// Of which shift, where vouchers are by shift.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub shift: Option<FactId>,
    /// Of which fact, where vouchers are by fact.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub fact: Option<FactId>,
    /// The first day to which its facts were booked, where the period of that day was closed before they came.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub late_of: Option<BusinessDate>,
    /// How many facts are in it.
    pub facts: u64,
    /// Debits, then credits; both come to the same.
    pub lines: Vec<Line>,
}

/// A line of a voucher (分录).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The code of the account.
    pub account: String,
    /// On which side.
    pub side: Side,
    /// How much; less than nothing in a red line (红字).
    #[serde(with = "text")]
    pub amount: Cents,
    /// What it is about beside the store (辅助核算).
    #[serde(flatten)]
    pub about: About,
}

/// What a line is about beside its account (辅助核算).
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct About {
    /// Which supplier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<Box<str>>,
    /// Goods of which category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Box<str>>,
    /// At which tax rate, in per cent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Box<str>>,
    /// Paid by which method.
    #[serde(default, with = "text::method", skip_serializing_if = "Option::is_none")]
    pub method: Option<PaymentMethod>,
}

/// A side of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// 借方.
    Debit,
    /// 贷方.
    Credit,
}

impl Side {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Debit => Self::Credit,
            Self::Credit => Self::Debit,
        }
    }
}

/// Money in whole cents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cents(i128);

impl Cents {
    /// So many cents.
    pub const fn new(cents: i128) -> Self {
        Self(cents)
    }

    /// How many.
    pub const fn get(self) -> i128 {
        self.0
    }
}

impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        f.pad(&format!("{sign}{}.{:02}", cents / 100, cents % 100))
    }
}

impl FromStr for Cents {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        let raw = i128::from(text.parse::<Money>()?.ten_thousandths());
        if raw % CENT == 0 {
            Ok(Self(raw / CENT))
        } else {
            Err(AmountError::TooPrecise { text: text.to_owned(), places: 2 })
        }
    }
}

impl Line {
    /// What it adds to its account, debits counting up.
    pub const fn change(&self) -> i128 {
        match self.side {
            Side::Debit => self.amount.0,
            Side::Credit => -self.amount.0,
        }
    }
}

impl Voucher {
    /// What its debits come to.
    pub fn total(&self) -> Cents {
        let debits = self.lines.iter().filter(|line| line.side == Side::Debit);
        Cents(debits.map(|line| line.amount.0).sum())
    }

    /// Whether debits and credits come to the same.
    pub fn is_balanced(&self) -> bool {
        self.lines.iter().map(Line::change).sum::<i128>() == 0
    }
}

/// A fact that is in no voucher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmapped {
    /// Whose.
    pub store: StoreId,
    /// Which.
    #[serde(with = "text")]
    pub fact: FactId,
    /// The day that it is booked to.
    #[serde(with = "text")]
    pub date: BusinessDate,
    /// Its number on paper.
    pub bill: String,
    /// Its kind.
    pub kind: String,
    /// Why.
    #[serde(flatten)]
    pub why: Why,
    /// What its debits come to, as far as they are known.
    #[serde(with = "text")]
    pub amount: Money,
}

/// An amount as money, at the most that there can be.
fn money(raw: i128) -> Money {
    let most = i128::from(MAX_MONEY);
    let raw = i64::try_from(raw.clamp(-most, most)).unwrap_or(MAX_MONEY);
    Money::from_ten_thousandths(raw).unwrap_or_default()
}
