//! Products and the fields on which writers disagree.

use ledger::amount::{Money, Quantity, TaxRate};
use ledger::catalog::{Field, Product, ProductStatus, SoldBy};
use ledger::id::Sku;
use ledger::scan::Reading;
use rusqlite::{Row, params};

use super::Reader;
use super::stock::parse_sku;
use crate::error::{BooksError, During, Result};
use crate::sql;

/// Which products to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProductFilter {
    /// Whose SKU, barcode or name contains this.
    pub text: Option<String>,
    /// Of this category only.
    pub category: Option<String>,
    /// After this SKU.
    pub after: Option<Sku>,
    /// At most so many; none: all.
    pub limit: Option<usize>,
}

/// A field that writers set differently while apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConflictRow {
    /// The product.
    pub sku: Sku,
    /// The field.
    pub field: Field,
    /// Who set it to what, as text; the value in effect is last.
    pub values: Vec<(String, String)>,
}

const COLUMNS: &str = "sku.name, barcode, name_zh, name_en, unit, category, price, tax_rate, \
     sold_by, status, floor_price, min_stock";

impl Reader {
    /// Products, by SKU.
    pub fn products(&self, filter: &ProductFilter) -> Result<Vec<Product>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM product JOIN sku ON sku.id = product.sku \
             WHERE (?1 IS NULL OR instr(sku.name, ?1) OR instr(barcode, ?1) \
             OR instr(name_zh, ?1) OR instr(lower(name_en), lower(?1))) \
             AND (?2 IS NULL OR category = ?2) AND (?3 IS NULL OR sku.name > ?3) \
             ORDER BY sku.name LIMIT ?4"
        );
        let limit = filter.limit.map_or(-1, |limit| i64::try_from(limit).unwrap_or(i64::MAX));
        let after = filter.after.as_ref().map(Sku::as_str);
        self.products_by(&sql, params![filter.text, filter.category, after, limit])
    }

    /// One product.
    pub fn product(&self, sku: &Sku) -> Result<Option<Product>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM sku JOIN product ON product.sku = sku.id WHERE sku.name = ?1"
        );
        Ok(self.products_by(&sql, [sku.as_str()])?.pop())
    }

    /// The product whose barcode this is; else the one whose SKU it is. Of several with one barcode,
    /// one that is for sale comes first, then the smallest SKU.
    pub fn product_by_barcode(&self, barcode: &str) -> Result<Option<Product>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM product JOIN sku ON sku.id = product.sku \
             WHERE barcode = ?1 ORDER BY status, sku.name LIMIT 1"
        );
        match self.products_by(&sql, [barcode])?.pop() {
            Some(product) => Ok(Some(product)),
            None => Sku::new(barcode).map_or(Ok(None), |sku| self.product(&sku)),
        }
    }

    /// The product that a code is on: the first that goes by one of the code's keys.
    pub fn product_scanned(&self, reading: &Reading) -> Result<Option<Product>> {
        for key in reading.keys() {
            if let Some(product) = self.product_by_barcode(&key)? {
                return Ok(Some(product));
            }
        }
        Ok(None)
    }

    /// The fields on which writers disagree.
    pub fn conflicts(&self) -> Result<Vec<ConflictRow>> {
        let rows = sql::all(
            self.conn(),
            "list the catalog's conflicts",
            "SELECT sku.name, field, author, value \
             FROM catalog_conflict JOIN sku ON sku.id = catalog_conflict.sku \
             ORDER BY sku.name, field, place",
            [],
            |row| {
                let (sku, field): (String, String) = (row.get(0)?, row.get(1)?);
                Ok((sku, field, (row.get(2)?, row.get(3)?)))
            },
        )?;
        let mut conflicts: Vec<ConflictRow> = Vec::new();
        for (sku, field, value) in rows {
            let sku = parse_sku(&sku)?;
            let Some(field) = Field::named(&field) else { continue };
            match conflicts.last_mut() {
                Some(last) if last.sku == sku && last.field == field => {
                    last.values.push(value);
                }
                _ => conflicts.push(ConflictRow { sku, field, values: vec![value] }),
            }
        }
        Ok(conflicts)
    }

    fn products_by(&self, sql: &str, params: impl rusqlite::Params) -> Result<Vec<Product>> {
        let mut statement = self.conn().prepare_cached(sql).during("list products")?;
        let mut rows = statement.query(params).during("list products")?;
        let mut products = Vec::new();
        while let Some(row) = rows.next().during("list products")? {
            products.push(product(row)?);
        }
        Ok(products)
    }
}

fn product(row: &Row<'_>) -> Result<Product> {
    let raw = || -> rusqlite::Result<_> {
        let text = |at| row.get::<_, Box<str>>(at);
        let numbers: (i64, u16, Option<i64>) = (row.get(6)?, row.get(7)?, row.get(10)?);
        let names = (text(2)?, text(3)?, text(4)?, text(5)?);
        let min_stock: Option<i64> = row.get(11)?;
        Ok((text(0)?, row.get(1)?, names, numbers, text(8)?, (text(9)?, min_stock)))
    };
    let (sku, barcode, names, (price, tax_rate, floor), sold_by, (status, min_stock)) =
        raw().during("read a product")?;
    let damaged = |_| BooksError::damaged(format!("the product {sku}"), "it is out of range");
    let (name_zh, name_en, unit, category) = names;
    Ok(Product {
        sku: parse_sku(&sku)?,
        barcode,
        name_zh,
        name_en,
        unit,
        category,
        price: Money::from_ten_thousandths(price).map_err(damaged)?,
        floor_price: floor.map(Money::from_ten_thousandths).transpose().map_err(damaged)?,
        tax_rate: TaxRate::from_basis_points(tax_rate).map_err(damaged)?,
        sold_by: if &*sold_by == "weight" { SoldBy::Weight } else { SoldBy::Piece },
        status: if &*status == "withdrawn" {
            ProductStatus::Withdrawn
        } else {
            ProductStatus::Active
        },
        min_stock: min_stock.map(Quantity::from_thousandths).transpose().map_err(damaged)?,
    })
}
