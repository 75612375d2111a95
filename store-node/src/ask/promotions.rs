//! Promotions that concern this store, and what a basket would cost.

use std::collections::BTreeMap;

use console::promotion::{ListPromotions, PromotionView};
use ledger::amount::Money;
use serde::{Deserialize, Serialize};

use super::Named;
use super::booking::{names, promotion_names};
use crate::book::Notice;
use crate::door::Ask;
use crate::error::Result;
use crate::node::Node;
use crate::request::{About, Sell};
use crate::text;
use crate::view::{FactView, ReceiptView};

impl Ask for ListPromotions {
    const PATH: &'static str = "/v1/promotions";
    type Answer = Vec<PromotionView>;

    fn answer(self, node: &Node) -> Result<Vec<PromotionView>> {
        let all = node.promotions()?;
        let held = all.iter().filter(|one| self.at.is_none_or(|at| one.window.is_open(at)));
        Ok(held.map(PromotionView::from).collect())
    }
}

/// Show what a sale would cost, without booking it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuoteSale {
    /// By whom, on which day.
    #[serde(default)]
    pub about: About,
    /// The sale.
    pub sell: Sell,
}

/// What a sale would cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleQuote {
    /// What the customer would pay.
    #[serde(with = "text")]
    pub total: Money,
    /// Lines and payments, as they would be booked.
    pub receipt: ReceiptView,
    /// What people call the products, by SKU.
    pub names: BTreeMap<String, Named>,
    /// What the promotions are called, by number.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub promotions: BTreeMap<String, String>,
    /// What a person should look at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
}

impl Ask for QuoteSale {
    const PATH: &'static str = "/v1/quote";
    type Answer = SaleQuote;

    fn answer(self, node: &Node) -> Result<SaleQuote> {
        let drafted = node.quote(self.about, self.sell)?;
        let names = names(node, &drafted.fact)?;
        let promotions = promotion_names(node, &drafted.fact)?;
        let receipt = FactView::from(&drafted.fact).receipt;
        let none = || ReceiptView { total: Money::ZERO, lines: Vec::new(), payments: Vec::new() };
        let receipt = receipt.unwrap_or_else(none);
        Ok(SaleQuote { total: receipt.total, receipt, names, promotions, notices: drafted.notices })
    }
}
