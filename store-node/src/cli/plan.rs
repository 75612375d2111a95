//! The purchase plan on the command line.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use console::plan::sheet;
use console::{Exit, words};
use ledger::time::BusinessDate;

use super::Scene;
use crate::ask::plan::{PlanOptions, PlanPurchases};
use crate::door::Door;
use crate::error::{NodeError, Result};

/// Propose what to buy: from sales, stock, what is awaited, and limits · 采购计划
#[derive(Debug, Args)]
pub(super) struct Plan {
    /// Also products of which nothing is due · 包括无需采购的商品
    #[arg(long)]
    all: bool,
    /// The last day whose sales count; yesterday if left out · 销售数据截止日，默认昨天
    #[arg(long, value_name = "DATE")]
    through: Option<BusinessDate>,
    /// Write it to a file as CSV, to be edited and given to `purchase place` · 导出 CSV，改后用 `purchase place` 下单
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    #[command(flatten)]
    options: PlanOptions,
}

impl Plan {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let Self { all, through, csv, options } = self;
        let mut plan = scene.door()?.ask(PlanPurchases { through, options })?;
        let known = !plan.rows.is_empty();
        if !all {
            plan.retain_due();
        }
        if let Some(path) = &csv {
            let failed = |source| NodeError::File { what: "write", path: path.clone(), source };
            fs::write(path, sheet::write(&plan)).map_err(failed)?;
        }
        scene.out.show(
            &plan,
            |page| {
                if known { plan.print(page) } else { page.say(words::PlanNoSales) }
            },
        );
        if let Some(path) = &csv {
            scene.out.say(words::PlanWritten { file: path.display() });
        }
        Ok(Exit::Done)
    }
}
