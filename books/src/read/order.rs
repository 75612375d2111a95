//! Orders: which there are, and what their parties have said.

use sync_proto::order::{Event, Order};
use sync_proto::{DocId, OrderId, OrderKind};

use super::Reader;
use crate::documents;
use crate::error::{BooksError, Result};
use crate::sql;

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

    /// What the parties of an order have said so far; nothing for one that is not known.
    pub fn order(&self, kind: OrderKind, id: &OrderId) -> Result<Vec<Event>> {
        let doc = DocId::Order { kind, id: id.clone() };
        let held = documents::bytes(self.conn(), &mut self.press(), &doc)?;
        let order = Order::load(&doc, held.iter().map(Vec::as_slice));
        let events = order.and_then(|order| order.events());
        events.map_err(|source| BooksError::document("read", doc.to_string(), source))
    }
}
