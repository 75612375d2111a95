use proptest::prelude::*;

use super::*;
use crate::id::Sku;
use crate::scope::Scope;

const TIMES: [&str; 5] = [
    "2026-11-30T23:59",
    "2026-12-01T00:00",
    "2026-12-01T08:30",
    "2026-12-02T00:00",
    "2027-01-01T00:00",
];

const SCOPES: [&str; 5] = ["all", "group:north", "group:airport", "group:south", "store:S1"];

fn time(text: &str) -> LocalTime {
    text.parse().unwrap()
}

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

fn entry(key: &str, price: &str, until: Option<&str>) -> Entry {
    let (key, until) = (key.parse().unwrap(), until.map(time));
    let number = "PC1".parse().unwrap();
    Entry { key, price: money(price), until, number, note: "".into() }
}

/// A shop at an airport in the north.
fn shop() -> Membership {
    let groups = ["airport", "north"].map(|group| group.parse().unwrap());
    Membership { store: "S1".parse().unwrap(), groups: groups.into() }
}

fn price(entries: &[Entry], at: &str) -> Option<String> {
    in_force(entries, Level::Retail, &shop(), time(at)).map(|entry| entry.price.to_string())
}

#[test]
fn a_scheduled_price_holds_from_its_minute_to_its_end() {
    let sale = [entry("retail@group:north@2026-12-01T00:00", "9.9", Some("2026-12-02T00:00"))];
    let found = TIMES.map(|at| price(&sale, at));
    let nine = Some("9.9".to_owned());
    assert_eq!(found, [None, nine.clone(), nine, None, None]);
}

#[test]
fn closer_scopes_count_before_later_times() {
    let mut list = vec![
        entry("retail@all@2026-12-02T00:00", "1", None),
        entry("retail@group:south@2026-12-02T00:00", "2", None),
        entry("member@store:S1@2026-12-01T00:00", "3", None),
        entry("retail@group:north@2026-12-01T00:00", "4", None),
    ];
    assert_eq!(price(&list, "2026-12-03T00:00").as_deref(), Some("4"));
    list.push(entry("retail@group:north@2026-12-02T00:00", "5", None));
    assert_eq!(price(&list, "2026-12-03T00:00").as_deref(), Some("5"), "the later one");
    list.push(entry("retail@group:airport@2026-12-01T00:00", "6", None));
    assert_eq!(price(&list, "2026-12-03T00:00").as_deref(), Some("6"), "the narrower group");
    list.push(entry("retail@store:S1@2026-12-01T00:00", "7", None));
    assert_eq!(price(&list, "2026-12-03T00:00").as_deref(), Some("7"), "the store itself");
}

#[test]
fn prices_in_force_stand_in_for_base_prices() {
    let mut cola = Product::named_after(Sku::new("cola").unwrap());
    (cola.price, cola.member_price) = (money("3.5"), Some(money("3.2")));
    let list = [
        entry("retail@all@2026-12-01T00:00", "3.8", None),
        entry("floor@group:north@2026-12-01T00:00", "3", None),
        entry("wholesale@group:south@2026-12-01T00:00", "2", None),
    ];
    let before = priced(&cola, &list, &shop(), time("2026-11-30T23:59"));
    assert_eq!(before, cola);
    let after = priced(&cola, &list, &shop(), time("2026-12-01T00:00"));
    assert_eq!((after.price, after.member_price), (money("3.8"), Some(money("3.2"))));
    assert_eq!((after.floor_price, after.wholesale_price), (Some(money("3")), None));
}

#[test]
fn only_what_makes_a_difference_is_a_change() {
    let list = [
        entry("retail@all@2026-12-01T00:00", "9", Some("2026-12-02T00:00")),
        entry("retail@group:north@2026-12-01T08:30", "9", Some("2026-12-01T09:00")),
        entry("retail@group:south@2026-12-01T10:00", "1", None),
    ];
    let span = (time("2026-12-01T00:00"), time("2026-12-31T23:59"));
    let base = Some(money("10"));
    let told = |found: Vec<Change<'_>>| {
        let told = |c: &Change<'_>| {
            let price = |price: Option<Money>| price.map(|price| price.to_string());
            (c.at.to_string(), price(c.before), price(c.after))
        };
        found.iter().map(told).collect::<Vec<_>>()
    };
    let text = |text: &str| Some(text.to_owned());
    let expected = [
        ("2026-12-01T00:00".to_owned(), text("10"), text("9")),
        ("2026-12-02T00:00".to_owned(), text("9"), text("10")),
    ];
    assert_eq!(told(changes(&list, Level::Retail, base, &shop(), span)), expected);
    assert_eq!(told(changes(&list, Level::Floor, None, &shop(), span)), []);
}

#[test]
fn what_is_kept_is_read_again() {
    let mut full = entry("retail@group:北区@2026-12-01T00:00", "9.9", Some("2026-12-24T20:00"));
    full.note = "双十二 \"大促\"".into();
    let golden =
        r#"{"price":"9.9","until":"2026-12-24T20:00","number":"PC1","note":"双十二 \"大促\""}"#;
    assert_eq!(full.text(), golden);
    assert_eq!(Entry::read(&full.key, golden), Ok(Some(full.clone())));
    assert_eq!(full.key.to_string(), "retail@group:北区@2026-12-01T00:00");
    assert_eq!(Entry::read(&full.key, ""), Ok(None), "cancelled");
    let later = r#"{"price":"9.9","number":"PC1","colour":"red"}"#;
    assert!(Entry::read(&full.key, later).unwrap().is_some(), "a later version says more");
    let wrong = [
        r#"{"price":"0","number":"PC1"}"#,
        r#"{"price":"-1","number":"PC1"}"#,
        r#"{"price":"x","number":"PC1"}"#,
        r#"{"price":"1","number":"P C"}"#,
        r#"{"price":"1","number":"PC1","until":"2026-12-01T00:00"}"#,
        r#"{"price":"1","number":"PC1","until":"soon"}"#,
        r#"{"price":"1","number":"PC1","note":"a\nb"}"#,
        r#"{"price":"1"}"#,
        "9.9",
    ];
    for text in wrong {
        assert!(Entry::read(&full.key, text).is_err(), "{text}");
    }
    for key in [
        "retail@all",
        "retail@all@2026-12-01",
        "cheap@all@2026-12-01T00:00",
        "retail@all@2026-12-01T00:00@",
    ] {
        assert!(key.parse::<Key>().is_err(), "{key}");
    }
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let one = (0..Level::ALL.len(), 0..SCOPES.len(), 0..TIMES.len(), 0..=TIMES.len(), 1..5_i64);
    let one = one.prop_map(|(level, scope, from, until, price)| Entry {
        key: Key {
            level: Level::ALL[level],
            scope: SCOPES[scope].parse::<Scope>().unwrap(),
            from: time(TIMES[from]),
        },
        price: Money::from_ten_thousandths(price * 10_000).unwrap(),
        until: TIMES.get(until).map(|at| time(at)).filter(|until| *until > time(TIMES[from])),
        number: "PC1".parse().unwrap(),
        note: "".into(),
    });
    proptest::collection::vec(one, 0..12).prop_map(|list| {
        // A key has one entry.
        let keyed: std::collections::BTreeMap<_, _> =
            list.into_iter().map(|entry| (entry.key.clone(), entry)).collect();
        keyed.into_values().collect()
    })
}

/// As the rules say it, word by word.
fn naive(list: &[Entry], level: Level, at: LocalTime) -> Option<Money> {
    for scope in ["store:S1", "group:airport", "group:north", "all"] {
        let mut best: Option<&Entry> = None;
        for entry in list {
            let begun = entry.key.from <= at;
            let over = matches!(entry.until, Some(until) if until <= at);
            let meant = entry.key.level == level && entry.key.scope.to_string() == scope;
            let newer = best.is_none_or(|best| best.key.from < entry.key.from);
            if meant && begun && !over && newer {
                best = Some(entry);
            }
        }
        if let Some(best) = best {
            return Some(best.price);
        }
    }
    None
}

proptest! {
    #[test]
    fn the_price_in_force_is_what_the_rules_say(list in entries(), turn in 0..12_usize) {
        let mut turned = list.clone();
        turned.rotate_left(turn.min(list.len()));
        turned.reverse();
        for level in Level::ALL {
            for at in TIMES.map(time) {
                let expected = naive(&list, level, at);
                for list in [&list, &turned] {
                    let found = in_force(list, level, &shop(), at).map(|entry| entry.price);
                    prop_assert_eq!(found, expected);
                }
            }
        }
    }

    #[test]
    fn changes_lead_from_price_to_price(list in entries()) {
        let (first, last) = (time("2026-12-01T00:00"), time("2026-12-31T23:59"));
        let base = Some(money("100"));
        let at = |at| in_force(&list, Level::Retail, &shop(), at).map(|e| e.price).or(base);
        let mut price = at(first.minute_before());
        for change in changes(&list, Level::Retail, base, &shop(), (first, last)) {
            prop_assert_eq!(change.before, price);
            prop_assert_eq!(at(change.at.minute_before()), price);
            prop_assert_ne!(change.after, price);
            prop_assert_eq!(at(change.at), change.after);
            price = change.after;
        }
        prop_assert_eq!(at(last), price);
    }

    #[test]
    fn every_entry_is_kept_as_it_is(list in entries()) {
        for entry in list {
            let key: Key = entry.key.to_string().parse().unwrap();
            prop_assert_eq!(Entry::read(&key, &entry.text()), Ok(Some(entry)));
        }
    }
}
