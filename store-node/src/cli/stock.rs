//! Stock on the command line.

use clap::Args;
use console::{Column, Exit, Page, Table, format, words};
use ledger::amount::Quantity;
use ledger::time::BusinessDate;

use super::{Scene, held};
use crate::ask::elsewhere::{Elsewhere, ShowElsewhere};
use crate::ask::stock::{self, ShowStock, StockItem, Which};
use crate::door::Door;
use crate::error::Result;

/// Show what is on hand · 库存
#[derive(Debug, Args)]
pub(super) struct Stock {
    /// One product only: its barcode or SKU · 只看一种商品
    #[arg(value_name = "ITEM")]
    item: Option<String>,
    /// As it stood at the end of a day, e.g. 2026-11-22 · 某日日终
    #[arg(long, value_name = "DATE")]
    at: Option<BusinessDate>,
    /// Also products of which nothing is left · 包括零库存
    #[arg(long, conflicts_with = "negative")]
    all: bool,
    /// Only products below zero · 只看负库存
    #[arg(long)]
    negative: bool,
    /// At the stores next to this one, as the hub last told, with its age; the hub knows the others · 邻近门店库存，其余见总部
    #[arg(long, conflicts_with_all = ["at", "all", "negative"])]
    everywhere: bool,
}

impl Stock {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        if self.everywhere {
            let found = scene.door()?.ask(ShowElsewhere { item: self.item })?;
            scene.out.show(&found, |page| print_elsewhere(page, &found));
            return Ok(Exit::Done);
        }
        let which = match (self.all, self.negative) {
            (true, _) => Which::Ever,
            (_, true) => Which::Negative,
            _ => Which::Held,
        };
        let stock = scene.door()?.ask(ShowStock { item: self.item, at: self.at, which })?;
        scene.out.show(&stock, |page| print(page, &stock));
        Ok(Exit::Done)
    }
}

fn print_elsewhere(page: &mut Page, found: &Elsewhere) {
    let lang = page.lang();
    page.heading(words::ElsewhereHeading);
    if found.rows.is_empty() {
        return match found.item {
            Some(_) => page.say(words::ElsewhereNone),
            None => page.say(words::ElsewhereNothing),
        };
    }
    let mut table = Table::new([
        Column::text(lang.say(words::Sku)),
        Column::flexible(lang.say(words::Product)),
        Column::text(lang.say(words::Store)),
        Column::number(lang.say(words::Available)),
        Column::text(lang.say(words::Unit)),
        Column::text(lang.say(words::Age)),
    ]);
    for row in &found.rows {
        let named = row.product.as_ref();
        table.row([
            row.sku.to_string(),
            named.map_or("", |named| named.name(lang)).to_owned(),
            row.store.to_string(),
            format::quantity(row.available),
            named.map_or("", |named| &named.unit).to_owned(),
            format::ago_or_never(lang, row.as_of, found.now),
        ]);
    }
    page.table(&table);
}

/// A quantity, or an empty cell for nothing: few products are ever in a transfer.
fn something(quantity: Option<Quantity>) -> String {
    quantity.filter(|quantity| !quantity.is_zero()).map(format::quantity).unwrap_or_default()
}

fn print(page: &mut Page, stock: &stock::Stock) {
    let lang = page.lang();
    match stock.at {
        Some(date) => page.heading(words::StockHeadingAt { place: &stock.store, date }),
        None => page.heading(words::StockHeading { place: &stock.store }),
    }
    held::note(page, &stock.not_here);
    if stock.items.is_empty() {
        return page.say(words::StockEmpty);
    }
    let mut table = Table::new([
        Column::text(lang.say(words::Sku)),
        Column::flexible(lang.say(words::Product)),
        Column::number(lang.say(words::OnHand)),
        Column::number(lang.say(words::Reserved)),
        Column::number(lang.say(words::Available)),
        Column::number(lang.say(words::Incoming)),
        Column::text(lang.say(words::Unit)),
        Column::number(lang.say(words::UnitCost)),
        Column::number(lang.say(words::StockValue)),
    ]);
    for item in &stock.items {
        let named = item.product.as_ref();
        table.row([
            item.sku.to_string(),
            named.map_or("", |named| named.name(lang)).to_owned(),
            format::quantity(item.quantity),
            something(item.reserved),
            item.available.map(format::quantity).unwrap_or_default(),
            something(item.incoming),
            named.map_or("", |named| &named.unit).to_owned(),
            item.unit_cost.map(format::money).unwrap_or_default(),
            format::money(item.value),
        ]);
    }
    page.table(&table);
    let sum = |of: fn(&StockItem) -> i64| stock.items.iter().map(|i| i128::from(of(i))).sum();
    page.say(words::StockSummary {
        skus: format::count(stock.items.len() as u64),
        quantity: format::quantity_total(sum(|item| item.quantity.thousandths())),
        value: format::money_total(sum(|item| item.value.ten_thousandths())),
    });
    let negative = stock.items.iter().filter(|item| item.quantity.is_negative()).count();
    if negative > 0 {
        page.say(words::NegativeStock { n: negative });
    }
}
