//! Terms (条款): what head office says of a product for some stores or some of the time.

use thiserror::Error;

use crate::{bounds, price};

/// What a term's key begins with.
const PRICE: &str = "price@";
const BOUNDS: &str = "bounds@";

/// Which term of a product: two with the same name are one, and merge as one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Term {
    /// An entry of a price list: `price@retail@group:north@2026-12-01T00:00`.
    Price(price::Key),
    /// How much stores should have of it: `bounds@store:S012@12-01..02-28`.
    Bounds(bounds::Key),
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
}

impl Term {
    /// Its name in the documents.
    pub fn name(&self) -> String {
        match self {
            Self::Price(key) => format!("{PRICE}{key}"),
            Self::Bounds(key) => format!("{BOUNDS}{key}"),
        }
    }

    /// The term of this name.
    pub fn named(name: &str) -> Option<Self> {
        if let Some(key) = name.strip_prefix(PRICE) {
            return key.parse().ok().map(Self::Price);
        }
        name.strip_prefix(BOUNDS)?.parse().ok().map(Self::Bounds)
    }

    /// Checks what is said under its name.
    pub fn check(&self, text: &str) -> Result<(), TermError> {
        match self {
            Self::Price(key) => Ok(price::Entry::read(key, text).map(drop)?),
            Self::Bounds(key) => Ok(bounds::Entry::read(key, text).map(drop)?),
        }
    }
}
