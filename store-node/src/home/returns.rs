//! What the settings say of returns.
//!
//! ```toml
//! [returns]
//! window_days = 7
//! without_receipt = "approved"   # or "allowed", "refused"
//! approve_above = "200"
//! ```

use ledger::amount::Money;
use ledger::returns::{Leave, Rules};
use serde::{Deserialize, Serialize};

use crate::text;

/// Rules of returns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnRules {
    /// After so many days a second person approves. None: nobody is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window_days: Option<u32>,
    /// Whether goods come back without a receipt: `allowed`, `approved` by a second person, or `refused`.
    #[serde(default, skip_serializing_if = "NoReceipt::is_usual")]
    pub without_receipt: NoReceipt,
    /// More money than this is paid back only with a second person's approval.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub approve_above: Option<Money>,
}

/// Whether goods come back without a receipt.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoReceipt {
    /// They do.
    #[default]
    Allowed,
    /// When a second person approves.
    Approved,
    /// They do not.
    Refused,
}

impl NoReceipt {
    pub(super) fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

impl ReturnRules {
    /// The rules as the ledger takes them.
    pub fn rules(self) -> Rules {
        Rules {
            window_days: self.window_days,
            without_receipt: match self.without_receipt {
                NoReceipt::Allowed => Leave::Allowed,
                NoReceipt::Approved => Leave::Approved,
                NoReceipt::Refused => Leave::Refused,
            },
            approve_above: self.approve_above,
        }
    }

    pub(super) fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}
