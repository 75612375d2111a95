//! What transfers do to stock: promised at the source, on its way to the destination.

use std::collections::BTreeMap;

use ledger::amount::{MAX_QUANTITY, Quantity};
use ledger::id::{Sku, StoreId};
use rusqlite::Params;

use super::Reader;
use super::stock::parse_sku;
use crate::error::{BooksError, Result};
use crate::facts::store_number;
use crate::sql;

/// What open transfers do to the stock of a SKU.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Promised {
    /// What was promised to others and has not left (占用).
    pub reserved: Quantity,
    /// What is on its way here (在途).
    pub incoming: Quantity,
}

const OF_STORE: &str = "SELECT sku.name, reserved, incoming FROM ( \
       SELECT sku, reserved, 0 AS incoming FROM transfer_line \
       WHERE source = ?1 AND (?2 IS NULL OR sku = ?2) \
     UNION ALL \
       SELECT sku, 0, in_transit FROM transfer_line \
       WHERE target = ?1 AND (?2 IS NULL OR sku = ?2)) AS open \
     JOIN sku ON sku.id = open.sku";

/// In the chain as a whole, what is on its way to one store is on its way from another.
const OF_CHAIN: &str = "SELECT sku.name, reserved, in_transit FROM transfer_line \
     JOIN sku ON sku.id = transfer_line.sku WHERE (?1 IS NULL OR sku.name = ?1)";

impl Reader {
    /// What open transfers promise of a store's stock and bring to it, by SKU, or of one SKU. A SKU
    /// that no open transfer names is left out.
    pub fn promised(&self, store: &StoreId, sku: Option<&Sku>) -> Result<BTreeMap<Sku, Promised>> {
        let Some(store) = store_number(self.conn(), store)? else { return Ok(BTreeMap::new()) };
        let number = match sku {
            Some(sku) => match self.sku_number(sku)? {
                Some(number) => Some(number),
                None => return Ok(BTreeMap::new()),
            },
            None => None,
        };
        self.add_promised(OF_STORE, rusqlite::params![store, number])
    }

    /// The same over all stores.
    pub fn promised_in_chain(&self, sku: Option<&Sku>) -> Result<BTreeMap<Sku, Promised>> {
        self.add_promised(OF_CHAIN, [sku.map(Sku::as_str)])
    }

    fn add_promised(&self, sql: &str, params: impl Params) -> Result<BTreeMap<Sku, Promised>> {
        let rows = sql::all(self.conn(), "add up what is promised", sql, params, |row| {
            Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?))
        })?;
        let mut sums: BTreeMap<Sku, Promised> = BTreeMap::new();
        for (sku, reserved, incoming) in rows {
            let sum = sums.entry(parse_sku(&sku)?).or_default();
            sum.reserved = with(sum.reserved, reserved)?;
            sum.incoming = with(sum.incoming, incoming)?;
        }
        Ok(sums)
    }
}

/// The sum, at most what a quantity can be: each line is in range, all of them together need not.
fn with(sum: Quantity, more: i64) -> Result<Quantity> {
    let sum = sum.thousandths().saturating_add(more).min(MAX_QUANTITY);
    Quantity::from_thousandths(sum)
        .map_err(|_| BooksError::damaged("a line of a transfer", format!("it is {more}")))
}
