//! Book something: a sale, a return, a delivery, a correction.

use std::collections::{BTreeMap, BTreeSet};

use console::{Lang, Tell, Told};
use ledger::fact::{Body, Cause, Fact};
use ledger::id::PromotionId;
use serde::{Deserialize, Serialize};

use super::Named;
use crate::book::Notice;
use crate::door::Ask;
use crate::error::Result;
use crate::node::{Booked, Node, When};
use crate::request::Request;
use crate::view::FactView;

/// A booked request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The fact that answers the request.
    pub fact: FactView,
    /// The sale of what went in place of goods given back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub also: Option<FactView>,
    /// What people call the products in it, by SKU.
    pub names: BTreeMap<String, Named>,
    /// What the promotions on it are called, by number.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub promotions: BTreeMap<String, String>,
    /// Whether it was booked before, under the same request id, and not again.
    pub repeated: bool,
    /// What a person should look at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
}

impl Receipt {
    pub(super) fn of(node: &Node, booked: Booked) -> Result<Self> {
        let mut names = names(node, &booked.fact)?;
        if let Some(also) = &booked.also {
            names.extend(self::names(node, also)?);
        }
        Ok(Self {
            names,
            promotions: promotion_names(node, &booked.fact)?,
            also: booked.also.as_ref().map(FactView::from),
            fact: FactView::from(&booked.fact),
            repeated: booked.when == When::Before,
            notices: booked.notices,
        })
    }
}

impl Ask for Request {
    const PATH: &'static str = "/v1/book";
    type Answer = Receipt;

    fn answer(self, node: &Node) -> Result<Receipt> {
        Receipt::of(node, node.book(self)?)
    }
}

/// What people call the products that a fact moves or compares, by SKU.
pub(super) fn names(node: &Node, fact: &Fact) -> Result<BTreeMap<String, Named>> {
    let mut names = BTreeMap::new();
    let compared = match &fact.body {
        Body::Stocktake { lines, .. } => lines.as_slice(),
        _ => &[],
    };
    let moved = fact.movements.iter().map(|movement| &movement.sku);
    for sku in moved.chain(compared.iter().map(|line| &line.sku)) {
        if let Some(product) = node.product(sku.as_str())? {
            names.insert(sku.to_string(), Named::from(&*product));
        }
    }
    Ok(names)
}

/// What the promotions on a receipt are called, by number.
pub(super) fn promotion_names(node: &Node, fact: &Fact) -> Result<BTreeMap<String, String>> {
    let Body::RetailSale(receipt) = &fact.body else { return Ok(BTreeMap::new()) };
    let causes = receipt.lines.iter().flat_map(|line| &line.priced.reductions);
    let ids: BTreeSet<&PromotionId> = causes
        .filter_map(|part| match &part.cause {
            Cause::Promotion(id) => Some(id),
            Cause::Basket | Cause::Points => None,
        })
        .collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let known = node.promotions()?;
    let named = known.iter().filter(|promotion| ids.contains(&promotion.id));
    Ok(named.map(|promotion| (promotion.id.to_string(), promotion.name.to_string())).collect())
}

/// Book many requests in one step, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BookAll {
    /// The requests.
    pub requests: Vec<Request>,
    /// The language in which refusals are explained: `zh` or `en`.
    pub lang: String,
}

/// What became of one of many requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is booked.
    Booked,
    /// It was booked before, under the same request id.
    Repeated,
    /// It is not booked, and why.
    Refused(Told),
}

impl Ask for BookAll {
    const PATH: &'static str = "/v1/book-all";
    type Answer = Vec<Outcome>;

    fn answer(self, node: &Node) -> Result<Vec<Outcome>> {
        let lang = Lang::from_tag(&self.lang);
        let outcome = |result| match result {
            Ok(Booked { when: When::Now, .. }) => Outcome::Booked,
            Ok(Booked { when: When::Before, .. }) => Outcome::Repeated,
            Err(refused) => Outcome::Refused(Told::of(lang, &refused as &dyn Tell)),
        };
        Ok(node.book_all(self.requests)?.into_iter().map(outcome).collect())
    }
}
