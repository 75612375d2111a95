//! `hub transfer …`

mod rule;

use clap::{Args, Subcommand};
use console::transfer::{ItemLine, ListArgs};
use console::{Exit, Out, TransferView, format};
use ledger::amount::Quantity;
use ledger::id::{Operator, RequestId, StoreId, TransferId};

use crate::ask::suggest::SuggestTransfer;
use crate::ask::transfer::{
    CancelTransfer, DecideTransfer, RequestTransfer, ShowTransfer, Verdict,
};
use crate::door::Door;
use crate::error::Result;

/// Goods between stores: request, approve, reject, cancel, rule, suggest, list, show · 调拨
///
/// A line is ITEM[:QUANTITY]: `milk:12`.
///
/// 每行写作 商品[:数量]。
#[derive(Debug, Subcommand)]
pub(super) enum Transfer {
    /// Ask a store to send goods to another · 总部发起调拨
    Request(Request),
    /// Let all that was asked for go, or less of it · 批准
    Approve(Approve),
    /// Let nothing go · 驳回
    Reject(Stop),
    /// Stop a transfer: what has not left stays · 取消
    Cancel(Stop),
    #[command(subcommand)]
    Rule(rule::RuleCommand),
    /// Which stores could give goods and keep their minimum · 调拨建议
    Suggest(Suggest),
    /// List the transfers · 列出调拨单
    List(ListArgs),
    /// Show a transfer: how far each line has come, who did what when, what is missing and whose
    /// turn it is · 查看调拨单
    Show {
        /// Its number · 调拨单号
        transfer: TransferId,
    },
}

#[derive(Debug, Args)]
pub(super) struct Request {
    /// The store that has the goods · 调出门店
    #[arg(long, value_name = "STORE")]
    from: StoreId,
    /// The store that is to get them · 调入门店
    #[arg(long, value_name = "STORE")]
    to: StoreId,
    /// What is to go · 商品行
    #[arg(required = true, value_name = "LINE")]
    lines: Vec<ItemLine>,
    /// What else there is to say · 备注
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Your own name for the request: repeating it asks nothing twice · 请求号
    #[arg(long, value_name = "ID")]
    request: Option<RequestId>,
    /// Who asks · 经手人
    #[arg(long, value_name = "NAME", env = "EVENSTOCK_OPERATOR")]
    operator: Option<Operator>,
}

#[derive(Debug, Args)]
pub(super) struct Approve {
    /// The transfer's number · 调拨单号
    transfer: TransferId,
    /// How much may go; all that was asked for if left out · 批准数量，默认全部
    #[arg(value_name = "LINE")]
    lines: Vec<ItemLine>,
    /// Who decides · 经手人
    #[arg(long, value_name = "NAME", env = "EVENSTOCK_OPERATOR")]
    operator: Option<Operator>,
}

#[derive(Debug, Args)]
pub(super) struct Suggest {
    /// What is wanted: ITEM[:QUANTITY] · 商品行
    #[arg(required = true, value_name = "LINE")]
    lines: Vec<ItemLine>,
    /// What each store keeps, instead of what the catalog says · 各店保留数量
    #[arg(long, value_name = "QUANTITY")]
    min: Option<Quantity>,
    /// The store that wants them: it is not suggested itself · 调入门店
    #[arg(long, value_name = "STORE")]
    to: Option<StoreId>,
}

#[derive(Debug, Args)]
pub(super) struct Stop {
    /// The transfer's number · 调拨单号
    transfer: TransferId,
    /// Why · 原因
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Who decides · 经手人
    #[arg(long, value_name = "NAME", env = "EVENSTOCK_OPERATOR")]
    operator: Option<Operator>,
}

pub(super) fn run(door: &impl Door, what: Transfer, out: &Out) -> Result<Exit> {
    let lang = out.lang.tag().to_owned();
    let view = match what {
        Transfer::Request(Request { from, to, lines, note, request, operator }) => {
            door.ask(RequestTransfer { from, to, lines, note, request, operator, lang })?
        }
        Transfer::Approve(Approve { transfer, lines, operator }) => {
            let verdict = Verdict::Approve(lines);
            door.ask(DecideTransfer { transfer, verdict, operator, lang })?
        }
        Transfer::Cancel(Stop { transfer, reason, operator }) => {
            door.ask(CancelTransfer { transfer, reason, operator, lang })?
        }
        Transfer::Reject(Stop { transfer, reason, operator }) => {
            let verdict = Verdict::Reject(reason);
            door.ask(DecideTransfer { transfer, verdict, operator, lang })?
        }
        Transfer::Rule(what) => return rule::run(door, what, out),
        Transfer::Show { transfer } => door.ask(ShowTransfer { transfer, lang })?,
        Transfer::Suggest(Suggest { lines, min, to }) => {
            let found = door.ask(SuggestTransfer { lines, min, to })?;
            out.show(&found, |page| found.print(page));
            return Ok(Exit::Done);
        }
        Transfer::List(list) => {
            let list = door.ask(list.ask(lang))?;
            out.show(&list, |page| TransferView::print_list(&list, page));
            return Ok(Exit::Done);
        }
    };
    out.show(&view, |page| view.print(page, &format::local_time));
    Ok(Exit::Done)
}
