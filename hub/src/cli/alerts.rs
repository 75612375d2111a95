//! `hub alerts`

use clap::Args;
use console::{Column, Exit, Lang, Out, Page, Table, format, labels, words};
use ledger::alert::AlertKind;
use ledger::id::StoreId;

use super::HUMAN_ROWS;
use super::stock::{freshness, names};
use crate::ask::alerts::{AlertRow, SeenBy, ShowAlerts, Which};
use crate::door::Door;
use crate::error::Result;

#[derive(Debug, Args)]
pub(super) struct Alerts {
    /// Of one store · 门店
    #[arg(long)]
    store: Option<StoreId>,
    /// Of one kind: negative, below_min, above_max, expired, expiring, dead, slow · 预警种类
    #[arg(long, value_name = "KIND")]
    kind: Option<AlertKind>,
    /// Those that somebody has seen, too · 包括已确认的
    #[arg(long)]
    all: bool,
    /// The most rows to print; JSON prints all · 最多行数
    #[arg(long, default_value_t = HUMAN_ROWS)]
    limit: usize,
}

pub(super) fn alerts(door: &impl Door, options: Alerts, out: &Out) -> Result<Exit> {
    let Alerts { store, kind, all, limit } = options;
    let which = if all { Which::All } else { Which::Waiting };
    let found = door.ask(ShowAlerts { store: store.clone(), kind, which })?;
    out.show(&found, |page| {
        match &store {
            Some(store) => page.heading(words::AlertsHeading { place: store }),
            None => page.heading(words::AlertsHeading { place: &found.chain }),
        }
        if found.alerts.is_empty() {
            page.say(words::AlertsNone);
        } else {
            print(page, &found.alerts, limit);
        }
        freshness(page, &found.as_of, found.now);
    });
    Ok(Exit::Done)
}

fn print(page: &mut Page, alerts: &[AlertRow], limit: usize) {
    let lang = page.lang();
    let mut table = Table::new([
        Column::text(lang.say(words::Store)),
        Column::text(lang.say(words::AlertKindLabel)),
        Column::text(lang.say(words::Sku)),
        Column::flexible(lang.say(words::Product)),
        Column::text(lang.say(words::Lot)),
        Column::number(lang.say(words::OnHand)),
        Column::number(lang.say(words::AlertLimit)),
        Column::text(lang.say(words::AlertSince)),
        Column::text(lang.say(words::AlertSeen)),
    ]);
    for alert in alerts.iter().take(limit) {
        let limit = alert.limit.map(format::quantity);
        table.row([
            alert.store.to_string(),
            labels::alert(lang, alert.alert),
            alert.sku.to_string(),
            names(lang, alert.product.as_ref()).0,
            alert.lot.as_ref().map(ToString::to_string).unwrap_or_default(),
            format::quantity(alert.on_hand),
            limit.or(alert.expiry.map(|day| day.to_string())).unwrap_or_default(),
            alert.since.to_string(),
            alert.seen.as_ref().map(|seen| who(lang, seen)).unwrap_or_default(),
        ]);
    }
    page.table(&table);
    let hidden = alerts.len().saturating_sub(limit);
    if hidden > 0 {
        page.say(words::More { n: hidden });
    }
}

fn who(lang: Lang, seen: &SeenBy) -> String {
    let who = seen.by.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
    match seen.until {
        Some(until) => lang.say(words::AlertSeenUntil { who, date: seen.date, until }),
        None => lang.say(words::AlertSeenBy { who, date: seen.date }),
    }
}
