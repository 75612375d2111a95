//! What is owed to suppliers (应付账款).

use ledger::amount::Money;
use ledger::id::{FactId, StoreId};
use ledger::payable::{Account, Ageing, OpenInvoice};
use ledger::time::BusinessDate;
use serde::{Deserialize, Serialize};

use super::SupplierView;
use crate::sums::Amount;
use crate::{Column, Page, Table, format, text, words};

/// Asks for a supplier's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowAccount {
    /// Its id or name.
    pub supplier: String,
    /// At this store only; a store shows its own.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreId>,
    /// In the evening of this day; today if left out.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub date: Option<BusinessDate>,
}

/// Asks for the accounts of all suppliers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListAccounts {
    /// At this store only; a store shows its own.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreId>,
    /// In the evening of this day; today if left out.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub date: Option<BusinessDate>,
}

/// The accounts of suppliers to whom anything is or was owed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accounts {
    /// In the evening of which day.
    #[serde(with = "text")]
    pub date: BusinessDate,
    /// A line for each supplier.
    pub accounts: Vec<AccountLine>,
}

/// A supplier's account in a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountLine {
    /// The supplier.
    pub supplier: SupplierView,
    /// What is owed in all.
    pub balance: Amount,
    /// What of that is due.
    pub due: Amount,
    /// Goods received and not invoiced, at their estimated cost.
    pub uninvoiced: Amount,
}

/// A supplier's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountView {
    /// The supplier.
    pub supplier: SupplierView,
    /// In the evening of which day.
    #[serde(with = "text")]
    pub date: BusinessDate,
    /// What is owed in all; negative when more was paid than asked for.
    pub balance: Amount,
    /// What of the open invoices is due.
    pub due: Amount,
    /// What was paid or credited and pays no invoice yet.
    pub unapplied: Amount,
    /// Goods received and not invoiced, at their estimated cost.
    pub uninvoiced: Amount,
    /// Open amounts by how long they are due.
    pub ageing: AgeingView,
    /// Invoices that are not paid in full, the one that is due first.
    pub open: Vec<OpenView>,
    /// Receipts of which goods are not invoiced.
    pub receipts: Vec<Uninvoiced>,
}

/// Open amounts by how long they are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgeingView {
    /// Not yet due.
    pub not_due: Amount,
    /// For up to 30 days.
    pub to_30: Amount,
    /// For 31 to 60 days.
    pub to_60: Amount,
    /// For 61 to 90 days.
    pub to_90: Amount,
    /// For longer.
    pub over_90: Amount,
}

/// An invoice that is not paid in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenView {
    /// At which store it is booked.
    #[serde(with = "text")]
    pub store: StoreId,
    /// The fact.
    #[serde(with = "text")]
    pub fact: FactId,
    /// The supplier's number for it.
    pub number: String,
    /// The day that it is booked to.
    #[serde(with = "text")]
    pub date: BusinessDate,
    /// When it is to be paid.
    #[serde(with = "text")]
    pub due: BusinessDate,
    /// What it comes to.
    pub amount: Amount,
    /// What of that is open.
    pub open: Amount,
}

/// A receipt of which goods are not invoiced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uninvoiced {
    /// At which store.
    #[serde(with = "text")]
    pub store: StoreId,
    /// The receipt.
    #[serde(with = "text")]
    pub fact: FactId,
    /// Its day.
    #[serde(with = "text")]
    pub date: BusinessDate,
    /// What those goods were taken to cost.
    #[serde(with = "text")]
    pub value: Money,
}

impl AccountView {
    /// An account that the ledger has added up.
    pub fn of(
        supplier: SupplierView,
        date: BusinessDate,
        account: &Account,
        receipts: Vec<Uninvoiced>,
    ) -> Self {
        let open: Vec<OpenView> = account.open.iter().map(OpenView::from).collect();
        Self {
            supplier,
            date,
            balance: Amount(account.balance),
            due: open.iter().filter(|open| open.due <= date).map(|open| open.open).sum(),
            unapplied: Amount(account.unapplied),
            uninvoiced: receipts.iter().map(Uninvoiced::amount).sum(),
            ageing: AgeingView::from(account.ageing),
            open,
            receipts,
        }
    }

    /// Shows it to a person.
    pub fn print(&self, page: &mut Page) {
        let lang = page.lang();
        let (supplier, date) = (self.supplier.title(lang), self.date);
        page.heading(words::AccountHeading { supplier, date });
        let money = |sum: Amount| format::money_total(sum.0);
        page.fields([
            (lang.say(words::AccountBalance), money(self.balance)),
            (lang.say(words::AccountDue), money(self.due)),
            (lang.say(words::AccountUnapplied), money(self.unapplied)),
            (lang.say(words::AccountUninvoiced), money(self.uninvoiced)),
        ]);
        if !self.open.is_empty() {
            page.gap();
            self.print_open(page);
            page.gap();
            self.ageing.print(page);
        }
        if !self.receipts.is_empty() {
            page.gap();
            self.print_receipts(page);
        }
    }

    fn print_open(&self, page: &mut Page) {
        let lang = page.lang();
        let mut table = Table::new([
            Column::flexible(lang.say(words::InvoiceNumber)),
            Column::text(lang.say(words::Store)),
            Column::text(lang.say(words::Fact)),
            Column::text(lang.say(words::Date)),
            Column::text(lang.say(words::InvoiceDueDay)),
            Column::number(lang.say(words::InvoiceGross)),
            Column::number(lang.say(words::InvoiceOpen)),
        ]);
        for open in &self.open {
            table.row([
                open.number.clone(),
                open.store.to_string(),
                open.fact.to_string(),
                open.date.to_string(),
                open.due.to_string(),
                format::money_total(open.amount.0),
                format::money_total(open.open.0),
            ]);
        }
        page.table(&table);
    }

    fn print_receipts(&self, page: &mut Page) {
        let lang = page.lang();
        let mut table = Table::new([
            Column::flexible(lang.say(words::AccountUninvoiced)),
            Column::text(lang.say(words::Store)),
            Column::text(lang.say(words::Date)),
            Column::number(lang.say(words::Value)),
        ]);
        for receipt in &self.receipts {
            table.row([
                receipt.fact.to_string(),
                receipt.store.to_string(),
                receipt.date.to_string(),
                format::money(receipt.value),
            ]);
        }
        page.table(&table);
    }
}

impl Accounts {
    /// Those of which there is anything to tell.
    pub fn of(date: BusinessDate, accounts: impl IntoIterator<Item = AccountView>) -> Self {
        let told = |view: &AccountView| {
            let sums = [view.balance, view.unapplied, view.uninvoiced];
            sums.iter().any(|sum| sum.0 != 0) || !view.open.is_empty()
        };
        let line = |view: AccountView| {
            let AccountView { supplier, balance, due, uninvoiced, .. } = view;
            AccountLine { supplier, balance, due, uninvoiced }
        };
        Self { date, accounts: accounts.into_iter().filter(told).map(line).collect() }
    }

    /// Shows them to a person.
    pub fn print(&self, page: &mut Page) {
        let lang = page.lang();
        if self.accounts.is_empty() {
            return page.say(words::AccountNothing);
        }
        page.heading(words::AccountsHeading { date: self.date });
        let mut table = Table::new([
            Column::flexible(lang.say(words::Supplier)),
            Column::number(lang.say(words::AccountBalance)),
            Column::number(lang.say(words::AccountDue)),
            Column::number(lang.say(words::AccountUninvoiced)),
        ]);
        let sum = |of: fn(&AccountLine) -> Amount| {
            format::money_total(self.accounts.iter().map(of).sum::<Amount>().0)
        };
        for line in &self.accounts {
            let [balance, due, open] =
                [line.balance, line.due, line.uninvoiced].map(|sum| format::money_total(sum.0));
            table.row([line.supplier.title(lang), balance, due, open]);
        }
        table.total([
            lang.say(words::Total),
            sum(|line| line.balance),
            sum(|line| line.due),
            sum(|line| line.uninvoiced),
        ]);
        page.table(&table);
    }
}

impl AgeingView {
    fn print(self, page: &mut Page) {
        let lang = page.lang();
        let mut table = Table::new([
            Column::number(lang.say(words::AgeingNotDue)),
            Column::number(lang.say(words::AgeingTo30)),
            Column::number(lang.say(words::AgeingTo60)),
            Column::number(lang.say(words::AgeingTo90)),
            Column::number(lang.say(words::AgeingOver90)),
        ]);
        let Self { not_due, to_30, to_60, to_90, over_90 } = self;
        table.row([not_due, to_30, to_60, to_90, over_90].map(|sum| format::money_total(sum.0)));
        page.table(&table);
    }
}

impl From<Ageing> for AgeingView {
    fn from(ageing: Ageing) -> Self {
        Self {
            not_due: Amount(ageing.not_due),
            to_30: Amount(ageing.to_30),
            to_60: Amount(ageing.to_60),
            to_90: Amount(ageing.to_90),
            over_90: Amount(ageing.over_90),
        }
    }
}

impl From<&OpenInvoice> for OpenView {
    fn from(open: &OpenInvoice) -> Self {
        Self {
            store: open.store.clone(),
            fact: open.id,
            number: open.number.to_string(),
            date: open.date,
            due: open.due,
            amount: Amount(open.amount),
            open: Amount(open.open),
        }
    }
}

impl Uninvoiced {
    fn amount(&self) -> Amount {
        Amount(self.value.ten_thousandths().into())
    }
}
