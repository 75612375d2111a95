//! The time line of a transfer: who did what, when.

use ledger::id::{Operator, Sku};
use ledger::order::{Goods, OrderStep};
use ledger::time::Timestamp;
use ledger::transfer::{Entry, Event, Step, Wanted};
use serde::{Deserialize, Serialize};

use crate::order::timeline;
use crate::text;

/// One thing that a party said or did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepView {
    /// When, by that party's clock.
    #[serde(with = "text::instant")]
    pub at: Timestamp,
    /// Who: a store, or `hub` for head office.
    pub by: String,
    /// The person behind it.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
    /// What: `request`, `approve`, `reject`, `ship/1`, `receive/1`, `settle/1`, `cancel`.
    pub step: String,
    /// The fact behind it, in that store's books.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<String>,
    /// With which goods.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub goods: Vec<MovedView>,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub liable: Option<String>,
    /// The rule by which it was done automatically.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Why, or what else there is to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Goods of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedView {
    /// What.
    pub sku: String,
    /// How much, as a decimal text.
    pub quantity: String,
    /// At what cost in all, where it moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What became of it: `requested`, `approved`, `shipped`, `received`, `damaged`, `lost`,
    /// `returned`, `surplus`.
    pub what: String,
}

/// Every step that can be read, the earliest first; clocks that disagree are not set right.
pub(super) fn of(entries: &[Entry]) -> Vec<StepView> {
    timeline(entries).into_iter().map(view).collect()
}

fn view(event: &Event) -> StepView {
    let mut view = StepView {
        at: event.at,
        by: event.by.to_string(),
        operator: event.operator.clone(),
        step: event.step.name().to_string(),
        fact: None,
        goods: Vec::new(),
        liable: None,
        rule: None,
        note: None,
    };
    match &event.step {
        Step::Request { lines, remark, .. } => {
            view.want(lines, "requested");
            view.note = remark.as_deref().map(Into::into);
        }
        Step::Approve { lines, rule, remark } => {
            view.want(lines, "approved");
            view.rule = rule.as_deref().map(Into::into);
            view.note = remark.as_deref().map(Into::into);
        }
        Step::Reject { reason } | Step::Cancel { reason } => {
            view.note = Some(reason.as_ref().into());
        }
        Step::Ship { fact, goods, .. } => {
            view.fact = Some(fact.to_string());
            view.moved(goods, "shipped");
        }
        Step::Receive { fact, received, damaged, .. } => {
            view.fact = Some(fact.to_string());
            view.moved(received, "received");
            view.moved(damaged, "damaged");
        }
        Step::Settle { fact, lost, damaged, returned, surplus, liable, reason, .. } => {
            view.fact = Some(fact.to_string());
            view.moved(lost, "lost");
            view.moved(damaged, "damaged");
            view.moved(returned, "returned");
            view.moved(surplus, "surplus");
            view.liable = Some(liable.name().to_owned());
            view.note = Some(reason.as_ref().into());
        }
        Step::Withdraw { of, .. } => {
            view.fact = of.fact().map(|fact| fact.to_string());
            view.note = Some(of.name().to_string());
        }
    }
    view
}

impl StepView {
    fn want(&mut self, lines: &[Wanted], what: &str) {
        self.goods.extend(
            lines
                .iter()
                .map(|Wanted { sku, quantity }| line(sku, quantity.to_string(), None, what)),
        );
    }

    fn moved(&mut self, goods: &[Goods], what: &str) {
        self.goods.extend(goods.iter().map(|Goods { sku, quantity, value }| {
            line(sku, quantity.to_string(), Some(value.to_string()), what)
        }));
    }
}

fn line(sku: &Sku, quantity: String, value: Option<String>, what: &str) -> MovedView {
    MovedView { sku: sku.to_string(), quantity, value, what: what.to_owned() }
}
