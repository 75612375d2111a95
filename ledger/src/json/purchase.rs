//! The stored form of what stores book of bought goods:
//!
//! ```text
//! receipt             {"supplier":"V7","delivery":{"order":"S1-2611-s1A1","no":1,"note":"SH-88",
//!                      "price":"estimated","freight":120000,"spread":"value",
//!                      "lines":[{"sku":"6901…","lot":"L7","exp":"2027-01-31","ok":22000,"bad":2000,
//!                                "price":21000,"why":"leaking","photo":"7.jpg"}]}}
//! purchase_return     {"of":"1-7","supplier":"V7","order":"S1-2611-s1A1","no":1,"kind":"refund","credit":24860,"reason":"…"}
//! quarantine_release  {"reason":"…"}
//! quarantine_scrap    {"reason":"…"}
//! ```
//!
//! With `"price":"invoice"` the invoice's number stands as `invoice`.

use std::borrow::Cow;
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use super::lots::LotRow;
use super::{FactTextError, amount_error, id_error, optional};
use crate::amount::{Money, Quantity};
use crate::fact::Body;
use crate::id::{DeliveryNote, Lot, PurchaseId, Sku, SupplierId};
use crate::lot::LotExpiry;
use crate::purchase::{Act, Basis, Delivery, Freight, Inspected, ReturnKind, SentBack, Spread};

pub(super) const RETURN: &str = "purchase_return";
pub(super) const RELEASE: &str = "quarantine_release";
pub(super) const SCRAP: &str = "quarantine_scrap";

const ESTIMATED: &str = "estimated";
const INVOICE: &str = "invoice";

#[derive(Serialize, Deserialize)]
pub(super) struct ReceiptRow<'a> {
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    supplier: Option<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    lots: Vec<LotRow<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    delivery: Option<DeliveryRow<'a>>,
}

#[derive(Serialize, Deserialize)]
struct DeliveryRow<'a> {
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    order: Option<Cow<'a, str>>,
    no: NonZeroU32,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    note: Option<Cow<'a, str>>,
    #[serde(borrow)]
    price: Cow<'a, str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    invoice: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    freight: Option<i64>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    spread: Option<Cow<'a, str>>,
    #[serde(borrow)]
    lines: Vec<InspectedRow<'a>>,
}

#[derive(Serialize, Deserialize)]
struct InspectedRow<'a> {
    #[serde(borrow)]
    sku: Cow<'a, str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    lot: Option<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    exp: Option<Cow<'a, str>>,
    ok: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bad: Option<i64>,
    price: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kg: Option<i64>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    why: Option<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    photo: Option<Cow<'a, str>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct SentBackRow<'a> {
    #[serde(borrow)]
    of: Cow<'a, str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    supplier: Option<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    order: Option<Cow<'a, str>>,
    no: NonZeroU32,
    #[serde(borrow)]
    kind: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    credit: Option<i64>,
    #[serde(borrow)]
    reason: Cow<'a, str>,
}

impl<'a> ReceiptRow<'a> {
    pub(super) fn of(
        supplier: Option<&'a str>,
        lots: &'a [LotExpiry],
        delivery: Option<&'a Delivery>,
    ) -> Self {
        let lots = lots.iter().map(LotRow::of).collect();
        let delivery = delivery.map(DeliveryRow::of);
        Self { supplier: supplier.map(Into::into), lots, delivery }
    }

    pub(super) fn read(&self) -> Result<Body, FactTextError> {
        let supplier = self.supplier.as_deref();
        let read = |row: &DeliveryRow<'_>| row.read(supplier.unwrap_or_default()).map(Box::new);
        let delivery = self.delivery.as_ref().map(read).transpose()?;
        let lots = self.lots.iter().map(LotRow::read).collect::<Result<_, _>>()?;
        Ok(Body::GoodsReceipt { supplier: supplier.map(Into::into), lots, delivery })
    }
}

impl<'a> DeliveryRow<'a> {
    fn of(delivery: &'a Delivery) -> Self {
        let (price, invoice) = match &delivery.basis {
            Basis::Estimated => (ESTIMATED, None),
            Basis::Invoice(number) => (INVOICE, Some(number.as_ref())),
        };
        Self {
            order: delivery.order.as_ref().map(|id| id.as_str().into()),
            no: delivery.receipt,
            note: delivery.note.as_ref().map(|note| note.as_str().into()),
            price: price.into(),
            invoice: invoice.map(Into::into),
            freight: delivery.freight.map(|freight| freight.amount.ten_thousandths()),
            spread: delivery.freight.map(|freight| freight.by.name().into()),
            lines: delivery.lines.iter().map(InspectedRow::of).collect(),
        }
    }

    fn read(&self, supplier: &str) -> Result<Delivery, FactTextError> {
        let basis = match self.price.as_ref() {
            ESTIMATED => Basis::Estimated,
            INVOICE => Basis::Invoice(self.invoice.as_deref().unwrap_or_default().into()),
            other => return Err(word("price", other)),
        };
        let freight = |raw: i64| {
            let by = match self.spread.as_deref() {
                Some(name) => Spread::named(name).ok_or_else(|| word("spread", name))?,
                None => Spread::default(),
            };
            Ok::<_, FactTextError>(Freight { amount: money(raw, "freight")?, by })
        };
        Ok(Delivery {
            supplier: SupplierId::new(supplier).map_err(id_error("supplier"))?,
            order: optional(self.order.as_deref(), PurchaseId::new, "order")?,
            receipt: self.no,
            note: optional(self.note.as_deref(), DeliveryNote::new, "note")?,
            basis,
            freight: self.freight.map(freight).transpose()?,
            lines: self.lines.iter().map(InspectedRow::read).collect::<Result<_, _>>()?,
        })
    }
}

impl<'a> InspectedRow<'a> {
    fn of(line: &'a Inspected) -> Self {
        Self {
            sku: line.sku.as_str().into(),
            lot: line.lot.as_ref().map(|lot| lot.as_str().into()),
            exp: line.expiry.map(|date| date.to_string().into()),
            ok: line.accepted.thousandths(),
            bad: Some(line.rejected.thousandths()).filter(|bad| *bad != 0),
            price: line.price.ten_thousandths(),
            kg: line.weight.map(Quantity::thousandths),
            why: line.reason.as_deref().map(Into::into),
            photo: line.photo.as_deref().map(Into::into),
        }
    }

    fn read(&self) -> Result<Inspected, FactTextError> {
        let quantity =
            |raw: i64, field| Quantity::from_thousandths(raw).map_err(amount_error(field));
        Ok(Inspected {
            sku: Sku::new(&self.sku).map_err(id_error("sku"))?,
            lot: optional(self.lot.as_deref(), Lot::new, "lot")?,
            expiry: optional(self.exp.as_deref(), str::parse, "exp")?,
            accepted: quantity(self.ok, "ok")?,
            rejected: quantity(self.bad.unwrap_or_default(), "bad")?,
            price: money(self.price, "price")?,
            weight: self.kg.map(|raw| quantity(raw, "kg")).transpose()?,
            reason: self.why.as_deref().map(Into::into),
            photo: self.photo.as_deref().map(Into::into),
        })
    }
}

impl<'a> SentBackRow<'a> {
    pub(super) fn of(sent: &'a SentBack) -> Self {
        Self {
            of: sent.receipt.to_string().into(),
            supplier: sent.supplier.as_ref().map(|id| id.as_str().into()),
            order: sent.order.as_ref().map(|id| id.as_str().into()),
            no: sent.number,
            kind: sent.kind.name().into(),
            credit: sent.credit.map(Money::ten_thousandths),
            reason: sent.reason.as_ref().into(),
        }
    }

    pub(super) fn read(&self) -> Result<Act, FactTextError> {
        Ok(Act::SentBack(SentBack {
            receipt: self.of.parse().map_err(id_error("of"))?,
            supplier: optional(self.supplier.as_deref(), SupplierId::new, "supplier")?,
            order: optional(self.order.as_deref(), PurchaseId::new, "order")?,
            number: self.no,
            kind: ReturnKind::named(&self.kind).ok_or_else(|| word("kind", &self.kind))?,
            credit: self.credit.map(|raw| money(raw, "credit")).transpose()?,
            reason: self.reason.as_ref().into(),
        }))
    }
}

fn money(raw: i64, field: &'static str) -> Result<Money, FactTextError> {
    Money::from_ten_thousandths(raw).map_err(amount_error(field))
}

fn word(field: &'static str, found: &str) -> FactTextError {
    FactTextError::Word { field, found: found.to_owned() }
}
