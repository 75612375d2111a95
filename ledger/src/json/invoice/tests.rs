//! Each golden file is read, understood and written again to the same bytes.

use crate::amount::Money;
use crate::fact::{Body, Fact, PaymentMethod};
use crate::json::{from_text, to_text};
use crate::payable::{SupplierPayment, What, what};

fn golden(name: &str) -> Fact {
    let path = format!("{}/golden/v1/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let golden = std::fs::read_to_string(&path).expect("the golden file is part of the crate");
    let fact = from_text(golden.trim_end()).unwrap();
    assert_eq!(to_text(&fact), golden.trim_end(), "{name}: the written form changed");
    assert_eq!(fact.body.kind(), name);
    fact
}

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

#[test]
fn an_invoice_keeps_its_form() {
    let fact = golden("invoice");
    let Body::Invoice(invoice) = &fact.body else { panic!("{:?}", fact.body) };
    assert_eq!((invoice.net(), invoice.tax()), (Ok(money("65.4")), Ok(money("8.112"))));
    assert_eq!(invoice.number.as_str(), "2026/0815");
    assert_eq!((invoice.receipts.len(), invoice.lines.len(), invoice.covers.len()), (2, 2, 1));
    assert_eq!(invoice.accepted.as_deref(), Some("运费"));
    let asked = What::Invoice {
        number: invoice.number.clone(),
        due: "2026-12-31".parse().unwrap(),
        amount: money("73.512"),
    };
    assert_eq!(what(&fact), Some((&invoice.supplier, asked)));
}

#[test]
fn a_payment_keeps_its_form() {
    let fact = golden("supplier_payment");
    let payment = SupplierPayment {
        supplier: "V007".parse().unwrap(),
        amount: money("70.512"),
        method: PaymentMethod::Transfer,
        reference: "ICBC 20261122 0007".into(),
        invoices: vec!["1-14".parse().unwrap()],
    };
    assert_eq!(fact.body, Body::SupplierPayment(Box::new(payment)));
}

#[test]
fn what_is_wrong_with_an_invoice_is_named() {
    let text = to_text(&golden("invoice"));
    for (from, to, field) in [
        ("\"V007\"", "\"V/7\"", "`supplier` is wrong"),
        ("\"net\":624000", "\"net\":999999999999999999", "`net` is wrong"),
        ("[\"1-2\",", "[\"1-02\",", "`receipts` is wrong"),
        ("\"due\":\"2026-12-31\"", "\"due\":\"2026-12-32\"", "`due` is wrong"),
    ] {
        assert!(text.contains(from), "{from}");
        let error = from_text(&text.replace(from, to)).unwrap_err().to_string();
        assert!(error.contains(field), "{error}");
    }
}
