//! References: the sale that a return names and the fact that a reversal names are in the books of
//! the same store.
//!
//! *Fails on*: a return or reversal of a fact that does not exist, or of itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::numbers::Numbers;
use super::{Check, Evidence, Finding, Observed, Proposal};
use crate::fact::{Body, Fact};
use crate::id::{Epoch, FactId};
use crate::purchase::Act;

/// The check of one store.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct References {
    there: BTreeMap<Epoch, Numbers>,
    /// What names a fact that has not been seen yet. A clock set back puts a fact on an earlier day
    /// than the one it names.
    open: Vec<(FactId, Finding)>,
}

impl References {
    /// Of a store without facts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a fact in.
    pub fn fact(&mut self, fact: &Fact) {
        // Before the fact itself is there: it can't name itself.
        if let Some(named) = named(fact)
            && (named == fact.id || !self.contains(named))
        {
            let evidence = Evidence::new(Observed::Fact(named), Observed::Nothing);
            let proposal = Proposal::ComparePaper;
            let finding = Finding::at(Check::OrphanReference, fact, evidence, proposal);
            self.open.push((named, finding));
        }
        self.there.entry(fact.id.epoch).or_default().insert(fact.id.seq);
    }

    /// The references that lead nowhere.
    pub fn finish(mut self, found: &mut Vec<Finding>) {
        for (named, finding) in std::mem::take(&mut self.open) {
            if finding.first_divergent == Some(named) || !self.contains(named) {
                found.push(finding);
            }
        }
    }

    fn contains(&self, id: FactId) -> bool {
        self.there.get(&id.epoch).is_some_and(|numbers| numbers.contains(id.seq))
    }
}

fn named(fact: &Fact) -> Option<FactId> {
    match &fact.body {
        Body::SaleReturn { source, .. } => *source,
        Body::Reversal { of, .. } => Some(*of),
        Body::Purchase(Act::SentBack(sent)) => Some(sent.receipt),
        Body::Opening
        | Body::GoodsReceipt { .. }
        | Body::Purchase(Act::Cleared { .. })
        | Body::RetailSale(_)
        | Body::StockAdjustment { .. }
        | Body::Scrap { .. }
        | Body::Assembly(_)
        | Body::Transfer(_)
        | Body::DayClose(_)
        | Body::Statement { .. }
        | Body::Stocktake { .. }
        | Body::Invoice(_)
        | Body::SupplierPayment(_)
        | Body::Shift(_)
        | Body::AlertAck(_)
        | Body::BinMove { .. }
        | Body::BinHome { .. }
        | Body::Value(_)
        | Body::Unknown { .. } => None,
    }
}
