//! Quarantine on the command line.

use clap::{Args, Subcommand};
use console::{Column, Exit, Page, Table, format, words};

use super::{AboutArgs, Scene};
use crate::ask::quarantine::{ClearQuarantine, ClearWay, HeldGoods, ListQuarantine};
use crate::door::Door;
use crate::error::Result;
use crate::request::SaleLine;

/// Goods that were not accepted: list, release, scrap · 待检
///
/// They are stock, and not for sale until somebody has looked at them again. `purchase return --from
/// quarantine` sends them back to their supplier.
///
/// 待检商品计入库存但不可销售；`purchase return --from quarantine` 可退回供应商。
#[derive(Debug, Subcommand)]
pub(super) enum Quarantine {
    /// List what is there · 列出待检商品
    List,
    /// Put goods on the shelf after all · 放行上架
    Release(Clear),
    /// Throw goods away · 报损
    Scrap(Clear),
}

#[derive(Debug, Args)]
pub(super) struct Clear {
    /// What: ITEM[:QUANTITY] · 商品行
    #[arg(required = true, value_name = "LINE")]
    lines: Vec<SaleLine>,
    /// Why · 原因
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    about: AboutArgs,
}

impl Quarantine {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let door = scene.door()?;
        let (way, Clear { lines, reason, about }) = match self {
            Self::List => {
                let held = door.ask(ListQuarantine {})?;
                scene.out.show(&held, |page| print(&held, page));
                return Ok(Exit::Done);
            }
            Self::Release(clear) => (ClearWay::Release, clear),
            Self::Scrap(clear) => (ClearWay::Scrap, clear),
        };
        let done = door.ask(ClearQuarantine { about: about.into(), way, lines, reason })?;
        scene.out.show(&done, |page| {
            let bill = &done.fact.bill;
            match way {
                ClearWay::Release => page.say(words::BuyHeldReleased { bill }),
                ClearWay::Scrap => page.say(words::BuyHeldScrapped { bill }),
            }
            if done.repeated {
                page.say(words::BuyBefore);
            }
        });
        Ok(Exit::Done)
    }
}

fn print(held: &[HeldGoods], page: &mut Page) {
    let lang = page.lang();
    if held.is_empty() {
        return page.say(words::BuyHeldNone);
    }
    page.heading(words::BuyHeldHeading);
    let mut table = Table::new([
        Column::text(lang.say(words::Sku)),
        Column::flexible(lang.say(words::Name)),
        Column::text(lang.say(words::BuyHeldLot)),
        Column::number(lang.say(words::BuyHeldQuantity)),
        Column::number(lang.say(words::BuyHeldValue)),
    ]);
    for goods in held {
        let name = goods.named.as_ref().map(|named| named.name(lang).to_owned());
        table.row([
            goods.sku.to_string(),
            name.unwrap_or_default(),
            goods.lot.as_ref().map(ToString::to_string).unwrap_or_default(),
            format::quantity(goods.quantity),
            format::money(goods.value),
        ]);
    }
    page.table(&table);
}
