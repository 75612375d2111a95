//! The stocktake that goes on: start, count, look, recount, explain, post.

use std::collections::BTreeMap;

use books::OpenStocktake;
use ledger::amount::Quantity;
use ledger::id::{Bin, FactId, Lot, Operator, ReasonCode, RequestId, Sku};
use ledger::stocktake::{AbcClass, CountLine, Standing, Verdict};
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::Named;
use super::booking::names;
use crate::book::{Notice, Refused};
use crate::door::Ask;
use crate::error::Result;
use crate::node::count::{
    CountPosted, Counts, DEFAULT_TOLERANCE, NewCount, Scope, Spot, WhichRound,
};
use crate::node::{Node, When};
use crate::request::{About, ReasonLine, ShelfLine};
use crate::text;
use crate::view::FactView;

/// Start a stocktake.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StartCount {
    /// What it is called; if nothing, by its day.
    pub name: String,
    /// Every product of this category is to be counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// What was found at this place when it was counted last.
    #[serde(with = "text::option", skip_serializing_if = "Option::is_none")]
    pub bin: Option<Bin>,
    /// Every product of this class by its sales of the last 90 days.
    #[serde(with = "text::option", skip_serializing_if = "Option::is_none")]
    pub abc: Option<AbcClass>,
    /// So many of those, or of all that is on hand, at random.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spot: Option<usize>,
    /// What the choice follows from; none for the day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<String>,
    /// These are to be counted.
    pub items: Vec<String>,
    /// How much of a product may differ without being looked at again; none for one unit.
    #[serde(with = "text::option", skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<Quantity>,
    /// The client's own name for the request.
    #[serde(with = "text::option", skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestId>,
    /// Who asks.
    #[serde(with = "text::option", skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
}

/// Put down what was counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AddCount {
    /// What is there.
    pub lines: Vec<ShelfLine>,
    /// Where.
    #[serde(with = "text::option", skip_serializing_if = "Option::is_none")]
    pub place: Option<Bin>,
    /// Whether it adds to what was counted or replaces it.
    pub round: WhichRound,
    /// The client's own name for the request.
    #[serde(with = "text::option", skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestId>,
    /// Who counted.
    #[serde(with = "text::option", skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
}

/// Show the sheet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ShowCount {
    /// As a counter or as a reviewer sees it.
    pub sight: Sight,
}

/// Who looks at a sheet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sight {
    /// A counter, who is not to know what the books say (盲盘).
    #[default]
    Blind,
    /// A reviewer.
    Book,
}

/// Have products counted again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recount {
    /// Which.
    pub items: Vec<String>,
}

/// Say why products differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExplainCount {
    /// Which, and why.
    pub reasons: Vec<ReasonLine>,
}

/// End the stocktake as one fact.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PostCount {
    /// The client's own name for the request.
    #[serde(with = "text::option", skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestId>,
    /// Who asks.
    #[serde(with = "text::option", skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
}

/// Approve what the stocktake has found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ApproveCount {
    /// Who approves it.
    #[serde(with = "text::option", skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
}

/// Give the stocktake up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelCount {}

/// A stocktake that goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountSheet {
    /// What it is called.
    pub name: String,
    /// When it was started.
    #[serde(with = "text::instant")]
    pub started: Timestamp,
    /// Who started it.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
    /// How much of a product may differ without being looked at again.
    #[serde(with = "text")]
    pub tolerance: Quantity,
    /// Who has approved what it has found so far.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub approved: Option<Operator>,
    /// Whether it was done before under the same request id, and nothing now.
    pub repeated: bool,
    /// What is to be counted or was.
    pub items: Vec<CountedItem>,
}

/// A product of a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedItem {
    /// Which.
    #[serde(with = "text")]
    pub sku: Sku,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named: Option<Named>,
    /// How it stands: `uncounted`, `recount`, `counted`; for a reviewer `equal`, `tolerated`, `settled`
    /// or `beyond` in place of the last.
    pub state: String,
    /// Which time it is counted.
    pub round: u32,
    /// How much was counted in this round.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub counted: Option<Quantity>,
    /// Why it differs.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub reason: Option<ReasonCode>,
    /// What the books said; only for a reviewer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<Against>,
    /// What was counted in this round, place by place.
    pub lines: Vec<SeenLine>,
}

/// What the books said of a counted product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Against {
    /// How much there should have been when it was last counted.
    #[serde(with = "text")]
    pub book: Quantity,
    /// What was found beyond that; negative for what is missing.
    #[serde(with = "text")]
    pub variance: Quantity,
    /// How far the books moved while it was counted place by place: what the variance is uncertain by.
    #[serde(with = "text")]
    pub moved: Quantity,
    /// The store's last fact when it was last counted.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub anchor: Option<FactId>,
}

/// What somebody counted at a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenLine {
    /// How much.
    #[serde(with = "text")]
    pub quantity: Quantity,
    /// Where.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub place: Option<Bin>,
    /// Of which lot.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub lot: Option<Lot>,
    /// Who counted.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
}

/// Lines that were put down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountAdded {
    /// Each, with what its product comes to.
    pub lines: Vec<AddedLine>,
    /// Whether they were put down before under the same request id, and not again.
    pub repeated: bool,
}

/// A line that was put down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddedLine {
    /// What.
    #[serde(with = "text")]
    pub sku: Sku,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named: Option<Named>,
    /// How much.
    #[serde(with = "text")]
    pub quantity: Quantity,
    /// How much was counted of it in this round.
    #[serde(with = "text")]
    pub total: Quantity,
    /// Which time it is counted.
    pub round: u32,
}

/// A stocktake that is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountResult {
    /// The fact that it came to.
    pub fact: FactView,
    /// What people call the products that differ, by SKU.
    pub names: BTreeMap<String, Named>,
    /// Whether it was posted before, under the same request id, and not again.
    pub repeated: bool,
    /// What was to be counted and nobody has: left as it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uncounted: Vec<String>,
    /// What a person should look at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
}

/// A stocktake that was given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountCancelled {
    /// What it was called.
    pub name: String,
}

impl Ask for StartCount {
    const PATH: &'static str = "/v1/count/start";
    type Answer = CountSheet;

    fn answer(self, node: &Node) -> Result<CountSheet> {
        let Self { name, category, bin, abc, spot, seed, items, tolerance, request, operator } =
            self;
        let seed = seed.unwrap_or_else(|| node.today().to_string());
        let spot = spot.map(|many| Spot { many, seed });
        let scope = Scope { category, bin, abc, spot };
        let usual = || DEFAULT_TOLERANCE.parse().unwrap_or_default();
        let tolerance = tolerance.unwrap_or_else(usual);
        let start = NewCount { name, scope, items, tolerance, request, operator };
        let when = node.start_count(start)?;
        Ok(CountSheet { repeated: when == When::Before, ..sheet(node, Sight::Blind)? })
    }
}

impl Ask for AddCount {
    const PATH: &'static str = "/v1/count/add";
    type Answer = CountAdded;

    fn answer(self, node: &Node) -> Result<CountAdded> {
        let Self { lines, place: bin, round, request, operator } = self;
        let counts = Counts { lines, bin, round, request, operator };
        let (added, when) = node.add_counts(counts)?;
        let mut lines = Vec::with_capacity(added.len());
        for added in added {
            let CountLine { sku, quantity, round, .. } = added.line;
            let named = named(node, &sku)?;
            let (total, round) = (added.total, round.number());
            lines.push(AddedLine { sku, named, quantity, total, round });
        }
        Ok(CountAdded { lines, repeated: when == When::Before })
    }
}

impl Ask for ShowCount {
    const PATH: &'static str = "/v1/count/show";
    type Answer = CountSheet;

    fn answer(self, node: &Node) -> Result<CountSheet> {
        sheet(node, self.sight)
    }
}

impl Ask for Recount {
    const PATH: &'static str = "/v1/count/recount";
    type Answer = CountSheet;

    fn answer(self, node: &Node) -> Result<CountSheet> {
        node.recount(self.items)?;
        sheet(node, Sight::Blind)
    }
}

impl Ask for ExplainCount {
    const PATH: &'static str = "/v1/count/reason";
    type Answer = CountSheet;

    fn answer(self, node: &Node) -> Result<CountSheet> {
        let reasons = self.reasons.into_iter().map(|line| (line.item, line.reason));
        node.explain_count(reasons.collect())?;
        sheet(node, Sight::Book)
    }
}

impl Ask for PostCount {
    const PATH: &'static str = "/v1/count/post";
    type Answer = CountResult;

    fn answer(self, node: &Node) -> Result<CountResult> {
        let Self { request, operator } = self;
        let about = About { request, operator, ..About::default() };
        let CountPosted { booked, uncounted } = node.post_count(about)?;
        Ok(CountResult {
            names: names(node, &booked.fact)?,
            fact: FactView::from(&booked.fact),
            repeated: booked.when == When::Before,
            uncounted: uncounted.iter().map(ToString::to_string).collect(),
            notices: booked.notices,
        })
    }
}

impl Ask for ApproveCount {
    const PATH: &'static str = "/v1/count/approve";
    type Answer = CountSheet;

    fn answer(self, node: &Node) -> Result<CountSheet> {
        node.approve_count(self.operator)?;
        sheet(node, Sight::Book)
    }
}

impl Ask for CancelCount {
    const PATH: &'static str = "/v1/count/cancel";
    type Answer = CountCancelled;

    fn answer(self, node: &Node) -> Result<CountCancelled> {
        Ok(CountCancelled { name: node.cancel_count()?.name.into() })
    }
}

fn sheet(node: &Node, sight: Sight) -> Result<CountSheet> {
    let (head, sheet) = node.count_sheet()?;
    let OpenStocktake { name, operator, started, tolerance, approved, .. } = head;
    let out_of_range = |source| Refused::Amount { line: 0, source };
    let mut lines: BTreeMap<&Sku, Vec<&CountLine>> = BTreeMap::new();
    for line in &sheet.lines {
        lines.entry(&line.sku).or_default().push(line);
    }
    let mut items = Vec::with_capacity(sheet.items.len());
    for (sku, standing) in sheet.standings().map_err(out_of_range)? {
        let named = named(node, &sku)?;
        let lines = lines.remove(&sku).unwrap_or_default();
        items.push(CountedItem { named, ..counted(&lines, sku, standing, sight)? });
    }
    let name = name.into();
    Ok(CountSheet { name, started, operator, tolerance, approved, repeated: false, items })
}

fn counted(
    lines: &[&CountLine],
    sku: Sku,
    standing: Standing,
    sight: Sight,
) -> Result<CountedItem> {
    let Standing { item, tally, verdict } = standing;
    let state = match (sight, verdict) {
        (Sight::Blind, Verdict::Uncounted | Verdict::Recount) | (Sight::Book, _) => verdict.name(),
        (Sight::Blind, _) => "counted",
    };
    let against = match &tally {
        Some(tally) if sight == Sight::Book => Some(Against {
            book: tally.book,
            variance: tally.variance().map_err(|source| Refused::Amount { line: 0, source })?,
            moved: tally.moved,
            anchor: tally.anchor,
        }),
        _ => None,
    };
    let seen = lines.iter().copied().filter(|line| line.round == item.round);
    Ok(CountedItem {
        lines: seen.map(SeenLine::from).collect(),
        sku,
        named: None,
        state: state.to_owned(),
        round: item.round.number(),
        counted: tally.map(|tally| tally.counted),
        reason: item.reason,
        against,
    })
}

fn named(node: &Node, sku: &Sku) -> Result<Option<Named>> {
    Ok(node.product(sku.as_str())?.map(|product| Named::from(&*product)))
}

impl From<&CountLine> for SeenLine {
    fn from(line: &CountLine) -> Self {
        let CountLine { counter: operator, bin: place, lot, quantity, .. } = line.clone();
        Self { quantity, place, lot, operator }
    }
}
