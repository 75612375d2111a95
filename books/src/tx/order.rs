//! Orders: adding what this node says to one, and reading what all have said.

use ledger::time::Timestamp;
use sync_proto::order::{Event, EventName, Order};
use sync_proto::{Authorship, DocId, OrderId, OrderKind};

use super::Tx;
use crate::documents;
use crate::error::{BooksError, Result};

impl Tx<'_> {
    /// What the parties of an order have said so far; nothing for one that is not known.
    pub fn order(&mut self, kind: OrderKind, id: &OrderId) -> Result<Vec<Event>> {
        let doc = DocId::Order { kind, id: id.clone() };
        let events = self.load_order(&doc)?.events();
        events.map_err(|source| BooksError::document("read", doc.to_string(), source))
    }

    /// Says something in an order, which is begun by it if it is not known. Nothing is ever said
    /// twice under one name: that is an error, and nothing is written. Facts that are pending are
    /// sealed first, so that no peer hears of a fact before it can have it.
    pub fn append_order(
        &mut self,
        kind: OrderKind,
        id: &OrderId,
        name: &EventName,
        text: &str,
        at: Timestamp,
    ) -> Result<()> {
        if self.identity.store.is_some() {
            self.seal_pending()?;
        }
        let doc = DocId::Order { kind, id: id.clone() };
        if self.me().store().is_some_and(|store| doc.shared_with(store).is_none()) {
            return Err(BooksError::NotParty { me: self.me().to_string(), doc: doc.to_string() });
        }
        let mut order = self.load_order(&doc)?;
        let author = Authorship { writer: self.identity.me.clone(), epoch: self.epoch()? };
        let change = order
            .append(&self.identity.chain, &author, name, text, at)
            .map_err(|source| BooksError::document("write to", doc.to_string(), source))?;
        self.keep_own_change(&doc, &author, &change)?;
        let events = order.events();
        let events =
            events.map_err(|source| BooksError::document("read", doc.to_string(), source))?;
        self.show_order(&doc, &events)
    }

    fn load_order(&mut self, doc: &DocId) -> Result<Order> {
        let held = documents::bytes(self.conn, self.press, doc)?;
        let order = Order::load(doc, held.iter().map(Vec::as_slice));
        order.map_err(|source| BooksError::document("read", doc.to_string(), source))
    }
}
