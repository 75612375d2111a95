//! What was booked: the history backwards, and one fact in full.

use std::collections::BTreeMap;

use books::read::{HistoryFilter, Page};
use books::{LinkKind, StoredFact};
use ledger::id::{FactId, StoreId};
use ledger::time::{BusinessDate, Timestamp};
use serde::{Deserialize, Serialize};

use super::Named;
use super::booking::names;
use super::held::NotHere;
use crate::book::Refused;
use crate::door::Ask;
use crate::error::Result;
use crate::node::Node;
use crate::request::FactRef;
use crate::text;
use crate::view::FactView;

/// The most facts of one answer: a busy day of a store.
pub const MAX_FACTS: usize = 5_000;

/// List facts, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListFacts {
    /// From this day on.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub from: Option<BusinessDate>,
    /// Up to this day.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub to: Option<BusinessDate>,
    /// Only facts of this kind: `sale`, `return` …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Only facts before this one: where the last answer ended.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub before: Option<FactId>,
    /// At most so many, and never more than [`MAX_FACTS`].
    pub limit: usize,
}

/// Facts, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// The store.
    #[serde(with = "text")]
    pub store: StoreId,
    /// When the books were asked.
    #[serde(with = "text::instant")]
    pub as_of: Timestamp,
    /// The facts.
    pub facts: Vec<FactView>,
    /// Where to go on, if there may be more.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub before: Option<FactId>,
    /// What of the history is not here, so that it is missing above.
    #[serde(default, skip_serializing_if = "NotHere::is_nothing")]
    pub not_here: NotHere,
}

impl Ask for ListFacts {
    const PATH: &'static str = "/v1/history";
    type Answer = History;

    fn answer(self, node: &Node) -> Result<History> {
        let limit = self.limit.min(MAX_FACTS);
        let filter = HistoryFilter { from: self.from, to: self.to, kind: self.kind };
        let page = Page { before: self.before, limit };
        let reader = node.books().reader()?;
        let found = reader.history(node.store(), &filter, page)?;
        let full = found.len() == limit;
        let before = found.last().map(|stored| stored.fact.id).filter(|_| full);
        let facts = found.iter().map(|stored| FactView::from(&stored.fact)).collect();
        let (store, as_of) = (node.store().clone(), node.now());
        Ok(History { store, as_of, facts, before, not_here: NotHere::of(&reader)? })
    }
}

/// Show one fact in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowFact {
    /// Which.
    #[serde(with = "text")]
    pub fact: FactRef,
}

/// A fact and what was done to it since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactInFull {
    /// The fact.
    pub fact: FactView,
    /// What people call the products in it, by SKU.
    pub names: BTreeMap<String, Named>,
    /// Returns and reversals that name it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Correction>,
    /// Its text, as it is kept, hashed and sent.
    pub text: String,
}

/// A fact that corrects another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// Its id.
    #[serde(with = "text")]
    pub id: FactId,
    /// How it corrects: `return` or `reversal`.
    pub kind: String,
}

impl ShowFact {
    /// The fact, with its text.
    pub(super) fn find(&self, node: &Node) -> Result<StoredFact> {
        let reader = node.books().reader()?;
        let found = match &self.fact {
            FactRef::Id(id) => reader.fact(node.store(), *id)?,
            FactRef::Bill(bill) => reader.fact_by_bill(bill)?,
        };
        Ok(found.ok_or_else(|| Refused::NoSuchFact { which: self.fact.clone() })?)
    }
}

impl Ask for ShowFact {
    const PATH: &'static str = "/v1/fact";
    type Answer = FactInFull;

    fn answer(self, node: &Node) -> Result<FactInFull> {
        let StoredFact { fact, text } = self.find(node)?;
        let corrections = node.books().reader()?.corrections(node.store(), fact.id)?;
        let correction = |link: &books::FactLink| {
            let kind = match link.kind {
                LinkKind::Return => "return",
                LinkKind::Reversal => "reversal",
            };
            Correction { id: link.id, kind: kind.to_owned() }
        };
        Ok(FactInFull {
            names: names(node, &fact)?,
            fact: FactView::from(&fact),
            corrections: corrections.iter().map(correction).collect(),
            text,
        })
    }
}
