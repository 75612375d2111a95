//! Products that stores propose: list them, answer.

use std::collections::BTreeMap;

use books::read::ProposalRow;
pub use console::proposals::ProposalView;
use ledger::catalog::proposal::Verdict;
use ledger::catalog::{Field, Product};
use ledger::id::Sku;
use serde::{Deserialize, Serialize};

use crate::door::Ask;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::text;

/// List what stores have proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListProposals {
    /// Which.
    pub which: WhichProposals,
}

/// Which proposals to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhichProposals {
    /// Those without an answer.
    Open,
    /// All of them.
    All,
}

impl Ask for ListProposals {
    const PATH: &'static str = "/v1/product/proposals";
    type Answer = Vec<ProposalView>;

    fn answer(self, hub: &Hub) -> Result<Vec<ProposalView>> {
        let catalog = hub.catalog()?;
        let rows = hub.reader()?.proposals(None)?.into_iter();
        let wanted = |row: &ProposalRow| self.which == WhichProposals::All || row.verdict.is_none();
        Ok(rows.filter(wanted).map(|row| view(catalog.get(&row.sku), &row)).collect())
    }
}

/// Answer a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerProposal {
    /// The provisional SKU.
    #[serde(with = "text")]
    pub sku: Sku,
    /// What head office says.
    pub answer: Answer,
}

/// What head office says to a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It is a product of the chain, with these fields by name.
    Accept(BTreeMap<String, String>),
    /// It is this product.
    Merge(#[serde(with = "text")] Sku),
    /// It is not to be sold, and why.
    Reject(String),
}

impl Ask for AnswerProposal {
    const PATH: &'static str = "/v1/product/answer";
    type Answer = ProposalView;

    fn answer(self, hub: &Hub) -> Result<ProposalView> {
        let (verdict, given) = match self.answer {
            Answer::Accept(given) => (Verdict::Accepted, given),
            Answer::Merge(into) => (Verdict::Merged(into), BTreeMap::new()),
            Answer::Reject(why) => (Verdict::Rejected(why.into()), BTreeMap::new()),
        };
        let mut fields = BTreeMap::new();
        for (name, text) in given {
            let field = Field::named(&name).ok_or(HubError::NoField { field: name })?;
            fields.insert(field, text);
        }
        let row = hub.answer_proposal(&self.sku, &verdict, fields)?;
        let product = hub.reader()?.product(&self.sku)?;
        Ok(view(product.as_ref(), &row))
    }
}

fn view(product: Option<&Product>, row: &ProposalRow) -> ProposalView {
    let unnamed = || Product::named_after(row.sku.clone());
    let product = product.cloned().unwrap_or_else(unnamed);
    ProposalView::of(&product, &row.proposal, row.verdict.as_ref())
}
