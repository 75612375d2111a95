//! Corrections: what head office has approved is booked here, once. The fact and the word of it in
//! the order are one transaction.

use std::error::Error as _;
use std::sync::Arc;

use books::Tx;
use ledger::correction::{Proposed, Remedy, Stage, Step, request, status};
use ledger::fact::Fact;
use ledger::id::{FactId, Operator};
use ledger::json;
use ledger::post;
use ledger::time::LocalTime;
use sync_proto::OrderId;

use super::{Node, Stamp, book_in};
use crate::book::lookup::Counter;
use crate::book::{BookError, Refused};
use crate::error::Result;
use crate::node::catalog::Products;
use crate::request::{About, FactRef, Request, Reverse};

impl Node {
    /// Books every correction that head office has approved and that is not booked yet, and says so
    /// to head office; a correction that cannot be booked is refused with the reason. Gives the
    /// facts booked now.
    pub fn carry_out_corrections(&self) -> Result<Vec<FactId>> {
        let reader = self.books().reader()?;
        let mut due = Vec::new();
        // One of the facts that are still to come may be a correction that the former machine booked.
        if reader.carried()?.awaited > 0 {
            return Ok(Vec::new());
        }
        for id in reader.correction_orders()? {
            if approved(&status(&reader.correction_order(&id)?), self).is_some() {
                due.push(id);
            }
        }
        drop(reader);
        let mut facts = Vec::new();
        for id in due {
            let (node, stamp) = (self.clone(), self.stamp());
            facts.extend(self.books().write(move |tx| carry_out(tx, &node, &stamp, &id))?);
        }
        Ok(facts)
    }
}

/// What this store is to book, and who said so.
fn approved(
    correction: &ledger::correction::Correction,
    node: &Node,
) -> Option<(Proposed, Option<Operator>)> {
    let Stage::Approved { by, .. } = &correction.stage else { return None };
    let (proposed, ..) = correction.proposed.as_ref()?;
    (proposed.store == *node.store()).then(|| (proposed.clone(), by.clone()))
}

fn carry_out(tx: &mut Tx<'_>, node: &Node, stamp: &Stamp, id: &OrderId) -> Result<Option<FactId>> {
    let entries = tx.correction_order(id)?;
    let Some((proposed, operator)) = approved(&status(&entries), node) else { return Ok(None) };
    let Some(request) = request(id.as_str()) else {
        let reason = "its number is too long to be kept".into();
        tx.tell_correction(id, None, Step::Refuse { reason }, stamp.at)?;
        return Ok(None);
    };
    let about = About { request: Some(request.clone()), operator, ..About::default() };
    // A fact that is there already came back from the hub without the word of it.
    let before = tx.request(&request)?;
    let step = match before {
        Some(fact) => Step::Done { fact },
        None => match book(tx, stamp, about, &proposed) {
            Ok(fact) => Step::Done { fact },
            Err(BookError::Refused(refused)) => Step::Refuse { reason: whole(&refused).into() },
            Err(BookError::Books(error)) => return Err(error.into()),
        },
    };
    let booked = match step {
        Step::Done { fact } if before.is_none() => Some(fact),
        _ => None,
    };
    tx.tell_correction(id, None, step, stamp.at)?;
    Ok(booked)
}

fn book(
    tx: &mut Tx<'_>,
    stamp: &Stamp,
    about: About,
    proposed: &Proposed,
) -> std::result::Result<FactId, BookError<books::BooksError>> {
    let reason = &proposed.reason;
    if let Remedy::Reverse { fact } = &proposed.remedy {
        let reverse = Reverse { fact: FactRef::Id(*fact), reason: reason.to_string() };
        let request = Request { about, task: reverse.into() };
        return Ok(book_in(tx, stamp, &nothing_sold(stamp), &request)?.fact.id);
    }
    let out_of_range = || {
        let source = ledger::amount::AmountError::OutOfRange;
        BookError::Refused(Refused::Amount { line: 1, source })
    };
    let command = proposed.remedy.command(reason).ok_or_else(out_of_range)?;
    let header = stamp.header(tx, &about)?;
    let stock = tx.positions(proposed.remedy.sku())?;
    let fact: Fact = post::post(header, command, &stock).map_err(Refused::Post)?.fact;
    tx.append_fact(&fact, &json::to_text(&fact))?;
    Ok(fact.id)
}

/// Why, with its causes, for head office to read.
fn whole(refused: &Refused) -> String {
    let mut text = refused.to_string();
    let mut source = refused.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// What a request is booked by that names no price and sells nothing.
fn nothing_sold(stamp: &Stamp) -> (Products, Arc<Counter>) {
    let wall = LocalTime::start_of(stamp.today);
    (Products::new(), Counter::closed(stamp.store.clone(), wall))
}
