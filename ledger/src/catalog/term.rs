//! Terms (条款): what head office says of a product for some stores or some of the time.

use thiserror::Error;

use super::proposal::{Proposal, ProposalError, Verdict};
use crate::id::StoreId;
use crate::{bounds, price};

/// What a term's key begins with.
const PRICE: &str = "price@";
const BOUNDS: &str = "bounds@";
const PROPOSAL: &str = "proposal@";
const VERDICT: &str = "verdict";

/// Which term of a product: two with the same name are one, and merge as one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Term {
    /// An entry of a price list: `price@retail@group:north@2026-12-01T00:00`.
    Price(price::Key),
    /// How much stores should have of it: `bounds@store:S012@12-01..02-28`.
    Bounds(bounds::Key),
    /// That a store proposes it: `proposal@S012`.
    Proposal(StoreId),
    /// What head office says to that: `verdict`.
    Verdict,
}

/// Why a text is not what a term says.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TermError {
    /// No entry of a price list.
    #[error("the price list entry is wrong: {0}")]
    Price(#[from] price::EntryError),
    /// No stock bounds.
    #[error("the stock bounds are wrong: {0}")]
    Bounds(#[from] bounds::BoundsError),
    /// No proposal, or no verdict on one.
    #[error("the proposal or verdict is wrong: {0}")]
    Proposal(#[from] ProposalError),
}

impl Term {
    /// Its name in the documents.
    pub fn name(&self) -> String {
        match self {
            Self::Price(key) => format!("{PRICE}{key}"),
            Self::Bounds(key) => format!("{BOUNDS}{key}"),
            Self::Proposal(store) => format!("{PROPOSAL}{store}"),
            Self::Verdict => VERDICT.to_owned(),
        }
    }

    /// The term of this name.
    pub fn named(name: &str) -> Option<Self> {
        if let Some(key) = name.strip_prefix(PRICE) {
            return key.parse().ok().map(Self::Price);
        }
        if let Some(store) = name.strip_prefix(PROPOSAL) {
            return store.parse().ok().map(Self::Proposal);
        }
        if name == VERDICT {
            return Some(Self::Verdict);
        }
        name.strip_prefix(BOUNDS)?.parse().ok().map(Self::Bounds)
    }

    /// Checks what is said under its name.
    pub fn check(&self, text: &str) -> Result<(), TermError> {
        match self {
            Self::Price(key) => Ok(price::Entry::read(key, text).map(drop)?),
            Self::Bounds(key) => Ok(bounds::Entry::read(key, text).map(drop)?),
            Self::Proposal(store) => Ok(Proposal::read(store, text).map(drop)?),
            Self::Verdict => Ok(Verdict::read(text).map(drop)?),
        }
    }
}
