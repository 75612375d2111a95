//! What both programs take on the command line.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use ledger::id::{Operator, PurchaseId, RequestId, StoreId, SupplierId};
use ledger::time::BusinessDate;

use super::PurchaseRefused;
use super::ask::{
    ListPurchases, OrderPurchase, RequestPurchase, Said, SayPurchase, ShowPurchase, Which,
};
use super::line::PurchaseLine;
use crate::plan::sheet;

/// How many hex digits of its hash name a plan: two plans of a chain share them once in 10^14.
const PLAN_NAME_LEN: usize = 12;

/// What both programs can do about purchases.
#[derive(Debug, Subcommand)]
pub enum PurchaseCommand {
    /// Ask for goods to be bought · 请购
    Request(RequestArgs),
    /// Write an order, or what is to stand in place of one that nobody has agreed to · 编制采购订单
    Order(OrderArgs),
    /// Write an order for each supplier in a plan that `plan --csv` wrote and somebody has edited · 按计划下单
    Place(PlaceArgs),
    /// Say that an order is ready to be agreed to · 提交审核
    Submit(NoteArgs),
    /// Agree to an order · 审核通过
    Approve(NoteArgs),
    /// Do not agree to an order · 驳回
    Reject(WhyArgs),
    /// Say that the supplier has been given the order · 发送供应商
    Send(NoteArgs),
    /// Note what is known of the supplier's shipment · 物流跟踪
    Track(TrackArgs),
    /// Wait for nothing more: a store for its own lines, head office for all · 短交关闭
    Close(WhyArgs),
    /// Stop an order of which nothing has come · 取消
    Cancel(WhyArgs),
    /// List the purchases · 列出采购单
    List(ListArgs),
    /// Show a purchase: how far each line has come, who did what when, what is missing and whose
    /// turn it is · 查看采购单
    Show {
        /// Its number · 采购单号
        purchase: PurchaseId,
    },
}

/// Asks that follow from what was typed.
#[derive(Debug)]
pub enum Steps {
    /// Ask for goods.
    Request(RequestPurchase),
    /// Write an order.
    Order(OrderPurchase),
    /// Write the orders of a plan.
    Place(PlaceArgs),
    /// Say something.
    Say(SayPurchase),
    /// List purchases.
    List(ListPurchases),
    /// Show a purchase.
    Show(ShowPurchase),
}

/// Who does it.
#[derive(Debug, Args)]
pub struct ByArgs {
    /// Who does it · 经手人
    #[arg(long, value_name = "NAME", env = "EVENSTOCK_OPERATOR")]
    operator: Option<Operator>,
}

/// What `purchase request` takes.
#[derive(Debug, Args)]
pub struct RequestArgs {
    /// What is wanted: [STORE/]ITEM[:QUANTITY] · 商品行
    #[arg(required = true, value_name = "LINE")]
    lines: Vec<PurchaseLine>,
    /// For this store, where a line names none; several if given again · 收货门店，可重复
    #[arg(long = "for", value_name = "STORE")]
    stores: Vec<StoreId>,
    /// From whom, if that is known · 供应商
    #[arg(long, value_name = "SUPPLIER")]
    supplier: Option<SupplierId>,
    /// What else there is to say · 备注
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Your own name for the request: repeating it asks nothing twice · 请求号
    #[arg(long, value_name = "ID")]
    request: Option<RequestId>,
    #[command(flatten)]
    by: ByArgs,
}

/// What `purchase order` takes.
#[derive(Debug, Args)]
pub struct OrderArgs {
    /// What is ordered: [STORE/]ITEM[:QUANTITY][@PRICE]; for a request, what was asked for if left
    /// out · 商品行，默认为请购内容
    #[arg(value_name = "LINE", required_unless_present = "purchase")]
    lines: Vec<PurchaseLine>,
    /// From whom · 供应商
    #[arg(long, value_name = "SUPPLIER")]
    supplier: SupplierId,
    /// The request that it answers, or the order that it revises · 对应的请购单或待修改的订单
    #[arg(long = "of", value_name = "PURCHASE", conflicts_with = "request")]
    purchase: Option<PurchaseId>,
    /// For this store, where a line names none; several if given again · 收货门店，可重复
    #[arg(long = "for", value_name = "STORE")]
    stores: Vec<StoreId>,
    /// When it is to come · 预计到货日期
    #[arg(long, value_name = "DATE")]
    expected: Option<BusinessDate>,
    /// What else there is to say · 备注
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Your own name for the request: repeating it orders nothing twice · 请求号
    #[arg(long, value_name = "ID")]
    request: Option<RequestId>,
    #[command(flatten)]
    by: ByArgs,
}

/// What `purchase place` takes.
#[derive(Debug, Args)]
pub struct PlaceArgs {
    /// The plan · 采购计划文件
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// For which store; at a store, itself if left out · 收货门店
    #[arg(long = "for", value_name = "STORE")]
    store: Option<StoreId>,
    /// When the goods are to come · 预计到货日期
    #[arg(long, value_name = "DATE")]
    expected: Option<BusinessDate>,
    /// What else there is to say · 备注
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    #[command(flatten)]
    by: ByArgs,
}

/// What a word with a remark takes.
#[derive(Debug, Args)]
pub struct NoteArgs {
    /// The purchase's number · 采购单号
    purchase: PurchaseId,
    /// What else there is to say · 备注
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    #[command(flatten)]
    by: ByArgs,
}

/// What a word with a reason takes.
#[derive(Debug, Args)]
pub struct WhyArgs {
    /// The purchase's number · 采购单号
    purchase: PurchaseId,
    /// Why · 原因
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    by: ByArgs,
}

/// What `purchase track` takes.
#[derive(Debug, Args)]
pub struct TrackArgs {
    /// The purchase's number · 采购单号
    purchase: PurchaseId,
    /// Who carries the goods · 承运商
    #[arg(long, value_name = "NAME")]
    carrier: Option<String>,
    /// The carrier's number for them · 运单号
    #[arg(long, value_name = "NUMBER")]
    waybill: Option<String>,
    /// When they are to come · 预计到货日期
    #[arg(long, value_name = "DATE")]
    expected: Option<BusinessDate>,
    /// What else there is to say · 备注
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    #[command(flatten)]
    by: ByArgs,
}

/// What `purchase list` takes.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Only those that wait for something, or look wrong · 仅未完成的
    #[arg(long)]
    open: bool,
    /// Only those of which goods should have come before today, by supplier · 仅逾期未到的，按供应商排列
    #[arg(long, conflicts_with = "open")]
    late: bool,
    /// Only those of this store · 门店
    #[arg(long, value_name = "STORE")]
    store: Option<StoreId>,
    /// Only those from this supplier · 供应商
    #[arg(long, value_name = "SUPPLIER")]
    supplier: Option<SupplierId>,
    /// Only those begun on this day (UTC) or later · 起始日期
    #[arg(long, value_name = "YYYY-MM-DD")]
    since: Option<BusinessDate>,
}

impl PurchaseCommand {
    /// What is asked for, to be shown in a language.
    pub fn ask(self, lang: String) -> Steps {
        let say = |purchase, word, by: ByArgs, lang| {
            Steps::Say(SayPurchase { purchase, word, operator: by.operator, lang })
        };
        match self {
            Self::Request(RequestArgs { lines, stores, supplier, note, request, by }) => {
                let operator = by.operator;
                Steps::Request(RequestPurchase {
                    stores,
                    supplier,
                    lines,
                    note,
                    request,
                    operator,
                    lang,
                })
            }
            Self::Order(order) => Steps::Order(order.ask(lang)),
            Self::Place(place) => Steps::Place(place),
            Self::Submit(NoteArgs { purchase, note, by }) => {
                say(purchase, Said::Submit { note }, by, lang)
            }
            Self::Approve(NoteArgs { purchase, note, by }) => {
                say(purchase, Said::Approve { note }, by, lang)
            }
            Self::Send(NoteArgs { purchase, note, by }) => {
                say(purchase, Said::Send { note }, by, lang)
            }
            Self::Reject(WhyArgs { purchase, reason, by }) => {
                say(purchase, Said::Reject { reason }, by, lang)
            }
            Self::Close(WhyArgs { purchase, reason, by }) => {
                say(purchase, Said::Close { reason }, by, lang)
            }
            Self::Cancel(WhyArgs { purchase, reason, by }) => {
                say(purchase, Said::Cancel { reason }, by, lang)
            }
            Self::Track(TrackArgs { purchase, carrier, waybill, expected, note, by }) => {
                say(purchase, Said::Track { carrier, waybill, expected, note }, by, lang)
            }
            Self::List(ListArgs { open, late, store, supplier, since }) => {
                let which = match (open, late) {
                    (true, _) => Which::Open,
                    (_, true) => Which::Late,
                    _ => Which::All,
                };
                Steps::List(ListPurchases { which, store, supplier, since, lang })
            }
            Self::Show { purchase } => Steps::Show(ShowPurchase { purchase, lang }),
        }
    }
}

impl PlaceArgs {
    /// The orders that the file's text comes to, one for each supplier. They are named after the text, so
    /// placing the same file again orders nothing twice.
    pub fn orders(&self, text: &str, lang: &str) -> Result<Vec<OrderPurchase>, PurchaseRefused> {
        let hash = blake3::hash(text.as_bytes()).to_hex();
        let order = |(supplier, lines): (SupplierId, Vec<PurchaseLine>)| {
            let name = format!("plan-{}-{supplier}", &hash[..PLAN_NAME_LEN]);
            OrderPurchase {
                purchase: None,
                supplier,
                stores: self.store.iter().cloned().collect(),
                lines,
                expected: self.expected,
                note: self.note.clone(),
                request: name.parse().ok(),
                operator: self.by.operator.clone(),
                lang: lang.to_owned(),
            }
        };
        Ok(sheet::read(text)?.into_iter().map(order).collect())
    }
}

impl OrderArgs {
    fn ask(self, lang: String) -> OrderPurchase {
        let Self { lines, supplier, purchase, stores, expected, note, request, by } = self;
        let operator = by.operator;
        OrderPurchase { purchase, supplier, stores, lines, expected, note, request, operator, lang }
    }
}
