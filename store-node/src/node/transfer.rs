//! Transfers: what this store asks for, ships and receives. A fact and what is told of it in the
//! order are one transaction.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use books::Tx;
use console::{Exit, Lang, Tell, Told, words};
use ledger::amount::Quantity;
use ledger::command::Command;
use ledger::fact::{Body, Fact};
use ledger::id::{RequestId, Sku, StoreId, TransferId};
use ledger::json;
use ledger::post;
use ledger::transfer::{
    Arrived, Deed, Entry, Event, Goods, Party, Route, Stage, Step, Task, Transfer, Wanted, status,
};
use thiserror::Error;

use super::{Node, Stamp, When, lookup};
use crate::book::Refused;
use crate::error::{NodeError, Result};
use crate::request::About;

/// Why nothing was done for a transfer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TransferRefused {
    /// There is none of this number here.
    #[error("there is no transfer {transfer}")]
    Unknown {
        /// What was given.
        transfer: TransferId,
    },
    /// Head office has not agreed to it, or it was stopped.
    #[error("transfer {transfer} is not approved")]
    NotApproved {
        /// Which.
        transfer: TransferId,
    },
    /// Nothing is left to ship or to receive.
    #[error("nothing is due in transfer {transfer}")]
    NothingDue {
        /// Which.
        transfer: TransferId,
    },
    /// The request id was used for something else.
    #[error("the request id {request} was used for something else")]
    Reused {
        /// Which.
        request: RequestId,
    },
}

impl Tell for TransferRefused {
    fn tell(&self, lang: Lang) -> Told {
        match self {
            Self::Unknown { transfer } => {
                Told::saying(lang.say(words::TransferNotKnown { transfer }))
                    .hint(lang.say(words::TransferNotKnownHint))
            }
            Self::NotApproved { transfer } => {
                Told::saying(lang.say(words::TransferNotApproved { transfer }))
                    .hint(lang.say(words::TransferNotApprovedHint))
            }
            Self::NothingDue { transfer } => {
                Told::saying(lang.say(words::TransferNothingDue { transfer }))
            }
            Self::Reused { request } => Told::saying(lang.say(words::TransferReused { request }))
                .hint(lang.say(words::TransferReusedHint)),
        }
    }

    fn exit(&self) -> Exit {
        Exit::Failed
    }
}

impl Node {
    /// Asks for goods of another store. Gives the transfer's number.
    pub fn request_transfer(
        &self,
        about: About,
        from: StoreId,
        lines: Vec<Wanted>,
        remark: Option<Box<str>>,
    ) -> Result<(TransferId, When)> {
        let route = Route::new(from, self.store().clone())?;
        let step = Step::Request { route: route.clone(), lines, remark };
        let (store, Stamp { at, today, .. }) = (self.store().clone(), self.stamp());
        self.books().write(move |tx| {
            let note = about.request.as_ref().map(|request| format!("transfer.request.{request}"));
            if let Some(request) = &about.request
                && let Some(id) = tx.note(note.as_deref().unwrap_or_default())?
            {
                let id = TransferId::new(&id)?;
                let same = |entry: &Entry| said(entry, &store).is_some_and(|e| e.step == step);
                let asked = tx.transfer(&id)?.iter().any(same);
                return if asked { Ok((id, When::Before)) } else { Err(reused(request)) };
            }
            let id = tx.new_transfer(&route, today)?;
            if let Some(note) = &note {
                tx.set_note(note, id.as_str())?;
            }
            tx.tell_transfer(&id, about.operator, step, at)?;
            Ok((id, When::Now))
        })
    }

    /// Ships goods of an approved transfer; without lines, all that is approved and has not left.
    pub fn ship_transfer(
        &self,
        about: About,
        transfer: TransferId,
        lines: Vec<Wanted>,
    ) -> Result<(Fact, When)> {
        let stamp = self.stamp();
        self.books().write(move |tx| {
            if let Some((request, fact)) = before(tx, &about, &transfer, "transfer_ship")? {
                let booked = match Step::of_fact(&fact) {
                    Some(Step::Ship { goods, .. }) => moved(&goods),
                    _ => BTreeMap::new(),
                };
                let same = lines.is_empty() || wanted(&lines) == booked;
                return if same { Ok((fact, When::Before)) } else { Err(reused(request)) };
            }
            let entries = tx.transfer(&transfer)?;
            let (now, route) = known(&entries, &transfer)?;
            let stopped = now.cancel_asked.is_some() || now.stage == Stage::Rejected;
            let approved = now.lines.values().any(|line| line.approved > 0);
            if stopped || !approved {
                return Err(TransferRefused::NotApproved { transfer }.into());
            }
            let lines = if lines.is_empty() { due(&now)? } else { lines };
            if lines.is_empty() {
                return Err(TransferRefused::NothingDue { transfer }.into());
            }
            let shipment = shipments(&entries).max().map_or(Some(NonZeroU32::MIN), next);
            let shipment =
                shipment.ok_or(TransferRefused::NothingDue { transfer: transfer.clone() })?;
            let deed = Deed::Ship { shipment, lines };
            book(tx, &stamp, &about, Task { transfer, route, deed })
        })
    }

    /// Receives goods of a transfer; without lines, all that is on the way and not damaged arrived
    /// in order.
    pub fn receive_transfer(
        &self,
        about: About,
        transfer: TransferId,
        received: Vec<Wanted>,
        damaged: Vec<Wanted>,
    ) -> Result<(Fact, When)> {
        let stamp = self.stamp();
        self.books().write(move |tx| {
            if let Some((request, fact)) = before(tx, &about, &transfer, "transfer_receipt")? {
                let asked = [&received, &damaged].map(|lines| wanted(lines));
                let booked = match Step::of_fact(&fact) {
                    Some(Step::Receive { received, damaged, .. }) => {
                        [&received, &damaged].map(|goods| moved(goods))
                    }
                    _ => Default::default(),
                };
                let same = (received.is_empty() || asked[0] == booked[0]) && asked[1] == booked[1];
                return if same { Ok((fact, When::Before)) } else { Err(reused(request)) };
            }
            let entries = tx.transfer(&transfer)?;
            let (now, route) = known(&entries, &transfer)?;
            let on_the_way = now.on_the_way().map_err(post_amount)?;
            let broken = wanted(&damaged);
            let good = if received.is_empty() {
                let rest = |(sku, carried): (&Sku, &ledger::transfer::Carried)| {
                    let broken = broken.get(sku).copied().unwrap_or(0);
                    (sku.clone(), (i128::from(carried.quantity.thousandths()) - broken).max(0))
                };
                on_the_way.iter().map(rest).collect()
            } else {
                wanted(&received)
            };
            let lines = arrived(&good, &broken)?;
            let shipment = shipments(&entries).max();
            let (Some(shipment), false) = (shipment, lines.is_empty()) else {
                return Err(TransferRefused::NothingDue { transfer }.into());
            };
            let part = parts(&entries, shipment).max().map_or(Some(NonZeroU32::MIN), next);
            let part = part.ok_or(TransferRefused::NothingDue { transfer: transfer.clone() })?;
            let deed = Deed::Receive { shipment, part, lines, on_the_way };
            book(tx, &stamp, &about, Task { transfer, route, deed })
        })
    }
}

/// Books a deed and tells the other parties.
fn book(tx: &mut Tx<'_>, stamp: &Stamp, about: &About, task: Task) -> Result<(Fact, When)> {
    let header = stamp.header(tx, about)?;
    let transfer = task.transfer.clone();
    let stock = tx.positions(task.skus())?;
    let posted = post::post(header, Command::Transfer(Box::new(task)), &stock);
    let fact = posted.map_err(Refused::Post)?.fact;
    tx.append_fact(&fact, &json::to_text(&fact))?;
    if let Some(step) = Step::of_fact(&fact) {
        tx.tell_transfer(&transfer, about.operator.clone(), step, stamp.at)?;
    }
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

fn known(entries: &[Entry], transfer: &TransferId) -> Result<(Transfer, Route)> {
    let now = status(entries);
    match now.route.clone() {
        Some(route) => Ok((now, route)),
        None => Err(TransferRefused::Unknown { transfer: transfer.clone() }.into()),
    }
}

/// What is approved and has not left.
fn due(now: &Transfer) -> Result<Vec<Wanted>> {
    let open = now.lines.iter().map(|(sku, line)| (sku, line.approved - line.shipped.quantity));
    let wanted =
        |(sku, raw): (&Sku, i128)| Ok(Wanted { sku: sku.clone(), quantity: quantity(raw)? });
    open.filter(|(_, raw)| *raw > 0).map(wanted).collect()
}

fn arrived(good: &BTreeMap<Sku, i128>, broken: &BTreeMap<Sku, i128>) -> Result<Vec<Arrived>> {
    let mut lines = Vec::new();
    let skus: std::collections::BTreeSet<&Sku> = good.keys().chain(broken.keys()).collect();
    for sku in skus {
        let of = |sums: &BTreeMap<Sku, i128>| quantity(sums.get(sku).copied().unwrap_or(0));
        let line = Arrived { sku: sku.clone(), received: of(good)?, damaged: of(broken)? };
        if !line.received.is_zero() || !line.damaged.is_zero() {
            lines.push(line);
        }
    }
    Ok(lines)
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
    let narrow = i64::try_from(raw).map_err(|_| ledger::amount::AmountError::OutOfRange);
    narrow.and_then(Quantity::from_thousandths).map_err(post_amount)
}

fn post_amount(source: ledger::amount::AmountError) -> NodeError {
    Refused::Amount { line: 0, source }.into()
}

fn shipments(entries: &[Entry]) -> impl Iterator<Item = NonZeroU32> + '_ {
    entries.iter().filter_map(|entry| match entry {
        Entry::Said(Event { step: Step::Ship { shipment, .. }, .. }) => Some(*shipment),
        _ => None,
    })
}

fn parts(entries: &[Entry], of: NonZeroU32) -> impl Iterator<Item = NonZeroU32> + '_ {
    entries.iter().filter_map(move |entry| match entry {
        Entry::Said(Event { step: Step::Receive { shipment, part, .. }, .. })
            if *shipment == of =>
        {
            Some(*part)
        }
        _ => None,
    })
}

fn next(number: NonZeroU32) -> Option<NonZeroU32> {
    number.checked_add(1)
}

fn said<'a>(entry: &'a Entry, store: &StoreId) -> Option<&'a Event> {
    match entry {
        Entry::Said(event) if event.by == Party::Store(store.clone()) => Some(event),
        _ => None,
    }
}
