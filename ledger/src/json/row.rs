//! The rows of the stored form, and how they become domain types. Domain types themselves are not
//! serializable: the form may not change by accident when they do.

use std::borrow::Cow;
use std::fmt;

use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::ser::SerializeTuple;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::bin::PlacedRow;
use super::serial::PieceRow;
use super::{FactTextError, amount_error, id_error, optional};
use crate::amount::{Money, Quantity, TaxRate};
use crate::fact::{
    Condition, Elsewhere, Payment, PaymentMethod, Priced, Receipt, ReceiptLine, Reduction,
    ReturnTerms,
};
use crate::id::{FactId, Lot, Operator, PaymentRef, Sku};
use crate::movement::Movement;
use crate::price::Level;

#[derive(Serialize, Deserialize)]
pub(super) struct FactRow<'a> {
    pub(super) v: u32,
    #[serde(borrow)]
    pub(super) id: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) store: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) date: Cow<'a, str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) on: Option<Cow<'a, str>>,
    pub(super) at: i64,
    #[serde(borrow)]
    pub(super) bill: Cow<'a, str>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub(super) req: Option<Cow<'a, str>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub(super) op: Option<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) shift: Option<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) member: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) kind: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) body: &'a RawValue,
    #[serde(borrow)]
    pub(super) moves: Vec<MoveRow<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pub(super) serials: Vec<PieceRow<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pub(super) bins: Vec<PlacedRow<'a>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct AdjustRow<'a> {
    #[serde(borrow)]
    pub(super) reason: Cow<'a, str>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ReturnRow<'a> {
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) source: Option<Cow<'a, str>>,
    /// Another store, and its bill.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    of: Option<(Cow<'a, str>, Cow<'a, str>)>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    state: Option<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    swap: Option<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    approved: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) receipt: ReceiptRow<'a>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ReversalRow<'a> {
    #[serde(borrow)]
    pub(super) of: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) reason: Cow<'a, str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) sale: Option<ReceiptRow<'a>>,
    #[serde(borrow, default, rename = "return", skip_serializing_if = "Option::is_none")]
    pub(super) back: Option<ReceiptRow<'a>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ReceiptRow<'a> {
    #[serde(borrow)]
    lines: Vec<LineRow<'a>>,
    #[serde(borrow)]
    pay: Vec<PayRow<'a>>,
}

#[derive(Serialize, Deserialize)]
struct LineRow<'a> {
    #[serde(borrow)]
    sku: Cow<'a, str>,
    qty: i64,
    price: i64,
    #[serde(default, skip_serializing_if = "is_zero")]
    off: i64,
    #[serde(default, skip_serializing_if = "no_rate")]
    rate: u16,
    #[serde(default, skip_serializing_if = "is_zero")]
    tax: i64,
    total: i64,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    level: Option<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    cut: Vec<(Cow<'a, str>, i64)>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    ok: Option<Cow<'a, str>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct PayRow<'a> {
    #[serde(borrow)]
    by: Cow<'a, str>,
    sum: i64,
    #[serde(default, skip_serializing_if = "is_zero")]
    change: i64,
    #[serde(borrow, rename = "ref", default, skip_serializing_if = "Option::is_none")]
    reference: Option<Cow<'a, str>>,
}

impl<'a> ReturnRow<'a> {
    pub(super) fn of(receipt: &'a Receipt, source: Option<FactId>, terms: &'a ReturnTerms) -> Self {
        let from = |from: &'a Elsewhere| (from.store.as_str().into(), from.bill.as_str().into());
        let condition = Some(terms.condition).filter(|it| *it != Condition::Sellable);
        Self {
            source: source.map(|id| id.to_string().into()),
            of: terms.elsewhere.as_ref().map(from),
            state: condition.map(|condition| condition.name().into()),
            swap: terms.exchange.map(|id| id.to_string().into()),
            approved: terms.approved.as_ref().map(|id| id.as_str().into()),
            receipt: ReceiptRow::of(receipt),
        }
    }

    pub(super) fn terms(&self) -> Result<ReturnTerms, FactTextError> {
        let elsewhere = match &self.of {
            None => None,
            Some((store, bill)) => {
                let store = store.parse().map_err(id_error("of"))?;
                Some(Elsewhere { store, bill: bill.parse().map_err(id_error("of"))? })
            }
        };
        let condition = match self.state.as_deref() {
            None => Condition::Sellable,
            Some(name) => Condition::named(name)
                .ok_or_else(|| FactTextError::Word { field: "state", found: name.to_owned() })?,
        };
        Ok(ReturnTerms {
            elsewhere,
            condition,
            exchange: optional(self.swap.as_deref(), str::parse, "swap")?,
            approved: optional(self.approved.as_deref(), Operator::new, "approved")?,
        })
    }
}

impl<'a> ReceiptRow<'a> {
    pub(super) fn of(receipt: &'a Receipt) -> Self {
        let lines = receipt.lines.iter().map(LineRow::of).collect();
        let pay = receipt.payments.iter().map(PayRow::of).collect();
        Self { lines, pay }
    }

    pub(super) fn read(self) -> Result<Receipt, FactTextError> {
        let lines = self.lines.iter().map(LineRow::read).collect::<Result<_, _>>()?;
        let payments = self.pay.iter().map(PayRow::read).collect::<Result<_, _>>()?;
        Ok(Receipt { lines, payments })
    }
}

impl<'a> LineRow<'a> {
    fn of(line: &'a ReceiptLine) -> Self {
        Self {
            sku: line.sku.as_str().into(),
            qty: line.quantity.thousandths(),
            price: line.list_price.ten_thousandths(),
            off: line.discount.ten_thousandths(),
            rate: line.tax_rate.basis_points(),
            tax: line.tax.ten_thousandths(),
            total: line.total.ten_thousandths(),
            level: Some(line.priced.level)
                .filter(|level| *level != Level::default())
                .map(|level| level.name().into()),
            cut: line.priced.reductions.iter().map(cut_row).collect(),
            ok: line.priced.approved.as_ref().map(|who| who.as_str().into()),
        }
    }

    fn read(&self) -> Result<ReceiptLine, FactTextError> {
        Ok(ReceiptLine {
            sku: Sku::new(&self.sku).map_err(id_error("sku"))?,
            quantity: Quantity::from_thousandths(self.qty).map_err(amount_error("qty"))?,
            list_price: money(self.price, "price")?,
            discount: money(self.off, "off")?,
            tax_rate: TaxRate::from_basis_points(self.rate).map_err(amount_error("rate"))?,
            tax: money(self.tax, "tax")?,
            total: money(self.total, "total")?,
            priced: self.priced()?,
        })
    }
}

impl LineRow<'_> {
    fn priced(&self) -> Result<Priced, FactTextError> {
        let level = match self.level.as_deref() {
            None => Level::default(),
            Some(name) => Level::named(name)
                .ok_or_else(|| FactTextError::Word { field: "level", found: name.to_owned() })?,
        };
        let reduction = |(cause, amount): &(Cow<'_, str>, i64)| {
            let cause = cause.parse().map_err(id_error("cut"))?;
            Ok(Reduction { cause, amount: money(*amount, "cut")? })
        };
        Ok(Priced {
            level,
            reductions: self.cut.iter().map(reduction).collect::<Result<_, _>>()?,
            approved: optional(self.ok.as_deref(), Operator::new, "ok")?,
        })
    }
}

fn cut_row(reduction: &Reduction) -> (Cow<'static, str>, i64) {
    (reduction.cause.to_string().into(), reduction.amount.ten_thousandths())
}

impl<'a> PayRow<'a> {
    pub(super) fn of(payment: &'a Payment) -> Self {
        Self {
            by: payment.method.name().into(),
            sum: payment.amount.ten_thousandths(),
            change: payment.change.ten_thousandths(),
            reference: payment.reference.as_ref().map(|id| id.as_str().into()),
        }
    }

    pub(super) fn read(&self) -> Result<Payment, FactTextError> {
        let found = || FactTextError::Word { field: "by", found: self.by.to_string() };
        Ok(Payment {
            method: PaymentMethod::named(&self.by).ok_or_else(found)?,
            amount: money(self.sum, "sum")?,
            change: money(self.change, "change")?,
            reference: optional(self.reference.as_deref(), PaymentRef::new, "ref")?,
        })
    }
}

/// `[from, to, sku, quantity, value]` or `[from, to, sku, quantity, value, lot]`.
pub(super) struct MoveRow<'a> {
    from: Cow<'a, str>,
    to: Cow<'a, str>,
    sku: Cow<'a, str>,
    quantity: i64,
    value: i64,
    lot: Option<Cow<'a, str>>,
}

pub(super) fn rows_of(movements: &[Movement]) -> Vec<MoveRow<'_>> {
    let row = |movement: &'_ Movement| MoveRow {
        from: movement.from.to_string().into(),
        to: movement.to.to_string().into(),
        sku: movement.sku.as_str().to_owned().into(),
        quantity: movement.quantity.thousandths(),
        value: movement.value.ten_thousandths(),
        lot: movement.lot.as_ref().map(|lot| lot.as_str().to_owned().into()),
    };
    movements.iter().map(row).collect()
}

impl MoveRow<'_> {
    pub(super) fn read(&self) -> Result<Movement, FactTextError> {
        let quantity = Quantity::from_thousandths(self.quantity);
        Ok(Movement {
            from: self.from.parse().map_err(id_error("moves"))?,
            to: self.to.parse().map_err(id_error("moves"))?,
            sku: Sku::new(&self.sku).map_err(id_error("moves"))?,
            lot: optional(self.lot.as_deref(), Lot::new, "moves")?,
            quantity: quantity.map_err(amount_error("moves"))?,
            value: money(self.value, "moves")?,
        })
    }
}

impl Serialize for MoveRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_tuple(if self.lot.is_some() { 6 } else { 5 })?;
        row.serialize_element(&self.from)?;
        row.serialize_element(&self.to)?;
        row.serialize_element(&self.sku)?;
        row.serialize_element(&self.quantity)?;
        row.serialize_element(&self.value)?;
        if let Some(lot) = &self.lot {
            row.serialize_element(lot)?;
        }
        row.end()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for MoveRow<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(MoveVisitor)
    }
}

struct MoveVisitor;

impl<'de> Visitor<'de> for MoveVisitor {
    type Value = MoveRow<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a movement: [from, to, sku, quantity, value] and perhaps a lot")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let short = |n| serde::de::Error::invalid_length(n, &self);
        let row = MoveRow {
            from: seq.next_element::<Text<'de>>()?.ok_or_else(|| short(0))?.0,
            to: seq.next_element::<Text<'de>>()?.ok_or_else(|| short(1))?.0,
            sku: seq.next_element::<Text<'de>>()?.ok_or_else(|| short(2))?.0,
            quantity: seq.next_element()?.ok_or_else(|| short(3))?,
            value: seq.next_element()?.ok_or_else(|| short(4))?,
            lot: seq.next_element::<Option<Text<'de>>>()?.flatten().map(|text| text.0),
        };
        // A later version may add elements; they stay in the text.
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(row)
    }
}

/// A string that borrows from the input unless it contains escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

fn money(raw: i64, field: &'static str) -> Result<Money, FactTextError> {
    Money::from_ten_thousandths(raw).map_err(amount_error(field))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_zero(amount: &i64) -> bool {
    *amount == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn no_rate(rate: &u16) -> bool {
    *rate == 0
}
