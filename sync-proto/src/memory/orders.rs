//! Orders in memory: adding what this replica says to one, and reading what all have said.

use ledger::time::Timestamp;

use super::state::State;
use crate::order::{EventName, Order, OrderError};
use crate::replica::ReplicaError;
use crate::{Actor, Authorship, DocId, OrderId, OrderKind};

impl State {
    pub(super) fn append_order(
        &mut self,
        doc: &DocId,
        name: &EventName,
        text: &str,
        at: Timestamp,
    ) -> Result<(), ReplicaError> {
        let failed = |error: OrderError| ReplicaError::new("write to an order", error);
        self.seal()?;
        let author = Authorship { writer: self.me.clone(), epoch: self.epoch };
        let mut order = self.order(doc).map_err(failed)?;
        let change = order.append(&self.chain, &author, name, text, at).map_err(failed)?;
        let actor = Actor::derive(&self.chain, &self.me, self.epoch);
        self.keep(doc, actor, change.tail(), change.bytes, None, Vec::new());
        Ok(())
    }

    pub(super) fn order(&self, doc: &DocId) -> Result<Order, OrderError> {
        Order::load(doc, self.changes_of(doc))
    }

    pub(super) fn orders(&self, kind: OrderKind) -> Vec<OrderId> {
        let id = |doc: &DocId| match doc {
            DocId::Order { kind: of, id } if *of == kind => Some(id.clone()),
            _ => None,
        };
        let held = self.docs.iter().filter(|(_, document)| !document.tails.is_empty());
        held.filter_map(|(doc, _)| id(doc)).collect()
    }
}
