//! What the chain sells: families of products in flavours and packs, made into items.

mod shelf;

use ledger::amount::{Money, Quantity, TaxRate};
use ledger::catalog::{Product, SoldBy};
use ledger::id::Sku;
use ledger::time::BusinessDate;

use super::barcode;
use super::dice::Dice;
use super::rhythm;

pub(super) use shelf::Category;
use shelf::{Family, SHELVES};

/// GS1 China's prefixes are 690 to 699.
const GS1_CHINA_FIRST_PREFIX: u64 = 690;

/// The most popular product weighs this much against [`RANK_OFFSET`].
const TOP_WEIGHT: u64 = 1_000_000;

/// Popularity falls with 1 / (rank + this): Zipf's law with a blunted top, so that the bestseller
/// takes a few percent of all lines as in a shop, not a tenth as in a book's words.
const RANK_OFFSET: u64 = 8;

/// Below this price, cheaper is hardly better.
const PRICE_DAMPING_FEN: u64 = 400;

/// A product with what only the generator knows about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The product as head office knows it.
    pub product: Product,
    /// What one unit costs to buy, before it drifts.
    pub cost: Money,
    /// How often it is bought, against the others.
    pub popularity: u64,
    pub(super) category: Category,
}

impl Item {
    /// What one unit costs on a day: suppliers move their prices by up to 4 % from week to week.
    pub fn cost_on(&self, seed: u64, date: BusinessDate) -> Money {
        let week = (rhythm::day_number(date) / 7).cast_unsigned();
        let mut dice = Dice::new(seed, &[label(self.product.sku.as_str()), week]);
        let permille = i64::try_from(dice.between(960, 1_040)).unwrap_or(1_000);
        let moved = self.cost.ten_thousandths() * permille / 1_000;
        // Invoices are in coins, and no price drifts down to nothing.
        money(moved / 100).max(money(1))
    }

    /// Whether it goes over the scales.
    pub fn is_weighed(&self) -> bool {
        self.product.sold_by == SoldBy::Weight
    }

    /// The barcode on a bag of this much of it, if it is weighed.
    pub fn weighed_label(&self, weight: Quantity) -> Option<String> {
        let article = self.product.sku.as_str().parse().ok()?;
        self.is_weighed().then(|| barcode::weighed(article, weight))
    }
}

/// A label for [`Dice`] from a text (FNV-1a).
pub(super) fn label(text: &str) -> u64 {
    let step = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}

/// An amount of so many fen (0.01).
pub(super) fn money(fen: i64) -> Money {
    Money::from_ten_thousandths(fen * 100).expect("the chain's amounts are far below the limit")
}

/// Every item, by SKU.
pub(super) fn make(seed: u64) -> Vec<Item> {
    let mut dice = Dice::new(seed, &[label("products")]);
    let mut items = Vec::new();
    for (shelf, category) in (10_u64..).zip(Category::ALL) {
        let families = SHELVES.iter().filter(|(on, _)| *on == category);
        let variants = families.flat_map(|(_, families)| families.iter()).flat_map(variants);
        for (number, variant) in (1_u64..).zip(variants) {
            items.push(item(&mut dice, category, shelf * 1_000 + number, &variant));
        }
    }
    rank(&mut dice, &mut items);
    items
}

/// Decides what people like: luck, but rather cheap things than dear ones, and rather a drink
/// than an umbrella.
fn rank(dice: &mut Dice, items: &mut [Item]) {
    let liking = |item: &Item| {
        let price_fen = item.product.price.ten_thousandths().unsigned_abs() / 100;
        dice.between(1, 1_000) * item.category.everyday() * 10_000 / (price_fen + PRICE_DAMPING_FEN)
    };
    let likings: Vec<u64> = items.iter().map(liking).collect();
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(likings[*at]));
    for (rank, at) in (0..).zip(order) {
        items[at].popularity = TOP_WEIGHT / (rank + RANK_OFFSET);
    }
}

/// One product of a family.
struct Variant {
    family: &'static Family,
    name_zh: String,
    name_en: String,
    price_fen: i64,
}

fn variants(family: &'static Family) -> impl Iterator<Item = Variant> {
    let each =
        family.packs.iter().flat_map(|pack| family.kinds.iter().map(move |kind| (pack, kind)));
    each.map(move |((pack_zh, pack_en, price_fen), (kind_zh, kind_en))| {
        let joined = |parts: [&str; 2], between: &str| {
            let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            parts.join(between)
        };
        let name_zh = joined([&format!("{kind_zh}{}", family.zh), pack_zh], " ");
        let name_en = joined([&joined([family.en, kind_en], ", "), pack_en], " ");
        Variant { family, name_zh, name_en, price_fen: *price_fen }
    })
}

fn item(dice: &mut Dice, category: Category, number: u64, variant: &Variant) -> Item {
    let Variant { family, name_zh, name_en, price_fen } = variant;
    let weighed = family.unit == "kg";
    let barcode = if weighed {
        barcode::weighed(number, Quantity::ZERO)
    } else {
        // Nine digits of maker and article: the number keeps them apart, chance fills the rest.
        let prefix = GS1_CHINA_FIRST_PREFIX + dice.below(10);
        barcode::ean13((prefix * 10_000 + dice.below(10_000)) * 100_000 + number)
    };
    // Shops buy at the category's usual share of the shelf price, give or take.
    let share = category.cost_percent() + dice.below(7);
    let cost_fen = (price_fen * i64::try_from(share).unwrap_or(100) / 100).max(1);
    let tax = TaxRate::from_basis_points(family.tax_basis_points);
    Item {
        product: Product {
            barcode: Some(barcode.into()),
            name_zh: name_zh.as_str().into(),
            name_en: name_en.as_str().into(),
            unit: family.unit.into(),
            category: category.name().into(),
            price: money(*price_fen),
            tax_rate: tax.expect("the rates in the table are below 100 %"),
            sold_by: if weighed { SoldBy::Weight } else { SoldBy::Piece },
            ..Product::named_after(Sku::new(&number.to_string()).expect("digits make a SKU"))
        },
        cost: money(cost_fen),
        popularity: 0,
        category,
    }
}
