//! Vouchers and the chart of accounts in a terminal.

use ledger::report::Period;
use ledger::voucher::{Account, Kind, Line, Rule, Side, Unmapped, Voucher, Why};

use super::layout::{name, summary};
use crate::format;
use crate::labels;
use crate::output::Page;
use crate::table::{Column, Table};
use crate::words::{self, Lang};

/// Prints a chart of accounts with its rules.
pub fn accounts(page: &mut Page, accounts: &[Account], rules: &[Rule]) {
    let lang = page.lang();
    page.heading(words::FinanceAccounts);
    let mut table = Table::new([
        Column::text(lang.say(words::FinanceCode)),
        Column::flexible(lang.say(words::FinanceName)),
        Column::text(lang.say(words::FinanceKind)),
    ]);
    for account in accounts {
        let kind = match account.kind {
            Kind::Asset => lang.say(words::FinanceAsset),
            Kind::Liability => lang.say(words::FinanceLiability),
            Kind::Equity => lang.say(words::FinanceEquity),
            Kind::Revenue => lang.say(words::FinanceRevenue),
            Kind::Expense => lang.say(words::FinanceExpense),
        };
        table.row([account.code.clone(), name(lang, account).to_owned(), kind]);
    }
    page.table(&table);
    page.gap();
    page.heading(words::FinanceRules);
    let mut table = Table::new([
        Column::text(lang.say(words::FinanceRole)),
        Column::flexible(lang.say(words::FinanceWhere)),
        Column::text(lang.say(words::FinanceCode)),
    ]);
    for rule in rules {
        table.row([rule.role.to_string(), conditions(rule), rule.account.clone()]);
    }
    page.table(&table);
}

/// Prints vouchers, at most so many.
pub fn vouchers(page: &mut Page, period: Period, vouchers: &[Voucher], limit: usize) {
    let lang = page.lang();
    page.heading(words::FinanceVouchers { from: period.from(), to: period.to() });
    if vouchers.is_empty() {
        page.say(words::Nothing);
        return;
    }
    let mut table = Table::new([
        Column::text(lang.say(words::FinanceVoucher)),
        Column::text(lang.say(words::FinanceCode)),
        Column::flexible(lang.say(words::FinanceAbout)),
        Column::number(lang.say(words::FinanceDebit)),
        Column::number(lang.say(words::FinanceCredit)),
    ]);
    for voucher in vouchers.iter().take(limit) {
        let total = voucher.total().to_string();
        let number = voucher.number.clone();
        let cells = [number, String::new(), summary(lang, voucher), total.clone(), total];
        table.row(cells);
        for line in &voucher.lines {
            let amount = |side| {
                if line.side == side { line.amount.to_string() } else { String::new() }
            };
            let cells = [
                String::new(),
                line.account.clone(),
                about(lang, line),
                amount(Side::Debit),
                amount(Side::Credit),
            ];
            table.row(cells);
        }
    }
    page.table(&table);
    let hidden = vouchers.len().saturating_sub(limit);
    if hidden > 0 {
        page.say(words::More { n: format::count(hidden as u64) });
    }
}

/// Prints facts that are in no voucher.
pub fn unmapped(page: &mut Page, all: &[Unmapped]) {
    let lang = page.lang();
    if all.is_empty() {
        page.say(words::FinanceAllMapped);
        return;
    }
    page.heading(words::FinanceUnmapped);
    let mut table = Table::new([
        Column::text(lang.say(words::Date)),
        Column::text(lang.say(words::Bill)),
        Column::text(lang.say(words::Kind)),
        Column::number(lang.say(words::Amount)),
        Column::flexible(lang.say(words::FinanceWhy)),
    ]);
    for left in all {
        table.row([
            left.date.to_string(),
            left.bill.clone(),
            labels::kind(lang, &left.kind),
            format::money(left.amount),
            why(lang, &left.why),
        ]);
    }
    page.table(&table);
}

fn why(lang: Lang, why: &Why) -> String {
    match why {
        Why::NoRule { role } => lang.say(words::FinanceNoRule { role }),
        Why::UnknownKind => lang.say(words::FinanceUnknownKind),
        Why::NoOriginal { of } => lang.say(words::FinanceNoOriginal { of }),
        Why::Uneven => lang.say(words::FinanceUneven),
    }
}

fn about(lang: Lang, line: &Line) -> String {
    let texts = [&line.about.supplier, &line.about.category].into_iter().flatten();
    let mut parts: Vec<String> = texts.map(ToString::to_string).collect();
    parts.extend(line.about.rate.as_ref().map(|rate| format!("{rate}%")));
    parts.extend(line.about.method.map(|method| labels::payment(lang, method)));
    parts.join(" ")
}

/// As they stand in the file.
fn conditions(rule: &Rule) -> String {
    let method = rule.method.map(|method| method.name().to_owned());
    let store = rule.store.as_ref().map(ToString::to_string);
    let supplier = rule.supplier.as_ref().map(ToString::to_string);
    let all = [
        ("store", store),
        ("category", rule.category.clone()),
        ("method", method),
        ("rate", rule.rate.clone()),
        ("supplier", supplier),
        ("kind", rule.kind.clone()),
    ];
    let named = all.into_iter().filter_map(|(name, value)| Some(format!("{name} = {}", value?)));
    named.collect::<Vec<_>>().join(", ")
}
