//! `hub purchase …`

mod rule;

use clap::Subcommand;
use console::purchase::{PurchaseCommand, Steps};
use console::{Exit, Out, PurchaseView, format};

use super::catalog::read_text;
use crate::door::Door;
use crate::error::Result;

/// Buying for the stores: request, order, approve, follow, list, show, rule · 采购
///
/// A line is [STORE/]ITEM[:QUANTITY][@PRICE]: `S012/milk:12@2.10`. One that names no store is for each
/// store that --for names.
///
/// 每行写作 [门店/]商品[:数量][@单价]；未写门店的行适用于 --for 所列各店。
#[derive(Debug, Subcommand)]
pub(super) enum Purchase {
    #[command(flatten)]
    Common(PurchaseCommand),
    #[command(subcommand)]
    Rule(rule::RuleCommand),
}

pub(super) fn run(door: &impl Door, what: Purchase, out: &Out) -> Result<Exit> {
    let lang = out.lang.tag().to_owned();
    let view = match what {
        Purchase::Rule(what) => return rule::run(door, what, out),
        Purchase::Common(command) => match command.ask(lang) {
            Steps::Request(request) => door.ask(request)?,
            Steps::Order(order) => door.ask(order)?,
            Steps::Place(place) => {
                let text = read_text(&place.file)?.0;
                for order in place.orders(&text, out.lang.tag())? {
                    let view = door.ask(order)?;
                    out.show(&view, |page| view.print(page, &format::local_time));
                }
                return Ok(Exit::Done);
            }
            Steps::Say(word) => door.ask(word)?,
            Steps::Show(show) => door.ask(show)?,
            Steps::List(list) => {
                let list = door.ask(list)?;
                out.show(&list, |page| PurchaseView::print_list(&list, page));
                return Ok(Exit::Done);
            }
        },
    };
    out.show(&view, |page| view.print(page, &format::local_time));
    Ok(Exit::Done)
}
