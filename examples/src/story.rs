//! The story of a chain that sells, loses its network and comes out even.

mod day;
mod moves;
mod replay;
mod show;
mod summary;

use std::path::PathBuf;

use ledger::amount::AmountError;
use ledger::id::IdError;
use store_node::import::{ImportError, MappingError};
use thiserror::Error;

pub use day::{Day, tell as tell_day};
pub use replay::{Replay, tell as tell_replay};
pub use summary::Summary;

use crate::recount::RecountError;
use crate::stage::StageError;
use crate::till::TillError;

/// Why the story could not be told to its end.
#[derive(Debug, Error)]
pub enum StoryError {
    /// The stage fell apart.
    #[error("the stage fell apart")]
    Stage(#[from] StageError),
    /// A till stopped.
    #[error("a till stopped")]
    Till(#[from] TillError),
    /// A file could not be imported.
    #[error("a file could not be imported")]
    Import(#[from] ImportError),
    /// A mapping could not be read.
    #[error("a mapping could not be read")]
    Mapping(#[from] MappingError),
    /// The files could not be recounted.
    #[error("the files could not be recounted")]
    Recount(#[from] RecountError),
    /// An id is wrong.
    #[error("an id is wrong")]
    Id(#[from] IdError),
    /// An amount is out of range.
    #[error("an amount is out of range")]
    Amount(#[source] AmountError),
    /// Something that the mapping needs is not there.
    #[error("{} is missing; {hint}", path.display())]
    Missing {
        /// What was looked for.
        path: PathBuf,
        /// What to do.
        hint: &'static str,
    },
    /// The node refused a document of the files.
    #[error("a store refused document {document}: {reason}")]
    Refused {
        /// Which document.
        document: String,
        /// Why.
        reason: String,
    },
    /// A temporary folder could not be made.
    #[error("cannot make a folder for the stores")]
    Folder(#[source] std::io::Error),
}

impl From<books::BooksError> for StoryError {
    fn from(error: books::BooksError) -> Self {
        Self::Stage(error.into())
    }
}

impl From<hub::HubError> for StoryError {
    fn from(error: hub::HubError) -> Self {
        Self::Stage(error.into())
    }
}

impl From<store_node::NodeError> for StoryError {
    fn from(error: store_node::NodeError) -> Self {
        Self::Stage(error.into())
    }
}
