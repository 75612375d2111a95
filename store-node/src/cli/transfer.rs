//! Transfers on the command line.

use clap::{Args, Subcommand};
use console::transfer::ItemLine;
use console::{Exit, TransferView};
use ledger::amount::Quantity;
use ledger::id::{StoreId, TransferId};

use super::{AboutArgs, Scene};
use crate::ask::elsewhere::SuggestTransfer;
use crate::ask::transfer::{
    ListTransfers, ReceiveTransfer, RequestTransfer, ShipTransfer, ShowTransfer,
};
use crate::door::Door;
use crate::error::Result;
use crate::request::SaleLine;

/// Goods between stores: request, ship, receive, list, show · 调拨
///
/// A line is ITEM[:QUANTITY]: `milk:12`.
///
/// 每行写作 商品[:数量]。
#[derive(Debug, Subcommand)]
pub(super) enum Transfer {
    /// Ask another store for goods · 申请调拨
    Request(Request),
    /// Ship goods of an approved transfer · 调拨出库
    Ship(Ship),
    /// Take goods of a transfer in · 调拨入库
    Receive(Receive),
    /// Which stores could give goods and keep their minimum, as the hub last told · 调拨建议
    Suggest(Suggest),
    /// List the transfers · 列出调拨单
    List,
    /// Show a transfer: how far each line has come and what is missing · 查看调拨单
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
    /// What is wanted · 商品行
    #[arg(required = true, value_name = "LINE")]
    lines: Vec<SaleLine>,
    /// What else there is to say · 备注
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    #[command(flatten)]
    about: AboutArgs,
}

#[derive(Debug, Args)]
pub(super) struct Suggest {
    /// What is wanted · 商品行
    #[arg(required = true, value_name = "LINE")]
    lines: Vec<ItemLine>,
    /// What each store keeps, instead of what the catalog says · 各店保留数量
    #[arg(long, value_name = "QUANTITY")]
    min: Option<Quantity>,
}

#[derive(Debug, Args)]
pub(super) struct Ship {
    /// The transfer's number · 调拨单号
    transfer: TransferId,
    /// What leaves; all that is approved and has not left if left out · 商品行，默认全部
    #[arg(value_name = "LINE")]
    lines: Vec<SaleLine>,
    #[command(flatten)]
    about: AboutArgs,
}

#[derive(Debug, Args)]
pub(super) struct Receive {
    /// The transfer's number · 调拨单号
    transfer: TransferId,
    /// What arrived in order; all that is on the way if left out · 商品行，默认全部在途
    #[arg(value_name = "LINE")]
    lines: Vec<SaleLine>,
    /// What arrived and cannot be sold as it is · 破损商品
    #[arg(long, value_name = "LINE")]
    damaged: Vec<SaleLine>,
    #[command(flatten)]
    about: AboutArgs,
}

impl Transfer {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let (door, lang) = (scene.door()?, scene.out.lang.tag().to_owned());
        let view = match self {
            Self::Request(Request { from, lines, note, about }) => {
                door.ask(RequestTransfer { about: about.into(), from, lines, note, lang })?
            }
            Self::Ship(Ship { transfer, lines, about }) => {
                door.ask(ShipTransfer { about: about.into(), transfer, lines, lang })?
            }
            Self::Receive(Receive { transfer, lines, damaged, about }) => {
                door.ask(ReceiveTransfer { about: about.into(), transfer, lines, damaged, lang })?
            }
            Self::Show { transfer } => door.ask(ShowTransfer { transfer, lang })?,
            Self::Suggest(Suggest { lines, min }) => {
                let found = door.ask(SuggestTransfer { lines, min, to: None })?;
                scene.out.show(&found, |page| found.print(page));
                return Ok(Exit::Done);
            }
            Self::List => {
                let list = door.ask(ListTransfers { lang })?;
                scene.out.show(&list, |page| TransferView::print_list(&list, page));
                return Ok(Exit::Done);
            }
        };
        scene.out.show(&view, |page| view.print(page));
        Ok(Exit::Done)
    }
}
