//! Facts that were set aside after a restore or a clone, and what a person decides on them.

use ledger::id::FactId;
use ledger::json;
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::door::Ask;
use crate::error::Result;
use crate::node::Node;
use crate::node::forks::{Decided, Decision, Fate, NotAdopted};
use crate::text;
use crate::view::FactView;

/// List the facts that were set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListForks {}

/// A fact that was set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForkedFact {
    /// Its name then.
    #[serde(with = "text")]
    pub id: FactId,
    /// When it was set aside.
    #[serde(with = "text::instant")]
    pub set_aside_at: Timestamp,
    /// What became of it.
    pub state: State,
    /// The fact that took its place.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub adopted_as: Option<FactId>,
    /// The fact, if this version can read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<FactView>,
}

/// What became of a fact that was set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// A person has to decide.
    Open,
    /// The same fact came back from the hub.
    Returned,
    /// It was booked again.
    Adopted,
    /// It does not count.
    Discarded,
}

impl Ask for ListForks {
    const PATH: &'static str = "/v1/forks";
    type Answer = Vec<ForkedFact>;

    fn answer(self, node: &Node) -> Result<Vec<ForkedFact>> {
        let forked = |fact: crate::node::forks::SetAside| {
            let (state, adopted_as) = state(fact.fate);
            ForkedFact {
                id: fact.kept.id,
                set_aside_at: fact.kept.at,
                state,
                adopted_as,
                fact: json::from_text(&fact.kept.text).ok().as_ref().map(FactView::from),
            }
        };
        Ok(node.set_aside()?.into_iter().map(forked).collect())
    }
}

/// Decide on facts that were set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecideForks {
    /// Their names then; empty for all that are open.
    #[serde(default)]
    pub facts: Vec<FactName>,
    /// What to do with them.
    pub decision: Verdict,
}

/// A fact's name in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FactName(#[serde(with = "text")] pub FactId);

/// What to do with facts that were set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Book them again.
    Adopt,
    /// Let them not count.
    Discard,
}

/// What became of one of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecidedFact {
    /// Its name then.
    #[serde(with = "text")]
    pub id: FactId,
    /// What became of it.
    pub state: State,
    /// The fact that took its place.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub adopted_as: Option<FactId>,
    /// The fact that has to be adopted before.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub needs: Option<FactId>,
}

impl Ask for DecideForks {
    const PATH: &'static str = "/v1/forks/decide";
    type Answer = Vec<DecidedFact>;

    fn answer(self, node: &Node) -> Result<Vec<DecidedFact>> {
        let facts: Vec<FactId> = self.facts.into_iter().map(|FactName(id)| id).collect();
        let decision = match self.decision {
            Verdict::Adopt => Decision::Adopt,
            Verdict::Discard => Decision::Discard,
        };
        let decided = |decided| match decided {
            Decided::Done(id, fate) => {
                let (state, adopted_as) = state(fate);
                DecidedFact { id, state, adopted_as, needs: None }
            }
            Decided::NotAdopted(id, why) => {
                let needs = match why {
                    NotAdopted::Needs(id) => Some(id),
                    NotAdopted::UnknownKind => None,
                };
                DecidedFact { id, state: State::Open, adopted_as: None, needs }
            }
        };
        Ok(node.decide(&facts, decision)?.into_iter().map(decided).collect())
    }
}

const fn state(fate: Fate) -> (State, Option<FactId>) {
    match fate {
        Fate::Open => (State::Open, None),
        Fate::Returned => (State::Returned, None),
        Fate::Adopted(id) => (State::Adopted, Some(id)),
        Fate::Discarded => (State::Discarded, None),
    }
}
