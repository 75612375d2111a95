//! The catalog: editing its documents, and the rows of products and conflicts that show them.

use std::collections::BTreeMap;

use ledger::amount::{Money, Quantity};
use ledger::catalog::{Field, Product, ProductStatus, SoldBy};
use ledger::id::Sku;
use ledger::time::Timestamp;
use rusqlite::{Connection, params};
use sync_proto::catalog::{Catalog, Edits};
use sync_proto::{Authorship, DocId, NewChange, catalog_bucket};

use super::Tx;
use crate::at_rest::{Audience, NewRow, store_change};
use crate::documents;
use crate::error::{BooksError, During, Result};
use crate::sql;

impl Tx<'_> {
    /// What a unit of a product weighs, in kilograms, where the catalog says it.
    pub fn unit_weight(&mut self, sku: &Sku) -> Result<Option<Quantity>> {
        let number = self.state.names.sku(self.conn, sku)?;
        let text: Option<String> = sql::first(
            self.conn,
            "read what a product weighs",
            "SELECT weight FROM product WHERE sku = ?1",
            [number],
            |row| row.get(0),
        )?;
        let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
        let weight = text.parse().map_err(|source| BooksError::text("a weight", &text, source))?;
        Ok(Some(weight))
    }

    /// Sets fields of products, each product in the document of its bucket. Fields that are so
    /// already change nothing. Returns how many changes were made.
    pub fn edit_catalog(&mut self, edits: &Edits, at: Timestamp) -> Result<usize> {
        let mut buckets: BTreeMap<u8, Edits> = BTreeMap::new();
        for (sku, fields) in edits {
            let bucket = buckets.entry(catalog_bucket(sku)).or_default();
            bucket.insert(sku.clone(), fields.clone());
        }
        let mut made = 0;
        for (bucket, edits) in buckets {
            made += self.edit_bucket(bucket, &edits, at)?;
        }
        Ok(made)
    }

    fn edit_bucket(&mut self, bucket: u8, edits: &Edits, at: Timestamp) -> Result<usize> {
        let doc = DocId::Catalog { bucket };
        let failed = |what| {
            let doc = doc.clone();
            move |source| BooksError::document(what, doc.to_string(), source)
        };
        let held = documents::bytes(self.conn, self.press, &doc)?;
        let mut catalog =
            Catalog::load(bucket, held.iter().map(Vec::as_slice)).map_err(failed("read"))?;
        let author = Authorship { writer: self.identity.me.clone(), epoch: self.epoch()? };
        let changes =
            catalog.edit(&self.identity.chain, &author, edits, at).map_err(failed("edit"))?;
        for change in &changes {
            self.keep_own_change(&doc, &author, change)?;
        }
        if !changes.is_empty() {
            self.show_catalog(bucket, &catalog)?;
        }
        Ok(changes.len())
    }

    /// Stores a change that this node just made in a document everyone shares.
    pub(super) fn keep_own_change(
        &mut self,
        doc: &DocId,
        author: &Authorship,
        change: &NewChange,
    ) -> Result<()> {
        let actor = self.my_actor()?;
        let doc_row = self.state.doc(self.conn, doc)?;
        let actor_row = self.state.actor(self.conn, &actor, &author.writer, author.epoch)?;
        let row = self.state.next_row(self.conn, Audience::All)?;
        let body = self.press.body(&change.bytes)?;
        store_change(
            self.conn,
            &NewRow {
                row,
                doc: doc_row.id,
                actor: actor_row.id,
                seq: change.seq,
                max_op: change.max_op,
                learned_from: None,
                audience: Audience::All,
                hash: change.hash,
                body: &body,
            },
        )?;
        self.state.advance(self.conn, (doc, doc_row), (&actor, actor_row), change.tail())
    }

    /// Shows a bucket as it is held.
    pub(crate) fn show_held_bucket(&mut self, bucket: u8) -> Result<()> {
        let doc = DocId::Catalog { bucket };
        let held = documents::bytes(self.conn, self.press, &doc)?;
        let catalog = Catalog::load(bucket, held.iter().map(Vec::as_slice))
            .map_err(|source| BooksError::document("read", doc.to_string(), source))?;
        self.show_catalog(bucket, &catalog)
    }

    /// Replaces a bucket's rows by what its document says now.
    pub(crate) fn show_catalog(&mut self, bucket: u8, catalog: &Catalog) -> Result<()> {
        let doc = DocId::Catalog { bucket };
        let read = |source| BooksError::document("read", doc.to_string(), source);
        let products = catalog.products().map_err(read)?;
        let conflicts = catalog.conflicts().map_err(read)?;
        clear(self.conn, bucket).during("replace products")?;
        self.show_terms(bucket, catalog)?;
        for product in &products {
            let sku = self.state.names.sku(self.conn, &product.sku)?;
            self.state.unjudged.add_product(sku);
            show_codes(self.conn, bucket, sku, product)?;
            sql::run(
                self.conn,
                "store a product",
                "INSERT INTO product (sku, bucket, barcode, name_zh, name_en, unit, \
                 category, price, tax_rate, sold_by, status, floor_price, min_stock, \
                 more_barcodes, packs, spec, model, brand, mnemonic, purchase_price, \
                 wholesale_price, member_price, shelf_life_days, max_stock, style, size, colour, \
                 tracking, weight) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, \
                 ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29)",
                params![
                    sku,
                    bucket,
                    product.barcode.as_deref(),
                    product.name_zh,
                    product.name_en,
                    product.unit,
                    product.category,
                    product.price.ten_thousandths(),
                    product.tax_rate.basis_points(),
                    sold_by(product.sold_by),
                    status(product.status),
                    product.floor_price.map(Money::ten_thousandths),
                    product.min_stock.map(Quantity::thousandths),
                    product.get(Field::MoreBarcodes),
                    product.get(Field::Packs),
                    product.spec,
                    product.model,
                    product.brand,
                    product.mnemonic,
                    product.purchase_price.map(Money::ten_thousandths),
                    product.wholesale_price.map(Money::ten_thousandths),
                    product.member_price.map(Money::ten_thousandths),
                    product.shelf_life_days,
                    product.max_stock.map(Quantity::thousandths),
                    product.style,
                    product.size,
                    product.colour,
                    product.get(Field::Tracking),
                    product.get(Field::Weight)
                ],
            )?;
        }
        for conflict in &conflicts {
            let sku = self.state.names.sku(self.conn, &conflict.sku)?;
            for (place, (author, value)) in conflict.values.iter().enumerate() {
                sql::run(
                    self.conn,
                    "store a conflict",
                    "INSERT INTO catalog_conflict (sku, field, place, bucket, author, value) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    params![sku, conflict.field.name(), place, bucket, author.to_string(), value],
                )?;
            }
        }
        Ok(())
    }
}

/// What a scanner reads on a product. A code that it says twice counts where it comes first.
fn show_codes(conn: &Connection, bucket: u8, sku: i64, product: &Product) -> Result<()> {
    for (code, count) in product.codes() {
        sql::run(
            conn,
            "store a product's code",
            "INSERT OR IGNORE INTO product_code (code, sku, bucket, count) \
             VALUES (?1, ?2, ?3, ?4)",
            params![code, sku, bucket, count.thousandths()],
        )?;
    }
    Ok(())
}

fn clear(conn: &Connection, bucket: u8) -> rusqlite::Result<()> {
    conn.prepare_cached("DELETE FROM product WHERE bucket = ?1")?.execute([bucket])?;
    conn.prepare_cached("DELETE FROM product_code WHERE bucket = ?1")?.execute([bucket])?;
    conn.prepare_cached("DELETE FROM catalog_conflict WHERE bucket = ?1")?.execute([bucket])?;
    Ok(())
}

/// The stored name of how a product is sold.
fn sold_by(sold_by: SoldBy) -> &'static str {
    match sold_by {
        SoldBy::Piece => "piece",
        SoldBy::Weight => "weight",
    }
}

/// The stored name of a product's status.
fn status(status: ProductStatus) -> &'static str {
    match status {
        ProductStatus::Active => "active",
        ProductStatus::Withdrawn => "withdrawn",
    }
}
