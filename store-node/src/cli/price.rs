//! What things cost here.

use clap::{Args, Subcommand};
use console::prices::{level_name, print_changes, print_entries, scope_name, wall};
use console::{Column, Exit, Page, Table, format, words};
use ledger::id::Operator;
use ledger::time::{BusinessDate, LocalTime};

use super::Scene;
use super::booking::print_receipt;
use super::terms::{SaleTerms, print_reductions};
use crate::ask::prices::{ListChanges, ListPrices, PriceSheet, ShowPrice};
use crate::ask::promotions::{QuoteSale, SaleQuote};
use crate::door::Door;
use crate::error::Result;
use crate::request::{About, SaleLine};
use crate::view::ReceiptView;

/// Rows that a person is shown before being told that there are more.
const HUMAN_ROWS: usize = 200;

/// Show what a product costs here, and why; or the price lists · 价格
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub(super) struct Price {
    /// Its barcode or SKU · 商品编码或条码
    #[arg(value_name = "ITEM")]
    item: Option<String>,
    /// At this time of the shop's clock, e.g. 2026-12-01T08:00 · 某一时刻（当地时间）
    #[arg(long, value_name = "TIME", value_parser = LocalTime::typed)]
    at: Option<LocalTime>,
    #[command(subcommand)]
    list: Option<Lists>,
}

#[derive(Debug, Subcommand)]
enum Lists {
    /// Show what a basket would cost, without selling it · 试算
    ///
    /// Lines are written as for `sell`.
    Quote {
        /// What would be sold · 商品行
        #[arg(required = true, value_name = "LINE")]
        lines: Vec<SaleLine>,
        #[command(flatten)]
        terms: SaleTerms,
        /// By whom · 经手人
        #[arg(long, value_name = "NAME")]
        operator: Option<Operator>,
    },
    /// List the price lists that concern this store · 价格表
    List {
        /// Of one product only · 只看一种商品
        #[arg(long, value_name = "ITEM")]
        sku: Option<String>,
        /// What will change, for new shelf labels · 即将变动的价格
        #[arg(long, conflicts_with = "sku")]
        upcoming: bool,
        /// What changes on this day · 某日变动的价格
        #[arg(long, value_name = "DATE", conflicts_with_all = ["sku", "upcoming"])]
        on: Option<BusinessDate>,
    },
}

impl Price {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let door = scene.door()?;
        match (self.list, self.item) {
            (Some(Lists::Quote { lines, terms, operator }), _) => {
                let sell = terms.sell(lines, Vec::new())?;
                let about = About { operator, ..About::default() };
                let quote = door.ask(QuoteSale { about, sell })?;
                scene.out.show(&quote, |page| print_quote(page, &quote));
            }
            (Some(Lists::List { upcoming: false, on: None, sku }), _) => {
                let rows = door.ask(ListPrices { item: sku })?;
                scene.out.show(&rows, |page| {
                    if rows.is_empty() {
                        return page.say(words::PriceListEmpty);
                    }
                    page.heading(words::PriceListHeading);
                    print_entries(page, &rows, HUMAN_ROWS);
                });
            }
            (Some(Lists::List { on, .. }), _) => {
                let found = door.ask(ListChanges { on })?;
                scene.out.show(&found.changes, |page| {
                    if found.changes.is_empty() {
                        return page.say(words::PriceComingNone);
                    }
                    page.heading(words::PriceComingHeading);
                    print_changes(page, &found.changes, HUMAN_ROWS);
                });
            }
            (None, item) => {
                let ask = ShowPrice { item: item.unwrap_or_default(), at: self.at };
                let sheet = door.ask(ask)?;
                scene.out.show(&sheet, |page| print(page, &sheet));
            }
        }
        Ok(Exit::Done)
    }
}

fn print_quote(page: &mut Page, quote: &SaleQuote) {
    page.heading(words::QuoteHeading);
    let receipt = ReceiptView { payments: Vec::new(), ..quote.receipt.clone() };
    print_receipt(page, &receipt, &quote.names);
    print_reductions(page, &receipt, &quote.promotions);
    let lang = page.lang();
    for notice in &quote.notices {
        page.line(format!("{}: {}", lang.say(words::Warning), notice.say(lang)));
    }
}

fn print(page: &mut Page, sheet: &PriceSheet) {
    let lang = page.lang();
    let name = sheet.product.as_ref().map(|named| named.name(lang));
    page.heading(words::PriceHeading { product: name.unwrap_or(sheet.sku.as_str()) });
    let mut table = Table::new([
        Column::text(lang.say(words::PriceLevel)),
        Column::number(lang.say(words::Price)),
        Column::number(lang.say(words::PriceBase)),
        Column::text(lang.say(words::PriceWhy)),
        Column::text(lang.say(words::PriceScope)),
        Column::text(lang.say(words::PriceFrom)),
        Column::text(lang.say(words::PriceUntil)),
    ]);
    for price in &sheet.prices {
        let because = price.because.as_ref();
        table.row([
            level_name(lang, price.level),
            format::money(price.price),
            price.base.map(format::money).unwrap_or_default(),
            because.map_or_else(|| lang.say(words::PriceBase), |row| row.number.to_string()),
            because.map(|row| scope_name(lang, &row.scope)).unwrap_or_default(),
            because.map(|row| wall(row.from)).unwrap_or_default(),
            because.and_then(|row| row.until).map(wall).unwrap_or_default(),
        ]);
    }
    page.table(&table);
    if !sheet.upcoming.is_empty() {
        page.heading(words::PriceComingHeading);
        print_changes(page, &sheet.upcoming, HUMAN_ROWS);
    }
}
