//! Prices, products and stores: for each check an input that makes it fail.

use crate::catalog::{Field, Product, Term};
use crate::check::example::{DAY, MINUTE, MORNING, Shop, check_by, cola, id, store};
use crate::check::fleet::{self, Contact};
use crate::check::prices::PriceHistory;
use crate::check::{Check, Finding, Limits, Observed, Severity, products};
use crate::fact::{Body, Cause, Reduction};
use crate::id::{FactId, PromotionId};
use crate::price::Level;
use crate::profile::ProfileField;
use crate::promotion;
use crate::time::Timestamp;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

/// What is said of the honest shop, whose colas are 3.50 and sell at 0.50 less, two or more at once.
fn priced(settings: &[(Field, &str, i64)]) -> Vec<(Check, Option<FactId>, Observed)> {
    let shop = Shop::honest();
    let mut prices = PriceHistory::default();
    for (field, text, when) in settings {
        prices.set(&cola(), *field, text, at(MORNING + when));
    }
    let found = check_by(&shop.facts, &shop.kept(), |end| end, &prices);
    let told = |f: Finding| (f.check, f.first_divergent, f.evidence.expected);
    found.into_iter().map(told).collect()
}

#[test]
fn a_price_that_was_never_the_list_price_is_found() {
    let due = Observed::Money(36_000);
    // The third was undone since.
    let sales = [2, 6].map(|seq| (Check::PriceList, Some(id(seq)), due.clone()));
    assert_eq!(priced(&[(Field::Price, "3.6", -DAY)]), sales);
    // Replaced this morning: the till may not know yet. Replaced three weeks ago: it should.
    let replaced =
        |days: i64| priced(&[(Field::Price, "3.5", -60 * DAY), (Field::Price, "3.6", days * DAY)]);
    assert_eq!(replaced(0), []);
    assert_eq!(replaced(-20), sales);
    // A product that had no price then, or has none now, is not judged.
    assert_eq!(priced(&[(Field::Price, "3.6", 5 * DAY)]), []);
    assert_eq!(priced(&[(Field::Price, "0", -DAY)]), []);
    assert_eq!(priced(&[(Field::NameEn, "3.6", -DAY)]), []);
}

#[test]
fn a_sale_below_the_floor_is_found() {
    // 2 × 3.50 − 0.50 = 6.50, 3 × 3.50 − 0.50 = 10, 3.50 − 0.50 = 3.
    let floor = |text: &str| priced(&[(Field::FloorPrice, text, -DAY)]);
    assert_eq!(floor("3"), []);
    assert_eq!(floor("3.01"), [], "a coin is lost in rounding");
    assert_eq!(floor("3.02"), [(Check::BelowFloor, Some(id(6)), Observed::Money(30_200))]);
    let two = [(Check::BelowFloor, Some(id(2)), Observed::Money(66_000))];
    assert_eq!(floor("3.3")[..1], two);
    let later = [(Field::FloorPrice, "", -2 * DAY), (Field::FloorPrice, "3.3", -DAY)];
    assert_eq!(priced(&later)[..1], two);
    let lifted = [(Field::FloorPrice, "3.3", -2 * DAY), (Field::FloorPrice, "", -DAY)];
    assert_eq!(priced(&lifted), []);
}

/// What is said of the prices of the honest shop with these entries of price lists, each with the day
/// on which it was set, for a shop of these groups since long ago.
fn listed(entries: &[(&str, &str, i64)], groups: &str) -> Vec<(Check, Option<FactId>, Observed)> {
    let shop = Shop::honest();
    let mut prices = PriceHistory::default();
    prices.set(&cola(), Field::Price, "3.5", at(MORNING - 90 * DAY));
    prices.set_profile(&store(), ProfileField::Groups, groups, at(MORNING - 90 * DAY));
    for (key, price, days) in entries {
        let term = Term::named(&format!("price@{key}")).unwrap();
        let text = match *price {
            "" => String::new(),
            price => format!(r#"{{"price":"{price}","number":"PC1"}}"#),
        };
        prices.set_term(&cola(), &term, &text, at(MORNING + days * DAY));
    }
    let found = check_by(&shop.facts, &shop.kept(), |end| end, &prices);
    let told = |f: Finding| (f.check, f.first_divergent, f.evidence.expected);
    found.into_iter().map(told).collect()
}

#[test]
fn prices_of_lists_are_judged_by_the_shops_own_lists_and_time() {
    let (long_ago, far_off) = ("2026-01-01T00:00", "2027-06-01T00:00");
    let key = |level: &str, scope: &str, from: &str| format!("{level}@{scope}@{from}");
    let due = Observed::Money(36_000);
    let wrong = [2, 6].map(|seq| (Check::PriceList, Some(id(seq)), due.clone()));
    let north = key("retail", "group:north", long_ago);

    // Sold at 3.50, which the base price is; a list that is in force says otherwise.
    assert_eq!(listed(&[(&north, "3.6", -60)], "airport north"), wrong);
    assert_eq!(listed(&[(&north, "3.6", -60)], "south"), [], "another group's list");
    assert_eq!(listed(&[(&key("retail", "group:north", far_off), "3.6", -60)], "north"), []);
    assert_eq!(listed(&[(&key("member", "all", long_ago), "3.6", -60)], "north"), []);

    // The till may not know yet, or not yet know that it was cancelled.
    assert_eq!(listed(&[(&north, "3.6", -12)], "north"), []);
    assert_eq!(listed(&[(&north, "3.6", -60), (&north, "", -12)], "north"), []);
    assert_eq!(listed(&[(&north, "3.6", -60), (&north, "", -20)], "north"), []);
    assert_eq!(listed(&[(&north, "3.5", -60), (&north, "3.6", -20)], "north"), wrong);

    // A closer list that says 3.50 makes it right again.
    let airport = key("retail", "group:airport", long_ago);
    assert_eq!(listed(&[(&north, "3.6", -60), (&airport, "3.5", -60)], "airport north"), []);

    // Floors of lists are floors.
    let floor = key("floor", "group:north", long_ago);
    let low = [(Check::BelowFloor, Some(id(6)), Observed::Money(30_200))];
    assert_eq!(listed(&[(&floor, "3.02", -60)], "north"), low);
    assert_eq!(listed(&[(&floor, "3.02", -60)], "south"), []);
}

#[test]
fn a_change_counts_from_its_minute_on_any_wall() {
    let morning = jiff::Timestamp::from_millisecond(MORNING).unwrap();
    let day = morning.to_zoned(jiff::tz::TimeZone::UTC).date();
    let on = |days: i32| {
        let day = crate::time::BusinessDate::new(day).plus_days(days);
        listed(&[(&format!("retail@all@{day}T00:00"), "3.6", -60)], "north").len()
    };
    assert_eq!(on(2), 0, "no wall on earth shows that day");
    assert_eq!(on(-2), 2, "every wall has shown it");
    assert_eq!(on(1), 0, "some walls still showed the day before");
    assert_eq!(on(0), 1, "they did so at the first sale alone");
}

#[test]
fn what_is_known_by_a_moment_has_one_hash() {
    let mut prices = PriceHistory::default();
    prices.set(&cola(), Field::Price, "3.5", at(0));
    let hash = |prices: &PriceHistory| prices.hash_until(at(10));
    let before = hash(&prices);
    let term = Term::named("price@retail@all@2026-01-01T00:00").unwrap();
    let text = r#"{"price":"3.6","number":"PC1"}"#;
    prices.set_term(&cola(), &term, text, at(11));
    prices.set_profile(&store(), ProfileField::Groups, "north", at(11));
    assert_eq!(hash(&prices), before, "what is set later is not known yet");
    prices.set_term(&cola(), &term, text, at(9));
    let listed = hash(&prices);
    prices.set_profile(&store(), ProfileField::Groups, "south", at(9));
    let hashes = [before, listed, hash(&prices)];
    assert!(hashes.windows(2).all(|two| two[0] != two[1]));
}

#[test]
fn sales_that_were_booked_late_are_not_judged() {
    let mut shop = Shop::honest();
    shop.facts.iter_mut().for_each(|fact| fact.at = at(fact.at.millis() + 3 * DAY));
    let mut prices = PriceHistory::default();
    prices.set(&cola(), Field::Price, "9", at(MORNING - DAY));
    assert_eq!(check_by(&shop.facts, &shop.kept(), |end| end, &prices), []);
}

#[test]
fn a_code_of_two_products_is_found() {
    let product = |sku: &str, barcode: &str| {
        let sku = sku.parse().unwrap();
        Product::from_fields(sku, [(Field::Barcode, barcode)]).0
    };
    let honest = [product("A", "69"), product("B", ""), product("C", "C")];
    assert_eq!(products::check(&honest), []);
    let shared = [product("B", "69"), product("A", "69"), product("C", "B")];
    let found = products::check(&shared);
    let told: Vec<_> = found.iter().map(|f| (f.subject.as_deref(), f.sku.as_ref())).collect();
    let sku = |text: &str| text.parse().unwrap();
    assert_eq!(told, [(Some("69"), Some(&sku("B"))), (Some("B"), Some(&sku("C")))]);
    for (field, text) in [(Field::MoreBarcodes, "70 B"), (Field::Packs, "箱=24 B")] {
        let mut other = product("C", "C");
        other.set(field, text).unwrap();
        let found = products::check(&[product("B", "69"), other]);
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(found[0].subject.as_deref(), Some("B"));
    }
    let mut withdrawn = shared.clone();
    withdrawn[0].set(Field::Status, "withdrawn").unwrap();
    assert_eq!(products::check(&withdrawn), []);
}

#[test]
fn a_store_that_is_silent_askew_forked_or_refused_is_found() {
    let well = Contact {
        store: store(),
        heard: Some(at(MORNING - 3 * DAY)),
        clock_ahead_ms: Some(4 * MINUTE),
        forks: vec![],
        refused: vec![],
    };
    let limits = Limits::default();
    let checks = |contact: &Contact| -> Vec<_> {
        let found = fleet::check(contact, at(MORNING), limits);
        found.into_iter().map(|finding| finding.check).collect()
    };
    assert_eq!(checks(&well), []);
    let silent = Contact { heard: Some(at(MORNING - 4 * DAY)), ..well.clone() };
    let found = fleet::check(&silent, at(MORNING), limits);
    assert_eq!((found[0].check, found[0].severity()), (Check::StoreSilent, Severity::Warning));
    assert_eq!(found[0].evidence.found, Observed::Days(4));
    assert_eq!(checks(&Contact { heard: None, ..well.clone() }), []);
    let patient = Limits { silent_days: 4, ..limits };
    assert_eq!(fleet::check(&silent, at(MORNING), patient), []);

    let behind = Contact { clock_ahead_ms: Some(-6 * MINUTE), ..well.clone() };
    assert_eq!(checks(&behind), [Check::ClockSkew]);
    let forked = Contact { forks: vec![(id(7), "two facts 1-8".into())], ..well.clone() };
    assert_eq!(fleet::check(&forked, at(MORNING), limits)[0].first_divergent, Some(id(8)));
    let refused = Contact { refused: vec![("book/S012/2026-11-22".into(), "no".into())], ..well };
    assert_eq!(checks(&refused), [Check::ReplicaDiffers]);
}

/// What is said of the honest shop when its second sale is at a level and names a promotion.
fn sold_as(
    level: Level,
    set: &[(promotion::Field, &str, i64)],
    member_price: &str,
) -> Vec<(Check, Option<FactId>)> {
    let mut shop = Shop::honest();
    let number: PromotionId = "SP1".parse().unwrap();
    let sale = shop.facts.iter_mut().find(|fact| fact.id == id(2)).unwrap();
    let Body::RetailSale(receipt) = &mut sale.body else { panic!("{sale:?} is a sale") };
    let line = &mut receipt.lines[0];
    line.priced.level = level;
    let named = Reduction { cause: Cause::Promotion(number.clone()), amount: line.discount };
    line.priced.reductions = vec![named];
    let mut prices = PriceHistory::default();
    prices.set(&cola(), Field::Price, "3.5", at(MORNING - 90 * DAY));
    prices.set(&cola(), Field::MemberPrice, member_price, at(MORNING - 90 * DAY));
    for (field, text, days) in set {
        prices.set_promotion(&number, *field, text, at(MORNING + days * DAY));
    }
    let found = check_by(&shop.facts, &shop.kept(), |end| end, &prices);
    found.into_iter().map(|f| (f.check, f.first_divergent)).collect()
}

#[test]
fn a_promotion_that_was_not_in_force_is_found() {
    use promotion::Field::{Deal, Hours, Name, Skus, Stores, Until};
    let found = [(Check::Promotion, Some(id(2)))];
    let sold = |terms: &[(promotion::Field, &str, i64)]| {
        let given = [(Name, "x", -60), (Deal, "each:0.25", -60)];
        sold_as(Level::Retail, &[&given, terms].concat(), "")
    };
    assert_eq!(sold(&[]), []);
    assert_eq!(sold_as(Level::Retail, &[], ""), found, "nobody has heard of it");
    assert_eq!(sold(&[(Skus, "tea", -60)]), found, "not on that product");
    assert_eq!(sold(&[(Stores, "store:S999", -60)]), found, "not at that store");
    assert_eq!(sold(&[(Hours, "00:00-00:15", -60)]), [], "some wall shows that quarter");
    assert_eq!(sold(&[(Until, "2020-01-01", -60)]), found, "long over");
    assert_eq!(sold(&[(Until, "2020-01-01", -1)]), [], "the till may not know yet");
    assert_eq!(sold(&[(Until, "2020-01-01", -20)]), found, "but it should by then");
}

#[test]
fn a_line_is_judged_by_its_level() {
    use promotion::Field::{Deal, Name};
    let promoted = [(Name, "x", -60), (Deal, "each:0.25", -60)];
    let found = [(Check::PriceList, Some(id(2)))];
    assert_eq!(sold_as(Level::Member, &promoted, "3.5"), []);
    assert_eq!(sold_as(Level::Member, &promoted, "3.2"), found, "the member price is another");
    assert_eq!(sold_as(Level::Member, &promoted, ""), found, "there is no member price");
}
