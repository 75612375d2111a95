//! What a question is answered with.

use serde::{Deserialize, Serialize};

use super::question::Question;
use super::sheet::Sheet;

/// A report as it came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// What was asked.
    #[serde(flatten)]
    pub question: Question,
    /// The figures.
    #[serde(flatten)]
    pub sheet: Sheet,
    /// What to know about them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

/// Something to know about a report's figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "note", rename_all = "snake_case")]
pub enum Note {
    /// In so many rows opening + in − out is not closing: the books are damaged.
    Unbalanced {
        /// In how many.
        rows: u64,
    },
    /// So many facts are left out: what they come to is not known here.
    LeftOut {
        /// How many.
        facts: u64,
    },
    /// Facts of days up to one are still to come from head office.
    Awaited {
        /// The day.
        through: String,
    },
    /// The receipts of days up to one were dropped here; head office has them.
    Dropped {
        /// The day.
        through: String,
    },
}
