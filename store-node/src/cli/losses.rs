//! Losses and overflows on the command line.

use clap::Args;
use console::{Column, Exit, Lang, Page, Table, format, labels, words};
use ledger::loss::LossKind;
use ledger::movement::Account;
use ledger::time::BusinessDate;

use super::{Scene, held};
use crate::ask::losses::{LossReport, ShowLosses};
use crate::door::Door;
use crate::error::Result;

/// What was thrown away, missed or found beyond the books, by reason · 报损报溢汇总
#[derive(Debug, Args)]
pub(super) struct Losses {
    /// From this day on; the last thirty days if left out · 起始日期
    #[arg(long, value_name = "DATE")]
    from: Option<BusinessDate>,
    /// Up to this day · 截止日期
    #[arg(long, value_name = "DATE")]
    to: Option<BusinessDate>,
}

impl Losses {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let Self { from, to } = self;
        let report = scene.door()?.ask(ShowLosses { from, to })?;
        scene.out.show(&report, |page| print(page, &report));
        Ok(Exit::Done)
    }
}

fn print(page: &mut Page, report: &LossReport) {
    let lang = page.lang();
    let LossReport { store: place, from, to, .. } = report;
    page.heading(words::LossesHeading { place, from, to });
    held::note(page, &report.not_here);
    if report.rows.is_empty() {
        return page.say(words::LossesNone);
    }
    let mut table = Table::new([
        Column::text(lang.say(words::LossesKind)),
        Column::text(lang.say(words::Reason)),
        Column::text(lang.say(words::Sku)),
        Column::flexible(lang.say(words::Product)),
        Column::number(lang.say(words::Quantity)),
        Column::text(lang.say(words::Unit)),
        Column::number(lang.say(words::StockValue)),
    ]);
    for row in &report.rows {
        let named = row.product.as_ref();
        let reason = match row.reason.as_str() {
            "" => lang.say(words::ReasonUnsaid),
            reason => labels::reason(lang, reason),
        };
        table.row([
            kind(lang, &row.kind),
            reason,
            row.sku.to_string(),
            named.map_or("", |named| named.name(lang)).to_owned(),
            format::quantity_total(row.quantity),
            named.map_or("", |named| &named.unit).to_owned(),
            format::money_total(row.value),
        ]);
    }
    page.table(&table);
    let (lost, found) = report.totals();
    let (lost, found) = (format::money_total(lost), format::money_total(found));
    page.say(words::LossesTotal { lost, found });
}

/// The account that goods went to or came from names how they were lost or found.
fn kind(lang: Lang, kind: &str) -> String {
    let account = match kind {
        kind if kind == LossKind::Scrapped.name() => Account::Scrap,
        kind if kind == LossKind::Missed.name() => Account::CountLoss,
        _ => Account::CountGain,
    };
    labels::account(lang, &account)
}
