//! Products: import, list, set, and the conflicts of edits made apart.

use std::collections::{BTreeMap, BTreeSet};

use console::Lang;
pub use console::prices::EntryRow;
use ledger::amount::Money;
use ledger::catalog::{Doubt, Field, Product, category};
use ledger::id::Sku;
use ledger::scan::Codes;
use serde::{Deserialize, Serialize};
use sync_proto::catalog::Edits;

use crate::codes::Claims;
use crate::door::Ask;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::sheet::{self, EditKind, Rejected};
use crate::text;

/// Import products from the text of a CSV file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportCatalog {
    /// The file's text.
    pub text: String,
    /// Whether to write anything.
    pub mode: ImportMode,
    /// Which barcodes to take.
    #[serde(default)]
    pub codes: Codes,
    /// The language of the reasons for rejected rows: `zh` or `en`.
    #[serde(default = "english")]
    pub lang: String,
}

fn english() -> String {
    Lang::En.tag().to_owned()
}

/// Whether an import writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportMode {
    /// It only says what it would do.
    DryRun,
    /// It does it.
    Apply,
}

impl From<bool> for ImportMode {
    /// From the flag `--dry-run`.
    fn from(dry_run: bool) -> Self {
        if dry_run { Self::DryRun } else { Self::Apply }
    }
}

/// What an import did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// Whether it was done.
    pub mode: ImportMode,
    /// Rows below the header.
    pub rows: u64,
    /// Products that are new.
    pub added: u64,
    /// Products that changed.
    pub changed: u64,
    /// Rows that said what the catalog said already.
    pub unchanged: u64,
    /// The header's cells.
    pub columns: Vec<String>,
    /// Rows that were not taken.
    pub rejected: Vec<RejectedRow>,
    /// How many connected stores are told now.
    pub told: usize,
    /// What was taken and rarely is meant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<DoubtRow>,
    /// Entries of price lists in force that hide base prices which changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hiding: Vec<EntryRow>,
}

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedRow {
    /// Its line in the file, from one.
    pub line: u64,
    /// Why.
    pub reason: String,
    /// Its cells.
    pub cells: Vec<String>,
}

impl RejectedRow {
    fn of(row: Rejected, lang: Lang) -> Self {
        Self { line: row.line, reason: row.why.say(lang), cells: row.cells }
    }
}

impl Ask for ImportCatalog {
    const PATH: &'static str = "/v1/catalog/import";
    type Answer = Imported;

    fn answer(self, hub: &Hub) -> Result<Imported> {
        let lang = Lang::from_tag(&self.lang);
        let catalog = hub.catalog()?;
        let sheet = sheet::read(&self.text, &catalog, self.codes)?;
        let added = sheet.edits.iter().filter(|edit| edit.kind == EditKind::New).count() as u64;
        let changed = sheet.edits.len() as u64 - added;
        let doubt = |(line, doubt)| DoubtRow { line: Some(line), ..DoubtRow::from(doubt) };
        let doubts = sheet.doubtful.into_iter().map(doubt).collect();
        let fields = sheet
            .edits
            .iter()
            .map(|edit| (edit.sku.clone(), edit.fields.keys().copied().collect::<BTreeSet<_>>()));
        let hiding = hub.hiding(&fields.collect())?;
        let mut told = 0;
        if self.mode == ImportMode::Apply && !sheet.edits.is_empty() {
            let edits: Edits =
                sheet.edits.into_iter().map(|edit| (edit.sku, edit.fields)).collect();
            told = hub.edit_catalog(edits)?;
        }
        Ok(Imported {
            mode: self.mode,
            rows: sheet.rows,
            added,
            changed,
            unchanged: sheet.unchanged,
            columns: sheet.columns,
            rejected: sheet.rejected.into_iter().map(|row| RejectedRow::of(row, lang)).collect(),
            told,
            doubts,
            hiding,
        })
    }
}

/// List products.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListProducts {
    /// Part of a code or name; case does not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// Of this category and those within it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The variants of this style, by colour and size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub style: Option<String>,
}

/// Products, by SKU.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Products {
    /// Those that were asked for.
    pub products: Vec<ProductRow>,
    /// How many there are in all.
    pub total: usize,
    /// How many fields are in conflict.
    pub conflicts: usize,
}

/// A product: its SKU, and its fields by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductRow {
    /// The SKU.
    #[serde(with = "text")]
    pub sku: Sku,
    /// Every field's text.
    #[serde(flatten)]
    pub fields: BTreeMap<String, String>,
}

impl ProductRow {
    fn of(product: &Product) -> Self {
        let text = |(field, text): (Field, String)| (field.name().to_owned(), text);
        let fields = product.fields().into_iter().map(text).collect();
        Self { sku: product.sku.clone(), fields }
    }

    /// The product. Fields that this version doesn't know are left out.
    pub fn product(&self) -> Product {
        let known = self.fields.iter();
        let known = known.filter_map(|(name, text)| Some((Field::named(name)?, text.as_str())));
        Product::from_fields(self.sku.clone(), known).0
    }

    /// A field's text.
    pub fn get(&self, field: Field) -> &str {
        self.fields.get(field.name()).map_or("", String::as_str)
    }
}

impl Ask for ListProducts {
    const PATH: &'static str = "/v1/catalog/list";
    type Answer = Products;

    fn answer(self, hub: &Hub) -> Result<Products> {
        let catalog = hub.catalog()?;
        let wanted = self.search.map(|text| text.to_lowercase());
        let tree = self.category.map(|text| category::path(&text));
        let fits = |product: &&Product| {
            wanted.as_ref().is_none_or(|text| mentions(product, text))
                && tree.as_ref().is_none_or(|tree| category::is_within(&product.category, tree))
                && self.style.as_ref().is_none_or(|style| *product.style == **style)
        };
        let mut products: Vec<&Product> = catalog.values().filter(fits).collect();
        if self.style.is_some() {
            products
                .sort_by(|a, b| (&a.colour, &a.size, &a.sku).cmp(&(&b.colour, &b.size, &b.sku)));
        }
        Ok(Products {
            total: catalog.len(),
            products: products.into_iter().map(ProductRow::of).collect(),
            conflicts: hub.reader()?.conflicts()?.len(),
        })
    }
}

/// Set fields of one product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetProduct {
    /// The product. One that is not known is made.
    #[serde(with = "text")]
    pub sku: Sku,
    /// Fields by name, and their texts.
    pub fields: BTreeMap<String, String>,
    /// Which barcodes to take.
    #[serde(default)]
    pub codes: Codes,
}

/// What became of a product's fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductSet {
    /// The product as it is now.
    pub product: ProductRow,
    /// The fields that changed, by name.
    pub changed: Vec<String>,
    /// How many connected stores are told now.
    pub told: usize,
    /// What was taken and rarely is meant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<DoubtRow>,
    /// Entries of price lists in force that hide base prices which changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hiding: Vec<EntryRow>,
}

/// A price below what the goods are bought for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoubtRow {
    /// Its line in the file, where it came from one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The field of the price.
    pub field: String,
    /// The price.
    #[serde(with = "text")]
    pub price: Money,
    /// What the goods are bought for.
    #[serde(with = "text")]
    pub purchase: Money,
}

impl From<Doubt> for DoubtRow {
    fn from(Doubt { field, price, purchase }: Doubt) -> Self {
        Self { line: None, field: field.name().to_owned(), price, purchase }
    }
}

impl Ask for SetProduct {
    const PATH: &'static str = "/v1/catalog/set";
    type Answer = ProductSet;

    fn answer(self, hub: &Hub) -> Result<ProductSet> {
        let catalog = hub.catalog()?;
        let known = catalog.get(&self.sku);
        let before = known.cloned().unwrap_or_else(|| Product::named_after(self.sku.clone()));
        let mut product = before.clone();
        let mut wanted = BTreeMap::new();
        for (name, text) in &self.fields {
            let field = Field::named(name);
            let field = field.ok_or_else(|| HubError::NoField { field: name.clone() })?;
            let set = product.set(field, &sheet::value(field, text));
            set.map_err(|source| HubError::Field { sku: self.sku.clone(), source })?;
            wanted.insert(field, product.get(field));
        }
        Claims::of(catalog.values(), self.codes).claim(&before, &product)?;
        let doubts = product.doubts();
        let doubts = doubts.into_iter().filter(|doubt| !before.doubts().contains(doubt));
        let doubts = doubts.map(DoubtRow::from).collect();
        // A field in conflict is written even if its value in effect stays: that decides it.
        let contested = hub.reader()?.conflicts()?;
        let decides = |field: Field| {
            contested.iter().any(|conflict| conflict.sku == self.sku && conflict.field == field)
        };
        if known.is_none() {
            wanted = product.fields();
        }
        let same = |field: Field| known.is_some_and(|old| old.get(field) == product.get(field));
        wanted.retain(|field, _| !same(*field) || decides(*field));
        let changed = wanted.keys().map(|field| field.name().to_owned()).collect();
        let fields = wanted.keys().copied().collect();
        let hiding = hub.hiding(&[(self.sku.clone(), fields)].into())?;
        let mut told = 0;
        if !wanted.is_empty() {
            told = hub.edit_catalog(Edits::from([(self.sku, wanted)]))?;
        }
        Ok(ProductSet { product: ProductRow::of(&product), changed, told, doubts, hiding })
    }
}

/// List the fields that were set differently in two places while apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListConflicts {}

/// Fields in conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflicts {
    /// Each, with its values.
    pub conflicts: Vec<ConflictRow>,
}

/// A field in conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictRow {
    /// The product.
    #[serde(with = "text")]
    pub sku: Sku,
    /// The field's name.
    pub field: String,
    /// The value in effect.
    pub in_force: String,
    /// Who set it to what; the value in effect is last.
    pub values: Vec<ConflictValue>,
}

/// One of the values of a field in conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictValue {
    /// `hub`, or `store/S012`.
    pub writer: String,
    /// The value.
    pub value: String,
}

impl Ask for ListConflicts {
    const PATH: &'static str = "/v1/catalog/conflicts";
    type Answer = Conflicts;

    fn answer(self, hub: &Hub) -> Result<Conflicts> {
        let catalog = hub.catalog()?;
        Ok(Conflicts {
            conflicts: hub.reader()?.conflicts()?.into_iter().map(|c| row(c, &catalog)).collect(),
        })
    }
}

fn row(conflict: books::read::ConflictRow, catalog: &BTreeMap<Sku, Product>) -> ConflictRow {
    let in_force = catalog.get(&conflict.sku).map(|product| product.get(conflict.field));
    let value = |(author, value): (String, String)| {
        // People know the store; in which of its histories it wrote is of no use to them.
        let writer = author.split('#').next().unwrap_or_default().to_owned();
        ConflictValue { writer, value }
    };
    ConflictRow {
        sku: conflict.sku,
        field: conflict.field.name().to_owned(),
        in_force: in_force.unwrap_or_default(),
        values: conflict.values.into_iter().map(value).collect(),
    }
}

/// Whether a product's codes or names contain a text, which is in lower case.
fn mentions(product: &Product, text: &str) -> bool {
    let named = [
        &*product.style,
        &*product.name_zh,
        &*product.name_en,
        &*product.category,
        &*product.mnemonic,
    ];
    let codes = product.codes().map(|(code, _)| code).chain([product.sku.as_str()]);
    named.into_iter().chain(codes).any(|name| name.to_lowercase().contains(text))
}
