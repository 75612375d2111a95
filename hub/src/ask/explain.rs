//! Why a product's stock at a store is what it is: the days that made it, the facts of each day,
//! the lines of each fact.

use books::StoredFact;
use books::read::{DayExplained, FlowAmounts, StockAmounts, StockFilter};
use ledger::fact::{Body, Fact, Payment, Receipt, ReceiptLine, SignedReceipt};
use ledger::id::{BillNo, FactId, Operator, Sku, StoreId};
use ledger::movement::{Account, Movement};
use ledger::purchase::Act;
use ledger::time::{BusinessDate, Timestamp};
use serde::{Deserialize, Serialize};

use super::stock::{AsOf, ProductLabel, as_of, sku_of};
use crate::door::Ask;
use crate::error::Result;
use crate::hub::Hub;
use crate::text::{self, Amount, Units};

/// Explain a product's stock at a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explain {
    /// The product, by SKU or barcode.
    pub item: String,
    /// The store.
    #[serde(with = "text")]
    pub store: StoreId,
    /// From this day; none: from the first.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub from: Option<BusinessDate>,
    /// Up to this day; none: to the last.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub to: Option<BusinessDate>,
}

/// A number and what it is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explained {
    /// The product.
    #[serde(with = "text")]
    pub sku: Sku,
    /// Its names, where the catalog has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductLabel>,
    /// The store.
    #[serde(with = "text")]
    pub store: StoreId,
    /// What was on hand before the first of these days.
    pub opening: Standing,
    /// The days on which it moved.
    pub days: Vec<Day>,
    /// What was on hand after the last of them.
    pub closing: Standing,
    /// What the books say is on hand now, or on the last day of the range: the same, if all is well.
    pub on_hand: Standing,
    /// How far the hub knows the store.
    pub as_of: Option<AsOf>,
    /// When the question was answered.
    #[serde(with = "text::instant")]
    pub now: Timestamp,
}

/// A quantity and its cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// How much.
    pub quantity: Units,
    /// What it cost.
    pub value: Amount,
}

impl Standing {
    fn of(amounts: StockAmounts) -> Self {
        Self {
            quantity: Units(amounts.quantity.thousandths().into()),
            value: Amount(amounts.value.ten_thousandths().into()),
        }
    }
}

/// One day: opening + in − out = closing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// The day.
    #[serde(with = "text")]
    pub date: BusinessDate,
    /// In the morning.
    pub opening: Standing,
    /// Came in.
    pub inward: Standing,
    /// Went out.
    pub outward: Standing,
    /// In the evening.
    pub closing: Standing,
    /// The facts that moved it, in order.
    pub facts: Vec<FactLine>,
}

/// A fact, as far as it concerns the product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactLine {
    /// Its name at the store.
    #[serde(with = "text")]
    pub fact: FactId,
    /// Its number on paper.
    #[serde(with = "text")]
    pub bill: BillNo,
    /// What kind it is of.
    pub kind: String,
    /// The day on which it happened, where that one's book was closed already.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub true_date: Option<BusinessDate>,
    /// When it was recorded, by the store's clock.
    #[serde(with = "text::instant")]
    pub at: Timestamp,
    /// Who did it.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
    /// The fact that it corrects.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub source: Option<FactId>,
    /// The supplier of a goods receipt, or the reason of a correction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// By how much it changed what is on hand.
    pub change: Standing,
    /// What is on hand after it.
    pub balance: Units,
    /// The product's lines on the customer's receipt.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Line>,
    /// The whole receipt's total, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Amount>,
    /// How the whole receipt was paid.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payments: Vec<Paid>,
}

/// A line of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// How much.
    pub quantity: Units,
    /// The price per unit.
    pub price: Amount,
    /// What came off the line.
    pub discount: Amount,
    /// The tax in it.
    pub tax: Amount,
    /// What was paid for the line.
    pub total: Amount,
}

/// A payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paid {
    /// The method's name.
    pub method: String,
    /// How much.
    pub amount: Amount,
}

impl Ask for Explain {
    const PATH: &'static str = "/v1/explain";
    type Answer = Explained;

    fn answer(self, hub: &Hub) -> Result<Explained> {
        let Self { item, store, from, to } = self;
        let reader = hub.reader()?;
        let sku = sku_of(&reader, &item)?;
        let explained = reader.explain(&store, &sku, from, to)?;
        // The independent reading: the balance itself, not the sum of its days.
        let filter = StockFilter { store: Some(store.clone()), sku: Some(sku.clone()), at: to };
        let on_hand = reader.stock(&filter)?.first().map(|row| row.stock).unwrap_or_default();
        Ok(Explained {
            product: reader.product(&sku)?.as_ref().map(ProductLabel::of),
            opening: Standing::of(explained.opening),
            days: explained.days.iter().map(|explained| day(explained, &sku)).collect(),
            closing: Standing::of(explained.closing),
            on_hand: Standing::of(on_hand),
            as_of: as_of(hub, &reader, Some(&store))?.pop(),
            now: hub.now(),
            sku,
            store,
        })
    }
}

fn day(explained: &DayExplained, sku: &Sku) -> Day {
    let FlowAmounts { inward, outward } = explained.flow;
    let mut balance = Standing::of(explained.opening).quantity;
    let line = |stored: &StoredFact| {
        let change = change(&stored.fact, sku);
        balance.0 += change.quantity.0;
        fact_line(&stored.fact, sku, change, balance)
    };
    Day {
        date: explained.date,
        opening: Standing::of(explained.opening),
        inward: Standing::of(inward),
        outward: Standing::of(outward),
        closing: Standing::of(explained.closing),
        facts: explained.facts.iter().map(line).collect(),
    }
}

/// By how much a fact changed what is on hand of a product.
fn change(fact: &Fact, sku: &Sku) -> Standing {
    let mut sum = Standing::default();
    let of_sku = |movement: &&Movement| movement.sku == *sku;
    for (account, quantity, value) in fact.movements.iter().filter(of_sku).flat_map(Movement::legs)
    {
        if *account == Account::OnHand {
            sum.quantity.0 += i128::from(quantity.thousandths());
            sum.value.0 += i128::from(value.ten_thousandths());
        }
    }
    sum
}

fn fact_line(fact: &Fact, sku: &Sku, change: Standing, balance: Units) -> FactLine {
    let (receipt, source, note) = match &fact.body {
        Body::RetailSale(receipt) => (Some(receipt), None, None),
        Body::SaleReturn { receipt, source, .. } => (Some(receipt), *source, None),
        Body::Reversal { of, receipt, reason } => {
            let receipt = receipt.as_ref().map(|signed| match signed {
                SignedReceipt::OfSale(receipt) | SignedReceipt::OfReturn(receipt) => receipt,
            });
            (receipt, Some(*of), Some(reason.to_string()))
        }
        Body::GoodsReceipt { supplier, .. } => (None, None, supplier.as_deref().map(str::to_owned)),
        Body::StockAdjustment { reason } | Body::Scrap { reason } => {
            (None, None, Some(reason.to_string()))
        }
        Body::Purchase(act) => {
            let source = match act {
                Act::SentBack(sent) => Some(sent.receipt),
                Act::Cleared { .. } => None,
            };
            (None, source, Some(act.reason().to_owned()))
        }
        Body::Stocktake { name, .. } => (None, None, Some(name.to_string())),
        Body::Invoice(invoice) => (None, None, Some(invoice.number.to_string())),
        Body::SupplierPayment(payment) => (None, None, Some(payment.supplier.to_string())),
        Body::Transfer(booked) => (None, None, Some(booked.transfer.to_string())),
        Body::Opening
        | Body::Assembly(_)
        | Body::DayClose(_)
        | Body::Statement { .. }
        | Body::Shift(_)
        | Body::AlertAck(_)
        | Body::BinMove { .. }
        | Body::BinHome { .. }
        | Body::Value(_)
        | Body::Unknown { .. } => (None, None, None),
    };
    FactLine {
        fact: fact.id,
        bill: fact.bill.clone(),
        kind: fact.body.kind().to_owned(),
        true_date: fact.true_date,
        at: fact.at,
        operator: fact.operator.clone(),
        source,
        note,
        change,
        balance,
        lines: receipt.map(|receipt| lines(receipt, sku)).unwrap_or_default(),
        total: receipt.map(|receipt| receipt.lines.iter().map(total).sum()),
        payments: receipt.map(payments).unwrap_or_default(),
    }
}

fn lines(receipt: &Receipt, sku: &Sku) -> Vec<Line> {
    let line = |line: &ReceiptLine| Line {
        quantity: Units(line.quantity.thousandths().into()),
        price: Amount(line.list_price.ten_thousandths().into()),
        discount: Amount(line.discount.ten_thousandths().into()),
        tax: Amount(line.tax.ten_thousandths().into()),
        total: total(line),
    };
    receipt.lines.iter().filter(|line| line.sku == *sku).map(line).collect()
}

fn total(line: &ReceiptLine) -> Amount {
    Amount(line.total.ten_thousandths().into())
}

fn payments(receipt: &Receipt) -> Vec<Paid> {
    let paid = |payment: &Payment| Paid {
        method: payment.method.name().to_owned(),
        amount: Amount(payment.amount.ten_thousandths().into()),
    };
    receipt.payments.iter().map(paid).collect()
}
