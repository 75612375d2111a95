//! Transfers: what this store asks for, ships, receives and settles. A fact and what is told of it
//! in the order are one transaction.

mod ask;
pub(crate) mod manifest;
mod receive;
mod refused;
mod settle;
mod ship;

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use books::Tx;
use ledger::amount::{AmountError, Quantity};
use ledger::command::Command;
use ledger::fact::{Body, Fact};
use ledger::id::{RequestId, Sku, TransferId};
use ledger::json;
use ledger::order::{Goods, Party};
use ledger::post;
use ledger::transfer::{Entry, Event, Route, Step, Task, Transfer, Wanted, status};

use super::{Stamp, When, lookup};
use crate::book::{Refused, detail};
use crate::error::{NodeError, Result};
use crate::request::About;

pub use manifest::SignedManifest;
pub use refused::{ManifestRefused, TransferRefused};
pub use settle::Difference;

/// What is known here of a transfer.
struct Known {
    entries: Vec<Entry>,
    route: Route,
    now: Transfer,
}

impl Known {
    fn of(tx: &mut Tx<'_>, transfer: &TransferId) -> Result<Self> {
        let kept = tx.note(&manifest::note_of(transfer))?;
        let heard = tx.transfer(transfer)?;
        let (entries, told) = manifest::with_manifests(heard, kept.as_deref())?;
        let now = status(&entries);
        match now.route.clone().or(told) {
            Some(route) => Ok(Self { entries, route, now }),
            None => Err(TransferRefused::Unknown { transfer: transfer.clone() }.into()),
        }
    }
}

/// Books a deed and tells the other parties.
fn book(tx: &mut Tx<'_>, stamp: &Stamp, about: &About, task: Task) -> Result<(Fact, When)> {
    let header = stamp.header(tx, about)?;
    let stock = tx.positions(task.skus())?;
    let posted = post::post(header, Command::Transfer(Box::new(task)), &stock);
    let fact = detail::told(about, posted.map_err(Refused::Post)?.fact)?;
    tx.append_fact(&fact, &json::to_text(&fact))?;
    tx.tell_fact(&fact)?;
    Ok((fact, When::Now))
}

/// The id of the request and the fact that answered it before, if one did.
fn before<'a>(
    tx: &mut Tx<'_>,
    about: &'a About,
    transfer: &TransferId,
    kind: &str,
) -> Result<Option<(&'a RequestId, Fact)>> {
    let Some(request) = &about.request else { return Ok(None) };
    let Some(id) = tx.request(request)? else { return Ok(None) };
    let fact = lookup::must_have(tx, id)?;
    match &fact.body {
        Body::Transfer(booked) if booked.transfer == *transfer && booked.kind() == kind => {
            Ok(Some((request, fact)))
        }
        _ => Err(reused(request)),
    }
}

/// A request that was carried out before asks for something else now. (What was asked without lines
/// is what was due then, which nobody knows any more: it always asks for the same.)
fn reused(request: &RequestId) -> NodeError {
    TransferRefused::Reused { request: request.clone() }.into()
}

fn wanted(lines: &[Wanted]) -> BTreeMap<Sku, i128> {
    sums(lines.iter().map(|line| (&line.sku, line.quantity)))
}

fn moved(goods: &[Goods]) -> BTreeMap<Sku, i128> {
    sums(goods.iter().map(|good| (&good.sku, good.quantity)))
}

fn sums<'a>(lines: impl Iterator<Item = (&'a Sku, Quantity)>) -> BTreeMap<Sku, i128> {
    let mut sums = BTreeMap::new();
    for (sku, quantity) in lines {
        *sums.entry(sku.clone()).or_insert(0) += i128::from(quantity.thousandths());
    }
    sums
}

fn quantity(raw: i128) -> Result<Quantity> {
    let narrow = i64::try_from(raw).map_err(|_| AmountError::OutOfRange);
    narrow.and_then(Quantity::from_thousandths).map_err(amount)
}

fn amount(source: AmountError) -> NodeError {
    Refused::Amount { line: 0, source }.into()
}

/// The numbers of the shipments that the source told of.
fn shipments<'a>(entries: &'a [Entry], route: &'a Route) -> impl Iterator<Item = NonZeroU32> + 'a {
    entries.iter().filter_map(|entry| match entry {
        Entry::Said(Event {
            by: Party::Store(store), step: Step::Ship { shipment, .. }, ..
        }) if store == route.from() => Some(*shipment),
        _ => None,
    })
}

fn next(number: NonZeroU32) -> Option<NonZeroU32> {
    number.checked_add(1)
}
