//! Corrections as their orders tell them.

use ledger::correction::{self, Said, Step};
use ledger::id::Operator;
use ledger::time::Timestamp;
use ledger::transfer::Party;
use sync_proto::{OrderId, OrderKind, order};

use crate::error::{BooksError, Result};
use crate::transfer::party;
use crate::{Reader, Tx};

impl Tx<'_> {
    /// What was said of a correction so far. Entries that cannot be read change nothing.
    pub fn correction_order(&mut self, id: &OrderId) -> Result<Vec<Said>> {
        let events = self.order(OrderKind::Correction, id)?;
        Ok(events.iter().filter_map(said).collect())
    }

    /// Says something of a correction. What is said of a fact belongs in the transaction that books
    /// it.
    pub fn tell_correction(
        &mut self,
        id: &OrderId,
        operator: Option<Operator>,
        step: Step,
        at: Timestamp,
    ) -> Result<()> {
        let said = Said { by: party(self.me()), at, operator, step };
        let name = said.step.name();
        let name = name.parse().map_err(|source| BooksError::text("a step", name, source))?;
        self.append_order(OrderKind::Correction, id, &name, &said.to_text(), at)
    }
}

impl Reader {
    /// The corrections, by their number.
    pub fn correction_orders(&self) -> Result<Vec<OrderId>> {
        self.orders(OrderKind::Correction)
    }

    /// What was said of a correction so far. Entries that cannot be read change nothing.
    pub fn correction_order(&self, id: &OrderId) -> Result<Vec<Said>> {
        let events = self.order(OrderKind::Correction, id)?;
        Ok(events.iter().filter_map(said).collect())
    }
}

fn said(event: &order::Event) -> Option<Said> {
    let by: Party = party(&event.by);
    correction::read(by, event.name.as_str(), &event.text).ok()
}
