//! Purchases on the command line.

use std::fs;
use std::path::Path;
use std::str::FromStr;

use clap::{Args, Subcommand};
use console::purchase::{PurchaseCommand, Steps};
use console::{Exit, Page, PurchaseView, format, words};
use ledger::amount::{Money, Quantity};
use ledger::id::{DeliveryNote, Lot, PurchaseId};
use ledger::purchase::{Pile, ReturnKind, Spread};
use ledger::time::{BusinessDate, Timestamp};

use super::serial::GoodsArgs;
use super::{AboutArgs, Scene};
use crate::ask::purchase::{Bought, DeliveredLine, ReceivePurchase, ReturnPurchase};
use crate::door::Door;
use crate::error::{NodeError, Result};
use crate::node::purchase::BuyingRefused;
use crate::request::{Cost, FactRef, InboundLine, LineError, SaleLine};
use crate::view::DeliveryView;

/// Buying: request, order, approve, receive, return, look · 采购
///
/// A line is ITEM[:QUANTITY][@PRICE]: `milk:12@2.10`.
///
/// 每行写作 商品[:数量][@单价]。
#[derive(Debug, Subcommand)]
pub(super) enum Purchase {
    #[command(flatten)]
    Common(PurchaseCommand),
    Receive(Receive),
    Return(Return),
}

/// Take goods of an order in, as they were inspected · 采购入库/验收
///
/// Without a line, all that is still to come and not rejected is taken in at the order's prices. What is
/// rejected goes to quarantine.
///
/// 不写商品行时，按订单价全部入库（拒收的除外）；拒收商品转入待检。
#[derive(Debug, Args)]
pub(super) struct Receive {
    /// The purchase's number · 采购单号
    purchase: PurchaseId,
    /// What is taken in; all that is still to come if left out · 商品行，默认全部未到
    #[arg(value_name = "LINE")]
    lines: Vec<InboundLine>,
    /// What came and is not accepted: ITEM[:QUANTITY] · 拒收商品
    #[arg(long, value_name = "LINE")]
    rejected: Vec<SaleLine>,
    /// Why it is not accepted · 拒收原因
    #[arg(long, value_name = "TEXT", requires = "rejected")]
    reason: Option<String>,
    /// The name of a file that shows it · 照片文件名
    #[arg(long, value_name = "FILE", requires = "rejected")]
    photo: Option<String>,
    /// The lot of a product: ITEM=LOT · 批号
    #[arg(long = "lot", value_name = "ITEM=LOT")]
    lots: Vec<OfItem<Lot>>,
    /// The last day on which a product can be sold: ITEM=DATE · 到期日
    #[arg(long = "expiry", value_name = "ITEM=DATE")]
    expiries: Vec<OfItem<BusinessDate>>,
    /// The number on the supplier's delivery note: the same one is not taken in twice · 送货单号，不会重复入库
    #[arg(long, value_name = "NUMBER")]
    delivery: Option<DeliveryNote>,
    /// The invoice that came with the goods; without it, prices are estimated · 发票号，无发票则暂估
    #[arg(long, value_name = "NUMBER")]
    invoice: Option<String>,
    /// What it cost to bring the goods here, which is added to their cost · 运费，计入到岸成本
    #[arg(long, value_name = "AMOUNT")]
    freight: Option<Money>,
    /// What the share of a line in the freight goes by: value, quantity or weight · 运费分摊方式
    #[arg(long, value_name = "HOW", default_value_t, requires = "freight")]
    spread: Spread,
    #[command(flatten)]
    goods: GoodsArgs,
    #[command(flatten)]
    about: AboutArgs,
}

/// Send goods back to their supplier, at the cost at which they came · 采购退货
#[derive(Debug, Args)]
pub(super) struct Return {
    /// The receipt that they came with: its bill number or fact · 入库单号
    receipt: FactRef,
    /// What goes back: ITEM[:QUANTITY] · 商品行
    #[arg(required = true, value_name = "LINE")]
    lines: Vec<SaleLine>,
    /// From where: shelf or quarantine · 从货架或待检退出
    #[arg(long, value_name = "PLACE", default_value_t)]
    from: Pile,
    /// Others are to come in their place: they are due again on the order · 换货，重新待收
    #[arg(long)]
    exchange: bool,
    /// Why · 原因
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    goods: GoodsArgs,
    #[command(flatten)]
    about: AboutArgs,
}

/// Something that is said of an item: `milk=L7`.
#[derive(Debug, Clone)]
struct OfItem<T> {
    item: String,
    what: T,
}

impl<T: FromStr> FromStr for OfItem<T> {
    type Err = LineError;

    fn from_str(text: &str) -> Result<Self, LineError> {
        let missing =
            || LineError::Missing { text: text.to_owned(), part: "value (=) that can be used" };
        let (item, what) = text.rsplit_once('=').ok_or_else(missing)?;
        let what = what.trim().parse().map_err(|_| missing())?;
        match item.trim() {
            "" => Err(LineError::NoItem { text: text.to_owned() }),
            item => Ok(Self { item: item.to_owned(), what }),
        }
    }
}

impl Purchase {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let (door, lang) = (scene.door()?, scene.out.lang.tag().to_owned());
        let clock = clock(scene)?;
        let view = match self {
            Self::Common(command) => match command.ask(lang) {
                Steps::Request(request) => door.ask(request)?,
                Steps::Order(order) => door.ask(order)?,
                Steps::Place(place) => {
                    for order in place.orders(&read(&place.file)?, scene.out.lang.tag())? {
                        let view = door.ask(order)?;
                        scene.out.show(&view, |page| view.print(page, &clock));
                    }
                    return Ok(Exit::Done);
                }
                Steps::Say(word) => door.ask(word)?,
                Steps::Show(show) => door.ask(show)?,
                Steps::List(list) => {
                    let list = door.ask(list)?;
                    scene.out.show(&list, |page| PurchaseView::print_list(&list, page));
                    return Ok(Exit::Done);
                }
            },
            Self::Receive(receive) => {
                let came = door.ask(receive.ask(lang)?)?;
                scene.out.show(&came, |page| print(&came, page, &clock));
                return Ok(Exit::Done);
            }
            Self::Return(back) => {
                let gone = door.ask(back.ask(lang))?;
                scene.out.show(&gone, |page| print(&gone, page, &clock));
                return Ok(Exit::Done);
            }
        };
        scene.out.show(&view, |page| view.print(page, &clock));
        Ok(Exit::Done)
    }
}

impl Receive {
    fn ask(self, lang: String) -> Result<ReceivePurchase> {
        let (reason, photo) = (self.reason, self.photo);
        let mut lines = self.lines.into_iter().map(accepted).collect::<Result<Vec<_>>>()?;
        lines.extend(self.rejected.into_iter().map(|line| DeliveredLine {
            rejected: line.quantity,
            price: line.price,
            reason: reason.clone(),
            photo: photo.clone(),
            ..empty(line.item)
        }));
        for OfItem { item, what } in self.lots {
            of_item(&mut lines, &item)?.for_each(|line| line.lot = Some(what.clone()));
        }
        for OfItem { item, what } in self.expiries {
            of_item(&mut lines, &item)?.for_each(|line| line.expiry = Some(what));
        }
        Ok(ReceivePurchase {
            about: self.goods.about(self.about),
            purchase: self.purchase,
            lines,
            note: self.delivery,
            invoice: self.invoice,
            freight: self.freight,
            spread: self.spread,
            lang,
        })
    }
}

impl Return {
    fn ask(self, lang: String) -> ReturnPurchase {
        let Self { receipt, lines, from, exchange, reason, goods, about } = self;
        let about = goods.about(about);
        let kind = if exchange { ReturnKind::Exchange } else { ReturnKind::Refund };
        ReturnPurchase { about, receipt, lines, from, kind, reason, lang }
    }
}

fn accepted(line: InboundLine) -> Result<DeliveredLine> {
    let price = match line.cost {
        Cost::AsBefore => None,
        Cost::PerUnit(price) => Some(price),
        Cost::Whole(_) => {
            let part = "line cost (=)";
            return Err(LineError::Misplaced { text: line.item, part }.into());
        }
    };
    let (accepted, lot) = (line.quantity, line.lot);
    Ok(DeliveredLine { accepted, price, lot, ..empty(line.item) })
}

fn empty(item: String) -> DeliveredLine {
    let (accepted, rejected) = (Quantity::ZERO, Quantity::ZERO);
    let (price, lot, expiry, reason, photo) = (None, None, None, None, None);
    DeliveredLine { item, accepted, rejected, price, lot, expiry, reason, photo }
}

/// The lines of an item, of which there must be one.
fn of_item<'a>(
    lines: &'a mut [DeliveredLine],
    item: &'a str,
) -> Result<impl Iterator<Item = &'a mut DeliveredLine>> {
    if lines.iter().all(|line| line.item != item) {
        return Err(BuyingRefused::NoLine { item: item.to_owned() }.into());
    }
    Ok(lines.iter_mut().filter(move |line| line.item == item))
}

fn print(bought: &Bought, page: &mut Page, clock: &dyn Fn(Timestamp) -> String) {
    let fact = &bought.fact;
    let bill = &fact.bill;
    if fact.kind == "purchase_return" {
        page.say(words::BuySentBack { bill, cost: format::money_total(fact.sent_back()) });
    } else {
        page.say(words::BuyDone { bill, cost: format::money_total(fact.cost()) });
        if fact.delivery.as_ref().is_some_and(DeliveryView::is_estimated) {
            page.say(words::BuyEstimated);
        }
        if fact.quarantines() {
            page.say(words::BuyQuarantined);
        }
    }
    if bought.repeated {
        page.say(words::BuyBefore);
    }
    if let Some(view) = &bought.purchase {
        page.gap();
        view.print(page, clock);
    }
}

/// Puts an instant in words, by the shop's clock.
fn clock(scene: &Scene<'_>) -> Result<impl Fn(Timestamp) -> String> {
    let zone = scene.zone()?;
    Ok(move |at| format::time_in(at, zone.time_zone()))
}

/// The text of a plan.
fn read(file: &Path) -> Result<String> {
    let failed = |source| NodeError::File { what: "read", path: file.to_owned(), source };
    fs::read_to_string(file).map_err(failed)
}
