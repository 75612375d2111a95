//! `hub finance`

use std::path::PathBuf;

use clap::{Args, Subcommand};
use console::finance::{Book, Days, ExportError, Form, Layout, Preset};
use console::table::{Column, Table};
use console::{Exit, Out, format, words};
use ledger::id::StoreId;
use ledger::report::Period;
use ledger::time::BusinessDate;
use ledger::voucher::{CHART, Unmapped, Voucher};
use serde::Serialize;

use crate::ask::finance::{
    Accounts, ClosePeriod, Closed, Leave, ListPeriods, MakeVouchers, Page, ShowAccounts,
};
use crate::door::Door;
use crate::error::{HubError, Result};

/// Vouchers that a person is shown before being told that there are more.
const HUMAN_VOUCHERS: usize = 50;

/// Finance: accounts, vouchers, export, closed periods · 财务
#[derive(Debug, Subcommand)]
pub(super) enum Finance {
    /// The chart of accounts and the rules that lead into it · 会计科目与映射规则
    Accounts {
        /// Print the shipped mapping file, to be edited as finance.toml in the hub's folder · 打印自带的映射文件
        #[arg(long)]
        shipped: bool,
    },
    /// The vouchers of a period · 记账凭证
    Vouchers {
        #[command(flatten)]
        which: Which,
        /// The most vouchers to print; JSON has all · 最多张数
        #[arg(long, value_name = "N", default_value_t = HUMAN_VOUCHERS)]
        limit: usize,
    },
    /// Write the vouchers of a period to a file · 导出凭证
    Export(Export),
    /// Facts of a period that are in no voucher · 未生成凭证的流水
    Unmapped {
        #[command(flatten)]
        which: Which,
    },
    /// Close all days through one: their vouchers stay as they are · 结账
    ClosePeriod {
        /// The last day · 截止日期
        #[arg(value_name = "DATE")]
        through: BusinessDate,
        /// Also when facts are in no voucher; they stay listed · 允许有未生成凭证的流水
        #[arg(long)]
        leave_unmapped: bool,
    },
    /// The periods that are closed · 已结账期间
    Periods,
}

/// Which vouchers.
#[derive(Debug, Clone, Args)]
pub(super) struct Which {
    #[command(flatten)]
    days: Days,
    /// Only these stores, e.g. S01,S02 · 门店
    #[arg(long = "store", value_name = "STORE,...", value_delimiter = ',')]
    stores: Vec<StoreId>,
}

/// Vouchers to a file.
#[derive(Debug, Args)]
pub(super) struct Export {
    /// The file · 文件
    file: PathBuf,
    /// Its form · 格式
    #[arg(long, value_enum, default_value_t = Form::Csv)]
    form: Form,
    /// The columns of CSV files and workbooks · 列布局
    #[arg(long, value_enum, default_value_t = Preset::Plain)]
    preset: Preset,
    /// Columns of your own, from a TOML file · 自定义列布局文件
    #[arg(long, value_name = "FILE", conflicts_with = "preset")]
    layout: Option<PathBuf>,
    #[command(flatten)]
    which: Which,
}

/// All vouchers of a period.
#[derive(Serialize)]
struct All {
    vouchers: Vec<Voucher>,
    unmapped: Vec<Unmapped>,
}

/// What was written.
#[derive(Serialize)]
struct Exported {
    file: PathBuf,
    vouchers: u64,
    unmapped: usize,
}

pub(super) fn run(door: &impl Door, what: Finance, out: &Out) -> Result<Exit> {
    match what {
        Finance::Accounts { shipped: true } => {
            out.show(CHART, |page| CHART.lines().for_each(|line| page.line(line)));
        }
        Finance::Accounts { shipped: false } => {
            let known = door.ask(ShowAccounts {})?;
            out.show(&known, |page| {
                console::finance::accounts(page, &known.accounts, &known.rules);
            });
        }
        Finance::Vouchers { which, limit } => show(door, which, limit, out)?,
        Finance::Export(what) => export(door, what, out)?,
        Finance::Unmapped { which } => {
            let mut all = Vec::new();
            each_page(door, which, |page| {
                all.extend(page.unmapped);
                Ok(())
            })?;
            out.show(&all, |page| console::finance::unmapped(page, &all));
            if !all.is_empty() {
                return Ok(Exit::Failed);
            }
        }
        Finance::ClosePeriod { through, leave_unmapped } => {
            let leave = if leave_unmapped { Leave::Unmapped } else { Leave::Nothing };
            let closed = door.ask(ClosePeriod { through, leave })?;
            out.show(&closed, |page| {
                let Closed { from, through, vouchers, .. } = &closed;
                page.say(words::FinanceClosed { from, through, n: format::count(*vouchers) });
            });
        }
        Finance::Periods => periods(&door.ask(ListPeriods {})?, out),
    }
    Ok(Exit::Done)
}

fn show(door: &impl Door, which: Which, limit: usize, out: &Out) -> Result<()> {
    let mut all = All { vouchers: Vec::new(), unmapped: Vec::new() };
    each_page(door, which, |page| {
        all.vouchers.extend(page.vouchers);
        all.unmapped.extend(page.unmapped);
        Ok(())
    })?;
    let ends = all.vouchers.first().zip(all.vouchers.last());
    let period = ends.and_then(|(first, last)| Period::new(first.date, last.date).ok());
    out.show(&all, |page| {
        match period {
            Some(period) => console::finance::vouchers(page, period, &all.vouchers, limit),
            None => page.say(words::Nothing),
        }
        if !all.unmapped.is_empty() {
            page.say(words::FinanceSomeUnmapped { n: all.unmapped.len() });
        }
    });
    Ok(())
}

fn export(door: &impl Door, what: Export, out: &Out) -> Result<()> {
    let Export { file, form, preset, layout, which } = what;
    let layout = match layout {
        Some(path) => Layout::read(&path)?,
        None => Layout::preset(preset),
    };
    let Accounts { settings, accounts, .. } = door.ask(ShowAccounts {})?;
    let book = Book::new(out.lang, settings, accounts);
    let mut writing = book.write(&file, form, layout)?;
    let mut unmapped = 0;
    each_page(door, which, |page| {
        unmapped += page.unmapped.len();
        let add = |voucher| writing.add(voucher);
        page.vouchers.iter().try_for_each(add).map_err(|error: ExportError| error.into())
    })?;
    let exported = Exported { vouchers: writing.finish()?, file, unmapped };
    out.show(&exported, |page| {
        let n = format::count(exported.vouchers);
        page.say(words::FinanceExported { n, file: exported.file.display() });
        if unmapped > 0 {
            page.say(words::FinanceSomeUnmapped { n: unmapped });
        }
    });
    Ok(())
}

/// Asks for page after page, so that nobody holds all vouchers at once.
fn each_page(
    door: &impl Door,
    Which { days, stores }: Which,
    mut each: impl FnMut(Page) -> Result<(), HubError>,
) -> Result<()> {
    let mut ask = MakeVouchers { days, stores, place: None };
    loop {
        let mut page = door.ask(ask.clone())?;
        let next = page.next.take();
        each(page)?;
        match next {
            Some(place) => ask.place = Some(place),
            None => return Ok(()),
        }
    }
}

fn periods(closed: &[Closed], out: &Out) {
    out.show(closed, |page| {
        if closed.is_empty() {
            return page.say(words::FinanceNoPeriods);
        }
        let lang = page.lang();
        page.heading(words::FinancePeriods);
        let mut table = Table::new([
            Column::text(lang.say(words::FinanceFrom)),
            Column::text(lang.say(words::FinanceThrough)),
            Column::number(lang.say(words::FinanceCount)),
            Column::number(lang.say(words::FinanceFacts)),
            Column::number(lang.say(words::FinanceLeft)),
        ]);
        for close in closed {
            table.row([
                close.from.to_string(),
                close.through.to_string(),
                format::count(close.vouchers),
                format::count(close.facts),
                format::count(close.unmapped as u64),
            ]);
        }
        page.table(&table);
    });
}
