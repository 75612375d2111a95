//! What a store should buy, by the hub's own books.

use books::read::PlanFor;
use console::plan::PlanRow;
pub use console::plan::{Plan, PlanOptions};
use ledger::id::StoreId;
use ledger::time::BusinessDate;
use serde::{Deserialize, Serialize};

use crate::door::Ask;
use crate::error::Result;
use crate::hub::Hub;
use crate::registry::RegistryError;
use crate::text;

/// Plan what a store should buy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanPurchases {
    /// Which store.
    #[serde(with = "text")]
    pub store: StoreId,
    /// The last day whose sales count; none: the last day of which the store has told.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub through: Option<BusinessDate>,
    /// How to plan.
    pub options: PlanOptions,
}

impl Ask for PlanPurchases {
    const PATH: &'static str = "/v1/plan";
    type Answer = Plan;

    fn answer(self, hub: &Hub) -> Result<Plan> {
        let Self { store, through, options } = self;
        let reader = hub.reader()?;
        let known = reader.stores()?.into_iter().find(|status| status.store == store);
        let Some(known) = known else { return Err(RegistryError::Unknown { store }.into()) };
        let told = known.last_fact_at.unwrap_or_else(|| hub.now()).utc_day();
        let through = through.unwrap_or(told);
        let plan = PlanFor {
            store: store.clone(),
            through,
            days: options.days,
            terms: options.terms(),
            reserve_days: options.reserve,
        };
        let lines = reader.purchase_plan(&plan)?;
        Ok(Plan { store, through, options, rows: lines.iter().map(PlanRow::from).collect() })
    }
}
