//! The stored form of a correction's entries: one JSON object each, version 1.
//!
//! ```text
//! propose  {"v":1,"at":…,"op":"…","store":"S1","finding":"F…","kind":"adjust",
//!           "sku":"6901…","qty":2000,"note":"…"}
//! propose  {…,"kind":"revalue","sku":"6901…","value":-1}
//! propose  {…,"kind":"reverse","fact":"1-42"}
//! approve  {"v":1,"at":…,"op":"…"}   with a "note" why by whoever proposed it
//! done     {"v":1,"at":…,"fact":"1-43"}
//! refuse   {"v":1,"at":…,"note":"…"}
//! ```

use std::fmt::Display;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Proposed, Remedy, Said, Step};
use crate::amount::Money;
use crate::id::Operator;
use crate::order::Party;
use crate::time::Timestamp;

/// The version of the form that [`Said::to_text`] writes.
const VERSION: u32 = 1;

/// Every field that a step may have; each step writes its own.
#[derive(Default, Serialize, Deserialize)]
struct Row {
    v: u32,
    at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    op: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    store: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    finding: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sku: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    qty: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fact: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

impl Said {
    /// The text of the entry. Only its author writes it, once.
    pub fn to_text(&self) -> String {
        let op = self.operator.as_ref().map(ToString::to_string);
        let mut row = Row { v: VERSION, at: self.at.millis(), op, ..Row::default() };
        match &self.step {
            Step::Propose(proposed) => write(proposed, &mut row),
            Step::Approve { alone } => row.note = alone.as_deref().map(str::to_owned),
            Step::Reject { reason } | Step::Refuse { reason } => {
                row.note = Some(reason.to_string());
            }
            Step::Done { fact } => row.fact = Some(fact.to_string()),
        }
        serde_json::to_string(&row).expect("rows of numbers and strings always serialize")
    }
}

fn write(proposed: &Proposed, row: &mut Row) {
    row.store = Some(proposed.store.to_string());
    row.finding = Some(proposed.finding.to_string());
    row.kind = Some(proposed.remedy.name().to_owned());
    row.sku = proposed.remedy.sku().map(ToString::to_string);
    row.note = Some(proposed.reason.to_string());
    match &proposed.remedy {
        Remedy::Adjust { quantity, .. } => row.qty = Some(*quantity),
        Remedy::Revalue { value, .. } => row.value = Some(value.ten_thousandths()),
        Remedy::Reverse { fact } => row.fact = Some(fact.to_string()),
    }
}

/// Reads an entry; says what is wrong with one that cannot be read.
pub fn read(by: Party, name: &str, text: &str) -> Result<Said, String> {
    let row: Row = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if row.v != VERSION {
        return Err(format!("it is of form {}; this version reads form {VERSION}", row.v));
    }
    let reason = || row.note.as_deref().unwrap_or_default().into();
    let step = match name {
        "propose" => Step::Propose(proposed(&row)?),
        "approve" => Step::Approve { alone: row.note.as_deref().map(Into::into) },
        "reject" => Step::Reject { reason: reason() },
        "done" => Step::Done { fact: parsed(row.fact.as_deref(), "fact")? },
        "refuse" => Step::Refuse { reason: reason() },
        other => return Err(format!("corrections have no step `{other}`")),
    };
    let operator = row.op.as_deref().map(Operator::new).transpose();
    let operator = operator.map_err(|error| error.to_string())?;
    Ok(Said { by, at: Timestamp::from_millis(row.at), operator, step })
}

fn proposed(row: &Row) -> Result<Proposed, String> {
    let sku = || parsed(row.sku.as_deref(), "sku");
    let remedy = match row.kind.as_deref().unwrap_or_default() {
        "adjust" => {
            let quantity = row.qty.ok_or("`qty` is missing")?;
            Remedy::Adjust { sku: sku()?, quantity }
        }
        "revalue" => {
            let value = row.value.ok_or("`value` is missing")?;
            let value = Money::from_ten_thousandths(value).map_err(|error| error.to_string())?;
            Remedy::Revalue { sku: sku()?, value }
        }
        "reverse" => Remedy::Reverse { fact: parsed(row.fact.as_deref(), "fact")? },
        other => return Err(format!("corrections of kind `{other}` are not known")),
    };
    Ok(Proposed {
        store: parsed(row.store.as_deref(), "store")?,
        finding: row.finding.as_deref().unwrap_or_default().into(),
        remedy,
        reason: row.note.as_deref().unwrap_or_default().into(),
    })
}

fn parsed<T: FromStr<Err: Display>>(text: Option<&str>, field: &str) -> Result<T, String> {
    let text = text.ok_or_else(|| format!("`{field}` is missing"))?;
    text.parse().map_err(|error| format!("`{field}`: {error}"))
}
