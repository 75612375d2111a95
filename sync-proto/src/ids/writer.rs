//! Who may author changes.

use std::fmt;
use std::str::FromStr;

use ledger::id::{Epoch, IdError, StoreId};

use super::text;

/// One chain of stores: everything that reconciles with one hub. Made once, at the hub's start.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChainId(Box<str>);

impl ChainId {
    /// Parses the id: letters and digits of ASCII, `-`, `_`, `.`.
    pub fn new(text: &str) -> Result<Self, IdError> {
        text::plain("chain id", text).map(Self)
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ChainId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::new(text)
    }
}

impl fmt::Display for ChainId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for ChainId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A replica that may author changes. As text: `hub` or `store/S012`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Writer {
    /// Head office.
    Hub,
    /// One store's node.
    Store(StoreId),
}

impl Writer {
    /// The store, unless this is the hub.
    pub const fn store(&self) -> Option<&StoreId> {
        match self {
            Self::Hub => None,
            Self::Store(store) => Some(store),
        }
    }
}

impl fmt::Display for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hub => f.write_str("hub"),
            Self::Store(store) => write!(f, "store/{store}"),
        }
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for Writer {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        if text == "hub" {
            return Ok(Self::Hub);
        }
        let store = text.strip_prefix("store/").ok_or_else(|| text::malformed("writer", text))?;
        StoreId::new(store).map(Self::Store)
    }
}

/// A writer in one of its histories. As text: `hub#1` or `store/S012#2`.
///
/// It stands in the message of every change outside the day books, so that a replica that gets the
/// change by way of another can tell whose it is and check the actor against it. In a day book
/// the document names the store and the facts' keys name the epoch.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Authorship {
    /// Who.
    pub writer: Writer,
    /// In which history.
    pub epoch: Epoch,
}

impl fmt::Display for Authorship {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.writer, self.epoch.number())
    }
}

impl fmt::Debug for Authorship {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for Authorship {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let bad = || text::malformed("authorship", text);
        let (writer, epoch) = text.rsplit_once('#').ok_or_else(bad)?;
        let epoch = text::number(epoch).and_then(Epoch::new).ok_or_else(bad)?;
        Ok(Self { writer: writer.parse()?, epoch })
    }
}
