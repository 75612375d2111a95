//! What the settings say of the till: rounding, tax, and who may take how much off.
//!
//! ```toml
//! [till]
//! require_shift = true         # nothing is sold at a till without an open shift
//! rounding = "0.1"             # or "1"; to the coin if left out
//! wholesale_tax = "added"      # wholesale prices are without tax
//! line_discount_max = "10"     # percent, for whoever has no role
//! basket_discount_max = "5"
//!
//! [till.roles.manager]
//! operators = ["Wang", "Li"]
//! line_discount_max = "50"     # what a role leaves out is not limited
//! ```

use std::collections::BTreeMap;

use ledger::basket::{self, Discounts};
use ledger::id::Operator;
use ledger::percent::Percent;
use serde::{Deserialize, Serialize};

use crate::text;

/// Rules of the till.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TillRules {
    /// Nothing is sold or taken back at a till without an open shift.
    #[serde(default, skip_serializing_if = "is_not")]
    pub require_shift: bool,
    /// To what totals are rounded down; to the coin if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounding: Option<Rounding>,
    /// Whether wholesale prices contain the tax; they do if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wholesale_tax: Option<WholesaleTax>,
    /// The most that whoever has no role may take off a line, in percent; anything if left out.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub line_discount_max: Option<Percent>,
    /// The same of a whole basket.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub basket_discount_max: Option<Percent>,
    /// Those who may take off more, or less, by role.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub roles: BTreeMap<String, RoleRules>,
}

/// Who has a role, and what they may take off.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleRules {
    /// Who has it.
    #[serde(default)]
    pub operators: Vec<String>,
    /// The most that they may take off a line, in percent; anything if left out.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub line_discount_max: Option<Percent>,
    /// The same of a whole basket.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub basket_discount_max: Option<Percent>,
}

/// To what totals are rounded down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rounding {
    /// To the coin.
    #[serde(rename = "0.01")]
    Coin,
    /// To a tenth of the currency unit.
    #[serde(rename = "0.1")]
    Tenth,
    /// To the currency unit.
    #[serde(rename = "1")]
    One,
}

/// Whether wholesale prices contain the tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WholesaleTax {
    /// They do.
    Included,
    /// They don't.
    Added,
}

impl TillRules {
    /// To what totals are rounded down.
    pub fn rounding(&self) -> basket::Rounding {
        match self.rounding {
            None | Some(Rounding::Coin) => basket::Rounding::Coin,
            Some(Rounding::Tenth) => basket::Rounding::Tenth,
            Some(Rounding::One) => basket::Rounding::One,
        }
    }

    /// Whether wholesale prices contain the tax.
    pub fn wholesale_tax(&self) -> basket::WholesaleTax {
        match self.wholesale_tax {
            None | Some(WholesaleTax::Included) => basket::WholesaleTax::Included,
            Some(WholesaleTax::Added) => basket::WholesaleTax::Added,
        }
    }

    /// What somebody may take off by hand.
    pub fn discounts_of(&self, operator: Option<&Operator>) -> Discounts {
        let usual =
            Discounts { line_max: self.line_discount_max, basket_max: self.basket_discount_max };
        operator.and_then(|operator| self.role_of(operator)).unwrap_or(usual)
    }

    /// What somebody may allow others to take off. Where no roles are set, whoever is named may allow anything.
    pub fn discounts_of_approver(&self, approver: &Operator) -> Discounts {
        if self.roles.is_empty() {
            return Discounts::default();
        }
        self.discounts_of(Some(approver))
    }

    fn role_of(&self, operator: &Operator) -> Option<Discounts> {
        let has = |role: &&RoleRules| role.operators.iter().any(|name| name == operator.as_str());
        let role = self.roles.values().find(has)?;
        Some(Discounts { line_max: role.line_discount_max, basket_max: role.basket_discount_max })
    }

    pub(super) fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_not(flag: &bool) -> bool {
    !flag
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_says_what_its_people_may_take_off() {
        let text = "rounding = \"0.1\"\nline_discount_max = \"10\"\n\
                    [roles.manager]\noperators = [\"王\"]\nline_discount_max = \"50\"\n";
        let rules: TillRules = toml::from_str(text).unwrap();
        assert_eq!(rules.rounding(), basket::Rounding::Tenth);
        let may = |name: Option<&str>| {
            let operator = name.map(|name| name.parse().unwrap());
            rules.discounts_of(operator.as_ref()).line_max.map(|max| max.to_string())
        };
        assert_eq!(may(None).as_deref(), Some("10"));
        assert_eq!(may(Some("李")).as_deref(), Some("10"));
        assert_eq!(may(Some("王")).as_deref(), Some("50"));
        let li = "李".parse().unwrap();
        assert_eq!(rules.discounts_of_approver(&li).line_max, rules.line_discount_max);
        let open = TillRules { roles: BTreeMap::new(), ..rules };
        assert_eq!(open.discounts_of_approver(&li), Discounts::default());
    }
}
