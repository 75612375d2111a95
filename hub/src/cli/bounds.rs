//! `hub bounds …`

use std::path::PathBuf;

use clap::Subcommand;
use console::prices::scope_name;
use console::{Column, Exit, Out, Table, format, words};
use ledger::amount::Quantity;
use ledger::bounds::Season;
use ledger::id::{StoreGroup, StoreId};
use ledger::scope::Scope;
use ledger::time::BusinessDate;

use super::HUMAN_ROWS;
use super::catalog::{read_text, write_rejects};
use crate::ask::bounds::{BoundsRow, ImportBounds, ListBounds, SetBounds};
use crate::ask::catalog::ImportMode;
use crate::door::Door;
use crate::error::Result;

/// Rejected rows that a person is shown; the file has all.
const SHOWN_REJECTS: usize = 20;

/// Minimum and maximum stock by store and season: set, import, list · 库存上下限
///
/// What is not said here is the product's own min_stock and max_stock.
///
/// 未设置的以商品资料中的上下限为准。
#[derive(Debug, Subcommand)]
pub(super) enum BoundsCommand {
    /// Set bounds; with neither --min nor --max, take away what was said · 设置
    Set {
        /// The product's SKU or barcode · 商品编码或条码
        #[arg(value_name = "SKU")]
        item: String,
        /// At least so much · 最低库存
        #[arg(long, value_name = "QUANTITY")]
        min: Option<Quantity>,
        /// At most so much · 最高库存
        #[arg(long, value_name = "QUANTITY")]
        max: Option<Quantity>,
        /// For the stores of this group only · 门店分组
        #[arg(long, conflicts_with = "store")]
        group: Option<StoreGroup>,
        /// For this store only · 门店
        #[arg(long)]
        store: Option<StoreId>,
        /// In this part of every year only, e.g. 12-01..02-28 · 季节
        #[arg(long, value_name = "MM-DD..MM-DD")]
        season: Option<Season>,
    },
    /// Set bounds from a CSV file (UTF-8 or GB18030) · 导入
    Import {
        /// The file; its first row names the columns: sku, min, max, and if wanted group or store,
        /// from, until (MM-DD) · 文件
        file: PathBuf,
        /// Only show what would change · 试运行
        #[arg(long)]
        dry_run: bool,
        /// Where rejected rows go, each with its reason [default: beside the file] · 退回行文件
        #[arg(long, value_name = "FILE")]
        rejects: Option<PathBuf>,
    },
    /// List what is said; with a product and a store, what counts there · 列出
    List {
        /// Of one product, by SKU or barcode · 商品编码或条码
        #[arg(long, value_name = "SKU")]
        sku: Option<String>,
        /// What counts for this store · 门店
        #[arg(long, requires = "sku")]
        store: Option<StoreId>,
        /// On this day [default: today] · 日期
        #[arg(long, requires = "store")]
        date: Option<BusinessDate>,
    },
}

pub(super) fn run(door: &impl Door, what: BoundsCommand, out: &Out) -> Result<Exit> {
    match what {
        BoundsCommand::Set { item, min, max, group, store, season } => {
            let scope = group.map(Scope::Group).or(store.map(Scope::Store)).unwrap_or(Scope::All);
            let set = door.ask(SetBounds { item, scope, season, min, max })?;
            out.show(&set, |page| page.say(words::BoundsChanged { n: set.changed }));
            Ok(Exit::Done)
        }
        BoundsCommand::Import { file, dry_run, rejects } => {
            import(door, (file, dry_run.into(), rejects), out)
        }
        BoundsCommand::List { sku, store, date } => {
            let rows = door.ask(ListBounds { item: sku, store, date })?;
            out.show(&rows, |page| print(page, &rows));
            Ok(Exit::Done)
        }
    }
}

fn import(
    door: &impl Door,
    (file, mode, rejects): (PathBuf, ImportMode, Option<PathBuf>),
    out: &Out,
) -> Result<Exit> {
    let (text, encoding) = read_text(&file)?;
    let done = door.ask(ImportBounds { text, mode, lang: out.lang.tag().to_owned() })?;
    let rejects = match (mode, done.rejected.is_empty()) {
        (ImportMode::Apply, false) => {
            Some(write_rejects(&file, rejects, &done.columns, &done.rejected)?)
        }
        _ => None,
    };
    out.show(&done, |page| {
        page.say(words::ImportEncoding { encoding });
        for row in done.rejected.iter().take(SHOWN_REJECTS) {
            page.say(words::ImportRowProblem { row: row.line, problem: &row.reason });
        }
        let hidden = done.rejected.len().saturating_sub(SHOWN_REJECTS);
        if hidden > 0 {
            page.say(words::More { n: hidden });
        }
        let (taken, rejected) = (done.taken, done.rejected.len());
        page.say(words::BoundsImported { file: file.display(), taken, rejected });
        match mode {
            ImportMode::DryRun => page.say(words::ImportDryRun),
            ImportMode::Apply => page.say(words::BoundsChanged { n: done.changed }),
        }
        if let Some(path) = &rejects {
            page.say(words::ImportRejectFile { path: path.display() });
            page.say(words::CatalogRetry);
        }
    });
    Ok(if done.rejected.is_empty() { Exit::Done } else { Exit::Failed })
}

fn print(page: &mut console::Page, rows: &[BoundsRow]) {
    let lang = page.lang();
    if rows.is_empty() {
        return page.say(words::BoundsNone);
    }
    page.heading(words::BoundsHeading);
    let mut table = Table::new([
        Column::text(lang.say(words::Sku)),
        Column::text(lang.say(words::PriceScope)),
        Column::text(lang.say(words::Season)),
        Column::number(lang.say(words::Minimum)),
        Column::number(lang.say(words::Maximum)),
    ]);
    let bound = |bound: Option<Quantity>| bound.map(format::quantity).unwrap_or_default();
    for row in rows.iter().take(HUMAN_ROWS) {
        table.row([
            row.sku.to_string(),
            scope_name(lang, &row.scope),
            row.season.map_or_else(|| lang.say(words::AllYear), |season| season.to_string()),
            bound(row.min),
            bound(row.max),
        ]);
    }
    page.table(&table);
    let hidden = rows.len().saturating_sub(HUMAN_ROWS);
    if hidden > 0 {
        page.say(words::More { n: hidden });
    }
}
