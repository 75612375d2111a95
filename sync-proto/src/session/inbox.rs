//! What comes in: chunks checked, waiting for the replica, and the receipts for them.

use std::collections::{BTreeSet, VecDeque};
use std::mem;

use super::bounds::MAX_UNACKED_CHUNKS;
use crate::message::{Ack, Refused};
use crate::replica::{Applied, Outcome, Quarantined, RefusedBy};
use crate::{Actor, Admission, Admitted, Claim, Collection, DocId, Refusal, WireChange};

/// Where receiving stands.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    last_number: u64,
    checked: VecDeque<Incoming>,
    /// The chunks that the replica is taking in as one transaction.
    applying: Vec<Incoming>,
    /// Where a change was refused since the peers last compared. What its actor wrote after it has
    /// nothing to stand on.
    refused: BTreeSet<(DocId, Option<Actor>)>,
}

/// A chunk as it was found.
#[derive(Debug)]
struct Incoming {
    number: u64,
    good: Vec<Admitted>,
    /// For each change of the chunk, what was found.
    found: Vec<Found>,
}

#[derive(Debug)]
enum Found {
    /// The replica decides.
    Good { doc: DocId, claim: Claim },
    /// Refused for this reason.
    Bad(String),
}

/// What became of the chunks that were applied.
#[derive(Debug, Default)]
pub(super) struct Receipt {
    pub(super) acks: Vec<Ack>,
    pub(super) new: usize,
    pub(super) collections: BTreeSet<Collection>,
    pub(super) quarantined: Vec<Quarantined>,
}

impl Inbox {
    /// The peers compare anew: what was refused may come again, and stand this time.
    pub(super) fn forgive(&mut self) {
        self.refused.clear();
    }

    /// Whether another chunk may come, and whether this is its number.
    pub(super) fn accepts(&self, number: u64) -> Result<(), &'static str> {
        if number != self.last_number + 1 {
            return Err("a chunk out of turn");
        }
        if self.checked.len() + self.applying.len() >= MAX_UNACKED_CHUNKS {
            return Err("more chunks than may be unacknowledged");
        }
        Ok(())
    }

    /// Checks the changes of an accepted chunk. Gives back what was refused for the first time.
    pub(super) fn check(
        &mut self,
        admission: &Admission,
        number: u64,
        changes: Vec<WireChange>,
    ) -> Vec<Quarantined> {
        self.last_number = number;
        let mut incoming = Incoming { number, good: Vec::new(), found: Vec::new() };
        let mut refusals = Vec::new();
        for change in changes {
            incoming.found.push(match admission.admit(change) {
                Ok(change) if self.refused.contains(&(change.doc.clone(), Some(change.actor))) => {
                    Found::Bad("it follows a refused change".to_owned())
                }
                Ok(change) => {
                    let claim =
                        Claim { actor: change.actor, seq: change.seq, hash: Some(change.hash) };
                    let doc = change.doc.clone();
                    incoming.good.push(change);
                    Found::Good { doc, claim }
                }
                Err(refusal) => {
                    let reason = refusal.reason.to_string();
                    if self.note(&refusal.doc, refusal.claims.as_ref().map(|claim| claim.actor)) {
                        refusals.push(quarantined(refusal));
                    }
                    Found::Bad(reason)
                }
            });
        }
        self.checked.push_back(incoming);
        refusals
    }

    /// All that is checked, as one batch for the replica, unless it is still busy with another.
    pub(super) fn next_batch(&mut self) -> Option<Vec<Admitted>> {
        if !self.applying.is_empty() || self.checked.is_empty() {
            return None;
        }
        self.applying = mem::take(&mut self.checked).into();
        Some(self.applying.iter_mut().flat_map(|chunk| mem::take(&mut chunk.good)).collect())
    }

    /// The replica's answer to the batch; `None` if it does not answer one for one.
    pub(super) fn applied(&mut self, applied: Applied) -> Option<Receipt> {
        let mut receipt = Receipt::default();
        let mut outcomes = applied.outcomes.into_iter();
        for chunk in mem::take(&mut self.applying) {
            let mut refused = Vec::new();
            for (index, found) in (0..).zip(chunk.found) {
                let reason = match found {
                    Found::Bad(reason) => Some(reason),
                    Found::Good { doc, claim } => match outcomes.next()? {
                        Outcome::Duplicate => None,
                        Outcome::Applied => {
                            receipt.new += 1;
                            receipt.collections.extend(doc.collections());
                            None
                        }
                        Outcome::Quarantined(reason) => {
                            if self.note(&doc, Some(claim.actor)) {
                                receipt.quarantined.push(Quarantined {
                                    doc,
                                    refused_by: RefusedBy::Us,
                                    claim: Some(claim),
                                    reason: reason.clone(),
                                });
                            }
                            Some(reason)
                        }
                    },
                };
                refused.extend(reason.map(|reason| Refused { index, reason }));
            }
            receipt.acks.push(Ack { chunk: chunk.number, head: applied.head, refused });
        }
        outcomes.next().is_none().then_some(receipt)
    }

    /// Whether everything that came is durable or refused.
    pub(super) fn is_quiet(&self) -> bool {
        self.checked.is_empty() && self.applying.is_empty()
    }

    /// In how many places something was refused.
    pub(super) fn refusals(&self) -> usize {
        self.refused.len()
    }

    /// Notes a refusal; whether it is the first in that place.
    fn note(&mut self, doc: &DocId, actor: Option<Actor>) -> bool {
        self.refused.insert((doc.clone(), actor))
    }
}

fn quarantined(refusal: Refusal) -> Quarantined {
    Quarantined {
        reason: refusal.reason.to_string(),
        doc: refusal.doc,
        refused_by: RefusedBy::Us,
        claim: refusal.claims.map(|claim| *claim),
    }
}
