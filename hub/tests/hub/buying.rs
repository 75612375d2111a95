//! What the checks find in orders to suppliers, invoices and payments once the stores' books are here.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use hub::ask::checks::RunChecks;
use hub::checks::Depth;
use hub::checks::report::{CheckFinding, CheckReport, Scope};
use hub::{Door, Hub};
use ledger::check::Check;
use ledger::command::{Command, InboundLine};
use ledger::fact::{Fact, PaymentMethod};
use ledger::id::{FactId, PurchaseId};
use ledger::invoice::{Draft, InvoiceLine, OpenReceipt, Received};
use ledger::payable::SupplierPayment;
use ledger::purchase::{Basis, Delivery, Inspected, OrderLine, Ordered, Step, Task, Word};

use crate::chain::{Chain, HOUR, Shop};

fn run(hub: &Hub, depth: Depth) -> CheckReport {
    hub.ask(RunChecks { scope: Scope::default(), depth }).unwrap()
}

fn only(report: &CheckReport) -> &CheckFinding {
    let [finding] = report.findings.as_slice() else { panic!("one was due: {report:#?}") };
    finding
}

async fn send(chain: &Chain, shop: &Shop) {
    chain.connect(shop).await.leave(chain, shop).await;
}

/// Head office orders ten for a shop, which then knows of it.
async fn ordered(chain: &Chain, shop: &Shop) -> PurchaseId {
    let line = OrderLine {
        store: shop.store.clone(),
        sku: "C1".parse().unwrap(),
        quantity: "10".parse().unwrap(),
        price: "2".parse().unwrap(),
    };
    let supplier = "V7".parse().unwrap();
    let order = Ordered { supplier, lines: vec![line], expected: None, remark: None };
    let step = Step::Order { revision: NonZeroU32::MIN, order };
    let (id, _) = chain.hub.begin_purchase(None, None, step).unwrap();
    chain.hub.say_purchase(&id, None, Word::Submit { remark: None }).unwrap();
    chain.hub.say_purchase(&id, None, Word::Approve { rule: None, remark: None }).unwrap();
    send(chain, shop).await;
    id
}

impl Shop {
    fn deliver(
        &self,
        order: &PurchaseId,
        receipt: u32,
        quantity: &str,
        plant: impl FnOnce(&mut Fact) + Send + 'static,
    ) -> FactId {
        let line = Inspected {
            sku: "C1".parse().unwrap(),
            lot: None,
            expiry: None,
            accepted: quantity.parse().unwrap(),
            rejected: "0".parse().unwrap(),
            price: "2".parse().unwrap(),
            weight: None,
            reason: None,
            photo: None,
        };
        let delivery = Delivery {
            supplier: "V7".parse().unwrap(),
            order: Some(order.clone()),
            receipt: NonZeroU32::new(receipt).unwrap(),
            note: None,
            basis: Basis::Estimated,
            freight: None,
            lines: vec![line],
        };
        self.book("C1", Command::Purchase(Box::new(Task::Deliver(delivery))), plant)
    }

    /// Ten that cost 20.
    fn receive(&self) -> FactId {
        let (quantity, cost) = ("10".parse().unwrap(), "20".parse().unwrap());
        let line = InboundLine { sku: "C1".parse().unwrap(), lot: None, quantity, cost };
        let (supplier, lots) = (Some("V7".into()), Vec::new());
        self.book("C1", Command::Receive { lines: vec![line], supplier, lots }, |_| ())
    }

    /// An invoice for all ten of a receipt.
    fn invoice(&self, receipt: FactId, number: &str) -> FactId {
        let (quantity, net) = ("10".parse().unwrap(), "20".parse().unwrap());
        let tax = "0".parse().unwrap();
        let goods = BTreeMap::from([("C1".parse().unwrap(), Received { quantity, value: net })]);
        let draft = Draft {
            supplier: "V7".parse().unwrap(),
            number: number.parse().unwrap(),
            dated: "2026-11-22".parse().unwrap(),
            due: "2026-12-22".parse().unwrap(),
            lines: vec![InvoiceLine { sku: "C1".parse().unwrap(), quantity, net, tax }],
            receipts: vec![OpenReceipt { id: receipt, goods }],
            ordered: BTreeMap::new(),
            known: None,
            accept: None,
        };
        self.book("C1", Command::Invoice(Box::new(draft)), |_| ())
    }

    fn pay(&self, invoice: FactId, amount: &str) -> FactId {
        let payment = Box::new(SupplierPayment {
            supplier: "V7".parse().unwrap(),
            amount: amount.parse().unwrap(),
            method: PaymentMethod::Transfer,
            reference: "".into(),
            invoices: vec![invoice],
        });
        self.book("C1", Command::PaySupplier { payment, open: i128::MAX }, |_| ())
    }
}

#[tokio::test]
async fn a_delivery_beyond_its_order_is_found_with_its_fact() {
    let chain = Chain::start().await;
    let shop = chain.shop("S001").await;
    let order = ordered(&chain, &shop).await;
    shop.deliver(&order, 1, "6", |_| ());
    send(&chain, &shop).await;
    assert_eq!(run(&chain.hub, Depth::Changed).findings, []);
    // What was settled is looked at again when something is added to it.
    let fact = shop.deliver(&order, 2, "5", |_| ());
    send(&chain, &shop).await;
    for depth in [Depth::Changed, Depth::Changed, Depth::Full] {
        let report = run(&chain.hub, depth);
        let found = only(&report);
        assert_eq!((found.check, found.fact), (Check::OverReceipt, Some(fact)));
        assert_eq!(found.subject.as_deref(), Some(order.as_str()));
    }
}

#[tokio::test]
async fn goods_for_an_order_that_is_nowhere_are_found() {
    let chain = Chain::start().await;
    let shop = chain.shop("S001").await;
    let nowhere: PurchaseId = "S001-2611-h77".parse().unwrap();
    let fact = shop.deliver(&nowhere, 1, "6", |_| ());
    send(&chain, &shop).await;
    let report = run(&chain.hub, Depth::Changed);
    let found = only(&report);
    assert_eq!((found.check, found.fact), (Check::PurchaseUnknown, Some(fact)));
    assert_eq!(found.subject.as_deref(), Some(nowhere.as_str()));
}

#[tokio::test]
async fn an_order_that_tells_of_other_goods_than_the_books_is_found() {
    let chain = Chain::start().await;
    let shop = chain.shop("S001").await;
    let order = ordered(&chain, &shop).await;
    let fact = shop.deliver(&order, 1, "6", |_| ());
    let id = order.clone();
    // The store also says of the same order what no fact of its books did.
    shop.books
        .write(move |tx| {
            let goods = ledger::order::Goods {
                sku: "C1".parse().unwrap(),
                quantity: "4".parse().unwrap(),
                value: "8".parse().unwrap(),
            };
            let step = Step::Receive {
                receipt: NonZeroU32::new(2).unwrap(),
                fact: FactId { seq: fact.seq + 1, ..fact },
                accepted: vec![goods],
                rejected: vec![],
            };
            tx.tell_purchase(&id, None, step, ledger::time::Timestamp::from_millis(0))
        })
        .unwrap();
    send(&chain, &shop).await;
    assert_eq!(run(&chain.hub, Depth::Changed).findings, [], "the fact may be on its way");
    let sold = shop.sell("C1", "1", |_| ());
    send(&chain, &shop).await;
    let report = run(&chain.hub, Depth::Changed);
    let found = only(&report);
    assert_eq!((found.check, found.fact), (Check::PurchaseFact, Some(sold)));
}

#[tokio::test]
async fn an_invoice_that_two_stores_booked_is_found_at_the_second() {
    let chain = Chain::start().await;
    let (one, two) = (chain.shop("S001").await, chain.shop("S002").await);
    one.invoice(one.receive(), "8817");
    chain.clock.forward(1);
    let receipt = two.receive();
    let again = two.invoice(receipt, "8817");
    two.invoice(two.receive(), "8818");
    for shop in [&one, &two] {
        send(&chain, shop).await;
    }
    chain.clock.forward(HOUR);
    let report = run(&chain.hub, Depth::Changed);
    let found = only(&report);
    assert_eq!((found.check, found.fact), (Check::InvoiceTwice, Some(again)));
    assert_eq!(found.store, Some(two.store.clone()));
    assert_eq!(found.subject.as_deref(), Some("V7 8817"));
    // Nothing is read again, and it is found again.
    let report = run(&chain.hub, Depth::Changed);
    assert_eq!((report.facts_read, only(&report).fact), (Some(0), Some(again)));
}

#[tokio::test]
async fn more_invoiced_or_paid_than_is_due_is_found() {
    let chain = Chain::start().await;
    let shop = chain.shop("S001").await;
    let receipt = shop.receive();
    let invoice = shop.invoice(receipt, "8817");
    shop.pay(invoice, "20");
    send(&chain, &shop).await;
    assert_eq!(run(&chain.hub, Depth::Changed).findings, []);
    let again = shop.invoice(receipt, "8818");
    send(&chain, &shop).await;
    let report = run(&chain.hub, Depth::Changed);
    assert_eq!((only(&report).check, only(&report).fact), (Check::InvoiceGoods, Some(again)));
    let beyond = shop.pay(invoice, "1");
    send(&chain, &shop).await;
    let report = run(&chain.hub, Depth::Changed);
    let told: Vec<_> = report.findings.iter().map(|f| (f.check, f.fact)).collect();
    let found = [(Check::PaidBeyond, Some(beyond)), (Check::InvoiceGoods, Some(again))];
    assert_eq!(told, found);
}
