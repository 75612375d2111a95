//! Alerts on the command line.

use clap::{Args, Subcommand};
use console::{Column, Exit, Lang, Page, Table, format, labels, words};
use ledger::alert::AlertKind;
use ledger::id::Lot;
use ledger::time::BusinessDate;

use super::{AboutArgs, Scene, booking};
use crate::ask::alerts::{self, AckAlert, AlertView, SeenView, ShowAlerts};
use crate::door::Door;
use crate::error::Result;
use crate::request::Acknowledge;

/// Show stock that somebody should look at · 库存预警
///
/// Kinds are negative, below_min, above_max, expired, expiring, dead and slow. An alert ends by itself when its cause is gone.
///
/// 预警种类：负库存、低于下限、高于上限、已过期、临期、呆滞、滞销；原因消除后预警自动结束。
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Alerts {
    /// Only of one kind · 只看一种
    #[arg(long, value_name = "KIND")]
    kind: Option<AlertKind>,
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    Ack(Ack),
}

/// Say that an alert was seen, until it ends or until a day · 确认预警
#[derive(Debug, Args)]
struct Ack {
    /// Its kind · 种类
    #[arg(value_name = "KIND")]
    alert: AlertKind,
    /// The product: its barcode or SKU · 商品
    #[arg(value_name = "ITEM")]
    item: String,
    /// The lot that it is about · 批号
    #[arg(long, value_name = "LOT")]
    lot: Option<Lot>,
    /// The last day for which it is seen · 确认有效至
    #[arg(long, value_name = "DATE")]
    until: Option<BusinessDate>,
    /// What is to be done, or why nothing is · 备注
    #[arg(long, value_name = "TEXT", default_value = "")]
    remark: String,
    #[command(flatten)]
    about: AboutArgs,
}

impl Alerts {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        match self.action {
            Some(Action::Ack(ack)) => ack.run(scene),
            None => {
                let alerts = scene.door()?.ask(ShowAlerts { kind: self.kind })?;
                scene.out.show(&alerts, |page| print(page, &alerts));
                Ok(Exit::Done)
            }
        }
    }
}

impl Ack {
    fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let Self { alert, item, lot, until, remark, about } = self;
        let seen = Acknowledge { alert, item, lot, until, remark };
        let receipt = scene.door()?.ask(AckAlert { about: about.into(), seen })?;
        scene.out.show(&receipt, |page| booking::print(page, &receipt));
        Ok(Exit::Done)
    }
}

fn print(page: &mut Page, found: &alerts::Alerts) {
    let lang = page.lang();
    page.heading(words::AlertsHeading { place: &found.store });
    if found.alerts.is_empty() {
        return page.say(words::AlertsNone);
    }
    let mut table = Table::new([
        Column::text(lang.say(words::AlertKindLabel)),
        Column::text(lang.say(words::Sku)),
        Column::flexible(lang.say(words::Product)),
        Column::text(lang.say(words::Lot)),
        Column::number(lang.say(words::OnHand)),
        Column::number(lang.say(words::AlertLimit)),
        Column::text(lang.say(words::AlertSince)),
        Column::text(lang.say(words::AlertSeen)),
        Column::text(lang.say(words::AlertRemark)),
    ]);
    for alert in &found.alerts {
        let named = alert.product.as_ref();
        table.row([
            labels::alert(lang, alert.alert),
            alert.sku.to_string(),
            named.map_or("", |named| named.name(lang)).to_owned(),
            alert.lot.as_ref().map(ToString::to_string).unwrap_or_default(),
            format::quantity(alert.on_hand),
            limit(alert),
            alert.since.to_string(),
            alert.seen.as_ref().map(|seen| who(lang, seen)).unwrap_or_default(),
            alert.seen.as_ref().map_or("", |seen| &seen.remark).to_owned(),
        ]);
    }
    page.table(&table);
    let seen = found.alerts.len() - found.waiting;
    page.say(words::AlertsOpen { open: found.waiting, seen });
}

/// What is broken: a quantity, or a lot's last good day.
fn limit(alert: &AlertView) -> String {
    let quantity = alert.limit.map(format::quantity);
    quantity.or(alert.expiry.map(|day| day.to_string())).unwrap_or_default()
}

fn who(lang: Lang, seen: &SeenView) -> String {
    let who = seen.by.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
    match seen.until {
        Some(until) => lang.say(words::AlertSeenUntil { who, date: seen.date, until }),
        None => lang.say(words::AlertSeenBy { who, date: seen.date }),
    }
}
