//! `store-node value …`: members' stored value.

use clap::{Args, Subcommand};
use console::{Column, Exit, Page, Table, format, words};
use ledger::amount::Money;
use ledger::fact::PaymentMethod;
use ledger::id::{LetterNo, MemberId, Operator};

use super::{AboutArgs, Scene, booking};
use crate::ask::value::{AskForValue, ShowValue, ValueRow};
use crate::door::Door;
use crate::error::Result;
use crate::request::{PayOut, TopUp};

/// Stored value: top up, show, pay out · 会员储值
///
/// A store spends what it has a right to, with or without the network: what was topped up here, and what head
/// office has granted. Spend it with `sell --member ID --pay stored_value:AMOUNT`.
///
/// 门店有网无网都只能动用自己的额度：在本店充值的，以及总部下发的。用 `sell --member ID --pay stored_value:金额` 消费。
#[derive(Debug, Subcommand)]
pub(super) enum Value {
    /// Take money in · 充值
    TopUp(Paid),
    /// Show what may be spent here · 查看可用额度
    Show(Show),
    /// Ask head office for more, for a member who is here · 向总部申请额度
    Ask(Wish),
    /// Give money back, by a letter of head office · 凭总部批准退款
    PayOut(Refund),
}

#[derive(Debug, Args)]
pub(super) struct Paid {
    /// The member · 会员
    #[arg(value_name = "MEMBER")]
    member: MemberId,
    /// How much · 金额
    #[arg(value_name = "AMOUNT")]
    amount: Money,
    /// How it is paid: cash, card, transfer or mobile · 付款方式
    #[arg(long, value_name = "METHOD", default_value = "cash", value_parser = method)]
    by: PaymentMethod,
    #[command(flatten)]
    about: AboutArgs,
}

#[derive(Debug, Args)]
pub(super) struct Show {
    /// The member; all if left out · 会员，默认全部
    #[arg(value_name = "MEMBER")]
    member: Option<MemberId>,
}

#[derive(Debug, Args)]
pub(super) struct Wish {
    /// The member · 会员
    #[arg(value_name = "MEMBER")]
    member: MemberId,
    /// How much · 金额
    #[arg(value_name = "AMOUNT")]
    amount: Money,
    /// Who asks · 经手人
    #[arg(long, value_name = "NAME", env = "EVENSTOCK_OPERATOR")]
    operator: Option<Operator>,
}

#[derive(Debug, Args)]
pub(super) struct Refund {
    #[command(flatten)]
    paid: Paid,
    /// The number of the letter that allows it · 总部批准单号
    #[arg(long, value_name = "LETTER")]
    letter: LetterNo,
}

impl Value {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        match self {
            Self::TopUp(Paid { member, amount, by: method, about }) => {
                let about = AboutArgs { member: Some(member), ..about };
                booking::book(scene, about, TopUp { amount, method }.into())
            }
            Self::PayOut(Refund { paid: Paid { member, amount, by: method, about }, letter }) => {
                let about = AboutArgs { member: Some(member), ..about };
                booking::book(scene, about, PayOut { letter, amount, method }.into())
            }
            Self::Ask(Wish { member, amount, operator }) => {
                let asked = scene.door()?.ask(AskForValue { member, amount, operator })?;
                scene.out.show(&asked, |page| {
                    page.say(words::ValueAsked { letter: &asked.letter, amount });
                });
                Ok(Exit::Done)
            }
            Self::Show(Show { member }) => {
                let rows = scene.door()?.ask(ShowValue { member })?;
                scene.out.show(&rows, |page| print(&rows, page));
                Ok(Exit::Done)
            }
        }
    }
}

fn print(rows: &[ValueRow], page: &mut Page) {
    let lang = page.lang();
    if rows.is_empty() {
        return page.say(words::ValueNone);
    }
    page.heading(words::ValueHereHeading);
    let mut table = Table::new([
        Column::text(lang.say(words::Member)),
        Column::number(lang.say(words::ValueRights)),
        Column::number(lang.say(words::ValueComing)),
        Column::number(lang.say(words::ValueFrozen)),
    ]);
    for row in rows {
        table.row([
            row.member.to_string(),
            format::money(row.rights),
            format::money(row.coming),
            format::money(row.frozen),
        ]);
    }
    page.table(&table);
    if rows.iter().any(|row| !row.frozen.is_zero()) {
        page.say(words::ValueFrozenHint);
    }
}

fn method(text: &str) -> std::result::Result<PaymentMethod, String> {
    let money = |method: &PaymentMethod| *method != PaymentMethod::StoredValue;
    let names = || {
        let names: Vec<_> =
            PaymentMethod::ALL.into_iter().filter(money).map(PaymentMethod::name).collect();
        names.join(", ")
    };
    let named = PaymentMethod::named(text).filter(money);
    named.ok_or_else(|| format!("expected one of: {}", names()))
}
