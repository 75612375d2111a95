//! Stories of pieces, told one by one and by chance.

use proptest::prelude::*;

use super::*;
use crate::id::Epoch;

fn store(name: &str) -> StoreId {
    name.parse().unwrap()
}

fn entry(store_name: &str, seq: u64, way: Way, account: Account) -> Entry {
    Entry {
        store: store(store_name),
        fact: FactId { epoch: Epoch::FIRST, seq },
        at: Timestamp::from_millis(i64::try_from(seq).unwrap()),
        date: "2026-11-22".parse().unwrap(),
        bill: format!("{store_name}-{seq}").parse().unwrap(),
        kind: "sale".into(),
        way,
        account: Some(account),
    }
}

fn came(at: &str, seq: u64) -> Entry {
    entry(at, seq, Way::In, Account::Supplier)
}

fn sold(at: &str, seq: u64) -> Entry {
    entry(at, seq, Way::Out, Account::Customer)
}

fn returned(at: &str, seq: u64) -> Entry {
    entry(at, seq, Way::In, Account::Customer)
}

#[test]
fn an_honest_piece_raises_no_doubt() {
    let way = || Account::InTransit("T-1".parse().unwrap());
    let story = [
        came("A", 1),
        entry("A", 2, Way::Out, way()),
        entry("B", 3, Way::In, way()),
        sold("B", 4),
        returned("B", 5),
        sold("B", 6),
    ];
    for told in 1..=story.len() {
        assert_eq!(doubts(&story[..told]), [], "after {told}");
    }
    assert_eq!(whereabouts(&story[..1]), Some(Whereabouts::OnHand(store("A"))));
    assert_eq!(whereabouts(&story[..2]), Some(Whereabouts::Elsewhere(store("A"), Some(way()))));
    assert_eq!(whereabouts(&story), Some(Whereabouts::Sold(store("B"))));
    assert_eq!(whereabouts(&[]), None);
}

#[test]
fn what_cannot_be_is_named() {
    let (a, b) = (|| store("A"), || store("B"));
    let cases = [
        (vec![sold("A", 1)], vec![Doubt::NotThere(a())]),
        (vec![came("A", 1), came("A", 2)], vec![Doubt::CameTwice(a())]),
        (vec![came("A", 1), came("B", 2)], vec![Doubt::SeveralStores(vec![a(), b()])]),
        (vec![came("A", 1), sold("A", 2), sold("A", 3)], vec![Doubt::SoldTwice(vec![a()])]),
        (vec![came("A", 1), sold("A", 2), sold("B", 3)], vec![Doubt::SoldTwice(vec![a(), b()])]),
        // A sale that was booked before its goods: in the end everything is there.
        (vec![sold("A", 1), came("A", 2)], vec![]),
    ];
    for (story, expected) in cases {
        assert_eq!(doubts(&story), expected, "{story:?}");
    }
}

proptest! {
    /// A piece that is handed on honestly, whatever its way and in whatever order it is told.
    #[test]
    fn order_does_not_matter_and_honesty_raises_no_doubt(
        steps in prop::collection::vec((0..3_usize, any::<bool>()), 1..20),
        seed in any::<u64>(),
    ) {
        let names = ["A", "B", "C"];
        let (mut story, mut held) = (Vec::new(), None::<usize>);
        for (number, (to, sells)) in (1..).zip(steps) {
            let transit = Account::InTransit("T-1".parse().unwrap());
            match held {
                None => {
                    let from = if story.is_empty() { Account::Supplier } else { transit };
                    story.push(entry(names[to], number, Way::In, from));
                    held = Some(to);
                }
                Some(at) if sells => {
                    story.push(sold(names[at], number));
                    story.push(returned(names[at], number + 1_000));
                }
                Some(at) => {
                    story.push(entry(names[at], number, Way::Out, transit));
                    held = None;
                }
            }
        }
        prop_assert_eq!(doubts(&story), vec![]);
        // One sale too many is noticed wherever it stands in the telling.
        story.push(sold("C", 5_000));
        story.push(sold("C", 5_001));
        let told = doubts(&story);
        prop_assert!(matches!(told.first(), Some(Doubt::SoldTwice(_))), "{:?}", told);
        let turn = usize::try_from(seed % story.len() as u64).unwrap();
        story.rotate_left(turn);
        prop_assert_eq!(doubts(&story), told);
    }
}
