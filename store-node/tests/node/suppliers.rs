//! Suppliers of books that stand alone, and what their invoices and payments are refused for.

use ledger::amount::TaxRate;
use ledger::catalog::Product;
use ledger::fact::{Body, PaymentMethod};
use ledger::id::{RequestId, SupplierId};
use ledger::purchase::{
    Back, Basis, Freight, OrderLine, Ordered, Pile, ReturnKind, Spread, Step, Word,
};
use ledger::time::BusinessDate;
use store_node::ask::catalog::{PutProducts, Sheet};
use store_node::ask::supplier::{ListInvoices, PutSupplier};
use store_node::door::Door as _;
use store_node::{
    About, Arrival, Booked, FactRef, GoingBack, NamedFact, NodeError, PaySupplier, Receive,
    Refused, Request, Result, Reverse, TakeInvoice, When,
};

use crate::shop::{Shop, refusal};

fn put(shop: &Shop, id: &str, fields: &[(&str, &str)]) -> Result<()> {
    let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let put = PutSupplier { supplier: id.parse().unwrap(), fields: fields.collect() };
    shop.node.ask(put).map(drop)
}

fn shop() -> Shop {
    let shop = Shop::open();
    put(&shop, "V1", &[("name_zh", "东方批发"), ("terms", "30")]).unwrap();
    put(&shop, "V2", &[("name_zh", "西城")]).unwrap();
    shop
}

fn receive(shop: &Shop, from: &str) -> FactRef {
    let lines = vec!["cola:10@2".parse().unwrap()];
    let receive = Receive { lines, supplier: Some(from.to_owned()) };
    FactRef::Bill(shop.node.receive(About::default(), receive).unwrap().fact.bill)
}

fn invoice(receipt: &FactRef, number: &str, lines: &[&str]) -> TakeInvoice {
    TakeInvoice {
        supplier: "东方批发".to_owned(),
        number: number.parse().unwrap(),
        dated: None,
        due: None,
        receipts: vec![NamedFact(receipt.clone())],
        lines: lines.iter().map(|line| line.parse().unwrap()).collect(),
        tax_rate: None,
        accept: None,
    }
}

fn pay(amount: Option<&str>, invoices: &[&str]) -> PaySupplier {
    PaySupplier {
        supplier: "V1".to_owned(),
        amount: amount.map(|amount| amount.parse().unwrap()),
        method: PaymentMethod::Transfer,
        reference: String::new(),
        invoices: invoices.iter().map(|name| (*name).to_owned()).collect(),
    }
}

fn book(shop: &Shop, request: impl Into<Request>) -> Result<Booked> {
    shop.node.book(request.into())
}

#[test]
fn a_supplier_is_judged_when_it_is_entered() {
    let shop = shop();
    let same = put(&shop, "V3", &[("name_en", "西城")]).unwrap_err();
    assert!(matches!(same, NodeError::Refused(Refused::SupplierName { .. })), "{same}");
    assert!(put(&shop, "V1", &[("terms", "soon")]).is_err());
    assert!(put(&shop, "V1", &[("colour", "red")]).is_err());
    put(&shop, "V1", &[("name_zh", "东方批发"), ("phone", "021")]).unwrap();
}

#[test]
fn invoice_and_payment_are_booked_once() {
    let shop = shop();
    let receipt = receive(&shop, "V1");
    let tasks: Vec<Request> = vec![
        invoice(&receipt, "8817", &["6901234567892:10@2"]).into(),
        pay(Some("5"), &["8817"]).into(),
        pay(None, &["8817"]).into(),
    ];
    for (at, mut task) in tasks.into_iter().enumerate() {
        task.about.request = Some(RequestId::new(&format!("r-{at}")).unwrap());
        let first = shop.node.book(task.clone()).unwrap();
        let again = shop.node.book(task.clone()).unwrap();
        assert_eq!((again.when, &again.fact), (When::Before, &first.fact));
        let mut other = task.clone();
        other.task = pay(Some("1"), &[]).into();
        assert!(matches!(
            shop.node.book(other),
            Err(NodeError::Refused(Refused::RequestReused { .. }))
        ));
    }
    let invoices = shop.node.ask(ListInvoices::default()).unwrap().invoices;
    let [row] = invoices.as_slice() else { panic!("{invoices:?}") };
    assert_eq!((row.amount.to_string(), row.open.to_string()), ("20".to_owned(), "0".to_owned()));
}

#[test]
fn an_invoice_is_due_by_the_terms_from_the_delivery_on() {
    let shop = shop();
    let receipt = receive(&shop, "东方批发");
    let booked = book(&shop, invoice(&receipt, "1", &[])).unwrap();
    let Body::Invoice(taken) = &booked.fact.body else { panic!("{:?}", booked.fact) };
    let day: BusinessDate = booked.fact.date;
    assert_eq!((taken.dated, taken.due), (day, day.plus_days(30)));
    assert!(booked.fact.movements.is_empty(), "it says what the goods came in at");
}

#[test]
fn what_does_not_fit_is_refused_and_says_why() {
    let shop = shop();
    let receipt = receive(&shop, "V1");
    let of_other = receive(&shop, "西城");
    let refused = |request: Request| refusal(shop.node.book(request));
    assert!(refused(invoice(&of_other, "1", &[]).into()).contains("came from 西城"));
    assert!(refused(invoice(&receipt, "1", &["cola:11@2"]).into()).contains("differs"));
    let nobody = TakeInvoice { supplier: "V9".to_owned(), ..invoice(&receipt, "1", &[]) };
    assert!(refused(nobody.into()).contains("no supplier"));
    let sale = shop.sell(&["cola"], &[]).unwrap().fact.bill;
    assert!(refused(invoice(&FactRef::Bill(sale), "1", &[]).into()).contains("no goods receipt"));
    let taken = book(&shop, invoice(&receipt, "1", &[])).unwrap();
    assert!(refused(invoice(&receipt, "1", &[]).into()).contains("is booked as"));
    assert!(refused(invoice(&receipt, "2", &[]).into()).contains("nothing of receipt"));
    assert!(refused(pay(Some("21"), &["1"]).into()).contains("have 20 open"));
    assert!(refused(pay(Some("5"), &["77"]).into()).contains("no invoice"));
    let undo = |fact: &FactRef| Reverse { fact: fact.clone(), reason: "wrong".to_owned() };
    assert!(refused(undo(&receipt).into()).contains("is invoiced by"));
    book(&shop, undo(&FactRef::Id(taken.fact.id))).unwrap();
    assert!(refused(pay(Some("5"), &[&taken.fact.id.to_string()]).into()).contains("no invoice"));
    book(&shop, undo(&receipt)).unwrap();
    assert!(refused(invoice(&receipt, "1", &[]).into()).contains("no goods receipt that stands"));
}

#[test]
fn goods_that_go_back_are_credited_as_the_supplier_asks_for_them() {
    let shop = Shop::open();
    let taxed = Product {
        purchase_price: Some("2".parse().unwrap()),
        tax_rate: TaxRate::from_basis_points(1_300).unwrap(),
        ..Product::named_after("juice".parse().unwrap())
    };
    shop.node.ask(PutProducts { products: vec![Sheet::from(&taxed)] }).unwrap();
    let line = OrderLine {
        store: shop.node.store().clone(),
        sku: "juice".parse().unwrap(),
        quantity: "10".parse().unwrap(),
        price: "2".parse().unwrap(),
    };
    let supplier: SupplierId = "V7".parse().unwrap();
    let order =
        Ordered { supplier: supplier.clone(), lines: vec![line], expected: None, remark: None };
    let step = Step::Order { revision: std::num::NonZeroU32::MIN, order };
    let (id, _) = shop.node.begin_purchase(None, None, step).unwrap();
    shop.node.say_purchase(&id, None, Word::Approve { rule: None, remark: None }).unwrap();
    // A freight of 5 makes each cost 2.50, and is somebody else's invoice.
    let freight = Some(Freight { amount: "5".parse().unwrap(), by: Spread::Value });
    let all = Arrival { lines: vec![], note: None, basis: Basis::Estimated, freight };
    let (came, _) = shop.node.receive_purchase(About::default(), id, all).unwrap();
    let back = GoingBack {
        receipt: FactRef::Id(came.id),
        lines: vec![Back {
            sku: "juice".parse().unwrap(),
            quantity: "3".parse().unwrap(),
            from: Pile::Shelf,
        }],
        kind: ReturnKind::Refund,
        reason: "too sweet".into(),
    };
    shop.node.send_back(About::default(), back).unwrap();
    let entries = shop.node.books().reader().unwrap().supplier_entries(&supplier, None).unwrap();
    let changes: Vec<i128> = entries.iter().map(ledger::payable::Entry::change).collect();
    assert_eq!(changes, [-67_800], "three at 2 and a tax of 13 %");
}
