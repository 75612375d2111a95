//! What can be asked of a node: one file per topic, each request with its answer and how it is
//! answered. The same types are the JSON of the local API and of `--json`.

pub mod alerts;
pub mod basket;
pub mod bins;
pub mod booking;
pub mod care;
pub mod catalog;
pub mod close;
pub mod count;
pub mod counted;
pub mod elsewhere;
pub mod explain;
pub mod forks;
pub mod held;
pub mod history;
pub mod losses;
pub mod lots;
pub mod plan;
pub mod prices;
pub mod promotions;
pub mod proposals;
pub mod purchase;
pub mod quarantine;
pub mod receipt;
pub mod report;
pub mod scan;
pub mod serials;
pub mod shift;
pub mod status;
pub mod stock;
pub mod supplier;
pub mod sync;
pub mod transfer;
pub mod value;

use books::Reader;
use ledger::catalog::Product;
use ledger::id::Sku;
use serde::{Deserialize, Serialize};

use crate::book::Refused;
use crate::error::Result;

/// What people call a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Its Chinese name.
    pub name_zh: String,
    /// Its English name.
    pub name_en: String,
    /// The unit it is counted in.
    pub unit: String,
}

impl Named {
    /// Its name in a language; the other one where that is missing.
    pub fn name(&self, lang: console::Lang) -> &str {
        let (first, second) = match lang {
            console::Lang::Zh => (&self.name_zh, &self.name_en),
            console::Lang::En => (&self.name_en, &self.name_zh),
        };
        if first.is_empty() { second } else { first }
    }
}

impl From<&Product> for Named {
    fn from(product: &Product) -> Self {
        Self {
            name_zh: product.name_zh.to_string(),
            name_en: product.name_en.to_string(),
            unit: product.unit.to_string(),
        }
    }
}

/// The SKU of what a person asks about: of the product with this barcode or SKU, or a SKU that
/// the catalog does not know.
fn item(reader: &Reader, text: &str) -> Result<Sku> {
    if let Some(product) = reader.product_by_barcode(text)? {
        return Ok(product.sku);
    }
    let bad = |source| Refused::BadItem { line: 1, item: text.to_owned(), source };
    Ok(Sku::new(text).map_err(bad)?)
}
