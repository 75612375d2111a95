//! The catalog as this store has it.

use std::collections::BTreeMap;

use books::read::ProductFilter;
use ledger::amount::Money;
use ledger::catalog::{Field, Product};
use ledger::id::Sku;
use serde::{Deserialize, Serialize};

use super::Named;
use crate::book::Refused;
use crate::door::Ask;
use crate::error::Result;
use crate::node::Node;
use crate::text;

/// List the products.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListProducts {
    /// Whose SKU, barcode or name contains this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A product and what it sells for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Priced {
    /// Which.
    #[serde(with = "text")]
    pub sku: Sku,
    /// What the scanner reads, if it is not the SKU.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub barcode: Option<String>,
    /// Its names and unit.
    #[serde(flatten)]
    pub named: Named,
    /// The price of a unit, tax included.
    #[serde(with = "text")]
    pub price: Money,
    /// The tax rate in basis points.
    pub tax_rate: u16,
}

impl From<&Product> for Priced {
    fn from(product: &Product) -> Self {
        Self {
            sku: product.sku.clone(),
            barcode: product.barcode.as_deref().map(str::to_owned),
            named: Named::from(product),
            price: product.price,
            tax_rate: product.tax_rate.basis_points(),
        }
    }
}

impl Ask for ListProducts {
    const PATH: &'static str = "/v1/products";
    type Answer = Vec<Priced>;

    fn answer(self, node: &Node) -> Result<Vec<Priced>> {
        let filter = ProductFilter { text: self.text, ..ProductFilter::default() };
        let reader = node.books().reader()?;
        let (lists, wall) = (node.price_lists(&reader, None)?, node.wall(node.now()));
        let products = reader.products(&filter)?.into_iter();
        Ok(products.map(|product| Priced::from(&lists.priced(product, wall))).collect())
    }
}

/// Find products, each by its SKU or barcode, with all that is said of them and at the prices in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindProducts {
    /// Their SKUs or barcodes.
    pub items: Vec<String>,
}

impl Ask for FindProducts {
    const PATH: &'static str = "/v1/products/find";
    type Answer = Vec<Sheet>;

    fn answer(self, node: &Node) -> Result<Vec<Sheet>> {
        let reader = node.books().reader()?;
        let wall = node.wall(node.now());
        let mut found = Vec::new();
        for (line, item) in (1..).zip(self.items) {
            let product = reader.product_by_barcode(item.trim())?;
            let product = product.ok_or(Refused::UnknownItem { line, item })?;
            let product = node.proposed_price(&reader, product)?;
            let lists = node.price_lists(&reader, Some(&product.sku))?;
            found.push(Sheet::from(&lists.priced(product, wall)));
        }
        Ok(found)
    }
}

/// Put products into the catalog of books that stand alone. In a chain, head office does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PutProducts {
    /// The products, each with all its fields as text.
    pub products: Vec<Sheet>,
}

/// A product as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// Which.
    #[serde(with = "text")]
    pub sku: Sku,
    /// Its fields by their names.
    pub fields: BTreeMap<String, String>,
}

impl From<&Product> for Sheet {
    fn from(product: &Product) -> Self {
        let field = |(field, text): (Field, String)| (field.name().to_owned(), text);
        Self { sku: product.sku.clone(), fields: product.fields().into_iter().map(field).collect() }
    }
}

impl Sheet {
    /// The product. Fields that this version doesn't know are left out.
    pub fn product(&self) -> Product {
        let known = self.fields.iter();
        let known = known.filter_map(|(name, text)| Some((Field::named(name)?, text.as_str())));
        Product::from_fields(self.sku.clone(), known).0
    }
}

/// What became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Put {
    /// How many products were given.
    pub products: usize,
    /// How many changes it took; none, when all was so already.
    pub changes: usize,
}

impl Ask for PutProducts {
    const PATH: &'static str = "/v1/products/put";
    type Answer = Put;

    fn answer(self, node: &Node) -> Result<Put> {
        let products = self.products.len();
        let mut edits = books::Edits::new();
        for Sheet { sku, fields } in self.products {
            let known = |(name, text): (String, String)| Some((Field::named(&name)?, text));
            edits.entry(sku).or_default().extend(fields.into_iter().filter_map(known));
        }
        Ok(Put { products, changes: node.edit_catalog(&edits)? })
    }
}
