//! `hub supplier …`

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Subcommand;
use console::supplier::{
    self, CompareSuppliers, ListAccounts, ListSuppliers, ShowAccount, ShowStatement, ShowSupplier,
};
use console::{Exit, Out, words};
use ledger::id::{StoreId, SupplierId};
use ledger::supplier::{Field, OfferField};
use ledger::time::BusinessDate;

use super::catalog::{read_text, show_imported};
use crate::ask::supplier::{ImportSuppliers, SetOffer, SetSupplier};
use crate::door::Door;
use crate::error::{HubError, Result};
use crate::suppliers::SameNames;

/// Suppliers.
#[derive(Debug, Subcommand)]
pub(super) enum Supplier {
    /// Import suppliers, or with --offers their offers, from a CSV file · 导入供应商或报价
    Import {
        /// The file; its first row names the columns: supplier, name_zh, terms, ... · 文件
        file: PathBuf,
        /// Its rows are offers: supplier, sku, price, lead_days, ... · 文件为报价
        #[arg(long)]
        offers: bool,
        /// Only show what would change · 试运行
        #[arg(long)]
        dry_run: bool,
        /// Also take suppliers of the same name · 允许同名
        #[arg(long)]
        same_name: bool,
        /// Where rejected rows go, each with its reason [default: beside the file] · 退回行文件
        #[arg(long, value_name = "FILE")]
        rejects: Option<PathBuf>,
    },
    /// Set fields of a supplier; connected stores get them at once · 修改供应商
    Set {
        /// Its id; one that is not known is made · 供应商编号
        supplier: SupplierId,
        /// Fields and their values, e.g. name_zh=东方批发 terms=month_end+30 · 字段=值
        #[arg(required = true, value_name = "FIELD=VALUE")]
        fields: Vec<String>,
        /// Also take a name that another supplier has · 允许同名
        #[arg(long)]
        same_name: bool,
    },
    /// List suppliers · 列出供应商
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
    /// Set what a supplier asks for a product · 设定报价
    Offer {
        /// Its id or name · 供应商
        supplier: String,
        /// The product, by SKU or barcode · 商品编码或条码
        item: String,
        /// Fields and their values, e.g. price=2.10 lead_days=3 pack=12 · 字段=值
        #[arg(required = true, value_name = "FIELD=VALUE")]
        fields: Vec<String>,
    },
    /// Who offers a product at what price, and what they delivered · 供应商比较
    Compare {
        /// The product, by SKU or barcode · 商品编码或条码
        item: String,
    },
    /// What is owed to a supplier, or to all · 应付账款
    Account {
        /// Its id or name; all suppliers if left out · 供应商，不写则列出全部
        supplier: Option<String>,
        /// Only at this store · 门店
        #[arg(long)]
        store: Option<StoreId>,
        /// In the evening of this day; today if left out · 日期
        #[arg(long, value_name = "DATE")]
        date: Option<BusinessDate>,
    },
    /// What happened to an account over a period · 对账单
    Statement {
        /// Its id or name · 供应商
        supplier: String,
        /// Only at this store · 门店
        #[arg(long)]
        store: Option<StoreId>,
        /// From this day; the first of the month if left out · 起始日期
        #[arg(long, value_name = "DATE")]
        from: Option<BusinessDate>,
        /// Up to this day; today if left out · 截止日期
        #[arg(long, value_name = "DATE")]
        to: Option<BusinessDate>,
    },
}

pub(super) fn run(door: &impl Door, what: Supplier, out: &Out) -> Result<Exit> {
    match what {
        Supplier::Import { file, offers, dry_run, same_name, rejects } => {
            let (text, encoding) = read_text(&file)?;
            let (mode, same_names) = (dry_run.into(), same_name.into());
            let (rows, lang) = (offers.into(), out.lang.tag().to_owned());
            let imported = door.ask(ImportSuppliers { text, rows, mode, same_names, lang })?;
            return show_imported(&file, encoding, rejects, &imported, out);
        }
        Supplier::Set { supplier, fields, same_name } => {
            return set(door, supplier, &fields, same_name.into(), out);
        }
        Supplier::Offer { supplier, item, fields } => {
            return offer(door, supplier, item, &fields, out);
        }
        Supplier::List { search } => {
            let list = door.ask(ListSuppliers { search })?;
            out.show(&list, |page| list.print(page));
        }
        Supplier::Show { supplier } => {
            let shown = door.ask(ShowSupplier { supplier })?;
            out.show(&shown, |page| shown.print(page));
        }
        Supplier::Compare { item } => {
            let found = door.ask(CompareSuppliers { item })?;
            out.show(&found, |page| found.print(page));
        }
        Supplier::Account { supplier: Some(supplier), store, date } => {
            let account = door.ask(ShowAccount { supplier, store, date })?;
            out.show(&account, |page| account.print(page));
        }
        Supplier::Account { supplier: None, store, date } => {
            let accounts = door.ask(ListAccounts { store, date })?;
            out.show(&accounts, |page| accounts.print(page));
        }
        Supplier::Statement { supplier, store, from, to } => {
            let statement = door.ask(ShowStatement { supplier, store, from, to })?;
            out.show(&statement, |page| statement.print(page));
        }
    }
    Ok(Exit::Done)
}

fn set(
    door: &impl Door,
    supplier: SupplierId,
    fields: &[String],
    same_names: SameNames,
    out: &Out,
) -> Result<Exit> {
    let fields = assigned(fields)?;
    let wanted: Vec<Field> = fields.keys().filter_map(|name| Field::named(name)).collect();
    let set = door.ask(SetSupplier { supplier, fields, same_names })?;
    out.show(&set, |page| {
        let (lang, id) = (page.lang(), &set.now.supplier);
        for field in wanted {
            let name = supplier::field(lang, field);
            if set.changed.iter().any(|changed| changed == field.name()) {
                page.say(words::SupplierSet { id, field: name, value: set.now.get(field) });
            } else {
                page.say(words::SupplierSetBefore { id, field: name });
            }
        }
        if set.told > 0 {
            page.say(words::CatalogSent { stores: set.told });
        }
    });
    Ok(Exit::Done)
}

fn offer(
    door: &impl Door,
    supplier: String,
    item: String,
    fields: &[String],
    out: &Out,
) -> Result<Exit> {
    let fields = assigned(fields)?;
    let wanted: Vec<OfferField> =
        fields.keys().filter_map(|name| OfferField::named(name)).collect();
    let set = door.ask(SetOffer { supplier, item, fields })?;
    out.show(&set, |page| {
        let lang = page.lang();
        let id = &format!("{} {}", set.now.supplier, set.now.sku);
        for field in wanted {
            let name = supplier::offer_field(lang, field);
            if set.changed.iter().any(|changed| changed == field.name()) {
                page.say(words::SupplierSet { id, field: name, value: set.now.get(field) });
            } else {
                page.say(words::SupplierSetBefore { id, field: name });
            }
        }
        if set.told > 0 {
            page.say(words::CatalogSent { stores: set.told });
        }
    });
    Ok(Exit::Done)
}

pub(super) fn assigned(fields: &[String]) -> Result<BTreeMap<String, String>> {
    let assign = |text: &String| {
        let (field, value) =
            text.split_once('=').ok_or_else(|| HubError::NotAssigned { text: text.clone() })?;
        Ok((field.trim().to_owned(), value.trim().to_owned()))
    };
    fields.iter().map(assign).collect()
}
