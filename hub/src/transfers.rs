//! Head office's part in transfers between stores: it asks, agrees or not, and stops.

pub mod rules;

use std::collections::BTreeMap;

use books::Tx;
use ledger::amount::{AmountError, Quantity};
use ledger::id::{Operator, RequestId, Sku, StoreId, TransferId};
use ledger::order::Party;
use ledger::transfer::{Entry, Event, Route, Step, Transfer, Wanted, status};

use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::registry::RegistryError;

/// What head office wants moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// From where to where.
    pub route: Route,
    /// What and how much.
    pub lines: Vec<Wanted>,
    /// What else there is to say.
    pub remark: Option<Box<str>>,
}

/// Head office's word on a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// So much may go; no lines: all that was asked for.
    Approve(Vec<Wanted>),
    /// Nothing may, and why.
    Reject(Box<str>),
}

/// When head office said something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// Now.
    Now,
    /// Before, and the same. Nothing was said now.
    Before,
}

impl Hub {
    /// Asks for goods to go from a store to another. Gives the transfer's number.
    pub fn request_transfer(
        &self,
        asked: Asked,
        request: Option<RequestId>,
        operator: Option<Operator>,
    ) -> Result<(TransferId, Said)> {
        for store in [asked.route.from(), asked.route.to()] {
            self.must_know(store)?;
        }
        let Asked { route, lines, remark } = asked;
        let step = Step::Request { route: route.clone(), lines, remark };
        let now = self.now();
        self.books().write(move |tx| {
            let note = request.as_ref().map(|request| format!("transfer.request.{request}"));
            if let (Some(request), Some(note)) = (request, &note)
                && let Some(id) = tx.note(note)?
            {
                let id = TransferId::new(&id)?;
                let asked = ours(&tx.transfer(&id)?).any(|earlier| *earlier == step);
                let reused = HubError::RequestReused { request };
                return if asked { Ok((id, Said::Before)) } else { Err(reused) };
            }
            let id = tx.new_transfer(&route, now)?;
            if let Some(note) = &note {
                tx.set_note(note, id.as_str())?;
            }
            tx.tell_transfer(&id, operator, step, now)?;
            Ok((id, Said::Now))
        })
    }

    /// Says head office's word on a transfer, once.
    pub fn decide_transfer(
        &self,
        id: &TransferId,
        operator: Option<Operator>,
        word: Word,
    ) -> Result<Said> {
        let (id, now) = (id.clone(), self.now());
        self.books().write(move |tx| {
            let (entries, transfer) = known(tx, &id)?;
            let step = match word {
                Word::Approve(lines) => {
                    let lines = granted(&id, &transfer, lines)?;
                    Step::Approve { lines, rule: None, remark: None }
                }
                Word::Reject(reason) => Step::Reject { reason },
            };
            let decided =
                ours(&entries).find(|s| matches!(s, Step::Approve { .. } | Step::Reject { .. }));
            match decided {
                Some(earlier) if same_word(earlier, &step, &transfer) => return Ok(Said::Before),
                Some(_) => return Err(HubError::TransferDecided { transfer: id }),
                None => tx.tell_transfer(&id, operator, step, now)?,
            }
            Ok(Said::Now)
        })
    }

    /// Stops a transfer: what has not left stays. Asking again changes nothing.
    pub fn cancel_transfer(
        &self,
        id: &TransferId,
        operator: Option<Operator>,
        reason: Box<str>,
    ) -> Result<Said> {
        let (id, now) = (id.clone(), self.now());
        self.books().write(move |tx| {
            let (entries, transfer) = known(tx, &id)?;
            if ours(&entries).any(|step| matches!(step, Step::Cancel { .. })) {
                return Ok(Said::Before);
            }
            if !transfer.can_be_stopped() {
                return Err(HubError::NothingToCancel { transfer: id });
            }
            tx.tell_transfer(&id, operator, Step::Cancel { reason }, now)?;
            Ok(Said::Now)
        })
    }

    pub(crate) fn must_know(&self, store: &StoreId) -> Result<()> {
        if self.register().read(|registry| registry.store(store).is_some()) {
            return Ok(());
        }
        Err(RegistryError::Unknown { store: store.clone() }.into())
    }
}

/// What was said of a transfer whose request is known, and how far it has come.
fn known(tx: &mut Tx<'_>, id: &TransferId) -> Result<(Vec<Entry>, Transfer)> {
    let entries = tx.transfer(id)?;
    let transfer = status(&entries);
    if transfer.route.is_none() {
        return Err(HubError::NoTransfer { transfer: id.clone() });
    }
    Ok((entries, transfer))
}

/// What head office said.
fn ours(entries: &[Entry]) -> impl Iterator<Item = &Step> {
    entries.iter().filter_map(|entry| match entry {
        Entry::Said(Event { by: Party::HeadOffice, step, .. }) => Some(step),
        _ => None,
    })
}

/// The lines of an approval. They are always spelled out: what was asked for is read from the
/// stores' entries, and one that comes later must not widen what was agreed to.
fn granted(id: &TransferId, transfer: &Transfer, lines: Vec<Wanted>) -> Result<Vec<Wanted>> {
    let lines = if lines.is_empty() { requested(transfer)? } else { lines };
    if lines.iter().all(|line| line.quantity.is_zero()) {
        return Err(HubError::ApprovesNothing { transfer: id.clone() });
    }
    for (sku, asked) in sums(&lines) {
        let requested = transfer.lines.get(&sku).map_or(0, |line| line.requested);
        if asked > requested {
            let (transfer, asked, requested) = (id.clone(), quantity(asked)?, quantity(requested)?);
            return Err(HubError::ApprovesTooMuch { transfer, sku, asked, requested });
        }
    }
    Ok(lines)
}

/// All that is asked for.
fn requested(transfer: &Transfer) -> Result<Vec<Wanted>> {
    let asked = transfer.lines.iter().filter(|(_, line)| line.requested > 0);
    let line = |(sku, line): (&Sku, &ledger::transfer::Line)| {
        Ok(Wanted { sku: sku.clone(), quantity: quantity(line.requested)? })
    };
    asked.map(line).collect()
}

fn same_word(earlier: &Step, now: &Step, transfer: &Transfer) -> bool {
    match (earlier, now) {
        (Step::Approve { .. }, Step::Approve { lines, .. }) => {
            let approved = transfer.lines.iter().map(|(sku, line)| (sku.clone(), line.approved));
            approved.filter(|(_, quantity)| *quantity > 0).eq(sums(lines))
        }
        (earlier, now) => earlier == now,
    }
}

fn quantity(thousandths: i128) -> Result<Quantity, AmountError> {
    let narrow = i64::try_from(thousandths).map_err(|_| AmountError::OutOfRange);
    narrow.and_then(Quantity::from_thousandths)
}

fn sums(lines: &[Wanted]) -> BTreeMap<Sku, i128> {
    let mut sums = BTreeMap::new();
    for Wanted { sku, quantity } in lines {
        *sums.entry(sku.clone()).or_insert(0) += i128::from(quantity.thousandths());
    }
    sums
}
