//! What of the store's history is not here, and dropping old books.

use books::Reader;
use ledger::time::BusinessDate;
use serde::{Deserialize, Serialize};

use crate::door::Ask;
use crate::error::{NodeError, Result};
use crate::node::Node;
use crate::retain::KeptDays;
use crate::text;

/// Days that one transaction after another drops before it is asked how far it has come.
const DAYS_AT_ONCE: usize = 64;

/// What of the store's history is not here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotHere {
    /// How many facts are still to come from head office.
    #[serde(default)]
    pub awaited: u64,
    /// They are of days up to this one.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub awaited_through: Option<BusinessDate>,
    /// Of how many balances head office told more than the facts come to.
    #[serde(default)]
    pub left_over: u64,
    /// The books of days up to this one were dropped here; head office has them.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub dropped_through: Option<BusinessDate>,
}

impl NotHere {
    pub(super) fn of(reader: &Reader) -> Result<Self> {
        let books::read::Carried { awaited, awaited_through, left_over, dropped_through } =
            reader.carried()?;
        Ok(Self { awaited, awaited_through, left_over, dropped_through })
    }

    /// Whether everything is here.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// Drop the books of old days that head office has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DropBooks {
    /// So many days are kept whole.
    pub keep: KeptDays,
}

/// What was dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// Days.
    pub days: u64,
    /// Their facts.
    pub facts: u64,
    /// Bytes that their changes took in the file.
    pub bytes: u64,
    /// What is not here now.
    pub not_here: NotHere,
}

impl Ask for DropBooks {
    const PATH: &'static str = "/v1/books/drop";
    type Answer = Dropped;

    fn answer(self, node: &Node) -> Result<Dropped> {
        if node.config().hub.is_none() {
            return Err(NodeError::Standalone);
        }
        let (mut days, mut facts, mut bytes) = (0, 0, 0);
        loop {
            let since = self.keep.since(node.today());
            let dropped = node.books().drop_days(since, DAYS_AT_ONCE)?;
            days += dropped.days;
            facts += dropped.facts;
            bytes += dropped.bytes;
            if dropped.days == 0 {
                break;
            }
        }
        let not_here = NotHere::of(&node.books().reader()?)?;
        Ok(Dropped { days, facts, bytes, not_here })
    }
}
