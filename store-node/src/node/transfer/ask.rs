//! Asking for goods, and asking for no more of them: words that move nothing.

use ledger::id::TransferId;
use ledger::order::Party;
use ledger::post::PostError;
use ledger::transfer::{Entry, Event, Route, Step, Wanted};

use super::{Known, TransferRefused, reused};
use crate::book::Refused;
use crate::error::Result;
use crate::node::{Node, When};
use crate::request::About;

impl Node {
    /// Asks for goods to go between this store and another. Gives the transfer's number.
    pub fn request_transfer(
        &self,
        about: About,
        route: Route,
        lines: Vec<Wanted>,
        remark: Option<Box<str>>,
    ) -> Result<(TransferId, When)> {
        let step = Step::Request { route: route.clone(), lines, remark };
        let (me, at) = (Party::Store(self.store().clone()), self.now());
        self.books().write(move |tx| {
            let note = about.request.as_ref().map(|request| format!("transfer.request.{request}"));
            if let Some(request) = &about.request
                && let Some(id) = tx.note(note.as_deref().unwrap_or_default())?
            {
                let id = TransferId::new(&id)?;
                let asked = said(&tx.transfer(&id)?, &me).any(|event| event.step == step);
                return if asked { Ok((id, When::Before)) } else { Err(reused(request)) };
            }
            let id = tx.new_transfer(&route, at)?;
            if let Some(note) = &note {
                tx.set_note(note, id.as_str())?;
            }
            tx.tell_transfer(&id, about.operator, step, at)?;
            Ok((id, When::Now))
        })
    }

    /// Asks for a transfer to be stopped: what has not left stays. Asking again changes nothing.
    pub fn cancel_transfer(
        &self,
        about: About,
        transfer: TransferId,
        reason: Box<str>,
    ) -> Result<When> {
        let (store, at) = (self.store().clone(), self.now());
        let me = Party::Store(store.clone());
        self.books().write(move |tx| {
            let Known { entries, route, now } = Known::of(tx, &transfer)?;
            let asked = said(&entries, &me).find_map(|event| match &event.step {
                Step::Cancel { reason } => Some(reason),
                _ => None,
            });
            if let Some(request) = &about.request {
                let note = format!("transfer.cancel.{request}");
                let used = tx.note(&note)?;
                let other = used.is_some_and(|id| id != transfer.as_str());
                if other || asked.is_some_and(|earlier| *earlier != reason) {
                    return Err(reused(request));
                }
                tx.set_note(&note, transfer.as_str())?;
            }
            if asked.is_some() {
                return Ok(When::Before);
            }
            if ![route.from(), route.to()].contains(&&store) {
                let (from, to) = (route.from().clone(), route.to().clone());
                return Err(
                    Refused::Post(PostError::NotThisEnd { transfer, store, from, to }).into()
                );
            }
            if !now.can_be_stopped() {
                return Err(TransferRefused::NothingToCancel { transfer }.into());
            }
            tx.tell_transfer(&transfer, about.operator, Step::Cancel { reason }, at)?;
            Ok(When::Now)
        })
    }
}

/// What a party said in a transfer.
fn said<'a>(entries: &'a [Entry], by: &'a Party) -> impl Iterator<Item = &'a Event> {
    entries.iter().filter_map(move |entry| match entry {
        Entry::Said(event) if event.by == *by => Some(event),
        _ => None,
    })
}
