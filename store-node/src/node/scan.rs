//! Codes that requests bring: what they say of the goods is filled in.

use ledger::amount::Quantity;
use ledger::catalog::Tracking;
use ledger::time::Timestamp;

use super::Node;
use super::catalog::{Products, Scanned};
use crate::book::Refused;
use crate::error::Result;
use crate::request::{
    About, Adjust, Assemble, Disassemble, GiveBack, MoveBins, NamedPiece, Opening, Receive,
    Request, SaleLine, Scrap, Sell, State, TakeInvoice, Task,
};

impl Node {
    /// The products that requests name, at the prices of a moment; what the codes on the goods say goes into the lines.
    pub(super) fn scanned(&self, requests: &mut [Request], at: Timestamp) -> Result<Products> {
        let pieces = requests.iter().flat_map(|request| &request.about.serials);
        let items = requests.iter().flat_map(|request| request.task.items());
        let items = items.chain(pieces.map(|named| named.item.as_str()));
        let found = self.inner.shelf.products_of(self, items, at)?;
        for request in requests {
            let scanned = request.task.items().into_iter().filter_map(|item| known(&found, item));
            let pieces: Vec<NamedPiece> = scanned.filter_map(piece).collect();
            request.about.serials.extend(pieces);
            for named in &mut request.about.serials {
                if let Some(Scanned { product, .. }) = known(&found, &named.item) {
                    named.item = product.sku.to_string();
                }
            }
            fill_in(&mut request.task, &found)?;
        }
        Ok(found)
    }

    /// What is asked for, with the pieces that the codes on these goods say, and SKUs for what pieces are of.
    pub(crate) fn with_pieces<'i>(
        &self,
        mut about: About,
        items: impl IntoIterator<Item = &'i str>,
    ) -> Result<About> {
        for item in items {
            about.serials.extend(self.code(item)?.as_ref().and_then(piece));
        }
        for named in about.serials.iter_mut().filter(|named| !named.item.is_empty()) {
            if let Some(Scanned { product, .. }) = self.code(&named.item)? {
                named.item = product.sku.to_string();
            }
        }
        Ok(about)
    }
}

/// The single piece that a code is on, if it says and pieces of the product are kept by their numbers. (Of others
/// many codes bear a number that no receipt has ever named.)
fn piece(Scanned { product, says, .. }: &Scanned) -> Option<NamedPiece> {
    let serial = says.serial.as_deref().filter(|_| product.tracking == Tracking::Serial)?;
    let serial = serial.parse().ok()?;
    Some(NamedPiece { item: product.sku.to_string(), serial })
}

fn known<'f>(found: &'f Products, item: &str) -> Option<&'f Scanned> {
    found.get(item)?.as_ref()
}

fn fill_in(task: &mut Task, found: &Products) -> Result<(), Refused> {
    let known = |item: &str| known(found, item);
    match task {
        Task::Sell(Sell { lines, .. }) | Task::Return(GiveBack { lines, .. }) => {
            fill_in_sold(lines.iter_mut(), found)?;
        }
        Task::Exchange(exchange) => {
            let lines = exchange.back.lines.iter_mut().chain(&mut exchange.take.lines);
            fill_in_sold(lines, found)?;
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
        Task::MoveBins(MoveBins { lines }) => {
            for (number, line) in (1..).zip(lines) {
                if let Some(Scanned { each, .. }) = known(&line.item) {
                    line.quantity = unpacked(number, line.quantity, *each)?;
                }
            }
        }
        Task::Reverse(_)
        | Task::PaySupplier(_)
        | Task::Acknowledge(_)
        | Task::HomeBins(_)
        | Task::Shift(_)
        | Task::TopUp(_)
        | Task::PayOut(_) => {}
    }
    Ok(())
}

fn fill_in_sold<'l>(
    lines: impl Iterator<Item = &'l mut SaleLine>,
    found: &Products,
) -> Result<(), Refused> {
    for (number, line) in (1..).zip(lines) {
        if let Some(Scanned { product, each, says, .. }) =
            found.get(&line.item).and_then(Option::as_ref)
        {
            line.quantity = unpacked(number, line.quantity, *each)?;
            line.scanned(product, says);
        }
    }
    Ok(())
}

/// So many packs in base units.
pub(super) fn unpacked(line: usize, packs: Quantity, each: Quantity) -> Result<Quantity, Refused> {
    packs.times(each).map_err(|source| Refused::Amount { line, source })
}
