//! `hub purchase rule …`

use clap::{Args, Subcommand};
use console::{Column, Exit, Out, Page, Table, format, words};
use ledger::amount::Money;
use ledger::id::{StoreId, SupplierId};

use crate::ask::purchase_rules::{ListPurchaseRules, RemovePurchaseRule, SetPurchaseRule};
use crate::door::Door;
use crate::error::Result;
use crate::purchases::rules::PurchaseRule;
use crate::transfers::rules::RuleName;

/// What is approved automatically: set, list, remove · 自动审核规则
///
/// While the hub runs, an order that is submitted and keeps within every bound of a rule is approved as
/// it arrives, in the rule's name. Any other waits for a person.
///
/// 总部运行时，已提交且符合规则全部条件的订单到达即自动审核，其余由人工审核。
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
    /// Only orders for this store alone · 收货门店，默认不限
    #[arg(long, value_name = "STORE")]
    store: Option<StoreId>,
    /// Only orders from this supplier · 供应商，默认不限
    #[arg(long, value_name = "SUPPLIER")]
    supplier: Option<SupplierId>,
    /// At most so much money, at the order's prices · 订单金额上限
    #[arg(long, value_name = "AMOUNT")]
    max_value: Option<Money>,
}

pub(super) fn run(door: &impl Door, what: RuleCommand, out: &Out) -> Result<Exit> {
    match what {
        RuleCommand::Set(Set { name, store, supplier, max_value }) => {
            let rule = PurchaseRule { name: name.clone(), store, supplier, max_value };
            let rules = door.ask(SetPurchaseRule { rule })?;
            out.show(&rules, |page| {
                print(page, &rules);
                page.say(words::BuyRuleSet { name });
            });
        }
        RuleCommand::List => {
            let rules = door.ask(ListPurchaseRules {})?;
            out.show(&rules, |page| print(page, &rules));
        }
        RuleCommand::Remove { name } => {
            let rules = door.ask(RemovePurchaseRule { name: name.clone() })?;
            out.show(&rules, |page| {
                print(page, &rules);
                page.say(words::RuleRemoved { name });
            });
        }
    }
    Ok(Exit::Done)
}

fn print(page: &mut Page, rules: &[PurchaseRule]) {
    let lang = page.lang();
    if rules.is_empty() {
        return page.say(words::BuyRulesEmpty);
    }
    page.heading(words::BuyRulesHeading);
    let mut table = Table::new([
        Column::flexible(lang.say(words::RuleName)),
        Column::text(lang.say(words::Store)),
        Column::text(lang.say(words::BuySupplier)),
        Column::number(lang.say(words::BuyRuleMaxValue)),
    ]);
    let any = || lang.say(words::RuleAny);
    for rule in rules {
        table.row([
            rule.name.to_string(),
            rule.store.as_ref().map_or_else(any, ToString::to_string),
            rule.supplier.as_ref().map_or_else(any, ToString::to_string),
            rule.max_value.map_or_else(any, format::money),
        ]);
    }
    page.table(&table);
}
