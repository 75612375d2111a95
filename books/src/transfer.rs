//! Transfers as their orders tell them.

use ledger::id::{Operator, StoreId, TransferId};
use ledger::time::{BusinessDate, Timestamp};
use ledger::transfer::{Entry, Event, Party, Route, Step};
use sync_proto::{Month, OrderId, OrderKind, Writer, order};

use crate::error::{BooksError, Result};
use crate::{Reader, Tx, sql};

/// Counts the transfers that this node has begun.
const COUNTER: &str = "transfer.count";

impl Tx<'_> {
    /// The number of a transfer that this node begins at an instant. It is used up.
    pub fn new_transfer(&mut self, route: &Route, at: Timestamp) -> Result<TransferId> {
        let count: u64 = self.note(COUNTER)?.and_then(|text| text.parse().ok()).unwrap_or(0) + 1;
        self.set_note(COUNTER, &count.to_string())?;
        let begun_by = match self.me().store() {
            Some(store) if store == route.from() => "f",
            Some(_) => "t",
            None => "h",
        };
        // A restored node counts from where its backup stood; its epoch tells the two apart.
        let serial = format!("{begun_by}{}{count}", self.epoch()?.series());
        let number = OrderId::of(&[route.from(), route.to()], Month::of(at.utc_day()), &serial);
        let number = number
            .map_err(|source| BooksError::text("the number of a transfer", &serial, source))?;
        TransferId::new(number.as_str())
            .map_err(|source| BooksError::text("a transfer id", number.as_str(), source))
    }

    /// What the parties of a transfer have said so far; nothing for one that is not known.
    pub fn transfer(&mut self, id: &TransferId) -> Result<Vec<Entry>> {
        let Ok(order) = order_id(id) else { return Ok(Vec::new()) };
        let events = self.order(OrderKind::Transfer, &order)?;
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

/// Which transfers are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TransferFilter {
    /// How far they have come.
    pub which: WhichTransfers,
    /// Of which this store is a party.
    pub store: Option<StoreId>,
    /// Begun in the month of this day or later.
    pub since: Option<BusinessDate>,
}

/// How far the transfers that are listed have come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WhichTransfers {
    /// However far.
    #[default]
    All,
    /// Those that wait for something, or look wrong.
    Open,
}

impl TransferFilter {
    fn admits(&self, id: &TransferId) -> bool {
        let Ok(order) = order_id(id) else { return false };
        let since = self.since.map(Month::of);
        since.is_none_or(|since| order.month() >= since)
            && self.store.as_ref().is_none_or(|store| order.parties().contains(store))
    }
}

impl Reader {
    /// The transfers of a kind, by their number. Their names and one table tell; no order is read.
    pub fn transfers_of(&self, filter: &TransferFilter) -> Result<Vec<TransferId>> {
        let mut transfers = match filter.which {
            WhichTransfers::All => self.transfers()?,
            WhichTransfers::Open => self.open_transfers()?,
        };
        transfers.retain(|id| filter.admits(id));
        Ok(transfers)
    }

    fn open_transfers(&self) -> Result<Vec<TransferId>> {
        let names: Vec<String> = sql::all(
            self.conn(),
            "list the open transfers",
            "SELECT name FROM transfer_open JOIN transfer ON transfer.id = transfer_open.transfer \
             ORDER BY name",
            [],
            |row| row.get(0),
        )?;
        let id = |name: &String| {
            TransferId::new(name).map_err(|source| BooksError::text("a transfer id", name, source))
        };
        names.iter().map(id).collect()
    }

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
        let Ok(order) = order_id(id) else { return Ok(Vec::new()) };
        let events = self.order(OrderKind::Transfer, &order)?;
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

/// A writer as a party of an order.
pub(crate) fn party(writer: &Writer) -> Party {
    writer.store().map_or(Party::HeadOffice, |store| Party::Store(store.clone()))
}
