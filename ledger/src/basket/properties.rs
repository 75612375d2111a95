//! What holds for every basket and every set of promotions.

use proptest::prelude::*;

use super::tests::{place, product, promotion, shop};
use super::*;
use crate::promotion::Field;

const DEALS: [&str; 12] = [
    "percent:15",
    "percent:100",
    "each:1.30",
    "total:7.77",
    "buy:2+1",
    "buy:1+3",
    "second:33.33",
    "bundle:3=10",
    "bundle:2=0.01",
    "set:4.20",
    "clearance-date:0=5,3=45",
    "clearance-stock:10=25",
];

const GOODS: [&str; 4] = ["A;B", "B;C", "A;C;D", "A;B;C;D"];

const STACKINGS: [&str; 3] = ["exclusive", "with:a", "with:b"];

fn products() -> impl Strategy<Value = Vec<Product>> {
    let one = (1..3_000_i64, prop::option::of(0..3_500_i64), prop::option::of(1..3_000_i64));
    prop::collection::vec(one, 4).prop_map(|prices| {
        let money = |coins: i64| Money::from_ten_thousandths(coins * 100).unwrap();
        let named = ["A", "B", "C", "D"].into_iter().zip(prices);
        let product = |(sku, (price, floor, member)): (_, (i64, Option<i64>, Option<i64>))| {
            let mut product = product(sku, "1");
            product.price = money(price);
            (product.floor_price, product.member_price) = (floor.map(money), member.map(money));
            product
        };
        named.map(product).collect()
    })
}

fn promotions() -> impl Strategy<Value = Vec<Promotion>> {
    let terms = (0..DEALS.len(), 0..GOODS.len(), 0..STACKINGS.len(), 0..3_u16);
    let bounds =
        (prop::option::of(1..4_u32), prop::option::of(1..8_u32), prop::option::of(1..60_u32));
    prop::collection::vec((terms, bounds), 0..7).prop_map(|all| {
        let one = |(number, (terms, bounds)): (usize, (_, _))| {
            let (deal, goods, stacking, priority): (usize, usize, usize, u16) = terms;
            let (limit, quantity, amount): (Option<u32>, Option<u32>, Option<u32>) = bounds;
            let text = |number: Option<u32>| number.map(|n| n.to_string()).unwrap_or_default();
            let (priority, limit) = (priority.to_string(), text(limit));
            let (quantity, amount) = (text(quantity), text(amount));
            let fields = [
                (Field::Skus, GOODS[goods]),
                (Field::Stacking, STACKINGS[stacking]),
                (Field::From, "2026-12-01"),
                (Field::Priority, &priority),
                (Field::Limit, &limit),
                (Field::MinQuantity, &quantity),
                (Field::MinAmount, &amount),
            ];
            promotion(&format!("P{number}"), DEALS[deal], &fields)
        };
        all.into_iter().enumerate().map(one).collect()
    })
}

/// Which product, and how many thousandths of it.
fn wanted() -> impl Strategy<Value = Vec<(usize, i64)>> {
    let quantity = prop_oneof![(1..6_i64).prop_map(|units| units * 1_000), 1..4_000_i64];
    prop::collection::vec((0..4_usize, quantity), 1..8)
}

fn of<'p>(wanted: &[(usize, i64)], products: &'p [Product], off: Off, level: Level) -> Basket<'p> {
    let line = |(which, quantity): &(usize, i64)| Line {
        quantity: Quantity::from_thousandths(*quantity).unwrap(),
        price: Price::Listed { product: &products[*which], stock_days: Some(30) },
        off: Off::NOTHING,
    };
    Basket { lines: wanted.iter().map(line).collect(), level, off }
}

fn level() -> impl Strategy<Value = Level> {
    prop_oneof![Just(Level::Retail), Just(Level::Member), Just(Level::Wholesale)]
}

fn rounding() -> impl Strategy<Value = Rounding> {
    prop_oneof![Just(Rounding::Coin), Just(Rounding::Tenth), Just(Rounding::One)]
}

fn share() -> impl Strategy<Value = Off> {
    (0..=10_000_u16).prop_map(|points| {
        Off::Share(crate::percent::Percent::from_basis_points(points).expect("it is at most all"))
    })
}

proptest! {
    #[test]
    fn parts_add_up_and_nothing_is_below_nothing_or_its_floor(
        products in products(), promotions in promotions(), wanted in wanted(),
        level in level(), rounding in rounding(), line_off in share(), off in share(),
    ) {
        let store = shop();
        let place = Place { rounding, ..place(&store) };
        let mut basket = of(&wanted, &products, off, level);
        basket.lines.iter_mut().for_each(|line| line.off = line_off);
        let quote = price(&basket, &promotions, place).unwrap();
        for (line, (which, quantity)) in quote.lines.iter().zip(&wanted) {
            let quantity = Quantity::from_thousandths(*quantity).unwrap();
            let gross = line.list_price.times(quantity).unwrap().to_coins();
            prop_assert_eq!(gross.minus(line.discount).unwrap(), line.total);
            prop_assert!(!line.total.is_negative());
            let named = Money::sum(line.priced.reductions.iter().map(|r| r.amount)).unwrap();
            prop_assert_eq!(named.plus(line.by_hand).unwrap(), line.discount);
            prop_assert!(line.priced.reductions.iter().all(|r| r.amount.is_positive()));
            let floor = products[*which].floor_price.unwrap_or_default().times(quantity).unwrap();
            prop_assert!(line.promoted >= floor || line.promoted == gross);
        }
        let total = quote.total().unwrap().ten_thousandths();
        prop_assert_eq!(i128::from(total) % rounding.step(), 0);
    }

    #[test]
    fn the_total_knows_no_order_of_lines_and_promotions(
        products in products(),
        (promotions, shuffled) in promotions().prop_flat_map(|p| (Just(p.clone()), Just(p).prop_shuffle())),
        (wanted, moved) in wanted().prop_flat_map(|w| (Just(w.clone()), Just(w).prop_shuffle())),
        level in level(), rounding in rounding(), off in share(),
    ) {
        let store = shop();
        let place = Place { rounding, ..place(&store) };
        let total = |wanted: &[(usize, i64)], promotions: &[Promotion]| {
            price(&of(wanted, &products, off, level), promotions, place).unwrap().total().unwrap()
        };
        let first = price(&of(&wanted, &products, off, level), &promotions, place).unwrap();
        let again = price(&of(&wanted, &products, off, level), &shuffled, place).unwrap();
        prop_assert_eq!(&first, &again);
        prop_assert_eq!(total(&moved, &shuffled), first.total().unwrap());
    }

    #[test]
    fn goods_cost_the_same_on_one_line_as_on_many(
        products in products(), promotions in promotions(),
        units in prop::collection::vec((0..4_usize, 1..6_i64), 1..6), level in level(),
    ) {
        let whole: Vec<(usize, i64)> = units.iter().map(|(which, n)| (*which, n * 1_000)).collect();
        let split: Vec<(usize, i64)> =
            units.iter().flat_map(|(which, n)| (0..*n).map(|_| (*which, 1_000))).collect();
        let store = shop();
        let total = |wanted: &[(usize, i64)]| {
            let basket = of(wanted, &products, Off::NOTHING, level);
            price(&basket, &promotions, place(&store)).unwrap().total().unwrap()
        };
        prop_assert_eq!(total(&whole), total(&split));
    }

    #[test]
    fn a_promotion_alone_never_makes_a_basket_dearer(
        products in products(), promotions in promotions(), wanted in wanted(), level in level(),
    ) {
        let store = shop();
        let total = |promotions: &[Promotion]| {
            let basket = of(&wanted, &products, Off::NOTHING, level);
            price(&basket, promotions, place(&store)).unwrap().total().unwrap()
        };
        let plain = total(&[]);
        for promotion in &promotions {
            prop_assert!(total(std::slice::from_ref(promotion)) <= plain);
        }
    }
}
