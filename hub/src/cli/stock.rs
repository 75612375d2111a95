//! `hub stock`

use console::{Column, Exit, Lang, Out, Page, Table, format, words};
use ledger::time::Timestamp;

use super::{By, Stock};
use crate::ask::stock::{self, AsOf, ProductLabel, ShowStock, StockRow};
use crate::door::Door;
use crate::error::Result;
use crate::text::{Amount, Units};

/// From this age on, what a store last told deserves a remark.
const STALE_MILLIS: i64 = 24 * 60 * 60 * 1_000;

/// Stores that are named in such a remark.
const NAMED_STORES: usize = 5;

pub(super) fn stock(door: &impl Door, options: Stock, out: &Out) -> Result<Exit> {
    let Stock { store, sku: item, category, date, by, limit } = options;
    let by = match by {
        Some(By::Sku) => stock::By::Sku,
        Some(By::Store) => stock::By::Store,
        Some(By::Both) => stock::By::StoreAndSku,
        None if item.is_some() || store.is_some() => stock::By::StoreAndSku,
        None => stock::By::Sku,
    };
    let stock = door.ask(ShowStock { store, item, category, date, by })?;
    out.show(&stock, |page| {
        let lang = page.lang();
        let chain = lang.say(words::Chain);
        let place = stock.store.as_ref().map_or(chain, ToString::to_string);
        match stock.date {
            Some(date) => page.heading(words::StockHeadingAt { place, date }),
            None => page.heading(words::StockHeading { place }),
        }
        if stock.rows.is_empty() {
            page.say(words::StockEmpty);
        } else {
            match by {
                stock::By::Sku => by_sku(page, &stock.rows, limit),
                stock::By::Store => by_store(page, &stock.rows, limit),
                stock::By::StoreAndSku => by_both(page, &stock.rows, limit),
            }
            let hidden = stock.rows.len().saturating_sub(limit);
            if hidden > 0 {
                page.say(words::More { n: hidden });
            }
            page.say(words::StockSummary {
                skus: format::count(stock.total.skus),
                quantity: quantity(stock.total.quantity),
                value: money(stock.total.value),
            });
            if stock.total.negative > 0 {
                page.say(words::NegativeStock { n: stock.total.negative });
            }
        }
        freshness(page, &stock.as_of, stock.now);
    });
    Ok(Exit::Done)
}

fn by_sku(page: &mut Page, rows: &[StockRow], limit: usize) {
    let lang = page.lang();
    let mut table = Table::new([
        Column::text(lang.say(words::Sku)),
        Column::flexible(lang.say(words::Product)),
        Column::number(lang.say(words::StoreCount)),
        Column::number(lang.say(words::OnHand)),
        Column::number(lang.say(words::Reserved)),
        Column::number(lang.say(words::Available)),
        Column::text(lang.say(words::Unit)),
        Column::number(lang.say(words::StockValue)),
    ]);
    for row in rows.iter().take(limit) {
        let (name, unit) = names(lang, row.product.as_ref());
        table.row([
            sku(row).to_owned(),
            name,
            format::count(row.count),
            quantity(row.quantity),
            something(row.reserved),
            row.available.map(quantity).unwrap_or_default(),
            unit,
            money(row.value),
        ]);
    }
    page.table(&table);
}

fn by_store(page: &mut Page, rows: &[StockRow], limit: usize) {
    let lang = page.lang();
    let mut table = Table::new([
        Column::text(lang.say(words::Store)),
        Column::number(lang.say(words::Sku)),
        Column::number(lang.say(words::OnHand)),
        Column::number(lang.say(words::StockValue)),
    ]);
    for row in rows.iter().take(limit) {
        let store = row.store.as_ref().map_or("", |store| store.as_str());
        let count = format::count(row.count);
        table.row([store, &count, &quantity(row.quantity), &money(row.value)]);
    }
    page.table(&table);
}

fn by_both(page: &mut Page, rows: &[StockRow], limit: usize) {
    let lang = page.lang();
    let mut table = Table::new([
        Column::text(lang.say(words::Store)),
        Column::text(lang.say(words::Sku)),
        Column::flexible(lang.say(words::Product)),
        Column::number(lang.say(words::OnHand)),
        Column::number(lang.say(words::Reserved)),
        Column::number(lang.say(words::Available)),
        Column::number(lang.say(words::Incoming)),
        Column::text(lang.say(words::Unit)),
        Column::number(lang.say(words::StockValue)),
    ]);
    for row in rows.iter().take(limit) {
        let (name, unit) = names(lang, row.product.as_ref());
        let store = row.store.as_ref().map_or("", |store| store.as_str());
        table.row([
            store,
            sku(row),
            &name,
            &quantity(row.quantity),
            &something(row.reserved),
            &row.available.map(quantity).unwrap_or_default(),
            &something(row.incoming),
            &unit,
            &money(row.value),
        ]);
    }
    page.table(&table);
}

/// Says how old the numbers are: in a line when all is fresh, by name where it is not.
pub(super) fn freshness(page: &mut Page, as_of: &[AsOf], now: Timestamp) {
    let lang = page.lang();
    let waiting: Vec<&AsOf> = as_of.iter().filter(|store| !store.in_step).collect();
    let oldest = waiting.iter().filter_map(|store| Some((store.newest?, &store.store))).min();
    match (as_of.len(), oldest) {
        (0, _) => page.say(words::StockNoStore),
        (_, None) => page.say(words::StockAsOfNow),
        (1, Some((at, _))) => page.say(words::StockAsOfOne { age: format::ago(lang, at, now) }),
        (_, Some((at, store))) => {
            page.say(words::StockOldest { store, age: format::ago(lang, at, now) });
        }
    }
    let is_stale = |store: &&&AsOf| {
        store.newest.is_some_and(|at| now.millis().saturating_sub(at.millis()) > STALE_MILLIS)
    };
    let stale: Vec<&str> = waiting.iter().filter(is_stale).map(|s| s.store.as_str()).collect();
    if as_of.len() > 1 && !stale.is_empty() {
        let mut stores = stale.iter().take(NAMED_STORES).copied().collect::<Vec<_>>().join(", ");
        if stale.len() > NAMED_STORES {
            stores += ", ...";
        }
        page.say(words::StockStale { n: stale.len(), stores });
    }
}

/// A product's name in a language, and its unit.
pub(super) fn names(lang: Lang, product: Option<&ProductLabel>) -> (String, String) {
    product.map_or_else(Default::default, |product| {
        let name = match lang {
            Lang::Zh => &product.name_zh,
            Lang::En => &product.name_en,
        };
        (name.clone(), product.unit.clone())
    })
}

fn sku(row: &StockRow) -> &str {
    row.sku.as_ref().map_or("", |sku| sku.as_str())
}

/// A quantity, or an empty cell for nothing: few products are ever in a transfer.
fn something(units: Option<Units>) -> String {
    units.filter(|units| units.0 != 0).map(quantity).unwrap_or_default()
}

pub(super) fn quantity(units: Units) -> String {
    format::quantity_total(units.0)
}

pub(super) fn money(amount: Amount) -> String {
    format::money_total(amount.0)
}
