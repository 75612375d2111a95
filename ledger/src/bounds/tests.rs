use proptest::prelude::*;

use super::*;

fn shop() -> Membership {
    let groups = ["airport", "north"].map(|group| group.parse().unwrap());
    Membership { store: "S1".parse().unwrap(), groups: groups.into() }
}

fn entry(key: &str, min: &str, max: &str) -> Entry {
    let bound = |text: &str| (!text.is_empty()).then(|| text.parse().unwrap());
    Entry { key: key.parse().unwrap(), bounds: Bounds { min: bound(min), max: bound(max) } }
}

fn on(entries: &[Entry], date: &str) -> [String; 2] {
    let own = entry("all@year", "5", "50").bounds;
    let found = bounds(own, entries, &shop(), date.parse().unwrap());
    [found.min, found.max].map(|bound| bound.map(|bound| bound.to_string()).unwrap_or_default())
}

#[test]
fn a_season_goes_over_the_turn_of_the_year() {
    let winter = [entry("all@12-01..02-28", "20", "")];
    assert_eq!(on(&winter, "2026-11-30"), ["5", "50"]);
    for day in ["2026-12-01", "2026-12-31", "2027-01-01", "2027-02-28"] {
        assert_eq!(on(&winter, day), ["20", "50"], "{day}");
    }
    assert_eq!(on(&winter, "2027-03-01"), ["5", "50"]);
    assert_eq!(on(&winter, "2028-02-29"), ["5", "50"], "the season ends the day before");
    let leap = [entry("all@02-29..02-29", "9", "")];
    assert_eq!(on(&leap, "2028-02-29"), ["9", "50"]);
    assert_eq!(on(&leap, "2027-02-28"), ["5", "50"]);
}

#[test]
fn the_closest_and_narrowest_counts() {
    let mut list = vec![entry("all@10-01..10-07", "1", "")];
    assert_eq!(on(&list, "2026-10-01")[0], "1");
    list.push(entry("group:north@year", "2", ""));
    assert_eq!(on(&list, "2026-10-01")[0], "2", "a closer scope before a season");
    list.push(entry("group:north@09-01..10-31", "3", ""));
    assert_eq!(on(&list, "2026-10-01")[0], "3", "a season before the year");
    list.push(entry("group:north@10-01..10-31", "4", ""));
    assert_eq!(on(&list, "2026-10-01")[0], "4", "the season that began last");
    list.push(entry("group:north@10-01..10-07", "5", ""));
    assert_eq!(on(&list, "2026-10-01")[0], "5", "the one that ends first");
    list.push(entry("store:S1@year", "6", "60"));
    assert_eq!(on(&list, "2026-10-01"), ["6", "60"]);
    list.push(entry("store:S2@year", "7", ""));
    assert_eq!(on(&list, "2026-10-01"), ["6", "60"]);
}

#[test]
fn what_is_kept_is_read_again() {
    let full = entry("store:S1@12-01..02-28", "2.5", "40");
    assert_eq!(full.text(), r#"{"min":"2.5","max":"40"}"#);
    assert_eq!(Entry::read(&full.key, &full.text()), Ok(Some(full.clone())));
    assert_eq!(Entry::read(&full.key, ""), Ok(None));
    for text in ["{}", r#"{"min":"-1"}"#, r#"{"min":"2","max":"1"}"#, r#"{"min":"x"}"#, "5"] {
        assert!(Entry::read(&full.key, text).is_err(), "{text}");
    }
    for key in ["all", "all@", "all@12-01", "all@13-01..12-31", "all@02-30..03-01", "all@1-1..2-1"]
    {
        assert!(key.parse::<Key>().is_err(), "{key}");
    }
}

proptest! {
    /// A season is on for as many days as lie in it, counted one by one.
    #[test]
    fn a_season_is_its_days(first in 0..366_i32, length in 0..365_i32) {
        let new_year: BusinessDate = "2028-01-01".parse().unwrap();
        let day = |place: i32| new_year.plus_days(place.rem_euclid(366));
        let (begins, ends) = (MonthDay::of(day(first)), MonthDay::of(day(first + length)));
        let season = Season { first: begins, last: ends };
        let inside: Vec<i32> = (first..=first + length).map(|place| place % 366).collect();
        for place in 0..366 {
            let on = season.around(MonthDay::of(day(place))).is_some();
            prop_assert_eq!(on, inside.contains(&place), "{} {}", season, day(place));
        }
    }

    #[test]
    fn order_of_arrival_is_of_no_account(turn in 0..6_usize, day in 0..366_i32) {
        let mut list = vec![
            entry("all@year", "1", ""), entry("all@03-01..05-31", "2", ""),
            entry("group:north@12-01..02-28", "3", "30"), entry("group:airport@year", "4", ""),
            entry("group:airport@12-24..12-26", "5", ""), entry("store:S2@year", "6", ""),
        ];
        let date = "2028-01-01".parse::<BusinessDate>().unwrap().plus_days(day).to_string();
        let before = on(&list, &date);
        list.rotate_left(turn);
        prop_assert_eq!(on(&list, &date), before.clone());
        list.reverse();
        prop_assert_eq!(on(&list, &date), before);
    }
}
