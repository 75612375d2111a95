//! Corrections (更正单): what head office wants a store to book because a check found something, and
//! what became of it.
//!
//! Head office proposes, a person there approves or rejects, and the store books a fact and says
//! which. Nothing is corrected without that fact. [`status`] reads whatever is there, in any order.
//!
//! | name of an entry | who may write it |
//! |---|---|
//! | `propose`, `approve`, `reject` | head office |
//! | `done`, `refuse` | the store that the proposal names |

mod text;

use crate::amount::Money;
use crate::command::{AdjustLine, Command, RevalueLine};
use crate::id::{FactId, Operator, RequestId, Sku, StoreId};
use crate::order::Party;
use crate::time::Timestamp;

pub use text::read;

/// What a party says, and when.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Said {
    /// Who says so.
    pub by: Party,
    /// When, by that party's clock.
    pub at: Timestamp,
    /// The person behind it, if known.
    pub operator: Option<Operator>,
    /// What it says.
    pub step: Step,
}

/// What a party says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// This is to be booked (提议).
    Propose(Proposed),
    /// Let it be booked (批准).
    Approve {
        /// Why whoever proposed it approves it too, if it is so.
        alone: Option<Box<str>>,
    },
    /// It is not to be booked (驳回).
    Reject {
        /// Why.
        reason: Box<str>,
    },
    /// It is booked (已更正).
    Done {
        /// As which fact.
        fact: FactId,
    },
    /// It cannot be booked (无法更正).
    Refuse {
        /// Why.
        reason: Box<str>,
    },
}

impl Step {
    /// The name of the entry that says this.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Propose(_) => "propose",
            Self::Approve { .. } => "approve",
            Self::Reject { .. } => "reject",
            Self::Done { .. } => "done",
            Self::Refuse { .. } => "refuse",
        }
    }
}

/// What is to be booked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Proposed {
    /// By which store.
    pub store: StoreId,
    /// Because of which finding.
    pub finding: Box<str>,
    /// What.
    pub remedy: Remedy,
    /// Why.
    pub reason: Box<str>,
}

/// The correcting fact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Remedy {
    /// A correction of the quantity on hand (库存调整).
    Adjust {
        /// Of what.
        sku: Sku,
        /// The difference, in thousandths: positive is added.
        quantity: i64,
    },
    /// A correction of the cost of what is on hand, which moves no goods (成本调整).
    Revalue {
        /// Of what.
        sku: Sku,
        /// The difference: positive is added.
        value: Money,
    },
    /// A fact is undone as a whole (红冲).
    Reverse {
        /// Which.
        fact: FactId,
    },
}

impl Remedy {
    /// Its name in the stored form and in lists.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Adjust { .. } => "adjust",
            Self::Revalue { .. } => "revalue",
            Self::Reverse { .. } => "reverse",
        }
    }

    /// The SKU whose position decides about the fact, if one does.
    pub const fn sku(&self) -> Option<&Sku> {
        match self {
            Self::Adjust { sku, .. } | Self::Revalue { sku, .. } => Some(sku),
            Self::Reverse { .. } => None,
        }
    }

    /// The command that books it; none for a reversal, which needs the fact, and for a quantity out
    /// of range.
    pub fn command(&self, reason: &str) -> Option<Command> {
        let reason = reason.into();
        Some(match self {
            Self::Adjust { sku, quantity } => {
                let quantity = crate::amount::Quantity::from_thousandths(*quantity).ok()?;
                let lines = vec![AdjustLine { sku: sku.clone(), lot: None, quantity }];
                Command::Adjust { lines, reason }
            }
            Self::Revalue { sku, value } => {
                let lines = vec![RevalueLine { sku: sku.clone(), value: *value }];
                Command::Revalue { lines, reason }
            }
            Self::Reverse { .. } => return None,
        })
    }
}

/// A correction as its entries tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// What was proposed, by whom and when; none while that has not been seen.
    pub proposed: Option<(Proposed, Option<Operator>, Timestamp)>,
    /// How far it has come.
    pub stage: Stage,
}

/// How far a correction has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// No proposal has been seen.
    Unknown,
    /// Nobody has decided.
    Proposed,
    /// The store may book it.
    Approved {
        /// Who said so.
        by: Option<Operator>,
        /// Why it is the same person who proposed it, if it is so.
        alone: Option<Box<str>>,
    },
    /// It is not to be booked.
    Rejected {
        /// Who said so.
        by: Option<Operator>,
        /// Why.
        reason: Box<str>,
    },
    /// It is booked.
    Done {
        /// As which fact.
        fact: FactId,
        /// When, by the store's clock.
        at: Timestamp,
    },
    /// The store cannot book it.
    Refused {
        /// Why.
        reason: Box<str>,
    },
}

impl Stage {
    /// Its name in lists.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Proposed => "proposed",
            Self::Approved { .. } => "approved",
            Self::Rejected { .. } => "rejected",
            Self::Done { .. } => "done",
            Self::Refused { .. } => "refused",
        }
    }
}

/// Reads how far a correction has come: a function of the set of entries alone. What is booked is
/// booked, whatever else was said; and a correction that was both approved and rejected is not
/// booked.
pub fn status<'a>(entries: impl IntoIterator<Item = &'a Said>) -> Correction {
    let mut entries: Vec<&Said> = entries.into_iter().collect();
    entries.sort_unstable();
    let office = |said: &&&Said| said.by == Party::HeadOffice;
    let proposed = entries.iter().filter(office).find_map(|said| match &said.step {
        Step::Propose(proposed) => Some((proposed.clone(), said.operator.clone(), said.at)),
        _ => None,
    });
    let Some((order, ..)) = &proposed else {
        return Correction { proposed, stage: Stage::Unknown };
    };
    let store = Party::Store(order.store.clone());
    let by_store = entries.iter().filter(|said| said.by == store);
    let done = by_store.clone().find_map(|said| match said.step {
        Step::Done { fact } => Some(Stage::Done { fact, at: said.at }),
        _ => None,
    });
    let refused = by_store.clone().find_map(|said| match &said.step {
        Step::Refuse { reason } => Some(Stage::Refused { reason: reason.clone() }),
        _ => None,
    });
    let rejected = entries.iter().filter(office).find_map(|said| match &said.step {
        Step::Reject { reason } => {
            Some(Stage::Rejected { by: said.operator.clone(), reason: reason.clone() })
        }
        _ => None,
    });
    let approved = entries.iter().filter(office).find_map(|said| match &said.step {
        Step::Approve { alone } => {
            Some(Stage::Approved { by: said.operator.clone(), alone: alone.clone() })
        }
        _ => None,
    });
    let stage = done.or(refused).or(rejected).or(approved).unwrap_or(Stage::Proposed);
    Correction { proposed, stage }
}

/// The request under which a store books a correction, so that it is booked once.
pub fn request(id: &str) -> Option<RequestId> {
    RequestId::new(&format!("correction {id}")).ok()
}

#[cfg(test)]
mod tests;
