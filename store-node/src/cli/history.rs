//! The history on the command line.

use clap::Args;
use console::{Column, Exit, Page, Table, format, labels, words};
use ledger::time::BusinessDate;

use super::bin::print_detail;
use super::booking::print_receipt;
use super::close::print_figures;
use super::count::print_compared;
use super::{Scene, held, invoice};
use crate::ask::history::{self, FactInFull, ListFacts, ShowFact};
use crate::clock::Zone;
use crate::door::Door;
use crate::error::Result;
use crate::request::FactRef;
use crate::view::FactView;

/// Show what was booked, the newest first, or one fact in full · 流水
#[derive(Debug, Args)]
pub(super) struct History {
    /// One fact: its bill number or id · 单据编号或流水号
    #[arg(value_name = "BILL")]
    fact: Option<FactRef>,
    /// Of this day only · 某日
    #[arg(long, value_name = "DATE", conflicts_with_all = ["from", "to"])]
    date: Option<BusinessDate>,
    /// From this day on · 起始日期
    #[arg(long, value_name = "DATE")]
    from: Option<BusinessDate>,
    /// Up to this day · 截止日期
    #[arg(long, value_name = "DATE")]
    to: Option<BusinessDate>,
    /// Only this kind: sale, return, receipt, opening, adjustment, scrap, reversal, day_close · 业务类型
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// At most so many · 最多条数
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
}

impl History {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let (door, zone) = (scene.door()?, scene.zone()?);
        if let Some(fact) = self.fact {
            let found = door.ask(ShowFact { fact })?;
            scene.out.show(&found, |page| print_fact(page, &found, &zone));
            return Ok(Exit::Done);
        }
        let (from, to) = (self.date.or(self.from), self.date.or(self.to));
        let listing = ListFacts { from, to, kind: self.kind, before: None, limit: self.limit };
        let history = door.ask(listing)?;
        scene.out.show(&history, |page| print(page, &history, &zone));
        Ok(Exit::Done)
    }
}

fn print(page: &mut Page, history: &history::History, zone: &Zone) {
    held::note(page, &history.not_here);
    let lang = page.lang();
    page.heading(words::HistoryHeading { store: &history.store });
    if history.facts.is_empty() {
        return page.say(words::HistoryEmpty);
    }
    let mut table = Table::new([
        Column::text(lang.say(words::Time)),
        Column::text(lang.say(words::Fact)),
        Column::text(lang.say(words::Bill)),
        Column::text(lang.say(words::Kind)),
        Column::number(lang.say(words::Lines)),
        Column::number(lang.say(words::Amount)),
        Column::flexible(lang.say(words::Operator)),
    ]);
    for fact in &history.facts {
        table.row([
            format::time_in(fact.at, zone.time_zone()),
            fact.id.to_string(),
            fact.bill.to_string(),
            labels::kind_of_day(lang, &fact.kind, fact.true_date),
            lines(fact).to_string(),
            amount(fact),
            fact.operator.as_ref().map(ToString::to_string).unwrap_or_default(),
        ]);
    }
    page.table(&table);
}

fn lines(fact: &FactView) -> usize {
    fact.receipt.as_ref().map_or(fact.movements.len(), |receipt| receipt.lines.len())
}

fn amount(fact: &FactView) -> String {
    let asked = fact.invoice.as_ref().map(|invoice| invoice.amount);
    let paid = fact.payment.as_ref().map(|payment| payment.amount);
    let sold = fact.receipt.as_ref().map(|receipt| receipt.total);
    match sold.or(asked).or(paid) {
        Some(amount) => format::money(amount),
        None => format::money_total(fact.cost()),
    }
}

fn print_fact(page: &mut Page, found: &FactInFull, zone: &Zone) {
    let lang = page.lang();
    let fact = &found.fact;
    page.line(format!("{} {} ({})", labels::kind(lang, &fact.kind), fact.bill, fact.id));
    let text = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    page.fields([
        (lang.say(words::Store), fact.store.to_string()),
        (lang.say(words::Date), fact.date.to_string()),
        (lang.say(words::TrueDate), text(fact.true_date.map(|date| date.to_string()))),
        (lang.say(words::Time), format::time_in(fact.at, zone.time_zone())),
        (lang.say(words::Operator), text(fact.operator.as_ref().map(ToString::to_string))),
        (lang.say(words::Request), text(fact.request.as_ref().map(ToString::to_string))),
        (lang.say(words::Source), text(fact.of.map(|of| of.to_string()))),
        (lang.say(words::Supplier), text(fact.supplier.clone())),
        (lang.say(words::Reason), text(fact.reason.clone())),
    ]);
    if let Some(receipt) = &fact.receipt {
        print_receipt(page, receipt, &found.names);
    }
    if fact.invoice.is_some() {
        page.gap();
        invoice::print(page, fact);
    }
    if let Some(close) = &fact.close {
        return print_figures(page, close);
    }
    if let Some(stocktake) = &fact.stocktake {
        page.gap();
        print_compared(page, &stocktake.lines, &found.names);
    }
    print_detail(page, fact);
    let mut table = Table::new([
        Column::text(lang.say(words::Sku)),
        Column::flexible(lang.say(words::Product)),
        Column::text(lang.say(words::FromAccount)),
        Column::text(lang.say(words::ToAccount)),
        Column::number(lang.say(words::Quantity)),
        Column::number(lang.say(words::Cost)),
    ]);
    for movement in &fact.movements {
        let named = found.names.get(movement.sku.as_str());
        table.row([
            movement.sku.to_string(),
            named.map_or("", |named| named.name(lang)).to_owned(),
            labels::account(lang, &movement.from),
            labels::account(lang, &movement.to),
            format::quantity_of(movement.quantity, named.map_or("", |named| &named.unit)),
            format::money(movement.value),
        ]);
    }
    if !fact.movements.is_empty() {
        page.gap();
        page.table(&table);
    }
    for correction in &found.corrections {
        page.line(format!("{} {}", labels::kind(lang, &correction.kind), correction.id));
    }
}
