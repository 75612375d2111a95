//! Invoices before they are booked.

use ledger::invoice::Compared;

use super::Node;
use super::lookup::InTx;
use crate::book;
use crate::error::Result;
use crate::request::{Request, TakeInvoice, Task};

impl Node {
    /// What the three-way match says of an invoice. Nothing is booked.
    pub fn match_invoice(&self, invoice: TakeInvoice) -> Result<Vec<Compared>> {
        let mut request = Request::from(invoice);
        let now = self.now();
        let products = self.scanned(std::slice::from_mut(&mut request), now)?;
        let counter = self.counter(&[], &products, now)?;
        let Task::Invoice(invoice) = request.task else { return Ok(Vec::new()) };
        let matched = self.books().write(move |tx| {
            let mut books = InTx { tx, products: &products, counter: &counter };
            book::match_invoice(&invoice, &mut books)
        })?;
        Ok(matched)
    }
}
