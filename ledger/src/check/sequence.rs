//! The sequence: a node numbers its facts without gaps from one in each epoch, so the hub holds all
//! of a history up to its newest fact, and each number once.
//!
//! *Fails on*: a fact that is missing before one that is there, or two facts of one number.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::numbers::{Numbers, Seen};
use super::{Check, Evidence, Finding, Observed, Proposal};
use crate::fact::Fact;
use crate::id::{Epoch, FactId, StoreId};

/// The check of one store.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sequence {
    store: StoreId,
    epochs: BTreeMap<Epoch, Numbers>,
}

impl Sequence {
    /// Of a store without facts.
    pub fn new(store: &StoreId) -> Self {
        Self { store: store.clone(), epochs: BTreeMap::new() }
    }

    /// Takes a fact in, in any order.
    pub fn fact(&mut self, fact: &Fact, found: &mut Vec<Finding>) {
        let numbers = self.epochs.entry(fact.id.epoch).or_default();
        if numbers.insert(fact.id.seq) == Seen::Again {
            let evidence = Evidence::new(Observed::Nothing, Observed::Fact(fact.id));
            let proposal = Proposal::ComparePaper;
            found.push(Finding::at(Check::Sequence, fact, evidence, proposal));
        }
    }

    /// The gaps, each with the first fact after it.
    pub fn finish(self, found: &mut Vec<Finding>) {
        for (epoch, numbers) in self.epochs {
            for (first, last) in numbers.gaps() {
                let after = FactId { epoch, seq: last + 1 };
                found.push(Finding {
                    check: Check::Sequence,
                    store: Some(self.store.clone()),
                    sku: None,
                    date: None,
                    first_divergent: Some(after),
                    subject: None,
                    evidence: Evidence::new(Observed::Numbers(first, last), Observed::Nothing),
                    proposal: Proposal::Reconnect,
                });
            }
        }
    }
}
