//! The stored form of entries may never change under the orders that are out there: each golden file
//! is read, understood and written again to the same bytes.

use super::*;
use crate::amount::{Money, Quantity};
use crate::id::{Epoch, FactId};
use crate::order::Goods;
use crate::purchase::Entry;

fn n(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap()
}

fn goods(quantity: i64, value: i64) -> Vec<Goods> {
    vec![Goods {
        sku: "6901234567892".parse().unwrap(),
        quantity: Quantity::from_thousandths(quantity).unwrap(),
        value: Money::from_ten_thousandths(value).unwrap(),
    }]
}

fn fact(seq: u64) -> FactId {
    FactId { epoch: Epoch::FIRST, seq }
}

fn samples() -> Vec<(&'static str, Step)> {
    let store = || "S012".parse().unwrap();
    let sku = || "6901234567892".parse().unwrap();
    let quantity = Quantity::units(24).unwrap();
    let need = Need { store: store(), sku: sku(), quantity };
    let price = Money::from_ten_thousandths(21_000).unwrap();
    let order = Ordered {
        supplier: "V007".parse().unwrap(),
        lines: vec![OrderLine { store: store(), sku: sku(), quantity, price }],
        expected: Some("2026-11-30".parse().unwrap()),
        remark: None,
    };
    let shipment = Shipment {
        carrier: Some("顺丰".into()),
        waybill: Some("SF1".into()),
        expected: Some("2026-12-01".parse().unwrap()),
        remark: None,
    };
    let receive = Step::Receive {
        receipt: n(1),
        fact: fact(14),
        accepted: goods(22_000, 582_000),
        rejected: goods(2_000, 42_000),
    };
    let office = Revision { number: n(2), by: Party::HeadOffice };
    let own = Revision { number: n(1), by: Party::Store(store()) };
    vec![
        (
            "request",
            Step::Request {
                needs: vec![need],
                supplier: Some("V007".parse().unwrap()),
                remark: Some("周末前".into()),
            },
        ),
        ("order", Step::Order { revision: n(1), order }),
        ("submit", Step::Submit { remark: None }),
        ("approve", Step::Approve { of: office, rule: None, remark: Some("好".into()) }),
        ("approve_by_rule", Step::Approve { of: own, rule: Some("小额".into()), remark: None }),
        ("reject", Step::Reject { reason: "太贵".into() }),
        ("send", Step::Send { remark: None }),
        ("track", Step::Track { number: n(1), shipment }),
        ("receive", receive.clone()),
        (
            "return",
            Step::Return {
                number: n(1),
                fact: fact(16),
                goods: goods(1_000, 21_000),
                kind: ReturnKind::Exchange,
                reason: "漏液".into(),
            },
        ),
        ("close", Step::Close { reason: "停产".into() }),
        ("cancel", Step::Cancel { reason: "误订".into() }),
        ("withdraw", Step::Withdraw { withdrawal: n(1), of: Box::new(receive) }),
    ]
}

#[test]
fn every_step_has_the_golden_form() {
    for (name, step) in samples() {
        let path = format!("{}/golden/v1/purchase/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let golden = std::fs::read_to_string(&path).expect("the golden file is part of the crate");
        let golden = golden.trim_end();
        let event = Event {
            by: Party::Store("S012".parse().unwrap()),
            at: Timestamp::from_millis(1_795_312_800_000),
            operator: Some("林晓".parse().unwrap()),
            step,
        };
        assert_eq!(event.to_text(), golden, "{name}: the written form changed");
        let entry = Entry::read(event.by.clone(), &event.step.name().to_string(), golden);
        assert_eq!(entry, Entry::Said(event), "{name}: the read meaning changed");
    }
}

#[test]
fn what_cannot_be_read_is_kept_and_says_why() {
    for (name, text, why) in [
        ("order/1", r#"{"v":1,"at":0,"lines":[]}"#, "`supplier` is missing"),
        ("order/1", r#"{"v":1,"at":0,"supplier":"V7"}"#, "there are no goods in it"),
        ("order/1", r#"{"v":2,"at":0,"supplier":"V7"}"#, "form 2"),
        (
            "order/1",
            r#"{"v":1,"at":0,"supplier":"V7","lines":[{"store":"S","sku":"X","qty":0,"price":1}]}"#,
            "not more than nothing",
        ),
        (
            "order/1",
            r#"{"v":1,"at":0,"supplier":"V7","lines":[{"store":"S","sku":"X","qty":1,"price":-1}]}"#,
            "less than nothing",
        ),
        ("approve", r#"{"v":1,"at":0}"#, "`rev` is missing"),
        ("receive/1", r#"{"v":1,"at":0,"fact":"1-1"}"#, "there are no goods in it"),
        ("return/1", r#"{"v":1,"at":0,"fact":"1-1","kind":"gift"}"#, "`kind` says `gift`"),
        ("withdraw/1", r#"{"v":1,"at":0,"what":"approve","rev":1}"#, "cannot be taken back"),
        ("dance", r#"{"v":1,"at":0}"#, "not a valid step"),
        ("cancel", "{", "EOF"),
    ] {
        match Entry::read(Party::HeadOffice, name, text) {
            Entry::Unread(unread) => assert!(unread.why.contains(why), "{name}: {}", unread.why),
            said @ Entry::Said(_) => panic!("{name}: {said:?}"),
        }
    }
}
