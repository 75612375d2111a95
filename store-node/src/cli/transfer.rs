//! Transfers on the command line.

mod manifest;

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use console::bins::print_picks;
use console::transfer::{ItemLine, ListArgs};
use console::{Exit, TransferView, format, words};
use ledger::amount::Quantity;
use ledger::id::{StoreId, TransferId};
use ledger::time::Timestamp;
use ledger::transfer::Liable;

use super::serial::GoodsArgs;
use super::{AboutArgs, Scene};
use crate::ask::elsewhere::SuggestTransfer;
use crate::ask::transfer::{
    CancelTransfer, Need, Partner, ReceiveManifest, ReceiveTransfer, RequestTransfer,
    SettleTransfer, ShipTransfer, ShowTransfer, WriteManifest,
};
use crate::door::Door;
use crate::error::Result;
use crate::request::SaleLine;

/// Goods between stores: request, ship, receive, settle, cancel, list, show, manifest · 调拨
///
/// A line is ITEM[:QUANTITY]: `milk:12`.
///
/// 每行写作 商品[:数量]。
#[derive(Debug, Subcommand)]
pub(super) enum Transfer {
    /// Ask another store for goods, or offer it some · 申请调拨
    Request(Request),
    Ship(Ship),
    /// Write the manifest of a shipment once more · 重打随货单
    Manifest {
        /// The transfer's number · 调拨单号
        transfer: TransferId,
        /// Which shipment; the last one if left out · 第几批，默认最后一批
        #[arg(long, value_name = "N")]
        shipment: Option<NonZeroU32>,
        /// A file for it; the QR code goes beside it, as SVG · 写入文件，二维码存为同名 SVG
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    Receive(Receive),
    Settle(Settle),
    /// Stop a transfer: what has not left stays · 取消调拨
    Cancel(Cancel),
    /// Which stores could give goods and keep their minimum, as the hub last told · 调拨建议
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

/// Ship goods of an approved transfer · 调拨出库
///
/// Prints the manifest that travels with the goods, as a text and as a QR code: with it, the other
/// store takes them in without any network.
///
/// 打印随货单（文本和二维码），对方门店凭此可离线入库。
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
    /// A file for the manifest, too; the QR code goes beside it, as SVG · 随货单写入文件，二维码存为同名 SVG
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    #[command(flatten)]
    goods: GoodsArgs,
    #[command(flatten)]
    about: AboutArgs,
}

/// Take goods of a transfer in · 调拨入库
///
/// With --manifest, the goods need not be known here before: it says what was shipped, signed by the
/// source.
///
/// 使用 --manifest 时凭随货单入库，无需联网。
#[derive(Debug, Args)]
pub(super) struct Receive {
    /// The transfer's number; a manifest tells it · 调拨单号，随货单已含
    #[arg(required_unless_present = "manifest")]
    transfer: Option<String>,
    /// Which shipment; the oldest of which goods are on the way if left out · 第几批，默认最早未到的一批
    #[arg(long, value_name = "N", conflicts_with = "manifest")]
    shipment: Option<NonZeroU32>,
    /// What arrived in order; all of the shipment that is on the way if left out · 商品行，默认该批全部在途
    #[arg(value_name = "LINE")]
    lines: Vec<SaleLine>,
    /// What arrived and cannot be sold as it is · 破损商品
    #[arg(long, value_name = "LINE")]
    damaged: Vec<SaleLine>,
    /// The manifest that came with the goods: its file, its text, or - to scan it in · 随货单文件、文本，或 - 从标准输入扫描
    #[arg(long, value_name = "FILE|TEXT")]
    manifest: Option<String>,
    #[command(flatten)]
    goods: GoodsArgs,
    #[command(flatten)]
    about: AboutArgs,
}

/// Account for goods that did not arrive, or that nobody shipped · 差异结清
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
            Self::Ship(ship) => return ship.run(scene, &door),
            Self::Manifest { transfer, shipment, file } => {
                let written = door.ask(WriteManifest { transfer, shipment })?;
                scene.out.show(&written, |page| manifest::print(page, &written));
                return manifest::write(scene, &written, file.as_deref());
            }
            Self::Receive(receive) => receive.ask(&door, lang)?,
            Self::Settle(settle) => door.ask(settle.ask(lang))?,
            Self::Cancel(Cancel { transfer, reason, about }) => {
                door.ask(CancelTransfer { about: about.into(), transfer, reason, lang })?
            }
            Self::Show { transfer } => door.ask(ShowTransfer { transfer, lang })?,
            Self::Suggest(Suggest { lines, min }) => {
                let found = door.ask(SuggestTransfer { lines, min, to: None })?;
                scene.out.show(&found, |page| found.print(page));
                return Ok(Exit::Done);
            }
            Self::List(list) => {
                let list = door.ask(list.ask(lang))?;
                scene.out.show(&list, |page| TransferView::print_list(&list, page));
                return Ok(Exit::Done);
            }
        };
        let clock = clock(scene)?;
        scene.out.show(&view, |page| view.print(page, &clock));
        Ok(Exit::Done)
    }
}

impl Ship {
    fn run(self, scene: &Scene<'_>, door: &impl Door) -> Result<Exit> {
        let Self { transfer, lines, manifest: file, goods, about } = self;
        let manifest = if file.is_some() { Need::Required } else { Need::Optional };
        let (about, lang) = (goods.about(about), scene.out.lang.tag().to_owned());
        let shipped = door.ask(ShipTransfer { about, transfer, lines, manifest, lang })?;
        let clock = clock(scene)?;
        scene.out.show(&shipped, |page| {
            shipped.view.print(page, &clock);
            if !shipped.bins.is_empty() {
                page.gap();
                page.say(words::BinsShipped);
                print_picks(page, &shipped.bins);
            }
            if let Some(written) = &shipped.manifest {
                page.gap();
                manifest::print(page, written);
            }
        });
        match &shipped.manifest {
            Some(written) => manifest::write(scene, written, file.as_deref()),
            None => Ok(Exit::Done),
        }
    }
}

impl Receive {
    fn ask(self, door: &impl Door, lang: String) -> Result<TransferView> {
        let Self { transfer, shipment, mut lines, damaged, manifest, goods, about } = self;
        let about = goods.about(about);
        let Some(given) = manifest else {
            let transfer = TransferId::new(&transfer.unwrap_or_default())?;
            return door.ask(ReceiveTransfer { about, transfer, shipment, lines, damaged, lang });
        };
        // What stands where the number would is a line.
        if let Some(first) = transfer {
            lines.insert(0, first.parse()?);
        }
        let manifest = manifest::read(&given)?;
        door.ask(ReceiveManifest { about, manifest, lines, damaged, lang })
    }
}

/// Puts an instant in words, by the shop's clock.
fn clock(scene: &Scene<'_>) -> Result<impl Fn(Timestamp) -> String> {
    let zone = scene.zone()?;
    Ok(move |at| format::time_in(at, zone.time_zone()))
}
