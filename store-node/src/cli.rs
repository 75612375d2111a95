//! The command line: what is typed, and who carries it out.

mod alerts;
mod basket;
mod bin;
mod booking;
mod care;
mod close;
mod count;
mod exchange;
mod explain;
mod forks;
mod held;
mod history;
mod import;
mod invoice;
mod label;
mod losses;
mod lots;
mod plan;
mod price;
mod product;
mod promotion;
mod purchase;
mod quarantine;
mod receipt;
mod report;
mod run;
mod scan;
mod serial;
mod setup;
mod shift;
mod status;
mod stock;
mod supplier;
mod sync;
mod terms;
mod transfer;
mod value;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use console::{Exit, Out};
use ledger::id::{MemberId, Operator, RequestId, TillId};
use ledger::time::BusinessDate;

use crate::clock::Zone;
use crate::door::AnyDoor;
use crate::error::Result;
use crate::home::Home;
use crate::request::About;

/// One store of an Evenstock chain: sells, receives and counts with or without the network, and
/// reconciles with its hub.
///
/// 一家门店：有网无网都能收银、收货、盘点，联网后与总部对账。
#[derive(Debug, Parser)]
#[command(name = "store-node", version, max_term_width = 100)]
pub struct Cli {
    /// The store's folder · 门店数据目录
    #[arg(
        long,
        global = true,
        default_value = "evenstock-store",
        env = "EVENSTOCK_STORE_DIR",
        value_name = "FOLDER"
    )]
    dir: PathBuf,
    #[command(flatten)]
    options: console::Options,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(setup::Init),
    Join(setup::Join),
    Run(run::Run),
    Sell(booking::Sell),
    Return(booking::Return),
    Exchange(exchange::Exchange),
    #[command(subcommand)]
    Shift(shift::Shift),
    #[command(subcommand)]
    Basket(basket::Basket),
    Receipt(receipt::Receipt),
    Receive(booking::Receive),
    Adjust(booking::Adjust),
    Scrap(booking::Scrap),
    Overflow(booking::Overflow),
    Assemble(booking::Assemble),
    Disassemble(booking::Disassemble),
    Reverse(booking::Reverse),
    State(booking::State),
    #[command(subcommand)]
    Purchase(purchase::Purchase),
    #[command(subcommand)]
    Quarantine(quarantine::Quarantine),
    #[command(subcommand)]
    Transfer(transfer::Transfer),
    #[command(subcommand)]
    Value(value::Value),
    #[command(subcommand)]
    Supplier(supplier::Supplier),
    #[command(subcommand)]
    Invoice(invoice::Invoice),
    Close(close::Close),
    #[command(subcommand)]
    Count(count::Count),
    Plan(plan::Plan),
    Stock(stock::Stock),
    /// Stock movements, ageing, turnover and other reports · 报表
    #[command(subcommand)]
    Report(console::report::Reports),
    Lots(lots::Lots),
    #[command(subcommand)]
    Bin(bin::Bins),
    #[command(subcommand)]
    Serial(serial::Serials),
    Alerts(alerts::Alerts),
    Losses(losses::Losses),
    History(history::History),
    Explain(explain::Explain),
    Scan(scan::Scan),
    Label(label::PrintLabels),
    Price(price::Price),
    #[command(subcommand)]
    Promotion(promotion::Promotion),
    #[command(subcommand)]
    Product(product::Product),
    Import(import::Import),
    Status(status::Status),
    Sync(sync::Sync),
    Forks(forks::Forks),
    #[command(subcommand)]
    Books(held::Books),
    Verify(care::Verify),
    Rebuild(care::Rebuild),
    Backup(care::Backup),
    Restore(care::Restore),
    Doctor(care::Doctor),
}

/// Carries out a command line and says how the program ends.
pub fn run(cli: Cli) -> Exit {
    let out = Out::new(cli.options);
    let scene = Scene { home: Home::at(cli.dir), out: &out };
    let result = match cli.command {
        Command::Init(init) => init.run(&scene),
        Command::Join(join) => join.run(&scene),
        Command::Run(run) => run.run(&scene),
        Command::Sell(sell) => sell.run(&scene),
        Command::Return(give_back) => give_back.run(&scene),
        Command::Exchange(exchange) => exchange.run(&scene),
        Command::Shift(shift) => shift.run(&scene),
        Command::Basket(basket) => basket.run(&scene),
        Command::Receipt(receipt) => receipt.run(&scene),
        Command::Receive(receive) => receive.run(&scene),
        Command::Adjust(adjust) => adjust.run(&scene),
        Command::Scrap(scrap) => scrap.run(&scene),
        Command::Overflow(overflow) => overflow.run(&scene),
        Command::Assemble(assemble) => assemble.run(&scene),
        Command::Disassemble(disassemble) => disassemble.run(&scene),
        Command::Reverse(reverse) => reverse.run(&scene),
        Command::State(state) => state.run(&scene),
        Command::Purchase(purchase) => purchase.run(&scene),
        Command::Quarantine(quarantine) => quarantine.run(&scene),
        Command::Transfer(transfer) => transfer.run(&scene),
        Command::Value(value) => value.run(&scene),
        Command::Supplier(supplier) => supplier.run(&scene),
        Command::Invoice(invoice) => invoice.run(&scene),
        Command::Close(close) => close.run(&scene),
        Command::Count(count) => count.run(&scene),
        Command::Plan(plan) => plan.run(&scene),
        Command::Stock(stock) => stock.run(&scene),
        Command::Report(reports) => report::run(reports, &scene),
        Command::Lots(lots) => lots.run(&scene),
        Command::Bin(bins) => bins.run(&scene),
        Command::Serial(serials) => serials.run(&scene),
        Command::Alerts(alerts) => alerts.run(&scene),
        Command::Losses(losses) => losses.run(&scene),
        Command::History(history) => history.run(&scene),
        Command::Explain(explain) => explain.run(&scene),
        Command::Scan(scan) => scan.run(&scene),
        Command::Label(label) => label.run(&scene),
        Command::Price(price) => price.run(&scene),
        Command::Promotion(promotion) => promotion.run(&scene),
        Command::Product(product) => product.run(&scene),
        Command::Import(import) => import.run(&scene),
        Command::Status(status) => status.run(&scene),
        Command::Sync(sync) => sync.run(&scene),
        Command::Forks(forks) => forks.run(&scene),
        Command::Books(books) => books.run(&scene),
        Command::Verify(verify) => verify.run(&scene),
        Command::Rebuild(rebuild) => rebuild.run(&scene),
        Command::Backup(backup) => backup.run(&scene),
        Command::Restore(restore) => restore.run(&scene),
        Command::Doctor(doctor) => doctor.run(&scene),
    };
    out.finish(result)
}

/// Where a command plays: in which folder, and where its results go.
struct Scene<'a> {
    home: Home,
    out: &'a Out,
}

impl Scene<'_> {
    /// Whoever answers for the folder.
    fn door(&self) -> Result<AnyDoor> {
        AnyDoor::open(&self.home, self.out.lang)
    }

    /// The shop's zone.
    fn zone(&self) -> Result<Zone> {
        self.home.read_config()?.zone()
    }
}

/// What every command that books takes.
#[derive(Debug, Args)]
struct AboutArgs {
    /// Your own name for the request: repeating it books nothing twice · 请求号，重复提交不会重复入账
    #[arg(long, value_name = "ID")]
    request: Option<RequestId>,
    /// Who does it · 经手人
    #[arg(long, value_name = "NAME", env = "EVENSTOCK_OPERATOR")]
    operator: Option<Operator>,
    /// The day to book to, e.g. 2026-11-22; today if left out · 业务日期，默认今天
    #[arg(long, value_name = "DATE")]
    date: Option<BusinessDate>,
    /// At which till; the shop's only one if left out · 收银台
    #[arg(long, value_name = "TILL", env = "EVENSTOCK_TILL")]
    till: Option<TillId>,
    /// Set by the commands that name a member.
    #[arg(skip)]
    member: Option<MemberId>,
}

impl From<AboutArgs> for About {
    fn from(args: AboutArgs) -> Self {
        let AboutArgs { request, operator, date, till, member } = args;
        Self { request, operator, date, till, member, ..Self::default() }
    }
}
