//! What a check can say: where something differs, what was due, what was found, what to do.

use std::fmt;
use std::str::FromStr;

use crate::fact::Fact;
use crate::fold::Balance;
use crate::id::{BillNo, FactId, IdError, Sku, StoreId};
use crate::time::{BusinessDate, Timestamp};

/// A check. Its name is its id in reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    /// [`stock`](super::stock): opening + in − out = closing (库存平衡).
    StockEquation,
    /// [`accounts`](super::accounts): a SKU's accounts add up to nothing (科目平衡).
    AccountSum,
    /// [`sequence`](super::sequence): facts are numbered without gaps (流水连号).
    Sequence,
    /// [`bills`](super::bills): a bill number names one fact (单号唯一).
    DuplicateBill,
    /// [`bills`](super::bills): a day's bills are numbered without gaps (单号连续).
    MissingBill,
    /// [`bills`](super::bills): a bill names its own store, history and day (单号归属).
    MisnamedBill,
    /// [`shelf`](super::shelf): nothing on hand is less than nothing (负库存).
    NegativeStock,
    /// [`shelf`](super::shelf): what is not there is worth nothing (零库存有金额).
    ValueWithoutQuantity,
    /// [`receipt`](super::receipt): what was paid is what was due (收款相符).
    Payments,
    /// [`receipt`](super::receipt): quantity × price − discount = total (行金额).
    LineTotal,
    /// [`receipt`](super::receipt): nothing is sold below nothing (低于零价).
    BelowNothing,
    /// [`receipt`](super::receipt): the goods of the receipt are the goods that moved (货单相符).
    ReceiptGoods,
    /// [`clock`](super::clock): times do not run backwards or ahead (时钟偏差).
    ClockSkew,
    /// [`clock`](super::clock): a day is not over before it began (业务日期).
    ImplausibleDate,
    /// [`references`](super::references): a fact that is named exists (引用有效).
    OrphanReference,
    /// [`close`](super::close): a closed day is what its store said of it (日结相符).
    SignedClose,
    /// [`close`](super::close): a close is signed with a key of its store (日结签名).
    CloseSignature,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Can happen in an honest shop; a person should look.
    Warning,
    /// Cannot happen while everything works: the numbers can't be trusted there.
    Error,
}

impl Severity {
    /// Both, the lesser first.
    pub const ALL: [Self; 2] = [Self::Warning, Self::Error];

    /// Its name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The severity of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }
}

impl Check {
    /// Every check, in the order in which reports list them.
    pub const ALL: [Self; 17] = [
        Self::StockEquation,
        Self::AccountSum,
        Self::Sequence,
        Self::DuplicateBill,
        Self::MissingBill,
        Self::MisnamedBill,
        Self::NegativeStock,
        Self::ValueWithoutQuantity,
        Self::Payments,
        Self::LineTotal,
        Self::BelowNothing,
        Self::ReceiptGoods,
        Self::ClockSkew,
        Self::ImplausibleDate,
        Self::OrphanReference,
        Self::SignedClose,
        Self::CloseSignature,
    ];

    /// Its id in reports and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::StockEquation => "stock-equation",
            Self::AccountSum => "account-sum",
            Self::Sequence => "sequence",
            Self::DuplicateBill => "duplicate-bill",
            Self::MissingBill => "missing-bill",
            Self::MisnamedBill => "misnamed-bill",
            Self::NegativeStock => "negative-stock",
            Self::ValueWithoutQuantity => "value-without-quantity",
            Self::Payments => "payments",
            Self::LineTotal => "line-total",
            Self::BelowNothing => "below-nothing",
            Self::ReceiptGoods => "receipt-goods",
            Self::ClockSkew => "clock-skew",
            Self::ImplausibleDate => "implausible-date",
            Self::OrphanReference => "orphan-reference",
            Self::SignedClose => "signed-close",
            Self::CloseSignature => "close-signature",
        }
    }

    /// The check of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|check| check.name() == name)
    }

    /// How bad its findings are.
    pub const fn severity(self) -> Severity {
        match self {
            Self::StockEquation
            | Self::AccountSum
            | Self::Sequence
            | Self::DuplicateBill
            | Self::ValueWithoutQuantity
            | Self::Payments
            | Self::LineTotal
            | Self::BelowNothing
            | Self::ReceiptGoods
            | Self::OrphanReference
            | Self::SignedClose
            | Self::CloseSignature => Severity::Error,
            // A sale is never refused for want of stock, clocks are set by people, and whether
            // facts are missing is what their sequence says, not their bills.
            Self::MissingBill
            | Self::MisnamedBill
            | Self::NegativeStock
            | Self::ClockSkew
            | Self::ImplausibleDate => Severity::Warning,
        }
    }
}

/// Something that does not agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which check says so.
    pub check: Check,
    /// Where; none: in the chain as a whole.
    pub store: Option<StoreId>,
    /// Of what, for checks of stock.
    pub sku: Option<Sku>,
    /// On which day, or since which; none: on no day in particular.
    pub date: Option<BusinessDate>,
    /// The first fact from which on it does not agree, where one can be named.
    pub first_divergent: Option<FactId>,
    /// What was due and what was found.
    pub evidence: Evidence,
    /// What to do about it.
    pub proposal: Proposal,
}

impl Finding {
    /// Something about a fact.
    pub(super) fn at(check: Check, fact: &Fact, evidence: Evidence, proposal: Proposal) -> Self {
        Self {
            check,
            store: Some(fact.store.clone()),
            sku: None,
            date: Some(fact.date),
            first_divergent: Some(fact.id),
            evidence,
            proposal,
        }
    }

    /// How bad it is.
    pub const fn severity(&self) -> Severity {
        self.check.severity()
    }
}

/// What was due, and what stands in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// What was due.
    pub expected: Observed,
    /// What was found.
    pub found: Observed,
    /// On which line of the receipt, from one.
    pub line: Option<usize>,
}

impl Evidence {
    /// Of a whole.
    pub const fn new(expected: Observed, found: Observed) -> Self {
        Self { expected, found, line: None }
    }

    /// Of a line.
    pub const fn on_line(line: usize, expected: Observed, found: Observed) -> Self {
        Self { expected, found, line: Some(line) }
    }
}

/// One side of the evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observed {
    /// It isn't there.
    Nothing,
    /// Goods and their value: stock, or what came or went.
    Stock(Balance),
    /// Goods, in thousandths of the unit.
    Quantity(i128),
    /// Money, in ten-thousandths of the currency unit.
    Money(i128),
    /// A fact.
    Fact(FactId),
    /// A bill.
    Bill(BillNo),
    /// A number of bills or facts, from the first to the last.
    Numbers(u64, u64),
    /// How many.
    Count(u64),
    /// An instant, at the latest or at the earliest.
    Time(Timestamp),
    /// A day.
    Day(BusinessDate),
}

/// What to do about a finding. A person decides; nothing is corrected by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proposal {
    /// The facts are right and the numbers kept beside them are not: make those anew.
    Rebuild,
    /// Count the goods and book the difference.
    Count,
    /// Undo the fact and book it again as it was.
    ReverseAndRebook,
    /// Have the store connect, which sends what is missing, and look whether it is.
    Reconnect,
    /// Compare with the paper and note what happened.
    ComparePaper,
    /// Set the clock of the store's machine.
    SetClock,
    /// Look at the facts, and have the store close the day again with them.
    CloseAgain,
}

impl Proposal {
    /// Every proposal.
    pub const ALL: [Self; 7] = [
        Self::Rebuild,
        Self::Count,
        Self::ReverseAndRebook,
        Self::Reconnect,
        Self::ComparePaper,
        Self::SetClock,
        Self::CloseAgain,
    ];

    /// Its name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rebuild => "rebuild",
            Self::Count => "count",
            Self::ReverseAndRebook => "reverse-and-rebook",
            Self::Reconnect => "reconnect",
            Self::ComparePaper => "compare-paper",
            Self::SetClock => "set-clock",
            Self::CloseAgain => "close-again",
        }
    }

    /// The proposal of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|proposal| proposal.name() == name)
    }
}

macro_rules! named {
    ($name:ident, $what:literal) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.name())
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let bad = || IdError::Malformed { what: $what, text: text.to_owned() };
                Self::named(text).ok_or_else(bad)
            }
        }
    };
}

named!(Check, "check");
named!(Severity, "severity");
named!(Proposal, "proposal");
