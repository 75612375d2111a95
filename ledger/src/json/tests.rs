//! The stored form may never change under the facts that are out there: each golden file is read,
//! understood and written again to the same bytes.

use super::*;
use crate::alert::{Acknowledgement, AlertKind, Cause};
use crate::amount::{Money, Quantity, TaxRate};
use crate::bins::{BinMove, Home, Placed};
use crate::fact::{
    self, Condition, Detail, Elsewhere, Payment, PaymentMethod, Priced, Receipt, ReceiptLine,
    Reduction, ReturnTerms, Stated,
};
use crate::id::{Epoch, FactId, Lot, Sku};
use crate::lot::LotExpiry;
use crate::movement::{Account, Movement};
use crate::price::Level;
use crate::purchase::{
    Act, Basis, Delivery, Freight, Inspected, ReturnKind, SentBack, Spread, Way,
};
use crate::serial::Piece;
use crate::stocktake::{Compared, Round, Tally};
use crate::transfer::{self, Booked, Liable, Route};

fn sku() -> Sku {
    Sku::new("6901234567892").unwrap()
}

fn movement(from: Account, to: Account, quantity: i64, value: i64) -> Movement {
    let quantity = Quantity::from_thousandths(quantity).unwrap();
    let value = Money::from_ten_thousandths(value).unwrap();
    Movement { from, to, sku: sku(), lot: None, quantity, value }
}

fn fact(seq: u64, body: Body, movements: Vec<Movement>) -> Fact {
    Fact {
        id: FactId { epoch: Epoch::FIRST, seq },
        store: "S012".parse().unwrap(),
        date: "2026-11-22".parse().unwrap(),
        true_date: None,
        at: Timestamp::from_millis(1_795_312_800_000),
        bill: format!("S012-A-20261122-{seq:05}").parse().unwrap(),
        request: Some("till-3/8817".replace('/', ":").parse().unwrap()),
        operator: Some("林晓".parse().unwrap()),
        shift: None,
        member: None,
        body,
        movements,
        detail: Detail::default(),
    }
}

fn receipt() -> Receipt {
    let money = |raw| Money::from_ten_thousandths(raw).unwrap();
    let line = ReceiptLine {
        sku: sku(),
        quantity: Quantity::from_thousandths(2_000).unwrap(),
        list_price: money(35_000),
        discount: money(5_000),
        tax_rate: TaxRate::from_basis_points(1_300).unwrap(),
        tax: money(7_500),
        total: money(65_000),
        priced: Priced::default(),
    };
    let cash = Payment {
        method: PaymentMethod::Cash,
        amount: money(15_000),
        change: money(5_000),
        reference: None,
    };
    let mobile = Payment {
        method: PaymentMethod::Mobile,
        amount: money(50_000),
        change: money(0),
        reference: None,
    };
    Receipt { lines: vec![line], payments: vec![cash, mobile] }
}

fn samples() -> Vec<(&'static str, Fact)> {
    use Account::*;
    let mut lot = movement(Opening, OnHand, 10_000, 250_000);
    lot.lot = Some(Lot::new("L-2026-07").unwrap());
    let transit = InTransit("T-1".parse().unwrap());
    vec![
        ("opening", fact(1, Body::Opening, vec![lot])),
        (
            "receipt",
            fact(
                2,
                Body::GoodsReceipt {
                    supplier: Some("城东 \"批发\"".into()),
                    lots: vec![],
                    delivery: None,
                },
                vec![movement(Supplier, OnHand, 24_000, 600_000)],
            ),
        ),
        (
            "sale",
            fact(3, Body::RetailSale(receipt()), vec![movement(OnHand, Customer, 2_000, 50_000)]),
        ),
        (
            "return",
            fact(
                4,
                Body::SaleReturn {
                    terms: ReturnTerms::default(),
                    receipt: receipt(),
                    source: Some(FactId { epoch: Epoch::FIRST, seq: 3 }),
                },
                vec![
                    movement(Customer, OnHand, 2_000, 50_000),
                    movement(CostAdjustment, OnHand, 0, -1_250),
                ],
            ),
        ),
        (
            "reversal",
            fact(
                5,
                Body::Reversal {
                    of: FactId { epoch: Epoch::FIRST, seq: 3 },
                    receipt: Some(SignedReceipt::OfSale(receipt())),
                    reason: "扫错商品".into(),
                },
                vec![movement(Customer, OnHand, 2_000, 50_000)],
            ),
        ),
        (
            "adjustment",
            fact(
                6,
                Body::StockAdjustment { reason: "count".into() },
                vec![movement(OnHand, CountLoss, 1_000, 25_000)],
            ),
        ),
        (
            "scrap",
            fact(
                7,
                Body::Scrap { reason: "过期".into() },
                vec![movement(OnHand, Scrap, 500, 12_500)],
            ),
        ),
        ("transit", fact(8, Body::Opening, vec![movement(OnHand, transit, 1_000, 25_000)])),
    ]
}

fn statement() -> Body {
    let quantity = |thousandths| Some(Quantity::from_thousandths(thousandths).unwrap());
    let whole = Stated {
        sku: "6901234567892".parse().unwrap(),
        opening: quantity(18_000),
        sold: quantity(8_000),
        scrapped: quantity(10_000),
        closing: quantity(0),
    };
    let sku = "可乐".parse().unwrap();
    let part = Stated { sku, opening: None, sold: quantity(1_500), scrapped: None, closing: None };
    Body::Statement { lines: vec![whole, part] }
}

fn stocktake() -> Body {
    let quantity = |thousandths| Quantity::from_thousandths(thousandths).unwrap();
    let line = |sku: &str, counted, moved| Compared {
        sku: sku.parse().unwrap(),
        tally: Tally {
            counted: quantity(counted),
            book: quantity(18_000),
            anchor: Some(FactId { epoch: Epoch::FIRST, seq: 11 }),
            moved: quantity(moved),
        },
        round: Round::FIRST,
        reason: None,
    };
    let equal = line("可乐", 18_000, 0);
    let differs = Compared {
        round: Round::FIRST.next(),
        reason: Some("damaged".parse().unwrap()),
        ..line("6901234567892", 16_000, 1_000)
    };
    Body::Stocktake { name: "十一月盘点".into(), lines: vec![differs, equal], approved: None }
}

fn transfer_samples() -> Vec<(&'static str, Fact)> {
    use Account::*;
    let number = |n| std::num::NonZeroU32::new(n).unwrap();
    let transit = || InTransit("T-S003-7".parse().unwrap());
    let booked = |from: &str, to: &str, act| {
        let route = Route::new(from.parse().unwrap(), to.parse().unwrap()).unwrap();
        Body::Transfer(Booked { transfer: "T-S003-7".parse().unwrap(), route, act })
    };
    vec![
        (
            "transfer_ship",
            fact(
                9,
                booked("S012", "S003", transfer::Act::Ship { shipment: number(1) }),
                vec![movement(OnHand, transit(), 8_000, 212_000)],
            ),
        ),
        (
            "transfer_receipt",
            fact(
                10,
                booked(
                    "S003",
                    "S012",
                    transfer::Act::Receipt { shipment: number(1), part: number(2) },
                ),
                vec![
                    movement(transit(), OnHand, 6_000, 159_000),
                    movement(transit(), Quarantine, 1_000, 26_500),
                ],
            ),
        ),
        (
            "transfer_settlement",
            fact(
                11,
                booked(
                    "S003",
                    "S012",
                    transfer::Act::Settlement {
                        settlement: number(1),
                        liable: Liable::Carrier,
                        reason: "少一箱".into(),
                    },
                ),
                vec![movement(transit(), TransitLoss, 1_000, 26_500)],
            ),
        ),
        ("statement", fact(12, statement(), vec![])),
        ("stocktake", fact(13, stocktake(), vec![movement(OnHand, CountLoss, 2_000, 53_000)])),
    ]
}

fn approved_stocktake() -> Body {
    let Body::Stocktake { name, mut lines, .. } = stocktake() else { panic!("a stocktake") };
    let approved = Some("周敏".parse().unwrap());
    Body::Stocktake { name, lines: lines.split_off(1), approved }
}

fn stock_samples() -> Vec<(&'static str, Fact)> {
    use Account::*;
    let labour = Money::from_ten_thousandths(12_500).unwrap();
    let lot: Lot = "L7".parse().unwrap();
    let of_lot = |movement: Movement| Movement { lot: Some(lot.clone()), ..movement };
    let expiry = "2027-03-31".parse().unwrap();
    let dated = LotExpiry { sku: sku(), lot: lot.clone(), expiry };
    let cause = Cause { kind: AlertKind::Expiring, sku: sku(), lot: Some(lot.clone()) };
    let until = Some("2026-12-01".parse().unwrap());
    let part = Movement { sku: "绳".parse().unwrap(), ..movement(OnHand, Assembly, 500, 1_250) };
    vec![
        (
            "receipt_lots",
            fact(
                14,
                Body::GoodsReceipt { supplier: None, lots: vec![dated], delivery: None },
                vec![of_lot(movement(Supplier, OnHand, 24_000, 600_000))],
            ),
        ),
        (
            "assembly",
            fact(
                15,
                Body::Assembly(Work::Assembled { labour }),
                vec![part.clone(), movement(Assembly, OnHand, 1_000, 13_750)],
            ),
        ),
        (
            "disassembly",
            fact(
                16,
                Body::Assembly(Work::TakenApart),
                vec![movement(OnHand, Assembly, 1_000, 13_750), part.undone()],
            ),
        ),
        (
            "bin_move",
            fact(
                19,
                Body::BinMove {
                    lines: vec![
                        BinMove { lot: Some(lot.clone()), ..bin_move(Some("A-01"), Some("B-07")) },
                        bin_move(None, Some("后仓")),
                    ],
                },
                vec![],
            ),
        ),
        ("bin_home", bin_home()),
        ("receipt_detail", receipt_detail(of_lot(movement(Supplier, OnHand, 24_000, 600_000)))),
        ("stocktake_approved", fact(18, approved_stocktake(), vec![])),
        (
            "alert_ack",
            fact(
                17,
                Body::AlertAck(Acknowledgement { cause, until, remark: "已打折".into() }),
                vec![],
            ),
        ),
    ]
}

fn purchase_samples() -> Vec<(&'static str, Fact)> {
    use Account::*;
    let no = std::num::NonZeroU32::MIN;
    let money = |raw| Money::from_ten_thousandths(raw).unwrap();
    let order = || Some("S012-2611-s1A1".parse().unwrap());
    let line = Inspected {
        sku: sku(),
        lot: Some(Lot::new("L7").unwrap()),
        expiry: Some("2027-01-31".parse().unwrap()),
        accepted: Quantity::from_thousandths(22_000).unwrap(),
        rejected: Quantity::from_thousandths(2_000).unwrap(),
        price: money(21_000),
        weight: None,
        reason: Some("漏液".into()),
        photo: Some("7.jpg".into()),
    };
    let delivery = Delivery {
        supplier: "V007".parse().unwrap(),
        order: order(),
        receipt: no,
        note: Some("SH-88".parse().unwrap()),
        basis: Basis::Estimated,
        freight: Some(Freight { amount: money(120_000), by: Spread::Value }),
        lines: vec![line],
    };
    let invoiced = Delivery {
        order: None,
        note: None,
        basis: Basis::Invoice("044001".into()),
        freight: None,
        ..delivery.clone()
    };
    let receipt = |delivery: Delivery| Body::GoodsReceipt {
        supplier: Some("V007".into()),
        lots: vec![],
        delivery: Some(Box::new(delivery)),
    };
    let receipt_of = FactId { epoch: Epoch::FIRST, seq: 14 };
    let sent = SentBack {
        receipt: receipt_of,
        supplier: Some("V007".parse().unwrap()),
        order: order(),
        number: no,
        kind: ReturnKind::Exchange,
        credit: None,
        reason: "漏液".into(),
    };
    let refunded = SentBack {
        kind: ReturnKind::Refund,
        credit: Some(Money::from_ten_thousandths(23_700).unwrap()),
        ..sent.clone()
    };
    let cleared = |way| Body::Purchase(Act::Cleared { way, reason: "复检".into() });
    let bought = vec![
        movement(Supplier, OnHand, 22_000, 582_000),
        movement(Supplier, Quarantine, 2_000, 42_000),
    ];
    vec![
        ("receipt_inspected", fact(14, receipt(delivery), bought.clone())),
        ("receipt_invoiced", fact(15, receipt(invoiced), bought)),
        (
            "purchase_return",
            fact(
                16,
                Body::Purchase(Act::SentBack(sent)),
                vec![movement(Quarantine, Supplier, 1_000, 21_000)],
            ),
        ),
        (
            "purchase_return_credited",
            fact(
                17,
                Body::Purchase(Act::SentBack(refunded)),
                vec![movement(OnHand, Supplier, 1_000, 21_000)],
            ),
        ),
        (
            "quarantine_release",
            fact(17, cleared(Way::Release), vec![movement(Quarantine, OnHand, 500, 10_500)]),
        ),
        (
            "quarantine_scrap",
            fact(18, cleared(Way::Scrap), vec![movement(Quarantine, Scrap, 500, 10_500)]),
        ),
    ]
}

#[test]
fn an_alert_of_a_later_version_is_kept() {
    let text = to_text(&stock_samples().pop().unwrap().1).replace("expiring", "melting");
    let fact = from_text(&text).unwrap();
    assert_eq!(fact.body, Body::Unknown { kind: "alert_ack".into() });
}

fn till_samples() -> Vec<(&'static str, Fact)> {
    use crate::shift::{Act, CashMove, Counted, Way};
    let money = |raw| Money::from_ten_thousandths(raw).unwrap();
    let count = |method, counted: Option<i64>, expected| Counted {
        method,
        counted: counted.map(money),
        expected: money(expected),
    };
    let counts = vec![
        count(PaymentMethod::Cash, Some(5_230_000), 5_250_000),
        count(PaymentMethod::Card, None, -120_000),
    ];
    let moved = CashMove { way: Way::Out, amount: money(500_000), reason: "存银行".into() };
    let opened = Act::Opened { till: "1".parse().unwrap(), float: money(2_000_000) };
    let shift = Some(FactId { epoch: Epoch::FIRST, seq: 40 });
    let within = |seq, act| Fact { shift, ..fact(seq, Body::Shift(act), vec![]) };
    let terms = ReturnTerms {
        elsewhere: Some(Elsewhere {
            store: "S003".parse().unwrap(),
            bill: "S003-A-20261120-00012".parse().unwrap(),
        }),
        condition: Condition::Damaged,
        exchange: Some(FactId { epoch: Epoch::FIRST, seq: 44 }),
        approved: Some("周敏".parse().unwrap()),
    };
    let moves = vec![
        movement(Account::Customer, Account::OnHand, 2_000, 50_000),
        movement(Account::OnHand, Account::Quarantine, 2_000, 50_000),
    ];
    let returned = Body::SaleReturn { receipt: receipt(), source: None, terms };
    vec![
        ("shift_open", fact(40, Body::Shift(opened), vec![])),
        ("cash_move", within(41, Act::Moved(moved))),
        ("shift_close", within(42, Act::Closed { counts })),
        ("return_elsewhere", fact(43, returned, moves)),
    ]
}

/// A sale of a shift to a member, whose price and discount have causes.
fn member_sample() -> (&'static str, Fact) {
    let money = |raw| Money::from_ten_thousandths(raw).unwrap();
    let mut receipt = receipt();
    let reduction = |cause, raw| Reduction { cause, amount: money(raw) };
    receipt.lines[0].priced = Priced {
        level: Level::Member,
        reductions: vec![
            reduction(fact::Cause::Promotion("SP20261124-001".parse().unwrap()), 2_500),
            reduction(fact::Cause::Basket, 1_500),
            reduction(fact::Cause::Points, 500),
        ],
        approved: None,
    };
    receipt.payments[1].reference = Some("4200/2611".parse().unwrap());
    let sold = movement(Account::OnHand, Account::Customer, 2_000, 53_000);
    let sale = Fact {
        shift: Some(FactId { epoch: Epoch::FIRST, seq: 40 }),
        member: Some("M-S012-s1A7".parse().unwrap()),
        ..fact(42, Body::RetailSale(receipt), vec![sold])
    };
    ("sale_member", sale)
}

/// A sale of which somebody has allowed a discount.
fn approved_sample() -> (&'static str, Fact) {
    let (_, mut sale) = member_sample();
    if let Body::RetailSale(receipt) = &mut sale.body {
        receipt.lines[0].priced.approved = Some("老板".parse().unwrap());
    }
    ("sale_approved", sale)
}

fn bin_move(from: Option<&str>, to: Option<&str>) -> BinMove {
    let (from, to) = (from.map(|bin| bin.parse().unwrap()), to.map(|bin| bin.parse().unwrap()));
    BinMove { sku: sku(), lot: None, quantity: Quantity::ONE, from, to }
}

fn placed(bin: &str, lot: Option<Lot>) -> Placed {
    Placed { sku: sku(), lot, bin: bin.parse().unwrap(), quantity: Quantity::ONE }
}

fn bin_home() -> Fact {
    let homes = [Some("A-01"), None].map(|bin| bin.map(|bin| bin.parse().unwrap()));
    let lines = homes.into_iter().map(|bin| Home { sku: sku(), bin }).collect();
    let detail = Detail { serials: vec![], bins: vec![placed("B-07", None)] };
    Fact { detail, ..fact(20, Body::BinHome { lines }, vec![]) }
}

/// A receipt that names single pieces and the bin where they lie.
fn receipt_detail(came: Movement) -> Fact {
    let serials =
        ["A17", "A18"].map(|serial| Piece { sku: sku(), serial: serial.parse().unwrap() });
    let bins = vec![placed("A-01", came.lot.clone())];
    let detail = Detail { serials: serials.into(), bins };
    let body = Body::GoodsReceipt { supplier: None, lots: vec![], delivery: None };
    Fact { detail, ..fact(21, body, vec![came]) }
}

/// What is booked of stored value.
fn value_samples() -> Vec<(&'static str, Fact)> {
    use crate::escrow::{Act, Moved};
    let money = |raw| Money::from_ten_thousandths(raw).unwrap();
    let member = || "M-S012-s1A7".parse().unwrap();
    let letter = || "S012-2611-hA7".parse().unwrap();
    let cash = vec![Payment {
        method: PaymentMethod::Cash,
        amount: money(1_000_000),
        change: money(0),
        reference: None,
    }];
    let lines = vec![(member(), money(500_000)), ("M-2".parse().unwrap(), money(-200_000))];
    let moved = Moved { letter: letter(), pool: Epoch::FIRST, lines };
    let of = |seq, act| Fact { member: Some(member()), ..fact(seq, Body::Value(act), vec![]) };
    vec![
        ("value_top_up", of(50, Act::TopUp { payments: cash.clone() })),
        ("value_paid_out", of(51, Act::PaidOut { letter: letter(), payments: cash })),
        ("value_moved", fact(52, Body::Value(Act::Moved(moved)), vec![])),
    ]
}

#[test]
fn every_kind_has_the_golden_form() {
    let samples = samples().into_iter().chain(transfer_samples()).chain(purchase_samples());
    let samples = samples.chain(stock_samples()).chain([member_sample(), approved_sample()]);
    let samples = samples.chain(till_samples()).chain(value_samples());
    for (name, fact) in samples {
        let path = format!("{}/golden/v1/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let golden = std::fs::read_to_string(&path).expect("the golden file is part of the crate");
        let golden = golden.trim_end();
        assert_eq!(to_text(&fact), golden, "{name}: the written form changed");
        assert_eq!(from_text(golden).unwrap(), fact, "{name}: the read meaning changed");
    }
}

#[test]
fn a_later_version_s_kind_and_fields_do_not_stop_this_one() {
    let text = r#"{"v":1,"id":"1-9","store":"S1","date":"2026-11-22","at":1,"bill":"S1-A-1",
        "kind":"bottle_deposit","body":{"bottles":3},"mood":"sunny",
        "moves":[["on_hand","customer","X",1000,5,null,"later"]]}"#;
    let fact = from_text(text).unwrap();
    assert_eq!(fact.body, Body::Unknown { kind: "bottle_deposit".into() });
    assert_eq!(fact.movements.len(), 1);
    assert_eq!(fact.movements[0].quantity, Quantity::units(1).unwrap());
}

#[test]
fn what_is_wrong_with_a_text_is_named() {
    let (_, sale) = samples().swap_remove(2);
    let text = to_text(&sale);
    let broken = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        let error = from_text(&text.replace(from, to)).unwrap_err();
        match std::error::Error::source(&error) {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        }
    };
    assert!(broken("\"v\":1", "\"v\":2").contains("form 2"));
    assert!(broken("1-3", "1-03").contains("`id` is wrong: `1-03` is not a valid fact id"));
    assert!(broken("\"mobile\"", "\"shells\"").contains("`by` says `shells`"));
    assert!(broken("\"on_hand\"", "\"pocket\"").contains("`pocket` is not a valid account"));
    assert!(broken("35000", "999999999999999999").contains("`price` is wrong"));
    assert!(broken("\"kind\"", "\"sort\"").contains("known form"));
    assert!(from_text("").is_err());
}

#[test]
fn what_is_wrong_with_a_transfer_is_named() {
    let broken = |sample: usize, from: &str, to: &str| {
        let text = to_text(&transfer_samples().swap_remove(sample).1);
        assert!(text.contains(from), "{from}");
        from_text(&text.replace(from, to)).unwrap_err().to_string()
    };
    assert!(broken(0, "\"to\":\"S003\"", "\"to\":\"S012\"").contains("`to` is wrong"));
    assert!(broken(0, "\"no\":1", "\"no\":0").contains("known form"));
    assert!(broken(2, "\"carrier\"", "\"nobody\"").contains("`liable` says `nobody`"));
}

#[test]
fn what_is_wrong_with_a_delivery_is_named() {
    let broken = |sample: usize, from: &str, to: &str| {
        let text = to_text(&purchase_samples().swap_remove(sample).1);
        assert!(text.contains(from), "{from}");
        from_text(&text.replace(from, to)).unwrap_err().to_string()
    };
    assert!(broken(0, "\"estimated\"", "\"guessed\"").contains("`price` says `guessed`"));
    assert!(broken(0, "\"spread\":\"value\"", "\"spread\":\"luck\"").contains("`spread`"));
    assert!(broken(0, "2027-01-31", "2027-02-31").contains("`exp` is wrong"));
    assert!(broken(0, "S012-2611-s1A1", "S012/1").contains("`order` is wrong"));
    assert!(broken(2, "\"exchange\"", "\"gift\"").contains("`kind` says `gift`"));
    assert!(broken(2, "\"of\":\"1-14\"", "\"of\":\"14\"").contains("`of` is wrong"));
}
