//! What was counted for a stocktake that is over, place by place.

use ledger::amount::Quantity;
use ledger::fact::Body;
use ledger::id::{BillNo, Bin, FactId, Lot, Operator, Sku};
use ledger::stocktake::CountLine;
use serde::{Deserialize, Serialize};

use super::history::ShowFact;
use crate::door::Ask;
use crate::error::Result;
use crate::node::Node;
use crate::node::count::CountRefused;
use crate::request::FactRef;
use crate::text;

/// Show what was counted for a stocktake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowCounted {
    /// The stocktake.
    #[serde(with = "text")]
    pub fact: FactRef,
}

/// What was counted for a stocktake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The stocktake.
    #[serde(with = "text")]
    pub fact: FactId,
    /// Its number on paper.
    #[serde(with = "text")]
    pub bill: BillNo,
    /// What was counted, in that order, with rounds that did not count in the end. Empty on a machine on which
    /// it was not counted.
    pub lines: Vec<CountedLine>,
}

/// What somebody counted at a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedLine {
    /// What.
    #[serde(with = "text")]
    pub sku: Sku,
    /// Of which lot.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub lot: Option<Lot>,
    /// Where.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub place: Option<Bin>,
    /// Who counted.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
    /// How much was there.
    #[serde(with = "text")]
    pub quantity: Quantity,
    /// Which time.
    pub round: u32,
    /// The store's last fact then.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub anchor: Option<FactId>,
    /// What the books said after it, over all places.
    #[serde(with = "text")]
    pub book: Quantity,
}

impl Ask for ShowCounted {
    const PATH: &'static str = "/v1/count/lines";
    type Answer = Counted;

    fn answer(self, node: &Node) -> Result<Counted> {
        let which = self.fact.clone();
        let found = ShowFact { fact: self.fact }.find(node)?.fact;
        if !matches!(found.body, Body::Stocktake { .. }) {
            return Err(CountRefused::NoStocktake { which }.into());
        }
        let lines = node.books().reader()?.counted_for(found.id)?;
        let lines = lines.into_iter().map(CountedLine::from).collect();
        Ok(Counted { fact: found.id, bill: found.bill, lines })
    }
}

impl From<CountLine> for CountedLine {
    fn from(line: CountLine) -> Self {
        let CountLine { counter, bin, sku, lot, quantity, round, anchor, book } = line;
        let (place, operator, round) = (bin, counter, round.number());
        Self { sku, lot, place, operator, quantity, round, anchor, book }
    }
}
