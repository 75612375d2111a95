//! Transfers on the command line.

use clap::{Args, Subcommand};
use console::{Exit, TransferView, format};
use ledger::id::{StoreId, TransferId};
use ledger::time::Timestamp;
use ledger::transfer::Liable;

use super::{AboutArgs, Scene};
use crate::ask::transfer::{
    CancelTransfer, ListTransfers, Partner, ReceiveTransfer, RequestTransfer, SettleTransfer,
    ShipTransfer, ShowTransfer,
};
use crate::door::Door;
use crate::error::Result;
use crate::request::SaleLine;

/// Goods between stores: request, ship, receive, settle, cancel, list, show · 调拨
///
/// A line is ITEM[:QUANTITY]: `milk:12`.
///
/// 每行写作 商品[:数量]。
#[derive(Debug, Subcommand)]
pub(super) enum Transfer {
    /// Ask another store for goods, or offer it some · 申请调拨
    Request(Request),
    /// Ship goods of an approved transfer · 调拨出库
    Ship(Ship),
    /// Take goods of a transfer in · 调拨入库
    Receive(Receive),
    /// Account for goods that did not arrive, or that nobody shipped · 差异结清
    Settle(Settle),
    /// Stop a transfer: what has not left stays · 取消调拨
    Cancel(Cancel),
    /// List the transfers · 列出调拨单
    List,
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
    #[arg(long, value_name = "STORE", required_unless_present = "to")]
    from: Option<StoreId>,
    /// The store that is to get goods of this one · 调入门店
    #[arg(long, value_name = "STORE", conflicts_with = "from")]
    to: Option<StoreId>,
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

/// Settle a difference · 差异结清
///
/// Of what is still on the way, part may be lost, damaged or come back to the source. What arrived
/// though no shipment names it is surplus: after a wrong item, settle the right one as returned (it
/// never left) or lost, and the wrong one as surplus.
///
/// 在途未到的商品按丢失、破损或退回结清；无出库记录而收到的商品按多收结清。
#[derive(Debug, Args)]
pub(super) struct Settle {
    /// The transfer's number · 调拨单号
    transfer: TransferId,
    /// What is gone · 丢失
    #[arg(long, value_name = "LINE")]
    lost: Vec<SaleLine>,
    /// What was ruined on the way and thrown away · 破损
    #[arg(long, value_name = "LINE")]
    damaged: Vec<SaleLine>,
    /// What came back; at the source · 退回
    #[arg(long, value_name = "LINE")]
    returned: Vec<SaleLine>,
    /// What arrived though no shipment names it · 多收
    #[arg(long, value_name = "LINE")]
    surplus: Vec<SaleLine>,
    /// Who answers for it: source, destination or carrier · 责任方
    #[arg(long, value_name = "PARTY")]
    liable: Liable,
    /// Why · 原因
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    about: AboutArgs,
}

#[derive(Debug, Args)]
pub(super) struct Cancel {
    /// The transfer's number · 调拨单号
    transfer: TransferId,
    /// Why · 原因
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    about: AboutArgs,
}

impl Request {
    fn ask(self, lang: String) -> RequestTransfer {
        let Self { from, to, lines, note, about } = self;
        let partner = match (from, to) {
            (Some(from), _) => Partner::From(from),
            (None, Some(to)) => Partner::To(to),
            (None, None) => unreachable!("one of the two is required"),
        };
        RequestTransfer { about: about.into(), partner, lines, note, lang }
    }
}

impl Settle {
    fn ask(self, lang: String) -> SettleTransfer {
        let Self { transfer, lost, damaged, returned, surplus, liable, reason, about } = self;
        let about = about.into();
        SettleTransfer { about, transfer, lost, damaged, returned, surplus, liable, reason, lang }
    }
}

impl Transfer {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let (door, lang) = (scene.door()?, scene.out.lang.tag().to_owned());
        let view = match self {
            Self::Request(request) => door.ask(request.ask(lang))?,
            Self::Ship(Ship { transfer, lines, about }) => {
                door.ask(ShipTransfer { about: about.into(), transfer, lines, lang })?
            }
            Self::Receive(Receive { transfer, lines, damaged, about }) => {
                door.ask(ReceiveTransfer { about: about.into(), transfer, lines, damaged, lang })?
            }
            Self::Settle(settle) => door.ask(settle.ask(lang))?,
            Self::Cancel(Cancel { transfer, reason, about }) => {
                door.ask(CancelTransfer { about: about.into(), transfer, reason, lang })?
            }
            Self::Show { transfer } => door.ask(ShowTransfer { transfer, lang })?,
            Self::List => {
                let list = door.ask(ListTransfers { lang })?;
                scene.out.show(&list, |page| TransferView::print_list(&list, page));
                return Ok(Exit::Done);
            }
        };
        let zone = scene.zone()?;
        let clock = |at: Timestamp| format::time_in(at, zone.time_zone());
        scene.out.show(&view, |page| view.print(page, &clock));
        Ok(Exit::Done)
    }
}
