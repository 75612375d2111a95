//! Purchases: ask for goods, order, approve, reject, follow, look.

use std::num::NonZeroU32;

use books::{PurchaseFilter, Reader, Told, WhichPurchases};
pub use console::purchase::{
    ListPurchases, OrderPurchase, RequestPurchase, SayPurchase, ShowPurchase,
};
use console::purchase::{PurchaseLine, PurchaseRefused, Which};
use console::{Lang, PurchaseView};
use ledger::amount::{Money, Quantity};
use ledger::id::{PurchaseId, Sku, SupplierId};
use ledger::purchase::{Need, OrderLine, Ordered, Refusal, Step, Word, status};

use crate::door::Ask;
use crate::error::Result;
use crate::hub::Hub;

impl Ask for RequestPurchase {
    const PATH: &'static str = "/v1/purchase/request";
    type Answer = PurchaseView;

    fn answer(self, hub: &Hub) -> Result<PurchaseView> {
        let reader = hub.reader()?;
        let mut needs = Vec::new();
        for (store, line) in PurchaseLine::by_store(&self.lines, &self.stores)? {
            let (sku, quantity) = goods(&reader, line)?;
            needs.push(Need { store: store.clone(), sku, quantity });
        }
        let remark = self.note.map(Into::into);
        let step = Step::Request { needs: some(needs)?, supplier: self.supplier, remark };
        let (id, told) = hub.begin_purchase(self.request, self.operator, step)?;
        view(hub, &id, &self.lang, told)
    }
}

impl Ask for OrderPurchase {
    const PATH: &'static str = "/v1/purchase/order";
    type Answer = PurchaseView;

    fn answer(self, hub: &Hub) -> Result<PurchaseView> {
        let reader = hub.reader()?;
        let mut wanted = Vec::new();
        for (store, line) in PurchaseLine::by_store(&self.lines, &self.stores)? {
            let (sku, quantity) = goods(&reader, line)?;
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
        let (id, told) = match self.purchase {
            Some(id) => {
                let told = hub.say_purchase(&id, self.operator, Word::Order(order))?;
                (id, told)
            }
            None => {
                let step = Step::Order { revision: NonZeroU32::MIN, order };
                hub.begin_purchase(self.request, self.operator, step)?
            }
        };
        view(hub, &id, &self.lang, told)
    }
}

impl Ask for SayPurchase {
    const PATH: &'static str = "/v1/purchase/say";
    type Answer = PurchaseView;

    fn answer(self, hub: &Hub) -> Result<PurchaseView> {
        let told = hub.say_purchase(&self.purchase, self.operator, self.word.into())?;
        view(hub, &self.purchase, &self.lang, told)
    }
}

impl Ask for ListPurchases {
    const PATH: &'static str = "/v1/purchase/list";
    type Answer = Vec<PurchaseView>;

    fn answer(self, hub: &Hub) -> Result<Vec<PurchaseView>> {
        let reader = hub.reader()?;
        let today = hub.now().utc_day();
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

    fn answer(self, hub: &Hub) -> Result<PurchaseView> {
        view(hub, &self.purchase, &self.lang, Told::Now)
    }
}

fn view(hub: &Hub, id: &PurchaseId, lang: &str, told: Told) -> Result<PurchaseView> {
    let entries = hub.reader()?.purchase(id)?;
    if entries.is_empty() {
        let (purchase, refusal) = (id.clone(), Refusal::Unknown);
        return Err(PurchaseRefused::Order { purchase, refusal }.into());
    }
    let mut view = PurchaseView::of(id, &entries, Lang::from_tag(lang), hub.now().utc_day());
    view.repeated = told == Told::Before;
    Ok(view)
}

fn some<T>(lines: Vec<T>) -> Result<Vec<T>> {
    if lines.is_empty() { Err(PurchaseRefused::NoLines.into()) } else { Ok(lines) }
}

/// An item as a SKU: of the product with this barcode or SKU, or a SKU that the catalog does not know;
/// and how much of it.
fn goods(reader: &Reader, line: &PurchaseLine) -> Result<(Sku, Quantity)> {
    let (sku, each) = match reader.product_by_code(&line.item)? {
        Some(coded) => (coded.product.sku, coded.count),
        None => (Sku::new(&line.item)?, Quantity::ONE),
    };
    Ok((sku, line.quantity.times(each)?))
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
