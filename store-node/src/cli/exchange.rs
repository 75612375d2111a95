//! Exchanges on the command line.

use clap::Args;
use console::Exit;
use ledger::fact::Condition;
use ledger::id::Operator;

use super::{AboutArgs, Scene, booking};
use crate::error::Result;
use crate::request::{self, FactRef, GiveBack, Pay, SaleLine, Sell};

/// Take goods back and sell others in their place, in one step · 换货
///
/// `exchange shirt-m --for shirt-l --bill S012-A-20261122-00042`: only the difference is paid, or paid back.
///
/// 退货与销售一次完成，只收付差额。
#[derive(Debug, Args)]
pub(super) struct Exchange {
    /// What comes back: ITEM[:QUANTITY][@PRICE] · 退回商品
    #[arg(required = true, value_name = "LINE")]
    back: Vec<SaleLine>,
    /// What goes in its place; may be given several times · 换出商品，可多次
    #[arg(long = "for", required = true, value_name = "LINE")]
    take: Vec<SaleLine>,
    /// The sale that it comes from: its bill number or fact id · 原销售单号
    #[arg(long, value_name = "BILL")]
    bill: Option<FactRef>,
    /// In which condition it is: sellable, damaged or worthless · 商品状况
    #[arg(long, value_name = "CONDITION", default_value_t)]
    condition: Condition,
    /// Who has approved it, where the rules want that · 批准人
    #[arg(long, value_name = "NAME")]
    approved: Option<Operator>,
    /// How the difference is paid, or paid back; cash if left out · 差额收付方式，默认现金
    #[arg(long, value_name = "METHOD[:AMOUNT][@REFERENCE]")]
    pay: Vec<Pay>,
    #[command(flatten)]
    about: AboutArgs,
}

impl Exchange {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let Self { back, take, bill: source, condition, approved, pay: payments, about } = self;
        let back = GiveBack { source, lines: back, payments: Vec::new(), condition, approved };
        let take = Sell { lines: take, ..Sell::default() };
        booking::book(scene, about, request::Exchange { back, take, payments }.into())
    }
}
