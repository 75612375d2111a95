//! Whether an invoice or payment is the one that was asked for.

use ledger::fact::Fact;
use ledger::id::SupplierId;
use ledger::invoice::Invoice;
use ledger::payable::SupplierPayment;

use super::{means, named};
use crate::book::BookError;
use crate::book::lookup::Lookup;
use crate::request::{Cost, InvoiceLine, NamedFact, PaySupplier, TakeInvoice};

pub(super) fn same_invoice<L: Lookup>(
    books: &mut L,
    asked: &TakeInvoice,
    booked: &Invoice,
) -> Result<bool, BookError<L::Error>> {
    let days = asked.dated.is_none_or(|day| day == booked.dated)
        && asked.due.is_none_or(|day| day == booked.due);
    // What matched needed no acceptance, and none was kept.
    let accepted =
        booked.accepted.is_none() || asked.accept.as_deref() == booked.accepted.as_deref();
    let same = asked.number == booked.number && days && accepted;
    if !same || !is_called(books, &asked.supplier, &booked.supplier)? {
        return Ok(false);
    }
    for NamedFact(which) in &asked.receipts {
        let Some(id) = named(books, which)? else { return Ok(false) };
        if !booked.receipts.contains(&id) {
            return Ok(false);
        }
    }
    same_lines(books, &asked.lines, booked)
}

fn same_lines<L: Lookup>(
    books: &mut L,
    asked: &[InvoiceLine],
    booked: &Invoice,
) -> Result<bool, BookError<L::Error>> {
    if asked.is_empty() {
        return Ok(true);
    }
    if asked.len() != booked.lines.len() {
        return Ok(false);
    }
    for (asked, booked) in asked.iter().zip(&booked.lines) {
        let net = match asked.cost {
            Cost::AsBefore => None,
            Cost::PerUnit(price) => price.times(asked.quantity).ok(),
            Cost::Whole(net) => Some(net),
        };
        let same = asked.quantity == booked.quantity
            && net.is_none_or(|net| net == booked.net)
            && asked.tax.is_none_or(|tax| tax == booked.tax);
        if !same || !means(books, &asked.item, &booked.sku)? {
            return Ok(false);
        }
    }
    Ok(true)
}

pub(super) fn same_payment<L: Lookup>(
    books: &mut L,
    asked: &PaySupplier,
    booked: &SupplierPayment,
) -> Result<bool, BookError<L::Error>> {
    let same = asked.amount.is_none_or(|amount| amount == booked.amount)
        && asked.method == booked.method
        && asked.reference == *booked.reference
        && asked.invoices.is_empty() == booked.invoices.is_empty();
    if !same || !is_called(books, &asked.supplier, &booked.supplier)? {
        return Ok(false);
    }
    for name in &asked.invoices {
        let numbered = match name.parse() {
            Ok(number) => books.invoice_numbered(&booked.supplier, &number),
            Err(_) => Ok(None),
        };
        let id = match (numbered.map_err(BookError::Books)?, name.parse()) {
            (Some(id), _) => Some(id),
            (None, Ok(which)) => fact_of(books, &which)?,
            (None, Err(_)) => None,
        };
        if id.is_none_or(|id| !booked.invoices.contains(&id)) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn fact_of<L: Lookup>(
    books: &mut L,
    which: &crate::request::FactRef,
) -> Result<Option<ledger::id::FactId>, BookError<L::Error>> {
    let found: Option<Fact> = books.fact(which).map_err(BookError::Books)?;
    Ok(found.map(|fact| fact.id))
}

fn is_called<L: Lookup>(
    books: &mut L,
    name: &str,
    booked: &SupplierId,
) -> Result<bool, BookError<L::Error>> {
    let called = books.suppliers(name).map_err(BookError::Books)?;
    Ok(called.iter().any(|supplier| supplier.id == *booked))
}
