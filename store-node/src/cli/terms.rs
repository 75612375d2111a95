//! On which terms a basket is sold, and how a receipt tells of them.

use std::collections::BTreeMap;
use std::str::FromStr;

use clap::Args;
use console::{Page, format, words};
use ledger::amount::Money;
use ledger::basket::Off;
use ledger::fact::Cause;
use ledger::id::Operator;
use ledger::price::Level;

use crate::book::Refused;
use crate::error::Result;
use crate::request::{self, Pay, SaleLine};
use crate::view::ReceiptView;

/// On which terms a basket is sold.
#[derive(Debug, Args)]
pub(super) struct SaleTerms {
    /// Whose prices hold for lines without a price: retail, member or wholesale · 价格种类
    #[arg(long, value_name = "LEVEL", default_value = "retail", value_parser = level)]
    level: Level,
    /// Take something off a line, by its number from 1: 2=5, 2=10% · 单行优惠，可多次
    #[arg(long, value_name = "LINE=OFF")]
    discount: Vec<LineOff>,
    /// Take something off the whole basket: 5, 10% · 整单优惠
    #[arg(long, value_name = "OFF", default_value = "0")]
    basket_off: Off,
    /// Who allows what is taken off, where it is more than you may · 折扣批准人
    #[arg(long, value_name = "NAME")]
    approve: Option<Operator>,
}

impl SaleTerms {
    /// The sale of lines on these terms.
    pub(super) fn sell(
        self,
        mut lines: Vec<SaleLine>,
        payments: Vec<Pay>,
    ) -> Result<request::Sell> {
        let Self { level, discount, basket_off, approve: approved } = self;
        for LineOff { line, off } in discount {
            let found = lines.get_mut(line - 1).ok_or(Refused::NoLine { line })?;
            (found.discount, found.percent_off) = match off {
                Off::Amount(amount) => (amount, None),
                Off::Share(share) => (Money::ZERO, Some(share)),
            };
        }
        Ok(request::Sell { lines, payments, level, basket_off, approved })
    }
}

/// What was taken off the lines of a receipt, and why.
pub(super) fn print_reductions(
    page: &mut Page,
    receipt: &ReceiptView,
    promotions: &BTreeMap<String, String>,
) {
    let lang = page.lang();
    for line in &receipt.lines {
        for part in &line.reductions {
            let why = match &part.cause {
                Cause::Promotion(id) => {
                    let name = promotions.get(id.as_str()).map_or("", String::as_str);
                    lang.say(words::ReductionPromotion { id, name }).trim_end().to_owned()
                }
                Cause::Basket => lang.say(words::ReductionBasket),
                Cause::Points => lang.say(words::ReductionPoints),
            };
            let (sku, amount) = (&line.sku, format::money(part.amount));
            page.say(words::ReceiptReduction { sku, why, amount });
        }
    }
}

/// Something off a line.
#[derive(Debug, Clone, Copy)]
struct LineOff {
    line: usize,
    off: Off,
}

impl FromStr for LineOff {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let wrong = || format!("`{text}` is not of the form LINE=OFF, e.g. 2=5 or 2=10%");
        let (line, off) = text.split_once('=').ok_or_else(wrong)?;
        let line = line.trim().parse().ok().filter(|line| *line > 0).ok_or_else(wrong)?;
        Ok(Self { line, off: off.parse().map_err(|_| wrong())? })
    }
}

fn level(name: &str) -> std::result::Result<Level, String> {
    Level::named(name)
        .filter(|level| *level != Level::Floor)
        .ok_or_else(|| format!("`{name}` is none of retail, member, wholesale"))
}
