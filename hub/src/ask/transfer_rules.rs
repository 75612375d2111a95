//! Rules by which transfers are approved: set, list, remove.

use serde::{Deserialize, Serialize};

use crate::door::Ask;
use crate::error::Result;
use crate::hub::Hub;
use crate::text;
use crate::transfers::rules::{Rule, RuleName};

/// Set a rule, in place of one of the same name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetRule {
    /// What is approved automatically.
    pub rule: Rule,
}

/// List the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListRules {}

/// Take a rule away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemoveRule {
    /// Which.
    #[serde(with = "text")]
    pub name: RuleName,
}

impl Ask for SetRule {
    const PATH: &'static str = "/v1/transfer/rule/set";
    type Answer = Vec<Rule>;

    fn answer(self, hub: &Hub) -> Result<Vec<Rule>> {
        hub.set_transfer_rule(&self.rule)?;
        hub.transfer_rules()
    }
}

impl Ask for ListRules {
    const PATH: &'static str = "/v1/transfer/rule/list";
    type Answer = Vec<Rule>;

    fn answer(self, hub: &Hub) -> Result<Vec<Rule>> {
        hub.transfer_rules()
    }
}

impl Ask for RemoveRule {
    const PATH: &'static str = "/v1/transfer/rule/remove";
    type Answer = Vec<Rule>;

    fn answer(self, hub: &Hub) -> Result<Vec<Rule>> {
        hub.remove_transfer_rule(&self.name)?;
        hub.transfer_rules()
    }
}
