//! The time line of a purchase: who did what, when.

use ledger::amount::{Money, Quantity};
use ledger::id::{Operator, Sku, StoreId};
use ledger::order::{Goods, OrderStep};
use ledger::purchase::{Entry, Event, Ordered, ReturnKind, Shipment, Step};
use ledger::time::{BusinessDate, Timestamp};
use serde::{Deserialize, Serialize};

use crate::order::timeline;
use crate::text;

/// One thing that a party said or did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseStep {
    /// When, by that party's clock.
    #[serde(with = "text::instant")]
    pub at: Timestamp,
    /// Who: a store, or `hub` for head office.
    pub by: String,
    /// The person behind it.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
    /// What: `request`, `order/1`, `submit`, `approve`, `reject`, `send`, `track/1`, `receive/1`,
    /// `return/1`, `close`, `cancel`, `withdraw/1`.
    pub step: String,
    /// The fact behind it, in that store's books.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<String>,
    /// With which goods.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub goods: Vec<PurchaseGoods>,
    /// The supplier that it names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<String>,
    /// The day on which it says that goods are to come.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub expected: Option<BusinessDate>,
    /// Who carries a shipment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<String>,
    /// The carrier's number for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waybill: Option<String>,
    /// The rule by which it was done automatically.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Whether a return is a `refund` or an `exchange`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Why, or what else there is to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Goods of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseGoods {
    /// For which store, where the step names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store: Option<String>,
    /// What.
    pub sku: String,
    /// How much, as a decimal text.
    pub quantity: String,
    /// What a unit is to cost, in an order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<String>,
    /// At what cost in all, where it moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What became of it: `requested`, `ordered`, `received`, `rejected`, `returned`.
    pub what: String,
}

/// Every step that can be read, the earliest first; clocks that disagree are not set right.
pub(super) fn of(entries: &[Entry]) -> Vec<PurchaseStep> {
    timeline(entries).into_iter().map(view).collect()
}

fn view(event: &Event) -> PurchaseStep {
    let mut view = PurchaseStep {
        at: event.at,
        by: event.by.to_string(),
        operator: event.operator.clone(),
        step: event.step.name().to_string(),
        fact: event.step.fact().map(|fact| fact.to_string()),
        goods: Vec::new(),
        supplier: None,
        expected: None,
        carrier: None,
        waybill: None,
        rule: None,
        kind: None,
        note: None,
    };
    let text = |text: &Option<Box<str>>| text.as_deref().map(str::to_owned);
    match &event.step {
        Step::Request { needs, supplier, remark } => {
            let need = |need: &ledger::purchase::Need| {
                wanted(&need.store, &need.sku, need.quantity, None, "requested")
            };
            view.goods = needs.iter().map(need).collect();
            view.supplier = supplier.as_ref().map(ToString::to_string);
            view.note = text(remark);
        }
        Step::Order { order, .. } => view.order(order),
        Step::Submit { remark } | Step::Send { remark } => view.note = text(remark),
        Step::Approve { rule, remark, .. } => (view.rule, view.note) = (text(rule), text(remark)),
        Step::Track { shipment, .. } => view.track(shipment),
        Step::Receive { accepted, rejected, .. } => {
            view.moved(accepted, "received");
            view.moved(rejected, "rejected");
        }
        Step::Return { goods, kind, reason, .. } => {
            view.moved(goods, "returned");
            view.kind = Some(kind.name().to_owned());
            view.note = Some(reason.to_string());
        }
        Step::Reject { reason } | Step::Close { reason } | Step::Cancel { reason } => {
            view.note = Some(reason.to_string());
        }
        Step::Withdraw { of, .. } => {
            view.fact = of.fact().map(|fact| fact.to_string());
            view.note = Some(of.name().to_string());
        }
    }
    view
}

impl PurchaseStep {
    /// Whether goods are to come in the place of those that it sent back.
    pub(super) fn is_exchange(&self) -> bool {
        self.kind.as_deref() == Some(ReturnKind::Exchange.name())
    }

    fn order(&mut self, order: &Ordered) {
        let line = |line: &ledger::purchase::OrderLine| {
            wanted(&line.store, &line.sku, line.quantity, Some(line.price), "ordered")
        };
        self.goods = order.lines.iter().map(line).collect();
        self.supplier = Some(order.supplier.to_string());
        self.expected = order.expected;
        self.note = order.remark.as_deref().map(str::to_owned);
    }

    fn track(&mut self, shipment: &Shipment) {
        let text = |text: &Option<Box<str>>| text.as_deref().map(str::to_owned);
        (self.carrier, self.waybill) = (text(&shipment.carrier), text(&shipment.waybill));
        (self.expected, self.note) = (shipment.expected, text(&shipment.remark));
    }

    fn moved(&mut self, goods: &[Goods], what: &str) {
        self.goods.extend(goods.iter().map(|good| PurchaseGoods {
            store: None,
            sku: good.sku.to_string(),
            quantity: good.quantity.to_string(),
            price: None,
            value: Some(good.value.to_string()),
            what: what.to_owned(),
        }));
    }
}

fn wanted(
    store: &StoreId,
    sku: &Sku,
    quantity: Quantity,
    price: Option<Money>,
    what: &str,
) -> PurchaseGoods {
    PurchaseGoods {
        store: Some(store.to_string()),
        sku: sku.to_string(),
        quantity: quantity.to_string(),
        price: price.map(|price| price.to_string()),
        value: None,
        what: what.to_owned(),
    }
}
