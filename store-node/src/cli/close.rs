//! The day close from the command line.

use clap::Args;
use console::{Column, Exit, Page, Table, format, labels, words};
use ledger::amount::Money;
use ledger::id::Operator;
use ledger::measure::Measure;
use ledger::time::BusinessDate;

use super::Scene;
use crate::ask::close::{CloseDay, Day, DayReport};
use crate::clock::Zone;
use crate::door::Door;
use crate::error::Result;
use crate::view::CloseView;

/// Close a day and show what it came to · 日结
///
/// The day's facts are counted, sealed and signed. What is found out late (`--date` of a closed day,
/// an import) is booked to the next open day and names its true one. Earlier days that are still
/// open are closed with it; a day that is closed already stays as it is.
///
/// The daemon closes days by itself if config.toml says when: close_at = "02:00". A business day
/// that ends after midnight: cutoff = "03:00".
///
/// 对当日流水计数、封存并签名；之后补记的业务计入下一个未日结日期并注明发生日期。更早的未日结日期一并日结。
/// 在 config.toml 中设置 close_at 可由守护进程自动日结，设置 cutoff 可规定营业日截止时刻。
#[derive(Debug, Args)]
pub(super) struct Close {
    /// The day, e.g. 2026-11-22; the last one with business if left out · 日期，默认最近有业务的一天
    #[arg(value_name = "DATE")]
    date: Option<BusinessDate>,
    /// Who does it · 经手人
    #[arg(long, value_name = "NAME", env = "EVENSTOCK_OPERATOR")]
    operator: Option<Operator>,
}

impl Close {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let (door, zone) = (scene.door()?, scene.zone()?);
        let report = door.ask(CloseDay { date: self.date, operator: self.operator })?;
        scene.out.show(&report, |page| print(page, &report, &zone));
        Ok(Exit::Done)
    }
}

fn print(page: &mut Page, report: &DayReport, zone: &Zone) {
    let lang = page.lang();
    let Some(close) = &report.close else { return };
    page.heading(words::CloseHeading { store: &close.store, date: close.date });
    let signed =
        if close.signed { lang.say(words::CloseSigned) } else { lang.say(words::CloseUnsigned) };
    page.fields([
        (lang.say(words::Fact), report.fact.to_string()),
        (lang.say(words::Bill), report.bill.to_string()),
        (lang.say(words::CloseClosedAt), format::time_in(report.at, zone.time_zone())),
        (lang.say(words::CloseFacts), format::count(close.facts)),
        (
            lang.say(words::CloseStock),
            lang.say(words::CloseStockSkus {
                skus: format::count(close.stock.skus),
                value: format::money_total(close.stock.total.value_ten_thousandths),
            }),
        ),
        (lang.say(words::CloseSignedLabel), signed),
    ]);
    print_figures(page, close);
    let date = close.date;
    if report.repeated {
        page.say(words::CloseRepeated { date });
    } else {
        page.say(words::CloseDone { date });
    }
    if !report.earlier.is_empty() {
        page.say(words::CloseEarlier { dates: dates(&report.earlier) });
    }
    if !report.open_shifts.is_empty() {
        let shifts: Vec<_> = report.open_shifts.iter().map(|it| it.shift.to_string()).collect();
        let text = lang.say(words::TillShiftsStillOpen { shifts: shifts.join(", ") });
        page.line(format!("{}: {text}", lang.say(words::Warning)));
    }
    if !report.later.is_empty() {
        page.say(words::CloseLater { dates: dates(&report.later) });
    }
}

fn dates(days: &[Day]) -> String {
    let dates: Vec<_> = days.iter().map(|day| day.0.to_string()).collect();
    dates.join(", ")
}

/// What the day came to.
pub(super) fn print_figures(page: &mut Page, close: &CloseView) {
    page.gap();
    print_totals(page, close);
    page.gap();
    print_kinds(page, close);
}

fn print_totals(page: &mut Page, close: &CloseView) {
    let lang = page.lang();
    let mut table = Table::new([Column::text(lang.say(words::CloseTotals)), Column::number("")]);
    for measure in Measure::ALL {
        let Some(total) = close.totals.get(measure.name()) else { continue };
        let total = match total.parse::<Money>() {
            Ok(sum) if !measure.is_count() => format::money(sum),
            _ => total.clone(),
        };
        table.row([labels::measure(lang, measure), total]);
    }
    if !table.is_empty() {
        page.table(&table);
    }
}

fn print_kinds(page: &mut Page, close: &CloseView) {
    let lang = page.lang();
    let mut table = Table::new([
        Column::text(lang.say(words::CloseKinds)),
        Column::number(lang.say(words::Count)),
    ]);
    for (kind, count) in &close.kinds {
        table.row([labels::kind(lang, kind), format::count(*count)]);
    }
    page.table(&table);
}
