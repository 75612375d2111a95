//! One hash over the read model, in names instead of numbers, so that two books that hold the same
//! say the same.

use std::fmt;

use ledger::id::StoreId;
use rusqlite::types::ValueRef;

use super::Reader;
use crate::error::{During, Result};
use crate::facts::store_number;
use crate::state::PlaceId;

/// Which part of the read model to hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// A store's balances, costs, day balances and totals.
    Store(&'a StoreId),
    /// Products and conflicts.
    Catalog,
}

/// The hash of a part of the read model.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReadDigest([u8; 32]);

impl ReadDigest {
    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for ReadDigest {
    /// The first sixteen bytes in hex.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0[..16].iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ReadDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// The rows of a store, by name. `?1` is the store, `?2` and `?3` its first and last place.
const STORE_ROWS: [&str; 4] = [
    "SELECT place - ?2, sku.name, lot.name, quantity, value FROM balance \
     JOIN sku ON sku.id = balance.sku LEFT JOIN lot ON lot.id = balance.lot \
     WHERE place BETWEEN ?2 AND ?3 AND ?1 IS NOT NULL ORDER BY 1, 2, 3",
    "SELECT sku.name, cost, epoch, seq FROM cost JOIN sku ON sku.id = cost.sku \
     WHERE cost.store = ?1 AND ?2 <= ?3 ORDER BY 1",
    "SELECT place - ?2, date, sku.name, quantity_in, quantity_out, value_in, value_out \
     FROM day_balance JOIN sku ON sku.id = day_balance.sku \
     WHERE place BETWEEN ?2 AND ?3 AND ?1 IS NOT NULL ORDER BY 1, 2, 3",
    "SELECT date, epoch, facts, last_at, sales_count, sales_gross, sales_discount, sales_net, \
     tax, returns_count, returns_net, paid_cash, paid_card, paid_transfer, paid_mobile, \
     paid_stored_value \
     FROM day WHERE store = ?1 AND ?2 <= ?3 ORDER BY 1, 2",
];

const CATALOG_ROWS: [&str; 9] = [
    "SELECT sku.name, barcode, name_zh, name_en, unit, category, price, tax_rate, sold_by, status, \
     floor_price, min_stock, more_barcodes, packs, spec, model, brand, mnemonic, purchase_price, \
     wholesale_price, member_price, shelf_life_days, max_stock, style, size, colour, tracking \
     FROM product JOIN sku ON sku.id = product.sku ORDER BY 1",
    "SELECT code, sku.name, count \
     FROM product_code JOIN sku ON sku.id = product_code.sku ORDER BY 1, 2",
    "SELECT sku.name, field, place, author, value \
     FROM catalog_conflict JOIN sku ON sku.id = catalog_conflict.sku ORDER BY 1, 2, 3",
    "SELECT sku.name, level, scope, begins, ends, price, number, note \
     FROM price_entry JOIN sku ON sku.id = price_entry.sku ORDER BY 1, 2, 3, 4",
    "SELECT sku.name, key, min, max \
     FROM stock_bounds JOIN sku ON sku.id = stock_bounds.sku ORDER BY 1, 2",
    "SELECT sku.name, store, text \
     FROM product_proposal JOIN sku ON sku.id = product_proposal.sku ORDER BY 1, 2",
    "SELECT sku.name, text \
     FROM product_verdict JOIN sku ON sku.id = product_verdict.sku ORDER BY 1",
    "SELECT store, kind, name, address, groups, zone, cutoff, bins FROM store_profile ORDER BY 1",
    "SELECT promotion, field, text FROM promotion_field ORDER BY 1, 2",
];

impl Reader {
    /// The hash of a part of the read model. Equal on every replica that holds the same facts,
    /// in whatever order they came.
    pub fn digest(&self, part: Part<'_>) -> Result<ReadDigest> {
        let mut hasher = blake3::Hasher::new();
        match part {
            Part::Store(store) => {
                let number = store_number(self.conn(), store)?.unwrap_or_default();
                let (first, last) = PlaceId::of_whole_store(number);
                for sql in STORE_ROWS {
                    self.hash_rows(&mut hasher, sql, &[&number, &first, &last])?;
                }
            }
            Part::Catalog => {
                for sql in CATALOG_ROWS {
                    self.hash_rows(&mut hasher, sql, &[])?;
                }
            }
        }
        Ok(ReadDigest(*hasher.finalize().as_bytes()))
    }

    fn hash_rows(
        &self,
        hasher: &mut blake3::Hasher,
        sql: &str,
        params: &[&dyn rusqlite::ToSql],
    ) -> Result<()> {
        let mut hash = || {
            let mut statement = self.conn().prepare_cached(sql)?;
            let columns = statement.column_count();
            let mut rows = statement.query(params)?;
            while let Some(row) = rows.next()? {
                for column in 0..columns {
                    hash_value(hasher, row.get_ref(column)?);
                }
            }
            hasher.update(b"end of rows");
            Ok(())
        };
        hash().during("hash the read model")
    }
}

/// Each value with its kind and length, so that no two rows of values look alike.
pub(crate) fn hash_value(hasher: &mut blake3::Hasher, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => hasher.update(&[0]),
        ValueRef::Integer(number) => hasher.update(&[1]).update(&number.to_le_bytes()),
        ValueRef::Real(number) => hasher.update(&[2]).update(&number.to_le_bytes()),
        ValueRef::Text(text) => {
            hasher.update(&[3]).update(&(text.len() as u64).to_le_bytes()).update(text)
        }
        ValueRef::Blob(bytes) => {
            hasher.update(&[4]).update(&(bytes.len() as u64).to_le_bytes()).update(bytes)
        }
    };
}
