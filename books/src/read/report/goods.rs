//! What products are called, by the numbers under which the books keep them.

use std::collections::BTreeMap;
use std::sync::Arc;

use ledger::id::Sku;
use ledger::report::{Cell, Scope};
use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::read::Reader;
use crate::read::audit::name_of;
use crate::sql;

/// The products that a report is about.
pub(super) struct Goods {
    skus: Arc<[Option<Sku>]>,
    products: FxHashMap<i64, Product>,
    category: Option<String>,
}

struct Product {
    name_zh: Box<str>,
    name_en: Box<str>,
    unit: Box<str>,
    category: Box<str>,
}

impl Reader {
    /// The products of a scope.
    pub(super) fn goods(&self, scope: &Scope) -> Result<Goods> {
        let products = sql::all(
            self.conn(),
            "list the products",
            "SELECT sku, name_zh, name_en, unit, category FROM product",
            [],
            |row| {
                let text = |at| row.get::<_, String>(at).map(Box::from);
                let (name_zh, name_en) = (text(1)?, text(2)?);
                let product = Product { name_zh, name_en, unit: text(3)?, category: text(4)? };
                Ok((row.get(0)?, product))
            },
        )?;
        let products = products.into_iter().collect();
        Ok(Goods { skus: self.sku_names()?, products, category: scope.category.clone() })
    }
}

impl Goods {
    /// Whether a report is about it.
    pub(super) fn is_wanted(&self, number: i64) -> bool {
        self.category.as_deref().is_none_or(|wanted| self.category(number) == wanted)
    }

    /// The number of each product that the books know.
    pub(super) fn numbers(&self) -> BTreeMap<Sku, i64> {
        let named = (0..).zip(self.skus.iter());
        named.filter_map(|(number, sku)| Some((sku.clone()?, number))).collect()
    }

    pub(super) fn sku(&self, number: i64) -> Result<&Sku> {
        name_of(&self.skus, number)
    }

    pub(super) fn category(&self, number: i64) -> &str {
        self.products.get(&number).map_or("", |product| &product.category)
    }

    pub(super) fn unit(&self, number: i64) -> &str {
        self.products.get(&number).map_or("", |product| &product.unit)
    }

    /// Its name, if the catalog has one.
    pub(super) fn name(&self, number: i64) -> Cell {
        self.products.get(&number).map_or(Cell::Empty, |product| {
            Cell::Name(product.name_zh.clone(), product.name_en.clone())
        })
    }
}
