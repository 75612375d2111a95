//! The stored form may never change under the entries that are out there.

use super::*;
use crate::amount::{Money, Quantity};
use crate::id::{Epoch, FactId};
use crate::order::{Goods, Party};
use crate::transfer::Entry;

fn number(n: u32) -> std::num::NonZeroU32 {
    std::num::NonZeroU32::new(n).unwrap()
}

fn goods(quantity: i64, value: i64) -> Vec<Goods> {
    vec![Goods {
        sku: "6901234567892".parse().unwrap(),
        quantity: Quantity::from_thousandths(quantity).unwrap(),
        value: Money::from_ten_thousandths(value).unwrap(),
    }]
}

fn wanted(quantity: i64) -> Vec<Wanted> {
    let quantity = Quantity::from_thousandths(quantity).unwrap();
    vec![Wanted { sku: "6901234567892".parse().unwrap(), quantity }]
}

fn samples() -> Vec<(&'static str, Party, Step)> {
    let store = |id: &str| Party::Store(id.parse().unwrap());
    let fact = |seq| FactId { epoch: Epoch::FIRST, seq };
    let route = Route::new("S003".parse().unwrap(), "S012".parse().unwrap()).unwrap();
    vec![
        (
            "request",
            store("S012"),
            Step::Request { route, lines: wanted(10_000), remark: Some("周末促销".into()) },
        ),
        (
            "approve",
            Party::HeadOffice,
            Step::Approve { lines: wanted(8_000), rule: None, remark: None },
        ),
        (
            "approve_by_rule",
            Party::HeadOffice,
            Step::Approve { lines: wanted(8_000), rule: Some("邻店".into()), remark: None },
        ),
        ("reject", Party::HeadOffice, Step::Reject { reason: "停售".into() }),
        (
            "ship",
            store("S003"),
            Step::Ship { shipment: number(1), fact: fact(42), goods: goods(8_000, 212_000) },
        ),
        (
            "receive",
            store("S012"),
            Step::Receive {
                shipment: number(1),
                part: number(2),
                fact: fact(7),
                received: goods(6_000, 159_000),
                damaged: goods(1_000, 26_500),
            },
        ),
        (
            "settle",
            store("S012"),
            Step::Settle {
                settlement: number(1),
                fact: fact(8),
                lost: goods(1_000, 26_500),
                damaged: vec![],
                returned: vec![],
                surplus: vec![],
                liable: Liable::Carrier,
                reason: "少一箱 \"3\"".into(),
            },
        ),
        (
            "settle_surplus",
            store("S003"),
            Step::Settle {
                settlement: number(2),
                fact: fact(9),
                lost: vec![],
                damaged: vec![],
                returned: goods(2_000, 53_000),
                surplus: goods(1_000, 26_500),
                liable: Liable::Source,
                reason: "发错货".into(),
            },
        ),
        ("cancel", store("S012"), Step::Cancel { reason: "不需要了".into() }),
        (
            "withdraw",
            store("S003"),
            Step::Withdraw {
                withdrawal: number(1),
                of: Box::new(Step::Ship {
                    shipment: number(2),
                    fact: fact(43),
                    goods: goods(8_000, 212_000),
                }),
            },
        ),
    ]
}

fn event(by: Party, step: Step) -> Event {
    let operator = Some("林晓".parse().unwrap());
    Event { by, at: Timestamp::from_millis(1_795_312_800_000), operator, step }
}

#[test]
fn every_step_has_the_golden_form() {
    for (file, by, step) in samples() {
        let path = format!("{}/golden/v1/transfer/{file}.json", env!("CARGO_MANIFEST_DIR"));
        let event = event(by.clone(), step);
        let golden = std::fs::read_to_string(&path).expect("the golden file is part of the crate");
        let golden = golden.trim_end();
        assert_eq!(event.to_text(), golden, "{file}: the written form changed");
        let read = Entry::read(by, &event.step.name().to_string(), golden);
        assert_eq!(read, Entry::Said(event), "{file}: the read meaning changed");
    }
}

#[test]
fn a_later_version_s_fields_do_not_stop_this_one() {
    let text = r#"{"v":1,"at":1,"fact":"1-2","carrier":{"name":"SF"},
        "goods":[{"sku":"X","qty":1000,"value":5,"lot":"L1"}]}"#;
    let entry = Entry::read(Party::Store("S1".parse().unwrap()), "ship/1", text);
    let Entry::Said(Event { step: Step::Ship { goods, .. }, .. }) = entry else { panic!() };
    assert_eq!(goods[0].quantity, Quantity::units(1).unwrap());
}

#[test]
fn what_cannot_be_read_says_why() {
    let why = |name: &str, text: &str| match Entry::read(Party::HeadOffice, name, text) {
        Entry::Unread(unread) => unread.why.into_string(),
        Entry::Said(event) => panic!("{event:?}"),
    };
    let ship = r#"{"v":1,"at":1,"fact":"1-2","goods":[{"sku":"X","qty":1000,"value":5}]}"#;
    assert!(why("dispatch", ship).contains("not a valid step of a transfer"));
    assert!(why("ship/1", "").contains("EOF"));
    assert!(why("ship/1", &ship.replace(r#""v":1"#, r#""v":2"#)).contains("form 2"));
    assert!(why("ship/1", &ship.replace("1-2", "1-02")).contains("`fact`"));
    assert!(why("ship/1", &ship.replace("1000", "0")).contains("not more than nothing"));
    assert!(why("ship/1", &ship.replace("1000", "9999999999999999")).contains("too large"));
    assert!(why("ship/1", r#"{"v":1,"at":1,"fact":"1-2"}"#).contains("no goods"));
    assert!(why("receive/1", r#"{"v":1,"at":1,"fact":"1-2"}"#).contains("no goods"));
    assert!(why("request", r#"{"v":1,"at":1,"from":"S1"}"#).contains("`to` is missing"));
    let to_itself = r#"{"v":1,"at":1,"from":"S1","to":"S1","lines":[{"sku":"X","qty":1}]}"#;
    assert!(why("request", to_itself).contains("way between two stores"));
    let nobody = r#"{"v":1,"at":1,"fact":"1-2","liable":"nobody"}"#;
    assert!(why("settle/1", nobody).contains("`liable` says `nobody`"));
}
