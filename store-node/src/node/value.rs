//! Stored value at a store: letters of head office are answered, and what may be spent here is shown.

use std::collections::BTreeMap;

use books::Tx;
use books::read::MemberValue;
use ledger::amount::Money;
use ledger::command::{Command, ValueTask};
use ledger::cost::Position;
use ledger::escrow::{Holder, Letter, Purpose, Wish, answer};
use ledger::id::{FactId, LetterNo, MemberId, Operator, RequestId, Sku};
use ledger::json;
use ledger::post;

use super::{Node, Stamp};
use crate::book::Refused;
use crate::error::Result;
use crate::request::About;

/// A member's stored value, as a store knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueHere {
    /// What this store may spend now, in ten-thousandths.
    pub rights: i64,
    /// What the store's own facts and head office's letters to it come to.
    pub known: MemberValue,
}

impl Node {
    /// Answers every letter of head office that moves rights: each by one fact, once. Gives the facts
    /// booked now.
    pub fn answer_letters(&self) -> Result<Vec<FactId>> {
        let stamp = self.stamp();
        self.books().write(move |tx| {
            let mut facts = Vec::new();
            for no in tx.letters_to_answer()? {
                facts.extend(answer_letter(tx, &stamp, &no)?);
            }
            Ok(facts)
        })
    }

    /// Asks head office for rights: a member is here who wants to spend more than the store may. What it
    /// grants comes by a letter.
    pub fn ask_for_value(
        &self,
        member: &MemberId,
        amount: Money,
        operator: Option<Operator>,
    ) -> Result<LetterNo> {
        let (store, member, at) = (self.store().clone(), member.clone(), self.now());
        self.books().write(move |tx| {
            let holder = Holder { store, epoch: tx.epoch()? };
            Ok(tx.write_wish(&Wish { at, operator, holder, member, amount })?)
        })
    }

    /// Members' stored value as this store knows it: one member's, or everyone's of whom it knows any.
    pub fn values(&self, member: Option<&MemberId>) -> Result<BTreeMap<MemberId, ValueHere>> {
        let reader = self.books().reader()?;
        let mut here = BTreeMap::new();
        for (member, known) in reader.values(member)? {
            let rights = reader.value_rights(&member)?;
            here.insert(member, ValueHere { rights, known });
        }
        Ok(here)
    }
}

fn answer_letter(tx: &mut Tx<'_>, stamp: &Stamp, no: &LetterNo) -> Result<Option<FactId>> {
    let Some(letter) = tx.letter(no)?.filter(|letter| letter.purpose == Purpose::Move) else {
        return Ok(None);
    };
    let moved = answer(no, &letter, |member| tx.value_rights(member))?;
    let about = About { request: request(no), operator: letter.operator, ..About::default() };
    let header = stamp.header(tx, &about)?;
    let command = Command::Value(Box::new(ValueTask::Answer(moved)));
    let none: BTreeMap<Sku, Position> = BTreeMap::new();
    let fact = post::post(header, command, &none).map_err(Refused::Post)?.fact;
    tx.append_fact(&fact, &json::to_text(&fact))?;
    Ok(Some(fact.id))
}

/// The request under which a letter is answered, so that it is done once.
fn request(no: &LetterNo) -> Option<RequestId> {
    RequestId::new(&format!("value {no}")).ok()
}

/// What a letter allows this store to pay out to a member; none if it is no such letter, or was carried out.
pub(crate) fn allowed(
    tx: &mut Tx<'_>,
    no: &LetterNo,
    member: &MemberId,
) -> std::result::Result<Option<Money>, books::BooksError> {
    if tx.is_carried_out(no)? {
        return Ok(None);
    }
    let epoch = tx.epoch()?;
    let me = tx.me().store().cloned();
    let for_us = |letter: &Letter| {
        letter.purpose == Purpose::PayOut
            && Some(&letter.holder.store) == me.as_ref()
            && letter.holder.epoch == epoch
    };
    let Some(letter) = tx.letter(no)?.filter(for_us) else { return Ok(None) };
    Ok(letter.lines.iter().find(|(of, _)| of == member).map(|(_, amount)| *amount))
}
