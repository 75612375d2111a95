//! A till of the generated chain: rings up what happens at a store, in batches as a busy shop's
//! tills would fill them.

use std::collections::BTreeMap;

use ledger::command::{self, Command, Tender};
use ledger::id::{FactId, RequestId};
use ledger::time::BusinessDate;
use store_node::request::{Cost, Unheard};
use store_node::{
    About, Adjust, CountLine, FactRef, GiveBack, InboundLine, Node, NodeError, Opening, Pay,
    Receive, Refused, Request, SaleLine, Scrap, Sell, Task,
};
use thiserror::Error;

use crate::generator::{Action, Event};

/// Requests that share a transaction: what sixteen busy tills put into one group commit.
const BATCH: usize = 64;

/// Why the till stopped.
#[derive(Debug, Error)]
pub enum TillError {
    /// The node failed.
    #[error("the node did not book")]
    Node(#[source] NodeError),
    /// The node refused something that the generator made.
    #[error("the node refused {request}")]
    Refused {
        /// What was asked.
        request: RequestId,
        /// Why.
        #[source]
        source: Box<Refused>,
    },
    /// A return names a sale that was never rung up here.
    #[error("{request} gives back goods of {source_request}, which was never sold here")]
    NoSource {
        /// The return.
        request: RequestId,
        /// The sale it names.
        source_request: RequestId,
    },
}

/// A till, and what it remembers of its receipts.
pub struct Till {
    node: Node,
    facts: BTreeMap<RequestId, FactId>,
    waiting: Vec<(RequestId, Request)>,
}

impl Till {
    /// A till of a node.
    pub const fn new(node: Node) -> Self {
        Self { node, facts: BTreeMap::new(), waiting: Vec::new() }
    }

    /// The node behind it.
    pub const fn node(&self) -> &Node {
        &self.node
    }

    /// Opens the books with stock.
    pub fn open(
        &mut self,
        request: RequestId,
        date: BusinessDate,
        lines: &[command::InboundLine],
    ) -> Result<(), TillError> {
        let opening = Opening { lines: lines.iter().map(inbound).collect() };
        self.add(request, About::default(), date, opening.into())?;
        self.flush()
    }

    /// Rings events of one day up. When this returns, all of them are durable.
    pub fn ring_up(&mut self, date: BusinessDate, events: &[Event]) -> Result<(), TillError> {
        for event in events {
            let task = self.task(event)?;
            let about = About::default().by(event.operator.clone());
            self.add(event.request.clone(), about, date, task)?;
        }
        self.flush()
    }

    fn add(
        &mut self,
        request: RequestId,
        about: About,
        date: BusinessDate,
        task: Task,
    ) -> Result<(), TillError> {
        let about = About { request: Some(request.clone()), date: Some(date), ..about };
        self.waiting.push((request, Request { about, task }));
        if self.waiting.len() >= BATCH {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), TillError> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let (names, requests): (Vec<_>, Vec<_>) = self.waiting.drain(..).unzip();
        let results = self.node.book_all(requests).map_err(TillError::Node)?;
        for (request, result) in names.into_iter().zip(results) {
            match result {
                Ok(booked) => self.facts.insert(request, booked.fact.id),
                Err(refused) => {
                    let source = Box::new(refused);
                    return Err(TillError::Refused { request, source });
                }
            };
        }
        Ok(())
    }

    fn task(&mut self, event: &Event) -> Result<Task, TillError> {
        Ok(match &event.action {
            Action::Sell { lines, payments } => {
                let lines = lines.iter().map(sale_line).collect();
                let payments = payments.iter().map(pay).collect();
                Sell { lines, payments, ..Sell::default() }.into()
            }
            Action::Return { lines, payments, source } => {
                let source = source.as_ref().map(|source| self.sale(event, source)).transpose()?;
                let lines = lines.iter().map(sale_line).collect();
                let payments = payments.iter().map(pay).collect();
                GiveBack { source, lines, payments, ..GiveBack::default() }.into()
            }
            Action::Receive { lines, supplier } => {
                let supplier = Some((*supplier).to_owned());
                Receive { lines: lines.iter().map(inbound).collect(), supplier }.into()
            }
            Action::Scrap { lines, reason } => {
                Scrap { lines: lines.iter().map(count).collect(), reason: (*reason).into() }.into()
            }
            Action::Adjust { lines, reason } => {
                Adjust { lines: lines.iter().map(count).collect(), reason: (*reason).into() }.into()
            }
        })
    }

    /// The sale on the customer's receipt. It may still wait for its batch.
    fn sale(&mut self, event: &Event, source: &RequestId) -> Result<FactRef, TillError> {
        if !self.facts.contains_key(source) {
            self.flush()?;
        }
        let missing = || TillError::NoSource {
            request: event.request.clone(),
            source_request: source.clone(),
        };
        self.facts.get(source).copied().map(FactRef::Id).ok_or_else(missing)
    }
}

/// A sale of the generator as a request to a node; `None` for other events.
pub fn sale(date: BusinessDate, event: &Event) -> Option<Request> {
    let Action::Sell { lines, payments } = &event.action else { return None };
    let about = About::named(event.request.clone()).by(event.operator.clone()).on(date);
    let (lines, payments) = (lines.iter().map(sale_line).collect(), payments.iter().map(pay));
    let sell = Sell { lines, payments: payments.collect(), ..Sell::default() };
    Some(Request { about, task: sell.into() })
}

/// A command of an imported document as a task; `None` for what no file holds.
pub fn task_of(command: &Command) -> Option<Task> {
    Some(match command {
        Command::Opening { lines } => Opening { lines: lines.iter().map(inbound).collect() }.into(),
        Command::Receive { lines, supplier, .. } => {
            let supplier = supplier.as_deref().map(ToOwned::to_owned);
            Receive { lines: lines.iter().map(inbound).collect(), supplier }.into()
        }
        Command::Sell { lines, payments } => {
            let payments = payments.iter().map(pay).collect();
            let lines = lines.iter().map(sale_line).collect();
            Sell { lines, payments, ..Sell::default() }.into()
        }
        Command::Return { lines, payments, source: None, terms: _ } => {
            let (lines, payments) = (lines.iter().map(sale_line), payments.iter().map(pay));
            let (lines, payments) = (lines.collect(), payments.collect());
            GiveBack { lines, payments, ..GiveBack::default() }.into()
        }
        Command::Adjust { lines, reason } => {
            Adjust { lines: lines.iter().map(count).collect(), reason: reason.to_string() }.into()
        }
        Command::Scrap { lines, reason } => {
            Scrap { lines: lines.iter().map(count).collect(), reason: reason.to_string() }.into()
        }
        Command::Return { source: Some(_), .. }
        | Command::Reverse { .. }
        | Command::Revalue { .. }
        | Command::State { .. }
        | Command::Stocktake { .. }
        | Command::Invoice(_)
        | Command::PaySupplier { .. }
        | Command::Assemble(_)
        | Command::Shift(_)
        | Command::Acknowledge(_)
        | Command::MoveBins { .. }
        | Command::HomeBins { .. }
        | Command::Value(_)
        | Command::Purchase(_)
        | Command::Transfer(_) => return None,
    })
}

fn sale_line(line: &command::SaleLine) -> SaleLine {
    SaleLine {
        item: line.sku.to_string(),
        quantity: line.quantity,
        price: Some(line.list_price),
        discount: line.discount,
        percent_off: None,
        tax_rate: Some(line.tax_rate.basis_points()),
    }
}

fn inbound(line: &command::InboundLine) -> InboundLine {
    InboundLine {
        item: line.sku.to_string(),
        lot: line.lot.clone(),
        expiry: None,
        quantity: line.quantity,
        cost: Cost::Whole(line.cost),
    }
}

fn count(line: &command::AdjustLine) -> CountLine {
    CountLine {
        item: line.sku.to_string(),
        lot: line.lot.clone(),
        quantity: line.quantity,
        unheard: Unheard::Refuse,
    }
}

fn pay(tender: &Tender) -> Pay {
    let reference = tender.reference.clone();
    Pay { method: tender.method, amount: Some(tender.amount), reference }
}
