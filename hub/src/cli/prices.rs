//! `hub price …`

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use console::prices::print_entries;
use console::{Exit, Out, words};
use ledger::amount::Money;
use ledger::id::{PriceChangeNo, StoreGroup, StoreId};
use ledger::price::Level;
use ledger::scope::Scope;
use ledger::time::LocalTime;

use super::HUMAN_ROWS;
use super::catalog::{read_text, write_rejects};
use crate::ask::catalog::ImportMode;
use crate::ask::prices::{
    CancelPrices, ImportPrices, ListPrices, PricesSet, SetPrice, Terms, When,
};
use crate::door::Door;
use crate::error::Result;

/// Rejected rows that a person is shown; the file has all.
const SHOWN_REJECTS: usize = 20;

/// Price lists by store group and scheduled price changes: set, import, list, cancel · 价格表与调价
///
/// Times are those on each shop's own clock, also at stores that are offline then.
///
/// 生效时间以各门店当地时间为准，离线门店同样按时生效。
#[derive(Debug, Subcommand)]
pub(super) enum Price {
    /// Set a price for a product · 设置价格
    Set {
        /// Its SKU or barcode · 商品编码或条码
        #[arg(value_name = "SKU")]
        item: String,
        /// The price of a unit, tax included · 单价（含税）
        price: Money,
        #[command(flatten)]
        terms: TermArgs,
    },
    /// Set prices from a CSV file (UTF-8 or GB18030) under one number · 导入调价单
    Import {
        /// The file; its first row names the columns: sku, price, and if wanted kind, group or
        /// store, from, until, note · 文件
        file: PathBuf,
        /// Only show what would be set · 试运行
        #[arg(long)]
        dry_run: bool,
        /// Where rejected rows go, each with its reason [default: beside the file] · 退回行文件
        #[arg(long, value_name = "FILE")]
        rejects: Option<PathBuf>,
        #[command(flatten)]
        terms: TermArgs,
    },
    /// List the entries of price lists · 列出价格表
    List {
        /// Of one product, by SKU or barcode · 商品编码或条码
        #[arg(long, value_name = "SKU")]
        sku: Option<String>,
        /// Of one price change · 调价单号
        #[arg(long, value_name = "NUMBER")]
        number: Option<PriceChangeNo>,
        /// Those that concern this store; with --at, those in force there · 门店
        #[arg(long)]
        store: Option<StoreId>,
        /// Those that hold at this local time, e.g. 2026-12-01T08:00 · 某一时刻（当地时间）
        #[arg(long, value_name = "TIME", value_parser = LocalTime::typed)]
        at: Option<LocalTime>,
        /// Those that are still to begin · 尚未生效的
        #[arg(long, conflicts_with = "at")]
        upcoming: bool,
        /// The most rows to print; JSON prints all · 最多行数
        #[arg(long, default_value_t = HUMAN_ROWS)]
        limit: usize,
    },
    /// Take away what a price change has set, whether it has begun or not · 取消调价单
    Cancel {
        /// Its number · 调价单号
        number: PriceChangeNo,
        /// Of one product only · 只取消一种商品
        #[arg(long, value_name = "SKU")]
        sku: Option<String>,
    },
}

/// For what, where and when.
#[derive(Debug, Args)]
pub(super) struct TermArgs {
    /// What the price is for · 价格种类
    #[arg(long, value_enum, default_value_t = Kind::Retail)]
    kind: Kind,
    /// For the stores of this group only · 门店分组
    #[arg(long, conflicts_with = "store")]
    group: Option<StoreGroup>,
    /// For this store only · 门店
    #[arg(long)]
    store: Option<StoreId>,
    /// From when, by each shop's clock, e.g. 2026-12-01T00:00; now if left out · 生效时间（当地时间）
    #[arg(long, value_name = "TIME", value_parser = LocalTime::typed)]
    from: Option<LocalTime>,
    /// Until when; until a later price begins if left out · 失效时间（当地时间）
    #[arg(long, value_name = "TIME", value_parser = LocalTime::typed)]
    until: Option<LocalTime>,
    /// Why · 备注
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
    /// The number of the price change; the next one if left out · 调价单号
    #[arg(long, value_name = "NUMBER")]
    number: Option<PriceChangeNo>,
}

/// [`Level`] on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// 零售价
    Retail,
    /// 会员价
    Member,
    /// 批发价
    Wholesale,
    /// 最低售价
    Floor,
}

impl From<TermArgs> for Terms {
    fn from(args: TermArgs) -> Self {
        let TermArgs { kind, group, store, from, until, note, number } = args;
        let level = match kind {
            Kind::Retail => Level::Retail,
            Kind::Member => Level::Member,
            Kind::Wholesale => Level::Wholesale,
            Kind::Floor => Level::Floor,
        };
        let scope = group.map(Scope::Group).or(store.map(Scope::Store)).unwrap_or(Scope::All);
        Self { level, scope, from, until, note, number }
    }
}

pub(super) fn run(door: &impl Door, what: Price, out: &Out) -> Result<Exit> {
    match what {
        Price::Set { item, price, terms } => {
            let lang = out.lang.tag().to_owned();
            let set = door.ask(SetPrice { item, price, terms: terms.into(), lang })?;
            out.show(&set, |page| {
                if !set.set.is_empty() {
                    print_entries(page, &set.set, HUMAN_ROWS);
                }
                print(page, &set);
            });
            Ok(Exit::Done)
        }
        Price::Import { file, dry_run, rejects, terms } => {
            import(door, (file, dry_run.into(), rejects), terms.into(), out)
        }
        Price::List { sku, number, store, at, upcoming, limit } => {
            let when = match (at, upcoming) {
                (Some(at), _) => When::At(at),
                (None, true) => When::Upcoming,
                (None, false) => When::Ever,
            };
            let rows = door.ask(ListPrices { item: sku, number, store, when })?;
            out.show(&rows, |page| {
                if rows.is_empty() {
                    return page.say(words::PriceListEmpty);
                }
                page.heading(words::PriceListHeading);
                print_entries(page, &rows, limit);
                page.say(words::PriceLocalTime);
            });
            Ok(Exit::Done)
        }
        Price::Cancel { number, sku } => {
            let done = door.ask(CancelPrices { number, item: sku })?;
            out.show(&done, |page| {
                print_entries(page, &done.cancelled, HUMAN_ROWS);
                page.say(words::PricesCancelled { n: done.cancelled.len() });
                if done.begun > 0 {
                    page.say(words::PricesCancelledBegun { n: done.begun });
                }
            });
            Ok(Exit::Done)
        }
    }
}

fn import(
    door: &impl Door,
    (file, mode, rejects): (PathBuf, ImportMode, Option<PathBuf>),
    terms: Terms,
    out: &Out,
) -> Result<Exit> {
    let (text, encoding) = read_text(&file)?;
    let lang = out.lang.tag().to_owned();
    let done = door.ask(ImportPrices { text, terms, mode, lang })?;
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
        let (file, rejected, same) = (file.display(), done.rejected.len(), done.prices.unchanged);
        match mode {
            ImportMode::DryRun => {
                page.say(words::PricesWouldImport { file, n: done.taken, same, rejected });
                page.say(words::ImportDryRun);
            }
            ImportMode::Apply => {
                let n = done.prices.set.len();
                page.say(words::PricesImported { file, n, same, rejected });
                print(page, &done.prices);
            }
        }
        if let Some(path) = &rejects {
            page.say(words::ImportRejectFile { path: path.display() });
            page.say(words::CatalogRetry);
        }
    });
    Ok(if done.rejected.is_empty() { Exit::Done } else { Exit::Failed })
}

fn print(page: &mut console::Page, set: &PricesSet) {
    if let Some(number) = &set.number {
        page.say(words::PricesSet { number, n: set.set.len() });
        page.say(words::PriceLocalTime);
    }
    if set.unchanged > 0 {
        page.say(words::PricesUnchanged { n: set.unchanged });
    }
    set.doubts.iter().for_each(|doubt| page.line(doubt));
    if set.told > 0 {
        page.say(words::CatalogSent { stores: set.told });
    }
}
