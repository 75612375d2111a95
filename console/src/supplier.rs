//! Suppliers, their invoices and accounts as both programs show them, to people and as JSON.

mod account;
mod compare;
mod error;
mod matched;
mod offer;
mod say;
mod statement;

use std::collections::BTreeMap;

use ledger::id::SupplierId;
use ledger::supplier::{Field, Supplier};
use serde::{Deserialize, Serialize};

use crate::{Column, Lang, Page, Table, text, words};

pub use account::{
    AccountLine, AccountView, Accounts, AgeingView, ListAccounts, OpenView, ShowAccount, Uninvoiced,
};
pub use compare::{CompareSuppliers, ComparedView, Comparison};
pub use error::SupplierError;
pub use matched::{MatchedLine, MatchedView};
pub use offer::OfferView;
pub use say::{field, offer_field, terms, verdict};
pub use statement::{ShowStatement, StatementRow, StatementView};

/// Asks for the suppliers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListSuppliers {
    /// Part of an id, name or contact; case does not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
}

/// Suppliers, by id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppliers {
    /// Those that were asked for.
    pub suppliers: Vec<SupplierView>,
    /// How many there are in all.
    pub total: usize,
}

/// Asks for one supplier with what it offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowSupplier {
    /// Its id or name.
    pub supplier: String,
}

/// A supplier with what it offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplierShown {
    /// The supplier.
    pub supplier: SupplierView,
    /// Its offers, by SKU.
    pub offers: Vec<OfferView>,
}

/// A supplier: its id, and its fields by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplierView {
    /// The id.
    #[serde(with = "text")]
    pub supplier: SupplierId,
    /// Every field that is set, as text.
    #[serde(flatten)]
    pub fields: BTreeMap<String, String>,
}

impl From<&Supplier> for SupplierView {
    fn from(supplier: &Supplier) -> Self {
        let text = |(field, text): (Field, String)| (field.name().to_owned(), text);
        let fields = supplier.fields().into_iter().map(text).collect();
        Self { supplier: supplier.id.clone(), fields }
    }
}

impl SupplierView {
    /// A field's text.
    pub fn get(&self, field: Field) -> &str {
        self.fields.get(field.name()).map_or("", String::as_str)
    }

    /// Its name in a language; the other one where that is missing.
    pub fn name(&self, lang: Lang) -> &str {
        let (zh, en) = (self.get(Field::NameZh), self.get(Field::NameEn));
        let (first, second) = match lang {
            Lang::Zh => (zh, en),
            Lang::En => (en, zh),
        };
        // A name that only repeats the id says less than one that somebody gave.
        let told = |name: &&str| !name.is_empty() && *name != self.supplier.as_str();
        Some(first).filter(told).or(Some(second).filter(told)).unwrap_or(self.supplier.as_str())
    }

    /// Its id and name, as one says it.
    pub fn title(&self, lang: Lang) -> String {
        match self.name(lang) {
            name if name == self.supplier.as_str() => name.to_owned(),
            name => format!("{} {name}", self.supplier),
        }
    }
}

impl Suppliers {
    /// Those of all suppliers that a search finds.
    pub fn of(all: &[Supplier], search: Option<&str>) -> Self {
        let wanted = search.map(str::to_lowercase);
        let fits = |supplier: &&Supplier| {
            let named = [&*supplier.name_zh, &*supplier.name_en, &*supplier.contact];
            let mut named = named.into_iter().chain([supplier.id.as_str()]);
            wanted.as_ref().is_none_or(|text| named.any(|name| name.to_lowercase().contains(text)))
        };
        let suppliers = all.iter().filter(fits).map(SupplierView::from).collect();
        Self { suppliers, total: all.len() }
    }

    /// Shows them to a person.
    pub fn print(&self, page: &mut Page) {
        let lang = page.lang();
        if self.total == 0 {
            return page.say(words::SuppliersNone);
        }
        page.heading(words::SuppliersHeading);
        let mut table = Table::new([
            Column::text(lang.say(words::Supplier)),
            Column::flexible(lang.say(words::Name)),
            Column::flexible(lang.say(words::SupplierContact)),
            Column::text(lang.say(words::SupplierPhone)),
            Column::flexible(lang.say(words::SupplierTerms)),
            Column::number(lang.say(words::SupplierMinimumOrder)),
            Column::text(lang.say(words::Status)),
        ]);
        for view in &self.suppliers {
            table.row([
                view.supplier.as_str(),
                view.name(lang),
                view.get(Field::Contact),
                view.get(Field::Phone),
                &say::terms_text(lang, view.get(Field::Terms)),
                view.get(Field::MinimumOrder),
                view.get(Field::Status),
            ]);
        }
        page.table(&table);
    }
}

impl SupplierShown {
    /// Shows it to a person.
    pub fn print(&self, page: &mut Page) {
        let lang = page.lang();
        let view = &self.supplier;
        page.heading(words::SupplierHeading { id: &view.supplier, name: view.name(lang) });
        let set = Field::ALL.into_iter().filter(|field| !view.get(*field).is_empty());
        page.fields(set.map(|field| {
            let text = match field {
                Field::Terms => say::terms_text(lang, view.get(field)),
                _ => view.get(field).to_owned(),
            };
            (say::field(lang, field), text)
        }));
        page.gap();
        OfferView::print(&self.offers, page);
    }
}
