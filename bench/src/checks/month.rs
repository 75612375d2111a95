//! What the stores of the generated chain book in a month, made as a node makes it and sealed as a node
//! seals it, without a node's disk: what is measured is the hub.

use std::collections::BTreeMap;

use examples::generator::{Action, Chain, Event, Store};
use ledger::command::Command;
use ledger::cost::{Position, inbound_cost};
use ledger::fact::{Fact, ReturnTerms};
use ledger::id::{BillNo, Epoch, FactId, Sku, StoreId};
use ledger::movement::Account;
use ledger::post::{Header, post};
use ledger::time::BusinessDate;
use sync_proto::{Actor, Admission, Admitted, ChainId, Writer};

use crate::work::{self, Result};

/// The till with which a store opens its books, before its first event.
const OPENER: &str = "opening";

/// A day of a store: its facts, and the changes in which they reach the hub.
pub(super) struct Day {
    pub(super) facts: Vec<Fact>,
    pub(super) changes: Vec<Admitted>,
}

/// The books of a store, day after day.
pub(super) struct Shop<'a> {
    chain: &'a Chain,
    store: &'a Store,
    actor: Actor,
    admission: Admission,
    stock: BTreeMap<Sku, Position>,
    seq: u64,
}

impl<'a> Shop<'a> {
    pub(super) fn new(hub: &ChainId, chain: &'a Chain, store: &'a Store) -> Self {
        let peer = Writer::Store(store.id.clone());
        Self {
            chain,
            store,
            actor: Actor::derive(hub, &peer, Epoch::FIRST),
            admission: Admission::new(hub.clone(), Writer::Hub, peer),
            stock: BTreeMap::new(),
            seq: 0,
        }
    }

    pub(super) fn store(&self) -> &StoreId {
        &self.store.id
    }

    /// Books a day.
    pub(super) fn day(&mut self, date: BusinessDate) -> Result<Day> {
        let events = self.chain.day(self.store, date);
        let mut facts = Vec::with_capacity(events.len() + 1);
        let opening = Command::Opening { lines: self.chain.opening(self.store) };
        if let (0, Some(first)) = (self.seq, events.first()) {
            let opener = Event { request: OPENER.parse()?, ..first.clone() };
            facts.push(self.book(date, 1, &opener, opening)?);
        }
        for event in &events {
            let bill = facts.len() + 1;
            facts.push(self.book(date, bill, event, command(&event.action))?);
        }
        let changes = work::seal(date, &facts, self.actor, &self.admission)?;
        Ok(Day { facts, changes })
    }

    fn book(
        &mut self,
        date: BusinessDate,
        bill: usize,
        event: &Event,
        command: Command,
    ) -> Result<Fact> {
        self.seq += 1;
        let (store, series, day) = (&self.store.id, Epoch::FIRST.series(), date.compact());
        let header = Header {
            id: FactId { epoch: Epoch::FIRST, seq: self.seq },
            store: store.clone(),
            date,
            true_date: None,
            at: event.at,
            bill: BillNo::new(&format!("{store}-{series}-{day}-{bill:05}"))?,
            request: Some(event.request.clone()),
            operator: Some(event.operator.clone()),
            shift: None,
            member: None,
        };
        let fact = post(header, command, &self.stock)?.fact;
        for movement in &fact.movements {
            for (account, quantity, value) in movement.legs() {
                if *account == Account::OnHand {
                    let position = self.stock.entry(movement.sku.clone()).or_default();
                    position.quantity = position.quantity.plus(quantity)?;
                    position.value = position.value.plus(value)?;
                }
            }
        }
        for (sku, cost) in inbound_cost(&fact) {
            self.stock.entry(sku).or_default().last_cost = Some(cost);
        }
        Ok(fact)
    }
}

fn command(action: &Action) -> Command {
    match action.clone() {
        Action::Sell { lines, payments } => Command::Sell { lines, payments },
        // Whether the receipt is at hand changes nothing that is checked here.
        Action::Return { lines, payments, .. } => {
            Command::Return { lines, payments, source: None, terms: ReturnTerms::default() }
        }
        Action::Receive { lines, supplier } => {
            Command::Receive { lines, supplier: Some(supplier.into()), lots: Vec::new() }
        }
        Action::Scrap { lines, reason } => Command::Scrap { lines, reason: reason.into() },
        Action::Adjust { lines, reason } => Command::Adjust { lines, reason: reason.into() },
    }
}
