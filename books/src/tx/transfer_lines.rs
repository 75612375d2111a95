//! What is open in transfers: rows that follow from the orders and change with them, so that
//! nobody who asks for stock reads an order.

use ledger::id::{PurchaseId, TransferId};
use ledger::transfer::{Entry, Route, Transfer, status};
use rusqlite::params;
use sync_proto::order::{Event, Order, OrderError};
use sync_proto::{CATALOG_BUCKETS, DocId, OrderKind, PARTY_BUCKETS};

use super::Tx;
use crate::documents;
use crate::error::{BooksError, Result};
use crate::meta;
use crate::order::entry;
use crate::sql;
use crate::value;

impl Tx<'_> {
    /// Replaces an order's rows by what its parties say now.
    pub(crate) fn show_order(&mut self, doc: &DocId, events: &[Event]) -> Result<()> {
        let DocId::Order { kind, id } = doc else { return Ok(()) };
        // A number that no such order can have moves no goods either.
        match kind {
            OrderKind::Transfer => match TransferId::new(id.as_str()) {
                Ok(transfer) => self.show_transfer(&transfer, events),
                Err(_) => Ok(()),
            },
            OrderKind::Purchase => match PurchaseId::new(id.as_str()) {
                Ok(purchase) => self.show_purchase(&purchase, events),
                Err(_) => Ok(()),
            },
            OrderKind::Value => value::show_letter(self.conn, id.as_str(), events),
            OrderKind::Sale | OrderKind::Stocktake | OrderKind::Correction => Ok(()),
        }
    }

    fn show_transfer(&mut self, transfer: &TransferId, events: &[Event]) -> Result<()> {
        let entries: Vec<Entry> = events.iter().map(entry).collect();
        let number = self.state.names.transfer(self.conn, transfer)?;

        let former = sql::all(
            self.conn,
            "replace the lines of a transfer",
            "DELETE FROM transfer_line WHERE transfer = ?1 RETURNING source, sku",
            [number],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        for (source, sku) in former {
            self.state.touched.add(source, sku);
        }
        let now = status(&entries);
        let open = !now.waits_for.is_empty() || !now.anomalies.is_empty();
        let keep = if open {
            "INSERT INTO transfer_open (transfer) VALUES (?1) ON CONFLICT DO NOTHING"
        } else {
            "DELETE FROM transfer_open WHERE transfer = ?1"
        };
        sql::run(self.conn, "say whether a transfer is open", keep, [number])?;
        match &now.route {
            Some(route) => self.show_lines(number, route, &now),
            None => Ok(()),
        }
    }

    fn show_lines(&mut self, number: i64, route: &Route, now: &Transfer) -> Result<()> {
        let source = self.state.names.store(self.conn, route.from())?;
        let target = self.state.names.store(self.conn, route.to())?;
        for (sku, open) in now.open_lines() {
            let sku = self.state.names.sku(self.conn, sku)?;
            self.state.touched.add(source, sku);

            sql::run(
                self.conn,
                "store a line of a transfer",
                "INSERT INTO transfer_line (transfer, sku, source, target, reserved, in_transit) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    number,
                    sku,
                    source,
                    target,
                    open.reserved.thousandths(),
                    open.in_transit.thousandths()
                ],
            )?;
        }
        Ok(())
    }

    /// Shows the documents that were taken in when these books had an older form. Returns how many
    /// orders there are.
    pub(crate) fn show_unshown(&mut self) -> Result<usize> {
        let orders = sql::all(
            self.conn,
            "list the orders",
            "SELECT name FROM doc WHERE name LIKE 'order/%'",
            [],
            |row| row.get::<_, String>(0),
        )?;
        for name in &orders {
            let doc = name.parse();
            let doc = doc.map_err(|source| BooksError::text("a document id", name, source))?;
            self.show_held_order(&doc)?;
        }
        for bucket in 0..CATALOG_BUCKETS {
            self.show_held_bucket(bucket)?;
        }
        for bucket in 0..PARTY_BUCKETS {
            self.show_held_parties(bucket)?;
        }
        self.show_held_payables()?;
        meta::remove(self.conn, meta::UNSHOWN)?;
        Ok(orders.len())
    }

    /// Shows an order as it is held.
    pub(crate) fn show_held_order(&mut self, doc: &DocId) -> Result<()> {
        let held = documents::bytes(self.conn, self.press, doc)?;
        let events = events_of(doc, &held)
            .map_err(|source| BooksError::document("read", doc.to_string(), source))?;
        self.show_order(doc, &events)
    }
}

/// What the parties of an order say in these changes.
pub(crate) fn events_of(doc: &DocId, changes: &[Vec<u8>]) -> Result<Vec<Event>, OrderError> {
    Order::load(doc, changes.iter().map(Vec::as_slice))?.events()
}
