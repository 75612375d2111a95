//! Rules by which purchase orders are approved: set, list, remove.

use serde::{Deserialize, Serialize};

use crate::door::Ask;
use crate::error::Result;
use crate::hub::Hub;
use crate::purchases::rules::PurchaseRule;
use crate::text;
use crate::transfers::rules::RuleName;

/// Set a rule, in place of one of the same name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetPurchaseRule {
    /// What is approved automatically.
    pub rule: PurchaseRule,
}

/// List the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListPurchaseRules {}

/// Take a rule away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemovePurchaseRule {
    /// Which.
    #[serde(with = "text")]
    pub name: RuleName,
}

impl Ask for SetPurchaseRule {
    const PATH: &'static str = "/v1/purchase/rule/set";
    type Answer = Vec<PurchaseRule>;

    fn answer(self, hub: &Hub) -> Result<Vec<PurchaseRule>> {
        hub.set_purchase_rule(&self.rule)?;
        hub.purchase_rules()
    }
}

impl Ask for ListPurchaseRules {
    const PATH: &'static str = "/v1/purchase/rule/list";
    type Answer = Vec<PurchaseRule>;

    fn answer(self, hub: &Hub) -> Result<Vec<PurchaseRule>> {
        hub.purchase_rules()
    }
}

impl Ask for RemovePurchaseRule {
    const PATH: &'static str = "/v1/purchase/rule/remove";
    type Answer = Vec<PurchaseRule>;

    fn answer(self, hub: &Hub) -> Result<Vec<PurchaseRule>> {
        hub.remove_purchase_rule(&self.name)?;
        hub.purchase_rules()
    }
}
