//! Suppliers from the command line: look, compare, pay, account.

use clap::{Args, Subcommand};
use console::Exit;
use console::supplier::{
    CompareSuppliers, ListAccounts, ListSuppliers, ShowAccount, ShowStatement, ShowSupplier,
    SupplierShown,
};
use ledger::amount::Money;
use ledger::fact::PaymentMethod;
use ledger::id::SupplierId;
use ledger::time::BusinessDate;

use super::booking::book;
use super::{AboutArgs, Scene};
use crate::ask::supplier::PutSupplier;
use crate::door::Door;
use crate::error::Result;
use crate::request;

/// Suppliers: list, show, compare, pay, account, statement · 供应商
#[derive(Debug, Subcommand)]
pub(super) enum Supplier {
    /// List suppliers, as head office keeps them · 列出供应商
    List {
        /// Part of an id, name or contact · 编号、名称或联系人的一部分
        #[arg(long)]
        search: Option<String>,
    },
    /// Show a supplier with what it offers · 查看供应商及报价
    Show {
        /// Its id or name · 供应商
        supplier: String,
    },
    /// Set fields of a supplier, in books that stand alone · 修改供应商（独立账簿）
    Set {
        /// Its id; one that is not known is made · 供应商编号
        supplier: SupplierId,
        /// Fields and their values, e.g. name_zh=东方批发 terms=30 · 字段=值
        #[arg(required = true, value_name = "FIELD=VALUE", value_parser = assigned)]
        fields: Vec<(String, String)>,
    },
    /// Who offers a product at what price, and what they delivered here · 供应商比较
    Compare {
        /// The product, by SKU or barcode · 商品编码或条码
        item: String,
    },
    Pay(Pay),
    /// What is owed to a supplier, or to all · 应付账款
    Account {
        /// Its id or name; all suppliers if left out · 供应商，不写则列出全部
        supplier: Option<String>,
        /// In the evening of this day; today if left out · 日期
        #[arg(long, value_name = "DATE")]
        date: Option<BusinessDate>,
    },
    /// What happened to an account over a period · 对账单
    Statement {
        /// Its id or name · 供应商
        supplier: String,
        /// From this day; the first of the month if left out · 起始日期
        #[arg(long, value_name = "DATE")]
        from: Option<BusinessDate>,
        /// Up to this day; today if left out · 截止日期
        #[arg(long, value_name = "DATE")]
        to: Option<BusinessDate>,
    },
}

/// Book money paid to a supplier · 付款
///
/// Without --invoice it pays what is due first, and may be more than is owed (paid ahead).
///
/// 不写 --invoice 时先付最早到期的发票，可超过应付（预付）。
#[derive(Debug, Args)]
pub(super) struct Pay {
    /// To whom: id or name · 供应商
    supplier: String,
    /// How much; with --invoice, all that is open if left out · 金额
    #[arg(required_unless_present = "invoice")]
    amount: Option<Money>,
    /// An invoice that it pays: the supplier's number, bill number or fact id · 发票，可多次
    #[arg(long, value_name = "INVOICE")]
    invoice: Vec<String>,
    /// How: cash, card, transfer or mobile · 付款方式
    #[arg(long, value_name = "METHOD", default_value = "transfer", value_parser = method)]
    by: PaymentMethod,
    /// What the bank calls it · 银行流水号
    #[arg(long, value_name = "TEXT", default_value = "")]
    reference: String,
    #[command(flatten)]
    about: AboutArgs,
}

impl Supplier {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let door = scene.door()?;
        let out = scene.out;
        match self {
            Self::List { search } => {
                let list = door.ask(ListSuppliers { search })?;
                out.show(&list, |page| list.print(page));
            }
            Self::Show { supplier } => {
                let shown = door.ask(ShowSupplier { supplier })?;
                out.show(&shown, |page| shown.print(page));
            }
            Self::Set { supplier, fields } => {
                let fields = fields.into_iter().collect();
                let view = door.ask(PutSupplier { supplier, fields })?;
                let shown = SupplierShown { supplier: view, offers: Vec::new() };
                out.show(&shown, |page| shown.print(page));
            }
            Self::Compare { item } => {
                let found = door.ask(CompareSuppliers { item })?;
                out.show(&found, |page| found.print(page));
            }
            Self::Pay(pay) => {
                drop(door);
                return pay.run(scene);
            }
            Self::Account { supplier: Some(supplier), date } => {
                let account = door.ask(ShowAccount { supplier, store: None, date })?;
                out.show(&account, |page| account.print(page));
            }
            Self::Account { supplier: None, date } => {
                let accounts = door.ask(ListAccounts { store: None, date })?;
                out.show(&accounts, |page| accounts.print(page));
            }
            Self::Statement { supplier, from, to } => {
                let ask = ShowStatement { supplier, store: None, from, to };
                let statement = door.ask(ask)?;
                out.show(&statement, |page| statement.print(page));
            }
        }
        Ok(Exit::Done)
    }
}

impl Pay {
    fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let Self { supplier, amount, invoice: invoices, by: method, reference, about } = self;
        let pay = request::PaySupplier { supplier, amount, method, reference, invoices };
        book(scene, about, pay.into())
    }
}

fn assigned(text: &str) -> std::result::Result<(String, String), String> {
    let parts = text.split_once('=').ok_or_else(|| "expected FIELD=VALUE".to_owned())?;
    Ok((parts.0.trim().to_owned(), parts.1.trim().to_owned()))
}

fn method(text: &str) -> std::result::Result<PaymentMethod, String> {
    let names = || PaymentMethod::ALL.map(PaymentMethod::name).join(", ");
    PaymentMethod::named(text).ok_or_else(|| format!("expected one of: {}", names()))
}
