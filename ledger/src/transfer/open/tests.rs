use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::id::StoreId;
use crate::order::Party;
use crate::transfer::{Entry, status};

/// Something that a party says, as a naive reader keeps it.
#[derive(Debug, Clone)]
enum Said {
    Approve(BTreeMap<&'static str, i64>),
    Ship(BTreeMap<&'static str, i64>),
    Receive(BTreeMap<&'static str, i64>),
    Reject,
    Cancel,
}

fn sku(name: &str) -> Sku {
    Sku::new(name).unwrap()
}

fn entry(by: &str, name: &str, rest: &str) -> Entry {
    let by = match by {
        "hub" => Party::HeadOffice,
        store => Party::Store(StoreId::new(store).unwrap()),
    };
    Entry::read(by, name, &format!("{{\"v\":1,\"at\":1,{rest}}}"))
}

fn wanted(lines: &BTreeMap<&'static str, i64>) -> String {
    let line = |(sku, qty): (&&str, &i64)| format!("{{\"sku\":\"{sku}\",\"qty\":{qty}}}");
    lines.iter().map(line).collect::<Vec<_>>().join(",")
}

fn goods(lines: &BTreeMap<&'static str, i64>) -> String {
    let line = |(s, q): (&&str, &i64)| format!("{{\"sku\":\"{s}\",\"qty\":{q},\"value\":0}}");
    lines.iter().map(line).collect::<Vec<_>>().join(",")
}

fn request(lines: &BTreeMap<&'static str, i64>) -> Entry {
    let rest = format!("\"from\":\"A\",\"to\":\"B\",\"lines\":[{}]", wanted(lines));
    entry("B", "request", &rest)
}

fn written(at: usize, said: &Said) -> Entry {
    let number = at + 1;
    match said {
        Said::Approve(lines) => entry("hub", "approve", &format!("\"lines\":[{}]", wanted(lines))),
        Said::Ship(lines) => {
            let rest = format!("\"fact\":\"1-{number}\",\"goods\":[{}]", goods(lines));
            entry("A", &format!("ship/{number}"), &rest)
        }
        Said::Receive(lines) => {
            let rest = format!("\"fact\":\"1-{number}\",\"goods\":[{}]", goods(lines));
            entry("B", &format!("receive/{number}"), &rest)
        }
        Said::Reject => entry("hub", "reject", "\"note\":\"no\""),
        Said::Cancel => entry("B", "cancel", "\"note\":\"late\""),
    }
}

fn lines() -> impl Strategy<Value = BTreeMap<&'static str, i64>> {
    let sku = prop::sample::select(vec!["X", "Y", "Z"]);
    prop::collection::btree_map(sku, 1..9_000_i64, 1..3)
}

fn said() -> impl Strategy<Value = Vec<Said>> {
    let step = prop_oneof![
        6 => lines().prop_map(Said::Ship),
        3 => lines().prop_map(Said::Receive),
        1 => Just(Said::Reject),
        1 => Just(Said::Cancel),
    ];
    let rest = prop::collection::vec(step, 0..5);
    (prop::option::of(lines().prop_map(Said::Approve)), rest)
        .prop_map(|(approve, rest)| approve.into_iter().chain(rest).collect())
}

/// What is open by plain counting.
fn counted(said: &[Said]) -> BTreeMap<Sku, (i64, i64)> {
    let (mut approved, mut shipped, mut arrived) =
        (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let mut stopped = false;
    for step in said {
        let (sums, lines) = match step {
            Said::Approve(lines) => (&mut approved, lines),
            Said::Ship(lines) => (&mut shipped, lines),
            Said::Receive(lines) => (&mut arrived, lines),
            Said::Reject | Said::Cancel => {
                stopped = true;
                continue;
            }
        };
        for (sku, quantity) in lines {
            *sums.entry(*sku).or_insert(0) += quantity;
        }
    }
    let of = |sums: &BTreeMap<&str, i64>, sku| sums.get(sku).copied().unwrap_or(0);
    let open = |name: &'static str| {
        let promised = if stopped { 0 } else { of(&approved, name) - of(&shipped, name) };
        let on_the_way = of(&shipped, name) - of(&arrived, name);
        (sku(name), (promised.max(0), on_the_way.max(0)))
    };
    ["X", "Y", "Z"].map(open).into_iter().filter(|(_, open)| *open != (0, 0)).collect()
}

fn told(entries: &[Entry]) -> BTreeMap<Sku, (i64, i64)> {
    let transfer = status(entries);
    let open = |(sku, line): (&Sku, OpenLine)| {
        (sku.clone(), (line.reserved.thousandths(), line.in_transit.thousandths()))
    };
    transfer.open_lines().map(open).collect()
}

proptest! {
    #[test]
    fn what_is_open_is_what_counting_gives(asked in lines(), said in said()) {
        let steps = said.iter().enumerate().map(|(at, step)| written(at, step));
        let entries: Vec<Entry> = [request(&asked)].into_iter().chain(steps).collect();
        prop_assert!(entries.iter().all(|entry| matches!(entry, Entry::Said(_))));
        prop_assert_eq!(told(&entries), counted(&said));
    }

    #[test]
    fn nothing_is_promised_between_unknown_stores(approved in lines(), shipped in lines()) {
        let said = [Said::Approve(approved), Said::Ship(shipped)];
        let entries: Vec<Entry> =
            said.iter().enumerate().map(|(at, step)| written(at, step)).collect();
        prop_assert!(told(&entries).values().all(|(promised, _)| *promised == 0));
    }
}

#[test]
fn an_approval_without_lines_promises_all_that_was_asked_for() {
    let entries =
        [request(&BTreeMap::from([("X", 5_000)])), entry("hub", "approve", "\"lines\":[]")];
    assert_eq!(told(&entries), BTreeMap::from([(sku("X"), (5_000, 0))]));
}

#[test]
fn what_can_be_had_stays_in_range() {
    let most = Quantity::from_thousandths(MAX_QUANTITY).unwrap();
    assert_eq!(available(most.negated(), most), most.negated());
    assert_eq!(available(most, Quantity::ZERO), most);
    let one = Quantity::units(1).unwrap();
    assert_eq!(available(Quantity::ZERO, one), one.negated());
}
