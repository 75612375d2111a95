//! The purchase plan on the command line.

use clap::Args;
use console::{Exit, words};
use ledger::time::BusinessDate;

use super::Scene;
use crate::ask::plan::{PlanOptions, PlanPurchases};
use crate::door::Door;
use crate::error::Result;

/// Propose what to buy: from sales, stock, what is awaited, and limits · 采购计划
#[derive(Debug, Args)]
pub(super) struct Plan {
    /// Also products of which nothing is due · 包括无需采购的商品
    #[arg(long)]
    all: bool,
    /// The last day whose sales count; yesterday if left out · 销售数据截止日，默认昨天
    #[arg(long, value_name = "DATE")]
    through: Option<BusinessDate>,
    #[command(flatten)]
    options: PlanOptions,
}

impl Plan {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let Self { all, through, options } = self;
        let mut plan = scene.door()?.ask(PlanPurchases { through, options })?;
        let known = !plan.rows.is_empty();
        if !all {
            plan.retain_due();
        }
        scene.out.show(
            &plan,
            |page| {
                if known { plan.print(page) } else { page.say(words::PlanNoSales) }
            },
        );
        Ok(Exit::Done)
    }
}
