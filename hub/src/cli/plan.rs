//! The purchase plan of a store on the command line.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use console::plan::sheet;
use console::{Exit, Out, words};
use ledger::id::StoreId;
use ledger::time::BusinessDate;

use crate::ask::plan::{PlanOptions, PlanPurchases};
use crate::door::Door;
use crate::error::{HubError, Result};

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
    /// Write it to a file as CSV, to be edited and given to `purchase place` · 导出 CSV，改后用 `purchase place` 下单
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    #[command(flatten)]
    options: PlanOptions,
}

pub(super) fn plan(door: &impl Door, what: Plan, out: &Out) -> Result<Exit> {
    let Plan { store, all, through, csv, options } = what;
    let mut plan = door.ask(PlanPurchases { store, through, options })?;
    let known = !plan.rows.is_empty();
    if !all {
        plan.retain_due();
    }
    if let Some(path) = &csv {
        let failed = |source| HubError::File { what: "write", path: path.clone(), source };
        fs::write(path, sheet::write(&plan)).map_err(failed)?;
    }
    out.show(&plan, |page| if known { plan.print(page) } else { page.say(words::PlanNoSales) });
    if let Some(path) = &csv {
        out.say(words::PlanWritten { file: path.display() });
    }
    Ok(Exit::Done)
}
