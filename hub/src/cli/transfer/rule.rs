//! `hub transfer rule …`

use clap::{Args, Subcommand};
use console::{Column, Exit, Out, Page, Table, format, words};
use ledger::amount::{Money, Quantity};
use ledger::id::StoreId;

use crate::ask::transfer_rules::{ListRules, RemoveRule, SetRule};
use crate::door::Door;
use crate::error::Result;
use crate::transfers::rules::{Rule, RuleName};

/// What is approved automatically: set, list, remove · 自动审核规则
///
/// While the hub runs, a request that keeps within every bound of a rule is approved as it arrives, in
/// the rule's name. Any other waits for a person.
///
/// 总部运行时，符合规则全部条件的申请到达即自动审核，其余由人工审核。
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum RuleCommand {
    /// Set a rule, in place of one of the same name · 设置规则
    Set(Set),
    /// List the rules · 列出规则
    List,
    /// Take a rule away · 删除规则
    Remove {
        /// Its name · 规则名称
        name: RuleName,
    },
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Set {
    /// Its name, which stands in each approval · 规则名称
    name: RuleName,
    /// Only goods of this store · 调出门店，默认不限
    #[arg(long, value_name = "STORE")]
    from: Option<StoreId>,
    /// Only goods for this store · 调入门店，默认不限
    #[arg(long, value_name = "STORE")]
    to: Option<StoreId>,
    /// At most so many units, all lines together · 数量上限（各行合计）
    #[arg(long, value_name = "N")]
    max_quantity: Option<Quantity>,
    /// At most so much money, at the catalog's retail prices · 金额上限（按零售价）
    #[arg(long, value_name = "AMOUNT")]
    max_value: Option<Money>,
}

pub(super) fn run(door: &impl Door, what: RuleCommand, out: &Out) -> Result<Exit> {
    match what {
        RuleCommand::Set(Set { name, from, to, max_quantity, max_value }) => {
            let rule = Rule { name: name.clone(), from, to, max_quantity, max_value };
            let rules = door.ask(SetRule { rule })?;
            out.show(&rules, |page| {
                print(page, &rules);
                page.say(words::RuleSet { name });
            });
        }
        RuleCommand::List => {
            let rules = door.ask(ListRules {})?;
            out.show(&rules, |page| print(page, &rules));
        }
        RuleCommand::Remove { name } => {
            let rules = door.ask(RemoveRule { name: name.clone() })?;
            out.show(&rules, |page| {
                print(page, &rules);
                page.say(words::RuleRemoved { name });
            });
        }
    }
    Ok(Exit::Done)
}

fn print(page: &mut Page, rules: &[Rule]) {
    let lang = page.lang();
    if rules.is_empty() {
        return page.say(words::RulesEmpty);
    }
    page.heading(words::RulesHeading);
    let mut table = Table::new([
        Column::flexible(lang.say(words::RuleName)),
        Column::text(lang.say(words::TransferFrom)),
        Column::text(lang.say(words::TransferTo)),
        Column::number(lang.say(words::RuleMaxQuantity)),
        Column::number(lang.say(words::RuleMaxValue)),
    ]);
    let any = || lang.say(words::RuleAny);
    let store = |store: &Option<StoreId>| store.as_ref().map_or_else(any, ToString::to_string);
    for rule in rules {
        table.row([
            rule.name.to_string(),
            store(&rule.from),
            store(&rule.to),
            rule.max_quantity.map_or_else(any, format::quantity),
            rule.max_value.map_or_else(any, format::money),
        ]);
    }
    page.table(&table);
}
