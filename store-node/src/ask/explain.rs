//! Where a number of stock comes from: its days, and the facts of each.

use books::read::{DayExplained, Explained, StockAmounts};
use ledger::amount::{Money, Quantity};
use ledger::id::{BillNo, FactId, Sku, StoreId};
use ledger::time::{BusinessDate, Timestamp};
use serde::{Deserialize, Serialize};

use super::held::NotHere;
use super::{Named, item};
use crate::door::Ask;
use crate::error::Result;
use crate::node::Node;
use crate::text;
use crate::view::FactView;

/// Explain what is on hand of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explain {
    /// Its SKU or barcode.
    pub item: String,
    /// From this day on; none: from the first.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub from: Option<BusinessDate>,
    /// Up to this day; none: up to the last.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub to: Option<BusinessDate>,
}

/// A number of stock and what made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// The store.
    #[serde(with = "text")]
    pub store: StoreId,
    /// The product.
    #[serde(with = "text")]
    pub sku: Sku,
    /// Its name and unit, if the catalog knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<Named>,
    /// When the books were asked.
    #[serde(with = "text::instant")]
    pub as_of: Timestamp,
    /// What was on hand before the first day.
    pub opening: Amounts,
    /// The days on which it moved: opening + in - out = closing, each.
    pub days: Vec<Day>,
    /// What was on hand after the last day.
    pub closing: Amounts,
    /// What of the history is not here, so that it is missing above.
    #[serde(default, skip_serializing_if = "NotHere::is_nothing")]
    pub not_here: NotHere,
}

/// A quantity and what it cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amounts {
    /// How much.
    #[serde(with = "text")]
    pub quantity: Quantity,
    /// What it cost.
    #[serde(with = "text")]
    pub value: Money,
}

/// One day of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// The day.
    #[serde(with = "text")]
    pub date: BusinessDate,
    /// On hand in the morning.
    pub opening: Amounts,
    /// Came in.
    pub inward: Amounts,
    /// Went out.
    pub outward: Amounts,
    /// On hand in the evening.
    pub closing: Amounts,
    /// The facts that moved it, in order.
    pub facts: Vec<Step>,
}

/// What one fact did to the number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The fact.
    #[serde(with = "text")]
    pub id: FactId,
    /// Its number on paper.
    #[serde(with = "text")]
    pub bill: BillNo,
    /// What happened.
    pub kind: String,
    /// The day on which it happened, where that one's book was closed already.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub true_date: Option<BusinessDate>,
    /// When it was recorded.
    #[serde(with = "text::instant")]
    pub at: Timestamp,
    /// What it changed.
    pub change: Amounts,
    /// On hand after it.
    pub after: Amounts,
}

impl Ask for Explain {
    const PATH: &'static str = "/v1/explain";
    type Answer = Explanation;

    fn answer(self, node: &Node) -> Result<Explanation> {
        let reader = node.books().reader()?;
        let sku = item(&reader, &self.item)?;
        let product = reader.product(&sku)?.as_ref().map(Named::from);
        let explained = reader.explain(node.store(), &sku, self.from, self.to)?;
        let Explained { store, sku, opening, days, closing } = explained;
        Ok(Explanation {
            days: days.iter().map(|day| Day::of(&sku, day)).collect(),
            store,
            sku,
            product,
            as_of: node.now(),
            not_here: NotHere::of(&reader)?,
            opening: opening.into(),
            closing: closing.into(),
        })
    }
}

impl Day {
    fn of(sku: &Sku, day: &DayExplained) -> Self {
        let mut standing = (
            i128::from(day.opening.quantity.thousandths()),
            i128::from(day.opening.value.ten_thousandths()),
        );
        let step = |stored: &books::StoredFact| {
            let view = FactView::from(&stored.fact);
            let change = view.on_hand_change(sku);
            standing = (standing.0 + change.0, standing.1 + change.1);
            Step {
                id: view.id,
                bill: view.bill,
                kind: view.kind,
                true_date: view.true_date,
                at: view.at,
                change: Amounts::of_sums(change),
                after: Amounts::of_sums(standing),
            }
        };
        Self {
            date: day.date,
            opening: day.opening.into(),
            inward: day.flow.inward.into(),
            outward: day.flow.outward.into(),
            closing: day.closing.into(),
            facts: day.facts.iter().map(step).collect(),
        }
    }
}

impl From<StockAmounts> for Amounts {
    fn from(stock: StockAmounts) -> Self {
        Self { quantity: stock.quantity, value: stock.value }
    }
}

impl Amounts {
    /// Sums of one product at one store, whose balance the books keep in the same range.
    fn of_sums((quantity, value): (i128, i128)) -> Self {
        let quantity = i64::try_from(quantity).ok().map(Quantity::from_thousandths);
        let value = i64::try_from(value).ok().map(Money::from_ten_thousandths);
        Self {
            quantity: quantity.and_then(Result::ok).unwrap_or_default(),
            value: value.and_then(Result::ok).unwrap_or_default(),
        }
    }
}
