//! What goes into a basket, and at what price.

use ledger::amount::{Money, Quantity};
use ledger::command::SaleLine;
use ledger::fact::Priced;

use super::dice::Dice;
use super::products::{Category, Item, money};
use super::stores::Neighbourhood;

/// Baskets of 1, 2, 3 … lines, in a thousand: most people come for one thing.
const BASKET_SIZES: [u64; 12] = [362, 268, 158, 86, 49, 29, 18, 12, 8, 5, 3, 2];

/// Lines with 1, 2, 3 … pieces, in a thousand.
const PIECES: [u64; 6] = [842, 108, 26, 12, 4, 8];

/// Promotions take 10, 20 or 30 % off: so often each, in a thousand lines.
const PROMOTIONS: [(u64, i64); 3] = [(40, 10), (25, 20), (10, 30)];

/// From this hour, fresh goods go at half price, three times out of four.
const MARKDOWN_HOUR: u64 = 20;
const MARKDOWN_PERMILLE: u64 = 750;
const MARKDOWN_PERCENT: i64 = 50;

/// Parts of the day with tastes of their own.
const DAY_PARTS: usize = 4;

/// Which items are bought where and when.
#[derive(Debug, Clone)]
pub(super) struct Demand {
    /// By neighbourhood and part of the day: running sums over the items.
    sums: [[Vec<u64>; DAY_PARTS]; 4],
}

impl Demand {
    pub(super) fn of(items: &[Item]) -> Self {
        let sums = |place: usize, part: usize| {
            let weight = |item: &Item| {
                item.popularity * by_part(item.category)[part] * by_place(item.category)[place]
            };
            let add = |sum: &mut u64, item: &Item| {
                *sum += weight(item);
                Some(*sum)
            };
            items.iter().scan(0, add).collect()
        };
        let place = |place| std::array::from_fn(|part| sums(place, part));
        Self { sums: std::array::from_fn(place) }
    }

    fn pick(&self, dice: &mut Dice, place: Neighbourhood, hour: u64) -> usize {
        let sums = &self.sums[place as usize][part_of_day(hour)];
        let drawn = dice.below(sums.last().copied().unwrap_or(0));
        sums.partition_point(|sum| *sum <= drawn)
    }

    /// An item's share of all lines at a place, in millionths, over the parts of a day alike.
    pub(super) fn share(&self, place: Neighbourhood, item: usize) -> u64 {
        let share = |sums: &Vec<u64>| {
            let before = item.checked_sub(1).map_or(0, |at| sums[at]);
            (sums[item] - before) * 1_000_000 / sums.last().copied().unwrap_or(1).max(1)
        };
        self.sums[place as usize].iter().map(share).sum::<u64>() / DAY_PARTS as u64
    }
}

/// A basket as it is rung up at an hour; no SKU twice.
pub(super) fn fill(
    dice: &mut Dice,
    demand: &Demand,
    items: &[Item],
    (place, hour): (Neighbourhood, u64),
) -> Vec<SaleLine> {
    let size = dice.weighted(&BASKET_SIZES) + 1;
    let mut chosen: Vec<usize> = Vec::with_capacity(size);
    for _ in 0..size {
        let item = demand.pick(dice, place, hour);
        if !chosen.contains(&item) {
            chosen.push(item);
        }
    }
    chosen.into_iter().map(|at| line(dice, &items[at], hour)).collect()
}

fn line(dice: &mut Dice, item: &Item, hour: u64) -> SaleLine {
    let quantity = if item.is_weighed() { weight(dice, item.category) } else { pieces(dice) };
    let gross = gross(item.product.price, quantity);
    let percent = if item.category.is_fresh() && hour >= MARKDOWN_HOUR {
        if dice.chance(MARKDOWN_PERMILLE) { MARKDOWN_PERCENT } else { 0 }
    } else {
        promotion(dice)
    };
    let fen = gross.ten_thousandths() / 100;
    SaleLine {
        sku: item.product.sku.clone(),
        quantity,
        list_price: item.product.price,
        discount: money(fen * percent / 100),
        tax_rate: item.product.tax_rate,
        priced: Priced::default(),
    }
}

/// Price × quantity, to the coin.
pub(super) fn gross(price: Money, quantity: Quantity) -> Money {
    price.times(quantity).map(Money::to_coins).expect("a basket is far below the limit")
}

/// What a line costs the customer.
pub(super) fn line_total(line: &SaleLine) -> Money {
    gross(line.list_price, line.quantity)
        .minus(line.discount)
        .expect("a discount is a part of the price")
}

fn pieces(dice: &mut Dice) -> Quantity {
    thousandths(1_000 * (dice.weighted(&PIECES) as u64 + 1))
}

/// What people put on the scales, in grams: a handful of cold cuts, a bag of fruit.
fn weight(dice: &mut Dice, category: Category) -> Quantity {
    let (least, most) = match category {
        Category::HotFood => (90, 420),
        Category::Vegetables => (180, 950),
        _ => (250, 1_600),
    };
    thousandths((dice.between(least, most) + dice.between(least, most)) / 2)
}

pub(super) fn thousandths(n: u64) -> Quantity {
    let n = i64::try_from(n).expect("a shop's quantities are small");
    Quantity::from_thousandths(n).expect("a shop's quantities are far below the limit")
}

fn promotion(dice: &mut Dice) -> i64 {
    let mut drawn = dice.below(1_000);
    for (permille, percent) in PROMOTIONS {
        if drawn < permille {
            return percent;
        }
        drawn -= permille;
    }
    0
}

const fn part_of_day(hour: u64) -> usize {
    match hour {
        0..=10 => 0,
        11..=13 => 1,
        14..=17 => 2,
        _ => 3,
    }
}

/// How much a category is wanted in the morning, at noon, in the afternoon, in the evening.
const fn by_part(category: Category) -> [u64; DAY_PARTS] {
    match category {
        Category::Bakery => [22, 10, 10, 10],
        Category::HotFood => [26, 24, 9, 12],
        Category::Dairy => [18, 8, 8, 12],
        Category::Drinks => [10, 14, 18, 14],
        Category::Snacks => [5, 8, 14, 14],
        Category::IceCream => [2, 9, 14, 10],
        Category::Alcohol => [1, 4, 5, 18],
        Category::Fruit | Category::Vegetables => [7, 5, 9, 14],
        Category::Instant => [5, 12, 7, 12],
        Category::Pantry | Category::Household | Category::Care => [4, 4, 6, 9],
        Category::Stationery => [8, 5, 7, 4],
    }
}

/// How much a category is wanted at flats, offices, schools, stations.
const fn by_place(category: Category) -> [u64; 4] {
    match category {
        Category::Fruit => [14, 7, 6, 4],
        Category::Vegetables | Category::Pantry => [16, 2, 1, 1],
        Category::Alcohol => [10, 4, 2, 8],
        Category::HotFood | Category::Bakery => [8, 16, 12, 14],
        Category::Stationery => [3, 6, 18, 2],
        Category::Snacks | Category::IceCream => [10, 8, 16, 12],
        Category::Drinks => [10, 13, 14, 16],
        Category::Household | Category::Care => [10, 6, 6, 7],
        Category::Dairy | Category::Instant => [10, 10, 12, 10],
    }
}
