//! Purchase invoices from the command line.

use clap::{Args, Subcommand};
use console::{Column, Exit, Page, Table, format, words};
use ledger::id::InvoiceNo;
use ledger::time::BusinessDate;

use super::booking::book;
use super::{AboutArgs, Scene};
use crate::ask::history::ShowFact;
use crate::ask::supplier::{Invoices, ListInvoices, MatchInvoice, WhichInvoices};
use crate::door::Door;
use crate::error::Result;
use crate::request::{self, FactRef, InvoiceLine, NamedFact};
use crate::view::FactView;

/// Purchase invoices: add, match, list, show · 采购发票
#[derive(Debug, Subcommand)]
pub(super) enum Invoice {
    Add(Add),
    Match(Match),
    /// List the store's invoices · 列出发票
    List {
        /// Of this supplier only: id or name · 供应商
        #[arg(long)]
        supplier: Option<String>,
        /// Only those that are not paid in full · 仅未付清的
        #[arg(long)]
        open: bool,
    },
    /// Show an invoice · 查看发票
    Show {
        /// Its bill number or fact id · 单据编号或流水号
        invoice: FactRef,
    },
}

/// Book a supplier's invoice for goods that were received · 录入采购发票
///
/// A line is ITEM[:QUANTITY][@NET_PRICE | =LINE_NET][+TAX]: `milk:24@2.10`, `milk:24=50.40+6.55`.
/// Without lines, all that is open of the receipts at what it was received at.
///
/// What the goods cost beyond their estimate goes to the stock for those on hand, to cost for those
/// that have left. Differences beyond tolerance need --accept REASON; `invoice match` shows them.
///
/// 每行写作 商品[:数量][@不含税单价 或 =本行不含税金额][+税额]；不写商品行则按入库单全部未开票商品及入库价。
/// 与暂估成本的差额：现存部分调整库存成本，已出库部分计入成本调整。超出容差须用 --accept 说明原因。
#[derive(Debug, Args)]
pub(super) struct Add {
    #[command(flatten)]
    invoice: InvoiceArgs,
    /// Take it though it differs from order or receipt, and why · 接受差异的原因
    #[arg(long, value_name = "REASON")]
    accept: Option<String>,
    #[command(flatten)]
    about: AboutArgs,
}

/// Compare an invoice with order and receipts, without booking it · 三单核对
///
/// Ends with 1 when something differs beyond tolerance.
#[derive(Debug, Args)]
pub(super) struct Match {
    #[command(flatten)]
    invoice: InvoiceArgs,
}

/// An invoice as it is typed.
#[derive(Debug, Args)]
struct InvoiceArgs {
    /// What it asks for · 商品行
    #[arg(value_name = "LINE")]
    lines: Vec<InvoiceLine>,
    /// Who asks: id or name · 供应商
    #[arg(long, value_name = "SUPPLIER")]
    supplier: String,
    /// The supplier's own number for it · 发票号
    #[arg(long, value_name = "NUMBER")]
    number: InvoiceNo,
    /// A receipt whose goods it is for: bill number or fact id · 入库单，可多次
    #[arg(long, value_name = "BILL", required = true)]
    receipt: Vec<FactRef>,
    /// The day that it bears; that of the last receipt if left out · 开票日期
    #[arg(long, value_name = "DATE")]
    dated: Option<BusinessDate>,
    /// When it is to be paid; by the supplier's terms if left out · 到期日
    #[arg(long, value_name = "DATE")]
    due: Option<BusinessDate>,
    /// The tax rate in percent of lines that give no tax, e.g. 13 · 税率（%）
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    tax_rate: Option<u16>,
}

impl InvoiceArgs {
    fn request(self, accept: Option<String>) -> request::TakeInvoice {
        let Self { lines, supplier, number, receipt, dated, due, tax_rate } = self;
        let receipts = receipt.into_iter().map(NamedFact).collect();
        request::TakeInvoice { supplier, number, dated, due, receipts, lines, tax_rate, accept }
    }
}

impl Invoice {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let out = scene.out;
        match self {
            Self::Add(Add { invoice, accept, about }) => {
                return book(scene, about, invoice.request(accept).into());
            }
            Self::Match(Match { invoice }) => {
                let (invoice, lang) = (invoice.request(None), out.lang.tag().to_owned());
                let matched = scene.door()?.ask(MatchInvoice { invoice, lang })?;
                out.show(&matched, |page| matched.print(page));
                return Ok(if matched.matches { Exit::Done } else { Exit::Failed });
            }
            Self::List { supplier, open } => {
                let which = if open { WhichInvoices::Open } else { WhichInvoices::All };
                let list = scene.door()?.ask(ListInvoices { supplier, which })?;
                out.show(&list, |page| print_list(page, &list));
            }
            Self::Show { invoice: fact } => {
                let found = scene.door()?.ask(ShowFact { fact })?;
                out.show(&found, |page| print(page, &found.fact));
            }
        }
        Ok(Exit::Done)
    }
}

fn print_list(page: &mut Page, list: &Invoices) {
    let lang = page.lang();
    if list.invoices.is_empty() {
        return page.say(words::InvoicesNone);
    }
    page.heading(words::InvoicesHeading { store: &list.store });
    let mut table = Table::new([
        Column::text(lang.say(words::Fact)),
        Column::flexible(lang.say(words::InvoiceNumber)),
        Column::flexible(lang.say(words::Supplier)),
        Column::text(lang.say(words::Date)),
        Column::text(lang.say(words::InvoiceDueDay)),
        Column::number(lang.say(words::InvoiceGross)),
        Column::number(lang.say(words::InvoiceOpen)),
        Column::text(lang.say(words::InvoiceUndone)),
    ]);
    for row in &list.invoices {
        table.row([
            row.fact.to_string(),
            row.number.clone(),
            row.supplier.title(lang),
            row.date.to_string(),
            row.due.to_string(),
            format::money_total(row.amount.0),
            format::money_total(row.open.0),
            row.undone.map(|id| id.to_string()).unwrap_or_default(),
        ]);
    }
    page.table(&table);
}

/// An invoice with its lines.
pub(super) fn print(page: &mut Page, fact: &FactView) {
    let lang = page.lang();
    let Some(invoice) = &fact.invoice else { return };
    let (number, supplier) = (&invoice.number, fact.supplier.as_deref().unwrap_or_default());
    page.heading(words::InvoiceHeading { number, supplier });
    let receipts: Vec<_> = invoice.receipts.iter().map(|receipt| receipt.0.to_string()).collect();
    page.fields([
        (lang.say(words::Bill), fact.bill.to_string()),
        (lang.say(words::InvoiceDated), invoice.dated.to_string()),
        (lang.say(words::InvoiceDueDay), invoice.due.to_string()),
        (lang.say(words::InvoiceReceipts), receipts.join(", ")),
        (lang.say(words::Reason), fact.reason.clone().unwrap_or_else(|| "-".to_owned())),
    ]);
    let mut table = Table::new([
        Column::flexible(lang.say(words::Sku)),
        Column::number(lang.say(words::Quantity)),
        Column::number(lang.say(words::Price)),
        Column::number(lang.say(words::InvoiceNet)),
        Column::number(lang.say(words::InvoiceTax)),
    ]);
    for line in &invoice.lines {
        let price = line.net.per_unit(line.quantity).map(|price| price.to_string());
        table.row([
            line.sku.to_string(),
            format::quantity(line.quantity),
            price.unwrap_or_default(),
            format::money(line.net),
            format::money(line.tax),
        ]);
    }
    let (net, tax) = (format::money(invoice.net), format::money(invoice.tax));
    table.total([lang.say(words::Total), String::new(), String::new(), net, tax]);
    page.gap();
    page.table(&table);
    page.fields([(lang.say(words::InvoiceGross), format::money(invoice.amount))]);
}

/// `13` and `6.5` percent in basis points.
fn percent(text: &str) -> std::result::Result<u16, String> {
    let text = text.trim_end_matches('%');
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = whole.bytes().chain(part.bytes()).all(|byte| byte.is_ascii_digit());
    let points = format!("{whole}{part:0<2}").parse::<u16>().ok();
    let points = points.filter(|points| digits && part.len() <= 2 && *points <= 10_000);
    points.ok_or_else(|| "expected percent from 0 to 100 with at most two decimals".to_owned())
}
