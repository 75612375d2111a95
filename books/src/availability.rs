//! Which stores a store is told of.
//!
//! A chain of 5,000 stores with 10,000 products each has fifty million numbers, which no shop's line
//! carries and no clerk reads. Goods come from shops nearby, and chains number their shops by region:
//! so a store is told of those next to it by number. Up to [`NEIGHBOURS`] and one that is all of them.

use ledger::id::{Epoch, StoreId};
use rusqlite::Connection;

use crate::error::{BooksError, Result};
use crate::sql;

/// Of how many other stores a store is told: at 10,000 products each some 6 MB, once, and their
/// changes from then on.
pub(crate) const NEIGHBOURS: usize = 64;

/// The stores that one is told of.
pub(crate) struct Neighbours {
    /// Their names and numbers.
    pub(crate) stores: Vec<(StoreId, i64)>,
    /// Of which numbering what is told is: another one when the hub's history is another, or
    /// others became neighbours.
    pub(crate) edition: u32,
}

impl Neighbours {
    /// Those of a store, half of them on each side as far as there are.
    pub(crate) fn of(conn: &Connection, store: &StoreId, epoch: Epoch) -> Result<Self> {
        let below = "SELECT name, id FROM store WHERE name < ?1 ORDER BY name DESC LIMIT ?2";
        let above = "SELECT name, id FROM store WHERE name > ?1 ORDER BY name LIMIT ?2";
        let (below, above) = (beside(conn, below, store)?, beside(conn, above, store)?);
        let few = below.len() + above.len() <= NEIGHBOURS;
        let half = NEIGHBOURS / 2;
        let from_below = below.len().min(half.max(NEIGHBOURS.saturating_sub(above.len())));
        let from_above = above.len().min(NEIGHBOURS - from_below);
        let mut stores: Vec<_> = below.into_iter().take(from_below).collect();
        stores.extend(above.into_iter().take(from_above));
        let mut hasher = blake3::Hasher::new();
        hasher.update(&epoch.number().to_le_bytes());
        if !few {
            for (store, _) in &stores {
                hasher.update(store.as_str().as_bytes()).update(b"\n");
            }
        }
        let mut edition = [0; 4];
        edition.copy_from_slice(&hasher.finalize().as_bytes()[..4]);
        Ok(Self { stores, edition: u32::from_le_bytes(edition) })
    }
}

fn beside(conn: &Connection, sql: &str, store: &StoreId) -> Result<Vec<(StoreId, i64)>> {
    let limit = i64::try_from(NEIGHBOURS).unwrap_or(i64::MAX);
    let rows = sql::all(
        conn,
        "find the stores next to one",
        sql,
        rusqlite::params![store.as_str(), limit],
        |row| Ok((row.get::<_, String>(0)?, row.get(1)?)),
    )?;
    let parse = |(name, number): (String, i64)| match StoreId::new(&name) {
        Ok(store) => Ok((store, number)),
        Err(source) => Err(BooksError::text("a store id", &name, source)),
    };
    rows.into_iter().map(parse).collect()
}
