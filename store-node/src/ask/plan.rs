//! What the store should buy.

use books::read::PlanFor;
use console::plan::PlanRow;
pub use console::plan::{Plan, PlanOptions};
use ledger::time::BusinessDate;
use serde::{Deserialize, Serialize};

use crate::door::Ask;
use crate::error::Result;
use crate::node::Node;
use crate::text;

/// Plan what to buy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanPurchases {
    /// The last day whose sales count; none: yesterday.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub through: Option<BusinessDate>,
    /// How to plan.
    pub options: PlanOptions,
}

impl Ask for PlanPurchases {
    const PATH: &'static str = "/v1/plan";
    type Answer = Plan;

    fn answer(self, node: &Node) -> Result<Plan> {
        let Self { through, options } = self;
        let through = through.unwrap_or_else(|| node.today().plus_days(-1));
        let store = node.store().clone();
        let plan = PlanFor {
            store: store.clone(),
            through,
            days: options.days,
            terms: options.terms(),
            reserve_days: options.reserve,
        };
        let lines = node.books().reader()?.purchase_plan(&plan)?;
        Ok(Plan { store, through, options, rows: lines.iter().map(PlanRow::from).collect() })
    }
}
