//! Orders: which there are, and what their parties have said.

use rusqlite::{Connection, params};
use sync_proto::order::{Event, Order};
use sync_proto::replica::Row;
use sync_proto::{DocId, OrderId, OrderKind};

use super::Reader;
use crate::documents;
use crate::error::{BooksError, Result};
use crate::{meta, sql};

/// The orders of a kind, by their number.
pub(crate) fn orders(conn: &Connection, kind: OrderKind) -> Result<Vec<OrderId>> {
    let prefix = format!("order/{kind}/");
    let names: Vec<String> = sql::all(
        conn,
        "list the orders",
        // A zero follows the slash.
        "SELECT name FROM doc WHERE name > ?1 AND name < ?2 ORDER BY name",
        [&prefix, &format!("order/{kind}0")],
        |row| row.get(0),
    )?;
    names.iter().map(|name| order_id(name, &prefix)).collect()
}

fn order_id(name: &str, prefix: &str) -> Result<OrderId> {
    let id = OrderId::new(name.strip_prefix(prefix).unwrap_or(name));
    id.map_err(|source| BooksError::text("an order id", name, source))
}

impl Reader {
    /// The orders of a kind, by their number.
    pub fn orders(&self, kind: OrderKind) -> Result<Vec<OrderId>> {
        orders(self.conn(), kind)
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
        let orders = names.iter().map(|name| order_id(name, &prefix)).collect::<Result<_>>()?;
        Ok((orders, Row(last)))
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
