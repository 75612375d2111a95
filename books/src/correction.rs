//! Corrections as their orders tell them.

use ledger::correction::{self, Said, Step};
use ledger::id::{Operator, StoreId};
use ledger::order::Party;
use ledger::time::Timestamp;
use sync_proto::{Month, OrderId, OrderKind, order};

use crate::error::{BooksError, Result};
use crate::order::party;
use crate::{Reader, Tx};

impl Tx<'_> {
    /// The corrections of a finding, the newest last. One that came to nothing, or did not help, is
    /// followed by another.
    pub fn corrections_of(&mut self, finding: &str) -> Result<Vec<OrderId>> {
        let orders = crate::read::order::orders(self.conn, OrderKind::Correction)?;
        let count =
            |id: &OrderId| id.serial().strip_prefix(finding)?.strip_prefix('c')?.parse().ok();
        let numbered = orders.into_iter().filter_map(|id| Some((count(&id)?, id)));
        let mut found: Vec<(u32, OrderId)> = numbered.collect();
        found.sort();
        Ok(found.into_iter().map(|(_, id)| id).collect())
    }

    /// The number of the next correction of a finding at a store.
    pub fn new_correction(
        &mut self,
        store: &StoreId,
        finding: &str,
        at: Timestamp,
    ) -> Result<OrderId> {
        let serial = format!("{finding}c{}", self.corrections_of(finding)?.len() + 1);
        OrderId::of(&[store], Month::of(at.utc_day()), &serial)
            .map_err(|source| BooksError::text("the number of a correction", &serial, source))
    }

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
