use proptest::prelude::*;

use super::*;

fn id(epoch: u32, seq: u64) -> FactId {
    FactId { epoch: Epoch::new(epoch).unwrap(), seq }
}

fn head(epoch: u32, seq: u64) -> Head {
    let FactId { epoch, seq } = id(epoch, seq);
    Head { epoch, seq, link: ChainLink::from_bytes([seq as u8; 32]) }
}

fn balance(account: Account, sku: &str, lot: Option<&str>) -> CarriedBalance {
    CarriedBalance {
        account,
        sku: sku.parse().unwrap(),
        lot: lot.map(|lot| lot.parse().unwrap()),
        quantity: Quantity::from_thousandths(-3_000).unwrap(),
        value: Money::from_ten_thousandths(70_000).unwrap(),
    }
}

fn carryover() -> Carryover {
    Carryover {
        heads: vec![head(1, 300), head(3, 7)],
        links: vec![head(1, 200)],
        balances: vec![
            balance(Account::OnHand, "茶", Some("L1")),
            balance(Account::Supplier, "cola", None),
        ],
        costs: vec![CarriedCost {
            sku: "cola".parse().unwrap(),
            cost: Money::from_ten_thousandths(12_300).unwrap(),
            fact: id(1, 299),
        }],
        close: Some(CarriedClose {
            date: "2026-11-21".parse().unwrap(),
            fact: id(3, 1),
            facts: 130,
        }),
        last_day: Some("2026-11-22".parse().unwrap()),
        requests: vec![("till-1".parse().unwrap(), id(3, 2))],
    }
}

#[test]
fn a_page_has_these_bytes_for_ever() {
    let raw = chunk::expand(&pack(&carryover())).unwrap();
    let hex: String = raw.iter().map(|byte| format!("{byte:02x}")).collect();
    let link = |byte: &str| byte.repeat(32);
    let golden = [
        "02 01ac02".to_owned(),
        link("2c"),
        "0307".to_owned(),
        link("07"),
        "01 01c801".to_owned(),
        link("c8"),
        "02 07 6f6e5f68616e64 03 e88cb6 02 4c31 ef2e e0c508".to_owned(),
        "08 737570706c696572 04 636f6c61 00 ef2e e0c508".to_owned(),
        "01 04 636f6c61 98c001 01ab02".to_owned(),
        "01 0a 323032362d31312d3231 0301 8201".to_owned(),
        "01 0a 323032362d31312d3232".to_owned(),
        "01 06 74696c6c2d31 0302".to_owned(),
    ];
    assert_eq!(hex, golden.concat().replace(' ', ""));
}

#[test]
fn pages_add_up_to_the_whole() {
    let mut whole = carryover();
    let request = |n: u64| (format!("r{n}").parse().unwrap(), id(1, n % 300 + 1));
    whole.requests.extend((0..2 * MAX_ROWS_PER_PAGE as u64).map(request));
    let pages = whole.clone().into_pages();
    assert_eq!(pages.len(), 3);
    let mut sum = Carryover::default();
    for page in pages {
        sum.add(unpack(&pack(&page)).unwrap()).unwrap();
    }
    assert_eq!(sum, whole);
    assert_eq!(sum.check(), Ok(()));
    assert_eq!(sum.facts(), 307);
}

#[test]
fn what_no_history_comes_to_is_refused() {
    type Change = fn(&mut Carryover);
    let wrong: [Change; 12] = [
        |of| of.heads.clear(),
        |of| of.last_day = None,
        |of| of.heads.reverse(),
        |of| of.heads[0].seq = 0,
        |of| of.links[0] = head(2, 1),
        |of| of.links.push(head(1, 200)),
        |of| of.balances[1] = of.balances[0].clone(),
        |of| of.balances[0].account = Account::InTransit("A-B-2611-1".parse().unwrap()),
        |of| of.costs[0].fact = id(1, 301),
        |of| of.costs.push(of.costs[0].clone()),
        |of| of.close.as_mut().unwrap().fact = id(4, 1),
        |of| of.requests.push((of.requests[0].0.clone(), id(1, 1))),
    ];
    assert_eq!(carryover().check(), Ok(()));
    for (number, change) in wrong.into_iter().enumerate() {
        let mut carryover = carryover();
        change(&mut carryover);
        assert!(carryover.check().is_err(), "{number}");
    }
    assert!(carryover().add(carryover()).is_err(), "two last days");
}

#[test]
fn a_page_of_too_many_rows_is_refused() {
    let request = |n: usize| (format!("r{n}").parse().unwrap(), id(1, 1));
    let page =
        |rows| Carryover { requests: (0..rows).map(request).collect(), ..Carryover::default() };
    assert!(unpack(&pack(&page(MAX_ROWS_PER_PAGE))).is_ok());
    assert!(matches!(unpack(&pack(&page(MAX_ROWS_PER_PAGE + 1))), Err(ChunkError::TooMany)));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(raw in proptest::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(page) = unpack(&chunk::squeeze(&raw)) {
            prop_assert_eq!(&chunk::expand(&pack(&page)).unwrap(), &raw);
        }
        drop(unpack(&raw));
    }

    #[test]
    fn one_wrong_byte_is_read_or_refused(at: prop::sample::Index, to: u8) {
        let mut raw = chunk::expand(&pack(&carryover())).unwrap();
        let at = at.index(raw.len());
        raw[at] = to;
        if let Ok(page) = unpack(&chunk::squeeze(&raw)) {
            prop_assert_eq!(chunk::expand(&pack(&page)).unwrap(), raw);
        }
    }
}
