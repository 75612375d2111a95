//! `hub value …`: members' stored value.

use clap::{Args, Subcommand};
use console::{Column, Exit, Out, Page, Table, format, words};
use ledger::amount::Money;
use ledger::id::{MemberId, Operator, StoreId};

use crate::ask::value::{ListValue, MoveValue, Sent, ValueList, ValueRow, Way, WriteOffValue};
use crate::door::Door;
use crate::error::Result;

/// Members' stored value: list, show, grant, reclaim, allow, write-off, liability · 会员储值
///
/// The running hub shares it out among the stores by itself; these commands are for what it can't know.
///
/// 总部运行时会自动在门店间分配额度；以下命令用于人工处理。
#[derive(Debug, Subcommand)]
pub(super) enum Value {
    /// List everyone's · 列出全部储值
    List,
    /// Show where a member's value is · 查看某会员的储值分布
    Show {
        /// The member · 会员
        member: MemberId,
    },
    /// Grant a store a right to spend · 下发额度
    Grant {
        #[command(flatten)]
        what: Move,
        /// Out of the pool of a former history of head office, when every store was heard of since · 从总部旧历史的池中下发
        #[arg(long, value_name = "HISTORY")]
        pool: Option<u32>,
    },
    /// Ask a store to give rights back · 收回额度
    Reclaim(Move),
    /// Let a store pay a member out in money · 批准退款
    Allow(Move),
    /// Take back what a machine had that is no more · 核销已停用机器的额度
    WriteOff(WriteOff),
    /// Show what the chain owes its members · 储值负债
    Liability,
}

#[derive(Debug, Args)]
pub(super) struct Move {
    /// The store · 门店
    store: StoreId,
    /// The member · 会员
    member: MemberId,
    /// How much · 金额
    amount: Money,
    /// Who says so · 经手人
    #[arg(long, env = "EVENSTOCK_OPERATOR")]
    by: Option<Operator>,
    /// Why · 原因
    #[arg(long, default_value = "")]
    reason: String,
}

#[derive(Debug, Args)]
pub(super) struct WriteOff {
    /// The store · 门店
    store: StoreId,
    /// Its history that is over, as `value show` names it · 已结束的历史编号
    epoch: u32,
    /// One member's only · 仅某会员
    #[arg(long)]
    member: Option<MemberId>,
    /// The machine will never sell again, though the store goes on in this history · 该机器已永久停用
    #[arg(long)]
    gone: bool,
    /// Who says so · 经手人
    #[arg(long, env = "EVENSTOCK_OPERATOR")]
    by: Operator,
    /// Why · 原因
    #[arg(long)]
    reason: String,
}

pub(super) fn run(door: &impl Door, what: Value, out: &Out) -> Result<Exit> {
    match what {
        Value::List => {
            let list = door.ask(ListValue::default())?;
            out.show(&list, |page| print_list(page, &list));
        }
        Value::Liability => {
            let list = door.ask(ListValue::default())?;
            out.show(&list.liability, |page| print_liability(page, &list));
        }
        Value::Show { member } => {
            let list = door.ask(ListValue { member: Some(member) })?;
            let [row] = list.members.as_slice() else { return Ok(Exit::Failed) };
            out.show(row, |page| print_member(page, row));
        }
        Value::Grant { what, pool } => return send(door, Way::Grant { pool }, what, out),
        Value::Reclaim(what) => return send(door, Way::Reclaim, what, out),
        Value::Allow(what) => return send(door, Way::PayOut, what, out),
        Value::WriteOff(WriteOff { store, epoch, member, gone, by, reason }) => {
            let sent = door.ask(WriteOffValue { store, epoch, member, gone, by, reason })?;
            out.show(&sent, |page| sent.iter().for_each(|sent| say(page, sent)));
        }
    }
    Ok(Exit::Done)
}

fn send(door: &impl Door, way: Way, what: Move, out: &Out) -> Result<Exit> {
    let Move { store, member, amount, by, reason: note } = what;
    let sent = door.ask(MoveValue { way, store, member, amount, by, note })?;
    out.show(&sent, |page| say(page, &sent));
    Ok(Exit::Done)
}

fn say(page: &mut Page, sent: &Sent) {
    page.say(words::ValueLetter { letter: &sent.letter, store: &sent.store });
}

fn print_liability(page: &mut Page, list: &ValueList) {
    page.say(words::ValueLiability { amount: format::money_total(list.liability.0) });
}

fn print_list(page: &mut Page, list: &ValueList) {
    let lang = page.lang();
    if list.members.is_empty() {
        return page.say(words::ValueNone);
    }
    page.heading(words::ValueHeading);
    let mut table = Table::new([
        Column::text(lang.say(words::Member)),
        Column::number(lang.say(words::ValueBalance)),
        Column::number(lang.say(words::ValueAtStores)),
        Column::number(lang.say(words::ValueInPool)),
        Column::number(lang.say(words::ValueFrozen)),
    ]);
    for row in &list.members {
        table.row([
            row.member.to_string(),
            format::money(row.balance),
            format::money(row.at_stores),
            format::money(row.pool),
            format::money(row.frozen),
        ]);
    }
    page.table(&table);
    print_liability(page, list);
}

fn print_member(page: &mut Page, row: &ValueRow) {
    let lang = page.lang();
    page.heading(words::ValueOfMember { member: &row.member });
    let mut table = Table::new([
        Column::text(lang.say(words::ValueHolder)),
        Column::number(lang.say(words::ValueEpoch)),
        Column::number(lang.say(words::ValueRights)),
        Column::number(lang.say(words::ValueComing)),
        Column::number(lang.say(words::ValueAskedBack)),
        Column::number(lang.say(words::ValueSpent)),
        Column::text(lang.say(words::Status)),
    ]);
    for held in &row.held {
        table.row([
            held.store.to_string(),
            held.epoch.to_string(),
            format::money(held.rights),
            format::money(held.coming),
            format::money(held.asked_back),
            format::money(held.spent),
            if held.present { String::new() } else { lang.say(words::ValueFrozen) },
        ]);
    }
    let (none, hub) = (String::new, lang.say(words::ValueHub));
    table.row([hub, none(), format::money(row.pool), none(), none(), none(), none()]);
    page.table(&table);
    for held in row.held.iter().filter(|held| held.overdrawn) {
        let amount = format::money(held.rights.negated());
        page.say(words::ValueOverdrawn { store: &held.store, epoch: held.epoch, amount });
    }
}
