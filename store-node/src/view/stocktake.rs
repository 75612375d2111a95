//! A stocktake as programs and people see it: what was found, and what the books said.

use ledger::amount::Quantity;
use ledger::id::{FactId, Operator, ReasonCode, Sku};
use ledger::stocktake::Compared;
use serde::{Deserialize, Serialize};

use crate::text;

/// What a stocktake found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StocktakeView {
    /// What it is called; perhaps nothing.
    pub name: String,
    /// Who has approved it, where a second person had to.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub approved: Option<Operator>,
    /// A line for each product that was counted.
    pub lines: Vec<ComparedView>,
}

/// What was found of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedView {
    /// What.
    #[serde(with = "text")]
    pub sku: Sku,
    /// How much was there.
    #[serde(with = "text")]
    pub counted: Quantity,
    /// What the books said when it was counted.
    #[serde(with = "text")]
    pub book: Quantity,
    /// What was found beyond that; negative for what is missing.
    #[serde(with = "text")]
    pub variance: Quantity,
    /// How far the books moved while it was counted place by place.
    #[serde(with = "text")]
    pub moved: Quantity,
    /// The store's last fact when it was counted.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub anchor: Option<FactId>,
    /// Which time it was counted.
    pub round: u32,
    /// Why it differs.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub reason: Option<ReasonCode>,
}

impl StocktakeView {
    pub(super) fn of(name: &str, lines: &[Compared], approved: Option<&Operator>) -> Self {
        let lines = lines.iter().map(ComparedView::from).collect();
        Self { name: name.to_owned(), approved: approved.cloned(), lines }
    }

    /// The lines in which shelf and books differ.
    pub fn differing(&self) -> impl Iterator<Item = &ComparedView> {
        self.lines.iter().filter(|line| !line.variance.is_zero())
    }
}

impl From<&Compared> for ComparedView {
    fn from(line: &Compared) -> Self {
        let tally = &line.tally;
        Self {
            sku: line.sku.clone(),
            counted: tally.counted,
            book: tally.book,
            // What overflows cannot be posted; a line from elsewhere shows no difference.
            variance: tally.variance().unwrap_or_default(),
            moved: tally.moved,
            anchor: tally.anchor,
            round: line.round.number(),
            reason: line.reason.clone(),
        }
    }
}
