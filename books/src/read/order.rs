//! Orders: which there are, and what their parties have said.

use rusqlite::params;
use sync_proto::order::{Event, Order};
use sync_proto::replica::Row;
use sync_proto::{DocId, OrderId, OrderKind};

use super::Reader;
use crate::documents;
use crate::error::{BooksError, Result};
use crate::{meta, sql};

impl Reader {
    /// The orders of a kind, by their number.
    pub fn orders(&self, kind: OrderKind) -> Result<Vec<OrderId>> {
        let prefix = format!("order/{kind}/");
        let names: Vec<String> = sql::all(
            self.conn(),
            "list the orders",
            "SELECT name FROM doc WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name",
            [&prefix],
            |row| row.get(0),
        )?;
        let id = |name: &String| {
            let id = OrderId::new(&name[prefix.len()..]);
            id.map_err(|source| BooksError::text("an order id", name, source))
        };
        names.iter().map(id).collect()
    }

    /// The orders of a kind that something was said in after a row, and the last row there is.
    pub fn orders_since(&self, kind: OrderKind, after: Row) -> Result<(Vec<OrderId>, Row)> {
        let prefix = format!("order/{kind}/");
        let last = meta::last_rows(self.conn())?.any.cast_unsigned();
        let names: Vec<String> = sql::all(
            self.conn(),
            "list the orders that changed",
            "SELECT DISTINCT doc.name FROM change JOIN doc ON doc.id = change.doc \
             WHERE change.row > ?2 AND change.shared = 1 \
             AND substr(doc.name, 1, length(?1)) = ?1 ORDER BY doc.name",
            params![prefix, after.0.cast_signed()],
            |row| row.get(0),
        )?;
        let id = |name: &String| {
            let id = OrderId::new(&name[prefix.len()..]);
            id.map_err(|source| BooksError::text("an order id", name, source))
        };
        Ok((names.iter().map(id).collect::<Result<_>>()?, Row(last)))
    }

    /// What the parties of an order have said so far; nothing for one that is not known.
    pub fn order(&self, kind: OrderKind, id: &OrderId) -> Result<Vec<Event>> {
        let doc = DocId::Order { kind, id: id.clone() };
        let held = documents::bytes(self.conn(), &mut self.press(), &doc)?;
        let order = Order::load(&doc, held.iter().map(Vec::as_slice));
        let events = order.and_then(|order| order.events());
        events.map_err(|source| BooksError::document("read", doc.to_string(), source))
    }
}
