//! Transfers as their orders tell them.

use ledger::id::{Operator, StoreId, TransferId};
use ledger::time::{BusinessDate, Timestamp};
use ledger::transfer::{Entry, Route, Step};
use sync_proto::{Month, OrderId};

use crate::error::{BooksError, Result};
use crate::order::{Kept as _, concerns};
use crate::{Reader, Tx, sql};

/// Counts the transfers that this node has begun.
const COUNTER: &str = "transfer.count";

impl Tx<'_> {
    /// The number of a transfer that this node begins at an instant. It is used up.
    pub fn new_transfer(&mut self, route: &Route, at: Timestamp) -> Result<TransferId> {
        let begun_by = match self.me().store() {
            Some(store) if store == route.from() => "f",
            Some(_) => "t",
            None => "h",
        };
        let serial = self.serial(COUNTER, begun_by)?;
        let number = OrderId::of(&[route.from(), route.to()], Month::of(at.utc_day()), &serial);
        let number = number
            .map_err(|source| BooksError::text("the number of a transfer", &serial, source))?;
        Step::id(number.as_str())
    }

    /// What the parties of a transfer have said so far; nothing for one that is not known.
    pub fn transfer(&mut self, id: &TransferId) -> Result<Vec<Entry>> {
        self.entries(id)
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
        self.tell(id, operator, step, at)
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

impl Reader {
    /// The transfers of a kind, by their number. Their names and one table tell; no order is read.
    pub fn transfers_of(&self, filter: &TransferFilter) -> Result<Vec<TransferId>> {
        let mut transfers = match filter.which {
            WhichTransfers::All => self.transfers()?,
            WhichTransfers::Open => self.open_transfers()?,
        };
        transfers.retain(|id| concerns::<Step>(id, filter.store.as_ref(), filter.since));
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
        names.iter().map(|name| Step::id(name)).collect()
    }

    /// The transfers, by their number.
    pub fn transfers(&self) -> Result<Vec<TransferId>> {
        self.ids::<Step>()
    }

    /// What the parties of a transfer have said so far; nothing for one that is not known.
    pub fn transfer(&self, id: &TransferId) -> Result<Vec<Entry>> {
        self.entries(id)
    }
}
