//! Parked baskets on the command line.

use clap::{Args, Subcommand};
use console::{Column, Exit, Page, Table, format, words};
use ledger::id::RequestId;

use super::{AboutArgs, Scene, booking};
use crate::ask::basket::{Baskets, DropBasket, ListBaskets, ParkBasket, ShowBasket};
use crate::door::Door;
use crate::error::Result;
use crate::request::{About, Pay, SaleLine, Sell};

/// Parked baskets: put a sale aside and go on with it later · 挂单
///
/// A parked basket is no sale: it moves nothing until it is resumed, and stays on this machine.
///
/// 挂单不入账，取单后才成为销售；挂单只保存在本机。
#[derive(Debug, Subcommand)]
pub(super) enum Basket {
    /// Put a basket aside · 挂单
    Park(Park),
    /// List the baskets that wait · 挂单列表
    List,
    /// Sell a basket that waits · 取单结算
    Resume(Resume),
    /// Take a basket away unsold · 取消挂单
    Drop(Named),
}

#[derive(Debug, Args)]
pub(super) struct Park {
    /// What is in it, as for `sell` · 商品行
    #[arg(required = true, value_name = "LINE")]
    lines: Vec<SaleLine>,
    /// What to call it: parking the same again under its name parks it once · 挂单名
    #[arg(long, value_name = "NAME")]
    name: RequestId,
    #[command(flatten)]
    about: AboutArgs,
}

#[derive(Debug, Args)]
pub(super) struct Resume {
    /// Which · 挂单名
    #[arg(value_name = "NAME")]
    name: RequestId,
    /// What else goes into it · 追加商品行
    #[arg(long = "and", value_name = "LINE")]
    more: Vec<SaleLine>,
    /// How it is paid; cash in full if left out · 付款方式
    #[arg(long, value_name = "METHOD[:AMOUNT][@REFERENCE]")]
    pay: Vec<Pay>,
    #[command(flatten)]
    about: AboutArgs,
}

#[derive(Debug, Args)]
pub(super) struct Named {
    /// Which · 挂单名
    #[arg(value_name = "NAME")]
    name: RequestId,
}

impl Basket {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let door = scene.door()?;
        match self {
            Self::Park(Park { lines, name, about }) => {
                let operator = About::from(about).operator;
                let basket = Sell { lines, ..Sell::default() };
                let parked = door.ask(ParkBasket { name, basket, operator })?;
                scene.out.show(&parked, |page| page.say(words::ParkedDone { name: &parked.name }));
            }
            Self::List => {
                let found = door.ask(ListBaskets {})?;
                scene.out.show(&found, |page| print(page, &found));
            }
            Self::Resume(Resume { name, more, pay, about }) => {
                let parked = door.ask(ShowBasket { name: name.clone() })?;
                // Sold twice under its own name it is sold once, even where dropping it was not reached.
                let about = About { request: parked.request(), ..about.into() };
                let mut basket = parked.basket;
                basket.lines.extend(more);
                basket.payments = pay;
                let receipt = door.ask(crate::request::Request { about, task: basket.into() })?;
                door.ask(DropBasket { name })?;
                booking::show(scene, &receipt);
            }
            Self::Drop(Named { name }) => {
                let dropped = door.ask(DropBasket { name })?;
                let name = &dropped.name;
                scene.out.show(&dropped, |page| page.say(words::ParkedDropped { name }));
            }
        }
        Ok(Exit::Done)
    }
}

fn print(page: &mut Page, found: &Baskets) {
    let lang = page.lang();
    page.heading(words::ParkedHeading { store: &found.store });
    if found.baskets.is_empty() {
        return page.say(words::ParkedNone);
    }
    let mut table = Table::new([
        Column::text(lang.say(words::ParkedName)),
        Column::text(lang.say(words::ParkedAge)),
        Column::number(lang.say(words::Lines)),
        Column::flexible(lang.say(words::Operator)),
    ]);
    for basket in &found.baskets {
        table.row([
            basket.name.to_string(),
            format::ago(lang, basket.at, found.as_of),
            basket.basket.lines.len().to_string(),
            basket.operator.as_ref().map(ToString::to_string).unwrap_or_default(),
        ]);
    }
    page.table(&table);
}
