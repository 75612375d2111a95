//! Examples worked out by hand, one for each rule.

use super::*;
use crate::amount::TaxRate;
use crate::id::{PromotionId, Sku};
use crate::promotion::Field;

/// A product at a retail price.
pub(super) fn product(sku: &str, price: &str) -> Product {
    let mut product = Product::named_after(Sku::new(sku).unwrap());
    product.price = price.parse().unwrap();
    product
}

pub(super) fn promotion(id: &str, deal: &str, fields: &[(Field, &str)]) -> Promotion {
    let named = [(Field::Name, id), (Field::Deal, deal)];
    let fields = named.into_iter().chain(fields.iter().copied());
    Promotion::from_fields(PromotionId::new(id).unwrap(), fields).unwrap()
}

pub(super) fn line<'p>(product: &'p Product, quantity: &str) -> Line<'p> {
    let quantity = quantity.parse().unwrap();
    Line { quantity, price: Price::Listed { product, stock_days: None }, off: Off::NOTHING }
}

pub(super) fn basket(lines: Vec<Line<'_>>) -> Basket<'_> {
    Basket { lines, level: Level::Retail, off: Off::NOTHING }
}

pub(super) fn shop() -> Membership {
    Membership::alone("S1".parse().unwrap())
}

pub(super) fn place(store: &Membership) -> Place<'_> {
    let wall = "2026-12-08T15:00".parse().unwrap();
    Place { store, wall, rounding: Rounding::Coin, wholesale_tax: WholesaleTax::Included }
}

/// The totals of the lines.
fn totals(basket: &Basket<'_>, promotions: &[Promotion]) -> Vec<String> {
    let quote = price(basket, promotions, place(&shop())).unwrap();
    quote.lines.iter().map(|line| line.total.to_string()).collect()
}

#[test]
fn each_kind_takes_off_what_it_says() {
    let (tea, milk, wine) = (product("tea", "10"), product("milk", "6"), product("wine", "99.90"));
    let both = [(Field::Skus, "tea;milk")];
    let limited = [(Field::Skus, "tea;milk"), (Field::Limit, "1")];
    // Of 3 tea at 10 and 2 milk at 6: 42.
    for (deal, terms, expected) in [
        ("percent:25", &both[..], ["22.5", "9"]),
        ("percent:25", &limited, ["27.5", "12"]),
        ("each:1.50", &both, ["25.5", "9"]),
        ("each:1.50", &limited, ["28.5", "12"]),
        // 5.00 by 30 and 12: 3.571 and 1.429.
        ("total:5", &both, ["26.43", "10.57"]),
        // Two of three pieces each: 5 pieces are one time three; the cheapest is a milk.
        ("buy:2+1", &both, ["30", "6"]),
        // Two pairs: both milk at half price.
        ("second:50", &both, ["30", "6"]),
        // Three tea for 20; the two milk are no bundle.
        ("bundle:3=20", &both, ["20", "12"]),
        // Two tea for 17 twice is three tea and one milk: 20 - 17, and 10 + 6 - 17 saves nothing.
        ("bundle:2=17", &both, ["27", "12"]),
        // A tea and a milk for 12 twice: 8 off by 20 and 12.
        ("set:12", &both, ["25", "9"]),
        ("set:12", &limited, ["27.5", "10.5"]),
        ("percent:25", &[(Field::Skus, "milk"), (Field::MinQuantity, "3")], ["30", "12"]),
        // The minimum of 20 is there twice.
        ("total:3", &[(Field::Skus, "tea;milk"), (Field::MinAmount, "20")], ["25.71", "10.29"]),
    ] {
        let basket = basket(vec![line(&tea, "3"), line(&milk, "2"), line(&wine, "1")]);
        let told = totals(&basket, &[promotion("P1", deal, terms)]);
        assert_eq!(told, [expected[0], expected[1], "99.9"], "{deal} {terms:?}");
    }
}

#[test]
fn a_clearance_grows_by_date_or_by_stock() {
    let tea = product("tea", "10");
    let from = |day| [(Field::From, day)];
    let steps = "clearance-date:0=10,7=30";
    // The wall shows 8 December.
    for (day, total) in
        [("2026-12-08", "9"), ("2026-12-02", "9"), ("2026-12-01", "7"), ("2026-12-09", "10")]
    {
        let told = totals(&basket(vec![line(&tea, "1")]), &[promotion("P1", steps, &from(day))]);
        assert_eq!(told, [total], "{day}");
    }
    let by_stock = [promotion("P1", "clearance-stock:60=20,90=40", &[])];
    for (days, total) in [(None, "10"), (Some(59), "10"), (Some(60), "8"), (Some(400), "6")] {
        let price = Price::Listed { product: &tea, stock_days: days };
        let aged = Line { price, ..line(&tea, "1") };
        assert_eq!(totals(&basket(vec![aged]), &by_stock), [total], "{days:?}");
    }
}

#[test]
fn priority_goes_before_what_is_taken_off_and_that_before_the_number() {
    let tea = product("tea", "10");
    let told = |promotions: &[Promotion]| {
        let basket = basket(vec![line(&tea, "1")]);
        let quote = price(&basket, promotions, place(&shop())).unwrap();
        quote.lines[0].priced.reductions.iter().map(|r| r.cause.to_string()).collect::<Vec<_>>()
    };
    let small = promotion("P1", "percent:10", &[]);
    let large = promotion("P2", "each:3", &[]);
    let as_large = promotion("P3", "percent:30", &[]);
    let first = promotion("P4", "percent:5", &[(Field::Priority, "1")]);
    assert_eq!(told(&[small.clone(), large.clone()]), ["promotion:P2"]);
    assert_eq!(told(&[as_large, large.clone()]), ["promotion:P2"]);
    assert_eq!(told(&[small, large, first]), ["promotion:P4"]);
}

#[test]
fn only_one_group_stacks_and_starts_from_what_is_left() {
    let (tea, milk) = (product("tea", "10"), product("milk", "6"));
    let with = |group| [(Field::Stacking, group)];
    let stacked = [
        promotion("P1", "percent:20", &with("with:a")),
        promotion("P2", "percent:10", &with("with:a")),
        promotion("P3", "percent:10", &with("with:b")),
        promotion("P4", "each:0.10", &[]),
    ];
    // 10 - 2 - 0.80, 6 - 1.20 - 0.48.
    let basket = basket(vec![line(&tea, "1"), line(&milk, "1")]);
    assert_eq!(totals(&basket, &stacked), ["7.2", "4.32"]);
    // What is taken by one alone is not for the other, also where it could go further.
    let alone = [
        promotion("P1", "percent:50", &[(Field::Skus, "tea")]),
        promotion("P2", "percent:10", &with("with:a")),
    ];
    assert_eq!(totals(&basket, &alone), ["5", "5.4"]);
}

#[test]
fn promotions_stop_at_the_floor_and_people_at_nothing() {
    let mut tea = product("tea", "10");
    tea.floor_price = Some("8.333".parse().unwrap());
    let half = [promotion("P1", "percent:50", &[])];
    assert_eq!(totals(&basket(vec![line(&tea, "1")]), &half), ["8.34"]);
    let off = |off: &str| Line { off: off.parse().unwrap(), ..line(&tea, "1") };
    assert_eq!(totals(&basket(vec![off("5")]), &half), ["3.34"]);
    assert_eq!(totals(&basket(vec![off("50%")]), &half), ["4.17"]);
    let too_much = price(&basket(vec![off("8.35")]), &half, place(&shop()));
    assert!(matches!(too_much, Err(BasketError::LineOff { line: 1, .. })), "{too_much:?}");
    let odd = price(&basket(vec![off("0.001")]), &half, place(&shop()));
    assert!(matches!(odd, Err(BasketError::OddOff { line: 1, .. })), "{odd:?}");
    let basket = Basket { off: "11".parse().unwrap(), ..basket(vec![line(&tea, "1")]) };
    assert!(matches!(price(&basket, [], place(&shop())), Err(BasketError::BasketOff { .. })));
}

#[test]
fn a_price_that_somebody_has_said_is_the_price() {
    let tea = product("tea", "10");
    let said = Line {
        quantity: Quantity::ONE,
        price: Price::Said("12.34".parse().unwrap()),
        off: "1".parse().unwrap(),
    };
    let half = [promotion("P1", "percent:50", &[])];
    let odd = Line { off: "0.125".parse().unwrap(), ..said.clone() };
    assert_eq!(totals(&basket(vec![odd]), &half), ["12.215"], "as it was sold elsewhere");
    let mixed = basket(vec![said.clone(), line(&tea, "1")]);
    assert_eq!(totals(&mixed, &half), ["11.34", "5"]);
    let store = shop();
    let round = Place { rounding: Rounding::One, ..place(&store) };
    let alone = price(&basket(vec![said]), &half, round).unwrap();
    assert_eq!(alone.total().unwrap().to_string(), "11.34", "not rounded");
    let mixed = price(&mixed, &half, round).unwrap();
    let totals: Vec<String> = mixed.lines.iter().map(|line| line.total.to_string()).collect();
    assert_eq!(totals, ["11.34", "4.66"]);
    assert_eq!(mixed.lines[1].priced.reductions[1].cause, Cause::Basket);
    assert_eq!(mixed.lines[1].basket_share, Money::ZERO, "nobody took it off by hand");
}

#[test]
fn what_comes_off_the_basket_is_spread_to_the_coin() {
    let (tea, milk) = (product("tea", "10"), product("milk", "6.60"));
    let lines = vec![line(&tea, "1"), line(&milk, "1")];
    let basket = Basket { off: "10%".parse().unwrap(), ..basket(lines) };
    let store = shop();
    let round = Place { rounding: Rounding::Tenth, ..place(&store) };
    let quote = price(&basket, [], round).unwrap();
    // 1.66 is 1 and 0.66; 14.94 is rounded to 14.90, of which 9 bears 0.02 and 5.94 bears 0.02.
    let told: Vec<[String; 2]> =
        quote.lines.iter().map(|l| [l.basket_share.to_string(), l.total.to_string()]).collect();
    assert_eq!(told, [["1", "8.98"], ["0.66", "5.92"]]);
}

#[test]
fn a_level_without_a_price_is_retail_and_members_pay_no_more() {
    let mut tea = product("tea", "10");
    let told = |tea: &Product, level, tax| {
        let (level, price) = at_level(tea, level, tax);
        format!("{} {price}", level.name())
    };
    let (included, added) = (WholesaleTax::Included, WholesaleTax::Added);
    assert_eq!(told(&tea, Level::Member, included), "retail 10");
    (tea.member_price, tea.wholesale_price) =
        (Some("9".parse().unwrap()), Some("7.5".parse().unwrap()));
    tea.tax_rate = TaxRate::from_basis_points(1_300).unwrap();
    assert_eq!(told(&tea, Level::Member, included), "member 9");
    assert_eq!(told(&tea, Level::Wholesale, included), "wholesale 7.5");
    assert_eq!(told(&tea, Level::Wholesale, added), "wholesale 8.475");
    tea.price = "8.5".parse().unwrap();
    assert_eq!(told(&tea, Level::Member, included), "retail 8.5", "retail goods are on offer");
    let floor = Basket { level: Level::Floor, ..basket(vec![line(&tea, "1")]) };
    assert_eq!(price(&floor, [], place(&shop())), Err(BasketError::NoLevel));
}

#[test]
fn a_promotion_is_for_its_levels() {
    let tea = product("tea", "10");
    let for_members = [promotion("P1", "percent:10", &[(Field::Levels, "member")])];
    let retail = basket(vec![line(&tea, "1")]);
    assert_eq!(totals(&retail, &for_members), ["10"]);
    let member = Basket { level: Level::Member, ..retail };
    assert_eq!(totals(&member, &for_members), ["9"], "though it is at the retail price");
}

#[test]
fn people_may_take_off_as_much_as_they_may() {
    let tea = product("tea", "10");
    let half = [promotion("P1", "percent:50", &[])];
    let quote = |line_off: &str, basket_off: &str| {
        let line = Line { off: line_off.parse().unwrap(), ..line(&tea, "1") };
        let basket = Basket { off: basket_off.parse().unwrap(), ..basket(vec![line]) };
        price(&basket, &half, place(&shop())).unwrap()
    };
    let share = |text: &str| Some(text.parse().unwrap());
    let limits = Discounts { line_max: share("10"), basket_max: share("5") };
    // Of the 5 that the promotion leaves.
    assert_eq!(limits.allow(&quote("0.50", "0.22")), Ok(()));
    assert_eq!(limits.allow(&quote("10%", "5%")), Ok(()));
    let told = limits.allow(&quote("0.51", "0"));
    assert!(matches!(told, Err(TooMuchOff::Line { line: 1, .. })), "{told:?}");
    let told = limits.allow(&quote("0.50", "0.24"));
    assert!(matches!(told, Err(TooMuchOff::Basket { .. })), "{told:?}");
    assert_eq!(Discounts::default().allow(&quote("5", "0")), Ok(()));
}
