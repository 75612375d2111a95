//! The purchase plan of a store on the command line.

use clap::Args;
use console::{Exit, Out, words};
use ledger::id::StoreId;
use ledger::time::BusinessDate;

use crate::ask::plan::{PlanOptions, PlanPurchases};
use crate::door::Door;
use crate::error::Result;

#[derive(Debug, Args)]
pub(super) struct Plan {
    /// For which store · 门店
    store: StoreId,
    /// Also products of which nothing is due · 包括无需采购的商品
    #[arg(long)]
    all: bool,
    /// The last day whose sales count; the store's last one if left out · 销售数据截止日
    #[arg(long, value_name = "DATE")]
    through: Option<BusinessDate>,
    #[command(flatten)]
    options: PlanOptions,
}

pub(super) fn plan(door: &impl Door, what: Plan, out: &Out) -> Result<Exit> {
    let Plan { store, all, through, options } = what;
    let mut plan = door.ask(PlanPurchases { store, through, options })?;
    let known = !plan.rows.is_empty();
    if !all {
        plan.retain_due();
    }
    out.show(&plan, |page| if known { plan.print(page) } else { page.say(words::PlanNoSales) });
    Ok(Exit::Done)
}
