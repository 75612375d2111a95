//! Suppliers: import, list, set, compare, and their accounts.

use std::collections::BTreeMap;

use books::Reader;
use books::read::OfferFilter;
use console::Lang;
use console::supplier::{
    AccountView, Accounts, CompareSuppliers, Comparison, ListAccounts, ListSuppliers, OfferView,
    ShowAccount, ShowStatement, ShowSupplier, StatementView, SupplierError, SupplierShown,
    SupplierView, Suppliers, Uninvoiced,
};
use ledger::id::{Sku, StoreId, SupplierId};
use ledger::payable;
use ledger::supplier::{Offer, Supplier};
use ledger::time::BusinessDate;
use serde::{Deserialize, Serialize};
use sync_proto::party::Edits;

use super::catalog::{ImportMode, Imported, RejectedRow};
use crate::door::Ask;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::suppliers::{Names, SameNames, SupplierRefused, offer_field, sheet, supplier_field};
use crate::text;

/// Import suppliers or their offers from the text of a CSV file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportSuppliers {
    /// The file's text.
    pub text: String,
    /// What its rows are about.
    pub rows: Rows,
    /// Whether to write anything.
    pub mode: ImportMode,
    /// Whether two suppliers may have one name.
    #[serde(default)]
    pub same_names: SameNames,
    /// The language of the reasons for rejected rows: `zh` or `en`.
    pub lang: String,
}

/// What the rows of a file are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rows {
    /// Suppliers.
    Suppliers,
    /// What they offer.
    Offers,
}

impl From<bool> for Rows {
    /// From the flag `--offers`.
    fn from(offers: bool) -> Self {
        if offers { Self::Offers } else { Self::Suppliers }
    }
}

impl Ask for ImportSuppliers {
    const PATH: &'static str = "/v1/supplier/import";
    type Answer = Imported;

    fn answer(self, hub: &Hub) -> Result<Imported> {
        let lang = Lang::from_tag(&self.lang);
        let reader = hub.reader()?;
        let known: BTreeMap<SupplierId, Supplier> =
            reader.suppliers()?.into_iter().map(|s| (s.id.clone(), s)).collect();
        let sheet = match self.rows {
            Rows::Suppliers => sheet::suppliers(&self.text, &known, self.same_names)?,
            Rows::Offers => {
                let products = hub.catalog()?.into_keys().collect();
                let offers = reader.offers(&OfferFilter::default())?;
                sheet::offers(&self.text, &known.into_keys().collect(), &products, &offers)?
            }
        };
        drop(reader);
        let mut told = 0;
        if self.mode == ImportMode::Apply && !sheet.edits.is_empty() {
            told = hub.edit_parties(sheet.edits)?;
        }
        let rejected = sheet.rejected.into_iter();
        Ok(Imported {
            mode: self.mode,
            rows: sheet.rows,
            added: sheet.added,
            changed: sheet.changed,
            unchanged: sheet.unchanged,
            columns: sheet.columns,
            rejected: rejected
                .map(|(line, why, cells)| RejectedRow { line, reason: why.say(lang), cells })
                .collect(),
            told,
            doubts: Vec::new(),
            hiding: Vec::new(),
        })
    }
}

impl Ask for ListSuppliers {
    const PATH: &'static str = "/v1/supplier/list";
    type Answer = Suppliers;

    fn answer(self, hub: &Hub) -> Result<Suppliers> {
        Ok(Suppliers::of(&hub.reader()?.suppliers()?, self.search.as_deref()))
    }
}

impl Ask for ShowSupplier {
    const PATH: &'static str = "/v1/supplier/show";
    type Answer = SupplierShown;

    fn answer(self, hub: &Hub) -> Result<SupplierShown> {
        let reader = hub.reader()?;
        let supplier = called(&reader, &self.supplier)?;
        let of = OfferFilter { supplier: Some(supplier.id.clone()), sku: None };
        let offers = reader.offers(&of)?;
        let offers = offers.iter().map(|((id, sku), offer)| OfferView::of(id, sku, offer));
        Ok(SupplierShown { supplier: SupplierView::from(&supplier), offers: offers.collect() })
    }
}

/// Set fields of one supplier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetSupplier {
    /// Which. One that is not known is made.
    #[serde(with = "text")]
    pub supplier: SupplierId,
    /// Fields by name, and their texts.
    pub fields: BTreeMap<String, String>,
    /// Whether two suppliers may have one name.
    #[serde(default)]
    pub same_names: SameNames,
}

/// What became of the fields of a supplier or offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldsSet<T> {
    /// It as it is now.
    #[serde(flatten)]
    pub now: T,
    /// The fields that changed, by name.
    pub changed: Vec<String>,
    /// How many connected stores are told now.
    pub told: usize,
}

impl Ask for SetSupplier {
    const PATH: &'static str = "/v1/supplier/set";
    type Answer = FieldsSet<SupplierView>;

    fn answer(self, hub: &Hub) -> Result<FieldsSet<SupplierView>> {
        let all = hub.reader()?.suppliers()?;
        let known = all.iter().find(|supplier| supplier.id == self.supplier);
        let before = known.cloned().unwrap_or_else(|| Supplier::named_after(self.supplier.clone()));
        let mut after = before.clone();
        for (name, text) in &self.fields {
            let field = supplier_field(name)?;
            after.set(field, text).map_err(SupplierRefused::from)?;
        }
        Names::of(&all, self.same_names).claim(&before, &after)?;
        let mut set = after.fields();
        if known.is_some() {
            let asked = self.fields.keys().filter_map(|name| supplier_field(name).ok());
            let differs = asked.filter(|field| before.get(*field) != after.get(*field));
            set = differs.map(|field| (field, after.get(field))).collect();
        }
        let changed = set.keys().map(|field| field.name().to_owned()).collect();
        let mut told = 0;
        if !set.is_empty() {
            let suppliers = [(self.supplier, set)].into();
            told = hub.edit_parties(Edits { suppliers, ..Edits::default() })?;
        }
        Ok(FieldsSet { now: SupplierView::from(&after), changed, told })
    }
}

/// Set fields of a supplier's offer for a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetOffer {
    /// Whose, by id or name.
    pub supplier: String,
    /// For what, by barcode or SKU.
    pub item: String,
    /// Fields by name, and their texts.
    pub fields: BTreeMap<String, String>,
}

impl Ask for SetOffer {
    const PATH: &'static str = "/v1/supplier/offer";
    type Answer = FieldsSet<OfferView>;

    fn answer(self, hub: &Hub) -> Result<FieldsSet<OfferView>> {
        let reader = hub.reader()?;
        let supplier = called(&reader, &self.supplier)?.id;
        let product = reader.product_by_barcode(&self.item)?;
        let sku = product.ok_or(HubError::NoProduct { item: self.item })?.sku;
        let of = (supplier.clone(), sku.clone());
        let filter = OfferFilter { supplier: Some(supplier), sku: Some(sku) };
        let before: Offer = reader.offers(&filter)?.remove(&of).unwrap_or_default();
        drop(reader);
        let mut after = before.clone();
        let mut set = BTreeMap::new();
        for (name, text) in &self.fields {
            let field = offer_field(name)?;
            after.set(field, text).map_err(SupplierRefused::from)?;
            set.insert(field, after.get(field));
        }
        set.retain(|field, text| before.get(*field) != *text);
        let changed = set.keys().map(|field| field.name().to_owned()).collect();
        let now = OfferView::of(&of.0, &of.1, &after);
        let mut told = 0;
        if !set.is_empty() {
            let offers = [(of, set)].into();
            told = hub.edit_parties(Edits { offers, ..Edits::default() })?;
        }
        Ok(FieldsSet { now, changed, told })
    }
}

impl Ask for CompareSuppliers {
    const PATH: &'static str = "/v1/supplier/compare";
    type Answer = Comparison;

    fn answer(self, hub: &Hub) -> Result<Comparison> {
        let reader = hub.reader()?;
        let product = reader.product_by_barcode(&self.item)?;
        let sku = match product {
            Some(product) => product.sku,
            None => Sku::new(&self.item)?,
        };
        let filter = OfferFilter { supplier: None, sku: Some(sku.clone()) };
        let (offers, deliveries) = (reader.offers(&filter)?, reader.deliveries(&sku)?);
        Ok(Comparison::of(sku, &reader.suppliers()?, &offers, deliveries))
    }
}

impl Ask for ShowAccount {
    const PATH: &'static str = "/v1/supplier/account";
    type Answer = AccountView;

    fn answer(self, hub: &Hub) -> Result<AccountView> {
        let reader = hub.reader()?;
        let supplier = called(&reader, &self.supplier)?;
        let date = self.date.unwrap_or_else(|| hub.now().utc_day());
        account(&reader, &supplier, self.store.as_ref(), date)
    }
}

impl Ask for ListAccounts {
    const PATH: &'static str = "/v1/supplier/accounts";
    type Answer = Accounts;

    fn answer(self, hub: &Hub) -> Result<Accounts> {
        let reader = hub.reader()?;
        let date = self.date.unwrap_or_else(|| hub.now().utc_day());
        let suppliers = reader.suppliers()?;
        let of = |supplier| account(&reader, supplier, self.store.as_ref(), date);
        let accounts: Vec<AccountView> = suppliers.iter().map(of).collect::<Result<_>>()?;
        Ok(Accounts::of(date, accounts))
    }
}

impl Ask for ShowStatement {
    const PATH: &'static str = "/v1/supplier/statement";
    type Answer = StatementView;

    fn answer(self, hub: &Hub) -> Result<StatementView> {
        let reader = hub.reader()?;
        let supplier = called(&reader, &self.supplier)?;
        let (from, to) = self.period(hub.now().utc_day());
        let entries = reader.supplier_entries(&supplier.id, self.store.as_ref())?;
        let statement = payable::statement(&entries, from, to);
        Ok(StatementView::of(SupplierView::from(&supplier), (from, to), &statement))
    }
}

fn account(
    reader: &Reader,
    supplier: &Supplier,
    store: Option<&StoreId>,
    date: BusinessDate,
) -> Result<AccountView> {
    let entries = reader.supplier_entries(&supplier.id, store)?;
    let receipts = reader.uninvoiced(supplier, store)?.into_iter();
    let receipts = receipts.map(|open| {
        let books::Uninvoiced { store, id: fact, date, value } = open;
        Uninvoiced { store, fact, date, value }
    });
    let account = payable::account(&entries, date);
    Ok(AccountView::of(SupplierView::from(supplier), date, &account, receipts.collect()))
}

fn called(reader: &Reader, name: &str) -> Result<Supplier> {
    Ok(SupplierError::only(name, reader.suppliers_called(name)?)?)
}
