//! Suppliers that cannot be found by what they were called.

use ledger::supplier::Supplier;
use thiserror::Error;

use crate::{Lang, Tell, Told, words};

/// Why it is not known which supplier is meant.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SupplierError {
    /// None has this id or name.
    #[error("there is no supplier `{name}`")]
    Unknown {
        /// What was given.
        name: String,
    },
    /// Several have this name.
    #[error("several suppliers are called `{name}`")]
    Ambiguous {
        /// What was given.
        name: String,
        /// Their ids.
        ids: Vec<String>,
    },
}

impl SupplierError {
    /// The one supplier among those that are called so.
    pub fn only(name: &str, mut called: Vec<Supplier>) -> Result<Supplier, Self> {
        let name = name.to_owned();
        match called.len() {
            1 => Ok(called.remove(0)),
            0 => Err(Self::Unknown { name }),
            _ => {
                let ids = called.iter().map(|supplier| supplier.id.to_string()).collect();
                Err(Self::Ambiguous { name, ids })
            }
        }
    }
}

impl Tell for SupplierError {
    fn tell(&self, lang: Lang) -> Told {
        match self {
            Self::Unknown { name } => Told::saying(lang.say(words::SupplierUnknown { name }))
                .hint(lang.say(words::SupplierUnknownHint)),
            Self::Ambiguous { name, ids } => {
                let ids = ids.join(", ");
                Told::saying(lang.say(words::SupplierAmbiguous { name, ids }))
                    .hint(lang.say(words::SupplierAmbiguousHint))
            }
        }
    }
}
