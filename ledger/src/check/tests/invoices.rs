//! Invoices and payments: honest ones, and one fault at a time.

use std::collections::BTreeMap;

use super::{only, told};
use crate::check::example::{Shop, check, cola, id, terms};
use crate::check::invoices::{Numbered, covered, twice};
use crate::check::{Check, Finding, Observed, Proposal, StoreChecks};
use crate::command::Command;
use crate::fact::{Body, Fact, PaymentMethod};
use crate::id::StoreId;
use crate::invoice::{Draft, Invoice, InvoiceLine, OpenReceipt, received};
use crate::payable::SupplierPayment;

/// Ten colas that came for 20, an invoice for all of them, and its payment.
fn honest() -> Shop {
    let mut shop = Shop::default();
    shop.receive(0, "10");
    invoice(&mut shop, "8817");
    pay(&mut shop, &[2], "20");
    shop
}

/// Books an invoice for all of the first receipt.
fn invoice(shop: &mut Shop, number: &str) {
    let receipt = &shop.facts[0];
    let goods = received(receipt).into_iter().collect();
    let net = "20".parse().unwrap();
    let line = InvoiceLine {
        sku: cola(),
        quantity: "10".parse().unwrap(),
        net,
        tax: "0".parse().unwrap(),
    };
    let draft = Draft {
        supplier: "V7".parse().unwrap(),
        number: number.parse().unwrap(),
        dated: "2026-11-22".parse().unwrap(),
        due: "2026-12-22".parse().unwrap(),
        lines: vec![line],
        receipts: vec![OpenReceipt { id: receipt.id, goods }],
        ordered: BTreeMap::new(),
        known: None,
        accept: None,
    };
    shop.post(0, Command::Invoice(Box::new(draft)));
}

fn pay(shop: &mut Shop, invoices: &[u64], amount: &str) {
    let payment = Box::new(SupplierPayment {
        supplier: "V7".parse().unwrap(),
        amount: amount.parse().unwrap(),
        method: PaymentMethod::Transfer,
        reference: "".into(),
        invoices: invoices.iter().map(|seq| id(*seq)).collect(),
    });
    shop.post(0, Command::PaySupplier { payment, open: i128::MAX });
}

fn spoil(fact: &mut Fact) -> &mut Invoice {
    let Body::Invoice(invoice) = &mut fact.body else { panic!("an invoice") };
    invoice
}

/// The invoices of a shop that stand.
fn standing(shop: &Shop) -> Vec<Numbered> {
    let mut checks = StoreChecks::new(&shop.facts[0].store, terms());
    shop.facts.iter().for_each(|fact| checks.fact(fact));
    checks.invoices().cloned().collect()
}

fn twice_at(shops: &[(&str, &Shop)]) -> Vec<Finding> {
    let all: Vec<(StoreId, Vec<Numbered>)> =
        shops.iter().map(|(store, shop)| (store.parse().unwrap(), standing(shop))).collect();
    twice(all.iter().flat_map(|(store, invoices)| invoices.iter().map(move |i| (store, i))))
}

#[test]
fn honest_invoices_and_payments_have_no_findings() {
    let mut shop = honest();
    assert_eq!(check(&shop.facts), []);
    assert_eq!(twice_at(&[("S1", &shop)]), []);
    assert_eq!(covered(id(1), Some(&shop.facts[0]), &shop.facts[1..]), None);
    // Money that names no invoice is an advance.
    pay(&mut shop, &[], "900");
    assert_eq!(check(&shop.facts), []);
}

#[test]
fn a_number_that_is_booked_twice_is_found_at_the_later_place_until_it_is_undone() {
    let (one, mut two) = (honest(), honest());
    two.facts[1].at = crate::time::Timestamp::from_millis(two.facts[1].at.millis() + 1);
    let found = only(twice_at(&[("S2", &two), ("S1", &one)]));
    assert_eq!((found.check, found.store.clone()), (Check::InvoiceTwice, "S2".parse().ok()));
    assert_eq!(found.subject.as_deref(), Some("V7 8817"));
    assert_eq!((found.first_divergent, found.proposal), (Some(id(2)), Proposal::Reverse));
    // At one store twice, as two programs may book it.
    invoice(&mut two, "8817");
    assert_eq!(only(twice_at(&[("S2", &two)])).first_divergent, Some(id(4)));
    assert_eq!(twice_at(&[("S2", &two), ("S1", &one)]).len(), 2);
    two.reverse(1, 4);
    two.reverse(1, 2);
    assert_eq!(twice_at(&[("S2", &two), ("S1", &one)]), []);
    let mut other = honest();
    spoil(&mut other.facts[1]).supplier = "V8".parse().unwrap();
    assert_eq!(twice_at(&[("S2", &other), ("S1", &one)]), []);
}

#[test]
fn more_goods_invoiced_than_received_name_the_invoice() {
    let mut shop = honest();
    invoice(&mut shop, "8818");
    let [receipt, first, _, second] = &shop.facts[..] else { panic!("four facts") };
    let found = covered(id(1), Some(receipt), &[second.clone(), first.clone()]).unwrap();
    let due = (Observed::Quantity(10_000), Observed::Quantity(20_000));
    assert_eq!(told(&found), (Check::InvoiceGoods, Some(id(4)), &due.0, &due.1));
    assert_eq!((found.sku, found.subject.as_deref()), (Some(cola()), Some("V7 8818")));
    // The receipt is none, or was undone.
    let found = covered(id(1), None, std::slice::from_ref(first)).unwrap();
    assert_eq!(found.evidence.expected, Observed::Quantity(0));
}

#[test]
fn more_paid_than_the_invoices_ask_for_names_the_payment() {
    let mut shop = honest();
    pay(&mut shop, &[2], "5");
    let found = only(check(&shop.facts));
    let due = (Observed::Money(0), Observed::Money(50_000));
    assert_eq!(told(&found), (Check::PaidBeyond, Some(id(4)), &due.0, &due.1));
    assert_eq!(found.proposal, Proposal::ReverseAndRebook);
    shop.reverse(1, 4);
    assert_eq!(check(&shop.facts), []);
    // The invoice was undone after it was paid.
    shop.reverse(1, 2);
    assert_eq!(only(check(&shop.facts)).first_divergent, Some(id(3)));
}
