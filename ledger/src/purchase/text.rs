//! The stored form of a purchase order's entries: one JSON object each, version 1.
//!
//! ```text
//! request    {"v":1,"at":…,"op":"…","needs":[{"store":"S1","sku":"6901…","qty":2000}],"note":"…"}
//! order/1    {"v":1,"at":…,"supplier":"V7","expected":"2026-11-30",
//!             "lines":[{"store":"S1","sku":"6901…","qty":2000,"price":21000}]}
//! approve    {"v":1,"at":…,"rev":1,"of":"S1","rule":"…"}       of head office's own: no "of"
//! track/1    {"v":1,"at":…,"carrier":"…","waybill":"…","expected":"2026-12-01"}
//! receive/1  {"v":1,"at":…,"fact":"1-7","goods":[{"sku":"6901…","qty":2000,"value":42000}],"rejected":[…]}
//! return/1   {"v":1,"at":…,"fact":"1-8","goods":[…],"kind":"exchange","note":"…"}
//! withdraw/1 {"v":1,"at":…,"what":"receive/1","fact":"1-7","goods":[…]}
//! ```
//!
//! Quantities are thousandths, money is ten-thousandths, `at` is milliseconds. The step and its
//! number stand in the entry's name alone. An entry is written once, so that fields which this
//! version does not know survive every journey.

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use super::event::{Event, Need, OrderLine, Ordered, ReturnKind, Revision, Shipment, Step};
use super::name::StepName;
use crate::order::text::{
    GoodsRow, Said, Text, check_version, goods, goods_rows, money, optional, parsed, positive,
};
use crate::order::{OrderStep, Party};
use crate::time::Timestamp;

/// The version of the form that [`Event::to_text`] writes.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct NeedRow<'a> {
    #[serde(borrow)]
    store: Text<'a>,
    #[serde(borrow)]
    sku: Text<'a>,
    qty: i64,
}

#[derive(Serialize, Deserialize)]
struct LineRow<'a> {
    #[serde(borrow)]
    store: Text<'a>,
    #[serde(borrow)]
    sku: Text<'a>,
    qty: i64,
    price: i64,
}

/// Every field that a step may have; each step writes its own.
#[derive(Default, Serialize, Deserialize)]
struct Row<'a> {
    v: u32,
    at: i64,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    op: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    supplier: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    expected: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    needs: Vec<NeedRow<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    lines: Vec<LineRow<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rev: Option<NonZeroU32>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    of: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    rule: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    carrier: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    waybill: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    what: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    fact: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    goods: Vec<GoodsRow<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    rejected: Vec<GoodsRow<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    kind: Option<Text<'a>>,
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
        let text = |text: &'a Option<Box<str>>| text.as_deref().map(Text::from);
        match step {
            Step::Request { needs, supplier, remark } => {
                self.supplier = supplier.as_ref().map(|id| id.as_str().into());
                self.needs = needs.iter().map(need_row).collect();
                self.note = text(remark);
            }
            Step::Order { order, .. } => {
                self.supplier = Some(order.supplier.as_str().into());
                self.expected = order.expected.map(|date| date.to_string().into());
                self.lines = order.lines.iter().map(line_row).collect();
                self.note = text(&order.remark);
            }
            Step::Submit { remark } | Step::Send { remark } => self.note = text(remark),
            Step::Approve { of, rule, remark } => {
                self.rev = Some(of.number);
                if let Party::Store(store) = &of.by {
                    self.of = Some(store.as_str().into());
                }
                (self.rule, self.note) = (text(rule), text(remark));
            }
            Step::Reject { reason } | Step::Close { reason } | Step::Cancel { reason } => {
                self.note = Some(reason.as_ref().into());
            }
            Step::Track { shipment, .. } => {
                self.carrier = text(&shipment.carrier);
                self.waybill = text(&shipment.waybill);
                self.expected = shipment.expected.map(|date| date.to_string().into());
                self.note = text(&shipment.remark);
            }
            Step::Receive { fact, accepted, rejected, .. } => {
                self.fact = Some(fact.to_string().into());
                self.goods = goods_rows(accepted);
                self.rejected = goods_rows(rejected);
            }
            Step::Return { fact, goods, kind, reason, .. } => {
                self.fact = Some(fact.to_string().into());
                self.goods = goods_rows(goods);
                self.kind = Some(kind.name().into());
                self.note = Some(reason.as_ref().into());
            }
            Step::Withdraw { of, .. } => {
                self.say(of);
                self.what = Some(of.name().to_string().into());
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
    let text = |text: &Option<Text<'_>>| text.as_deref().map(Box::<str>::from);
    let remark = || text(&row.note);
    let reason = || remark().unwrap_or_default();
    Ok(match name {
        StepName::Request => Step::Request {
            needs: row.needs.iter().map(need).collect::<Result<_, _>>()?,
            supplier: optional(row.supplier.as_deref(), "supplier")?,
            remark: remark(),
        },
        StepName::Order(revision) => {
            let order = Ordered {
                supplier: parsed(row.supplier.as_deref(), "supplier")?,
                lines: row.lines.iter().map(line).collect::<Result<_, _>>()?,
                expected: optional(row.expected.as_deref(), "expected")?,
                remark: remark(),
            };
            Step::Order { revision, order }
        }
        StepName::Submit => Step::Submit { remark: remark() },
        StepName::Approve => {
            let number = row.rev.ok_or("`rev` is missing")?;
            let store = optional(row.of.as_deref(), "of")?;
            let by = store.map_or(Party::HeadOffice, Party::Store);
            Step::Approve { of: Revision { number, by }, rule: text(&row.rule), remark: remark() }
        }
        StepName::Reject => Step::Reject { reason: reason() },
        StepName::Send => Step::Send { remark: remark() },
        StepName::Track(number) => {
            let (carrier, waybill) = (text(&row.carrier), text(&row.waybill));
            let expected = optional(row.expected.as_deref(), "expected")?;
            Step::Track {
                number,
                shipment: Shipment { carrier, waybill, expected, remark: remark() },
            }
        }
        StepName::Receive(receipt) => Step::Receive {
            receipt,
            fact: parsed(row.fact.as_deref(), "fact")?,
            accepted: goods(&row.goods)?,
            rejected: goods(&row.rejected)?,
        },
        StepName::Return(number) => {
            let kind = row.kind.as_deref().ok_or("`kind` is missing")?;
            Step::Return {
                number,
                fact: parsed(row.fact.as_deref(), "fact")?,
                goods: goods(&row.goods)?,
                kind: ReturnKind::named(kind).ok_or_else(|| format!("`kind` says `{kind}`"))?,
                reason: reason(),
            }
        }
        StepName::Close => Step::Close { reason: reason() },
        StepName::Cancel => Step::Cancel { reason: reason() },
        StepName::Withdraw(withdrawal) => {
            let of = parsed::<StepName>(row.what.as_deref(), "what")?;
            if !matches!(of, StepName::Receive(_) | StepName::Return(_)) {
                return Err(format!("`{of}` cannot be taken back"));
            }
            Step::Withdraw { withdrawal, of: Box::new(step(of, row)?) }
        }
    })
}

/// A step about goods that names none would count without saying anything.
fn says_something(step: &Step) -> bool {
    match step {
        Step::Request { needs, .. } => !needs.is_empty(),
        Step::Order { order, .. } => !order.lines.is_empty(),
        Step::Receive { accepted, rejected, .. } => !accepted.is_empty() || !rejected.is_empty(),
        Step::Return { goods, .. } => !goods.is_empty(),
        Step::Withdraw { of, .. } => says_something(of),
        Step::Submit { .. }
        | Step::Approve { .. }
        | Step::Reject { .. }
        | Step::Send { .. }
        | Step::Track { .. }
        | Step::Close { .. }
        | Step::Cancel { .. } => true,
    }
}

fn need(row: &NeedRow<'_>) -> Result<Need, String> {
    let (store, sku) = (parsed(Some(&row.store), "store")?, parsed(Some(&row.sku), "sku")?);
    Ok(Need { store, sku, quantity: positive(row.qty)? })
}

fn line(row: &LineRow<'_>) -> Result<OrderLine, String> {
    let (store, sku) = (parsed(Some(&row.store), "store")?, parsed(Some(&row.sku), "sku")?);
    let price = money(row.price)?;
    if price.is_negative() {
        return Err(format!("the price {price} is less than nothing"));
    }
    Ok(OrderLine { store, sku, quantity: positive(row.qty)?, price })
}

fn need_row(need: &Need) -> NeedRow<'_> {
    let (store, sku) = (need.store.as_str().into(), need.sku.as_str().into());
    NeedRow { store, sku, qty: need.quantity.thousandths() }
}

fn line_row(line: &OrderLine) -> LineRow<'_> {
    let (store, sku) = (line.store.as_str().into(), line.sku.as_str().into());
    let (qty, price) = (line.quantity.thousandths(), line.price.ten_thousandths());
    LineRow { store, sku, qty, price }
}

#[cfg(test)]
mod tests;
