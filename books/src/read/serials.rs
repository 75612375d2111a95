//! Single pieces: where they are, and what about them cannot be.

use ledger::id::{Serial, Sku, StoreId};
use ledger::serial::{Entry, Piece, Whereabouts, whereabouts};
use rusqlite::params;

use super::Reader;
use crate::error::{BooksError, Result};
use crate::facts::store_number;
use crate::serials;
use crate::sql;

impl Reader {
    /// The pieces that bear a number, each with its story in its order.
    pub fn pieces(&self, serial: &Serial, sku: Option<&Sku>) -> Result<Vec<(Piece, Vec<Entry>)>> {
        let only = match sku {
            Some(sku) => match self.sku_number(sku)? {
                Some(number) => Some(number),
                None => return Ok(Vec::new()),
            },
            None => None,
        };
        serials::stories(self.conn(), serial, only)
    }

    /// The pieces of a product that are on hand at a store, each with its last entry, by number.
    pub fn pieces_at(&self, store: &StoreId, sku: &Sku) -> Result<Vec<(Piece, Entry)>> {
        let (Some(here), Some(number)) = (store_number(self.conn(), store)?, self.sku_number(sku)?)
        else {
            return Ok(Vec::new());
        };
        let names: Vec<String> = sql::all(
            self.conn(),
            "list the pieces of a product",
            "SELECT DISTINCT serial FROM serial_entry WHERE sku = ?1 AND store = ?2 ORDER BY serial",
            params![number, here],
            |row| row.get(0),
        )?;
        let mut held = Vec::new();
        for name in names {
            let serial = parse(&name)?;
            for (piece, mut story) in serials::stories(self.conn(), &serial, Some(number))? {
                let is_here = whereabouts(&story) == Some(Whereabouts::OnHand(store.clone()));
                held.extend(story.pop().filter(|_| is_here).map(|last| (piece, last)));
            }
        }
        Ok(held)
    }

    /// The pieces of which something may not be, each with its story.
    pub fn doubtful_pieces(&self) -> Result<Vec<(Piece, Vec<Entry>)>> {
        let mut found = Vec::new();
        for (serial, sku) in serials::doubtful(self.conn())? {
            found.extend(serials::stories(self.conn(), &parse(&serial)?, Some(sku))?);
        }
        Ok(found)
    }
}

fn parse(serial: &str) -> Result<Serial> {
    serial.parse().map_err(|source| BooksError::text("a serial number", serial, source))
}
