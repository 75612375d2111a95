//! Shifts on the command line.

use clap::{Args, Subcommand};
use console::{Column, Exit, Page, Table, format, labels, words};
use ledger::amount::Money;
use ledger::id::{FactId, TillId};

use super::{AboutArgs, Scene, booking};
use crate::ask::shift::{ListShifts, ShiftInFull, Shifts, ShowShift};
use crate::clock::Zone;
use crate::door::Door;
use crate::error::Result;
use crate::request::{self, CountedLine};
use crate::view::{CountView, DrawerView};

/// Shifts: open, move cash, close, list · 交班
///
/// Whoever closes a shift counts first: what ought to be there is shown when the count is booked. Sales, returns
/// and cash moves at a till belong to the shift that is open there.
///
/// 先清点后交班：应有金额在清点入账之后才显示。
#[derive(Debug, Subcommand)]
pub(super) enum Shift {
    /// Begin a shift with change in the drawer · 开班
    Open(Open),
    /// Put cash in or take it out · 现金存取
    #[command(subcommand)]
    Cash(Cash),
    /// End the shift with what was counted · 交班
    Close(Close),
    /// Show a shift: the till's newest, or the one named · 查看班次
    Show(Show),
    /// List shifts, the newest first · 班次列表
    List(List),
}

#[derive(Debug, Args)]
pub(super) struct Open {
    /// The change in the drawer · 备用金
    #[arg(long, value_name = "AMOUNT", default_value = "0")]
    float: Money,
    #[command(flatten)]
    about: AboutArgs,
}

#[derive(Debug, Subcommand)]
pub(super) enum Cash {
    /// Put cash in · 存入
    In(Move),
    /// Take cash out · 取出
    Out(Move),
}

#[derive(Debug, Args)]
pub(super) struct Move {
    /// How much · 金额
    #[arg(value_name = "AMOUNT")]
    amount: Money,
    /// Why · 原因
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    about: AboutArgs,
}

#[derive(Debug, Args)]
pub(super) struct Close {
    /// What was counted, e.g. cash=523.00 card=120.00; cash always · 清点金额
    #[arg(required = true, value_name = "METHOD=AMOUNT")]
    counted: Vec<CountedLine>,
    #[command(flatten)]
    about: AboutArgs,
}

#[derive(Debug, Args)]
pub(super) struct Show {
    /// The fact that opened it · 班次编号
    #[arg(value_name = "SHIFT")]
    shift: Option<FactId>,
    /// Of which till · 收银台
    #[arg(long, value_name = "TILL", env = "EVENSTOCK_TILL")]
    till: Option<TillId>,
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// Only those that are open · 只看未交班
    #[arg(long)]
    open: bool,
    /// At most so many · 最多条数
    #[arg(long, value_name = "N", default_value_t = 30)]
    limit: usize,
}

impl Shift {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        match self {
            Self::Open(Open { float, about }) => {
                booking::book(scene, about, request::Shift::Open { float }.into())
            }
            Self::Cash(Cash::In(Move { amount, reason, about })) => {
                booking::book(scene, about, request::Shift::CashIn { amount, reason }.into())
            }
            Self::Cash(Cash::Out(Move { amount, reason, about })) => {
                booking::book(scene, about, request::Shift::CashOut { amount, reason }.into())
            }
            Self::Close(Close { counted, about }) => {
                booking::book(scene, about, request::Shift::Close { counted }.into())
            }
            Self::Show(Show { shift, till }) => {
                let (door, zone) = (scene.door()?, scene.zone()?);
                let found = door.ask(ShowShift { shift, till })?;
                scene.out.show(&found, |page| print(page, &found, &zone));
                Ok(Exit::Done)
            }
            Self::List(List { open, limit }) => {
                let (door, zone) = (scene.door()?, scene.zone()?);
                let found = door.ask(ListShifts { open, limit: Some(limit) })?;
                scene.out.show(&found, |page| print_list(page, &found, &zone));
                Ok(Exit::Done)
            }
        }
    }
}

fn print(page: &mut Page, found: &ShiftInFull, zone: &Zone) {
    let (lang, shift) = (page.lang(), &found.shift);
    page.heading(words::TillShiftHeading { till: &shift.till, shift: shift.shift });
    let closed = shift.closed.map_or_else(|| lang.say(words::TillOpen), |fact| fact.to_string());
    let who = shift.operator.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
    page.fields([
        (lang.say(words::Date), shift.date.to_string()),
        (lang.say(words::TillOpened), format::time_in(shift.opened, zone.time_zone())),
        (lang.say(words::Operator), who),
        (lang.say(words::TillReceipts), found.receipts.to_string()),
        (lang.say(words::TillClosedBy), closed),
    ]);
    let mut table = Table::new([
        Column::text(lang.say(words::Time)),
        Column::text(lang.say(words::Kind)),
        Column::number(lang.say(words::Amount)),
        Column::flexible(lang.say(words::Reason)),
    ]);
    for (fact, drawer) in found.moves() {
        let amount = match drawer {
            DrawerView::Opened { float, .. } => *float,
            DrawerView::Moved { way, amount } if way == "out" => amount.negated(),
            DrawerView::Moved { amount, .. } => *amount,
            DrawerView::Closed { .. } => continue,
        };
        table.row([
            format::time_in(fact.at, zone.time_zone()),
            labels::kind(lang, &fact.kind),
            format::money(amount),
            fact.reason.clone().unwrap_or_default(),
        ]);
    }
    page.gap();
    page.table(&table);
    if !found.counts.is_empty() {
        page.gap();
        print_counts(page, &found.counts);
    }
}

/// What was counted beside what ought to be there.
pub(super) fn print_counts(page: &mut Page, counts: &[CountView]) {
    let lang = page.lang();
    let mut table = Table::new([
        Column::text(lang.say(words::ReportMethod)),
        Column::number(lang.say(words::TillCounted)),
        Column::number(lang.say(words::TillExpected)),
        Column::number(lang.say(words::TillDifference)),
    ]);
    let money = |amount: Option<Money>| amount.map_or_else(|| "-".to_owned(), format::money);
    for count in counts {
        table.row([
            labels::payment(lang, count.method),
            money(count.counted),
            format::money(count.expected),
            money(count.difference),
        ]);
    }
    page.table(&table);
}

fn print_list(page: &mut Page, found: &Shifts, zone: &Zone) {
    let lang = page.lang();
    page.heading(words::TillShiftsHeading { store: &found.store });
    if found.shifts.is_empty() {
        return page.say(words::TillShiftsNone);
    }
    let mut table = Table::new([
        Column::text(lang.say(words::ReportShift)),
        Column::text(lang.say(words::ReportTill)),
        Column::text(lang.say(words::TillOpened)),
        Column::flexible(lang.say(words::Operator)),
        Column::text(lang.say(words::TillClosedBy)),
    ]);
    for shift in &found.shifts {
        table.row([
            shift.shift.to_string(),
            shift.till.to_string(),
            format::time_in(shift.opened, zone.time_zone()),
            shift.operator.as_ref().map(ToString::to_string).unwrap_or_default(),
            shift.closed.map_or_else(|| lang.say(words::TillOpen), |fact| fact.to_string()),
        ]);
    }
    page.table(&table);
}
