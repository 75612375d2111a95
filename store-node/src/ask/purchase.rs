//! Purchases: ask for goods, order, receive, send back, look.

use books::{PurchaseFilter, Reader, WhichPurchases};
pub use console::purchase::{
    ListPurchases, OrderPurchase, RequestPurchase, SayPurchase, ShowPurchase,
};
use console::purchase::{PurchaseLine, PurchaseRefused, Which};
use console::{Lang, PurchaseView};
use ledger::amount::{Money, Quantity};
use ledger::fact::{Body, Fact};
use ledger::id::{DeliveryNote, Lot, PurchaseId, Sku, StoreId, SupplierId};
use ledger::order::OrderStep;
use ledger::purchase::{
    Back, Basis, Freight, Need, OrderLine, Ordered, Pile, Refusal, ReturnKind, Spread, Step, Word,
    status,
};
use ledger::time::BusinessDate;
use serde::{Deserialize, Serialize};

use crate::book::Refused;
use crate::door::Ask;
use crate::error::Result;
use crate::node::catalog::Scanned;
use crate::node::purchase::{Arrival, Arrived, GoingBack};
use crate::node::{Node, When};
use crate::request::{About, FactRef, SaleLine};
use crate::text;
use crate::view::FactView;

/// Take goods of an order in, as they were inspected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceivePurchase {
    /// Under which name, by whom, on which day.
    #[serde(default)]
    pub about: About,
    /// Which order.
    #[serde(with = "text")]
    pub purchase: PurchaseId,
    /// What came. Nothing accepted on any line: all that is still to come and not rejected.
    #[serde(default)]
    pub lines: Vec<DeliveredLine>,
    /// The supplier's own number for the delivery: the same one is not taken in twice.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub note: Option<DeliveryNote>,
    /// The invoice that came with the goods; without one, prices are estimated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice: Option<String>,
    /// What it cost to bring the goods here.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub freight: Option<Money>,
    /// What the share of a line in that goes by: `value` or `quantity`.
    #[serde(default, with = "text")]
    pub spread: Spread,
    /// The language of what is shown: `zh` or `en`.
    pub lang: String,
}

/// Goods that came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveredLine {
    /// A SKU or barcode.
    pub item: String,
    /// What is taken in.
    #[serde(default, with = "text")]
    pub accepted: Quantity,
    /// What is not.
    #[serde(default, with = "text")]
    pub rejected: Quantity,
    /// What a unit costs; none for the order's price.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// From which production lot.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub lot: Option<Lot>,
    /// The last day on which it can be sold.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub expiry: Option<BusinessDate>,
    /// Why something is not accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The name of a file that shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<String>,
}

/// Send goods back to their supplier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnPurchase {
    /// Under which name, by whom, on which day.
    #[serde(default)]
    pub about: About,
    /// The receipt that they came with.
    #[serde(with = "text")]
    pub receipt: FactRef,
    /// What goes back; prices are not heeded.
    pub lines: Vec<SaleLine>,
    /// From where: `shelf` or `quarantine`.
    #[serde(default, with = "text")]
    pub from: Pile,
    /// Whether others are to come in their place: `refund` or `exchange`.
    #[serde(with = "text")]
    pub kind: ReturnKind,
    /// Why.
    pub reason: String,
    /// The language of what is shown: `zh` or `en`.
    pub lang: String,
}

/// A fact about bought goods, and how far its order has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bought {
    /// The fact.
    pub fact: FactView,
    /// The order, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purchase: Option<PurchaseView>,
    /// Whether the request was carried out before, and not again.
    pub repeated: bool,
}

impl Ask for RequestPurchase {
    const PATH: &'static str = "/v1/purchase/request";
    type Answer = PurchaseView;

    fn answer(self, node: &Node) -> Result<PurchaseView> {
        let need = |(store, line): (&StoreId, &PurchaseLine)| {
            let (sku, quantity) = goods(node, line)?;
            Ok(Need { store: store.clone(), sku, quantity })
        };
        let stores = or_here(node, self.stores);
        let needs = PurchaseLine::by_store(&self.lines, &stores)?.into_iter().map(need);
        let needs = needs.collect::<Result<Vec<_>>>()?;
        let step = Step::Request {
            needs: some(needs)?,
            supplier: self.supplier,
            remark: self.note.map(Into::into),
        };
        let (id, when) = node.begin_purchase(self.request, self.operator, step)?;
        view(node, &id, &self.lang, when)
    }
}

impl Ask for OrderPurchase {
    const PATH: &'static str = "/v1/purchase/order";
    type Answer = PurchaseView;

    fn answer(self, node: &Node) -> Result<PurchaseView> {
        let stores = or_here(node, self.stores);
        let reader = node.books().reader()?;
        let mut wanted = Vec::new();
        for (store, line) in PurchaseLine::by_store(&self.lines, &stores)? {
            let (sku, quantity) = goods(node, line)?;
            wanted.push((Need { store: store.clone(), sku, quantity }, line.price));
        }
        if let (Some(id), true) = (&self.purchase, wanted.is_empty()) {
            let needs = status(&reader.purchase(id)?).needs;
            wanted.extend(needs.into_iter().map(|need| (need, None)));
        }
        let lines = priced(&reader, &self.supplier, wanted)?;
        let order = Ordered {
            supplier: self.supplier,
            lines: some(lines)?,
            expected: self.expected,
            remark: self.note.map(Into::into),
        };
        let (id, when) = match self.purchase {
            Some(id) => {
                let when = node.say_purchase(&id, self.operator, Word::Order(order))?;
                (id, when)
            }
            None => {
                let step = Step::Order { revision: std::num::NonZeroU32::MIN, order };
                node.begin_purchase(self.request, self.operator, step)?
            }
        };
        view(node, &id, &self.lang, when)
    }
}

impl Ask for SayPurchase {
    const PATH: &'static str = "/v1/purchase/say";
    type Answer = PurchaseView;

    fn answer(self, node: &Node) -> Result<PurchaseView> {
        let when = node.say_purchase(&self.purchase, self.operator, self.word.into())?;
        view(node, &self.purchase, &self.lang, when)
    }
}

impl Ask for ReceivePurchase {
    const PATH: &'static str = "/v1/purchase/receive";
    type Answer = Bought;

    fn answer(self, node: &Node) -> Result<Bought> {
        let items = self.lines.iter().map(|line| line.item.as_str());
        let about = node.with_pieces(self.about, items)?;
        let lines = self.lines.into_iter().map(|line| line.scanned(node));
        let arrival = Arrival {
            lines: lines.collect::<Result<_>>()?,
            note: self.note,
            basis: self.invoice.map_or(Basis::Estimated, |number| Basis::Invoice(number.into())),
            freight: self.freight.map(|amount| Freight { amount, by: self.spread }),
        };
        let (fact, when) = node.receive_purchase(about, self.purchase, arrival)?;
        bought(node, &fact, &self.lang, when)
    }
}

impl DeliveredLine {
    /// The line with what the code on the goods says of them: pieces, lot, the last day.
    fn scanned(self, node: &Node) -> Result<Arrived> {
        let (sku, each, says) = match node.code(&self.item)? {
            Some(Scanned { product, each, says, .. }) => (product.sku.clone(), each, says),
            None => (sku_of(node, &self.item)?.0, Quantity::ONE, Default::default()),
        };
        let each = says.count.map_or(Ok(each), |count| count.times(each)).map_err(amount)?;
        let times = |quantity: Quantity| quantity.times(each).map_err(amount);
        Ok(Arrived {
            sku,
            accepted: times(self.accepted)?,
            rejected: times(self.rejected)?,
            price: self.price,
            lot: self.lot.or_else(|| says.lot.as_deref().and_then(|lot| lot.parse().ok())),
            expiry: self.expiry.or(says.expires).or(says.best_before),
            reason: self.reason.map(Into::into),
            photo: self.photo.map(Into::into),
        })
    }
}

impl Ask for ReturnPurchase {
    const PATH: &'static str = "/v1/purchase/return";
    type Answer = Bought;

    fn answer(self, node: &Node) -> Result<Bought> {
        let line = |line: &SaleLine| {
            let (sku, each) = sku_of(node, &line.item)?;
            let quantity = line.quantity.times(each).map_err(amount)?;
            Ok(Back { sku, quantity, from: self.from })
        };
        let back = GoingBack {
            receipt: self.receipt,
            lines: self.lines.iter().map(line).collect::<Result<_>>()?,
            kind: self.kind,
            reason: self.reason.into(),
        };
        let items = self.lines.iter().map(|line| line.item.as_str());
        let about = node.with_pieces(self.about, items)?;
        let (fact, when) = node.send_back(about, back)?;
        bought(node, &fact, &self.lang, when)
    }
}

impl Ask for ListPurchases {
    const PATH: &'static str = "/v1/purchase/list";
    type Answer = Vec<PurchaseView>;

    fn answer(self, node: &Node) -> Result<Vec<PurchaseView>> {
        let reader = node.books().reader()?;
        let today = node.today();
        let which = match self.which {
            Which::All => WhichPurchases::All,
            Which::Open => WhichPurchases::Open,
            Which::Late => WhichPurchases::Late(today),
        };
        let filter = PurchaseFilter { which, store: self.store.clone(), since: self.since };
        let ids = reader.purchases_of(&filter)?;
        Ok(self.views(&ids, today, |id| reader.purchase(id))?)
    }
}

impl Ask for ShowPurchase {
    const PATH: &'static str = "/v1/purchase/show";
    type Answer = PurchaseView;

    fn answer(self, node: &Node) -> Result<PurchaseView> {
        view(node, &self.purchase, &self.lang, When::Now)
    }
}

fn view(node: &Node, id: &PurchaseId, lang: &str, when: When) -> Result<PurchaseView> {
    let reader: Reader = node.books().reader()?;
    let entries = reader.purchase(id)?;
    if entries.is_empty() {
        let (purchase, refusal) = (id.clone(), Refusal::Unknown);
        return Err(PurchaseRefused::Order { purchase, refusal }.into());
    }
    let mut view = PurchaseView::of(id, &entries, Lang::from_tag(lang), node.today());
    view.repeated = when == When::Before;
    Ok(view)
}

fn bought(node: &Node, fact: &Fact, lang: &str, when: When) -> Result<Bought> {
    let order = match &fact.body {
        Body::Purchase(_) | Body::GoodsReceipt { .. } => Step::of_fact(fact).map(|(id, _)| id),
        _ => None,
    };
    let purchase = order.map(|id| view(node, id, lang, when)).transpose()?;
    Ok(Bought { fact: FactView::from(fact), purchase, repeated: when == When::Before })
}

/// The stores that lines are for which name none: this one, if nobody says otherwise.
fn or_here(node: &Node, stores: Vec<StoreId>) -> Vec<StoreId> {
    if stores.is_empty() { vec![node.store().clone()] } else { stores }
}

fn some<T>(lines: Vec<T>) -> Result<Vec<T>> {
    if lines.is_empty() { Err(PurchaseRefused::NoLines.into()) } else { Ok(lines) }
}

fn goods(node: &Node, line: &PurchaseLine) -> Result<(Sku, Quantity)> {
    let (sku, each) = sku_of(node, &line.item)?;
    Ok((sku, line.quantity.times(each).map_err(amount)?))
}

/// An item as a SKU: of the product with this barcode or SKU, or a SKU that the catalog does not know;
/// and how many units the code stands for.
pub(super) fn sku_of(node: &Node, item: &str) -> Result<(Sku, Quantity)> {
    if let Some((product, each)) = node.coded(item)? {
        return Ok((product.sku.clone(), each));
    }
    let bad = |source| Refused::BadItem { line: 1, item: item.to_owned(), source };
    Ok((Sku::new(item).map_err(bad)?, Quantity::ONE))
}

pub(super) fn amount(source: ledger::amount::AmountError) -> Refused {
    Refused::Amount { line: 0, source }
}

/// Lines at the prices that were given, or at the supplier's.
fn priced(
    reader: &Reader,
    supplier: &SupplierId,
    wanted: Vec<(Need, Option<Money>)>,
) -> Result<Vec<OrderLine>> {
    let lines: Vec<_> =
        wanted.iter().map(|(need, given)| (need.sku.clone(), need.quantity, *given)).collect();
    let prices = reader.order_prices(supplier, &lines)?;
    let line = |((need, _), price): ((Need, _), Option<Money>)| {
        let Need { store, sku, quantity } = need;
        let price = price.ok_or_else(|| PurchaseRefused::NoPrice { item: sku.to_string() })?;
        Ok(OrderLine { store, sku, quantity, price })
    };
    wanted.into_iter().zip(prices).map(line).collect()
}
