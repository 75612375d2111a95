//! What is left of lots.

use std::collections::BTreeMap;

use ledger::id::{Sku, StoreId};
use ledger::lot::{LotStock, remaining};
use rusqlite::{Connection, params};

use super::Reader;
use super::stock::{parse_lot, parse_sku};
use crate::dates;
use crate::error::Result;
use crate::facts::store_number;
use crate::sql;
use crate::state::PlaceId;

/// What is left of the lots of a product at a store, the first to take first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkuLots {
    /// Which product.
    pub sku: Sku,
    /// Its lots, and goods without a name after them.
    pub lots: Vec<LotStock>,
}

impl Reader {
    /// What is left of lots at a store, by SKU: of one product, or of all that ever came with a lot.
    pub fn lots(&self, store: &StoreId, sku: Option<&Sku>) -> Result<Vec<SkuLots>> {
        let Some(number) = store_number(self.conn(), store)? else { return Ok(Vec::new()) };
        let only = match sku {
            Some(sku) => match self.sku_number(sku)? {
                Some(number) => Some(number),
                None => return Ok(Vec::new()),
            },
            None => None,
        };
        let lots = of_store(self.conn(), number, only)?;
        let lots =
            lots.into_iter().map(|(_, name, lots)| Ok(SkuLots { sku: parse_sku(&name)?, lots }));
        lots.collect()
    }
}

/// What is left of lots: of a product, or of all that ever came with a lot. With the SKU's number and name,
/// by name.
pub(crate) fn of_store(
    conn: &Connection,
    store: i64,
    only: Option<i64>,
) -> Result<Vec<(i64, String, Vec<LotStock>)>> {
    let place = PlaceId::on_hand(store).0;
    let rows = sql::all(
        conn,
        "read what is left of lots",
        "SELECT balance.sku, sku.name, lot.name, quantity, expiry FROM balance \
         JOIN sku ON sku.id = balance.sku LEFT JOIN lot ON lot.id = balance.lot \
         LEFT JOIN lot_expiry AS told \
           ON told.store = ?2 AND told.sku = balance.sku AND told.lot = balance.lot \
         WHERE place = ?1 AND (balance.sku = ?3 OR ?3 IS NULL AND balance.sku IN \
           (SELECT sku FROM balance WHERE place = ?1 AND lot <> 0))",
        params![place, store, only],
        |row| {
            let name: (i64, String) = (row.get(0)?, row.get(1)?);
            Ok((name, row.get::<_, Option<String>>(2)?, row.get(3)?, row.get::<_, Option<i64>>(4)?))
        },
    )?;
    let mut products: BTreeMap<(String, i64), Vec<LotStock>> = BTreeMap::new();
    for ((number, name), lot, quantity, expiry) in rows {
        let lot = lot.as_deref().map(parse_lot).transpose()?;
        let expiry = expiry.map(dates::of_number).transpose()?;
        products.entry((name, number)).or_default().push(LotStock { lot, expiry, quantity });
    }
    let left = products.into_iter().map(|((name, number), lots)| (number, name, remaining(lots)));
    Ok(left.filter(|(_, _, lots)| !lots.is_empty()).collect())
}
