//! What was done with a till, and what is said of a return, as programs and people see it.

use ledger::amount::Money;
use ledger::fact::{Condition, PaymentMethod, ReturnTerms};
use ledger::id::{BillNo, FactId, Operator, StoreId, TillId};
use ledger::shift::{Act, Counted};
use serde::{Deserialize, Serialize};

use crate::text;

/// Something that was done with a till's drawer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DrawerView {
    /// A shift began.
    Opened {
        /// At which till.
        #[serde(with = "text")]
        till: TillId,
        /// The change in the drawer.
        #[serde(with = "text")]
        float: Money,
    },
    /// Cash was put in or taken out.
    Moved {
        /// `in` or `out`.
        way: String,
        /// How much.
        #[serde(with = "text")]
        amount: Money,
    },
    /// The shift is over.
    Closed {
        /// What was counted.
        counts: Vec<CountView>,
    },
}

/// What was found of a payment method, and what ought to be there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountView {
    /// How it was paid.
    #[serde(with = "text::method")]
    pub method: PaymentMethod,
    /// What was found; none where nobody counted.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub counted: Option<Money>,
    /// What the facts come to.
    #[serde(with = "text")]
    pub expected: Money,
    /// What is there beyond that; negative where something is missing.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub difference: Option<Money>,
}

/// What is said of goods that came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermsView {
    /// The other store whose sale they come from.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreId>,
    /// The number on its receipt.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub bill: Option<BillNo>,
    /// In which condition they came back.
    #[serde(with = "text")]
    pub condition: Condition,
    /// The sale of what the customer took in their place.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub exchange: Option<FactId>,
    /// Who has approved it.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub approved: Option<Operator>,
}

impl From<&Act> for DrawerView {
    fn from(act: &Act) -> Self {
        match act {
            Act::Opened { till, float } => Self::Opened { till: till.clone(), float: *float },
            Act::Moved(moved) => {
                Self::Moved { way: moved.way.name().to_owned(), amount: moved.amount }
            }
            Act::Closed { counts } => {
                Self::Closed { counts: counts.iter().map(CountView::from).collect() }
            }
        }
    }
}

impl From<&Counted> for CountView {
    fn from(count: &Counted) -> Self {
        let difference = count.difference().and_then(|raw| i64::try_from(raw).ok());
        Self {
            method: count.method,
            counted: count.counted,
            expected: count.expected,
            difference: difference.and_then(|raw| Money::from_ten_thousandths(raw).ok()),
        }
    }
}

impl TermsView {
    /// What is said, where anything is.
    pub(super) fn of(terms: &ReturnTerms) -> Option<Self> {
        let elsewhere = terms.elsewhere.as_ref();
        (*terms != ReturnTerms::default()).then(|| Self {
            store: elsewhere.map(|from| from.store.clone()),
            bill: elsewhere.map(|from| from.bill.clone()),
            condition: terms.condition,
            exchange: terms.exchange,
            approved: terms.approved.clone(),
        })
    }
}
