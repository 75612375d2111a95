//! Rules: what a row is, told by its texts and the signs of its amounts.

use serde::Deserialize;

use super::field::{Field, Kind};
use super::settings::OneOrMany;

/// What a row is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    pub(super) when: Conditions,
    pub(super) then: Action,
    #[serde(default)]
    pub(super) reason: Option<String>,
}

impl Rule {
    /// Whether it can apply to files of this kind, and makes sense.
    pub(super) fn check(&self, kind: Kind) -> Result<(), &'static str> {
        if !kind.allows(self.then) {
            return Err("has an action that makes no sense in a file of this kind");
        }
        let conditions = self.when.all();
        if conditions.is_empty() {
            return Err("has no condition");
        }
        for condition in conditions {
            let text = condition.is.is_some() || condition.prefix.is_some();
            if text != condition.column.is_some() {
                return Err("must name a column together with `is` or `prefix`");
            }
            if !text && condition.quantity.is_none() && condition.price.is_none() {
                return Err("has an empty condition");
            }
            if condition.quantity.is_some() && !kind.knows(Field::Quantity)
                || condition.price.is_some() && !kind.knows(Field::Price)
            {
                return Err("looks at an amount that files of this kind do not have");
            }
        }
        Ok(())
    }
}

/// One condition, or several that must all hold.
#[derive(Debug, Clone, Deserialize)]
#[serde(
    untagged,
    expecting = "expected a condition of `column`, `is`, `prefix`, `quantity`, `price`, or a list"
)]
pub(super) enum Conditions {
    One(Condition),
    All(Vec<Condition>),
}

impl Conditions {
    pub(super) fn all(&self) -> &[Condition] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::All(all) => all,
        }
    }
}

/// What must hold for a rule to apply. All that is said must hold.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Condition {
    /// The column that `is` and `prefix` look at.
    pub(super) column: Option<String>,
    /// One of these texts, whatever the case of ASCII letters; `""` for an empty cell.
    pub(super) is: Option<OneOrMany>,
    /// Begins with one of these.
    pub(super) prefix: Option<OneOrMany>,
    /// The sign of the quantity.
    pub(super) quantity: Option<Sign>,
    /// The sign of the price.
    pub(super) price: Option<Sign>,
}

/// The sign of an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Sign {
    Negative,
    Zero,
    Positive,
}

impl Sign {
    pub(super) const fn of(amount: i64) -> Self {
        match amount {
            ..0 => Self::Negative,
            0 => Self::Zero,
            1.. => Self::Positive,
        }
    }
}

/// What to make of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Action {
    Sale,
    Return,
    Adjustment,
    Scrap,
    /// Into the reject file.
    Reject,
    /// Counted and left out: the row is of no concern.
    Skip,
}
