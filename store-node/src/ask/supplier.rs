//! Suppliers, what they are owed, and how an invoice compares with what was received.

use std::collections::BTreeMap;

use books::read::OfferFilter;
use books::{PartyEdits, Reader};
use console::Lang;
use console::sums::Amount;
use console::supplier::{
    AccountView, Accounts, CompareSuppliers, Comparison, ListAccounts, ListSuppliers, MatchedView,
    OfferView, ShowAccount, ShowStatement, ShowSupplier, StatementView, SupplierError,
    SupplierShown, SupplierView, Suppliers, Uninvoiced,
};
use ledger::id::{FactId, StoreId, SupplierId};
use ledger::payable::{self, What};
use ledger::supplier::{Field, Supplier};
use ledger::time::BusinessDate;
use serde::{Deserialize, Serialize};

use super::item;
use crate::book::Refused;
use crate::door::Ask;
use crate::error::Result;
use crate::node::Node;
use crate::request::TakeInvoice;
use crate::text;

impl Ask for ListSuppliers {
    const PATH: &'static str = "/v1/supplier/list";
    type Answer = Suppliers;

    fn answer(self, node: &Node) -> Result<Suppliers> {
        Ok(Suppliers::of(&node.books().reader()?.suppliers()?, self.search.as_deref()))
    }
}

impl Ask for ShowSupplier {
    const PATH: &'static str = "/v1/supplier/show";
    type Answer = SupplierShown;

    fn answer(self, node: &Node) -> Result<SupplierShown> {
        let reader = node.books().reader()?;
        let supplier = called(&reader, &self.supplier)?;
        let of = OfferFilter { supplier: Some(supplier.id.clone()), sku: None };
        let offers = reader.offers(&of)?;
        let offers = offers.iter().map(|((id, sku), offer)| OfferView::of(id, sku, offer));
        Ok(SupplierShown { supplier: SupplierView::from(&supplier), offers: offers.collect() })
    }
}

impl Ask for CompareSuppliers {
    const PATH: &'static str = "/v1/supplier/compare";
    type Answer = Comparison;

    fn answer(self, node: &Node) -> Result<Comparison> {
        let reader = node.books().reader()?;
        let sku = item(&reader, &self.item)?;
        let filter = OfferFilter { supplier: None, sku: Some(sku.clone()) };
        let (offers, deliveries) = (reader.offers(&filter)?, reader.deliveries(&sku)?);
        Ok(Comparison::of(sku, &reader.suppliers()?, &offers, deliveries))
    }
}

impl Ask for ShowAccount {
    const PATH: &'static str = "/v1/supplier/account";
    type Answer = AccountView;

    fn answer(self, node: &Node) -> Result<AccountView> {
        let reader = node.books().reader()?;
        let supplier = called(&reader, &self.supplier)?;
        account(&reader, &supplier, node.store(), self.date.unwrap_or_else(|| node.today()))
    }
}

impl Ask for ListAccounts {
    const PATH: &'static str = "/v1/supplier/accounts";
    type Answer = Accounts;

    fn answer(self, node: &Node) -> Result<Accounts> {
        let (reader, date) = (node.books().reader()?, self.date.unwrap_or_else(|| node.today()));
        let suppliers = reader.suppliers()?;
        let of = |supplier| account(&reader, supplier, node.store(), date);
        let accounts: Vec<AccountView> = suppliers.iter().map(of).collect::<Result<_>>()?;
        Ok(Accounts::of(date, accounts))
    }
}

impl Ask for ShowStatement {
    const PATH: &'static str = "/v1/supplier/statement";
    type Answer = StatementView;

    fn answer(self, node: &Node) -> Result<StatementView> {
        let reader = node.books().reader()?;
        let supplier = called(&reader, &self.supplier)?;
        let (from, to) = self.period(node.today());
        let entries = reader.supplier_entries(&supplier.id, Some(node.store()))?;
        let statement = payable::statement(&entries, from, to);
        Ok(StatementView::of(SupplierView::from(&supplier), (from, to), &statement))
    }
}

/// Set fields of a supplier of books that stand alone. In a chain, head office does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PutSupplier {
    /// Which. One that is not known is made.
    #[serde(with = "text")]
    pub supplier: SupplierId,
    /// Fields by name, and their texts.
    pub fields: BTreeMap<String, String>,
}

impl Ask for PutSupplier {
    const PATH: &'static str = "/v1/supplier/put";
    type Answer = SupplierView;

    fn answer(self, node: &Node) -> Result<SupplierView> {
        let reader = node.books().reader()?;
        let known = reader.supplier(&self.supplier)?;
        let mut after =
            known.clone().unwrap_or_else(|| Supplier::named_after(self.supplier.clone()));
        let mut set = BTreeMap::new();
        for (name, text) in &self.fields {
            let none = || Refused::NoSupplierField { field: name.clone() };
            let field = Field::named(name).ok_or_else(none)?;
            after.set(field, text).map_err(Refused::SupplierField)?;
            set.insert(field, after.get(field));
        }
        for name in [&after.name_zh, &after.name_en] {
            let called = reader.suppliers_called(name)?;
            if let Some(other) = called.into_iter().find(|other| other.id != after.id) {
                let name = name.to_string();
                return Err(Refused::SupplierName { name, owner: other.id }.into());
            }
        }
        drop(reader);
        let set = if known.is_some() { set } else { after.fields() };
        let suppliers = [(self.supplier, set)].into();
        node.edit_parties(&PartyEdits { suppliers, ..PartyEdits::default() })?;
        Ok(SupplierView::from(&after))
    }
}

/// Compare an invoice with order and receipts, without booking it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatchInvoice {
    /// The invoice.
    pub invoice: TakeInvoice,
    /// The language of what is shown: `zh` or `en`.
    pub lang: String,
}

impl Ask for MatchInvoice {
    const PATH: &'static str = "/v1/invoice/match";
    type Answer = MatchedView;

    fn answer(self, node: &Node) -> Result<MatchedView> {
        let compared = node.match_invoice(self.invoice)?;
        Ok(MatchedView::of(&compared, Lang::from_tag(&self.lang)))
    }
}

/// List the invoices of the store.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListInvoices {
    /// Of this supplier only, by id or name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<String>,
    /// Which.
    #[serde(default)]
    pub which: WhichInvoices,
}

/// Which invoices to list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhichInvoices {
    /// Each.
    #[default]
    All,
    /// Those that are not paid in full.
    Open,
}

/// Invoices, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoices {
    /// Whose.
    #[serde(with = "text")]
    pub store: StoreId,
    /// Those that were asked for.
    pub invoices: Vec<InvoiceRow>,
}

/// An invoice in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceRow {
    /// The fact.
    #[serde(with = "text")]
    pub fact: FactId,
    /// The supplier.
    pub supplier: SupplierView,
    /// The supplier's number for it.
    pub number: String,
    /// The day that it is booked to.
    #[serde(with = "text")]
    pub date: BusinessDate,
    /// When it is to be paid.
    #[serde(with = "text")]
    pub due: BusinessDate,
    /// What is to be paid.
    pub amount: Amount,
    /// What of that is open.
    pub open: Amount,
    /// The fact that undid it.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub undone: Option<FactId>,
}

impl Ask for ListInvoices {
    const PATH: &'static str = "/v1/invoice/list";
    type Answer = Invoices;

    fn answer(self, node: &Node) -> Result<Invoices> {
        let reader = node.books().reader()?;
        let suppliers = match &self.supplier {
            Some(name) => vec![called(&reader, name)?],
            None => reader.suppliers()?,
        };
        let mut invoices = Vec::new();
        for supplier in &suppliers {
            invoices.extend(invoices_of(&reader, supplier, node.store())?);
        }
        if self.which == WhichInvoices::Open {
            invoices.retain(|row| row.open.0 != 0);
        }
        invoices.sort_by_key(|row| (row.date, row.fact));
        Ok(Invoices { store: node.store().clone(), invoices })
    }
}

fn invoices_of(reader: &Reader, supplier: &Supplier, store: &StoreId) -> Result<Vec<InvoiceRow>> {
    let entries = reader.supplier_entries(&supplier.id, Some(store))?;
    let last = entries.iter().map(|entry| entry.date).max();
    let open = last.map(|last| payable::account(&entries, last).open).unwrap_or_default();
    let row = |entry: &payable::Entry| {
        let What::Invoice { number, due, .. } = &entry.what else { return None };
        let open = open.iter().find(|open| open.id == entry.id).map_or(0, |open| open.open);
        Some(InvoiceRow {
            fact: entry.id,
            supplier: SupplierView::from(supplier),
            number: number.to_string(),
            date: entry.date,
            due: *due,
            amount: Amount(entry.change()),
            open: Amount(if entry.undone.is_some() { 0 } else { open }),
            undone: entry.undone.map(|(id, _)| id),
        })
    };
    Ok(entries.iter().filter_map(row).collect())
}

fn account(
    reader: &Reader,
    supplier: &Supplier,
    store: &StoreId,
    date: BusinessDate,
) -> Result<AccountView> {
    let entries = reader.supplier_entries(&supplier.id, Some(store))?;
    let receipts = reader.uninvoiced(supplier, Some(store))?.into_iter();
    let receipts = receipts.map(|open| {
        let books::Uninvoiced { store, id: fact, date, value } = open;
        Uninvoiced { store, fact, date, value }
    });
    let account = payable::account(&entries, date);
    Ok(AccountView::of(SupplierView::from(supplier), date, &account, receipts.collect()))
}

fn called(reader: &Reader, name: &str) -> Result<Supplier> {
    let only = SupplierError::only(name, reader.suppliers_called(name)?);
    Ok(only.map_err(Refused::Supplier)?)
}
