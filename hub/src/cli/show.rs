//! `hub stock`, `hub explain`, `hub status`.

use console::{Column, Exit, Lang, Out, Page, Table, format, labels, words};
use ledger::fact::PaymentMethod;
use ledger::time::{BusinessDate, Timestamp};

use super::{By, Explain, Status, Stock, stores};
use crate::ask::explain::{self, Explained, FactLine};
use crate::ask::status::{self, ShowStatus, StoreState};
use crate::ask::stock::{self, AsOf, ProductLabel, ShowStock, StockRow};
use crate::door::Door;
use crate::error::Result;
use crate::text::{Amount, Units};

/// From this age on, what a store last told deserves a remark.
const STALE_MILLIS: i64 = 24 * 60 * 60 * 1_000;

/// Stores that are named in such a remark.
const NAMED_STORES: usize = 5;

/// Facts that are listed under the days of an explanation before the reader must choose a day.
const MAX_FACTS_LISTED: usize = 40;

/// Events that a person is shown.
const SHOWN_EVENTS: usize = 5;

pub(super) fn stock(door: &impl Door, options: Stock, out: &Out) -> Result<Exit> {
    let Stock { store, sku: item, date, by, limit } = options;
    let by = match by {
        Some(By::Sku) => stock::By::Sku,
        Some(By::Store) => stock::By::Store,
        Some(By::Both) => stock::By::StoreAndSku,
        None if item.is_some() || store.is_some() => stock::By::StoreAndSku,
        None => stock::By::Sku,
    };
    let stock = door.ask(ShowStock { store, item, date, by })?;
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
        Column::text(lang.say(words::Unit)),
        Column::number(lang.say(words::StockValue)),
    ]);
    for row in rows.iter().take(limit) {
        let (name, unit) = names(lang, row.product.as_ref());
        let store = row.store.as_ref().map_or("", |store| store.as_str());
        table.row([store, sku(row), &name, &quantity(row.quantity), &unit, &money(row.value)]);
    }
    page.table(&table);
}

/// Says how old the numbers are: in a line when all is fresh, by name where it is not.
fn freshness(page: &mut Page, as_of: &[AsOf], now: Timestamp) {
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
            labels::kind(lang, &fact.kind),
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

pub(super) fn status(door: &impl Door, options: Status, out: &Out) -> Result<Exit> {
    let one = options.store.is_some();
    let status = door.ask(ShowStatus { store: options.store })?;
    out.show(&status, |page| {
        let lang = page.lang();
        page.heading(words::FleetHeading { chain: &status.name });
        if status.stores.is_empty() {
            page.say(words::FleetEmpty);
        } else {
            fleet(page, &status.stores, status.now);
            let connected = status.stores.iter().filter(|s| s.connection.is_some()).count();
            page.say(words::FleetSummary { stores: status.stores.len(), connected });
        }
        match &status.listening {
            Some(address) => page.say(words::Listening { address }),
            None => page.say(words::HubNotRunning),
        }
        if status.conflicts > 0 {
            page.say(words::ConflictsCount { n: status.conflicts });
        }
        quarantine(page, &status.stores);
        let shown = if one { usize::MAX } else { SHOWN_EVENTS };
        if !status.events.is_empty() {
            page.gap();
            page.heading(words::EventsHeading);
            for event in status.events.iter().take(shown) {
                page.line(format!("{}  {}", format::local_time(event.at), event.say(lang)));
            }
        }
    });
    Ok(Exit::Done)
}

fn fleet(page: &mut Page, stores: &[StoreState], now: Timestamp) {
    let lang = page.lang();
    let mut table = Table::new([
        Column::text(lang.say(words::Store)),
        Column::flexible(lang.say(words::Name)),
        Column::text(lang.say(words::FleetConnection)),
        Column::number(lang.say(words::FleetLastSeq)),
        Column::text(lang.say(words::FleetNewestFact)),
        Column::number(lang.say(words::FleetUnacked)),
        Column::number(lang.say(words::FleetQuarantined)),
        Column::text(lang.say(words::FleetCertificate)),
    ]);
    for store in stores {
        let seq = store.epoch.zip(store.last_seq).map(|(epoch, seq)| format!("{epoch}-{seq}"));
        table.row([
            store.store.to_string(),
            store.name.clone().unwrap_or_default(),
            connection(lang, store, now),
            seq.unwrap_or_default(),
            format::ago_or_never(lang, store.newest_fact, now),
            format::count(store.unacknowledged_documents),
            format::count(store.quarantined.len() as u64),
            store.certificate_until.map(format::local_time).unwrap_or_default(),
        ]);
    }
    page.table(&table);
}

fn connection(lang: Lang, store: &StoreState, now: Timestamp) -> String {
    use crate::registry::Standing;
    match (&store.connection, store.standing, store.last_seen) {
        (Some(connection), ..) if connection.in_step => lang.say(words::Connected),
        (Some(connection), ..) => lang.say(words::CatchingUp {
            done: format::count(connection.received + connection.sent),
            total: format::count(connection.to_receive + connection.to_send),
        }),
        (None, Some(gone @ Standing::Revoked), _) => stores::standing(lang, gone),
        (None, Some(waiting @ Standing::Invited), None) => stores::standing(lang, waiting),
        (None, _, Some(seen)) => {
            lang.say(words::OfflineSince { age: format::ago(lang, seen, now) })
        }
        (None, _, None) => lang.say(words::Offline),
    }
}

/// What needs a person: refused changes and forked histories.
fn quarantine(page: &mut Page, stores: &[StoreState]) {
    let lang = page.lang();
    let forks = stores.iter().flat_map(|store| store.forks.iter().map(move |f| (store, f)));
    for (store, fork) in forks {
        let (store, reason) = (&store.store, &fork.reason);
        page.say(words::StoreForked { store, epoch: fork.epoch, seq: fork.last_seq, reason });
    }
    if stores.iter().all(|store| store.quarantined.is_empty()) {
        return;
    }
    page.gap();
    page.heading(words::QuarantineHeading);
    let mut table = Table::new([
        Column::text(lang.say(words::Store)),
        Column::text(lang.say(words::QuarantineDocument)),
        Column::text(lang.say(words::QuarantineSince)),
        Column::number(lang.say(words::Count)),
        Column::flexible(lang.say(words::Reason)),
    ]);
    for store in stores {
        for item in &store.quarantined {
            let status::Quarantined { document, reason, first, times, .. } = item;
            table.row([
                store.store.as_str(),
                document,
                &format::local_time(*first),
                &format::count(*times),
                reason,
            ]);
        }
    }
    page.table(&table);
}

/// A product's name in a language, and its unit.
fn names(lang: Lang, product: Option<&ProductLabel>) -> (String, String) {
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

fn quantity(units: Units) -> String {
    format::quantity_total(units.0)
}

/// With a sign in any case.
fn signed(units: Units) -> String {
    let plus = if units.0 > 0 { "+" } else { "" };
    format!("{plus}{}", quantity(units))
}

fn money(amount: Amount) -> String {
    format::money_total(amount.0)
}
