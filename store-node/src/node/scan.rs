//! Codes that requests bring: what they say of the goods is filled in.

use ledger::amount::Quantity;
use ledger::time::Timestamp;

use super::Node;
use super::catalog::{Products, Scanned};
use crate::book::Refused;
use crate::error::Result;
use crate::request::{
    Adjust, Assemble, Disassemble, GiveBack, Opening, Receive, Request, Scrap, Sell, State,
    TakeInvoice, Task,
};

impl Node {
    /// The products that requests name, at the prices of a moment; what the codes on the goods say goes into the lines.
    pub(super) fn scanned(&self, requests: &mut [Request], at: Timestamp) -> Result<Products> {
        let items = requests.iter().flat_map(|request| request.task.items());
        let found = self.inner.shelf.products_of(self, items, at)?;
        for request in requests {
            fill_in(&mut request.task, &found)?;
        }
        Ok(found)
    }
}

fn fill_in(task: &mut Task, found: &Products) -> Result<(), Refused> {
    let known = |item: &str| found.get(item)?.as_ref();
    match task {
        Task::Sell(Sell { lines, .. }) | Task::Return(GiveBack { lines, .. }) => {
            for (number, line) in (1..).zip(lines) {
                if let Some(Scanned { product, each, says, .. }) = known(&line.item) {
                    line.quantity = unpacked(number, line.quantity, *each)?;
                    line.scanned(product, says);
                }
            }
        }
        Task::Receive(Receive { lines, .. }) | Task::Opening(Opening { lines }) => {
            for (number, line) in (1..).zip(lines) {
                if let Some(Scanned { each, says, .. }) = known(&line.item) {
                    line.quantity = unpacked(number, line.quantity, *each)?;
                    line.scanned(says);
                }
            }
        }
        // These say themselves how much, but a case is still so many bottles.
        Task::Adjust(Adjust { lines, .. }) | Task::Scrap(Scrap { lines, .. }) => {
            for (number, line) in (1..).zip(lines) {
                if let Some(Scanned { each, .. }) = known(&line.item) {
                    line.quantity = unpacked(number, line.quantity, *each)?;
                }
            }
        }
        Task::State(State { lines }) => {
            for (number, line) in (1..).zip(lines) {
                let Some(Scanned { each, .. }) = known(&line.item) else { continue };
                let said =
                    [&mut line.opening, &mut line.sold, &mut line.scrapped, &mut line.closing];
                for quantity in said.into_iter().flatten() {
                    *quantity = unpacked(number, *quantity, *each)?;
                }
            }
        }
        Task::Invoice(TakeInvoice { lines, .. }) => {
            for (number, line) in (1..).zip(lines) {
                if let Some(Scanned { each, .. }) = known(&line.item) {
                    line.quantity = unpacked(number, line.quantity, *each)?;
                }
            }
        }
        Task::Assemble(Assemble { product, parts, .. })
        | Task::Disassemble(Disassemble { product, parts }) => {
            for (number, line) in (1..).zip(std::iter::once(product).chain(parts)) {
                if let Some(Scanned { each, .. }) = known(&line.item) {
                    line.quantity = unpacked(number, line.quantity, *each)?;
                }
            }
        }
        Task::Reverse(_) | Task::PaySupplier(_) | Task::Acknowledge(_) => {}
    }
    Ok(())
}

/// So many packs in base units.
pub(super) fn unpacked(line: usize, packs: Quantity, each: Quantity) -> Result<Quantity, Refused> {
    packs.times(each).map_err(|source| Refused::Amount { line, source })
}
