//! The command line: what can be typed, and where it goes.

mod alerts;
mod bins;
mod bounds;
mod care;
mod catalog;
mod categories;
mod checks;
mod closes;
mod explain;
mod finance;
mod findings;
mod plan;
mod prices;
mod products;
mod profiles;
mod promotion;
mod purchase;
mod replicas;
mod report;
mod run;
mod schedule;
mod status;
mod stock;
mod stores;
mod supplier;
mod transfer;
mod value;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use console::label::Printing;
use console::{Exit, Options, Out};
use ledger::amount::{Money, Quantity};
use ledger::id::{Operator, Sku, StoreId};
use ledger::scan::Codes;
use ledger::time::BusinessDate;

use crate::ask::catalog::ListProducts;
use crate::ask::closes::ListCloses;
use crate::ask::findings::{How, Instead, Proposal, Which};
use crate::checks::Depth;
use crate::checks::report::Scope;
use crate::door::AnyDoor;
use crate::error::Result;
use crate::home::Home;

/// Head office of a store chain: enrols stores, takes in what they sell, keeps the catalog.
/// 连锁总部：登记门店、汇总流水、维护商品资料。
#[derive(Debug, Parser)]
#[command(name = "hub", version, max_term_width = 100)]
pub struct Cli {
    /// The hub's folder · 总部目录
    #[arg(long, global = true, env = "EVENSTOCK_HUB_DIR", default_value = "evenstock-hub")]
    dir: PathBuf,
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a hub: books, certificate authority, settings · 创建总部
    Init(Init),
    /// Listen for stores until Ctrl+C · 运行总部
    Run(Run),
    /// Stores: add, list, revoke · 门店
    #[command(subcommand)]
    Store(Store),
    /// Products: import, list, set, conflicts · 商品资料
    #[command(subcommand)]
    Catalog(Catalog),
    /// Suppliers: import, set, list, show, offer, compare, account, statement · 供应商
    #[command(subcommand)]
    Supplier(supplier::Supplier),
    #[command(subcommand)]
    Product(products::Product),
    #[command(subcommand)]
    Category(categories::Category),
    #[command(subcommand)]
    Price(prices::Price),
    #[command(subcommand)]
    Promotion(promotion::Promotion),
    /// Buying: order, approve, reject, follow, list, show · 采购
    #[command(subcommand)]
    Purchase(purchase::Purchase),
    #[command(subcommand)]
    Bounds(bounds::BoundsCommand),
    /// Goods between stores: approve, reject, list, show · 调拨
    #[command(subcommand)]
    Transfer(transfer::Transfer),
    #[command(subcommand)]
    Value(value::Value),
    /// Propose what a store should buy · 采购计划
    Plan(plan::Plan),
    /// Stock of the chain, a store or a product · 库存
    Stock(Stock),
    Bins(bins::Bins),
    #[command(subcommand)]
    Serial(bins::Serials),
    /// Stock movements, ageing, turnover and other reports · 报表
    #[command(subcommand)]
    Report(console::report::Reports),
    #[command(subcommand)]
    Finance(finance::Finance),
    /// What somebody should look at in the stores' stock · 库存预警
    Alerts(alerts::Alerts),
    /// Why a product's stock at a store is what it is · 库存来历
    Explain(Explain),
    /// The stores at a glance · 门店状态
    Status(Status),
    /// The days that the stores have closed, and whether they are signed · 日结
    Closes(Closes),
    /// Check the books against themselves · 数据校验
    Verify,
    /// Consistency checks: run them, list and show their reports · 数据核对
    #[command(subcommand)]
    Check(Check),
    /// Make the read model anew from the documents · 重建读模型
    Rebuild,
    /// Write a copy of books, settings and keys to a new file · 备份
    Backup(Backup),
    /// Make the hub's folder, which must not exist, again from a backup · 恢复备份
    Restore(Backup),
}

#[derive(Debug, Args)]
struct Init {
    /// What people call the chain · 连锁名称
    #[arg(long)]
    name: Option<String>,
    /// Where to listen for stores · 监听地址
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// The address that stores are told, e.g. hub.example.com:4720 · 门店所用地址
    #[arg(long, value_name = "HOST:PORT")]
    public: Option<String>,
}

#[derive(Debug, Args)]
struct Run {
    /// Listen here instead of where the settings say · 监听地址
    #[arg(long)]
    listen: Option<SocketAddr>,
}

#[derive(Debug, Subcommand)]
enum Store {
    /// Make a store known and print its one-time join code · 添加门店，打印一次性加入码
    Add(StoreAdd),
    /// List the stores · 列出门店
    List,
    /// Set fields of a store's profile · 修改门店档案
    Set(profiles::SetArgs),
    /// Show the stores' profiles · 门店档案
    Show(profiles::ShowArgs),
    /// Shut a store out at once; its facts stay · 注销门店，其流水保留
    Revoke {
        /// The store · 门店
        store: StoreId,
    },
}

#[derive(Debug, Args)]
struct StoreAdd {
    /// The store's id, e.g. S012 · 门店编号
    store: StoreId,
    /// Its name · 名称
    #[arg(long)]
    name: Option<String>,
    /// A code for a new machine of a known store; it takes over when it joins · 为已有门店的新机器生成加入码
    #[arg(long)]
    again: bool,
    /// How long the code works, in minutes · 有效期（分钟）
    #[arg(long, value_name = "MINUTES", default_value_t = 24 * 60)]
    life: u64,
}

#[derive(Debug, Subcommand)]
enum Catalog {
    /// Import products from a CSV file (UTF-8 or GB18030) · 导入商品
    Import {
        /// The file; its first row names the columns: sku, name_zh, price, ... · 文件
        file: PathBuf,
        /// Only show what would change · 试运行
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        codes: AnyCodes,
        /// Where rejected rows go, each with its reason [default: beside the file] · 退回行文件
        #[arg(long, value_name = "FILE")]
        rejects: Option<PathBuf>,
    },
    /// List products · 列出商品
    List {
        /// Part of a code, name or mnemonic · 编码、条码、名称或助记码的一部分
        #[arg(long)]
        search: Option<String>,
        /// Of this category and those within it, e.g. 饮料/碳酸 · 分类（含下级）
        #[arg(long)]
        category: Option<String>,
        /// The variants of this style, by size and colour · 款号
        #[arg(long)]
        style: Option<String>,
        /// The most rows to print; JSON prints all · 最多行数
        #[arg(long, default_value_t = HUMAN_ROWS)]
        limit: usize,
    },
    /// Set fields of a product; connected stores get them at once · 修改商品
    Set {
        /// The product's SKU; one that is not known is made · 商品编码
        sku: Sku,
        /// Fields and their values, e.g. price=3.50 · 字段=值
        #[arg(required = true, value_name = "FIELD=VALUE")]
        fields: Vec<String>,
        #[command(flatten)]
        codes: AnyCodes,
    },
    /// Print shelf labels as SVG, the same as at a store · 打印货架标签
    Label {
        /// The products' SKUs · 商品编码
        #[arg(required = true, value_name = "SKU")]
        skus: Vec<Sku>,
        #[command(flatten)]
        printing: Printing,
    },
    /// Fields that were edited in two places at once, with both values · 冲突
    Conflicts,
}

/// Which barcodes to take.
#[derive(Debug, Clone, Copy, Args)]
struct AnyCodes {
    /// Also take numbers as barcodes that are no article numbers · 允许非标准条码
    #[arg(long)]
    any_codes: bool,
}

impl From<AnyCodes> for Codes {
    fn from(codes: AnyCodes) -> Self {
        if codes.any_codes { Self::Any } else { Self::Articles }
    }
}

/// Rows that a person is shown before being told that there are more.
const HUMAN_ROWS: usize = 200;

#[derive(Debug, Args)]
struct Stock {
    /// Of one store · 门店
    #[arg(long)]
    store: Option<StoreId>,
    /// Of one product, by SKU or barcode · 商品编码或条码
    #[arg(long)]
    sku: Option<String>,
    /// Of this category and those within it, e.g. 饮料/碳酸 · 分类
    #[arg(long, conflicts_with = "sku")]
    category: Option<String>,
    /// At the end of this day (YYYY-MM-DD) · 日期
    #[arg(long)]
    date: Option<BusinessDate>,
    /// One row for each ... [default: product; with --sku: store] · 汇总方式
    #[arg(long, value_enum)]
    by: Option<By>,
    /// The most rows to print; JSON prints all · 最多行数
    #[arg(long, default_value_t = HUMAN_ROWS)]
    limit: usize,
}

/// What a row of stock is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    /// Product, summed over the stores · 商品
    Sku,
    /// Store, summed over the products · 门店
    Store,
    /// Product at a store · 门店与商品
    Both,
}

#[derive(Debug, Args)]
struct Explain {
    /// The product, by SKU or barcode · 商品编码或条码
    sku: String,
    /// At this store · 门店
    #[arg(long)]
    store: StoreId,
    /// Only this day, with its receipts · 某日单据
    #[arg(long, conflicts_with_all = ["from", "to"])]
    date: Option<BusinessDate>,
    /// From this day · 起始日期
    #[arg(long)]
    from: Option<BusinessDate>,
    /// Up to this day · 截止日期
    #[arg(long)]
    to: Option<BusinessDate>,
}

#[derive(Debug, Args)]
struct Status {
    /// Only this store, with its quarantine · 门店
    #[arg(long)]
    store: Option<StoreId>,
}

#[derive(Debug, Args)]
struct Closes {
    /// The last closed days of this store; without it, the last one of each · 门店
    #[arg(long)]
    store: Option<StoreId>,
    /// At most so many days of a store · 最多天数
    #[arg(long, default_value_t = 31)]
    limit: usize,
}

#[derive(Debug, Subcommand)]
enum Check {
    /// Run every check and keep the report; ends with 1 when a finding is an error · 运行核对
    Run {
        /// Look again at books that have not changed since the last run · 全量核对
        #[arg(long)]
        full: bool,
        #[command(flatten)]
        scope: ScopeArgs,
    },
    /// Compare what connected stores keep with what the hub keeps of the same facts · 与门店比对
    Compare {
        /// These stores; without any, all that are connected · 门店
        stores: Vec<StoreId>,
        /// Leave out rows of earlier days · 起始日期
        #[arg(long)]
        since: Option<BusinessDate>,
    },
    /// When checks run by themselves: set, list, remove · 定时核对
    #[command(subcommand)]
    Schedule(ScheduleCommand),
    /// List what the newest reports found and nobody has resolved · 列出未处理的问题
    Findings {
        /// Those that are resolved, too · 包括已处理的
        #[arg(long)]
        all: bool,
    },
    /// Say what becomes of a finding · 处理问题
    Resolve {
        /// Its name in the report · 问题编号
        finding: String,
        #[command(flatten)]
        how: Resolution,
        #[command(flatten)]
        terms: Terms,
        /// Who decides · 经手人
        #[arg(long, value_name = "NAME", env = "EVENSTOCK_OPERATOR")]
        by: Operator,
        /// Why · 原因
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
    },
    /// List the kept reports · 列出报告
    List,
    /// Show a kept report · 查看报告
    Show {
        /// Its number · 报告号
        number: u64,
        /// How people get it; programs take --json · 输出格式
        #[arg(long, value_enum, default_value_t = Format::Table)]
        format: Format,
        /// Write to this new file · 输出文件
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

/// What a run looks at.
#[derive(Debug, Args)]
struct ScopeArgs {
    /// Only this store · 门店
    #[arg(long)]
    store: Option<StoreId>,
    /// Leave out what is wrong with, or began on, an earlier day · 起始日期
    #[arg(long)]
    since: Option<BusinessDate>,
    /// Only what this check finds; may be given several times · 仅某项核对
    #[arg(long = "check", value_name = "CHECK")]
    checks: Vec<ledger::check::Check>,
}

impl From<ScopeArgs> for Scope {
    fn from(args: ScopeArgs) -> Self {
        let ScopeArgs { store, since, checks } = args;
        Self { store, since, checks }
    }
}

#[derive(Debug, Subcommand)]
enum ScheduleCommand {
    /// Let checks run by themselves while the hub runs · 设定
    Set {
        /// What to call it; an earlier one of this name is replaced · 名称
        name: String,
        #[command(flatten)]
        rhythm: RhythmArgs,
        /// Look again at books that have not changed since the last run · 全量核对
        #[arg(long)]
        full: bool,
        #[command(flatten)]
        scope: ScopeArgs,
    },
    /// List the schedules · 列出
    List,
    /// Remove a schedule · 删除
    Remove {
        /// Its name · 名称
        name: String,
    },
}

fn depth(full: bool) -> Depth {
    if full { Depth::Full } else { Depth::Changed }
}

/// When: one of these.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct RhythmArgs {
    /// So many minutes after the last run · 间隔（分钟）
    #[arg(long, value_name = "MINUTES")]
    every: Option<u32>,
    /// Each day at these times, e.g. 03:00 or 03:00,15:30 · 每日时刻
    #[arg(long, value_name = "HH:MM")]
    at: Option<String>,
    /// As cron says it: minute hour day month weekday, e.g. "0 3 * * 1-5" · cron 表达式
    #[arg(long, value_name = "FIELDS")]
    cron: Option<String>,
}

/// How a finding is resolved: one of these.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Resolution {
    /// It is no fault · 说明：并非问题
    #[arg(long, requires = "reason")]
    explain: bool,
    /// It is one, and stays as it is · 接受：保持现状
    #[arg(long, requires = "reason")]
    accept: bool,
    /// Propose the fact that corrects it · 提议更正流水
    #[arg(long, requires = "reason")]
    correct: bool,
    /// Let the store book the fact that another has proposed · 批准更正
    #[arg(long)]
    approve: bool,
    /// Don't · 驳回更正
    #[arg(long, requires = "reason")]
    reject: bool,
}

/// More about a resolution.
#[derive(Debug, Args)]
struct Terms {
    /// With --correct: so many are added (taken off if negative) instead of what the check says · 更正数量
    #[arg(long, allow_negative_numbers = true, requires = "correct", conflicts_with = "value")]
    quantity: Option<Quantity>,
    /// With --correct: so much cost is added instead of what the check says · 更正金额
    #[arg(long, allow_negative_numbers = true, requires = "correct")]
    value: Option<Money>,
    /// With --approve: by whoever proposed it, because of the reason · 由提议人一人批准，须说明原因
    #[arg(long, requires = "approve", requires = "reason")]
    alone: bool,
}

impl Resolution {
    fn how(&self, terms: &Terms, reason: Option<String>) -> How {
        let reason = reason.unwrap_or_default();
        if self.explain {
            How::Explain(reason)
        } else if self.accept {
            How::Accept(reason)
        } else if self.correct {
            let quantity = terms.quantity.map(Instead::Quantity);
            let instead = quantity.or(terms.value.map(Instead::Value));
            How::Correct(Proposal { reason, instead })
        } else if self.reject {
            How::Reject(reason)
        } else if terms.alone {
            How::ApproveAlone(reason)
        } else {
            How::Approve
        }
    }
}

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// In words, to read · 表格
    Table,
    /// One row for each finding, for programs and spreadsheets · CSV 文件
    Csv,
    /// A page to read in a browser or print · HTML 网页
    Html,
    /// A workbook for spreadsheet programs; needs --out · Excel 工作簿
    Xlsx,
}

#[derive(Debug, Args)]
struct Backup {
    /// The backup · 备份文件
    file: PathBuf,
}

/// Runs the program with these arguments and says how it ends.
pub fn main() -> Exit {
    let Cli { dir, options, command } = Cli::parse();
    let out = Out::new(options);
    let result = perform(&Home::at(dir), command, &out);
    out.finish(result)
}

fn perform(home: &Home, command: Command, out: &Out) -> Result<Exit> {
    match command {
        Command::Init(init) => run::init(home, init, out),
        Command::Run(options) => run::run(home, &options, out),
        Command::Restore(backup) => care::restore(home, &backup.file, out),
        other => {
            let door = AnyDoor::open(home, out.lang)?;
            match other {
                Command::Store(Store::Add(add)) => stores::add(&door, add, out),
                Command::Store(Store::List) => stores::list(&door, out),
                Command::Store(Store::Set(set)) => profiles::set(&door, set, out),
                Command::Store(Store::Show(show)) => profiles::show(&door, show, out),
                Command::Store(Store::Revoke { store }) => stores::revoke(&door, store, out),
                Command::Catalog(Catalog::Import { file, dry_run, codes, rejects }) => {
                    catalog::import(&door, &file, (dry_run.into(), codes.into()), rejects, out)
                }
                Command::Catalog(Catalog::List { search, category, style, limit }) => {
                    catalog::list(&door, ListProducts { search, category, style }, limit, out)
                }
                Command::Catalog(Catalog::Set { sku, fields, codes }) => {
                    catalog::set(&door, sku, &fields, codes.into(), out)
                }
                Command::Catalog(Catalog::Label { skus, printing }) => {
                    catalog::label(&door, &skus, &printing, out)
                }
                Command::Catalog(Catalog::Conflicts) => catalog::conflicts(&door, out),
                Command::Supplier(what) => supplier::run(&door, what, out),
                Command::Category(what) => categories::run(&door, what, out),
                Command::Product(what) => products::run(&door, what, out),
                Command::Bounds(what) => bounds::run(&door, what, out),
                Command::Price(what) => prices::run(&door, what, out),
                Command::Promotion(what) => promotion::run(&door, what, out),
                Command::Purchase(what) => purchase::run(&door, what, out),
                Command::Transfer(what) => transfer::run(&door, what, out),
                Command::Value(what) => value::run(&door, what, out),
                Command::Plan(what) => plan::plan(&door, what, out),
                Command::Bins(what) => bins::bins(&door, what, out),
                Command::Serial(what) => bins::serials(&door, what, out),
                Command::Stock(stock) => stock::stock(&door, stock, out),
                Command::Report(reports) => report::report(&door, reports, out),
                Command::Finance(what) => finance::run(&door, what, out),
                Command::Alerts(alerts) => alerts::alerts(&door, alerts, out),
                Command::Explain(explain) => explain::explain(&door, explain, out),
                Command::Status(status) => status::status(&door, status, out),
                Command::Closes(Closes { store, limit }) => {
                    closes::closes(&door, ListCloses { store, limit }, out)
                }
                Command::Check(Check::Run { full, scope }) => {
                    checks::run(&door, scope.into(), depth(full), out)
                }
                Command::Check(Check::Compare { stores, since }) => {
                    replicas::compare(&door, stores, since, out)
                }
                Command::Check(Check::Schedule(what)) => schedule::run(&door, what, out),
                Command::Check(Check::Findings { all }) => {
                    let which = if all { Which::All } else { Which::Open };
                    findings::list(&door, which, out)
                }
                Command::Check(Check::Resolve { finding, how, terms, by, reason }) => {
                    findings::resolve(&door, finding, how.how(&terms, reason), by, out)
                }
                Command::Check(Check::List) => checks::list(&door, out),
                Command::Check(Check::Show { number, format, out: to }) => {
                    checks::show(&door, number, format, to.as_deref(), out)
                }
                Command::Verify => care::verify(&door, out),
                Command::Rebuild => care::rebuild(&door, out),
                Command::Backup(backup) => care::backup(&door, &backup.file, out),
                Command::Init(_) | Command::Run(_) | Command::Restore(_) => {
                    unreachable!("answered above")
                }
            }
        }
    }
}
