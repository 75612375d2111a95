//! Facts that left the books because the hub holds others in their place: what a restored backup or
//! a cloned machine booked meanwhile. A person decides what becomes of them.
//!
//! Adopting books such a fact again, in the present epoch, with the goods and money that it had.
//! What was decided is noted in the books under the fact's name and hash.

use std::collections::BTreeMap;

use books::read::{Returned, SetAsideFact};
use books::{BooksError, Tx};
use ledger::escrow;
use ledger::fact::{Body, Fact};
use ledger::id::FactId;
use ledger::json;
use ledger::purchase::Act;

use super::Node;
use crate::error::Result;

/// Characters of a text's hash in the name of a note: two facts of one name are told apart.
const HASH_LEN: usize = 16;

/// A fact that was set aside, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// The fact, as it was booked.
    pub kept: SetAsideFact,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a fact that was set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Nobody has decided yet.
    Open,
    /// The same fact has come back from the hub: there is nothing to decide.
    Returned,
    /// It was booked again, or had been, as this fact.
    Adopted(FactId),
    /// It does not count.
    Discarded,
}

/// What to do with a fact that was set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Book it again.
    Adopt,
    /// Let it not count. Its text stays where it is.
    Discard,
}

/// What became of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decided {
    /// It is carried out.
    Done(FactId, Fate),
    /// The fact can't be adopted by this version, or not before another one.
    NotAdopted(FactId, NotAdopted),
}

/// Why a fact cannot be adopted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAdopted {
    /// It is of a kind that this version does not know.
    UnknownKind,
    /// It refers to this fact, which was set aside too and is not adopted.
    Needs(FactId),
}

impl Node {
    /// The facts that were set aside, by their names.
    pub fn set_aside(&self) -> Result<Vec<SetAside>> {
        let reader = self.books().reader()?;
        let mut facts = Vec::new();
        for kept in reader.set_aside()? {
            let fate = match kept.returned {
                Returned::Yes => Fate::Returned,
                // What was said of a day in a history that ended, and the rights that moved to it, are
                // nothing to the present one.
                Returned::No if is_of_its_history(&kept.text) => Fate::Discarded,
                Returned::No => fate(reader.note(&note_name(&kept))?.as_deref()),
            };
            facts.push(SetAside { kept, fate });
        }
        Ok(facts)
    }

    /// Decides on facts that were set aside and that nobody has decided on: these, or all when none
    /// is named.
    pub fn decide(&self, facts: &[FactId], decision: Decision) -> Result<Vec<Decided>> {
        let all = self.set_aside()?;
        let chosen: Vec<SetAsideFact> = all
            .iter()
            .filter(|fact| fact.fate == Fate::Open)
            .filter(|fact| facts.is_empty() || facts.contains(&fact.kept.id))
            .map(|fact| fact.kept.clone())
            .collect();
        let names = all.iter().map(|fact| (fact.kept.id, fact.fate)).collect();
        let decided = self.books().write(move |tx| decide(tx, &chosen, decision, names))?;
        Ok(decided)
    }
}

fn decide(
    tx: &mut Tx<'_>,
    chosen: &[SetAsideFact],
    decision: Decision,
    mut fates: BTreeMap<FactId, Fate>,
) -> Result<Vec<Decided>, BooksError> {
    let mut decided = Vec::with_capacity(chosen.len());
    for kept in chosen {
        let fate = match decision {
            Decision::Discard => {
                tell_parties(tx, kept, None)?;
                Ok(Fate::Discarded)
            }
            Decision::Adopt => adopt(tx, kept, &fates)?,
        };
        decided.push(match fate {
            Ok(fate) => {
                tx.set_note(&note_name(kept), &fate_note(fate))?;
                fates.insert(kept.id, fate);
                Decided::Done(kept.id, fate)
            }
            Err(why) => Decided::NotAdopted(kept.id, why),
        });
    }
    Ok(decided)
}

fn adopt(
    tx: &mut Tx<'_>,
    kept: &SetAsideFact,
    fates: &BTreeMap<FactId, Fate>,
) -> Result<Result<Fate, NotAdopted>, BooksError> {
    let mut fact = read(kept)?;
    // Whoever asked for it may have asked again since: then it is booked already.
    if let Some(request) = &fact.request
        && let Some(id) = tx.request(request)?
    {
        return Ok(Ok(Fate::Adopted(id)));
    }
    if let Err(why) = point_to_adopted(&mut fact, fates) {
        return Ok(Err(why));
    }
    let happened = fact.happened_on();
    fact.date = tx.open_day(happened)?;
    fact.true_date = (fact.date != happened).then_some(happened);
    (fact.id, fact.bill) = (tx.next_fact_id()?, tx.next_bill(fact.date)?);
    tx.append_fact(&fact, &json::to_text(&fact))?;
    tell_parties(tx, kept, Some(&fact))?;
    Ok(Ok(Fate::Adopted(fact.id)))
}

/// Where the fact was part of a transfer or a purchase, the other parties may have been told of it: that is taken
/// back, and they are told of the fact that takes its place.
fn tell_parties(
    tx: &mut Tx<'_>,
    kept: &SetAsideFact,
    adopted: Option<&Fact>,
) -> Result<(), BooksError> {
    let fact = read(kept)?;
    tx.retell_fact(kept.id, &fact, adopted)
}

fn read(kept: &SetAsideFact) -> Result<Fact, BooksError> {
    json::from_text(&kept.text).map_err(|error| BooksError::Text {
        what: "a fact that was set aside",
        text: kept.text.clone(),
        source: error.into(),
    })
}

/// Lets a fact refer to what took the place of the facts that it referred to.
fn point_to_adopted(fact: &mut Fact, fates: &BTreeMap<FactId, Fate>) -> Result<(), NotAdopted> {
    let source = match &mut fact.body {
        Body::DayClose(_) | Body::Value(escrow::Act::Moved(_)) | Body::Unknown { .. } => {
            return Err(NotAdopted::UnknownKind);
        }
        Body::SaleReturn { source: Some(source), .. } => source,
        Body::Reversal { of, .. } => of,
        Body::Purchase(Act::SentBack(sent)) => &mut sent.receipt,
        _ => return Ok(()),
    };
    match fates.get(source) {
        None | Some(Fate::Returned) => Ok(()),
        Some(Fate::Adopted(id)) => {
            *source = *id;
            Ok(())
        }
        Some(Fate::Open | Fate::Discarded) => Err(NotAdopted::Needs(*source)),
    }
}

fn is_of_its_history(text: &str) -> bool {
    let of_its_history =
        |body: &Body| matches!(body, Body::DayClose(_) | Body::Value(escrow::Act::Moved(_)));
    json::from_text(text).is_ok_and(|fact| of_its_history(&fact.body))
}

fn note_name(kept: &SetAsideFact) -> String {
    let hash = blake3::hash(kept.text.as_bytes()).to_hex();
    format!("set-aside.{}.{}", kept.id, &hash[..HASH_LEN])
}

fn fate_note(fate: Fate) -> String {
    match fate {
        Fate::Adopted(id) => format!("adopted {id}"),
        Fate::Discarded => "discarded".to_owned(),
        Fate::Open | Fate::Returned => String::new(),
    }
}

fn fate(note: Option<&str>) -> Fate {
    match note {
        Some("discarded") => Fate::Discarded,
        Some(note) => {
            let id = note.strip_prefix("adopted ").and_then(|id| id.parse().ok());
            id.map_or(Fate::Open, Fate::Adopted)
        }
        None => Fate::Open,
    }
}
