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

/// What a code is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coded {
    /// The product.
    pub product: Product,
    /// How many of its units the code stands for: one, but for the code of a pack.
    pub count: Quantity,
}

/// Which products to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProductFilter {
    /// Whose SKU, codes, names or mnemonic contain this.
    pub text: Option<String>,
    /// Of this category only, and those within it.
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
     sold_by, status, floor_price, min_stock, max_stock, more_barcodes, packs, spec, model, brand, \
     mnemonic, purchase_price, wholesale_price, member_price, shelf_life_days, style, size, colour, \
     tracking, weight";

impl Reader {
    /// Products, by SKU.
    pub fn products(&self, filter: &ProductFilter) -> Result<Vec<Product>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM product JOIN sku ON sku.id = product.sku \
             WHERE (?1 IS NULL OR instr(sku.name, ?1) OR instr(barcode, ?1) \
             OR instr(more_barcodes, ?1) OR instr(packs, ?1) \
             OR instr(lower(mnemonic), lower(?1)) \
             OR instr(name_zh, ?1) OR instr(lower(name_en), lower(?1))) \
             AND (?2 IS NULL OR category = ?2 \
             OR substr(category, 1, length(?2) + 1) = ?2 || '/') AND (?3 IS NULL OR sku.name > ?3) \
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

    /// The product that this code is on; else the one whose SKU it is. Of several with one code, one
    /// that is for sale comes first, then the smallest SKU.
    pub fn product_by_code(&self, code: &str) -> Result<Option<Coded>> {
        let sql = format!(
            "SELECT {COLUMNS}, product_code.count FROM product_code \
             JOIN product ON product.sku = product_code.sku JOIN sku ON sku.id = product.sku \
             WHERE code = ?1 ORDER BY status, sku.name LIMIT 1"
        );
        if let Some(coded) = self.rows_by(&sql, [code], coded)?.pop() {
            return Ok(Some(coded));
        }
        let product = Sku::new(code).map_or(Ok(None), |sku| self.product(&sku))?;
        Ok(product.map(|product| Coded { product, count: Quantity::ONE }))
    }

    /// The product that this code is on, or whose SKU it is, where how many of it doesn't matter.
    pub fn product_by_barcode(&self, code: &str) -> Result<Option<Product>> {
        Ok(self.product_by_code(code)?.map(|coded| coded.product))
    }

    /// What a code that was read is on: the first product that goes by one of its keys.
    pub fn product_scanned(&self, reading: &Reading) -> Result<Option<Coded>> {
        for key in reading.keys() {
            if let Some(coded) = self.product_by_code(&key)? {
                return Ok(Some(coded));
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
        self.rows_by(sql, params, product)
    }

    fn rows_by<T>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        read: impl Fn(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.conn().prepare_cached(sql).during("list products")?;
        let mut rows = statement.query(params).during("list products")?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().during("list products")? {
            found.push(read(row)?);
        }
        Ok(found)
    }
}

fn coded(row: &Row<'_>) -> Result<Coded> {
    let product = product(row)?;
    let count = row.get("count").during("read a product's code")?;
    let count = Quantity::from_thousandths(count).map_err(|_| damaged(product.sku.as_str()))?;
    Ok(Coded { product, count })
}

fn product(row: &Row<'_>) -> Result<Product> {
    let text = |column: &str| row.get::<_, Box<str>>(column).during("read a product");
    let number = |column: &str| row.get::<_, Option<i64>>(column).during("read a product");
    let name = text("name")?;
    let money = |column: &str| {
        let stored = number(column)?.map(Money::from_ten_thousandths);
        stored.transpose().map_err(|_| damaged(&name))
    };
    let stock = |column: &str| {
        let stored = number(column)?.map(Quantity::from_thousandths);
        stored.transpose().map_err(|_| damaged(&name))
    };
    let tax_rate = row.get("tax_rate").during("read a product")?;
    let mut product = Product {
        barcode: row.get("barcode").during("read a product")?,
        name_zh: text("name_zh")?,
        name_en: text("name_en")?,
        unit: text("unit")?,
        category: text("category")?,
        price: money("price")?.unwrap_or_default(),
        floor_price: money("floor_price")?,
        tax_rate: TaxRate::from_basis_points(tax_rate).map_err(|_| damaged(&name))?,
        sold_by: if &*text("sold_by")? == "weight" { SoldBy::Weight } else { SoldBy::Piece },
        status: if &*text("status")? == "withdrawn" {
            ProductStatus::Withdrawn
        } else {
            ProductStatus::Active
        },
        min_stock: stock("min_stock")?,
        max_stock: stock("max_stock")?,
        spec: text("spec")?,
        model: text("model")?,
        brand: text("brand")?,
        mnemonic: text("mnemonic")?,
        style: text("style")?,
        size: text("size")?,
        colour: text("colour")?,
        purchase_price: money("purchase_price")?,
        wholesale_price: money("wholesale_price")?,
        member_price: money("member_price")?,
        shelf_life_days: row.get("shelf_life_days").during("read a product")?,
        ..Product::named_after(parse_sku(&name)?)
    };
    // Few products have these: for the others nothing is read.
    for list in [Field::MoreBarcodes, Field::Packs, Field::Tracking, Field::Weight] {
        let text = text(list.name())?;
        if !text.is_empty() {
            product.set(list, &text).map_err(|_| damaged(&name))?;
        }
    }
    Ok(product)
}

fn damaged(product: &str) -> BooksError {
    BooksError::damaged(format!("the product {product}"), "it is out of range")
}
