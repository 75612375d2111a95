//! The statement of a supplier's account over a period (对账单).

use ledger::id::{FactId, StoreId};
use ledger::payable::{Statement, StatementLine, What};
use ledger::time::BusinessDate;
use serde::{Deserialize, Serialize};

use super::SupplierView;
use crate::sums::Amount;
use crate::{Column, Lang, Page, Table, format, text, words};

/// Asks for a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowStatement {
    /// The supplier's id or name.
    pub supplier: String,
    /// At this store only; a store shows its own.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreId>,
    /// From this day; the first of the month if left out.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub from: Option<BusinessDate>,
    /// Up to this day; today if left out.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub to: Option<BusinessDate>,
}

impl ShowStatement {
    /// The days from which and up to which, as of today.
    pub fn period(&self, today: BusinessDate) -> (BusinessDate, BusinessDate) {
        let to = self.to.unwrap_or(today);
        (self.from.unwrap_or_else(|| BusinessDate::new(to.date().first_of_month())), to)
    }
}

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementView {
    /// The supplier.
    pub supplier: SupplierView,
    /// From which day.
    #[serde(with = "text")]
    pub from: BusinessDate,
    /// Up to which day.
    #[serde(with = "text")]
    pub to: BusinessDate,
    /// What was owed before.
    pub opening: Amount,
    /// What changed it.
    pub lines: Vec<StatementRow>,
    /// What was owed after.
    pub closing: Amount,
}

/// A line of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementRow {
    /// The day.
    #[serde(with = "text")]
    pub date: BusinessDate,
    /// At which store.
    #[serde(with = "text")]
    pub store: StoreId,
    /// The fact.
    #[serde(with = "text")]
    pub fact: FactId,
    /// What it is: `invoice`, `payment`, `credit`; for a reversal, what was undone.
    pub kind: String,
    /// The invoice's number, or what the bank calls the payment.
    pub number: String,
    /// The fact that it undoes, if it is a reversal.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub undoes: Option<FactId>,
    /// What it adds to what is owed.
    pub change: Amount,
    /// What is owed after it.
    pub balance: Amount,
}

impl StatementView {
    /// A statement that the ledger has made.
    pub fn of(
        supplier: SupplierView,
        (from, to): (BusinessDate, BusinessDate),
        statement: &Statement,
    ) -> Self {
        Self {
            supplier,
            from,
            to,
            opening: Amount(statement.opening),
            lines: statement.lines.iter().map(StatementRow::from).collect(),
            closing: Amount(statement.closing),
        }
    }

    /// Shows it to a person.
    pub fn print(&self, page: &mut Page) {
        let lang = page.lang();
        let (supplier, from, to) = (self.supplier.title(lang), self.from, self.to);
        page.heading(words::StatementHeading { supplier, from, to });
        let mut table = Table::new([
            Column::text(lang.say(words::Date)),
            Column::text(lang.say(words::Store)),
            Column::text(lang.say(words::Fact)),
            Column::flexible(lang.say(words::StatementText)),
            Column::number(lang.say(words::StatementCharged)),
            Column::number(lang.say(words::StatementPaid)),
            Column::number(lang.say(words::StatementBalance)),
        ]);
        let none = String::new;
        let bare = |date: BusinessDate, text: String, balance: Amount| {
            let balance = format::money_total(balance.0);
            [date.to_string(), none(), none(), text, none(), none(), balance]
        };
        table.row(bare(from, lang.say(words::StatementOpening), self.opening));
        for line in &self.lines {
            let change = format::money_total(line.change.0.abs());
            // What undoes an invoice is a smaller debt, not a payment.
            let is_charge = line.kind == "invoice";
            let change =
                if is_charge == (line.change.0 < 0) { format!("-{change}") } else { change };
            let (charged, paid) = if is_charge { (change, none()) } else { (none(), change) };
            table.row([
                line.date.to_string(),
                line.store.to_string(),
                line.fact.to_string(),
                line.text(lang),
                charged,
                paid,
                format::money_total(line.balance.0),
            ]);
        }
        table.total(bare(to, lang.say(words::StatementClosing), self.closing));
        page.table(&table);
    }
}

impl StatementRow {
    fn text(&self, lang: Lang) -> String {
        let number = &self.number;
        let what = match self.kind.as_str() {
            "invoice" => lang.say(words::StatementInvoice { number }),
            "payment" => lang.say(words::StatementPayment { reference: number }),
            _ => lang.say(words::StatementCredit),
        };
        let what = what.trim_end().to_owned();
        if self.undoes.is_some() { lang.say(words::StatementUndone { what }) } else { what }
    }
}

impl From<&StatementLine> for StatementRow {
    fn from(line: &StatementLine) -> Self {
        let (kind, number) = match &line.what {
            What::Invoice { number, .. } => ("invoice", number.to_string()),
            What::Credit { .. } => ("credit", String::new()),
            What::Payment { reference, .. } => ("payment", reference.to_string()),
        };
        Self {
            date: line.date,
            store: line.store.clone(),
            fact: line.id,
            kind: kind.to_owned(),
            number,
            undoes: line.undoes,
            change: Amount(line.change),
            balance: Amount(line.balance),
        }
    }
}
