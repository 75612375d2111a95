//! Products that the store proposes: propose, list, move what was merged.

use std::collections::BTreeMap;

use console::proposals::ProposalView;
use ledger::amount::Money;
use ledger::catalog::{Field, Product};
use ledger::id::Sku;
use serde::{Deserialize, Serialize};

use super::booking::Receipt;
use crate::door::Ask;
use crate::error::{NodeError, Result};
use crate::node::Node;
use crate::node::proposal::NewProduct;
use crate::request::About;
use crate::text;

/// Propose a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProposeProduct {
    /// Fields by name, and their texts.
    pub fields: BTreeMap<String, String>,
    /// What it sells for here until head office sets a price.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// Why, or where it comes from.
    #[serde(default)]
    pub note: String,
}

/// A product that was proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    /// Its provisional SKU.
    #[serde(with = "text")]
    pub sku: Sku,
}

impl Ask for ProposeProduct {
    const PATH: &'static str = "/v1/product/propose";
    type Answer = Proposed;

    fn answer(self, node: &Node) -> Result<Proposed> {
        let mut fields = BTreeMap::new();
        for (name, text) in self.fields {
            let field = Field::named(&name).ok_or(NodeError::NoField { field: name })?;
            fields.insert(field, text);
        }
        let new = NewProduct { fields, price: self.price, note: self.note.into() };
        Ok(Proposed { sku: node.propose(new)? })
    }
}

/// List what this store has proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListProposals {}

impl Ask for ListProposals {
    const PATH: &'static str = "/v1/product/proposals";
    type Answer = Vec<ProposalView>;

    fn answer(self, node: &Node) -> Result<Vec<ProposalView>> {
        let reader = node.books().reader()?;
        let mut views = Vec::new();
        for row in reader.proposals(None)? {
            if row.proposal.store == *node.store() {
                let known = reader.product(&row.sku)?;
                let product = known.unwrap_or_else(|| Product::named_after(row.sku.clone()));
                views.push(ProposalView::of(&product, &row.proposal, row.verdict.as_ref()));
            }
        }
        Ok(views)
    }
}

/// Move what is on hand of a merged product to the one that it was merged into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettleMerged {
    /// Under which name, by whom, on which day.
    #[serde(default)]
    pub about: About,
    /// The provisional SKU.
    #[serde(with = "text")]
    pub sku: Sku,
}

impl Ask for SettleMerged {
    const PATH: &'static str = "/v1/product/settle";
    type Answer = Receipt;

    fn answer(self, node: &Node) -> Result<Receipt> {
        Receipt::of(node, node.settle_merged(self.about, &self.sku)?)
    }
}
