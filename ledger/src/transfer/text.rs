//! The stored form of a transfer's entries: one JSON object each, version 1.
//!
//! ```text
//! request     {"v":1,"at":…,"op":"…","from":"S1","to":"S2",
//!              "lines":[{"sku":"6901…","qty":2000}],"note":"…"}
//! approve     {"v":1,"at":…,"lines":[{"sku":"6901…","qty":1000}],"rule":"…"}
//! ship/1      {"v":1,"at":…,"fact":"1-42","goods":[{"sku":"6901…","qty":2000,"value":53000}]}
//! receive/1   {"v":1,"at":…,"fact":"1-7","goods":[…],"damaged":[…]}
//! settle/1    {"v":1,"at":…,"fact":"1-8","lost":[…],"liable":"carrier","note":"…"}
//! withdraw/1  {"v":1,"at":…,"of":"ship/1","fact":"1-42","goods":[…]}
//! ```
//!
//! Quantities are thousandths, money is ten-thousandths, `at` is milliseconds. The step and its
//! number stand in the entry's name alone. An entry is written once, so that fields which this
//! version does not know survive every journey.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::event::{Event, Liable, Route, Step, Wanted};
use super::name::StepName;
use crate::id::Sku;
use crate::order::OrderStep;
use crate::order::text::{
    GoodsRow, Said, Text, check_version, goods, goods_rows, optional, parsed, quantity,
};
use crate::time::Timestamp;

/// The version of the form that [`Event::to_text`] writes.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct WantedRow<'a> {
    #[serde(borrow)]
    sku: Text<'a>,
    qty: i64,
}

/// Every field that a step may have; each step writes its own.
#[derive(Default, Serialize, Deserialize)]
struct Row<'a> {
    v: u32,
    at: i64,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    op: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    from: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    to: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    of: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    fact: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    lines: Vec<WantedRow<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    goods: Vec<GoodsRow<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    lost: Vec<GoodsRow<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    damaged: Vec<GoodsRow<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    returned: Vec<GoodsRow<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    surplus: Vec<GoodsRow<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    liable: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    rule: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    note: Option<Text<'a>>,
}

/// The text of the entry of an event.
pub(super) fn write(event: &Event) -> String {
    let mut row = Row { v: VERSION, at: event.at.millis(), ..Row::default() };
    row.op = event.operator.as_ref().map(|operator| operator.as_str().into());
    row.say(&event.step);
    serde_json::to_string(&row).expect("rows of numbers and strings always serialize")
}

impl<'a> Row<'a> {
    /// Fills in the fields of a step.
    fn say(&mut self, step: &'a Step) {
        let row = self;
        match step {
            Step::Request { route, lines, remark } => {
                row.from = Some(route.from().as_str().into());
                row.to = Some(route.to().as_str().into());
                row.lines = wanted_rows(lines);
                row.note = remark.as_deref().map(Into::into);
            }
            Step::Approve { lines, rule, remark } => {
                row.lines = wanted_rows(lines);
                row.rule = rule.as_deref().map(Into::into);
                row.note = remark.as_deref().map(Into::into);
            }
            Step::Reject { reason } | Step::Cancel { reason } => {
                row.note = Some(reason.as_ref().into());
            }
            Step::Ship { fact, goods, .. } => {
                row.fact = Some(fact.to_string().into());
                row.goods = goods_rows(goods);
            }
            Step::Receive { fact, received, damaged, .. } => {
                row.fact = Some(fact.to_string().into());
                (row.goods, row.damaged) = (goods_rows(received), goods_rows(damaged));
            }
            Step::Settle { fact, lost, damaged, returned, surplus, liable, reason, .. } => {
                row.fact = Some(fact.to_string().into());
                (row.lost, row.damaged) = (goods_rows(lost), goods_rows(damaged));
                (row.returned, row.surplus) = (goods_rows(returned), goods_rows(surplus));
                row.liable = Some(liable.name().into());
                row.note = Some(reason.as_ref().into());
            }
            Step::Withdraw { of, .. } => {
                row.say(of);
                row.of = Some(of.name().to_string().into());
            }
        }
    }
}

/// Reads an entry of this name.
pub(super) fn read(name: &str, text: &str) -> Said<Step> {
    let name: StepName = name.parse().map_err(|error| format!("{error}"))?;
    let row: Row<'_> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    check_version(row.v, VERSION)?;
    let operator = optional(row.op.as_deref(), "op")?;
    let step = step(name, &row)?;
    if !says_something(&step) {
        return Err("there are no goods in it".to_owned());
    }
    Ok((Timestamp::from_millis(row.at), operator, step))
}

fn step(name: StepName, row: &Row<'_>) -> Result<Step, String> {
    let remark = || row.note.as_deref().map(Box::from);
    let reason = || remark().unwrap_or_default();
    Ok(match name {
        StepName::Request => {
            let from = parsed(row.from.as_deref(), "from")?;
            let to = parsed(row.to.as_deref(), "to")?;
            let route = Route::new(from, to).map_err(|error| error.to_string())?;
            Step::Request { route, lines: wanted(&row.lines)?, remark: remark() }
        }
        StepName::Approve => {
            let rule = row.rule.as_deref().map(Box::from);
            Step::Approve { lines: wanted(&row.lines)?, rule, remark: remark() }
        }
        StepName::Reject => Step::Reject { reason: reason() },
        StepName::Cancel => Step::Cancel { reason: reason() },
        StepName::Ship(shipment) => Step::Ship {
            shipment,
            fact: parsed(row.fact.as_deref(), "fact")?,
            goods: goods(&row.goods)?,
        },
        StepName::Receive { shipment, part } => {
            let (received, damaged) = (goods(&row.goods)?, goods(&row.damaged)?);
            Step::Receive {
                shipment,
                part,
                fact: parsed(row.fact.as_deref(), "fact")?,
                received,
                damaged,
            }
        }
        StepName::Settle(settlement) => {
            let liable = row.liable.as_deref().ok_or("`liable` is missing")?;
            Step::Settle {
                settlement,
                fact: parsed(row.fact.as_deref(), "fact")?,
                lost: goods(&row.lost)?,
                damaged: goods(&row.damaged)?,
                returned: goods(&row.returned)?,
                surplus: goods(&row.surplus)?,
                liable: Liable::named(liable).ok_or_else(|| format!("`liable` says `{liable}`"))?,
                reason: reason(),
            }
        }
        StepName::Withdraw(withdrawal) => {
            let of = parsed::<StepName>(row.of.as_deref(), "of")?;
            if !matches!(of, StepName::Ship(_) | StepName::Receive { .. } | StepName::Settle(_)) {
                return Err(format!("`{of}` cannot be taken back"));
            }
            Step::Withdraw { withdrawal, of: Box::new(step(of, row)?) }
        }
    })
}

/// A step about goods that names none would count as a move without moving anything.
fn says_something(step: &Step) -> bool {
    match step {
        Step::Request { lines, .. } => !lines.is_empty(),
        Step::Approve { .. } | Step::Reject { .. } | Step::Cancel { .. } => true,
        Step::Ship { goods, .. } => !goods.is_empty(),
        Step::Receive { received, damaged, .. } => !received.is_empty() || !damaged.is_empty(),
        Step::Settle { lost, damaged, returned, surplus, .. } => {
            [lost, damaged, returned, surplus].iter().any(|goods| !goods.is_empty())
        }
        Step::Withdraw { of, .. } => says_something(of),
    }
}

fn wanted(rows: &[WantedRow<'_>]) -> Result<Vec<Wanted>, String> {
    let line = |row: &WantedRow<'_>| {
        let (sku, quantity) = (parsed::<Sku>(Some(&row.sku), "sku")?, quantity(row.qty)?);
        if quantity.is_negative() {
            return Err(format!("{quantity} of {sku} is less than nothing"));
        }
        Ok(Wanted { sku, quantity })
    };
    rows.iter().map(line).collect()
}

fn wanted_rows(lines: &[Wanted]) -> Vec<WantedRow<'_>> {
    let row = |line: &'_ Wanted| WantedRow {
        sku: Cow::Owned(line.sku.as_str().to_owned()),
        qty: line.quantity.thousandths(),
    };
    lines.iter().map(row).collect()
}

#[cfg(test)]
mod tests;
