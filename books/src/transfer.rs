//! Transfers as their orders tell them.

use ledger::id::{Operator, TransferId};
use ledger::time::Timestamp;
use ledger::transfer::{Entry, Event, Party, Step};
use sync_proto::{OrderId, OrderKind, Writer, order};

use crate::error::{BooksError, Result};
use crate::{Reader, Tx};

impl Tx<'_> {
    /// What the parties of a transfer have said so far; nothing for one that is not known.
    pub fn transfer(&mut self, id: &TransferId) -> Result<Vec<Entry>> {
        let events = self.order(OrderKind::Transfer, &order_id(id)?)?;
        Ok(events.iter().map(entry).collect())
    }

    /// Says something about a transfer. What is said about goods belongs in the transaction that
    /// books them.
    pub fn tell_transfer(
        &mut self,
        id: &TransferId,
        operator: Option<Operator>,
        step: Step,
        at: Timestamp,
    ) -> Result<()> {
        let event = Event { by: party(self.me()), at, operator, step };
        let name = event.step.name().to_string();
        let name = name.parse().map_err(|source| BooksError::text("a step", &name, source))?;
        let order = order_id(id)?;
        self.append_order(OrderKind::Transfer, &order, &name, &event.to_text(), at)
    }
}

impl Reader {
    /// The transfers, by their number.
    pub fn transfers(&self) -> Result<Vec<TransferId>> {
        let id = |order: OrderId| {
            let id = TransferId::new(order.as_str());
            id.map_err(|source| BooksError::text("a transfer id", order.as_str(), source))
        };
        self.orders(OrderKind::Transfer)?.into_iter().map(id).collect()
    }

    /// What the parties of a transfer have said so far; nothing for one that is not known.
    pub fn transfer(&self, id: &TransferId) -> Result<Vec<Entry>> {
        let events = self.order(OrderKind::Transfer, &order_id(id)?)?;
        Ok(events.iter().map(entry).collect())
    }
}

fn order_id(id: &TransferId) -> Result<OrderId> {
    let text = id.as_str();
    OrderId::new(text).map_err(|source| BooksError::text("a transfer id", text, source))
}

/// What a party has said, as the ledger reads it.
pub(crate) fn entry(event: &order::Event) -> Entry {
    Entry::read(party(&event.by), event.name.as_str(), &event.text)
}

fn party(writer: &Writer) -> Party {
    writer.store().map_or(Party::HeadOffice, |store| Party::Store(store.clone()))
}
