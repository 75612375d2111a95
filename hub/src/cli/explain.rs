//! `hub explain`

use console::{Column, Exit, Lang, Out, Page, Table, format, labels, words};
use ledger::fact::PaymentMethod;
use ledger::time::BusinessDate;

use super::Explain;
use super::stock::{money, names, quantity};
use crate::ask::explain::{self, Explained, FactLine};
use crate::ask::stock::AsOf;
use crate::door::Door;
use crate::error::Result;
use crate::text::Units;

/// Facts that are listed under the days of an explanation before the reader must choose a day.
const MAX_FACTS_LISTED: usize = 40;

pub(super) fn explain(door: &impl Door, options: Explain, out: &Out) -> Result<Exit> {
    let Explain { sku: item, store, date, from, to } = options;
    let ask = explain::Explain { item, store, from: date.or(from), to: date.or(to) };
    let explained = door.ask(ask)?;
    out.show(&explained, |page| {
        let Explained { sku, store, .. } = &explained;
        if explained.days.is_empty() && explained.opening == explain::Standing::default() {
            return page.say(words::ExplainNothing { sku, store });
        }
        let lang = page.lang();
        let (name, _) = names(lang, explained.product.as_ref());
        let called = if name.is_empty() { sku.to_string() } else { format!("{sku} {name}") };
        page.heading(words::ExplainHeading { sku: called, store });
        if explained.days.is_empty() {
            page.say(words::ExplainQuietDays);
        } else {
            days(page, &explained);
        }
        let (found, expected) = (explained.on_hand, explained.closing);
        if found == expected {
            page.say(words::ExplainEvenly { quantity: quantity(expected.quantity) });
        } else {
            let (expected, found) = (quantity(expected.quantity), quantity(found.quantity));
            page.say(words::ExplainUneven { expected, found });
        }
        if let Some(AsOf { newest: Some(at), seq: Some(seq), .. }) = explained.as_of {
            let age = format::ago(lang, at, explained.now);
            page.say(words::ExplainAsOf { store, age, seq });
        }
        receipts(page, &explained);
    });
    let even = explained.on_hand == explained.closing;
    Ok(if even { Exit::Done } else { Exit::Failed })
}

fn days(page: &mut Page, explained: &Explained) {
    let lang = page.lang();
    let mut table = Table::new([
        Column::text(lang.say(words::Date)),
        Column::number(lang.say(words::OpeningBalance)),
        Column::number(lang.say(words::QuantityIn)),
        Column::number(lang.say(words::QuantityOut)),
        Column::number(lang.say(words::ClosingBalance)),
        Column::number(lang.say(words::StockValue)),
    ]);
    for day in &explained.days {
        table.row([
            day.date.to_string(),
            quantity(day.opening.quantity),
            quantity(day.inward.quantity),
            quantity(day.outward.quantity),
            quantity(day.closing.quantity),
            money(day.closing.value),
        ]);
    }
    page.table(&table);
}

/// The facts of the last days, as many days as fit.
fn receipts(page: &mut Page, explained: &Explained) {
    let mut room = MAX_FACTS_LISTED;
    let mut listed = Vec::new();
    for day in explained.days.iter().rev() {
        if !listed.is_empty() && day.facts.len() > room {
            break;
        }
        room = room.saturating_sub(day.facts.len());
        listed.push(day);
    }
    let hidden = explained.days.len() - listed.len();
    for day in listed.into_iter().rev() {
        page.gap();
        facts(page, day.date, &day.facts);
    }
    if hidden > 0 {
        page.gap();
        page.say(words::ExplainOtherDays { n: hidden });
    }
}

fn facts(page: &mut Page, date: BusinessDate, facts: &[FactLine]) {
    let lang = page.lang();
    page.heading(words::ExplainReceiptsOf { date });
    let mut table = Table::new([
        Column::text(lang.say(words::Time)),
        Column::text(lang.say(words::Bill)),
        Column::text(lang.say(words::Kind)),
        Column::number(lang.say(words::Quantity)),
        Column::number(lang.say(words::RunningBalance)),
        Column::number(lang.say(words::Price)),
        Column::number(lang.say(words::Discount)),
        Column::number(lang.say(words::Amount)),
        Column::flexible(lang.say(words::Payment)),
    ]);
    for fact in facts {
        let time = format::local_time(fact.at);
        let first = fact.lines.first();
        table.row([
            time,
            fact.bill.to_string(),
            labels::kind_of_day(lang, &fact.kind, fact.true_date),
            signed(fact.change.quantity),
            quantity(fact.balance),
            first.map(|line| money(line.price)).unwrap_or_default(),
            first.map(|line| money(line.discount)).unwrap_or_default(),
            first.map_or_else(|| money(fact.change.value), |line| money(line.total)),
            remark(lang, fact),
        ]);
        // A receipt may hold the product on more than one line.
        for line in fact.lines.iter().skip(1) {
            table.row([
                String::new(),
                String::new(),
                String::new(),
                String::new(),
                String::new(),
                money(line.price),
                money(line.discount),
                money(line.total),
                quantity(line.quantity),
            ]);
        }
    }
    page.table(&table);
}

/// How a receipt was paid, or why a fact was booked.
fn remark(lang: Lang, fact: &FactLine) -> String {
    let method = |name: &str| {
        PaymentMethod::named(name)
            .map_or_else(|| name.to_owned(), |method| labels::payment(lang, method))
    };
    let paid = fact.payments.iter().map(|p| format!("{} {}", method(&p.method), money(p.amount)));
    let source = fact.source.iter().map(|of| format!("{} {of}", lang.say(words::Source)));
    paid.chain(source).chain(fact.note.clone()).collect::<Vec<_>>().join(" · ")
}

/// With a sign in any case.
fn signed(units: Units) -> String {
    let plus = if units.0 > 0 { "+" } else { "" };
    format!("{plus}{}", quantity(units))
}
