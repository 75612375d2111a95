//! What a close says, against facts added up one by one; and its stored form.

use proptest::prelude::*;

use super::*;
use crate::amount::{Money, Quantity};
use crate::id::{BillNo, Sku};
use crate::json::{from_text, to_text};
use crate::movement::{Account, Movement};
use crate::time::Timestamp;

fn store() -> StoreId {
    StoreId::new("S012").unwrap()
}

fn day() -> BusinessDate {
    "2026-11-22".parse().unwrap()
}

fn header(seq: u64) -> Header {
    Header {
        id: FactId { epoch: Epoch::FIRST, seq },
        store: store(),
        date: day(),
        true_date: None,
        at: Timestamp::from_millis(1_795_312_800_000),
        bill: BillNo::new(&format!("S012-A-20261122-{seq:05}")).unwrap(),
        request: None,
        operator: None,
        shift: None,
        member: None,
    }
}

/// A fact that moves a SKU from one account to another.
fn fact(seq: u64, (sku, quantity, value, to): (usize, i64, i64, usize)) -> Fact {
    let to = [
        Account::Customer,
        Account::Scrap,
        Account::InTransit("T-1".parse().unwrap()),
        Account::InTransit("T-2".parse().unwrap()),
    ][to]
        .clone();
    let movement = Movement {
        from: Account::OnHand,
        to,
        sku: Sku::new(["cola", "苹果", "69012"][sku]).unwrap(),
        lot: None,
        quantity: Quantity::from_thousandths(quantity).unwrap(),
        value: Money::from_ten_thousandths(value).unwrap(),
    };
    header(seq).fact(Body::Opening, vec![movement])
}

fn moves() -> impl Strategy<Value = Vec<(usize, i64, i64, usize)>> {
    prop::collection::vec((0..3_usize, -9_999..9_999_i64, -99_999..99_999_i64, 0..4_usize), 1..40)
}

fn figures(facts: &[Fact]) -> Figures {
    let (mut tally, mut stock) = (Tally::new(&store(), day()), ClosingStock::default());
    for fact in facts {
        tally.fact(fact, &to_text(fact));
        stock.fact(fact);
    }
    let link = ChainLink::genesis(&store(), Epoch::FIRST);
    let seq = facts.len() as u64;
    tally.finish(Standing { epoch: Epoch::FIRST, seq, link }, stock.summary())
}

fn facts(moves: &[(usize, i64, i64, usize)]) -> Vec<Fact> {
    (1..).zip(moves).map(|(seq, moved)| fact(seq, *moved)).collect()
}

proptest! {
    #[test]
    fn a_statement_reads_as_it_was_written(moves in moves()) {
        let said = DayClose::new(figures(&facts(&moves))).signed("by me".into());
        let kept = close(header(99), said.clone());
        let read = from_text(&to_text(&kept)).unwrap();
        prop_assert_eq!(&read, &kept);
        prop_assert_eq!(read.body, Body::DayClose(Box::new(said)));
    }

    #[test]
    fn the_sums_are_those_of_the_movements(moves in moves()) {
        let figures = figures(&facts(&moves));
        let sum = |of: fn(&(usize, i64, i64, usize)) -> i64| -> i128 {
            moves.iter().map(|moved| i128::from(of(moved))).sum()
        };
        let gone = Balance { quantity: -sum(|m| m.1), value: -sum(|m| m.2) };
        let account = |name: &str| figures.accounts.get(name).copied().unwrap_or_default();
        prop_assert_eq!(account("on_hand"), gone);
        prop_assert_eq!(figures.stock.total, gone);
        let way = sum(|m| if m.3 > 1 { m.1 } else { 0 });
        prop_assert_eq!(account("in_transit").quantity, way);
        let even: i128 = figures.accounts.values().map(|balance| balance.value).sum();
        prop_assert_eq!(even, 0);
        prop_assert_eq!(figures.facts(), moves.len() as u64);
    }

    #[test]
    fn the_stock_digest_asks_what_is_there_and_not_how_it_came(moves in moves()) {
        let digest = |facts: &[Fact]| figures(facts).stock.digest;
        let facts = facts(&moves);
        let mut backwards = facts.clone();
        backwards.reverse();
        prop_assert_eq!(digest(&facts), digest(&backwards));
        let mut other = facts.clone();
        let movement = &mut other[0].movements[0];
        movement.value = movement.value.plus(Money::from_ten_thousandths(1).unwrap()).unwrap();
        prop_assert_ne!(digest(&facts), digest(&other));
        let undone = facts.iter().flat_map(|fact| {
            let mut back = fact.clone();
            back.movements.iter_mut().for_each(|movement| *movement = movement.undone());
            [fact.clone(), back]
        });
        prop_assert_eq!(figures(&undone.collect::<Vec<_>>()).stock, StockSummary::default());
    }
}

#[test]
fn marks_stay_few_and_each_is_a_place_of_the_chain() {
    let many = facts(&vec![(0, 1_000, 10, 0); 5_000]);
    let Marks { stride, marks } = figures(&many).marks;
    assert!(marks.len() <= MAX_MARKS && marks.len() > MAX_MARKS / 4, "{}", marks.len());
    let mut link = ChainLink::of_day(&store(), day());
    let mut expected = Vec::new();
    for (place, fact) in (1..).zip(&many) {
        link = link.then(&to_text(fact));
        if place % stride == 0 {
            expected.push(Mark(link.as_bytes()[..Mark::LEN].try_into().unwrap()));
        }
    }
    assert_eq!(marks, expected);
    assert!(to_text(&close(header(1), DayClose::new(figures(&many)))).len() < 4_000);
}

#[test]
fn closes_and_late_facts_have_the_golden_form() {
    let mut said = figures(&facts(&[(0, 2_000, 53_000, 0), (1, -500, 1_250, 2)]));
    said.totals.insert(Measure::SalesCount, 2);
    let closing = close(header(3), DayClose::new(said).signed("ab12".into()));
    let mut late = fact(4, (0, 1_000, 26_500, 0));
    late.true_date = Some(day().plus_days(-2));
    for (name, fact) in [("day_close", closing), ("late", late)] {
        let path = format!("{}/golden/v1/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let golden = std::fs::read_to_string(&path).unwrap_or_default();
        let golden = golden.trim_end();
        assert_eq!(to_text(&fact), golden, "{name}: the written form changed");
        assert_eq!(from_text(golden).unwrap(), fact, "{name}: the read meaning changed");
    }
}

#[test]
fn what_is_wrong_with_a_statement_is_named() {
    let text = to_text(&close(header(2), DayClose::new(figures(&facts(&[(0, 1, 1, 0)])))));
    let broken = |from: &str, to: &str| {
        assert!(text.contains(from), "{from} in {text}");
        from_text(&text.replacen(from, to, 1)).unwrap_err().to_string()
    };
    assert!(broken("\"seal\":\"", "\"seal\":\"A").contains("`seal` says `A"));
    assert!(broken("\"marks\":\"", "\"marks\":\"12").contains("`marks` says `12`"));
    assert!(broken("\"runs\":[[1", "\"runs\":[[0").contains("`epoch` says `0`"));
    assert!(broken("{\"v\":1,\"store\"", "{\"v\":9,\"store\"").contains("form 9"));
    assert!(broken("\"skus\":1", "\"skus\":-1").contains("known form"));
}
